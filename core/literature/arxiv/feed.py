"""arXiv's daily feed: today's papers, or one sentence that says why there are none.

Nothing that arXiv does is an exception here: a weekend, a maintenance page and a broken line are
states of a :class:`FeedAnswer`.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

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
from core.literature.arxiv.rate_limit import (
    USER_AGENT,
    NoTurnError,
    pause,
    retry_after,
    wait_for_turn,
    within,
)
from core.settings import get_settings

if TYPE_CHECKING:
    import httpx

__all__ = ["FeedAnswer", "State", "checked_categories", "fetch_feed", "looks_like_category"]

_CATEGORY = re.compile(r"[a-z]{1,12}(-[a-z]{1,12})?(\.([A-Z]{2}|[a-z]{2,8}(-[a-z]{2,8})?))?")
_MOST_CATEGORIES = 20
_MOST_BYTES = 32_000_000
_TRIES = 3
_ONE_TRY = 8.0
_PAUSE = 60.0
_TRIED_AGAIN = ("timeout", "server error", "truncated")


def looks_like_category(text: str) -> bool:
    """Whether a text has the form of arXiv's categories, as "astro-ph.CO", "gr-qc" and "math"."""
    return bool(_CATEGORY.fullmatch(text))


def checked_categories(categories: Sequence[str]) -> tuple[str, ...]:
    """The categories, each once.

    Raises:
        ValueError: for none, for more than twenty, or for something that is no category.
    """
    if isinstance(categories, str) or not 1 <= len(categories) <= _MOST_CATEGORIES:
        raise ValueError(f"Give a list of 1 to {_MOST_CATEGORIES} arXiv categories.")
    for category in categories:
        if not looks_like_category(category):
            raise ValueError(f"{category[:40]!r} is no arXiv category; one is astro-ph.CO.")
    return tuple(dict.fromkeys(categories))


def fetch_feed(
    categories: Sequence[str],
    *,
    known: Collection[tuple[str, int]] = (),
    now: datetime | None = None,
    patience: float = 20.0,
    cancelled: Callable[[], bool] | None = None,
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
    deadline = time.monotonic() + patience
    try:
        found = _fetch(asked, today, deadline, cancelled)
    except TroubleError as error:
        return trouble(error, asked)
    if not found:
        return no_papers(today, asked)
    return judged(Batch(found[0].day, asked, found, "feed", moment), set(known), today)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(NEW_YORK)
    return now if now.tzinfo else now.replace(tzinfo=NEW_YORK)


def _fetch(
    categories: Sequence[str], today: date, deadline: float,
    cancelled: Callable[[], bool] | None,
) -> tuple[Announcement, ...]:
    """Ask, and ask again where that may help, until the deadline."""
    last: TroubleError | None = None
    for _ in range(_TRIES):
        try:
            return _try(categories, today, deadline, cancelled)
        except NoTurnError as error:
            raise last or TroubleError("busy", error.seconds) from error
        except TroubleError as error:
            waits = error.state == "busy" and 0 < error.seconds < deadline - time.monotonic()
            stopped = cancelled is not None and cancelled()
            if stopped or not (waits or error.state in _TRIED_AGAIN):
                raise
            last = error
    raise last or TroubleError("timeout")


def _try(
    categories: Sequence[str], today: date, deadline: float,
    cancelled: Callable[[], bool] | None,
) -> tuple[Announcement, ...]:
    """One request in its turn."""
    wait_for_turn(max(deadline - time.monotonic(), 0.0), cancelled)
    left = min(deadline - time.monotonic(), _ONE_TRY)
    if left <= 0 or (cancelled is not None and cancelled()):
        raise TroubleError("timeout")
    address = f"{get_settings().arxiv_feed.rstrip('/')}/{'+'.join(categories)}"
    try:
        body = within(left, lambda: _get(address, left), cancelled)
        return read_feed(body, today)
    except TimeoutError as error:
        raise TroubleError("timeout") from error
    except BrokenFeedError as error:
        if error.state == "busy":
            pause(_PAUSE)
        raise TroubleError(error.state, _PAUSE if error.state == "busy" else 0.0) from error


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Made once, since it takes a twentieth of a second."""
    import httpx

    return httpx.create_ssl_context()


def _get(address: str, seconds: float) -> bytes:
    """The body of a good answer, at most so many bytes and seconds."""
    import httpx

    end = time.monotonic() + seconds
    headers = {"User-Agent": USER_AGENT, "Accept": "application/atom+xml"}
    client = httpx.Client(
        headers=headers, timeout=seconds, follow_redirects=True, max_redirects=3,
        verify=_certificates(),
    )
    try:
        with client, client.stream("GET", address) as response:
            _check(response)
            return _body(response, end)
    except httpx.TimeoutException as error:
        raise TroubleError("timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise TroubleError("offline") from error


def _body(response: httpx.Response, end: float) -> bytes:
    import httpx

    body = bytearray()
    try:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise TroubleError("not a feed")
            if time.monotonic() > end:
                raise TroubleError("timeout")
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
        raise TroubleError("truncated") from error
    return bytes(body)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    seconds = retry_after(response.headers.get("Retry-After", ""))
    if status == 429 or (status == 503 and seconds is not None):
        asked = _PAUSE if seconds is None else seconds
        pause(asked)
        raise TroubleError("busy", asked)
    if status >= 500:
        raise TroubleError("server error")
    raise TroubleError("bad category" if status == 400 else "refused")
