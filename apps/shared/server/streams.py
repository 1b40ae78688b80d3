"""The streams by which pages and programs follow a session: which are open, and what they ask for.

A stream of a session that is not there is answered here in one sentence; Gradio would begin an
answer and break it off with a traceback.
"""

from __future__ import annotations

import json
import logging
import re
import weakref
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.shared.server.addresses import LONGEST, is_identifier

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["Streams", "open_sessions", "served_by"]

GONE = ("This result is not here any more: it was read already, or nobody read it for three "
        "minutes. Ask again.")
_LONG = PlainTextResponse(f"An identifier has 1 to {LONGEST} printable characters.", 400)
_UNKNOWN = JSONResponse(
    {"detail": "There is no function of this name; /api lists what there is."}, 404)
_API = "/gradio_api/"
_IDS = ("session_hash", "upload_id", "event_id", "session_id")
_HOST = (b"host", b"x-forwarded-host", b"x-forwarded-proto")
_FAILED = re.compile(r"^(run|api)/")

_log = logging.getLogger(__name__)
_open: weakref.WeakKeyDictionary[Any, Counter[str]] = weakref.WeakKeyDictionary()


_apps: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def served_by(demo: gr.Blocks, app: Any) -> None:
    """Note the app by which Gradio serves what was built."""
    _apps[demo] = app


def open_sessions(demo: gr.Blocks) -> Counter[str]:
    """How many streams are open for each session of an app."""
    return _open.setdefault(demo, Counter())


class Streams:
    """ASGI middleware around one Gradio app: bounds identifiers in addresses, counts streams.

    Args:
        app: the app as it is served.
        demo: the same as it was built.
        prefix: the path at which it is mounted, "" if alone.
    """

    def __init__(self, app: ASGIApp, demo: gr.Blocks, prefix: str = "") -> None:
        self.app = app
        self._demo = weakref.ref(demo)
        self._host = b""
        self._start = f"{prefix.rstrip('/')}{_API}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._start):
            await self.app(scope, receive, send)
            return
        path = scope["path"][len(self._start):]
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        ids = [asked[name] for name in _IDS if name in asked]
        if path.startswith("file="):
            await self.app(_without_range(scope), receive, send)
            return
        parts = path.split("/")
        if not all(map(is_identifier, ids)) or any(len(part) > LONGEST for part in parts):
            await _LONG(scope, receive, send)
            return
        demo, session = self._demo(), None
        if demo is not None and parts[0] in ("info", "openapi.json", "call"):
            self._forget_other_host(demo, scope)
            if parts[:2] == ["call", "v2"] and len(parts) > 2 and not _offers(demo, parts[2]):
                await _UNKNOWN(scope, receive, send)
                return
        if demo is not None and scope["method"] == "GET":
            session = _session(demo, parts, asked)
        if demo is None or session is None:
            await self.app(scope, receive, _without_500(send) if _FAILED.match(path) else send)
            return
        if parts[0] != "heartbeat" and session not in demo._queue.pending_messages_per_session:
            await _gone(parts[0])(scope, receive, send)
            return
        await self._counted(open_sessions(demo), session, scope, receive, send)

    def _forget_other_host(self, demo: gr.Blocks, scope: Scope) -> None:
        """Gradio keeps its description of the app with the address by which it was asked first;
        whoever comes by another one gets another."""
        host = b"".join(value for name, value in scope["headers"] if name in _HOST)
        if host != self._host:
            self._host = host
            app = _apps.get(demo)
            if app is not None:
                app.api_info = None

    async def _counted(
        self, sessions: Counter[str], session: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        sessions[session] += 1
        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if not started:
                raise
            _log.warning("a stream was broken off: %s", type(error).__name__)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            sessions[session] -= 1
            if sessions[session] <= 0:
                del sessions[session]


def _without_range(scope: Scope) -> Scope:
    """Gradio reads one kind of range, and copies the request's headers into its answer; whoever
    asks for a part of a file may be sent the whole."""
    return {**scope, "headers": [
        (name, value) for name, value in scope["headers"]
        if name.lower() not in (b"range", b"if-range")
    ]}


def _offers(demo: gr.Blocks, name: str) -> bool:
    """Whether an app has a function of this name for programs."""
    return any(fn.api_name == name and fn.api_visibility == "public" for fn in demo.fns.values())


def _session(demo: gr.Blocks, parts: Any, asked: dict[str, str]) -> str | None:
    """The session whose stream is asked for, if one is."""
    if parts[0] == "heartbeat" and len(parts) == 2:
        return str(parts[1])
    if parts[:2] == ["queue", "data"]:
        return asked.get("session_hash")
    if parts[0] == "call" and len(parts) in (3, 4):
        return _of_event(demo._queue, parts[-1])
    return None


def _of_event(queue: Any, event: str) -> str:
    """The session of an event, as Gradio finds it."""
    known = queue.event_ids_to_events.get(event)
    if known is not None:
        return str(known.session_hash)
    sessions = list(queue.pending_event_ids_session.items())
    return next((session for session, ids in sessions if event in ids), event)


def _gone(route: str) -> Response:
    """The one message of a stream of a session that is not there, as Gradio's clients read it."""
    if route == "call":
        text = f"event: error\ndata: {json.dumps(GONE)}\n\n"
    else:
        message = {"msg": "unexpected_error", "event_id": None, "message": GONE,
                   "session_not_found": True, "success": False}
        text = f"data: {json.dumps(message)}\n\n"
    return Response(text, media_type="text/event-stream")


def _without_500(send: Send) -> Send:
    """What a function refuses past the queue is the caller's, as it is in the queue."""

    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 500:
            message = {**message, "status": 422}
        await send(message)

    return changed
