"""A text that was pasted stays at hand: what is asked next is asked of it.

"How many nights?" after an abstract is a question on the abstract; "What is the CMB?" is one for
the library. A question that names nothing of its own, or the authors, belongs to the text; one
that names something which the text never speaks of, or asks what a thing is, does not; of what is
between, the text is read first. What follows a question to the library follows that one.

Example:
    >>> remembered("how many nights?", [("We observed 12 voids for 30 nights. ...", "...")]).sure
    True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.literature.assistant.questions.library_names import library_names
from core.literature.assistant.questions.names import names_lacking
from core.literature.assistant.questions.pasted import Pasted, pasted
from core.literature.assistant.questions.small_talk import of_the_assistant
from core.literature.assistant.questions.subjects import content_words, things_in
from core.literature.text.normal_form import tokens
from core.literature.text.text import clean

__all__ = ["Remembered", "remembered"]

_TURNS = 8
_LONGEST = 300
_POINTS = re.compile(
    r"\b(?:the|these|this|their|its|that|above|pasted|my) (?:\w{1,20} )?(?:authors?|abstract|paper"
    r"|paragraph|text|table|article|passage|study|work)\b|\bauthors?\b|\babove\b|\bpasted\b"
    r"|\bdo they\b|\bdid they\b|\bhave they\b|\bare they\b|\btheir\b|\bdoes it say\b",
    re.IGNORECASE)
_DEFINES = re.compile(
    r"(?:so |and |but |ok |then )?(?:(?:what|who)(?:['’]s|s| is| are| was| were) "
    r"(?!(?:the|their|its|this|that|these|those|being)\b(?! (?:cmb|universe|big bang|hubble)))"
    r"|(?:please )?(?:define|explain)(?: to me)?(?: what)? "
    r"(?!(?:this|that|it|the (?:result|text))\b)"
    r"|what (?:does|do) .{2,60} mean\b|how (?:does|do) .{2,60} work\b|tell me about\b)",
    re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b",
    re.IGNORECASE)
_SHORT = 8
"""Words of a question without a verb."""
_OPENING = re.compile(r"^(?:(?:and|so|but|ok(?:ay)?|then|also|now|well|hm+)\b[\s,]{0,3}){1,3}",
                      re.IGNORECASE)


@dataclass(frozen=True)
class Remembered:
    """A pasted text that a question goes back to.

    Attributes:
        given: the text.
        question: without "and" in front.
        sure: whether it is asked of the text and nothing else.
        asked: the questions on it before, each with its answer.
    """

    given: Pasted
    question: str
    sure: bool
    asked: tuple[tuple[str, str], ...] = ()


def remembered(question: str, history: Sequence[tuple[str, str]]) -> Remembered | None:
    """The pasted text that a question is asked of.

    Args:
        question: as typed.
        history: questions and answers before it, the latest last; eight are read.

    Returns:
        None if none was pasted, or the question is about something else.
    """
    given: Pasted | None = None
    left, asked = False, list[tuple[str, str]]()
    for said, answer in history[-_TURNS:]:
        new = pasted(said)
        if new is not None and new.wants != "check":
            given, left = new, False
            asked = [(new.question, answer)] if new.question and new.wants == "answer" else []
        elif given is not None:
            belongs = _belongs(said, given.text, left)
            left = belongs is None
            if belongs is not None:
                asked.append((said, answer))
    if given is None or pasted(question) is not None:
        return None
    sure = _belongs(question, given.text, left)
    if sure is None:
        return None
    rest = _OPENING.sub("", clean(question)).strip() or question
    return Remembered(given, rest[:1].upper() + rest[1:], sure, tuple(asked))


def _belongs(question: str, text: str, left: bool) -> bool | None:
    """True where a question is the text's, False where it may be, None where it is not."""
    bare = _OPENING.sub("", clean(question)).strip(" ?!.")
    if not bare or len(bare) > _LONGEST or of_the_assistant(question):
        return None
    if _POINTS.search(bare) and not names_lacking(bare, text):
        return True
    if left:
        return None
    foreign = _foreign(bare, text)
    if _DEFINES.match(bare) and not _gives(bare, text) and (content_words(bare) or things_in(bare)):
        return None
    short = len(bare.split()) <= _SHORT and not _FINITE.search(bare)
    if short and not names_lacking(bare, text) and _is_question(bare):
        return True
    if foreign:
        return None
    return not (things_in(bare) or content_words(bare))


def _is_question(bare: str) -> bool:
    """Not a term by itself ("dark energy"), which is looked up."""
    return re.match(r"(?:how|which|what|who|when|where|why|the|their|its|for|at|in|with)\b", bare,
                    re.IGNORECASE) is not None and bare not in library_names()


def _gives(bare: str, text: str) -> bool:
    """Whether the text has a number for what is asked: "what is S8?"."""
    flat = re.sub(r"[\\${}_ ]", "", text).lower()
    named = [re.sub(r"[\\${}_ ]", "", thing).lower() for thing in things_in(bare)]
    return any(re.search(re.escape(name) + r"(?:=|≈|~|of|is|[<>])\(?[-−]?\d", flat)
               for name in named if name)


def _foreign(bare: str, text: str) -> bool:
    """Whether a question names a thing that the text does not speak of."""
    if names_lacking(bare, text):
        return True
    there = set(tokens(text))
    return any(not set(tokens(thing)) & there for thing in things_in(bare))
