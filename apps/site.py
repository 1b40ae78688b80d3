"""All apps behind one address: a small ASGI app that loads each Gradio app when it can.

The front page is served as soon as the process listens. Gradio and the pages are imported in a
thread right after; a request for an app that is not ready yet waits for it. Models load later
still, when a page first needs them.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from apps.front_page import ICON, front_page, message_page, picture_path
from apps.registry import AppEntry
from apps.shared.launch import SecurityHeaders, hosted

__all__ = ["LazyApp", "build_site"]

_log = logging.getLogger(__name__)


class LazyApp:
    """An ASGI app that is made in a thread at the first request or at :meth:`ready`.

    Args:
        load: makes the app (a FastAPI app with a lifespan). Called again if it failed.
        title: for the page that is shown if it fails.
    """

    def __init__(self, load: Callable[[], Any], title: str) -> None:
        self._load = load
        self._title = title
        self._app: Any = None
        self._lock = asyncio.Lock()
        self._stop = asyncio.Event()
        self._holder: asyncio.Task[None] | None = None

    async def ready(self) -> Any:
        """The app, started."""
        async with self._lock:
            if self._app is None:
                app = await asyncio.to_thread(self._load)
                started = asyncio.get_running_loop().create_future()
                self._holder = asyncio.create_task(self._hold(app, started))
                await started
                self._app = app
        return self._app

    async def _hold(self, app: Any, started: asyncio.Future[None]) -> None:
        """Keep the app's lifespan open; it has to be entered and left in one task."""
        try:
            async with app.router.lifespan_context(app):
                started.set_result(None)
                await self._stop.wait()
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)

    async def close(self) -> None:
        """End the app's lifespan."""
        self._stop.set()
        if self._holder is not None:
            with contextlib.suppress(Exception):
                await self._holder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            app = await self.ready()
        except Exception:
            _log.exception("%s could not be started", self._title)
            sentence = f"{self._title} could not be started; the terminal says why."
            response = HTMLResponse(message_page("Not available", sentence), status_code=503)
            await response(scope, receive, send)
            return
        # the mounted app routes by the whole path, as if it were alone at this address
        await app({**scope, "root_path": scope.get("app_root_path", "")}, receive, send)


def build_site(apps: Sequence[AppEntry], preload: bool = True) -> Any:
    """The ASGI app of the front page and of every app.

    Args:
        apps: entries of the registry.
        preload: whether to import the apps in the background right after the start.
    """
    pages = {app.path: LazyApp(lambda app=app: _load(app), app.title) for app in apps}  # type: ignore[misc]

    async def home(_: Request) -> Response:
        return HTMLResponse(front_page(apps), headers={"Cache-Control": "no-cache"})

    routes: list[BaseRoute] = [Route("/", home)]
    routes += [Route("/robots.txt", _robots), Route("/favicon.ico", _icon)]
    routes += [Route(picture_path(app), _picture(app)) for app in apps if app.picture.is_file()]
    routes += [Mount(path, page) for path, page in pages.items()]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_preload(list(pages.values()))) if preload else None
        yield
        if task is not None:
            task.cancel()
        for page in pages.values():
            await page.close()

    site = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _not_found})
    return SecurityHeaders(site)


def _load(app: AppEntry) -> Any:
    from apps.shared.launch import mount

    return mount(importlib.import_module(app.module).build(), app.path)


async def _preload(pages: list[LazyApp]) -> None:
    await asyncio.sleep(0.5)  # the front page first
    for page in pages:
        try:
            await page.ready()
        except Exception:
            _log.exception("an app could not be started")


async def _not_found(request: Request, _: Exception) -> Response:
    sentence = "There is no page at this address; the front page lists what there is."
    return HTMLResponse(message_page("Not found", sentence), status_code=404)


async def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow:\n" if hosted() else
                             "User-agent: *\nDisallow: /\n")


async def _icon(_: Request) -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def _picture(app: AppEntry) -> Callable[[Request], Any]:
    async def picture(_: Request) -> Response:
        return FileResponse(app.picture, headers={"Cache-Control": "max-age=3600"})

    return picture
