"""Plain text of abstracts: sentences, words and their weights.

Example:
    >>> sentences(r"We find $H_0 = 73.0 \\pm 1.0$ km/s/Mpc, cf. Fig. 2. It is high.")
    ['We find $H_0 = 73.0 \\\\pm 1.0$ km/s/Mpc, cf. Fig. 2.', 'It is high.']
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable

from core.literature.text.sentence_ends import sentence_starts

__all__ = ["STOP_WORDS", "TermWeights", "clean", "sentences", "words"]

_STOP_WORDS = """
    a about above after again against all also although am among an and any are as at be because
    been before being below between both but by can cannot could did do does doing done down due
    during each either etc even few find found for from further get give given had has have having
    he her here him his how however i if in into is it its itself just less let like many may me
    might more most much must my near no non nor not now of off often on once one only onto or other
    our out over own per perhaps rather same shall she should show shown shows since so some still
    such than that the their them then there therefore these they this those though through thus to
    too two under until up upon us use used using very via was we well were what when where whether
    which while who whom whose why will with within without would yes yet you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
_COMMAND = re.compile(r"\\(?:mathrm|rm|text|textrm|mathbf|it|textit|emph|mathcal|left|right)\b")


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
    """Lower-case words and numbers, mathematics by its letters, stop words left out.

    Plurals lose their "s", so that "voids" and "void" agree.
    """
    found = _WORD.findall(_COMMAND.sub(" ", text).lower())
    return [_singular(w) for w in found if w not in STOP_WORDS]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


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
