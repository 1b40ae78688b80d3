"""Threads that compute, and every way in which a computation can end.

A call ends its request whatever becomes of it: it returns or raises; native code panics, which
Python sees as a BaseException that no ``except Exception`` catches; its thread dies; or it gives no
sign of life for minutes. A thread cannot be ended from outside, so one that hangs is left to itself
and another takes its place.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

__all__ = ["ComputationFailedError", "Workers", "in_worker", "sign_of_life"]

SILENT_SECONDS = 600.0
"""Without progress, after which a computation is given up."""

_LOOK_SECONDS = 1.0  # between two looks at whether the thread still lives

_log = logging.getLogger(__name__)
_thread = threading.local()


class ComputationFailedError(ValueError):
    """A computation ended in a way that nobody foresaw; the message is for the page."""


def in_worker() -> bool:
    """Whether this thread is one that computes."""
    return getattr(_thread, "call", None) is not None


def sign_of_life() -> None:
    """Say that the computation of this thread goes on."""
    call = getattr(_thread, "call", None)
    if call is not None:
        call.alive = time.monotonic()


class _Call:
    """One call: what it does, and what came of it."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.ended = threading.Event()
        self.alive = time.monotonic()
        self.value: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        self.alive = time.monotonic()
        try:
            self.value = self.function()
        except BaseException as error:
            self.error = error
        self.ended.set()

    def result(self) -> Any:
        """
        Raises:
            Exception: what the function raised; anything that is no Exception as a
                ComputationFailedError, since it would end whatever thread or loop it came to.
        """
        if self.error is None:
            return self.value
        if isinstance(self.error, Exception):
            raise self.error
        _log.error("a computation ended by %s", type(self.error).__name__, exc_info=self.error)
        raise ComputationFailedError(
            "The computation failed inside a library; try it again, or with other values."
        ) from self.error


class _Worker:
    """A thread that takes one call after the other."""

    def __init__(self, name: str, start: Callable[[], None]) -> None:
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._start = start
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        self._start()
        while True:
            call = self._calls.get()
            _thread.call = call
            try:
                call.run()
            finally:
                _thread.call = None
            del call  # what it returned is not to be kept until the next one

    def begin(self, function: Callable[[], Any]) -> _Call:
        call = _Call(function)
        self._calls.put(call)
        return call


class Workers:
    """Worker threads, started when they are first needed.

    Args:
        name: of the threads.
        start: what each does first.
        silent_seconds: without a sign of life, after which a call is given up.
    """

    def __init__(
        self, name: str, start: Callable[[], None], silent_seconds: float = SILENT_SECONDS
    ) -> None:
        self._name, self._start, self._silent_seconds = name, start, silent_seconds
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def call(self, function: Callable[[], Any]) -> Any:
        """Call a function in one of the threads and return what it returns.

        Raises:
            ComputationFailedError: one sentence, if it ended in none of the usual ways.
            Exception: what it raises.
        """
        worker = self._free()
        call = worker.begin(function)
        while not call.ended.wait(_LOOK_SECONDS):
            if not worker.thread.is_alive() and not call.ended.is_set():
                _log.error("a thread that computed has died")
                raise ComputationFailedError("The computation was cut off; try it again.")
            if time.monotonic() - call.alive > self._silent_seconds:
                _log.error("a computation hangs and is given up")
                raise ComputationFailedError(
                    "The computation did not get on for "
                    f"{_minutes(self._silent_seconds)} and was given up; try it again, or ask for "
                    "less at once."
                )
        with self._lock:
            self._idle.append(worker)
        return call.result()

    def _free(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.thread.is_alive():
                    return worker
        return _Worker(self._name, self._start)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"
