"""Citations: which sentence of which source supports an answer, retrieved ones alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.literature.arxiv.ids import ARXIV_ID, find_ids
from core.literature.assistant.retrieval import Source
from core.literature.text.text import TermWeights, sentences, words

__all__ = ["SUPPORTED", "Citation", "cite", "support", "without_unknown_citations"]

SUPPORTED = 0.5
"""Least support of a citation.

Of 900 answers that were written from one sentence of a passage each, 96% are supported so far, 99%
of those by that very sentence; the passage nearest to the question otherwise supports 4%.
"""

_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Citation:
    """A sentence of a source that supports a sentence of the answer.

    Attributes:
        number: of the source.
        sentence: its index in the source's sentences.
        support: 0 to 1.
    """

    number: int
    sentence: int
    support: float


def support(claim: str, sentence: str, weights: TermWeights) -> float:
    """How far a sentence supports a claim: the weighted share of the claim's words that it has.

    A number of the claim that the sentence lacks counts as the heaviest word of all.

    Returns:
        0 to 1; 0 for a claim of stop words alone ("Yes.").
    """
    wanted, found = set(words(claim)), set(words(sentence))
    if not wanted:
        return 0.0
    heaviest = max(weights(word) for word in wanted)
    weight = {w: heaviest if _NUMBER.search(w) else weights(w) for w in wanted}
    return math.fsum(weight[word] for word in wanted & found) / math.fsum(weight.values())


def cite(answer: str, sources: Sequence[Source], weights: TermWeights) -> list[Citation]:
    """For every sentence of an answer the sentence of the sources that supports it best.

    Args:
        answer: text of the model.
        sources: what it was given.
        weights: of the words.

    Returns:
        Citations in the order of the answer, each once; none for a sentence that nothing supports.
    """
    found: dict[tuple[int, int], Citation] = {}
    for claim in sentences(answer):
        best = max(_citations(claim, sources, weights), key=lambda c: c.support, default=None)
        if best is not None and best.support >= SUPPORTED:
            known = found.setdefault((best.number, best.sentence), best)
            if known.support < best.support:
                found[best.number, best.sentence] = best
    return list(found.values())


def _citations(claim: str, sources: Sequence[Source], weights: TermWeights) -> list[Citation]:
    return [
        Citation(source.number, i, support(claim, sentence, weights))
        for source in sources
        for i, sentence in enumerate(source.sentences)
    ]


_MATHS = re.compile(r"(\$[^$]*\$)")
_BRACKET = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]")
_LINK = (
    r"(?:https?://)?(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf)/|arxiv:\s*)?"
    rf"(?<![\d.]){ARXIV_ID}(?:v\d+)?(?![\d/])(?:\.pdf)?"
)
_ARXIV = re.compile(rf"\s*(?:[(\[]\s*{_LINK}\s*[)\]]|{_LINK})", re.IGNORECASE)


def without_unknown_citations(text: str, sources: Sequence[Source]) -> str:
    """A model's text without "[7]" and arXiv ids that were not retrieved.

    Mathematics is left as it is. An id counts as retrieved if it is a source or a paper on which a
    retrieved passage of the primer rests.
    """
    numbers = {source.number for source in sources}
    ids = {id for s in sources for id in (s.paper.id, *s.paper.references)}
    parts = _MATHS.split(text)
    parts[::2] = [_cleaned(part, numbers, ids) for part in parts[::2]]
    return "".join(parts)


def _cleaned(text: str, numbers: set[int], ids: set[str]) -> str:
    text = _BRACKET.sub(_kept_numbers(numbers), text)
    return _ARXIV.sub(lambda m: m[0] if ids.intersection(find_ids(m[0])) else "", text)


def _kept_numbers(numbers: set[int]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        wanted = [int(n) for n in re.findall(r"\d+", match[1])]
        if 0 in wanted or all(n in numbers for n in wanted):
            return match[0]
        kept = [str(n) for n in wanted if n in numbers]
        space = match[0][: len(match[0]) - len(match[0].lstrip())]
        return f"{space}[{', '.join(kept)}]" if kept else ""

    return replace
