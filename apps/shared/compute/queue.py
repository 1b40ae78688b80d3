"""A fair queue before something that serves few at a time: first come, first served.

Gradio's own queue does the same, but only shows a number; a page that waits here can say in words
what it waits for and how long, and can be stopped while it waits. A request that needs several
turns joins at the end once: its later turns come before those of requests that arrived later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["FairQueue", "QueuePosition", "RequestTicket", "notify", "listener", "waiting_message"]

_NEWEST_WEIGHT = 0.3  # of the newest duration in the mean of its kind
_MOST_KINDS = 100  # whose durations are remembered

Listener = Callable[[str], None]


@dataclass
class RequestTicket:
    """A request that joins the queue, again and again.

    Attributes:
        arrived: when it first joined, of ``time.monotonic``.
    """

    arrived: float | None = None


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_request_ticket: ContextVar[RequestTicket | None] = ContextVar("ticket", default=None)


@contextmanager
def listener(listener: Listener | None, ticket: RequestTicket | None = None) -> Iterator[None]:
    """Within the block, :func:`notify` calls this one, and all turns are those of one request.

    Args:
        listener: takes a sentence about what is waited for; None for nobody.
        ticket: of a request that comes in several blocks; one of its own by default.
    """
    outer, ticket_outside = _listener.set(listener), _request_ticket.set(ticket or RequestTicket())
    try:
        yield
    finally:
        _listener.reset(outer)
        _request_ticket.reset(ticket_outside)


def notify(sentence: str) -> None:
    """Say what is waited for to the listener, if there is one."""
    listens = _listener.get()
    if listens is not None:
        listens(sentence)


def waiting_message(ahead: int, seconds: float | None, one: str, many: str) -> str:
    """How many are before this one, and for how long, if that is known.

    Example:
        >>> waiting_message(2, 13.0, "request", "requests")
        'Waiting: 2 requests before this one, about 15 s'
    """
    message = f"Waiting: {ahead} {one if ahead == 1 else many} before this one"
    if seconds is None:
        return message
    rounded = max(round(seconds), 1) if seconds < 10 else 5 * round(seconds / 5)
    return f"{message}, about {rounded} s" if rounded < 120 else (
        f"{message}, about {round(seconds / 60)} minutes")


class FairQueue:
    """A queue whose first few are served at once.

    Args:
        served_at_once: how many.

    Example:
        >>> queue = FairQueue(served_at_once=1)
        >>> with queue.join() as first, queue.join() as second:
        ...     first.ahead, second.ahead
        (0, 1)
    """

    def __init__(self, served_at_once: int) -> None:
        self.served_at_once = served_at_once
        self._positions: list[QueuePosition] = []  # of all, those that are served first
        self._moved = threading.Condition()
        self._mean_seconds: dict[str, float] = {}

    @contextmanager
    def join(self, kind: str = "") -> Iterator[QueuePosition]:
        """Wait in the queue, until the block ends: at its end, or where this request was before.

        Args:
            kind: of work; its mean duration is what the wait of others is computed from.
        """
        position = QueuePosition(self, kind)
        with self._moved:
            self._positions.insert(self._index(position), position)
        try:
            yield position
        finally:
            with self._moved:
                self._positions.remove(position)
                self._record_duration(position)
                self._moved.notify_all()

    def _index(self, position: QueuePosition) -> int:
        """Behind all that are served and all that arrived before."""
        ticket = _request_ticket.get()
        if ticket is not None:
            ticket.arrived = position.arrived = ticket.arrived or position.arrived
        index = len(self._positions)
        while index and self._positions[index - 1].started is None and (
                self._positions[index - 1].arrived > position.arrived):
            index -= 1
        return index

    def _record_duration(self, position: QueuePosition) -> None:
        means, kind = self._mean_seconds, position.kind
        if position.started is None or (kind not in means and len(means) >= _MOST_KINDS):
            return
        seconds = time.monotonic() - position.started
        means[kind] = seconds + (1 - _NEWEST_WEIGHT) * (means.get(kind, seconds) - seconds)

    def _ahead(self, position: QueuePosition) -> int:
        ahead = max(self._positions.index(position) - self.served_at_once + 1, 0)
        if not ahead and position.started is None:
            position.started = time.monotonic()
        return ahead

    def _seconds(self, position: QueuePosition) -> float | None:
        """Of those before it, as far as their kinds are known, shared among those served."""
        now, total = time.monotonic(), 0.0
        for other in self._positions[: self._positions.index(position)]:
            mean = self._mean_seconds.get(other.kind)
            if mean is None:
                return None
            total += mean if other.started is None else max(
                mean - (now - other.started), 0.1 * mean)
        return total / self.served_at_once


class QueuePosition:
    """A position in a queue.

    Attributes:
        kind: of work.
        arrived: when the request first joined the queue, of ``time.monotonic``.
        started: when its turn came.
    """

    def __init__(self, queue: FairQueue, kind: str = "") -> None:
        self._queue = queue
        self.kind = kind
        self.arrived = time.monotonic()
        self.started: float | None = None

    @property
    def ahead(self) -> int:
        """How many have to finish before it is this one's turn; 0 when it is."""
        with self._queue._moved:
            return self._queue._ahead(self)

    @property
    def seconds(self) -> float | None:
        """How long that may take; None if it is not known."""
        with self._queue._moved:
            return self._queue._seconds(self)

    def wait(self, seconds: float) -> int:
        """Wait until the queue moves or the time is over; then :attr:`ahead`."""
        with self._queue._moved:
            if self._queue._ahead(self):
                self._queue._moved.wait(seconds)
            return self._queue._ahead(self)
