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

from apps.shared.compute.expected import Expected
from apps.shared.compute.requests import NOBODY, RequestTicket, Visitor, current_ticket
from apps.shared.compute.round_robin import RoundRobin

__all__ = ["FairQueue", "QueueFullError", "QueuePosition", "waiting_message"]

MOST_OF_A_VISITOR = 12
"""Requests that one page, or one session of a program, may have in the queue."""
MOST_OF_AN_ADDRESS = 150
"""The same of all pages and programs of one address, which may be that of a class of fifty; twice
as many for those with none yet."""

_TELLS = 0.05  # fraction done from which on progress tells how long the rest takes
_LATE = 1.3  # times the time told, after which it is longer than expected
_LOOK_SECONDS = 0.5  # between two looks at whether a visitor who waits is still there


class QueueFullError(ValueError):
    """A visitor has as many requests in the queue as one may; the message is for the page."""


def waiting_message(
    visitors: int, own: int, seconds: float | None, neighbours: int = 0, late: bool = False
) -> str:
    """Whom a request waits for, and for how long, if that is known.

    Args:
        visitors: others who have a turn before it.
        own: requests that its visitor has in the queue, with this one.
        seconds: until its turn.
        neighbours: of the visitors, the pages and programs of the same address, which may be other
            tabs of one person.
        late: whether it takes longer than was told.

    Example:
        >>> waiting_message(3, 4, 13.0)
        'Waiting: 3 visitors before you, about 15 s; you have 4 requests in the queue'
    """
    strangers = visitors - neighbours
    counted = ([_count(strangers, "visitor")] if strangers else []) + (
        [_count(neighbours, "other page") + " at your address"] if neighbours else [])
    before = (f"{' and '.join(counted)} before you" if counted
              else "your own earlier request comes first")
    longer = ", longer than expected" if late else ""
    message = f"Waiting: {before}{longer}{'' if seconds is None else f', {_about(seconds)}'}"
    return f"{message}; you have {own} requests in the queue" if own > 1 else message


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


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
        self._expected = Expected()

    def __len__(self) -> int:
        with self._lock:
            return len(self._served) + len(self._waiting())

    @contextmanager
    def join(self, kind: str = "", size: float = 1.0) -> Iterator[QueuePosition]:
        """Wait in the queue, until the block ends.

        Args:
            kind: of work; its mean duration is what the wait of others is computed from.
            size: of the work, such as a number of maps.

        Raises:
            QueueFullError: one sentence, if the visitor has too many requests in it.
        """
        position = QueuePosition(self, kind, size, current_ticket())
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
        if position.started is not None:
            self._expected.record(
                position.kind, position.size, self.clock() - position.started)

    def _seconds(self, position: QueuePosition) -> float | None:
        """Of those before it, as far as that is known, shared among those served."""
        now, before, total = self.clock(), self._before(position), 0.0
        between = len([one for one in before if one not in self._going_on])
        for other in (*self._served, *before):
            left = self._left(other, now, between)
            if left is None:
                return None
            total += left
        return total / self.served_at_once

    def _left(self, other: QueuePosition, now: float, between: int) -> float | None:
        """Of one request: its turn, and those later ones that come between the ``between`` others
        that wait; after every turn of it there is one of theirs."""
        mean = self._expected.seconds(other.kind, other.size)
        later = min(other.ticket.turns_left, between)
        if other.started is None:
            return None if mean is None else mean * (1 + later)
        elapsed = now - other.started
        if other.fraction >= _TELLS:  # what it has done says more than what others took
            whole = elapsed / other.fraction
            return whole * (1 - other.fraction) + whole * later
        if mean is None or elapsed > mean:
            return None  # it takes longer than all before it
        return mean - elapsed + mean * later


class QueuePosition:
    """A position in a queue.

    Attributes:
        kind, size: of work.
        fraction: of it that is done.
        ticket: of the request.
        arrived: when the request first joined a queue.
        started: when its turn came.
        woken: set when its turn comes, or when it is called off.
    """

    def __init__(self, queue: FairQueue, kind: str, size: float, ticket: RequestTicket) -> None:
        self._queue = queue
        self.kind, self.size = kind, size
        self.fraction = 0.0
        self._joined = queue.clock()
        self._told: float | None = None  # when it was to have its turn, by the first estimate
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
            neighbours = [one for one in others if self._is_neighbour(one)]
            seconds, late = self._estimate()
            return waiting_message(len(others), len(own), seconds, len(neighbours), late)

    def _estimate(self) -> tuple[float | None, bool]:
        """Seconds that are left, and whether it takes longer than was told.

        What was told too low by a factor is told higher by that factor from then on.
        """
        now, seconds = self._queue.clock(), self._queue._seconds(self)
        if self._told is None:
            if seconds is not None:
                self._told = now + max(seconds, 1.0)
            return seconds, False
        told, waited = self._told - self._joined, now - self._joined
        if waited <= _LATE * told:
            return seconds, False
        return None if seconds is None else max(seconds * waited / told, waited / 2), True

    def _is_neighbour(self, who: object) -> bool:
        return isinstance(who, Visitor) and who.address == self.ticket.visitor.address

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
