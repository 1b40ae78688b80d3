"""What goes while apps are served: old files, results that nobody reads."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator
from typing import Any

from apps.shared.server.bounds.files import Keeping
from apps.shared.server.gradio_patches import forget_missing, forget_progress, kept_files
from apps.shared.server.streams import served_by

__all__ = ["while_served"]

_EVERY = 10.0  # s between two looks at what is unread

_served: weakref.WeakSet[Any] = weakref.WeakSet()  # gr.Blocks


def _kept() -> set[str]:
    return {path for demo in list(_served) for path in kept_files(demo)}


_files = Keeping(_kept)


@contextlib.asynccontextmanager
async def while_served(app: Any) -> AsyncIterator[None]:
    """The lifespan of one Gradio app."""
    from apps.shared.server.bounds.unread import results

    demo = app.get_blocks()
    _served.add(demo)
    served_by(demo, app)
    results.watch(demo._queue)
    task = asyncio.create_task(_forget(weakref.ref(demo)))
    try:
        async with _files.lifespan(app):
            yield
    finally:
        task.cancel()


async def _forget(served: weakref.ref[Any]) -> None:
    from apps.shared.server.bounds.unread import results

    while True:
        await asyncio.sleep(_EVERY)
        results.forget()
        forget_progress()
        demo = served()
        if demo is not None:
            await asyncio.to_thread(forget_missing, demo)
        del demo
