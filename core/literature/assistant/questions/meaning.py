"""What a question means: in English, as it was meant, standing alone.

Example:
    >>> understood("and how is it measured?", [("wat is the BAO scale", "...")]).text
    'How is the BAO scale measured?'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.literature.assistant.manner.asked import AS_USUAL, Manner, manner_of
from core.literature.assistant.questions.abbreviations import unabbreviated
from core.literature.assistant.questions.follow_ups import Wants, standalone
from core.literature.assistant.questions.foreign.glossary import is_english
from core.literature.assistant.questions.greetings import ungreeted
from core.literature.assistant.questions.kinds import Kind, kind_of
from core.literature.assistant.questions.languages import in_english
from core.literature.assistant.questions.sides import sides
from core.literature.assistant.questions.small_talk import of_the_assistant
from core.literature.assistant.questions.spelling import respelled
from core.literature.assistant.questions.told import told
from core.literature.assistant.questions.turns.judgements import is_turn
from core.literature.assistant.questions.two_questions import second_question

__all__ = ["Meaning", "understood"]

_REMEMBERED = 4


@dataclass(frozen=True)
class Meaning:
    """A question as it is looked up.

    Attributes:
        text: in English, standing alone; "" for thanks and questions about the assistant, and
            where the language cannot be read.
        kind: of question.
        sides: what it compares, each by itself; () if nothing.
        wants: "more", "simpler", "papers", "judgement" or "thanks"; "about" where only the
            assistant is greeted or asked about; "" for an answer.
        notice: one sentence on how it was read, or "".
        carries: whether it takes up the question before it.
        second: the second of two questions in one, standing alone; "" if there is one.
        manner: in which the answer is wanted.
    """

    text: str
    kind: Kind
    sides: tuple[str, ...] = ()
    wants: Wants = ""
    notice: str = ""
    carries: bool = False
    second: str = ""
    manner: Manner = AS_USUAL


def understood(question: str, history: Sequence[tuple[str, str]] = ()) -> Meaning:
    """Read a question.

    Args:
        question: as typed.
        history: questions and answers before it, the latest last.
    """
    typed, (question, manner) = question, _manner(question, follows=bool(history))
    if of_the_assistant(question) and not (history and is_turn(question)):
        return Meaning("", "definition", wants="about")
    english, notice = _english(ungreeted(question))
    if not english:
        return Meaning("", "definition", notice=notice)
    said = [turn for turn in history if is_turn(turn[0]) or not of_the_assistant(turn[0])]
    before = [(_english(ungreeted(_manner(asked, follows=True)[0]))[0], answer)
              for asked, answer in said[-_REMEMBERED:]]
    read = standalone(english, before)
    long = told(read.text) if not read.carries else None
    text = unabbreviated(long.text if long is not None else read.text)
    asked = unabbreviated(long.question) if long is not None else text
    wants = _wants(read.wants, manner, only=question != typed and question in _AGAIN)
    return Meaning(text, kind_of(asked), sides(asked), wants, notice, read.carries,
                   second_question(asked) if not wants and not manner else "", manner)


_AGAIN = ("Explain that in simpler words.", "Explain that in more detail.")
"""What a turn asks that only says in which manner: plainer, or otherwise."""


def _manner(question: str, *, follows: bool) -> tuple[str, Manner]:
    """The question without the manner of its answer, and that; of a turn that says nothing else
    what it asks of the one before."""
    rest, manner = manner_of(question)
    if rest:
        return rest, manner
    if not manner or not follows:
        return question, AS_USUAL
    return _AGAIN[0] if manner.plain or manner.most else _AGAIN[1], manner


def _wants(read: Wants, manner: Manner, *, only: bool) -> Wants:
    if read in ("papers", "thanks", "about", "judgement"):
        return read
    if manner.plain or manner.most:
        return "simpler"
    return "" if only else read


def _english(question: str) -> tuple[str, str]:
    """In English with known words, and the sentence that says that it was put so."""
    translated, spelt = in_english(question), respelled(question).text
    if translated is not None and not _is_english(spelt):
        return translated.text, translated.notice
    return spelt, ""


_ASKS = re.compile(
    r"(?:what|why|how|explain|is|are|does|do|can|who|when|where|which|define|describe|tell|list"
    r"|give|compare)\b", re.IGNORECASE)


def _is_english(spelt: str) -> bool:
    """Whether a question asks in English once its slips are mended: "Explian barion acustic
    oscilations" is no Spanish."""
    return _ASKS.match(spelt) is not None and all(
        is_english(word.lower()) for word in re.findall(r"[^\W\d_]+", spelt))
