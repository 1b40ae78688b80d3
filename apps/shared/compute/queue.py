"""A fair queue before something that serves few at a time: turn by turn among visitors.

Gradio's own queue is first come, first served, and only shows a number. A page that waits here can
say in words what it waits for and how long, leaves when its visitor does, and waits as long as the
others, however many requests one of them has sent (:mod:`apps.shared.compute.round_robin`). A
request that needs several turns waits once: its later turns come before requests that have had
none, and count as turns of its visitor.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from apps.shared.compute.requests import NOBODY, RequestTicket, Visitor, current_ticket
from apps.shared.compute.round_robin import RoundRobin

__all__ = ["FairQueue", "QueueFullError", "QueuePosition", "waiting_message"]

MOST_OF_A_VISITOR = 12
"""Requests that one page, or one session of a program, may have in the queue."""
MOST_OF_AN_ADDRESS = 60
"""The same of all pages and programs of one address; twice as many for those with none yet."""

_NEWEST_WEIGHT = 0.3  # of the newest duration in the mean of its kind
_MOST_KINDS = 100  # whose durations are remembered
_LOOK_SECONDS = 0.5  # between two looks at whether a visitor who waits is still there


class QueueFullError(ValueError):
    """A visitor has as many requests in the queue as one may; the message is for the page."""


def waiting_message(visitors: int, own: int, seconds: float | None) -> str:
    """Whom a request waits for, and for how long, if that is known.

    Args:
        visitors: others who have a turn before it.
        own: requests that its visitor has in the queue, with this one.
        seconds: until its turn.

    Example:
        >>> waiting_message(3, 4, 13.0)
        'Waiting: 3 visitors before you, about 15 s; you have 4 requests in the queue'
    """
    if visitors:
        before = f"{visitors} {'visitor' if visitors == 1 else 'visitors'} before you"
    else:
        before = "your own earlier request comes first"
    message = f"Waiting: {before}{'' if seconds is None else f', {_about(seconds)}'}"
    return f"{message}; you have {own} requests in the queue" if own > 1 else message


def _about(seconds: float) -> str:
    rounded = max(round(seconds), 1) if seconds < 10 else 5 * round(seconds / 5)
    return f"about {rounded} s" if rounded < 120 else f"about {round(seconds / 60)} minutes"


class FairQueue:
    """A queue whose first few are served at once.

    Args:
        served_at_once: how many.
        waits_once: whether the later turns of a request come before requests that have had none.
        clock: seconds that only grow.

    Example:
        >>> queue = FairQueue(served_at_once=1)
        >>> with queue.join() as first, queue.join() as second:
        ...     first.ahead, second.ahead
        (0, 1)
    """

    def __init__(
        self, served_at_once: int, waits_once: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.served_at_once = served_at_once
        self.clock = clock
        self._waits_once = waits_once
        self._lock = threading.Lock()
        self._served: list[QueuePosition] = []
        self._going_on: list[QueuePosition] = []  # of requests that have had a turn
        self._robin = RoundRobin()
        self._begun: weakref.WeakSet[RequestTicket] = weakref.WeakSet()
        self._order: list[QueuePosition] | None = None  # of those that wait; None to be found
        self._mean_seconds: dict[str, float] = {}

    def __len__(self) -> int:
        with self._lock:
            return len(self._served) + len(self._waiting())

    @contextmanager
    def join(self, kind: str = "") -> Iterator[QueuePosition]:
        """Wait in the queue, until the block ends.

        Args:
            kind: of work; its mean duration is what the wait of others is computed from.

        Raises:
            QueueFullError: one sentence, if the visitor has too many requests in it.
        """
        position = QueuePosition(self, kind, current_ticket())
        with self._lock:
            if self._waits_once and position.ticket in self._begun:
                self._going_on.append(position)
            else:
                self._check_room(position.ticket.visitor)
                self._robin.put(position)
            self._admit()
        try:
            yield position
        finally:
            with self._lock:
                self._leave(position)
                self._admit()

    def _check_room(self, visitor: Visitor) -> None:
        if visitor == NOBODY:
            return
        there = [one.ticket.visitor for one in (*self._served, *self._waiting())]
        if there.count(visitor) >= MOST_OF_A_VISITOR:
            raise QueueFullError(f"You have {MOST_OF_A_VISITOR} requests in the queue already; "
                                 "wait until one of them is answered, then ask again.")
        of_address = sum(one.address == visitor.address for one in there)
        if of_address >= MOST_OF_AN_ADDRESS * (1 if visitor in there else 2):
            raise QueueFullError(f"Your address has {MOST_OF_AN_ADDRESS} requests in the queue "
                                 "already; wait until some are answered, then ask again.")

    def _leave(self, position: QueuePosition) -> None:
        if position in self._served:
            self._served.remove(position)
            self._record_duration(position)
        elif position in self._going_on:
            self._going_on.remove(position)
        elif position in self._waiting():
            self._robin.remove(position)

    def _admit(self) -> None:
        """Begin with the next ones, as far as there is room; called after every change."""
        for one in self._waiting():
            if one.ticket.cancelled:  # it costs nobody a turn; its thread will hear of it
                self._leave(one)
                one.woken.set()
        while len(self._served) < self.served_at_once and (self._going_on or len(self._robin)):
            if self._going_on:
                position = self._going_on.pop(0)
                self._robin.charge(position.path)
            else:
                position = self._robin.take()  # type: ignore[assignment]
            self._served.append(position)
            self._begun.add(position.ticket)
            position.started = self.clock()
            position.woken.set()
        if not self._served:
            self._robin.forget()
        self._order = None

    def _waiting(self) -> Sequence[QueuePosition]:
        """Those that wait, in no order."""
        return [*self._going_on, *self._robin]  # type: ignore[list-item]

    def _before(self, position: QueuePosition) -> list[QueuePosition]:
        """Those that wait and have their turn before, in order; empty for one that is served."""
        if self._order is None:
            self._order = [*self._going_on, *self._robin.order()]  # type: ignore[list-item]
        if position not in self._order:
            return []
        return self._order[: self._order.index(position)]

    def _record_duration(self, position: QueuePosition) -> None:
        means, kind = self._mean_seconds, position.kind
        if position.started is None or (kind not in means and len(means) >= _MOST_KINDS):
            return
        seconds = self.clock() - position.started
        means[kind] = seconds + (1 - _NEWEST_WEIGHT) * (means.get(kind, seconds) - seconds)

    def _seconds(self, position: QueuePosition) -> float | None:
        """Of those before it, as far as their kinds are known, shared among those served."""
        now, total = self.clock(), 0.0
        for other in (*self._served, *self._before(position)):
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
        ticket: of the request.
        arrived: when the request first joined a queue.
        started: when its turn came.
        woken: set when its turn comes, or when it is called off.
    """

    def __init__(self, queue: FairQueue, kind: str, ticket: RequestTicket) -> None:
        self._queue = queue
        self.kind = kind
        self.ticket = ticket
        if ticket.arrived is None:
            ticket.arrived = queue.clock()
        self.arrived = ticket.arrived
        self.started: float | None = None
        self.woken = threading.Event()

    @property
    def path(self) -> tuple[str, str, str]:
        """Of its visitor."""
        return self.ticket.visitor.path

    @property
    def ahead(self) -> int:
        """How many that wait have to be served before it, and one of those served now has to end;
        0 when it is its turn."""
        with self._queue._lock:
            return 0 if self.started is not None else 1 + len(self._queue._before(self))

    @property
    def seconds(self) -> float | None:
        """How long that may take; None if it is not known."""
        with self._queue._lock:
            return self._queue._seconds(self)

    @property
    def message(self) -> str:
        """What it waits for, in words."""
        with self._queue._lock:
            queue, mine = self._queue, self._who(self.ticket)
            before = {self._who(one.ticket) for one in (*queue._served, *queue._before(self))}
            there = {one.ticket for one in (*queue._served, *queue._waiting())}
            others, own = before - {mine}, [one for one in there if self._who(one) == mine]
            return waiting_message(len(others), len(own), queue._seconds(self))

    @staticmethod
    def _who(ticket: RequestTicket) -> object:
        return ticket if ticket.visitor == NOBODY else ticket.visitor

    def wait(self, seconds: float) -> int:
        """Wait until it is its turn or the time is over; then :attr:`ahead`.

        Raises:
            RequestCancelledError: if nobody wants the answer any more.
        """
        end = time.monotonic() + seconds
        with self.ticket.waking(self.woken):
            while self.started is None:
                self.ticket.check()
                left = end - time.monotonic()
                if left <= 0 or self.woken.wait(min(left, _LOOK_SECONDS)):
                    break
        self.ticket.check()
        return self.ahead
