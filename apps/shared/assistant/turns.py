"""Whose turn it is: a fair queue before the model, one request a visitor, a way to stop it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from apps.shared.assistant import models
from apps.shared.compute.queue import FairQueue, QueuePosition

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import CosmoGemma

__all__ = ["AT_ONCE", "EVENT", "AnswerRequest", "BusyError", "ModelFailedError", "begin", "in_turn",
           "stop"]

AT_ONCE = 4
"""Requests that the model serves at the same time."""

EVENT: dict[str, Any] = {"concurrency_id": "cosmogemma", "concurrency_limit": 100}
"""For Gradio's events: more come in than the model serves, so that the page can say they wait."""

_log = logging.getLogger(__name__)
_queue = FairQueue(AT_ONCE)
_running: dict[str, AnswerRequest] = {}
_lock = threading.Lock()


class BusyError(ValueError):
    """The same visitor has an answer coming already."""


class ModelFailedError(ValueError):
    """The model, or the server that runs it, cannot answer; the message is for the page."""


class AnswerRequest:
    """A request for an answer: its position in the queue, and whether its visitor stopped it.

    Attributes:
        forgotten: nobody wants to see any more of it.
    """

    def __init__(self, position: QueuePosition) -> None:
        self._position = position
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
        ahead = self._position.ahead
        while ahead and not self.cancelled():
            yield self._position.message
            ahead = self._position.wait(0.5)


@contextmanager
def begin(visitor: str | None) -> Iterator[AnswerRequest]:
    """Stand in the queue, until the block ends.

    Args:
        visitor: the session of a browser; None for a program, which may ask many things at once.

    Raises:
        BusyError: if the visitor has an answer coming.
        ModelFailedError: if the block fails as a backend does.
    """
    with _queue.join() as position:
        request = AnswerRequest(position)
        with _lock:
            if visitor is not None and visitor in _running:
                raise BusyError("An answer is still being written; stop it, or wait for its end.")
            if visitor is not None:
                _running[visitor] = request
        try:
            yield request
        except RuntimeError as error:  # of the model or its server, in one sentence
            _log.warning("the model cannot answer: %s", error)
            raise ModelFailedError(f"The model cannot answer now: {str(error)[:300]}") from error
        finally:
            with _lock:
                if visitor is not None:
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
    return request is not None
