"""Whose turn it is: a fair queue before the model, a visitor's last press, a way to stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from apps.shared.assistant import models
from apps.shared.compute.queue import FairQueue, QueuePosition

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import CosmoGemma

__all__ = ["AT_ONCE", "EVENT", "AnswerRequest", "ModelFailedError", "begin", "in_turn",
           "running", "stop"]

AT_ONCE = 4
"""Requests that the model serves at the same time."""

EVENT: dict[str, Any] = {"concurrency_id": "cosmogemma", "concurrency_limit": 100}
"""For Gradio's events: more come in than the model serves, so that the page can say they wait."""

_log = logging.getLogger(__name__)
_queue = FairQueue(AT_ONCE)
_running: dict[str, AnswerRequest] = {}
_SOON = 1.0  # s in which an answer that was stopped has usually ended
_LONGEST = 20.0  # s; one that a library holds longer is not waited for
_lock = threading.Lock()


class ModelFailedError(ValueError):
    """The model, or the server that runs it, cannot answer; the message is for the page."""


class AnswerRequest:
    """A request for an answer: its position in the queue, and whether its visitor stopped it.

    Args:
        position: in the queue.
        older: the visitor's request before it, whose words must not come after those of this one.

    Attributes:
        forgotten: nobody wants to see any more of it.
    """

    def __init__(self, position: QueuePosition, older: AnswerRequest | None = None) -> None:
        self._position = position
        self._older = older
        self._ended = threading.Event()
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
        yield from self._older_ends()
        for seconds in models.loading():
            if self.cancelled():
                return
            yield f"Opening the language model ({seconds:.0f} s)"
        ahead = self._position.ahead
        while ahead and not self.cancelled():
            yield self._position.message
            ahead = self._position.wait(0.5)

    def end(self) -> None:
        """Note that all it said was shown, and that no more comes."""
        self._older = None
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        return self._ended.wait(seconds)

    def _older_ends(self) -> Iterator[str]:
        """Wait until the older request has said its last; words if that takes long.

        What it says while it ends is on its way to the page, so nothing is shown before it is over.
        """
        older, until = self._older, time.monotonic() + _LONGEST
        while older is not None and not older.wait(0.5) and not self.cancelled():
            if time.monotonic() > until:
                return
            yield "Stopping the answer before this one"


@contextmanager
def begin(visitor: str | None) -> Iterator[AnswerRequest]:
    """Stand in the queue, until the block ends.

    The last press wins: what the visitor asked for before is stopped, and says no more.

    Args:
        visitor: the session of a browser; None for a program, which may ask many things at once.

    Raises:
        ModelFailedError: if the block fails as a backend does.
    """
    with _queue.join() as position:
        with _lock:
            older = _running.get(visitor) if visitor is not None else None
            request = AnswerRequest(position, older)
            if visitor is not None:
                _running[visitor] = request
        if older is not None:
            older.stop(forget=True)
            older.wait(_SOON)
        try:
            yield request
        except RuntimeError as error:  # of the model or its server, in one sentence
            _log.warning("the model cannot answer: %s", error)
            raise ModelFailedError(f"The model cannot answer now: {str(error)[:300]}") from error
        finally:
            request.end()
            with _lock:
                if visitor is not None and _running.get(visitor) is request:
                    del _running[visitor]


@contextmanager
def in_turn() -> Iterator[CosmoGemma]:
    """The assistant for a program, as soon as it is open and free; nothing is shown meanwhile.

    Raises:
        MissingModelError: one sentence, if there is no model.
        ModelFailedError: if the block fails as a backend does.
    """
    with begin(None) as request:
        for _ in request.waiting():
            pass
        yield models.cosmogemma()


def stop(visitor: str | None, forget: bool = False) -> bool:
    """Ask a visitor's request to end where it is; whether there was one.

    Args:
        visitor: the session.
        forget: do not even show where it ended.
    """
    with _lock:
        request = _running.get(visitor or "")
    if request is not None:
        request.stop(forget)
        if forget:  # what it said last may be on its way to the page
            request.wait(_SOON)
    return request is not None


def running(visitor: str) -> bool:
    """Whether a visitor has an answer coming."""
    with _lock:
        return visitor in _running
