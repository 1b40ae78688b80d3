"""Manners towards arXiv: one request in three seconds in this process, and pauses it asks for.

arXiv asks that its search, its feeds and its other interfaces together be used by one request in
three seconds (https://info.arxiv.org/help/api/tou.html).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import TypeVar

__all__ = [
    "SPACING", "USER_AGENT", "NoTurnError", "pause", "retry_after", "seconds_to_turn",
    "wait_for_turn", "within",
]

USER_AGENT = "CosmoDesk/1.0 (open-source apps for cosmologists; one request in three seconds)"
"""How this program names itself to arXiv."""

SPACING = 3.0
"""Seconds between two requests."""

_LONGEST_PAUSE = 3600.0
_SLICE = 0.1

_lock = threading.Lock()
_next = 0.0

T = TypeVar("T")


class NoTurnError(RuntimeError):
    """The next turn comes later than the caller would wait.

    Attributes:
        seconds: until that turn.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The next request to arXiv may be sent in {seconds:.0f} s.")
        self.seconds = seconds


def wait_for_turn(patience: float, cancelled: Callable[[], bool] | None = None) -> None:
    """Wait until this process may send its next request to arXiv, and take that turn.

    Args:
        patience: longest wait in seconds.
        cancelled: asked ten times a second; true ends the wait at once.

    Raises:
        NoTurnError: at once, if the turn would come later; no turn is then taken.
    """
    global _next
    with _lock:
        now = time.monotonic()
        turn = max(_next, now)
        if turn - now > patience:
            raise NoTurnError(turn - now)
        _next = turn + SPACING
    _sleep(turn - now, cancelled)


def _sleep(seconds: float, cancelled: Callable[[], bool] | None) -> None:
    if cancelled is None:
        time.sleep(seconds)
        return
    end = time.monotonic() + seconds
    while not cancelled() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, _SLICE))


def pause(seconds: float) -> None:
    """Send nothing for some seconds, as arXiv asked; at most an hour, whatever was asked."""
    global _next
    with _lock:
        _next = max(_next, time.monotonic() + min(max(seconds, 0.0), _LONGEST_PAUSE))


def seconds_to_turn() -> float:
    """Seconds until the next request may be sent, at least 0; long during a pause."""
    with _lock:
        return max(_next - time.monotonic(), 0.0)


def retry_after(text: str) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; None for anything else."""
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    left = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(left, 0.0)


def within(
    seconds: float, work: Callable[[], T], cancelled: Callable[[], bool] | None = None
) -> T:
    """The result of work that may hang, as name servers do.

    Args:
        seconds: longest wait.
        work: runs in a thread of its own, which is left behind if it takes longer.
        cancelled: asked ten times a second; true ends the wait.

    Raises:
        TimeoutError: if there is no result in time, or the wait was cancelled.
        Exception: what the work raised.
    """
    results: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            results.put((work(), None))
        except BaseException as error:
            results.put((None, error))

    threading.Thread(target=run, daemon=True, name="arxiv").start()
    result, error = _first(results, seconds, cancelled)
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


def _first(
    results: SimpleQueue[T], seconds: float, cancelled: Callable[[], bool] | None
) -> T:
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        try:
            return results.get(timeout=max(left if cancelled is None else min(left, _SLICE), 0.0))
        except Empty:
            if left <= 0 or (cancelled is not None and cancelled()):
                raise TimeoutError("arXiv did not answer in time.") from None
