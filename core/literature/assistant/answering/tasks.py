"""What is left for the language model, where nothing else answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.literature.assistant.retrieval import Source
from core.literature.text.paper import Paper

__all__ = ["Task", "Wanted", "never"]


def never() -> bool:
    """Nobody has cancelled."""
    return False


@dataclass(frozen=True)
class Task:
    """What the model is to answer, from what.

    Attributes:
        question: standing alone.
        sources: to read, the best first; none for an answer from memory.
        notice: to show beside the answer, or "".
        paper: that the question is about, if it is about one.
    """

    question: str
    sources: tuple[Source, ...]
    notice: str
    paper: Paper | None = None


@dataclass(frozen=True)
class Wanted:
    """How the model is to write.

    Attributes:
        max_tokens: longest answer.
        temperature: 0 is the likeliest answer; 1 samples as the model would.
        seed: Sampling seed.
        cancelled: asked between tokens; once true, the answer stops where it is.
    """

    max_tokens: int = 160
    temperature: float = 0.0
    seed: int = 0
    cancelled: Callable[[], bool] = never
