"""An answer of the assistant, growing while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.literature.assistant.citations import Citation
from core.literature.assistant.composing.compose import Composed
from core.literature.assistant.retrieval import Source

__all__ = ["How", "Reply", "State"]

State = Literal["searching", "writing", "done", "stopped", "refused"]

How = Literal["written", "quoted", "computed", "ideas", "fixed"]


@dataclass(frozen=True)
class Reply:
    """An answer, growing while it is written; the last one is whole.

    Attributes:
        text: what is written so far.
        sources: what was found, the best first.
        citations: which sentence of which source supports the answer; known when it is done.
        state: "searching", "writing", then "done", "stopped" or "refused".
        from_memory: written without any source.
        notice: a sentence to show beside the answer, or "".
        seconds: since the question.
        tokens: pieces written.
        how: "written" by the model, "quoted" from the sources sentence by sentence, "computed",
            "ideas" of the collection and the library, or "fixed" words.
        composed: the quoted parts, where the answer is quoted from the library.
        lead: words in front of them, or "".
        code: Python that gives a computed number, or "".
        next_questions: that the library answers too.
        asked: the question as it was read: in English, standing alone.
    """

    text: str = ""
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    state: State = "searching"
    from_memory: bool = False
    notice: str = ""
    seconds: float = 0.0
    tokens: int = 0
    how: How = "written"
    composed: Composed | None = None
    lead: str = ""
    code: str = ""
    next_questions: tuple[str, ...] = ()
    asked: str = ""
