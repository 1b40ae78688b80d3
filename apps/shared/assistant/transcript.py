"""A chat session as it is shown: in the chat, beside it, and in the file it is exported to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apps.shared.assistant import models
from apps.shared.assistant.reply_words import options
from apps.shared.assistant.sources import bars, panel, waiting
from apps.shared.page.untrusted import as_typed, safe_markdown

if TYPE_CHECKING:
    from apps.shared.assistant.session import Turn
    from core.literature.assistant.reply import Reply

__all__ = ["NO_SOURCES", "beside", "markdown", "messages"]

NO_SOURCES = "The sources of the answer will stand here, opened at the sentence that supports it."

_BESIDE = {
    "computed": "No sources: this was computed. The Python beside it gives the same number.",
    "ideas": "The papers stand with each idea.",
    "fixed": "No sources: this was not looked up.",
}
_STOPPED = "No sources: this was stopped before it was looked up."


def messages(turns: Sequence[Turn], suggest: bool = False) -> list[dict[str, Any]]:
    """The chat as Gradio has it: a message of the user and one of the assistant a turn.

    Args:
        turns: of the session.
        suggest: whether what can be asked next stands below the last answer.
    """
    shown: list[dict[str, Any]] = []
    for turn in turns:
        answer = "\n\n".join(filter(None, [turn.answer, turn.how]))
        shown += [{"role": "user", "content": as_typed(turn.question)},
                  {"role": "assistant", "content": answer}]
    if suggest and turns and turns[-1].ended and turns[-1].reply is not None:
        shown[-1]["options"] = options(turns[-1].reply)
    return shown


def beside(turns: Sequence[Turn], index: int = -1, elsewhere: bool = True) -> str:
    """What stands beside a turn: its sources, or the bars of its options.

    Args:
        turns: of the session.
        index: of the turn.
        elsewhere: whether its papers can be opened in another app.
    """
    if not turns:
        return waiting(NO_SOURCES)
    turn = turns[index]
    if turn.quiz is not None:
        return bars(turn.quiz)
    if turn.ended and (turn.reply is None or turn.reply.state == "searching"):
        return waiting(_STOPPED)
    if turn.reply is None or (turn.reply.state == "searching" and not turn.reply.sources):
        return waiting(f"{turn.doing}…")
    last = index in (-1, len(turns) - 1)
    heading = "Sources of this answer" if last else f"Sources of answer {index + 1}"
    if turn.reply.sources:
        return panel(turn.reply.sources, turn.reply.citations, heading, models.reference,
                     elsewhere)
    if turn.reply.how in _BESIDE:
        return waiting(_BESIDE[turn.reply.how])
    if turn.reply.state == "stopped" and not turn.reply.text:
        return waiting(_STOPPED)
    return waiting("No sources: this answer is from memory.")


def markdown(turns: Sequence[Turn]) -> str:
    """The session with its sources and settings, to keep."""
    parts = ["# A conversation with CosmoGemma\n",
             "Answers of a small language model, which can be wrong; check the papers.\n"]
    for turn in turns:
        parts.append(f"## {_one_line(turn.question)}\n\n{turn.answer}\n")
        parts.append(f"*{_how_asked(turn)}*\n")
        if turn.reply is not None and turn.reply.sources:
            parts.append(_sources(turn.reply))
    return "\n".join(parts)


def _one_line(text: str) -> str:
    return " ".join(safe_markdown(text).split())


def _how_asked(turn: Turn) -> str:
    if turn.quiz is not None:
        return "Multiple choice by the likelihood of each option."
    options = turn.options
    read = (f"Sources {'on' if options.sources else 'off'}, arXiv searched live: "
            f"{'yes' if options.live else 'no'}")
    if options.paper is not None:
        read = f"Read from {_one_line(options.paper.id)} alone"
    return (f"{read}, at most {options.length} tokens, temperature "
            f"{options.temperature:g}, seed {options.seed}.")


def _sources(reply: Reply) -> str:
    lines = []
    for source in reply.sources:
        paper = source.paper
        where = "the built-in library" if paper.is_primer else f"arXiv:{_one_line(paper.id)}"
        lines.append(f"- [{source.number}] {_one_line(paper.title)} ({where})")
        for citation in reply.citations:
            if citation.number == source.number and citation.sentence < len(source.sentences):
                lines.append(f"  - “{_one_line(source.sentences[citation.sentence])}”")
    return "\n".join(lines) + "\n"
