"""arXiv's daily feed: today's papers, or one sentence that says why there are none.

Nothing that arXiv does is an exception here: a weekend, a maintenance page and a broken line are
states of a :class:`FeedAnswer`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date, datetime

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.arxiv.atom import BrokenFeedError, read_feed
from core.literature.arxiv.calendar import NEW_YORK, arxiv_today
from core.literature.arxiv.fetch_result import (
    FeedAnswer,
    State,
    TroubleError,
    judged,
    no_papers,
    trouble,
)
from core.literature.arxiv.http import PAUSE, Cancelled, fetch, with_retry
from core.literature.arxiv.ids import checked_categories
from core.literature.arxiv.rate_limit import pause
from core.settings import get_settings

__all__ = ["FeedAnswer", "State", "fetch_feed"]

_ONE_TRY = 8.0


def fetch_feed(
    categories: Sequence[str],
    *,
    known: Collection[tuple[str, int]] = (),
    now: datetime | None = None,
    patience: float = 20.0,
    cancelled: Cancelled | None = None,
) -> FeedAnswer:
    """Today's announcements in some categories.

    Args:
        categories: of arXiv.
        known: (arXiv id, version) of the batch of an earlier day; if the feed brings the same
            again, it is stale. Leave out the batch of today.
        now: by default this moment; without a zone it is a time of New York.
        patience: seconds for waiting, reading and trying again together.
        cancelled: asked ten times a second; true ends the work soon, as a time-out.

    Raises:
        ValueError: for something that is no category. Nothing else is raised.
    """
    asked = checked_categories(categories)
    moment = _moment(now)
    today = arxiv_today(moment)
    until = time.monotonic() + patience
    try:
        found = with_retry(
            lambda: _asked_once(asked, today, until, cancelled), until, cancelled
        )
    except TroubleError as error:
        return trouble(error, asked)
    if not found:
        return no_papers(today, asked)
    return judged(Batch(found[0].day, asked, found, "feed", moment), set(known), today)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(NEW_YORK)
    return now if now.tzinfo else now.replace(tzinfo=NEW_YORK)


def _asked_once(
    categories: Sequence[str], today: date, until: float, cancelled: Cancelled | None
) -> tuple[Announcement, ...]:
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
