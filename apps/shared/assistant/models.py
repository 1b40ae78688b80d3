"""The assistant behind the pages: opened once, in the background, when a page is first opened."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from apps.shared.compute.gpu import lend, on_zero_gpu
from core.weights import ModelNotFoundError

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import CosmoGemma
    from core.literature.library.library import Library

__all__ = [
    "Holder", "MissingModelError", "cosmogemma", "library", "loading", "open_all", "reference",
    "status",
]

_log = logging.getLogger(__name__)


class MissingModelError(ValueError):
    """The model cannot be opened on this machine; the message is for the page."""


def _load() -> CosmoGemma:
    """Open it, and let it say one word, so that nothing is left to be opened at a question."""
    from core.literature.assistant.cosmogemma import CosmoGemma

    model = CosmoGemma.load()
    if on_zero_gpu():  # no GPU is lent before a visitor asks
        backend = model.backend
        if getattr(backend, "device", "cpu") != "cpu":
            model.backend = lend(
                lambda: backend, ("log_likelihoods", "first_token"), ("stream",), duration=60
            )()
        return model
    for _ in model.ask("What is the cosmic microwave background?", max_tokens=1):
        pass
    return model


class Holder:
    """One assistant for all visitors, and how far its opening has come.

    Args:
        load: opens it; may take seconds.
    """

    def __init__(self, load: Callable[[], Any] = _load) -> None:
        self.load = load
        self.model: Any = None
        self.error = ""
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def warm(self) -> None:
        """Begin to open it, unless it is open or being opened; after a failure, try again."""
        with self.lock:
            if self.model is None and (self.thread is None or not self.thread.is_alive()):
                self.error = ""
                self.thread = threading.Thread(target=self.open, daemon=True)
                self.thread.start()

    def open(self) -> None:
        """Open it here and now; what goes wrong is kept as a sentence."""
        try:
            self.model = self.load()
        except (ModelNotFoundError, RuntimeError, ValueError) as error:
            self.error = f"The assistant cannot be opened: {error}"
        except BaseException:  # a panic in native code, too: who waits has to hear of it
            _log.exception("the assistant cannot be opened")
            self.error = "The assistant cannot be opened; see the server log."


_holder = Holder()


def loading(every: float = 0.25) -> Iterator[float]:
    """Seconds waited so far, again and again until the assistant is open.

    Raises:
        MissingModelError: one sentence, if it cannot be opened.
    """
    started = time.monotonic()
    _holder.warm()
    while _holder.model is None and not _holder.error:
        yield time.monotonic() - started
        if _holder.thread is not None:
            _holder.thread.join(every)
    if _holder.model is None:
        raise MissingModelError(_holder.error)


def cosmogemma() -> CosmoGemma:
    """The assistant; waits until it is open.

    Raises:
        MissingModelError: one sentence.
    """
    for _ in loading():
        pass
    return _holder.model


def open_all() -> None:
    """Open the assistant in this thread; a failure stands in :func:`status`."""
    _holder.open()


def library() -> Library | None:
    """The assistant's library, if it is open; nothing is waited for."""
    return _holder.model.library if _holder.model is not None else None


def reference(arxiv_id: str) -> str:
    """Words for a paper that the primer rests on: who wrote it and when, if that is known."""
    found = _holder.model.library.reference(arxiv_id) if _holder.model is not None else None
    return found.label if found is not None else f"arXiv:{arxiv_id}"


def status() -> str:
    """What is ready, in a line."""
    model = _holder.model
    if model is None:
        return _holder.error or "The language model is being opened."
    ready = f"Ready: {len(model.library):,} texts in the library, {_what_answers(model.backend)}."
    return f"{ready} {model.notice}".strip()


def _what_answers(backend: Any) -> str:
    if backend.name == "quantised":
        return f"{backend.model_name} in 4 bits answers, on a GPU"
    where = "on the server that was set" if backend.name == "server" else "on this machine"
    return f"the model runs {where}"
