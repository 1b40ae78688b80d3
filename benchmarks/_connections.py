"""Connections that are kept open, as a browser keeps them.

A server closes a connection on which nothing was asked for a while (uvicorn: five seconds). A
request that is sent on it in that moment is never read. Browsers know this: if a kept connection
breaks before the first byte of an answer, they send the request once more on a new one (RFC 9112,
9.3.1; Chromium's HttpNetworkTransaction::ShouldResendRequest). httpx leaves that to its caller, and
keeps connections for exactly those five seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

__all__ = ["KeptConnections"]


class KeptConnections(httpx.AsyncBaseTransport):
    """A transport that sends a request again if the connection was a kept one that had ended.

    Args:
        note: called for each request that is sent again.
        max_connections: at once.
    """

    def __init__(self, note: Callable[[], None], max_connections: int = 12) -> None:
        self._note = note
        self._inner = httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=max_connections))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fresh = False

        async def trace(name: str, _: dict[str, Any]) -> None:
            nonlocal fresh
            fresh = fresh or name == "connection.connect_tcp.started"

        request.extensions = {**request.extensions, "trace": trace}
        try:
            return await self._inner.handle_async_request(request)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            if fresh:  # it was answered by nobody, or by half
                raise
        self._note()
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
