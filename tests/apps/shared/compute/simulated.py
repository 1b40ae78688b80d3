"""A fair queue on a clock that is simulated: visitors who come, wait and are served."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from apps.shared.compute.queue import FairQueue, QueuePosition
from apps.shared.compute.requests import RequestTicket, Visitor, on_behalf_of

__all__ = ["Arrival", "Served", "run"]


@dataclass(frozen=True)
class Arrival:
    """A request.

    Attributes:
        at: when it comes.
        visitor: whose it is.
        seconds: that it takes.
        gives_up: when its visitor leaves, if it still waits then.
        turns: that it needs.
    """

    at: float
    visitor: Visitor
    seconds: float = 1.0
    gives_up: float = float("inf")
    turns: int = 1


@dataclass
class Served:
    """What became of a request; ``began`` is empty if it was never served."""

    arrival: Arrival
    began: list[float] = field(default_factory=list)
    refused: bool = False

    @property
    def wait(self) -> float:
        return self.began[0] - self.arrival.at


def run(
    arrivals: Sequence[Arrival], workers: int = 1,
    look: Callable[[float, FairQueue], None] = lambda now, queue: None,
) -> list[Served]:
    """Let all of them in, and out again; ``look`` is called after every change."""
    now = 0.0
    queue = FairQueue(workers, clock=lambda: now)
    served = [Served(arrival) for arrival in arrivals]
    tickets = [RequestTicket(arrival.visitor) for arrival in arrivals]
    inside: dict[int, tuple[AbstractContextManager[QueuePosition], QueuePosition]] = {}
    count = itertools.count()
    events = [(one.arrival.at, next(count), "comes", i) for i, one in enumerate(served)]
    events += [(one.arrival.gives_up, next(count), "gives up", i) for i, one in enumerate(served)
               if one.arrival.gives_up < float("inf")]
    heapq.heapify(events)

    def join(i: int) -> None:
        with on_behalf_of(tickets[i]):
            place = queue.join("work")
            try:
                inside[i] = place, place.__enter__()
            except ValueError:
                served[i].refused = True

    def note_begun() -> None:
        for i, (_, position) in inside.items():
            if position.started == now and (not served[i].began or served[i].began[-1] != now):
                served[i].began.append(now)
                heapq.heappush(events, (now + served[i].arrival.seconds, next(count), "ends", i))

    while events:
        now, _, what, i = heapq.heappop(events)
        if what == "comes":
            join(i)
        elif what == "gives up" and i in inside and inside[i][1].started is None:
            tickets[i].cancel()
            inside.pop(i)[0].__exit__(None, None, None)
        elif what == "ends":
            inside.pop(i)[0].__exit__(None, None, None)
            if len(served[i].began) < served[i].arrival.turns:
                join(i)
        note_begun()
        look(now, queue)
    assert not inside and len(queue) == 0
    return served
