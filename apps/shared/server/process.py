"""A server from its command line to its end: options, log, folders, socket, signals."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from apps.shared.server.command_line import read_options
from apps.shared.server.stopping import Stopper

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["prepared", "run"]


def run(module: str, title: str, make: Callable[[], Any], arguments: Sequence[str] = ()) -> int:
    """Serve until a signal comes.

    Args:
        module: that is run, such as "apps.hi_maps".
        title: of what it serves.
        make: makes the ASGI app; called in a thread, so that signals are heard meanwhile.
        arguments: of the command line, without the command.

    Returns:
        The exit code: 0, or 1 if it cannot be served, of which one sentence is printed.

    Raises:
        SystemExit: 0 after --help and --version, 2 for a wrong option.
    """
    stopper = Stopper(title)
    with stopper.handling():
        asked_for = read_options(module, title, arguments)
        return stopper.run(lambda: _serve(stopper, title, make, asked_for))


def _serve(
    stopper: Stopper, title: str, make: Callable[[], Any], open_anyway: bool
) -> int:
    from apps.shared.server.gradio_patches import IncompatibleLibraryError
    from core.device import check_device
    from core.settings import get_settings

    try:
        settings = get_settings()
        check_device(settings.device)
        with prepared(settings), contextlib.closing(_listen(settings)) as listener:
            server = _server(make)
            address = f"http://{_shown_host(settings.host)}:{listener.getsockname()[1]}"
            print(f"{title} is at {address} (Ctrl+C stops it)", flush=True)
            if open_anyway or (settings.open_browser and _has_display()):
                _open_soon(address)
            stopper.serve(server)
            server.run(sockets=[listener])
    except (ValueError, IncompatibleLibraryError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def prepared(settings: Settings) -> Iterator[None]:
    """The log, a home for the libraries, a temporary folder that goes; few heaps of memory.

    Raises:
        ValueError: one sentence, if there is no folder to write to.
    """
    from apps.shared.compute.memory import limit_arenas
    from apps.shared.server.log import configured
    from apps.shared.server.temporary import sweep_others, within_own
    from core.home import provide_home

    limit_arenas()
    with configured(settings.log_level):
        provide_home(settings.cache)
        with within_own():
            sweep_others()
            yield


def _server(make: Callable[[], Any]) -> Any:
    """The server of an app or of all.

    Raises:
        IncompatibleLibraryError: if idle connections cannot be closed in this uvicorn.
    """
    import uvicorn

    from apps.shared.server.connections import CONNECTIONS, UVICORN, IdleTimeoutProtocol
    from apps.shared.server.gradio_patches import check

    check(UVICORN)
    return uvicorn.Server(
        uvicorn.Config(
            make(),
            log_config=None,
            access_log=False,
            server_header=False,
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
        listener.listen(128)
    except (socket.gaierror, UnicodeError) as error:
        listener.close()
        raise ValueError(
            f"The host {settings.host[:80]} has no address here; give one of this machine, such as "
            "127.0.0.1, with --host or COSMODESK_HOST."
        ) from error
    except OSError as error:
        listener.close()
        raise ValueError(
            f"Port {settings.port} of {settings.host} cannot be used "
            f"({error.strerror or 'no such address'}); give a free one with "
            "--port or COSMODESK_PORT."
        ) from error
    return listener


def _open_soon(address: str) -> None:
    import webbrowser

    timer = threading.Timer(1.0, webbrowser.open, [address])
    timer.daemon = True
    timer.start()


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
