"""Questions in other languages, put into English well enough to be looked up.

A language is told by its function words (Grefenstette 1995) and the terms of the field; the
question goes over phrase by phrase with a glossary, endings left aside, and into English order.
What is not in the glossary stays.

Example:
    >>> in_english("Was ist dunkle Energie?").text
    'What is dark energy?'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.assistant.questions.foreign.glossary import (
    LANGUAGES,
    glossary,
    is_english,
)
from core.literature.assistant.questions.foreign.translation import translated
from core.literature.text.text import clean

__all__ = ["LANGUAGES", "Translated", "in_english"]

_LONGEST = 600
_SCRIPTS = (
    # the first that has a fair share of the letters; Japanese before Chinese, whose signs it uses
    ("Japanese", r"[\u3040-\u30ff]", 0.1),
    ("Korean", r"[\uac00-\ud7af\u1100-\u11ff]", 0.2),
    ("Chinese", r"[\u4e00-\u9fff\u3400-\u4dbf]", 0.2),
    ("Russian", r"[\u0400-\u04ff]", 0.4),
    ("Arabic", r"[\u0600-\u06ff\u0750-\u077f]", 0.3),
    ("Hindi", r"[\u0900-\u097f]", 0.3),
    ("Greek", r"[\u0370-\u03ff\u1f00-\u1fff]", 0.6),
    ("Hebrew", r"[\u0590-\u05ff]", 0.3),
    ("Thai", r"[\u0e00-\u0e7f]", 0.3),
    ("Bengali", r"[\u0980-\u09ff]", 0.3),
)
_ACRONYM = re.compile(r"[A-Z].*[A-Z]|\d")
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{3,}")


_LETTERS = {
    "German": r"[äöüß]|\b(?:der|das|und|ist)\b",
    "Spanish": r"[ñ¿¡]|ión\b|\b(?:el|los|las|del|y|una|qué)\b",
    "French": r"[êçœùîûàè]|\b(?:qu|d|l|n|s)['’]|\b(?:le|les|des|du|est|une)\b",
    "Italian": r"[èòùà]|\b(?:un|dell|nell|all|cos|l)['’]|\b(?:cosa|gli|il|di|della|che)\b",
    "Portuguese": r"[ãõç]|\b(?:o|do|da|dos|das|em|um|uma|não|são)\b",
    "Dutch": r"[ëï]|\b(?:het|een|van|wat|hoe|de)\b",
}
"""What tells one language from its neighbours; no sign against English."""


@dataclass(frozen=True)
class Translated:
    """A question of another language.

    Attributes:
        text: in English; "" where the language cannot be read.
        language: its English name.
        notice: the sentence for the answer.
    """

    text: str
    language: str
    notice: str


def in_english(question: str) -> Translated | None:
    """Put a question into English.

    Args:
        question: as typed, of which the first 600 characters are read.

    Returns:
        None if it is English, foreign names (de Sitter, Lemaître) or not. A question in other
        letters than Latin has a notice and no text.
    """
    text = clean(question)[:_LONGEST]
    script = _script(text)
    if script:
        readable = ", ".join(LANGUAGES[:-1])
        return Translated(
            "",
            script,
            (
                f"This looks like {script}, which I cannot read: please ask in English "
                f"({readable} and "
                f"{LANGUAGES[-1]} I understand a little)."
            ),
        )
    language = _language(text)
    if not language:
        return None
    english = translated(text, language)
    return Translated(
        english, language, f"I answer in English; your question was read as: “{english}”"
    )


def _script(text: str) -> str:
    letters = sum(letter.isalpha() for letter in text)
    for name, pattern, share in _SCRIPTS:
        count = len(re.findall(pattern, text))
        if (
            letters
            and count > 1
            and count >= share * letters
            and (name != "Greek" or _GREEK_WORD.search(text))
        ):
            return name
    return ""


def _language(text: str) -> str:
    """The language with the most signs, if they outweigh those of English; "" for English."""
    read = {language: glossary(language).read(text) for language in LANGUAGES}
    scores = {name: sum(piece.weight for piece in pieces) for name, pieces in read.items()}
    left = {name: sum(piece.kind == "unread" for piece in pieces) for name, pieces in read.items()}
    low = text.lower()
    hints = {name: 0.6 * len(set(re.findall(hint, low))) for name, hint in _LETTERS.items()}
    best = max(
        LANGUAGES, key=lambda language: scores[language] + hints[language] - 0.4 * left[language]
    )
    marks = 0.5 * len(re.findall(r"[¿¡ßäöüñãõçàâêîôûœ]", text.lower()))
    own = glossary(best)
    english = sum(
        is_english(word.lower()) and not own.has(word) and not _ACRONYM.search(word)
        for word in re.findall(r"[^\W_]+", text)
    )
    return best if scores[best] >= 1.0 and scores[best] + min(marks, 1.0) > english else ""
