"""The one way to arXiv: a request in its turn, bounded in time and size, its pauses kept.

What comes instead of a good answer is a TroubleError of
:mod:`core.literature.arxiv.fetch_result`, with one of the named states.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from core.literature.arxiv.fetch_result import State, TroubleError
from core.literature.arxiv.rate_limit import (
    USER_AGENT,
    NoTurnError,
    pause,
    retry_after,
    wait_for_turn,
    within,
)

if TYPE_CHECKING:
    import httpx

__all__ = ["PAUSE", "Cancelled", "fetch", "with_retry"]

PAUSE = 60.0
"""Seconds to be silent where arXiv asks for a pause without saying how long."""

Cancelled = Callable[[], bool]
"""Asked ten times a second; true ends the work soon, as a time-out."""

_MOST_BYTES = 32_000_000
_TRIES = 3
_TRIED_AGAIN = ("timeout", "server error", "truncated")

T = TypeVar("T")


def fetch(
    address: str, *, until: float, wait: float, seconds: float,
    states: Mapping[int, State] | None = None, unasked_pause: float = 0.0,
    cancelled: Cancelled | None = None,
) -> bytes:
    """The body of a good answer, of at most 32 MB.

    Args:
        address: with its query.
        until: when all has to be over, of ``time.monotonic``.
        wait: longest wait for the turn, seconds.
        seconds: longest time for the request itself.
        states: what a status means here, beside those that mean the same everywhere.
        unasked_pause: seconds to be silent after a 429 that names none.
        cancelled: ends it.

    Raises:
        TroubleError: if there is none; a turn that comes too late is "busy" with the seconds to it.
    """
    try:
        wait_for_turn(min(wait, max(until - time.monotonic(), 0.0)), cancelled)
    except NoTurnError as error:
        raise TroubleError("busy", error.seconds) from error
    left = min(until - time.monotonic(), seconds)
    if left <= 0 or _is_true(cancelled):
        raise TroubleError("timeout")
    known = {429: "busy", **(states or {})}
    try:
        return within(left, lambda: _get(address, left, known, unasked_pause), cancelled)
    except TimeoutError as error:
        raise TroubleError("timeout") from error


def with_retry(work: Callable[[], T], until: float, cancelled: Cancelled | None = None) -> T:
    """The result of work that asks arXiv, which is tried three times where that may help.

    Args:
        work: raises TroubleError.
        until: as in :func:`fetch`; a pause that ends later is not waited for.
        cancelled: ends it.

    Raises:
        TroubleError: the last one, or the one before if the next turn comes too late.
    """
    last: TroubleError | None = None
    for _ in range(_TRIES):
        try:
            return work()
        except TroubleError as error:
            if isinstance(error.__cause__, NoTurnError) and last is not None:
                raise last from error
            waits = error.state == "busy" and 0 < error.seconds < until - time.monotonic()
            if _is_true(cancelled) or not (waits or error.state in _TRIED_AGAIN):
                raise
            last = error
    raise last or TroubleError("timeout")


def _is_true(cancelled: Cancelled | None) -> bool:
    return cancelled is not None and cancelled()


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Made once, since it takes a twentieth of a second."""
    import httpx

    return httpx.create_ssl_context()


def _get(
    address: str, seconds: float, states: Mapping[int, State], unasked_pause: float
) -> bytes:
    import httpx

    end = time.monotonic() + seconds
    headers = {"User-Agent": USER_AGENT, "Accept": "application/atom+xml"}
    client = httpx.Client(
        headers=headers, timeout=seconds, follow_redirects=True, max_redirects=3,
        verify=_certificates(),
    )
    try:
        with client, client.stream("GET", address) as response:
            if response.status_code != 200:
                raise _refusal(response, states, unasked_pause)
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


def _refusal(
    response: httpx.Response, states: Mapping[int, State], unasked_pause: float
) -> TroubleError:
    """What a status other than 200 means; a pause that is asked for begins at once."""
    status = response.status_code
    asked = retry_after(response.headers.get("Retry-After", ""))
    if status == 429 or (status == 503 and asked is not None):
        seconds = unasked_pause if asked is None else asked
        pause(seconds)
        return TroubleError("busy", seconds)
    if status in states:
        return TroubleError(states[status])
    return TroubleError("server error" if status >= 500 else "refused")
