"""Where the pages' models compute: few at a time, in threads that give way to everything else.

Whoever wants a model stands in one fair line, whichever page, program or tool asks, and is told how
long it may take. The work is done in threads of its own with a lower priority, so that a drawing
takes what is left of the processor: pages are served and the words of an answer keep flowing while
maps are drawn. It also keeps the number of threads that have computed small, each of which holds
memory for good.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, wraps
from typing import Any, TypeVar

from apps.shared.compute.gpu import on_zero_gpu
from apps.shared.compute.queue import FairQueue, notify, waiting_message
from apps.shared.compute.result_cache import ResultCache, cache_key

__all__ = [
    "ModelExecutor",
    "queued",
    "background_executor",
    "allow_waiting_threads",
    "model_executor",
]

T = TypeVar("T")
_LOOK = 0.5  # s between two sentences to somebody who waits
_MOST = 4  # at once, however many cores there are

_here = threading.local()

_THREADS = 160


def allow_waiting_threads(threads: int = _THREADS) -> None:
    """Let so many functions of the running loop wait at the same time.

    Everybody who waits in a page has a thread that sleeps. The forty that are usual would soon be
    asleep, and with them every answer that needs one, down to a picture from the disk.
    """
    from anyio.to_thread import current_default_thread_limiter

    current_default_thread_limiter().total_tokens = threads


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ModelExecutor:
    """A line, and the threads at its head.

    Args:
        places: calls that run at once.
        nice: by how much more they give way than other threads, 0 to 19, where a thread can have a
            priority of its own.
        threads: that torch may use within a call; None leaves it as it is.
    """

    def __init__(self, places: int, nice: int = 0, threads: int | None = None) -> None:
        self.line = FairQueue(places)
        self._nice, self._threads = nice, threads
        self._pool = ThreadPoolExecutor(places, "workshop", self._begin)

    def _begin(self) -> None:
        _here.inside = True
        if sys.platform == "linux":  # elsewhere a priority is the whole process's
            which = os.PRIO_PROCESS, threading.get_native_id()
            with contextlib.suppress(OSError):
                os.setpriority(*which, os.getpriority(*which) + self._nice)
        torch = sys.modules.get("torch")
        if torch is not None and self._threads is not None:
            torch.set_num_threads(self._threads)

    def run(self, kind: str, function: Callable[..., T], *given: Any, **named: Any) -> T:
        """Call a function when it is its turn, and return what it returns.

        Args:
            kind: of the work; its mean time is what those who wait are told.
            function: called in a thread of the workshop; within one, at once.

        Raises:
            Exception: what the function raises.
        """
        if getattr(_here, "inside", False):
            return function(*given, **named)
        with self.line.join(kind) as place:
            ahead = place.ahead
            while ahead:
                notify(waiting_message(ahead, place.seconds, "request", "requests"))
                ahead = place.wait(_LOOK)
            return self._pool.submit(copy_context().run, function, *given, **named).result()


@cache
def model_executor() -> ModelExecutor:
    """The one of this process, for what somebody waits for."""
    places = 8 if on_zero_gpu() else max(1, min(_MOST, cores() // 2))
    return ModelExecutor(places, nice=3, threads=max(1, cores() // places))


@cache
def background_executor() -> ModelExecutor:
    """The one for what is made ahead, a piece at a time."""
    return ModelExecutor(1, nice=6)


_answers = ResultCache(256)


class _QueuedModel:
    """A model whose methods are called in the workshop."""

    def __init__(self, model: Any, name: str) -> None:
        self._model, self._name = model, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not callable(found) or name.startswith("_"):
            return found

        @wraps(found)
        def call(*given: Any, **named: Any) -> Any:
            asked = cache_key(id(self._model), name, given, named)
            known = _answers.get(asked)
            if known is not None:
                return known.value

            def work() -> Any:
                found_meanwhile = _answers.get(asked)
                if found_meanwhile is not None:  # by somebody who was before in the line
                    return found_meanwhile.value
                return _answers.put(asked, found(*given, **named), self._model)

            return model_executor().run(f"{self._name} {name}", work)

        return call


def queued(model: T, name: str) -> T:
    """The same model, each of whose methods waits its turn and runs in the workshop.

    The last answers are kept: who opens the page that many open finds them.

    Args:
        model: its methods return values that nobody changes, no generators; the same arguments
            give the same answer.
        name: of the model, for the times that are remembered.
    """
    return _QueuedModel(model, name)  # type: ignore[return-value]
