"""Page "Today": the list at once, then the feed, the TL;DRs and the order, as they come."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.shared.page import links, notes
from apps.shared.page.events import Values
from apps.skimarxiv.cards import cards, tldrs_html
from apps.skimarxiv.filters import FACETS, counts
from apps.skimarxiv.pages import days
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import PARAMETERS, day_of, read_categories, read_profile
from apps.skimarxiv.view import View, of_batch, of_search, state_line

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Batch
    from core.literature.skim.refresh import Today

__all__ = ["BREATH", "ListQuery", "left", "show"]

_log = logging.getLogger(__name__)
_LOOK = 0.25  # s between two looks at the feed's answer
BREATH = 0.4  # s before anything is computed: the browser, often of this machine, draws first
_LONGEST_WAIT = 90.0  # s for the feed and the days that were missed
_FAILED = "This did not work; see the server log, or try another day or category."

_FIRST = date(1991, 8, 14)
"""The first day of arXiv."""

_FETCH = "“Fetch this day”"

_latest: dict[str, int] = {}  # number of a visitor's last query
_lock = threading.Lock()


@dataclass(frozen=True)
class ListQuery:
    """What a visitor wants to see.

    Attributes:
        categories: as they came; none means those of the profile.
        day: "" for the newest.
        search: words to look for in the library, of all days.
        sort: for the link.
        keep: remember the categories in the profile.
        watch: look at the feed too, and compute what is missing.
        at_once: look at it now, even if the last look failed a moment ago.
        by_itself: nobody pressed for it; the page's own time had come.
    """

    categories: Any
    day: str = ""
    search: str = ""
    sort: str = "interest"
    keep: bool = False
    watch: bool = True
    at_once: bool = False
    by_itself: bool = False


def _begin(visitor: str | None) -> int:
    with _lock:
        _latest[visitor or ""] = number = _latest.get(visitor or "", 0) + 1
    return number


def left(request: gr.Request) -> None:
    """Whoever closes the page wants no more of it."""
    with _lock:
        _latest.pop(request.session_hash or "", None)


def show(query: ListQuery, stored: Any, visitor: str | None, note: str = "") -> Iterator[Values]:
    """The list, growing, until a newer query of the same visitor ends it.

    Args:
        query: what is wanted.
        stored: the profile, as the browser has it.
        visitor: the session of the browser.
        note: a sentence to show above the list.

    Yields:
        What changes of "note", "state", "list", "view", "tldrs", "day", the arrows "earlier" and
        "later", "profile", "link_query" and the choices of each facet; "embedded", the stamp of a
        list whose order by meaning can be had now: the page asks for it with the profile as it is
        then.
    """
    number = _begin(visitor)

    def over() -> bool:
        return _latest.get(visitor or "") != number

    try:
        for step in _Updates(query, stored, over, note).steps():
            if over():
                return
            yield step
    except _MissingDayError as error:
        offered = error.day if _FETCH in str(error) else None
        asked = {"categories": " ".join(error.categories), "day": error.day.isoformat(), "q": "",
                 "sort": query.sort}
        yield {"note": notes.error(str(error)),
               "link_query": links.query("today", PARAMETERS, asked),
               **days.offer(skim_service(), error.categories, offered)}
    except Exception as error:
        yield {"note": notes.failure(error, _FAILED, _log)}


class _MissingDayError(ValueError):
    """The library has nothing of a day."""

    def __init__(self, day: date, categories: tuple[str, ...]) -> None:
        super().__init__(f"{_why_missing(day)} Choose a day of the list.")
        self.day, self.categories = day, categories


def _why_missing(day: date) -> str:
    """Why the library has nothing of a day, and how to get it if it can be had."""
    from core.literature.arxiv.calendar import arxiv_today, is_holiday, is_weekend

    named, today = f"{day:%-d %B %Y}", arxiv_today(skim_service().now())
    if day > today:
        return f"{named} is still to come; today it is {today:%-d %B %Y}."
    if day < _FIRST:
        return f"{named} is before arXiv's first list, of {_FIRST:%B %Y}."
    if is_weekend(day) or is_holiday(day):
        return f"arXiv announced nothing on {named}: it was a weekend or a holiday."
    return (f"The library has nothing of {named} in these categories; "
            f"{_FETCH} under “Earlier days” asks arXiv's search for it.")


class _Updates:
    """One list and what changes in it.

    Args:
        query: what is wanted.
        stored: the profile, as the browser has it.
        over: whether nobody wants it any more.
        note: a sentence to show above the list.

    Raises:
        ValueError: one sentence, if there is nothing to show.
    """

    def __init__(self, query: ListQuery, stored: Any, over: Callable[[], bool], note: str) -> None:
        profile, broken = read_profile(stored)
        self.query, self.over = query, over
        self.warning = " ".join(filter(None, [note, broken]))
        self.categories = read_categories(query.categories or profile.categories)
        self.profile = replace(profile, categories=self.categories) if query.keep else profile
        self.profile_changed = bool(broken) or self.profile != profile
        self.service = skim_service()
        self.view = self._known()
        newest = day_of(query.day) is None and not query.search
        self.fetch = self.service.fetch(self.categories, at_once=query.at_once) if (
            newest and query.watch) else None
        self.today: Today | None = None

    def steps(self) -> Iterator[Values]:
        """What changes, as it comes."""
        waits = self.fetch is not None and not self.fetch.there
        self._take_feed()
        profile = {"profile": self.profile.to_json()} if self.profile_changed else {}
        doing = "looking at arXiv for today's papers…" if waits else ""
        note = notes.warning(self.warning) if self.warning else ""
        yield {**self._list(), **self._state(doing), **profile, "note": note}
        if not self.query.watch:
            return
        self.service.warm()
        if waits:
            yield self._from_feed()
        yield self._next()
        yield from self._filled()
        yield from self._caught_up()
        if self.fetch is not None and not self.over():
            yield self._next()

    def _next(self) -> Values:
        """When arXiv is asked again, if it failed, and which days could be fetched."""
        pressed = self.query.at_once and not self.query.by_itself
        return {**self._state(), **days.try_again(self.service, self.fetch, pressed),
                **days.offer(self.service, self.categories)}

    def _known(self) -> View:
        """What the library has of it, without waiting for anything."""
        search, day = self.query.search.strip(), day_of(self.query.day)
        if search:
            return of_search(self.service, search[:300], self.categories, self.profile)
        if day is None:
            return self._of(self.service.last(self.categories))
        batch = self.service.day(day, self.categories)
        if batch is None:
            raise _MissingDayError(day, self.categories)
        return self._of(batch)

    def _of(self, batch: Batch) -> View:
        return of_batch(self.service, batch, self.profile, categories=self.categories)

    def _take_feed(self) -> bool:
        """Take what the feed brought; whether that is another list than the one shown."""
        self.today = self.fetch.today if self.fetch is not None else None
        batch = self.today.batch if self.today is not None else None
        if batch is None:
            return False
        shown = self.view.batch
        same = not self.view.is_sample and batch.day == shown.day and (
            {(a.paper.id, a.version) for a in batch.announcements}
            == {(a.paper.id, a.version) for a in shown.announcements}
        )
        if not same:
            self.view = self._of(batch)
        return not same

    def _wait(self, arrived: Callable[[float], bool]) -> None:
        waited = 0.0
        while not arrived(_LOOK) and waited < _LONGEST_WAIT and not self.over():
            waited += _LOOK

    def _from_feed(self) -> Values:
        """The feed's answer, waited for."""
        if self.fetch is not None:
            self._wait(self.fetch.wait)
        if self._take_feed():
            return {**self._list(), **self._state()}
        failed = "arXiv could not be asked now; what is here stays." if self.today is None else ""
        return self._state(failed)

    def _filled(self) -> Iterator[Values]:
        """TL;DRs by chunks, and once the order by the embeddings."""
        time.sleep(BREATH)
        items = [entry.announcement for entry in self.view.entries]
        for event in self.service.prepare(items, self.profile.has_interests, self.over):
            if event == "tldr":
                found = self.service.tldrs(items)
                left = len(found) < len(items)
                doing = f"TL;DRs: {len(found)} of {len(items)}" if left else ""
                yield {"tldrs": tldrs_html(found), **self._state(doing)}
            elif self.profile.has_interests and not self.view.search:
                self.view = replace(self.view, ordered=True)
                yield {"embedded": self.view.stamp, **self._state()}
        yield self._state()

    def _caught_up(self) -> Iterator[Values]:
        """The days that were missed; if there was nothing before, the newest of them is shown."""
        if self.fetch is None or self.over():
            return
        self._wait(self.fetch.wait_over)
        if not self.fetch.caught_up:
            return
        if not self.view.is_sample:
            yield {"day": self._days(), **self._steps()}
            return
        self.view = self._of(self.service.last(self.categories))
        yield {**self._list(), **self._state()}
        yield from self._filled()

    def _state(self, doing: str = "") -> Values:
        return {"state": state_line(self.view, self.today, doing)}

    def _cards(self) -> str:
        return cards(self.view.entries, self.profile, self.view.stamp,
                     all_sample=self.view.is_sample)

    def _list(self) -> Values:
        """The list itself, the days and names to choose from, and its link."""
        view, query = self.view, self.query
        link_day = view.batch.day.isoformat() if query.day and not view.search else ""
        values = {"categories": " ".join(self.categories), "day": link_day, "q": view.search,
                  "sort": query.sort}
        return {
            "list": self._cards(), "view": view, "day": self._days(), **self._steps(),
            **{facet: _choices(view, facet) for facet in FACETS},
            "link_query": links.query("today", PARAMETERS, values),
        }

    def _steps(self) -> Values:
        """The arrows, off where there is no day to go to."""
        days = [day for day, _ in self.service.announcements.days(self.categories)]
        shown = self.view.batch.day
        a_day = shown in days and not self.view.search and not self.view.is_sample
        place = days.index(shown) if a_day else 0
        return {"earlier": gr.Button(interactive=place + 1 < len(days)),
                "later": gr.Button(interactive=place > 0)}

    def _days(self) -> gr.Dropdown:
        """The days of the library, and which of them is shown."""
        stored = self.service.announcements.days(self.categories)
        choices = [(f"{day:%a %-d %b %Y} ({number})", day.isoformat()) for day, number in stored]
        view = self.view
        shown = view.batch.day.isoformat()
        if view.search or view.is_sample:  # no day; what it is instead is the newest again
            choices, shown = [("All days" if view.search else "The sample", ""), *choices], ""
        return gr.Dropdown(choices=choices, value=shown, allow_custom_value=True)


def _choices(view: View, facet: str) -> gr.Dropdown:
    """Names of a facet with how many papers have them."""
    choices = [(f"{name} ({number})", name) for name, number in counts(view.entries, facet)]
    return gr.Dropdown(value=[], allow_custom_value=True, choices=choices)
