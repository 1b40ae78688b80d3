"""An iterator that can be stopped, over what a call in another thread hands over."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

from core.native import panics_as_errors

__all__ = ["pump"]

POLL_SECONDS = 0.05
SILENT_SECONDS = 600.0
"""Without a piece, after which the producer is given up; the prompt's progress counts as pieces."""


def pump(
    produce: Callable[[Callable[[Any], bool]], None],
    cancelled: Callable[[], bool] | None,
    *,
    daemon: bool = True,
) -> Generator[Any, None, None]:
    """Run a producer in a thread of its own and yield what it hands over.

    Args:
        produce: called with a function that takes a piece and returns whether to stop.
        cancelled: asked before every piece and at least 20 times a second; true ends the iterator
            at once, and the producer with its next piece.
        daemon: let the program end in the middle of a piece; false for a producer in C++, which
            would not survive that: the program then waits for its next piece.

    Raises:
        RuntimeError: one sentence, if the producer's thread ended without a word, hung, or raised
            what is no Exception, as native code does when it panics.
        Exception: what the producer raised.
    """
    pieces: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    ended = threading.Event()

    def take(piece: Any) -> bool:
        pieces.put(("piece", piece))
        return ended.is_set() or not threading.main_thread().is_alive()

    def work() -> None:
        try:
            with panics_as_errors("The language model"):
                produce(take)
            pieces.put(("end", None))
        except BaseException as error:
            pieces.put(("error", error))

    thread = threading.Thread(target=work, name="backend stream", daemon=daemon)
    thread.start()
    heard = time.monotonic()
    try:
        while not (cancelled is not None and cancelled()):
            lives = thread.is_alive()  # before the look: what it left behind is read to its end
            try:
                kind, piece = pieces.get(timeout=POLL_SECONDS)
            except queue.Empty:
                _check_goes_on(lives, time.monotonic() - heard)
                continue
            heard = time.monotonic()
            if kind == "end":
                return
            if kind == "error":
                raise piece
            yield piece
            heard = time.monotonic()  # not counting what was done with the piece
    finally:
        ended.set()


def _check_goes_on(lives: bool, silent: float) -> None:
    if not lives:
        raise RuntimeError("The language model was cut off.")
    if silent > SILENT_SECONDS:
        raise RuntimeError(
            f"The language model gave no word for {SILENT_SECONDS / 60:.0f} minutes."
        )
