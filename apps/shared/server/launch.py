"""Serve a Gradio app hardened: bounded queue and uploads, no files of the disk, security headers.

Gradio's own defaults are those of a notebook. Here no path of the disk is served, errors keep their
traceback to themselves, waiting requests and uploads are bounded, temporary files go after an hour,
nothing is measured or phoned home, and every response carries the headers that keep a browser from
guessing types, framing the page or loading anything from elsewhere.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp

from apps.shared.compute.executor import allow_waiting_threads
from apps.shared.endpoints import mcp_served
from apps.shared.server import connections, gradio_patches
from apps.shared.server.assets import Assets, check_scripts
from apps.shared.server.bounds import files
from apps.shared.server.guard import Guard, KnownRoutes, hosted
from apps.shared.server.headers import CONTENT_SECURITY_POLICY, SecurityHeaders
from apps.shared.server.headers import security_headers as _headers
from apps.shared.server.lifespan import while_served
from apps.shared.server.process import prepared
from apps.shared.server.sessions import forget_closed
from apps.shared.server.stopping import Stopper
from apps.shared.server.streams import Streams
from apps.shared.server.visitors import PLACES, serve_in_turn
from core.settings import Settings, get_settings

if TYPE_CHECKING:
    import gradio as gr

__all__ = [
    "CONTENT_SECURITY_POLICY", "SecurityHeaders", "_headers", "alone", "launch", "mount",
    "protected",
]

CACHE_SECONDS = (3600, 3600)  # how often temporary files are looked at, and how old they may get
SESSIONS = 500  # pages whose state is kept; one more takes the place of the oldest

# Uploads and results go into a folder that nobody else can write to, rather than into one that all
# Gradio apps of the machine share. Components read the name when they are made, so it stands here.
os.environ["GRADIO_TEMP_DIR"] = str(files.folder("files"))


def _prepare(demo: gr.Blocks) -> dict[str, Any]:
    """Change Gradio and bound the app; return what launching and mounting have in common."""
    from gradio.route_utils import BUILD_PATH_LIB

    from apps.shared.page.spoken import translations
    from apps.shared.page.theme import theme

    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    settings = get_settings()
    gradio_patches.apply()
    check_scripts(Path(BUILD_PATH_LIB))
    gradio_patches.bound(demo, SESSIONS, CACHE_SECONDS)
    demo.max_threads = PLACES
    demo.queue(max_size=settings.queue_size, api_open=False)  # every request waits in the queue
    serve_in_turn(demo, settings.queue_size)
    forget_closed(demo)
    return {
        "theme": theme(),
        "i18n": translations(),
        "show_error": False,
        "allowed_paths": [],
        "max_file_size": settings.max_upload_mb * 2**20,
        "enable_monitoring": False,
        "footer_links": ["api"],
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": mcp_served(settings),
    }


def _app_options() -> dict[str, Any]:
    """Of the FastAPI app that Gradio makes: what it answers to errors, what goes while it lives."""
    from apps.shared.server.bounds.identifiers import HANDLERS

    return {"exception_handlers": HANDLERS, "lifespan": while_served}


def protected(app: ASGIApp) -> ASGIApp:
    """The whole site behind its guard, every response with the security headers."""
    connections.believe_no_header()
    return SecurityHeaders(Guard(app))


def mount(demo: gr.Blocks, path: str) -> Any:
    """A FastAPI app that serves ``demo`` at ``path`` and nothing else.

    The caller puts :func:`protected` around it, once for the whole site.

    Raises:
        IncompatibleLibraryError: if the Gradio that is installed cannot be secured.
    """
    import gradio as gr
    from fastapi import FastAPI

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Streams, demo=demo, prefix=path)
    app.add_middleware(KnownRoutes, prefix=path)
    options = _prepare(demo)
    site = gr.mount_gradio_app(app, demo, path=path, app_kwargs=_app_options(), **options)
    gradio_patches.mark_launched(demo)
    return site


def alone(demo: gr.Blocks) -> ASGIApp:
    """The site of one app, at the root of its address.

    Raises:
        IncompatibleLibraryError: if the Gradio that is installed cannot be secured.
    """
    app = mount(demo, "/")
    within = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(site: Any) -> AsyncIterator[None]:
        allow_waiting_threads()
        async with within(site):
            yield

    app.router.lifespan_context = lifespan
    return protected(Assets(app))


def launch(demo: gr.Blocks, *, port: int | None = None, prevent_thread_lock: bool = False
           ) -> tuple[Any, str, str | None]:
    """Serve one app alone, on this machine or as a Space.

    Args:
        demo: the app.
        port: instead of the one of the settings.
        prevent_thread_lock: return at once (for tests).

    Returns:
        (FastAPI app, local address, None).

    Raises:
        IncompatibleLibraryError: if the Gradio that is installed cannot be secured.
    """
    if prevent_thread_lock:
        return _launch(demo, get_settings(), port)
    stopper = Stopper(demo.title or "The app")
    with stopper.handling(), prepared(get_settings()):
        app, address, shared = _launch(demo, get_settings(), port)
        print(f"{demo.title} is at {address.rstrip('/')} (Ctrl+C stops it)", flush=True)
        stopper.serve(demo.server)
        stopper.run(demo.server.thread.join)
    return app, address, shared


def _launch(demo: gr.Blocks, settings: Settings, port: int | None) -> tuple[Any, str, str | None]:
    """Serve in a thread."""
    from starlette.middleware import Middleware

    options = _prepare(demo)
    gradio_patches.check(connections.UVICORN)
    connections.believe_no_header()
    connections.serve_gradio()
    return demo.launch(
        server_name=None if hosted() else settings.host,
        server_port=None if hosted() else (settings.port if port is None else port),
        strict_cors=True,
        state_session_capacity=SESSIONS,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        max_threads=PLACES,
        app_kwargs={
            **_app_options(),
            "middleware": [Middleware(SecurityHeaders), Middleware(Guard), Middleware(Assets),
                           Middleware(KnownRoutes), Middleware(Streams, demo=demo)],
            "docs_url": None, "redoc_url": None, "openapi_url": None,
        },
        **options,
    )
