"""A chat session: its turns, how each was asked, and the answering of one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from apps.shared.assistant import models, turns
from apps.shared.assistant.asked import searched
from apps.shared.assistant.reply_words import reply_words
from apps.shared.assistant.turns import AnswerRequest
from apps.shared.checks import number, seed, whole
from apps.shared.page.untrusted import safe_markdown

if TYPE_CHECKING:
    from core.literature.assistant.quiz import QuizAnswer
    from core.literature.assistant.reply import Reply
    from core.literature.text.paper import Paper

__all__ = ["LENGTHS", "LONGEST", "TEMPERATURES", "Options", "Turn", "answering",
           "checked_options", "checked_question", "converse", "history"]

LONGEST = 4000
"""Characters of a question, options and all."""
LENGTHS = (32, 320)
"""Tokens of an answer, at least and at most."""
TEMPERATURES = (0.0, 1.2)

_EVERY = 0.05  # s between two views of a growing answer


@dataclass(frozen=True)
class Options:
    """How a question was asked.

    Attributes:
        sources: whether to look it up.
        live: whether to search arXiv too.
        length: of the answer, tokens.
        temperature: 0 is the likeliest answer.
        seed: Sampling seed.
        paper: read this one and nothing else.
        reference: what its numbers are compared with, by quantity, in place of Planck's.
    """

    sources: bool = True
    live: bool = False
    length: int = 160
    temperature: float = 0.0
    seed: int = 1
    paper: Paper | None = None
    reference: Mapping[str, tuple[float, float]] | None = None


@dataclass(frozen=True)
class Turn:
    """A question and what came back so far.

    Attributes:
        question: as it was typed.
        options: how it was asked.
        reply: of the model, if it was a question.
        quiz: the answer, if it was multiple choice.
        doing: what is being waited for, or "" at the end.
        again: whether it was asked before and this is another try.
    """

    question: str
    options: Options = Options()
    reply: Reply | None = None
    quiz: QuizAnswer | None = None
    doing: str = ""
    again: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return not self.doing

    @property
    def interrupted(self) -> Turn:
        """As it is if nothing more comes, because something else was asked."""
        if self.ended:
            return self
        reply = self.reply
        if reply is not None and (reply.text or reply.sources):
            return replace(self, doing="", reply=replace(reply, state="stopped"))
        return replace(self, doing="", reply=None)

    @property
    def answer(self) -> str:
        """The answer in the chat: safe Markdown."""
        if self.quiz is not None:
            return _quiz_words(self.quiz)
        if self.reply is None:
            return f"*{self.doing}…*" if self.doing else "*Stopped before it began.*"
        return reply_words(self.reply, self.doing)

    @property
    def how(self) -> str:
        """What differs from the usual, in a line."""
        if not self.again or self.quiz is not None:
            return ""
        return f"*Another try: temperature {self.options.temperature:g}, seed {self.options.seed}.*"


def checked_options(values: Mapping[str, Any], paper: Paper | None = None) -> Options:
    """The settings, checked.

    Args:
        values: "sources", "live", "length", "temperature" and "seed", as they came.
        paper: to read and nothing else, if there is one.

    Raises:
        ValueError: one sentence.
    """
    return Options(
        sources=bool(values["sources"]), live=bool(values["live"]),
        length=whole("length", values["length"], *LENGTHS),
        temperature=number("The temperature", values["temperature"], *TEMPERATURES),
        seed=seed(values["seed"]), paper=paper,
    )


def checked_question(question: Any) -> str:
    """A question that can be asked.

    Raises:
        ValueError: one sentence, if it is empty or too long.
    """
    text = str(question or "").strip()
    if not text:
        raise ValueError("There is no question yet: type one, or press one of the examples.")
    searched(text)  # says so, if it has no words
    if len(text) > LONGEST:
        raise ValueError(
            f"The question has {len(text):,} characters and at most {LONGEST:,} can be read; "
            "shorten it."
        )
    return text


def history(session: Sequence[Turn]) -> list[tuple[str, str]]:
    """Questions and answers so far, for the model to know what “it” is."""
    return [
        (turn.question, turn.reply.text) for turn in session
        if turn.reply is not None and turn.reply.text and turn.reply.state in ("done", "stopped")
    ]


def converse(
    turn: Turn, earlier: Sequence[Turn], visitor: str | None, *, quizzes: bool = True
) -> Iterator[Turn]:
    """A turn of a visitor, growing until it has :attr:`Turn.ended`, or nobody wants it any more.

    It takes the place of what the same visitor asked before, which ends.

    Args:
        turn: the question and how it is asked.
        earlier: the turns before it.
        visitor: the session of a browser; None for a program.
        quizzes: whether a multiple-choice question is answered as such.

    Raises:
        ValueError: one sentence.
    """
    with turns.begin(visitor) as request:
        yield replace(turn, doing="Beginning")
        for grown in answering(turn, earlier, request, quizzes=quizzes):
            if request.forgotten:
                return
            yield grown


def answering(
    turn: Turn, earlier: Sequence[Turn], request: AnswerRequest, *, quizzes: bool = True
) -> Iterator[Turn]:
    """As :func:`converse`, for a request that stands in the queue already."""
    from core.literature.assistant.quiz import parse_quiz

    for words in request.waiting():
        yield replace(turn, doing=words)
    if request.cancelled():
        yield replace(turn, doing="")
    elif quizzes and parse_quiz(turn.question) is not None:
        yield replace(turn, doing="Weighing the options")
        yield replace(turn, quiz=models.cosmogemma().quiz(turn.question), doing="")
    else:
        yield from _replies(turn, earlier, request)


def _replies(turn: Turn, earlier: Sequence[Turn], request: AnswerRequest) -> Iterator[Turn]:
    """The model's reply, growing; shown no more often than a reader can see."""
    how = turn.options
    doing = {"searching": _searching(how), "writing": "Writing"}
    shown, state = 0.0, ""
    for reply in models.cosmogemma().ask(
        searched(turn.question), history=history(earlier), use_sources=how.sources, live=how.live,
        paper=how.paper, reference=how.reference, max_tokens=how.length,
        temperature=how.temperature, seed=how.seed, cancelled=request.cancelled,
    ):
        now = time.monotonic()
        if reply.state != "writing" or reply.state != state or now - shown > _EVERY:
            shown, state = now, reply.state
            yield replace(turn, reply=reply, doing=doing.get(state, ""))


def _searching(how: Options) -> str:
    if how.paper is not None:
        return "Reading the abstract"
    return "Searching arXiv and the library" if how.live else "Searching the library"


def _quiz_words(answer: QuizAnswer) -> str:
    quiz = answer.quiz
    chosen = dict(zip(quiz.letters, quiz.options, strict=True))[answer.letter]
    shares = " · ".join(
        f"{letter} {100 * share:.0f}%"
        for letter, share in zip(quiz.letters, answer.probabilities, strict=True)
    )
    return f"**{answer.letter}** {safe_markdown(chosen)}\n\n{shares}"
