"""What a page kept on the server goes soon after the page is closed.

Gradio keeps it for another hour, and the components of every page that was ever opened until ten
thousand more were. A page of reionization holds some megabytes of images: an afternoon of visitors
would fill the memory with what no visitor sees any more.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING

from apps.shared.compute.memory import release_memory
from apps.shared.server.gradio_patches import PageStates
from apps.shared.server.streams import open_sessions

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["Closed", "forget_closed"]

_AFTER = 60.0  # s; a page that only lost its connection for a moment finds everything
_EVERY = 10.0
_IDLE = 240.0  # s; without a stream that is open: a program, or a page whose machine went away


class Closed:
    """The closed pages of an app.

    Args:
        demo: the app.
        after: seconds that a closed page is kept.
    """

    def __init__(self, demo: gr.Blocks, after: float = _AFTER) -> None:
        self._demo = weakref.ref(demo)
        self._after = after
        self._since: dict[str, float] = {}

    def forget(self, now: float) -> int | None:
        """Drop what closed long enough before ``now``; how many pages, None if the app is gone."""
        demo = self._demo()
        if demo is None:
            return None
        states = PageStates(demo)
        opened = open_sessions(demo)
        left = {id for id in states.idle(_IDLE) if not opened[id]}
        self._since = {id: self._since.get(id, now) for id in {*states.closed(), *left}}
        due = [id for id, since in self._since.items()
               if now - since >= self._after and not states.waits(id)]
        for id in due:
            states.drop(id)
        return len(due)


def forget_closed(demo: gr.Blocks, every: float = _EVERY) -> None:
    """Forget closed pages from now on, as long as the app lives."""
    closed = Closed(demo)
    del demo

    def go_on() -> None:
        while (gone := closed.forget(time.monotonic())) is not None:
            if gone:
                release_memory()
            time.sleep(every)

    threading.Thread(target=go_on, daemon=True).start()
