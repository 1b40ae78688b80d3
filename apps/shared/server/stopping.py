"""Stopping by a signal: at once, with one line, and with no temporary file left.

The server works in threads of its own, so that the main one does nothing but wait: Python handles a
signal there, also while a model computes, while libraries are imported or while pages hold streams
open that never end. Answers on their way have a second to finish; then the process goes, whatever
its threads are at. Nothing is lost by that: files are whole or not there (:mod:`core.files`), and
what is left of the libraries' files lies in the folder that is removed here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from apps.shared.server.temporary import remove_own

__all__ = ["Stoppable", "Stopper"]

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_GRACE = 1.0  # s, for answers on their way


class Stoppable(Protocol):
    """A server that ends soon after it was asked to; uvicorn's are."""

    should_exit: bool


class Stopper:
    """Ends the process at a signal.

    Args:
        title: of what is served, for the line that says it has stopped.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._server: Stoppable | None = None
        self._asked = False
        self._ending = False
        self._done = False

    @contextlib.contextmanager
    def handling(self) -> Iterator[None]:
        """Handle signals; afterwards they do what they did before."""
        before: dict[int, Any] = {}
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                continue  # nohup: it is to go on without its terminal
            before[number] = signal.signal(number, self._handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def serve(self, server: Stoppable) -> None:
        """What is to be asked to end; it ends at once if a signal came before."""
        self._server = server
        server.should_exit = server.should_exit or self._asked

    def run(self, work: Callable[[], Any]) -> Any:
        """Do the work in a thread and wait for it.

        Returns:
            What the work returns.
        """
        answers: list[Any] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(work())
            except BaseException as error:
                failures.append(error)
            finally:
                self._done = True

        threading.Thread(target=run, name="server", daemon=True).start()
        while not self._done:
            time.sleep(0.2)  # a signal ends the sleep
        if failures:
            raise failures[0]
        return answers[0]

    def _handle(self, number: int, _: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            if self._server is not None:
                self._server.should_exit = True
                end = time.monotonic() + _GRACE
                while not self._done and time.monotonic() < end:
                    time.sleep(0.02)
        self._end(number)

    def _end(self, number: int) -> None:
        """Nothing that locks: the signal may have come in the middle of a print."""
        if self._ending:
            return
        self._ending = True
        _end_children()
        remove_own()
        echoed = "\n" if number == signal.SIGINT and os.isatty(1) else ""  # after the terminal's ^C
        with contextlib.suppress(OSError):
            os.write(1, f"{echoed}{self._title} has stopped.\n".encode())
        os._exit(0)


def _end_children() -> None:
    """Processes that draw a picture or read a file; where they cannot be listed, they end soon."""
    if sys.platform != "linux":
        return
    for path in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in path.read_text().split():
                os.kill(int(child), signal.SIGKILL)
