"""The pieces that a question falls into when it is read with a glossary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Kind", "Piece"]

Kind = Literal["noun", "adjective", "verb", "past", "word", "unread", "mark"]


@dataclass(frozen=True)
class Piece:
    """One word or phrase of a question.

    Attributes:
        english: what it is in English; the word itself if the glossary has it not.
        written: as it stands in the question, in small letters without accents.
        kind: what part of speech it is; "word" for what only has a place in grammar.
        weight: how surely it is of the language; 0 says nothing.
        base: the infinitive of a verb in English, else "".
        done: its participle.
        accented: as written, with accents.
    """

    english: str
    written: str
    kind: Kind
    weight: float = 0.0
    base: str = ""
    done: str = ""
    accented: str = ""
