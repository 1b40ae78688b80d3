"""The day's announcements: fetched, stored, and missed days fetched afterwards.

Where arXiv does not answer, the last good batch is what there is, and the sentence says so.

Example:
    >>> today = refresh(Announcements(Library.open()), ["astro-ph.CO", "gr-qc"])
    >>> today.sentence
    '52 papers on Monday 23 November 2026: 31 new, 9 cross-listed, 12 replaced.'
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.calendar import NEW_YORK, announcement_days, arxiv_today, in_words
from core.literature.arxiv.fetch_result import FeedAnswer, State
from core.literature.arxiv.ids import checked_categories
from core.literature.library.announcements import Announcements

__all__ = [
    "FetchBack", "FetchFeed", "Today", "catch_up_missed", "earlier_days", "fetch_day",
    "missed_days", "refresh",
]

_MONTHS_BACK = timedelta(days=92)
_INDEXED = timedelta(days=4)  # arXiv's search may lag behind by some days
_ANSWERED = ("fresh", "weekend", "holiday", "empty", "stale", "partial")


class FetchFeed(Protocol):
    """As :func:`core.literature.arxiv.feed.fetch_feed`."""

    def __call__(
        self, categories: Sequence[str], *, known: Mapping[str, set[tuple[str, int]]],
        now: datetime | None, cancelled: Callable[[], bool] | None,
    ) -> FeedAnswer:
        """Today's feed."""


class FetchBack(Protocol):
    """As :func:`core.literature.arxiv.backfill.fetch_back_issue`."""

    def __call__(
        self, day: date, categories: Sequence[str], *, cancelled: Callable[[], bool] | None
    ) -> FeedAnswer:
        """An earlier day's papers, about."""


@dataclass(frozen=True)
class Today:
    """What to show.

    Attributes:
        batch: today's, or the last good one; None if there never was any.
        state: how asking the feed ended.
        sentence: of which day the batch is, and why if that is not today.
        caught_up: earlier days that were missing and were fetched now, the oldest first.
        as_of: when the feed of all of these categories was last read with success.
    """

    batch: Batch | None
    state: State
    sentence: str
    caught_up: tuple[date, ...]
    as_of: datetime | None


def refresh(
    announcements: Announcements, categories: Sequence[str], *, now: datetime | None = None,
    catch_up: int = 10, cancelled: Callable[[], bool] | None = None,
    fetch: FetchFeed | None = None, fetch_back: FetchBack | None = None,
) -> Today:
    """Ask arXiv for today, keep what it says, and fetch the days that were missed.

    Args:
        announcements: where all is kept.
        categories: of arXiv.
        now: by default this moment; without a zone it is a time of New York.
        catch_up: most days that are fetched afterwards, some seconds each; those left over are
            fetched next time. With 0 the call ends as soon as the feed is there;
            :func:`catch_up_missed` does the rest.
        cancelled: asked between requests; once true, no more are sent.
        fetch, fetch_back: ask the feed and the search of arXiv.

    Raises:
        ValueError: for something that is no category. What arXiv does is never an exception.
    """
    categories, moment = checked_categories(categories), _moment(now)
    known = _known(announcements, categories, arxiv_today(moment))
    answer = (fetch or _fetch())(categories, known=known, now=moment, cancelled=cancelled)
    try:
        _keep(announcements, categories, answer, known, moment)
        caught: tuple[date, ...] = ()
        if answer.state in _ANSWERED and catch_up > 0:
            caught = catch_up_missed(
                announcements, categories, now=moment, most=catch_up, cancelled=cancelled,
                fetch_back=fetch_back,
            )
        return _today(announcements, categories, answer, caught)
    except sqlite3.Error as error:
        sentence = f"{answer.sentence} It could not be kept in the library ({error})."
        return Today(answer.batch, answer.state, sentence, (), None)


def catch_up_missed(
    announcements: Announcements, categories: Sequence[str], *, now: datetime | None = None,
    most: int = 10, cancelled: Callable[[], bool] | None = None,
    fetch_back: FetchBack | None = None,
) -> tuple[date, ...]:
    """Fetch days that were missed, the latest first, by arXiv's search; so they are approximate.

    Args:
        announcements, categories, now, cancelled, fetch_back: as for :func:`refresh`.
        most: how many days are fetched at most.

    Returns:
        The days that are in the library now, the oldest first; it ends at the first failure.
    """
    categories, moment = checked_categories(categories), _moment(now)
    back, done = fetch_back or _fetch_back(), []
    for day in missed_days(announcements, categories, now=moment)[:most]:
        if cancelled and cancelled():
            break
        wanted = _wanted(announcements, categories, day)
        answer = _fetched(announcements, day, wanted, back, moment, cancelled)
        if answer.batch is not None:
            done.append(day)
        elif answer.state not in _ANSWERED:
            break
    return tuple(sorted(done))


def fetch_day(
    announcements: Announcements, categories: Sequence[str], day: date, *,
    now: datetime | None = None, cancelled: Callable[[], bool] | None = None,
    fetch_back: FetchBack | None = None,
) -> FeedAnswer:
    """Fetch one earlier day, as far as it is missing, by arXiv's search; so it is approximate.

    Args:
        announcements, categories, now, cancelled, fetch_back: as for :func:`refresh`.
        day: before today.

    Returns:
        What arXiv answered; a batch of it is in the library already.
    """
    categories, moment = checked_categories(categories), _moment(now)
    wanted = announcements.missing(day, categories)
    if not wanted:
        return FeedAnswer("fresh", f"{in_words(day)} is here.")
    return _fetched(announcements, day, wanted, fetch_back or _fetch_back(), moment, cancelled)


def _fetched(
    announcements: Announcements, day: date, wanted: Sequence[str], back: FetchBack,
    moment: datetime, cancelled: Callable[[], bool] | None,
) -> FeedAnswer:
    answer = back(day, wanted, cancelled=cancelled)
    if answer.batch is not None:
        announcements.record(_without_known(announcements, answer.batch))
    elif answer.state in _ANSWERED and arxiv_today(moment) - day > _INDEXED:
        announcements.record(Batch(day, tuple(wanted), (), "search", moment))
    return answer


def earlier_days(
    announcements: Announcements, categories: Sequence[str], *, now: datetime | None = None,
    most: int = 22,
) -> list[date]:
    """The last days of announcements before today of which papers are missing, the latest first.

    Args:
        announcements, categories, now: as for :func:`refresh`.
        most: days of announcements that are looked at, 5 a week.
    """
    today = arxiv_today(_moment(now))
    days = announcement_days(today - _MONTHS_BACK, today - timedelta(days=1))[::-1][:most]
    return [day for day in days if announcements.missing(day, categories)]


def missed_days(
    announcements: Announcements, categories: Sequence[str], *, now: datetime | None = None
) -> list[date]:
    """Days before today whose papers are missing, the latest first, of the last three months.

    Those before a category was first fetched count as missing only where there is nothing at all:
    then the last day of announcements does.
    """
    today = arxiv_today(_moment(now))
    days = announcement_days(today - _MONTHS_BACK, today - timedelta(days=1))[::-1]
    if not any(announcements.begun(category) for category in categories):
        return days[:1]
    return [day for day in days if _wanted(announcements, categories, day)]


def _wanted(announcements: Announcements, categories: Sequence[str], day: date) -> list[str]:
    """Those of the categories whose papers of a day are missing."""
    begun = {category: announcements.begun(category) for category in categories}
    if not any(begun.values()):
        return list(categories)
    missing = announcements.missing(day, categories)
    return [name for name in missing if (first := begun[name]) is not None and first < day]


def _without_known(announcements: Announcements, batch: Batch) -> Batch:
    """Without papers that were new on another day: the search only guesses the day."""
    known = announcements.came_new([item.paper.id for item in batch.announcements])
    items = tuple(item for item in batch.announcements if item.paper.id not in known)
    return replace(batch, announcements=items)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(NEW_YORK)
    return now if now.tzinfo else now.replace(tzinfo=NEW_YORK)


def _fetch() -> FetchFeed:
    from core.literature.arxiv.feed import fetch_feed

    return fetch_feed


def _fetch_back() -> FetchBack:
    from core.literature.arxiv.backfill import fetch_back_issue

    return fetch_back_issue


def _known(
    announcements: Announcements, categories: Sequence[str], today: date
) -> dict[str, set[tuple[str, int]]]:
    """What the feed said of each category on its last day before today that is here."""
    found: dict[str, set[tuple[str, int]]] = {}
    for category in categories:
        for day in _days_before(announcements, [category], today):
            batch = announcements.batch(day, [category])
            if batch and batch.origin == "feed":
                found[category] = _ids(batch)
                break
    return found


def _days_before(
    announcements: Announcements, categories: Sequence[str], today: date
) -> Iterator[date]:
    return (day for day, _ in announcements.days(categories, 5) if day < today)


def _ids(batch: Batch) -> set[tuple[str, int]]:
    return {(item.paper.id, item.version) for item in batch.announcements}


def _keep(
    announcements: Announcements, categories: Sequence[str], answer: FeedAnswer,
    known: Mapping[str, set[tuple[str, int]]], moment: datetime,
) -> None:
    """Keep today's batch as far as it is whole, and stale ones of days that were missed."""
    batch = answer.batch
    if batch is not None and batch.categories:
        every = set().union(*known.values())
        missed = announcements.missing(batch.day, categories) and not _ids(batch) <= every
        if answer.state in ("fresh", "partial") or missed:
            announcements.record(batch, is_whole=not answer.is_cut)
    for late in answer.late:
        again = _ids(late) <= known.get(late.categories[0], set())
        if not again and announcements.missing(late.day, late.categories):
            announcements.record(late)
    if answer.state == "bad category":  # a stranger may make up any number of them
        return
    for category in categories:
        state = answer.by_category.get(category, answer.state)
        if state != "bad category":
            announcements.note_fetch([category], "truncated" if answer.is_cut else state, moment)


def _today(
    announcements: Announcements, categories: Sequence[str], answer: FeedAnswer,
    caught: tuple[date, ...],
) -> Today:
    fresh = answer.batch if answer.state in ("fresh", "partial") else None
    batch = announcements.batch(fresh.day, categories) if fresh else announcements.last(categories)
    if fresh and (batch is None or len(batch.announcements) < len(fresh.announcements)):
        batch = fresh  # it broke off, so that the day counts as missing
    sentence = answer.sentence
    if not fresh:
        sentence += f" {_which(batch, categories)}"
    return Today(batch, answer.state, sentence, caught, announcements.fetched(categories))


def _which(batch: Batch | None, categories: Sequence[str]) -> str:
    if batch is None:
        return "No earlier day is in the library yet."
    lacking = [category for category in categories if category not in batch.categories]
    without = f", without {', '.join(lacking)}" if lacking else ""
    about = "; they were found by arXiv's search, so the day is approximate"
    return (
        f"The papers shown are those of {in_words(batch.day)}{without}"
        f"{about if batch.origin == 'search' else ''}."
    )
