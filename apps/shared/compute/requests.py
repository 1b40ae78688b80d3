"""Requests: whose they are, who listens to them, and how one is called off while it waits.

Whatever asks for a model does so for a visitor. A visitor is an open page, known by its session,
or the programs of one address; :mod:`apps.shared.server.visitors` says which for every event that
comes in, and everything below it in the same context belongs to that request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = [
    "NOBODY",
    "RequestCancelledError",
    "RequestTicket",
    "Visitor",
    "current_ticket",
    "listener",
    "newest",
    "notify",
    "on_behalf_of",
]

Listener = Callable[[str], None]


class RequestCancelledError(Exception):
    """Nobody wants the answer any more: the page was closed, or asked for something newer."""


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Attributes:
        address: of the client, as the server sees it.
        session: of the page, or of the program if it has one.
        program: whether it calls an endpoint by name; the programs of an address are one visitor.
    """

    address: str = ""
    session: str = ""
    program: bool = False

    @property
    def path(self) -> tuple[str, str, str]:
        """Address, visitor within it, session within the visitor: turns go round on each level."""
        if self.program:
            return self.address, "programs", self.session
        return self.address, f"page {self.session}", ""


NOBODY = Visitor()
"""The server itself, and whoever calls from a notebook: no bound holds for them."""


def _here() -> bool:
    return False


class RequestTicket:
    """One request, which may need several turns.

    Args:
        visitor: who asks.
        gone: whether nobody waits for the answer any more, as far as the server knows.

    Attributes:
        visitor: as given.
        arrived: when it first joined a queue, or when the one did that it takes the place of.
        turns_left: turns of the same work that it will need after the one it has or waits for.
    """

    def __init__(self, visitor: Visitor = NOBODY, gone: Callable[[], bool] = _here) -> None:
        self.visitor = visitor
        self.arrived: float | None = None
        self.turns_left = 0
        self._gone = gone
        self._cancelled = threading.Event()
        self._waits: list[threading.Event] = []

    def cancel(self) -> None:
        """Call it off: it leaves the queue now, or ends at its next sign of progress."""
        self._cancelled.set()
        for event in list(self._waits):
            event.set()

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the answer any more."""
        return self._cancelled.is_set() or self._gone()

    def check(self) -> None:
        """
        Raises:
            RequestCancelledError: if nobody wants the answer any more.
        """
        if self.cancelled:
            raise RequestCancelledError("Nobody waits for this any more.")

    @contextmanager
    def waking(self, event: threading.Event) -> Iterator[None]:
        """Within the block, calling the request off sets ``event``."""
        self._waits.append(event)
        try:
            yield
        finally:
            self._waits.remove(event)


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_ticket: ContextVar[RequestTicket | None] = ContextVar("ticket", default=None)


def current_ticket() -> RequestTicket:
    """Of the request that this is done for; a new one if it is done for nobody."""
    return _ticket.get() or RequestTicket()


@contextmanager
def on_behalf_of(ticket: RequestTicket) -> Iterator[None]:
    """Within the block, all that is asked for belongs to this request."""
    outer = _ticket.set(ticket)
    try:
        yield
    finally:
        _ticket.reset(outer)


@contextmanager
def listener(listener: Listener | None, ticket: RequestTicket | None = None) -> Iterator[None]:
    """Within the block, :func:`notify` calls this one, and all turns are those of one request.

    Args:
        listener: takes a sentence about what is waited for; None for nobody.
        ticket: of the request; by default the one that this is done for.
    """
    outer = _listener.set(listener)
    try:
        with on_behalf_of(ticket or current_ticket()):
            yield
    finally:
        _listener.reset(outer)


def notify(sentence: str) -> None:
    """Say what is waited for to the listener, if there is one."""
    listens = _listener.get()
    if listens is not None:
        listens(sentence)


_newest: dict[Hashable, RequestTicket] = {}
_lock = threading.Lock()


@contextmanager
def newest(control: Hashable, ticket: RequestTicket) -> Iterator[None]:
    """Within the block, this is the newest request of a control, whose results alone are shown.

    An older one that has not ended is called off, and this one takes its place in the queue.

    Args:
        control: of one page of one visitor.
        ticket: of the request.
    """
    with _lock:
        older, _newest[control] = _newest.get(control), ticket
    if older is not None:
        ticket.arrived = older.arrived
        older.cancel()
    try:
        yield
    finally:
        with _lock:
            if _newest.get(control) is ticket:
                del _newest[control]
