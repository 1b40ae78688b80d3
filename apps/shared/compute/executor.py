"""Where the pages' models compute: few at a time, in threads of a lower priority.

Every call of a model joins one fair queue, whichever page, endpoint or tool makes it, and its
listener hears how long it may take. The work is done in threads of its own with a lower priority,
so that a drawing takes what is left of the processor: pages are served and the words of an answer
keep flowing while maps are drawn. It also keeps the number of threads that have computed small,
each of which holds memory for good.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeVar

import numpy as np

from apps.shared.compute.gpu import on_zero_gpu
from apps.shared.compute.queue import FairQueue, QueuePosition
from apps.shared.compute.requests import RequestTicket, current_ticket, notify
from apps.shared.compute.result_cache import ResultCache, cache_key
from apps.shared.compute.workers import SILENT_SECONDS, Workers, in_worker, sign_of_life

__all__ = [
    "ModelExecutor",
    "Work",
    "queued",
    "background_executor",
    "allow_waiting_threads",
    "model_executor",
]

T = TypeVar("T")
_NOTIFY_SECONDS = 0.5  # between two sentences to a request that waits
_NICE = 10  # an answer's words and the pages get nine tenths of a processor that both want
_MOST_WORKERS = 4  # however many cores there are
_WAITING_THREADS = 160
_KEPT_RESULTS = 256


def allow_waiting_threads(threads: int = _WAITING_THREADS) -> None:
    """Let so many functions of the running loop wait at the same time.

    Every request that waits in a page has a thread that sleeps. The forty that are usual would soon
    be asleep, and with them every answer that needs one, down to a picture from the disk.
    """
    from anyio.to_thread import current_default_thread_limiter

    current_default_thread_limiter().total_tokens = threads


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Work:
    """What is to be computed.

    Attributes:
        kind: such as "HI-CDM sample".
        size: such as the number of maps.
    """

    kind: str
    size: float = 1.0


_position: ContextVar[QueuePosition | None] = ContextVar("position", default=None)


class ModelExecutor:
    """A fair queue, and the worker threads that serve it.

    Args:
        workers: calls that run at once.
        nice: by how much their priority is lower than that of other threads, 0 to 19, where a
            thread can have a priority of its own.
        threads: that torch may use within a call; None leaves it as it is.
        waits_once: whether a request that needs several turns waits for the first alone.
        silent_seconds: without progress, after which a call is given up.
    """

    def __init__(
        self, workers: int, nice: int = 0, threads: int | None = None, waits_once: bool = True,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self.queue = FairQueue(workers, waits_once)
        self._nice, self._threads = nice, threads
        self._workers = Workers("model-worker", self._start_worker, silent_seconds)

    def _start_worker(self) -> None:
        if sys.platform == "linux":  # elsewhere a priority is the whole process's
            which = os.PRIO_PROCESS, threading.get_native_id()
            with contextlib.suppress(OSError):
                os.setpriority(*which, os.getpriority(*which) + self._nice)
        torch = sys.modules.get("torch")
        if torch is not None and self._threads is not None:
            torch.set_num_threads(self._threads)

    def run(self, kind: str | Work, function: Callable[..., T], *arguments: Any, **named: Any
            ) -> T:
        """Call a function when it is its turn, and return what it returns.

        Args:
            kind: of work; its mean duration is what the wait of others is computed from.
            function: called in a worker thread; within one, at once.

        Raises:
            QueueFullError: one sentence, if the visitor has too many requests in the queue.
            RequestCancelledError: if nobody wants the answer any more.
            ComputationFailedError: one sentence, if the call ended in none of the usual ways.
            Exception: what the function raises.
        """
        if in_worker():
            return function(*arguments, **named)
        work = kind if isinstance(kind, Work) else Work(kind)
        with self.queue.join(work.kind, work.size) as position:
            ahead = position.ahead
            while ahead:
                notify(position.message)
                ahead = position.wait(_NOTIFY_SECONDS)
            here = copy_context()
            here.run(_position.set, position)
            return self._workers.call(lambda: here.run(function, *arguments, **named))


@cache
def model_executor() -> ModelExecutor:
    """The one of this process, for what a visitor waits for."""
    workers = 8 if on_zero_gpu() else max(1, min(_MOST_WORKERS, cores() // 2))
    return ModelExecutor(workers, nice=_NICE, threads=max(1, cores() // workers))


@cache
def background_executor() -> ModelExecutor:
    """The one for what is computed ahead, a piece at a time."""
    return ModelExecutor(1, nice=_NICE, waits_once=False)


_results = ResultCache(_KEPT_RESULTS)


def _checked_progress(
    progress: Callable[[float], None], ticket: RequestTicket
) -> Callable[[float], None]:
    """The same, which also ends what nobody waits for any more, and tells that work goes on."""

    def shown(fraction: float) -> None:
        ticket.check()
        sign_of_life()
        position = _position.get()
        if position is not None:
            position.fraction = fraction
        progress(fraction)

    return shown


class _QueuedModel:
    """A model whose methods are called by the executor."""

    def __init__(self, model: Any, name: str) -> None:
        self._model, self._name = model, name

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._model, name)
        if not callable(method) or name.startswith("_"):
            return method

        @wraps(method)
        def call(*arguments: Any, **named: Any) -> Any:
            key = cache_key(id(self._model), name, arguments, named)
            if callable(named.get("progress")):
                named["progress"] = _checked_progress(named["progress"], current_ticket())
            known = _results.get(key)
            if known is not None:
                return known.value

            def work() -> Any:
                found_meanwhile = _results.get(key)
                if found_meanwhile is not None:  # computed for a request before this one
                    return found_meanwhile.value
                return _results.put(key, method(*arguments, **named), self._model)

            size = _size(method, arguments, named)
            return model_executor().run(Work(f"{self._name} {name}", size), work)

        return call


def _size(method: Callable[..., Any], arguments: Any, named: Any) -> float:
    """How many a call asks for: its argument n, else the length of its first row of numbers."""
    try:
        bound = inspect.signature(method).bind(*arguments, **named)
    except (TypeError, ValueError):  # the call itself will tell
        return 1.0
    bound.apply_defaults()
    rows = [len(one) for one in arguments if isinstance(one, np.ndarray) and one.ndim == 1]
    n = bound.arguments.get("n", rows[0] if rows else 1)
    return float(n) if isinstance(n, int | float) and n > 0 else 1.0


def queued(model: T, name: str) -> T:
    """The same model, each of whose methods waits its turn and runs in a worker thread.

    The last results are kept, so that a page that many open is computed once.

    Args:
        model: its methods return values that are never changed, no generators; the same arguments
            give the same result.
        name: of the model, for the durations that are remembered.
    """
    return _QueuedModel(model, name)  # type: ignore[return-value]
