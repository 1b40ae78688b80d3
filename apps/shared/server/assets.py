"""Scripts, styles and fonts of Gradio's pages, compressed once and kept, for all apps together.

Gradio reads and compresses each of the eighty files of a page anew for every visitor, on the loop
that serves everybody, and lets browsers ask again. All apps have the same files under names that
change with what they hold: here they are read from an app once, and browsers keep them for good.

One thing is changed in them: a page draws its session's id from ``Math.random()``, which is made
for dice and can be continued by whoever saw a few values. Whoever knows the id reads the answers.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.shared.server.gradio_patches import incompatible

__all__ = ["Assets", "check_scripts", "with_safe_ids"]

_NAME = re.compile(r"^(?:/[\w-]+)?(/assets/[\w.@-]+-[\w-]{8,}\d?\.(js|css|woff2))$")
_MOST = 64 * 2**20  # bytes kept; all that Gradio has are fewer
_QUALITY = 6  # of brotli: half a second for all files of a page, once
_WEAK = re.compile(rb"Math\.random\(\)\.toString\(\d+\)")
_SAFE = b'Array.from(crypto.getRandomValues(new Uint8Array(29)),b=>(b&31).toString(32)).join("")'
_SESSION = re.compile(rb"session_hash=Math\.random\(\)\.toString\(36\)\.substring\(2\)")
_FOREVER = "public, max-age=31536000, immutable"


def with_safe_ids(script: bytes) -> bytes:
    """A script of Gradio's that draws its ids, 5 bits a character, from the browser's secure
    generator, which pages of plain HTTP have too."""
    return _WEAK.sub(lambda _: _SAFE, script)


@cache
def check_scripts(folder: Path) -> None:
    """Look whether Gradio's scripts draw the session's id where it is changed.

    Args:
        folder: of the scripts.

    Raises:
        IncompatibleLibraryError: one sentence, if they do it elsewhere.
    """
    found = sum(len(_SESSION.findall(path.read_bytes())) for path in folder.glob("[iI]ndex-*.js"))
    if found != 1:
        raise incompatible("gradio", f"its page draws the session's id in {found} known places")


@dataclass(frozen=True)
class _Asset:
    """A file as it is sent; a font has no compressed form."""

    kind: str
    plain: bytes
    compressed: bytes


def _nobody_leaves() -> Receive:
    """What an app hears of a request without a body: that it has none, and then nothing."""
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    return receive


class Assets:
    """ASGI middleware that answers for scripts, styles and fonts.

    Args:
        app: a Gradio app, or several, each at a path of one part; whatever else is asked for goes
            to it, and each of these once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, _Asset] = {}
        self._bytes = 0
        self._asking: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = _NAME.match(scope["path"]) if scope["type"] == "http" else None
        if name is None or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asset = self._kept.get(name[1])
        if asset is None:
            async with self._asking.setdefault(name[1], asyncio.Lock()):
                asset = self._kept.get(name[1]) or await self._fetch(name[1], scope)
            self._asking.pop(name[1], None)
        if asset is None:  # as the app answers for it
            await self.app(scope, receive, send)
            return
        takes = Headers(scope=scope).get("accept-encoding", "")
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        body = asset.plain
        if "br" in takes and asset.compressed:
            body, headers["Content-Encoding"] = asset.compressed, "br"
        await Response(body, headers=headers, media_type=asset.kind)(scope, receive, send)

    async def _fetch(self, name: str, scope: Scope) -> _Asset | None:
        """Ask the app for it, uncompressed, and keep it if all of it came.

        The app does not hear whether the visitor who asked is still there: it would stop midway,
        and the half would be everybody's.
        """
        import brotli

        parts: list[Message] = []

        async def take(message: Message) -> None:
            parts.append(message)

        asked: dict[str, Any] = {**scope, "headers": [
            (key, value) for key, value in scope["headers"]
            if key in (b"host", b"user-agent")
        ]}
        await self.app(asked, _nobody_leaves(), take)
        if not parts or parts[0].get("status") != 200:
            return None
        plain = b"".join(part.get("body", b"") for part in parts[1:])
        headers = Headers(raw=parts[0]["headers"])
        whole = int(headers.get("content-length", len(plain)))
        if parts[-1].get("more_body") or len(plain) != whole:
            return None
        if name.endswith(".js"):
            plain = await asyncio.to_thread(with_safe_ids, plain)
        kind = headers.get("content-type", "")
        compressed = b"" if name.endswith(".woff2") else await asyncio.to_thread(  # as it comes
            brotli.compress, plain, mode=brotli.MODE_TEXT, quality=_QUALITY)
        asset = _Asset(kind, plain, compressed)
        size = len(plain) + len(compressed)
        if self._bytes + size <= _MOST:
            self._kept[name], self._bytes = asset, self._bytes + size
        return asset
