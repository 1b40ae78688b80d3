"""A conversation: its turns, how they look in the chat, and the file it is exported to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.shared.assistant.sources import cited
from apps.shared.page.untrusted import safe_markdown

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import Reply
    from core.literature.assistant.quiz import QuizAnswer
    from core.literature.text.paper import Paper

__all__ = ["Options", "Turn", "history", "markdown", "messages"]


@dataclass(frozen=True)
class Options:
    """How a question was asked.

    Attributes:
        sources: whether to look it up.
        live: whether to search arXiv too.
        length: of the answer, tokens.
        temperature: 0 is the likeliest answer.
        seed: of the sampling.
        paper: read this one and nothing else.
    """

    sources: bool = True
    live: bool = False
    length: int = 160
    temperature: float = 0.0
    seed: int = 1
    paper: Paper | None = None


@dataclass(frozen=True)
class Turn:
    """A question and what came back so far.

    Attributes:
        question: as it was typed.
        options: how it was asked.
        reply: of the model, if it was a question.
        quiz: the answer, if it was multiple choice.
        doing: what is being waited for, or "".
        again: whether it was asked before and this is another try.
    """

    question: str
    options: Options = Options()
    reply: Reply | None = None
    quiz: QuizAnswer | None = None
    doing: str = ""
    again: bool = False

    @property
    def answer(self) -> str:
        """The answer in the chat: safe Markdown."""
        if self.quiz is not None:
            return _quiz_words(self.quiz)
        if self.reply is None:
            return f"*{self.doing}…*" if self.doing else "*Stopped before it began.*"
        return _reply_words(self.reply, self.doing)

    @property
    def how(self) -> str:
        """What differs from the usual, in a line."""
        if not self.again or self.quiz is not None:
            return ""
        return f"*Another try: temperature {self.options.temperature:g}, seed {self.options.seed}.*"


def _reply_words(reply: Reply, doing: str) -> str:
    text = safe_markdown(reply.text).strip()
    if not text and reply.state in ("searching", "writing"):
        return f"*{doing or 'Writing'}…*"
    parts = [text or "*The model wrote nothing; ask in other words.*"]
    missing = [n for n in cited(reply.sources, reply.citations) if f"[{n}]" not in text]
    if missing and reply.state in ("done", "stopped"):
        parts[0] += " " + "".join(f"[{number}]" for number in missing)
    if reply.state == "stopped":
        parts.append("*Stopped here.*")
    if reply.notice:
        parts.append(f"> {safe_markdown(reply.notice)}")
    return "\n\n".join(parts)


def _quiz_words(answer: QuizAnswer) -> str:
    quiz = answer.quiz
    chosen = dict(zip(quiz.letters, quiz.options, strict=True))[answer.letter]
    shares = " · ".join(
        f"{letter} {100 * share:.0f}%"
        for letter, share in zip(quiz.letters, answer.probabilities, strict=True)
    )
    return f"**{answer.letter}** {safe_markdown(chosen)}\n\n{shares}"


def messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The chat as Gradio has it: a message of the user and one of the assistant a turn."""
    shown = []
    for turn in turns:
        answer = "\n\n".join(filter(None, [turn.answer, turn.how]))
        shown += [{"role": "user", "content": safe_markdown(turn.question)},
                  {"role": "assistant", "content": answer}]
    return shown


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """Questions and answers so far, for the model to know what “it” is."""
    return [
        (turn.question, turn.reply.text) for turn in turns
        if turn.reply is not None and turn.reply.text and turn.reply.state in ("done", "stopped")
    ]


def markdown(turns: Sequence[Turn]) -> str:
    """The conversation with its sources and settings, to keep."""
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
        where = "the built-in primer" if paper.is_primer else f"arXiv:{_one_line(paper.id)}"
        lines.append(f"- [{source.number}] {_one_line(paper.title)} ({where})")
        for citation in reply.citations:
            if citation.number == source.number and citation.sentence < len(source.sentences):
                lines.append(f"  - “{_one_line(source.sentences[citation.sentence])}”")
    return "\n".join(lines) + "\n"
