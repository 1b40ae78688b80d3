"""The TL;DR of a paper: one sentence of its abstract, or two that belong together.

It is a contiguous piece of the abstract, character for character, so that nothing in it
can be made up: a sentence of :func:`core.literature.text.text.sentences`, of which words that only
lead in ("In this paper,") and clauses that only add ("..., which ...") may be left out, by the
fixed rules of :mod:`core.literature.tldr.spans`. It may begin with a small letter. Formulas and
brackets stay whole. A sentence that its neighbour takes back, or that begins with "This", comes
with that neighbour (:mod:`core.literature.tldr.units`); a long one is cut between clauses
(:mod:`core.literature.tldr.lengths`), so that there are never more than 60 words.

Trained on SciTLDR (Cachola et al. 2020, 2004.15011); MiniLM embeds the sentences.

Example:
    >>> found = tldr(Paper("1", "Voids and gravity", "Voids are empty. We weigh them."))
    >>> found.text in "Voids are empty. We weigh them."
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.paper import Paper
from core.literature.tldr.features import Outline
from core.literature.tldr.ranker import load_summary_model
from core.literature.tldr.units import corrections, unit

__all__ = ["Tldr", "model_name", "shown_text", "tldr", "tldrs"]


@dataclass(frozen=True)
class Tldr:
    """The sentence that stands for a paper.

    Attributes:
        sentence: its index in the sentences of the abstract; -1 for an empty abstract.
        text: what to show, a contiguous part of the abstract: a piece of that sentence, or the
            sentence with the one before or behind it; "" for an empty abstract.
        score: its probability to be the best, 0 to 1.
        probabilities: of all sentences; they add up to 1.
    """

    sentence: int
    text: str
    score: float
    probabilities: tuple[float, ...]


def model_name() -> str:
    """Name of the trained model; it changes with every coefficient and with the rules."""
    return load_summary_model().name


def tldr(paper: Paper, vectors: np.ndarray | None = None) -> Tldr:
    """Choose the sentence of a paper.

    Args:
        paper: its title may be empty.
        vectors: unit vectors (1 + n, 384) of the title and of the n sentences that
            :func:`core.literature.text.text.sentences` finds; embedded here if None.

    Raises:
        ValueError: if the vectors have another shape.
    """
    outline = Outline.of(paper.title, paper.abstract)
    if not outline.sentences:
        return Tldr(-1, "", 0.0, ())
    if vectors is None:
        vectors = _embedded([outline])[0]
    wanted = (1 + len(outline.sentences), DIMENSION)
    if vectors.shape != wanted:
        raise ValueError(f"The vectors have shape {vectors.shape}; this paper needs {wanted}.")
    return _choose(outline, vectors)


def tldrs(papers: Sequence[Paper], batch: int = 8) -> Iterator[tuple[Paper, Tldr]]:
    """The sentences of many papers, in their order.

    Args:
        papers: an empty abstract gives an empty text.
        batch: papers whose sentences are embedded in one call.

    Yields:
        Each paper as soon as it is done.
    """
    for start in range(0, len(papers), batch):
        chunk = papers[start : start + batch]
        outlines = [Outline.of(paper.title, paper.abstract) for paper in chunk]
        for paper, outline, vectors in zip(chunk, outlines, _embedded(outlines), strict=True):
            yield paper, _choose(outline, vectors) if outline.sentences else tldr(paper)


@lru_cache(maxsize=4096)
def shown_text(paper: Paper, sentence: int) -> str:
    """What :func:`tldr` shows for a sentence, if it chose that sentence before.

    Args:
        paper: as it was then.
        sentence: index of the sentence; -1 is no sentence.

    Raises:
        ValueError: if the abstract has no such sentence.
    """
    outline = Outline.of(paper.title, paper.abstract)
    if not -1 <= sentence < len(outline.sentences):
        raise ValueError(
            f"The abstract has {len(outline.sentences)} sentences, and none of index {sentence}."
        )
    if sentence < 0:
        return ""
    blind = np.zeros((1 + len(outline.sentences), DIMENSION), np.float32)
    _, start, end = load_summary_model().best_pieces(outline, blind)[sentence]
    return unit(outline.sentences, sentence, (start, end)).text


def _choose(outline: Outline, vectors: np.ndarray) -> Tldr:
    best_pieces = load_summary_model().best_pieces(outline, vectors)
    units = [unit(outline.sentences, i, (a, b)) for i, (_, a, b) in enumerate(best_pieces)]
    scores = np.array([score for score, _, _ in best_pieces])
    scores = scores + corrections(
        outline.sentences, units, outline.sky, outline.heading, outline.overlaps
    )
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    best = int(chances.argmax())
    return Tldr(best, units[best].text, float(chances[best]), tuple(chances.tolist()))


def _embedded(outlines: Sequence[Outline]) -> list[np.ndarray]:
    """For each outline the vectors of its title and sentences; texts of a length run together."""
    texts = [text for outline in outlines for text in (outline.title, *outline.sentences)]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.empty((len(texts), DIMENSION), np.float32)
    vectors[order] = embed([texts[i] for i in order])
    ends = np.cumsum([1 + len(outline.sentences) for outline in outlines])
    return np.split(vectors, ends[:-1]) if outlines else []
