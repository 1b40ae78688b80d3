"""Connections that are held open and ask for nothing: bounded in time and number.

uvicorn waits for ever for the first request of a connection and for the rest of a request's
headers; a few hundred such connections would use up what the process may open.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from apps.shared.server.gradio_patches import Requirement

__all__ = ["CONNECTIONS", "UVICORN", "IdleTimeoutProtocol"]

CONNECTIONS = 800  # at once; one more is answered that the server is busy
HEADER_SECONDS = 20.0

_H11 = "uvicorn.protocols.http.h11_impl"
UVICORN = (
    Requirement(f"{_H11}:H11Protocol.__init__", uses=("cycle", "loop", "transport")),
    Requirement(f"{_H11}:H11Protocol.connection_made", ("self", "transport"), ("transport",)),
    Requirement(f"{_H11}:H11Protocol.connection_lost", ("self", "exc"), ("transport",)),
    Requirement(f"{_H11}:H11Protocol.handle_events", ("self",), ("cycle",)),
    Requirement(f"{_H11}:H11Protocol.data_received", uses=("handle_events",)),
    Requirement(f"{_H11}:RequestResponseCycle.__init__", uses=("response_complete",)),
)
"""What :class:`IdleTimeoutProtocol` rests on."""


class IdleTimeoutProtocol(H11Protocol):
    """HTTP/1.1 on one connection, closed when no request has come for a while.

    Give it to uvicorn: ``uvicorn.Config(app, http=IdleTimeoutProtocol)``, after ``check(UVICORN)``
    of :mod:`apps.shared.server.gradio_patches`.
    """

    _timer: asyncio.TimerHandle | None = None
    _idle: bool = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._timer = self.loop.call_later(HEADER_SECONDS / 2, self._look)

    def _look(self) -> None:
        """Close the connection if there was no request at this look and at the one before."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._idle:
            self.transport.close()
            return
        self._idle = idle
        self._look_later()

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._idle = False
