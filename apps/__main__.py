"""All apps behind one address: ``python -m apps``, or ``make app``."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

from apps.shared.compute.memory import limit_arenas
from apps.shared.server.gradio_patches import IncompatibleLibraryError, check
from core.settings import Settings, get_settings

if TYPE_CHECKING:
    import uvicorn

__all__ = ["main"]


def main() -> int:
    """Serve until interrupted; the exit code is 1 if that cannot be done."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    limit_arenas()
    try:
        settings = get_settings()
        listener = _listen(settings)
        server = _server()
    except (ValueError, IncompatibleLibraryError) as error:
        print(error, file=sys.stderr)
        return 1
    address = f"http://{_shown_host(settings.host)}:{listener.getsockname()[1]}"
    print(f"CosmoDesk is at {address} (Ctrl+C stops it)", flush=True)
    if settings.open_browser and _has_display():
        timer = threading.Timer(1.0, webbrowser.open, [address])
        timer.daemon = True
        timer.start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0


def _server() -> uvicorn.Server:
    """The server of the whole site.

    Raises:
        IncompatibleLibraryError: if idle connections cannot be closed in this uvicorn.
    """
    import uvicorn

    from apps.registry import APPS
    from apps.shared.server.connections import CONNECTIONS, UVICORN, IdleTimeoutProtocol
    from apps.site import build_site

    check(UVICORN)
    return uvicorn.Server(
        uvicorn.Config(
            build_site(APPS),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            http=IdleTimeoutProtocol,
            ws="none",
            limit_concurrency=CONNECTIONS,
        )
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise ValueError(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}); set "
            "COSMODESK_PORT to a free one."
        ) from error
    listener.listen(128)
    return listener


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _has_display() -> bool:
    """Whether a browser would open in a window rather than take over the terminal."""
    if os.environ.get("CI") or os.environ.get("SPACE_ID"):
        return False
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


if __name__ == "__main__":
    sys.exit(main())
