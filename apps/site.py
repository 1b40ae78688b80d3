"""All apps behind one address: a small ASGI app that loads each Gradio app when it can.

The front page is served as soon as the process listens. Gradio and the pages are imported in a
thread right after; a request for an app that is not ready yet waits for it. Models load later
still, when a page first needs them. The pictures of the front page come from a process of their
own, after the apps.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from apps import front_page
from apps.front_page import State
from apps.pictures import Gallery
from apps.registry import AppEntry
from apps.shared.compute.executor import allow_waiting_threads
from apps.shared.page import studio
from apps.shared.page.plain import message_page, not_found_page
from apps.shared.server.assets import Assets
from apps.shared.server.gradio_patches import IncompatibleLibraryError
from apps.shared.server.guard import hosted
from apps.shared.server.launch import protected
from core.native import panics_as_errors

__all__ = ["BUILDING", "LazyApp", "build_site"]

_log = logging.getLogger(__name__)

BUILDING = threading.Lock()
"""Gradio knows one app under construction a process: of two that are built at once, parts of one
end up in the other, and neither shows. A visitor may open one while another is being preloaded."""


class LazyApp:
    """An ASGI app that is made in a thread at the first request or at :meth:`ready`.

    Args:
        load: makes the app (a FastAPI app with a lifespan). Called again if it failed.
        title: for the page that is shown if it fails.
        within: the studio that it belongs to; whatever the app does happens inside.

    Attributes:
        title: as given.
        state: how far it has come.
    """

    def __init__(
        self, load: Callable[[], Any], title: str,
        within: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> None:
        self._load = load
        self.title = title
        self._within = within
        self._app: Any = None
        self._lock = asyncio.Lock()
        self._stop = asyncio.Event()
        self._holder: asyncio.Task[None] | None = None
        self.state: State = "waiting"

    async def ready(self) -> Any:
        """The app, started."""
        async with self._lock:
            if self._app is None:
                self.state = "loading"
                try:
                    with self._within():  # the thread and the task take it along
                        app = await asyncio.to_thread(self._loaded)
                        started = asyncio.get_running_loop().create_future()
                        self._holder = asyncio.create_task(self._hold(app, started))
                    await started
                except BaseException:
                    self.state = "failed"
                    raise
                self._app, self.state = app, "ready"
        return self._app

    def _loaded(self) -> Any:
        with panics_as_errors(self.title):
            return self._load()

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
        except Exception as error:
            _log_failure(self.title, error)
            sentence = f"{self.title} could not be started; see the server log."
            page = message_page("Not available", sentence)
            await HTMLResponse(page, status_code=503)(scope, receive, send)
            return
        # the mounted app routes by the whole path, as if it were alone at this address
        with self._within():
            await app({**scope, "root_path": scope.get("app_root_path", "")}, receive, send)


def _log_failure(title: str, error: Exception) -> None:
    if isinstance(error, IncompatibleLibraryError):  # its sentence says all there is to say
        _log.error("%s was not started: %s", title, error)
    else:
        _log.error("%s could not be started", title, exc_info=error)


def build_site(
    apps: Sequence[AppEntry], preload: bool = True, pictures: bool | None = None
) -> Any:
    """The ASGI app of the front page and of every app.

    Args:
        apps: entries of the registry.
        preload: whether to import the apps in the background right after the start.
        pictures: whether to draw the pictures of the front page after that; by default so.
    """
    shown = [studio.StudioApp(app.path, app.title) for app in apps]
    pages = {app.path: _lazy(app, shown) for app in apps}
    gallery = Gallery(apps if preload and pictures is not False else ())

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        allow_waiting_threads()
        task = asyncio.create_task(_preload(list(pages.values()), gallery)) if preload else None
        yield
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for page in pages.values():
            await page.close()

    routes: list[BaseRoute] = [
        *_front_routes(apps, pages, gallery, shown),
        Route("/robots.txt", _robots), Route("/favicon.ico", _icon),
        Route(studio.API, _api_page(apps, shown)),
        *(Mount(path, page) for path, page in pages.items()),
    ]
    site = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _not_found})
    return protected(Assets(site))


def _lazy(app: AppEntry, shown: Sequence[studio.StudioApp]) -> LazyApp:
    return LazyApp(lambda: _load(app), app.title, lambda: studio.of(shown, app.path))


def _front_routes(
    apps: Sequence[AppEntry], pages: dict[str, LazyApp], gallery: Gallery,
    shown: Sequence[studio.StudioApp],
) -> list[BaseRoute]:
    """The front page, its script, its pictures, and what has changed since it was sent."""

    def cards() -> list[front_page.AppCard]:
        return [
            front_page.AppCard(app, pages[app.path].state, gallery.get(app.path)) for app in apps
        ]

    async def home(_: Request) -> Response:
        with studio.of(shown):
            page = front_page.front_page(cards())
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    async def states(_: Request) -> Response:
        settled = gallery.whole and all(p.state in ("ready", "failed") for p in pages.values())
        parts = {card.app.path: front_page.parts(card) for card in cards()}
        answer = {"settled": settled, "apps": parts}
        return JSONResponse(answer, headers={"Cache-Control": "no-cache"})

    routes: list[BaseRoute] = [
        Route("/", home), Route("/states.json", states), Route("/front.js", _script),
    ]
    for app in apps:
        routes.append(Route(front_page.drawn_path(app), _drawn(app, gallery)))
        if app.picture.is_file():
            routes.append(Route(front_page.picture_path(app), _picture(app)))
    return routes


def _api_page(apps: Sequence[AppEntry], shown: Sequence[studio.StudioApp]) -> Callable[..., Any]:
    @cache
    def made() -> str:
        from apps.api_page import api_page

        return api_page(apps)

    async def page(_: Request) -> Response:
        with studio.of(shown, studio.API):
            text = await asyncio.to_thread(made)
        return HTMLResponse(text, headers={"Cache-Control": "no-cache"})

    return page


def _load(app: AppEntry) -> Any:
    from apps.shared.server.launch import mount

    with BUILDING:
        return mount(importlib.import_module(app.module).build(), app.path)


async def _preload(pages: Sequence[LazyApp], gallery: Gallery) -> None:
    await asyncio.sleep(0.5)  # the front page first
    for page in pages:
        try:
            await page.ready()
        except Exception as error:
            _log_failure(page.title, error)
    await gallery.keep()


async def _not_found(request: Request, _: Exception) -> Response:
    return HTMLResponse(not_found_page(), status_code=404)


async def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow:\n" if hosted() else
                             "User-agent: *\nDisallow: /\n")


async def _icon(_: Request) -> Response:
    return Response(front_page.ICON, media_type="image/svg+xml",
                    headers={"Cache-Control": "max-age=86400"})


async def _script(_: Request) -> Response:
    return Response(front_page.SCRIPT, media_type="text/javascript",
                    headers={"Cache-Control": "max-age=3600"})


def _picture(app: AppEntry) -> Callable[[Request], Any]:
    async def picture(_: Request) -> Response:
        return FileResponse(app.picture, headers={"Cache-Control": "max-age=3600"})

    return picture


def _drawn(app: AppEntry, gallery: Gallery) -> Callable[[Request], Any]:
    async def drawn(request: Request) -> Response:
        picture = gallery.get(app.path)
        if picture is None or not picture.image:
            return await _not_found(request, LookupError())
        return Response(picture.image, media_type="image/webp",
                        headers={"Cache-Control": "max-age=3600"})

    return drawn
