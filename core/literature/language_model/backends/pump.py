"""An iterator that can be stopped, over what a call in another thread hands over."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from typing import Any

__all__ = ["pump"]

POLL_SECONDS = 0.05


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
        Exception: what the producer raised.
    """
    pieces: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    ended = threading.Event()

    def take(piece: Any) -> bool:
        pieces.put(("piece", piece))
        return ended.is_set() or not threading.main_thread().is_alive()

    def work() -> None:
        try:
            produce(take)
            pieces.put(("end", None))
        except BaseException as error:
            pieces.put(("error", error))

    threading.Thread(target=work, name="backend stream", daemon=daemon).start()
    try:
        while not (cancelled is not None and cancelled()):
            try:
                kind, piece = pieces.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if kind == "end":
                return
            if kind == "error":
                raise piece
            yield piece
    finally:
        ended.set()
