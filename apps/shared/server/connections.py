"""Connections that are held open and ask for nothing: bounded in time and number.

uvicorn waits for ever for the first request of a connection and for the rest of a request's
headers; a few hundred such connections would use up what the process may open. And it counts
connections whoever has them, so that one client could keep out everybody else.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import Any

import h11
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import config as uvicorn_config
from uvicorn.protocols.http.h11_impl import H11Protocol

from apps.shared.server.addresses import Forwarding, neighbourhood
from apps.shared.server.gradio_patches import Requirement
from apps.shared.server.headers import security_headers
from core.settings import get_settings

__all__ = ["CONNECTIONS", "UVICORN", "IdleTimeoutProtocol", "believe_no_header", "serve_gradio"]

CONNECTIONS = 800  # at once; one more is answered that the server is busy
HEADER_SECONDS = 20.0
_SPARE = 100  # more than may be open, which are still told why they are refused

BUSY = "The server is busy: too many connections are open. Try again in a minute."
YOURS = ("Too many connections are open from your address; close some pages of this server, or "
         "try again in a minute.")

_H11 = "uvicorn.protocols.http.h11_impl"
UVICORN = (
    Requirement(f"{_H11}:H11Protocol.__init__", uses=("cycle", "loop", "transport", "conn")),
    Requirement(f"{_H11}:H11Protocol.connection_made", ("self", "transport"),
                ("transport", "client")),
    Requirement(f"{_H11}:H11Protocol.connection_lost", ("self", "exc"), ("transport",)),
    Requirement(f"{_H11}:H11Protocol.handle_events", ("self",),
                ("cycle", "app", "limit_concurrency")),
    Requirement(f"{_H11}:H11Protocol.data_received", uses=("handle_events",)),
    Requirement(f"{_H11}:H11Protocol.send_400_response", ("self", "msg")),
    Requirement(f"{_H11}:RequestResponseCycle.__init__", uses=("response_complete",)),
    Requirement("uvicorn.config:Config.load", uses=("ProxyHeadersMiddleware", "proxy_headers")),
)
"""What :class:`IdleTimeoutProtocol` and :func:`believe_no_header` rest on."""

_open: Counter[str] = Counter()  # connections by address, of the whole process


class _Refusal:
    """Answers every request of a connection that is one too many."""

    def __init__(self, status: int, sentence: str) -> None:
        self.answer = PlainTextResponse(sentence, status, {
            **security_headers(), "Connection": "close", "Retry-After": "60"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.answer(scope, receive, send)


class IdleTimeoutProtocol(H11Protocol):
    """HTTP/1.1 on one connection, closed when no request has come for a while.

    Give it to uvicorn: ``uvicorn.Config(app, http=IdleTimeoutProtocol)``, after ``check(UVICORN)``
    of :mod:`apps.shared.server.gradio_patches`.
    """

    _timer: asyncio.TimerHandle | None = None
    _idle: bool = False
    _counted: str | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look_later()
        self.limit_concurrency = None  # uvicorn's own answer lacks the headers
        if _open.total() >= CONNECTIONS + _SPARE:
            transport.abort()
            return
        settings = get_settings()
        host = str((self.client or ("", 0))[0])
        self._counted = neighbourhood(host)
        _open[self._counted] += 1
        if _open.total() > CONNECTIONS:
            self.app = _Refusal(503, BUSY)  # type: ignore[assignment]
        elif _open[self._counted] > settings.address_connections and not (
            _forwarding().trusts(host)  # a proxy has the connections of all who come by it
        ):
            self.app = _Refusal(429, YOURS)  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._counted is not None:
            _open[self._counted] -= 1
            if not _open[self._counted]:
                del _open[self._counted]
            self._counted = None
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

    def send_400_response(self, msg: str) -> None:
        """uvicorn's, with the headers that every answer has."""
        headers = {"content-type": "text/plain; charset=utf-8", "connection": "close",
                   **security_headers()}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        for event in (h11.Response(status_code=400, headers=raw, reason=b"Bad Request"),
                      h11.Data(data=b"This is not a request of HTTP/1.1."), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()


def _forwarding() -> Forwarding:
    return Forwarding(get_settings(), set())


class _Believing:
    """In the place of uvicorn's layer, which takes the caller's word for its own address."""

    def __init__(self, app: ASGIApp, trusted_hosts: Any = None) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def believe_no_header() -> None:
    """Let uvicorn believe no header about who asks; the guard knows which proxies to believe."""
    uvicorn_config.ProxyHeadersMiddleware = _Believing  # type: ignore[misc, assignment]


def serve_gradio() -> None:
    """Let an app that Gradio serves alone have the same bounds of connections as the studio."""
    import uvicorn
    from gradio import http_server

    bounded = partial(uvicorn.Config, http=IdleTimeoutProtocol, ws="none", server_header=False)
    http_server.uvicorn = SimpleNamespace(Config=bounded)  # type: ignore[assignment]


