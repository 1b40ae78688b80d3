"""Page "Today": the list at once, then the feed, the TL;DRs and the order, as they come."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.shared.page import links, notes
from apps.skimarxiv import models
from apps.skimarxiv.cards import cards, told_html
from apps.skimarxiv.filters import FACETS, counts
from apps.skimarxiv.state import PARAMETERS, day_of, listed, read_profile
from apps.skimarxiv.state import categories as checked
from apps.skimarxiv.view import View, of_batch, of_search, state_line

if TYPE_CHECKING:
    from core.literature.ranking.profile import Profile
    from core.literature.skim.refresh import Today

__all__ = ["OUTPUTS", "ListQuery", "left", "show"]

_log = logging.getLogger(__name__)
_LOOK = 0.25  # s between two looks at the feed's answer
BREATH = 0.4  # s before anything is weighed: the browser, often of this machine, draws first
_PATIENCE = 90.0  # s for the feed and the days that were missed
_FAILED = "This did not work, for a reason that the terminal tells; try another day or category."

OUTPUTS = ("note", "state", "list", "view", "told", "day", *FACETS, "profile", "query")
"""What :func:`show` yields values for, in this order."""

_turns: dict[str, int] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class ListQuery:
    """What a visitor wants to see.

    Attributes:
        categories: as they came.
        day: "" for the newest.
        query: searched for in the library, if there is one.
        sort: for the link.
        keep: remember the categories in the profile.
        watch: look at the feed too, and weigh what is missing.
    """

    categories: Any
    day: str = ""
    query: str = ""
    sort: str = "interest"
    keep: bool = False
    watch: bool = True


def _begin(visitor: str | None) -> int:
    with _lock:
        _turns[visitor or ""] = turn = _turns.get(visitor or "", 0) + 1
    return turn


def left(request: gr.Request) -> None:
    """Whoever closes the page wants no more of it."""
    with _lock:
        _turns.pop(request.session_hash or "", None)


def show(wish: ListQuery, stored: Any, visitor: str | None, note: str = "") -> Iterator[list[Any]]:
    """The list, growing; values for :data:`OUTPUTS`. A newer wish of the same visitor ends it."""
    turn = _begin(visitor)

    def over() -> bool:
        return _turns.get(visitor or "") != turn

    try:
        for step in _steps(wish, stored, over, note):
            if over():
                return
            yield _values(step)
    except ValueError as error:
        yield _values({"note": notes.error(str(error))})
    except Exception:
        _log.exception("the day could not be shown")
        yield _values({"note": notes.error(_FAILED)})


def _values(step: dict[str, Any]) -> list[Any]:
    return [step.get(name, gr.skip()) for name in OUTPUTS]


def _steps(
    wish: ListQuery, stored: Any, over: Callable[[], bool], note: str
) -> Iterator[dict[str, Any]]:
    profile, broken = read_profile(stored)
    said = notes.warning(" ".join(filter(None, [note, broken]))) if note or broken else ""
    chosen = checked(wish.categories or profile.categories)
    changed = bool(broken)
    if wish.keep and chosen != profile.categories:
        profile, changed = replace(profile, categories=chosen), True
    desk = models.skim_service()
    day = day_of(wish.day)
    view = _first(desk, wish, chosen, day, profile)
    newest = day is None and not wish.query
    fetch = desk.fetch(chosen) if newest and wish.watch else None
    waits = fetch is not None and not fetch.there
    today = fetch.today if fetch is not None else None
    if fetch is not None and today is not None:
        view = _newer(desk, view, today, profile) or view
    doing = "looking at arXiv for today's papers…" if waits else ""
    yield {
        **_drawn(desk, view, profile, chosen, wish), "note": said,
        "state": state_line(view, today, doing),
        **({"profile": profile.to_json()} if changed else {}),
    }
    if not wish.watch:
        return
    desk.warm()
    if waits and fetch is not None:
        waited = 0.0
        while not fetch.wait(_LOOK) and waited < _PATIENCE and not over():
            waited += _LOOK
        today = fetch.today
        newer = _newer(desk, view, today, profile) if today is not None else None
        if newer is not None:
            view = newer
            yield {**_drawn(desk, view, profile, chosen, wish),
                   "state": state_line(view, today)}
        elif today is None:
            sentence = "arXiv could not be asked now; what is here stays."
            yield {"state": state_line(view, None, sentence)}
        else:
            yield {"state": state_line(view, today)}
    shown = _Shown(view, today)
    yield from _filling(desk, shown, profile, over)
    if fetch is not None and not over():
        yield from _caught_up(desk, shown, profile, chosen, wish, fetch, over)


@dataclass
class _Shown:
    """What is on the page now."""

    view: View
    today: Today | None


def _caught_up(
    desk: models.SkimService,
    shown: _Shown,
    profile: Profile,
    chosen: Sequence[str],
    wish: ListQuery,
    fetch: models.Fetch,
    over: Callable[[], bool],
) -> Iterator[dict[str, Any]]:
    """The days that were missed; if there was nothing before, the newest of them is shown."""
    waited = 0.0
    while not fetch.wait_over(_LOOK) and waited < _PATIENCE and not over():
        waited += _LOOK
    if not fetch.caught_up:
        return
    if not shown.view.is_sample:
        yield {"day": _days(desk, shown.view, chosen)}
        return
    shown.view = of_batch(desk, desk.last(chosen), profile)
    yield {**_drawn(desk, shown.view, profile, chosen, wish),
           "state": state_line(shown.view, shown.today)}
    yield from _filling(desk, shown, profile, over)


def _first(
    desk: models.SkimService,
    wish: ListQuery,
    chosen: Sequence[str],
    day: date | None,
    profile: Profile,
) -> View:
    query = wish.query.strip()
    if query:
        return of_search(desk, query[:300], chosen, profile)
    if day is None:
        return of_batch(desk, desk.last(chosen), profile)
    batch = desk.day(day, chosen)
    if batch is None:
        raise ValueError(
            f"The library has nothing of {day:%-d %B %Y} in these categories; choose a day of the "
            "list."
        )
    return of_batch(desk, batch, profile)


def _newer(desk: models.SkimService, view: View, today: Today, profile: Profile) -> View | None:
    """The view of what the feed brought, if that is not what is shown already."""
    batch = today.batch
    if batch is None:
        return None
    same = not view.is_sample and batch.day == view.batch.day and (
        {(a.paper.id, a.version) for a in batch.announcements}
        == {(a.paper.id, a.version) for a in view.batch.announcements}
    )
    return None if same else of_batch(desk, batch, profile)


def _filling(
    desk: models.SkimService, shown: _Shown, profile: Profile, over: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """TL;DRs by chunks, and once the order by the meanings."""
    time.sleep(BREATH)
    items = [entry.announcement for entry in shown.view.entries]
    for event in desk.prepare(items, profile.has_interests, over):
        if event == "meanings":
            if _reordered(desk, shown, profile):
                yield {"list": cards(shown.view.entries, profile, shown.view.stamp),
                       "view": shown.view, "state": state_line(shown.view, shown.today)}
            continue
        told, all_ = desk.told(items), len(items)
        doing = f"TL;DRs: {len(told)} of {all_}" if len(told) < all_ else ""
        yield {"told": told_html(told), "state": state_line(shown.view, shown.today, doing)}
    yield {"state": state_line(shown.view, shown.today)}


def _reordered(desk: models.SkimService, shown: _Shown, profile: Profile) -> bool:
    """Order by the meanings that are in now; whether that is another order than before."""
    if not profile.has_interests or shown.view.query:
        return False
    newer = of_batch(desk, shown.view.batch, profile)
    before, after = ([e.announcement.paper.id for e in v.entries] for v in (shown.view, newer))
    if before == after and shown.view.ordered:
        return False
    shown.view = newer
    return True


def _drawn(
    desk: models.SkimService, view: View, profile: Profile, chosen: Sequence[str], wish: ListQuery
) -> dict[str, Any]:
    link_day = view.batch.day.isoformat() if wish.day and not view.query else ""
    values = (listed(chosen), link_day, view.query, wish.sort)
    return {
        "list": cards(view.entries, profile, view.stamp), "view": view,
        "day": _days(desk, view, chosen),
        **{facet: gr.Dropdown(value=[], allow_custom_value=True, choices=[(f"{name} ({n})", name)
                                                 for name, n in counts(view.entries, facet)])
           for facet in FACETS},
        "query": links.query("today", PARAMETERS, values),
    }


def _days(desk: models.SkimService, view: View, chosen: Sequence[str]) -> Any:
    """The days of the library, and which of them is shown."""
    days = desk.announcements.days(chosen)
    options = [(f"{day:%a %-d %b %Y} ({number})", day.isoformat()) for day, number in days]
    shown = None if view.query or view.is_sample else view.batch.day.isoformat()
    return gr.Dropdown(choices=options, value=shown, allow_custom_value=True)
