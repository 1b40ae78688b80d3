"""What answers a question for which nothing is to be looked up."""

from __future__ import annotations

from collections.abc import Sequence

from core.literature.assistant.answering.tasks import Task
from core.literature.assistant.intent import ABOUT, fixed_reply
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.reply import Reply

__all__ = ["answer_from_memory"]

_WITHOUT_SOURCES = "Sources are off: this is from memory and may be wrong."


def answer_from_memory(question: str, history: Sequence[tuple[str, str]]) -> Reply | Task:
    """The assistant's own words, or what the model is to answer without sources.

    Args:
        question: as typed.
        history: earlier (question, answer) pairs, oldest first.
    """
    meaning = understood(question, history)
    if meaning.wants == "about":
        return Reply(ABOUT, state="done", how="fixed")
    standalone = meaning.text or question
    refusal = fixed_reply(standalone)
    if refusal is not None:
        return Reply(refusal, state="refused", how="fixed")
    return Task(standalone, (), _WITHOUT_SOURCES)
