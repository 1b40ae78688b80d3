"""Who is being served: a fair line before the model, one request a visitor, a way to stop it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from apps.cosmogemma import models
from apps.shared.compute.queue import FairQueue, QueuePosition, waiting_message

__all__ = ["AT_ONCE", "EVENT", "BusyError", "ModelFailedError", "Work", "begin", "stop"]

AT_ONCE = 4
"""Requests that the model serves at the same time."""

EVENT = {"concurrency_id": "cosmogemma", "concurrency_limit": 24}
"""For Gradio's events: more come in than the model serves, so that the page can say they wait."""

_log = logging.getLogger(__name__)
_line = FairQueue(AT_ONCE)
_running: dict[str, Work] = {}
_lock = threading.Lock()


class BusyError(ValueError):
    """The same visitor has an answer coming already."""


class ModelFailedError(ValueError):
    """The model, or the server that runs it, cannot answer; the message is for the page."""


class Work:
    """A request: its place in the line, and whether its visitor stopped it.

    Attributes:
        forgotten: nobody wants to see any more of it.
    """

    def __init__(self, place: QueuePosition) -> None:
        self._place = place
        self._stopped = threading.Event()
        self.forgotten = False

    def stop(self, forget: bool = False) -> None:
        """Ask it to end where it is."""
        self.forgotten = self.forgotten or forget
        self._stopped.set()

    def cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._stopped.is_set()

    def waiting(self) -> Iterator[str]:
        """What it waits for, in words, until the model is open and free, or it was stopped.

        Raises:
            MissingModelError: one sentence, if there is no model.
        """
        for seconds in models.loading():
            if self.cancelled():
                return
            yield f"Opening the language model ({seconds:.0f} s)"
        ahead = self._place.ahead
        while ahead and not self.cancelled():
            yield waiting_message(ahead, self._place.seconds, "answer", "answers")
            ahead = self._place.wait(0.5)


@contextmanager
def begin(visitor: str | None) -> Iterator[Work]:
    """Stand in the line, until the block ends.

    Args:
        visitor: the session of a browser; None for a program, which may ask many things at once.

    Raises:
        BusyError: if the visitor has an answer coming.
        ModelFailedError: if the block fails as a backend does.
    """
    with _line.join() as place:
        work = Work(place)
        with _lock:
            if visitor is not None and visitor in _running:
                raise BusyError("An answer is still being written; stop it, or wait for its end.")
            if visitor is not None:
                _running[visitor] = work
        try:
            yield work
        except RuntimeError as error:  # of the model or its server, in one sentence
            _log.warning("the model cannot answer: %s", error)
            raise ModelFailedError(f"The model cannot answer now: {str(error)[:300]}") from error
        finally:
            with _lock:
                if visitor is not None:
                    del _running[visitor]


def stop(visitor: str | None, forget: bool = False) -> bool:
    """Ask a visitor's request to end where it is; whether there was one.

    Args:
        visitor: the session.
        forget: do not even show where it ended.
    """
    with _lock:
        work = _running.get(visitor or "")
    if work is not None:
        work.stop(forget)
    return work is not None
