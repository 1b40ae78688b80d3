"""The headers that keep a browser from guessing types, framing a page or loading from elsewhere."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.shared.server.addresses import hosted

__all__ = ["CONTENT_SECURITY_POLICY", "SecurityHeaders", "security_headers"]

_log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'self'",
    # Gradio's page starts from an inline script and compiles the js= of events
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
])
_HOSTS_FRAMES = "frame-ancestors 'self' https://huggingface.co https://*.hf.space"


def security_headers() -> dict[str, str]:
    """Of every answer, those of the protocol too."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    if hosted():  # the host shows the page in a frame
        headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; {_HOSTS_FRAMES}"
    else:
        headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'self'"
        headers["X-Frame-Options"] = "SAMEORIGIN"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return headers


class SecurityHeaders:
    """ASGI middleware that puts the security headers on every response.

    Pure ASGI, so streamed responses (Gradio's event streams) are not buffered.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            if started:
                raise
            _log.error("%s %s failed", scope["method"], scope["path"][:200], exc_info=error)
            answer = PlainTextResponse("This did not work; see the server log.", 500)
            await answer(scope, receive, send_with_headers)
