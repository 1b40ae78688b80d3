"""Who may ask, for what and with how much: two ASGI layers in front of the pages.

:class:`Guard` stands around the whole site. Gradio itself answers to any name and lets any page of
the web send requests; a browser would carry them out for a stranger, also to a server that only
this machine reaches. So a request is refused

- if it names a host that is not this one (a name that a stranger pointed here: DNS rebinding),
- if a page of another site sent it (following a link is allowed, calling is not),
- if its body is larger than a page of ours would send, or arrives at a crawl.

:class:`KnownRoutes` stands around one Gradio app and lets through only the routes that its page and
``gradio_client`` use, and of files only those that the app made or a visitor uploaded.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.shared.server.addresses import Forwarding, asked_by, hosted, names, neighbourhood
from apps.shared.server.bounds.ledger import (
    UPLOADS_AN_ADDRESS,
    UPLOADS_AN_HOUR,
    UploadLedger,
    counted,
)
from apps.shared.server.connections import BUSY, CONNECTIONS, YOURS
from apps.shared.server.gradio_patches import served_folders
from core.settings import get_settings

__all__ = ["Guard", "KnownRoutes", "hosted"]

BODY_BYTES = 8 * 2**20  # of a request that is no upload: an endpoint takes a stack of maps
FILES_A_REQUEST = 4  # uploads of full size that one request may hold
CHUNK_SECONDS = 30.0  # until the next piece of a body has to be here
BODY_SECONDS = 120.0  # until the whole of a body has to be here
UPLOAD_SECONDS = 900.0

_HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+(%[\w.-]+)?\])(:\d{1,5})?", re.IGNORECASE)
_API = "/gradio_api/"
_PAGE_ROUTES = ("assets", "config", "favicon.ico", "manifest.json", "robots.txt", "static",
                "svelte", "theme.css")
_API_ROUTES = ("app_id", "call", "cancel", "heartbeat", "info", "mcp", "openapi.json", "queue",
               "reset", "run", "startup-events", "theme.css", "upload", "upload_progress")


class Guard:
    """ASGI middleware that refuses strangers' requests, foreign hosts and endless bodies.

    Args:
        app: what is guarded.
        clock: seconds that only grow.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        settings = get_settings()
        self.app = app
        self._clock = clock
        self._proxied = names([*settings.hosts.split(","), os.environ.get("SPACE_HOST", "")])
        machine = socket.gethostname()
        self._names = self._proxied | names([settings.host, machine, f"{machine}.local"])
        self._upload_bytes = FILES_A_REQUEST * settings.max_upload_mb * 2**20 + 2**20
        self._uploads = UploadLedger(clock)
        self._forwarding = Forwarding(settings, self._proxied)
        self._most_open = settings.address_connections // 2
        self._open: Counter[str] = Counter()  # requests in progress, by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # no page of ours opens one
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        address = neighbourhood(self._forwarding.client(scope))
        self._open[address] += 1
        try:
            headers = Headers(scope=scope)
            self._check_host(headers)
            self._check_origin(scope, headers)
            self._check_open(address)
            bounded = self._bounded(scope, headers, receive, address)
            asked_by.set(address)
            await self.app(self._forwarding.seen(scope), bounded, send_and_note)
        except HTTPException as error:
            if started:
                raise
            response = PlainTextResponse(error.detail, error.status_code, error.headers)
            await response(scope, receive, send)
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def _check_open(self, address: str) -> None:
        again = {"Retry-After": "60", "Connection": "close"}
        if self._open[address] > self._most_open:
            raise HTTPException(429, YOURS, again)
        if self._open.total() > CONNECTIONS:
            raise HTTPException(503, BUSY, again)

    def _check_host(self, headers: Headers) -> None:
        if hosted():  # the host routes by name
            return
        named = headers.getlist("host") + headers.getlist("x-forwarded-host")
        for host in (part for value in named for part in value.split(",")):
            if not self._is_own(_name(host)):
                raise HTTPException(403, f"This server does not answer to {_name(host)[:80]!r}; "
                                         "set COSMODESK_HOSTS to that name if it should.")
            if not _HOST.fullmatch(host.strip()):
                raise HTTPException(400, "The Host header is not a host with a port.")

    def _is_own(self, name: str) -> bool:
        """Whether a host is this server's: an address cannot be pointed elsewhere, a name can."""
        if name in self._names or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is not None:
            if self._is_own_origin(origin, headers):
                return
        elif headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return
        elif scope["method"] in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate":
            frames = ("document", "iframe") if hosted() else ("document",)
            if headers.get("sec-fetch-dest", "document") in frames:
                return
        raise HTTPException(403, "Another site's page may not send requests to this server.")

    def _is_own_origin(self, origin: str, headers: Headers) -> bool:
        try:
            parts = urlsplit(origin)
            usual = {"http": 80, "https": 443}[parts.scheme]
            port = parts.port or usual
        except (ValueError, KeyError):
            return False  # "null": a sandboxed frame, a local file
        if not parts.hostname:
            return False
        if parts.hostname in self._proxied:
            return True  # the port is the proxy's
        hosts = [headers.get("host", "")]
        if hosted():
            hosts += headers.getlist("x-forwarded-host")
        default = f":{port}" if port in (80, 443) else ""
        own = {host.lower() if _has_port(host) else f"{host.lower()}{default}" for host in hosts}
        shown = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{shown}:{port}" in own

    def _bounded(
        self, scope: Scope, headers: Headers, receive: Receive, address: str
    ) -> Receive:
        """``receive`` that stops at too many bytes or too little progress."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            most, seconds, upload = BODY_BYTES, BODY_SECONDS, False
        else:
            upload = scope["path"].rstrip("/").endswith(f"{_API}upload")
            most = self._upload_bytes if upload else BODY_BYTES
            seconds = UPLOAD_SECONDS if upload else BODY_SECONDS
        if upload:
            self._check_uploads(address)
            counted(lambda size: self._uploads.note(address, size))
        too_large = f"A request may hold {most // 2**20} MB; this one is larger."
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > most:
            raise HTTPException(413, too_large)
        total, done, end = 0, False, self._clock() + seconds

        async def bounded() -> Message:
            nonlocal total, done
            if done:  # what comes now is only the end of the connection
                return await receive()
            timeout = min(CHUNK_SECONDS, end - self._clock())
            try:
                message = await asyncio.wait_for(receive(), max(timeout, 0.01))
            except TimeoutError:
                raise HTTPException(408, "The request did not arrive in time.") from None
            if message["type"] == "http.request":
                size = len(message.get("body", b""))
                total += size
                done = not message.get("more_body", False)
                if upload and size:
                    self._uploads.note(address, size)
                if total > most:
                    raise HTTPException(413, too_large)
            return message

        return bounded

    def _check_uploads(self, address: str) -> None:
        if self._uploads.lately() > UPLOADS_AN_HOUR:
            raise HTTPException(429, "Too much was uploaded within the last hour; try again later.")
        if self._uploads.lately(address) > UPLOADS_AN_ADDRESS:
            raise HTTPException(429, "Too much was uploaded from your address within the last "
                                     "hour; try again later.")


class KnownRoutes:
    """ASGI middleware that answers 404 to every route of Gradio that our pages do not use.

    Among those that are closed: fetching other addresses (``proxy=``, ``file=http://``), editing
    the source from the browser, monitoring, keeping a page's state on the disk, functions of
    components.

    Args:
        app: one Gradio app.
        prefix: the path at which it is mounted, "" if alone.
    """

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        self.app = app
        self.prefix = prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._known(scope["path"]):
            await self._nothing(scope)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _nothing(self, scope: Scope) -> Response:
        """A page for a person, a line for a program."""
        from apps.shared.page.plain import not_found_page

        inner = scope["path"][len(self.prefix) :]
        if inner.startswith(_API) or scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("There is nothing at this address.", 404)
        return HTMLResponse(not_found_page(), 404)

    def _known(self, path: str) -> bool:
        if path != self.prefix and not path.startswith(f"{self.prefix}/"):
            return True  # not the app's
        path = path[len(self.prefix) :]
        if path.startswith(_API):
            rest = path[len(_API) :]
            if rest.startswith("file="):
                return _may_be_served(rest.removeprefix("file="))
            return rest.split("/")[0] in _API_ROUTES
        return path in ("", "/") or path.split("/")[1] in _PAGE_ROUTES


def _may_be_served(path: str) -> bool:
    """Whether a path is a file, not a link, in a folder that Gradio keeps for uploads and results.

    Gradio compares names only; here what the name leads to has to be in the folder as well.
    """
    if "\0" in path or "\\" in path or "://" in path or not os.path.isabs(path):
        return False
    real = os.path.realpath(path)
    return os.path.isfile(real) and any(
        Path(real).is_relative_to(folder) for folder in served_folders()
    )


def _has_port(host: str) -> bool:
    return ":" in host.rpartition("]")[2]


def _name(host: str) -> str:
    """The host of a Host header without its port."""
    host = host.strip().lower()
    return host.rpartition(":")[0] if _has_port(host) else host
