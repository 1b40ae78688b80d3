"""Whose words an answer is made of: the model's own, or a paper's, which are quoted as such.

A paper's text is a stranger's. Sentences that speak to the reader or to the model
(:mod:`core.literature.text.addressed`) are neither given to the model to read nor passed on by it;
a sentence that says where code or data are is passed on in quotation marks, as the paper's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.literature.assistant.retrieval import Source
from core.literature.text.addressed import addressed, gives_address
from core.literature.text.text import clean, sentences, words

__all__ = ["LEFT_OUT", "Words", "passed_on", "quoted", "readable", "whose_words"]

LEFT_OUT = ("What a source says to its readers, rather than reports, was left out of this answer.")
_MOST = 3


@dataclass(frozen=True)
class Words:
    """A part of an answer, and whose words it is.

    Attributes:
        text: of the answer.
        of: "paper", where it stands in a source to the letter; else "model".
        number: of that source.
    """

    text: str
    of: Literal["paper", "model"]
    number: int | None = None


def readable(source: Source) -> Source:
    """The source with those of its sentences to read that report something."""
    chosen = tuple(i for i in source.chosen if not addressed(source.sentences[i]))
    if not chosen:
        others = [i for i, text in enumerate(source.sentences) if not addressed(text)]
        chosen = tuple(others[:_MOST])
    return source if chosen == source.chosen else replace(source, chosen=chosen)


def passed_on(text: str, sources: Sequence[Source]) -> str:
    """What the model wrote, without what speaks to the reader, and with addresses quoted."""
    parts = sentences(clean(text))
    if not any(addressed(part) or gives_address(part) for part in parts):
        return text
    kept = (_passed_on(part, sources) for part in parts if not addressed(part))
    return " ".join(filter(None, kept))


def _passed_on(part: str, sources: Sequence[Source]) -> str:
    if not gives_address(part):
        return part
    return f"The paper says: {quoted(part)}" if _source_of(part, sources) is not None else ""


def quoted(sentence: str) -> str:
    """A paper's sentence in quotation marks."""
    return f"“{clean(sentence)}”"


def whose_words(text: str, sources: Sequence[Source]) -> list[Words]:
    """The answer in parts, each with who said it.

    Args:
        text: of the answer.
        sources: what the model read.
    """
    found = []
    for part in sentences(clean(text)):
        number = _source_of(part, sources)
        found.append(Words(part, "model" if number is None else "paper", number))
    return found


def _source_of(part: str, sources: Sequence[Source]) -> int | None:
    """Number of the source that has these very words in one of its sentences."""
    wanted = _plain(part)
    if len(words(wanted)) < 2:
        return None
    return next((source.number for source in sources
                 if any(wanted in _plain(sentence) for sentence in source.sentences)), None)


def _plain(text: str) -> str:
    bare = clean(text).removeprefix("The paper says:").removeprefix("The abstract says:").strip()
    return bare.strip("“”\"'").rstrip(".!?").lower()
