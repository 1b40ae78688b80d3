"""arXiv's daily feed: today's papers, or one sentence that says why there are none.

Nothing that arXiv does is an exception here: a weekend, a maintenance page and a broken line are
states of a :class:`FeedAnswer`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.atom import BrokenFeedError, FeedReading, merged, read_feed
from core.literature.arxiv.by_category import Known, judged
from core.literature.arxiv.calendar import NEW_YORK, arxiv_today
from core.literature.arxiv.fetch_result import (
    FeedAnswer,
    State,
    TroubleError,
    no_papers,
    trouble,
)
from core.literature.arxiv.http import PAUSE, Cancelled, fetch, with_retry
from core.literature.arxiv.ids import checked_categories
from core.literature.arxiv.rate_limit import pause
from core.settings import get_settings

__all__ = ["FeedAnswer", "State", "fetch_feed"]

_ONE_TRY, _EACH = 8.0, 7.0
_MAY_BE_OF_ONE = ("bad category", "server error", "refused")


def fetch_feed(
    categories: Sequence[str],
    *,
    known: Known = (),
    now: datetime | None = None,
    patience: float = 20.0,
    cancelled: Cancelled | None = None,
) -> FeedAnswer:
    """Today's announcements in some categories.

    Args:
        categories: of arXiv.
        known: (arXiv id, version) of the batch of an earlier day, by category; what of them the
            feed brings again is stale. Leave out the batch of today.
        now: by default this moment; without a zone it is a time of New York.
        patience: seconds for waiting, reading and trying again together.
        cancelled: asked ten times a second; true ends the work soon, as a time-out.

    Raises:
        ValueError: for something that is no category. Nothing else is raised.
    """
    asked = checked_categories(categories)
    moment = _moment(now)
    today = arxiv_today(moment)
    look = _Look(today, time.monotonic() + patience, cancelled)
    try:
        reading = look.at(asked)
    except TroubleError as error:
        readings, troubles = look.at_each(asked, error)
    else:
        readings, troubles = {name: reading for name in asked[:1]}, {}
    if not readings:
        return trouble(look.last or TroubleError("timeout"), asked)
    found = merged(item for one in readings.values() for item in one.announcements)
    lost = [id for one in readings.values() for id in one.lost]
    if not found and not lost and not troubles:
        return no_papers(today, asked)
    if not found:
        return trouble(look.last or TroubleError("truncated"), asked)
    day = max(one.day for one in readings.values() if one.announcements)
    return judged(
        Batch(day, asked, found, "feed", moment), known, today, troubles=troubles, lost=lost,
        is_cut=any(one.is_cut for one in readings.values()),
    )


@dataclass
class _Look:
    """Requests for one look at the feed.

    Attributes:
        today: in arXiv's time zone.
        until: when all has to be over, of ``time.monotonic``.
        cancelled: ends it.
        last: what went wrong last.
    """

    today: date
    until: float
    cancelled: Cancelled | None
    last: TroubleError | None = None
    broken_off: FeedReading | None = None

    def at(self, categories: Sequence[str]) -> FeedReading:
        """The feed of all of them; one that breaks off each time is better than none.

        Raises:
            TroubleError: if there is nothing to read.
        """
        self.broken_off = None
        try:
            return with_retry(lambda: self._once(categories), self.until, self.cancelled)
        except TroubleError as error:
            self.last = error
            if error.state == "truncated" and self.broken_off is not None:
                return self.broken_off
            raise

    def at_each(
        self, categories: Sequence[str], error: TroubleError
    ) -> tuple[dict[str, FeedReading], dict[str, State]]:
        """The feeds one by one, where one may have spoiled the feed of all; and what is wrong with
        the others. Two that fail after each other, and none before, are not one category's fault.
        """
        readings: dict[str, FeedReading] = {}
        troubles: dict[str, State] = {}
        if len(categories) == 1 or error.state not in _MAY_BE_OF_ONE:
            return {}, {}
        self.until += len(categories) * _EACH
        for name in categories:
            if "busy" in troubles.values() or (not readings and len(troubles) == 2):
                troubles[name] = list(troubles.values())[-1]
                continue
            try:
                readings[name] = self._once([name])
            except TroubleError as found:
                troubles[name] = found.state
        return readings, troubles

    def _once(self, categories: Sequence[str]) -> FeedReading:
        reading = _asked_once(categories, self.today, self.until, self.cancelled)
        if reading.is_cut:
            self.broken_off = reading
            raise TroubleError("truncated")
        return reading


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(NEW_YORK)
    return now if now.tzinfo else now.replace(tzinfo=NEW_YORK)


def _asked_once(
    categories: Sequence[str], today: date, until: float, cancelled: Cancelled | None
) -> FeedReading:
    """One request in its turn."""
    address = f"{get_settings().arxiv_feed.rstrip('/')}/{'+'.join(categories)}"
    body = fetch(
        address, until=until, wait=until - time.monotonic(), seconds=_ONE_TRY,
        states={400: "bad category"}, unasked_pause=PAUSE, cancelled=cancelled,
    )
    try:
        return read_feed(body, today)
    except BrokenFeedError as error:
        if error.state == "busy":
            pause(PAUSE)
        raise TroubleError(error.state, PAUSE if error.state == "busy" else 0.0) from error
