"""A question of another language, read with its glossary and put together as English.

Example:
    >>> translated("Warum ist der Himmel dunkel?", "German")
    'Why is the sky dark?'
"""

from __future__ import annotations

import re

from core.literature.assistant.questions.foreign.english_order import in_order
from core.literature.assistant.questions.foreign.glossary import glossary
from core.literature.assistant.questions.foreign.small_words import settled
from core.literature.assistant.questions.foreign.word_order import arranged
from core.literature.text.text import clean

__all__ = ["translated"]


def translated(text: str, language: str) -> str:
    """A text in English, what is not in the glossary as it stands.

    Args:
        text: a question.
        language: one of those with a glossary.
    """
    pieces = arranged(settled(glossary(language).read(text), language), language)
    joined = clean(" ".join(piece.english for piece in pieces))
    joined = re.sub(r"\s+([?!.,;:)])", r"\1", re.sub(r"([(])\s+", r"\1", joined))
    joined = re.sub(r"(?<=\w) ?(['’-]) ?(?=\w)", r"\1", joined)
    joined = in_order(joined)
    return joined[:1].upper() + joined[1:]
