"""Plain text of abstracts: sentences, words and their weights.

Example:
    >>> sentences(r"We find $H_0 = 73.0 \\pm 1.0$ km/s/Mpc, cf. Fig. 2. It is high.")
    ['We find $H_0 = 73.0 \\\\pm 1.0$ km/s/Mpc, cf. Fig. 2.', 'It is high.']
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable

from core.literature.text.normal_form import tokens, tokens_apart
from core.literature.text.sentence_ends import sentence_starts
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["STOP_WORDS", "TermWeights", "clean", "sentences", "words", "words_apart"]


def clean(text: str) -> str:
    """The text on one line, its spaces single."""
    return " ".join(text.split())


def sentences(text: str) -> list[str]:
    """Split into sentences; never inside $mathematics$ nor after an abbreviation.

    Args:
        text: an abstract; line breaks count as spaces.

    Returns:
        The sentences in order; joined by spaces they are the cleaned text.
    """
    text = clean(text)
    starts = [0, *sentence_starts(text)]
    parts = (text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    return [part for part in parts if part]


def words(text: str) -> list[str]:
    """The words and numbers of a text in their normal form, stop words left out.

    They are small, singular and in one spelling, "void" for "voids" and "polarization" for
    "polarisation"; a term has one name however it is written, "21cm" for "21 cm" and "s8" for
    "$S_8$" (see :mod:`core.literature.text.normal_form`).
    """
    return [word for word in tokens(text) if word not in STOP_WORDS]


def words_apart(text: str) -> list[str]:
    """As :func:`words`, but a term of several words is its words: each counts by itself."""
    return [word for word in tokens_apart(text) if word not in STOP_WORDS]


class TermWeights:
    r"""Inverse document frequency of words in a collection of texts.

    :math:`w(t) = \log\frac{N + 1}{n_t + 1/2}` with :math:`n_t` of :math:`N` texts holding the word
    (Spärck Jones 1972).

    Args:
        count: number of texts, :math:`N`.
        frequency: how many of them hold a word.
    """

    def __init__(self, count: int, frequency: Callable[[str], int]) -> None:
        self.count = count
        self.frequency = frequency

    @classmethod
    def of(cls, texts: Iterable[str]) -> TermWeights:
        """The weights in a collection held in memory."""
        collection = [set(words(text)) for text in texts]
        counter = Counter(word for found in collection for word in found)
        return cls(len(collection), lambda word: counter[word])

    def __call__(self, word: str) -> float:
        """The weight of a word as :func:`words` returns it; positive."""
        return max(math.log((self.count + 1) / (self.frequency(word) + 0.5)), 0.05)

    def recall(self, of: str, by: str, without: str = "") -> float:
        """Weighted share of the words of ``of``, those of ``without`` left out, found in ``by``.

        Where nothing is left (the reference only repeats the question), all its words count; an
        empty reference counts as found.
        """
        wanted = set(words(of)) - set(words(without)) or set(words(of))
        if not wanted:
            return 1.0
        weights = {word: self(word) for word in wanted}
        found = wanted & set(words(by))
        return sum(weights[word] for word in found) / sum(weights.values())
