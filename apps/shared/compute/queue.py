"""A fair line before something that serves few at a time: who came first is served first.

Gradio's own queue does the same, but only tells a number; a page that waits here can say in words
what it waits for and how long, and can be stopped while it waits. A request that needs several
turns stands at the end of the line once: its later turns come before those of whoever came later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["FairQueue", "QueuePosition", "RequestTicket", "notify", "listener", "waiting_message"]

_SHARE = 0.3  # of the newest in the mean time of a kind
_KINDS = 100  # whose times are remembered

Listener = Callable[[str], None]


@dataclass
class RequestTicket:
    """A request on its way through the line, again and again.

    Attributes:
        came: when it first joined the line, of ``time.monotonic``.
    """

    came: float | None = None


_listener: ContextVar[Listener | None] = ContextVar("teller", default=None)
_request_ticket: ContextVar[RequestTicket | None] = ContextVar("ticket", default=None)


@contextmanager
def listener(teller: Listener | None, ticket: RequestTicket | None = None) -> Iterator[None]:
    """Within the block, :func:`notify` speaks to this one, and all turns are those of one request.

    Args:
        teller: who wants to hear what is waited for.
        ticket: of a request that comes in several blocks; one of its own by default.
    """
    spoken, held = _listener.set(teller), _request_ticket.set(ticket or RequestTicket())
    try:
        yield
    finally:
        _listener.reset(spoken)
        _request_ticket.reset(held)


def notify(sentence: str) -> None:
    """Say what is waited for, to whoever wants to hear it."""
    teller = _listener.get()
    if teller is not None:
        teller(sentence)


def waiting_message(ahead: int, seconds: float | None, one: str, many: str) -> str:
    """How many are before this one, and for how long, if that is known.

    Example:
        >>> words(2, 13.0, "request", "requests")
        'Waiting: 2 requests before this one, about 15 s'
    """
    said = f"Waiting: {ahead} {one if ahead == 1 else many} before this one"
    if seconds is None:
        return said
    rounded = max(round(seconds), 1) if seconds < 10 else 5 * round(seconds / 5)
    return f"{said}, about {rounded} s" if rounded < 120 else (
        f"{said}, about {round(seconds / 60)} minutes")


class FairQueue:
    """A line with several places at its head.

    Args:
        places: how many are served at once.

    Example:
        >>> line = FairQueue(places=1)
        >>> with line.join() as first, line.join() as second:
        ...     first.ahead, second.ahead
        (0, 1)
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._waiting: list[QueuePosition] = []
        self._moved = threading.Condition()
        self._means: dict[str, float] = {}

    @contextmanager
    def join(self, kind: str = "") -> Iterator[QueuePosition]:
        """Stand in the line, until the block ends: at its end, or where this request was before.

        Args:
            kind: of what is wanted; the mean time of a kind is what others are told.
        """
        place = QueuePosition(self, kind)
        with self._moved:
            self._waiting.insert(self._position(place), place)
        try:
            yield place
        finally:
            with self._moved:
                self._waiting.remove(place)
                self._learn(place)
                self._moved.notify_all()

    def _position(self, place: QueuePosition) -> int:
        """Behind all that are served and all that came before."""
        ticket = _request_ticket.get()
        if ticket is not None:
            ticket.came = place.came = ticket.came or place.came
        position = len(self._waiting)
        while position and self._waiting[position - 1].begun is None and (
                self._waiting[position - 1].came > place.came):
            position -= 1
        return position

    def _learn(self, place: QueuePosition) -> None:
        if place.begun is None or (place.kind not in self._means and len(self._means) >= _KINDS):
            return
        took = time.monotonic() - place.begun
        self._means[place.kind] = took + (1 - _SHARE) * (self._means.get(place.kind, took) - took)

    def _ahead(self, place: QueuePosition) -> int:
        ahead = max(self._waiting.index(place) - self.places + 1, 0)
        if not ahead and place.begun is None:
            place.begun = time.monotonic()
        return ahead

    def _seconds(self, place: QueuePosition) -> float | None:
        """Of those before it, as far as their kinds are known, shared among the places."""
        now, total = time.monotonic(), 0.0
        for other in self._waiting[: self._waiting.index(place)]:
            mean = self._means.get(other.kind)
            if mean is None:
                return None
            total += mean if other.begun is None else max(mean - (now - other.begun), 0.1 * mean)
        return total / self.places


class QueuePosition:
    """A place in the line.

    Attributes:
        kind: of what is wanted.
        came: when the request first joined the line, of ``time.monotonic``.
        begun: when its turn came.
    """

    def __init__(self, line: FairQueue, kind: str = "") -> None:
        self._line = line
        self.kind = kind
        self.came = time.monotonic()
        self.begun: float | None = None

    @property
    def ahead(self) -> int:
        """How many have to finish before it is this one's turn; 0 when it is."""
        with self._line._moved:
            return self._line._ahead(self)

    @property
    def seconds(self) -> float | None:
        """How long that may take; None as long as nobody knows."""
        with self._line._moved:
            return self._line._seconds(self)

    def wait(self, seconds: float) -> int:
        """Wait until the line moves or the time is over; then :attr:`ahead`."""
        with self._line._moved:
            if self._line._ahead(self):
                self._line._moved.wait(seconds)
            return self._line._ahead(self)
