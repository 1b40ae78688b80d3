"""Which papers of a library bear on a topic, and how well a pair of them does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.literature.facets.institutions import without_names
from core.literature.ideas.problems import Problem
from core.literature.ideas.reading import as_read
from core.literature.ideas.tools import Tool
from core.literature.library.library import Library
from core.literature.text.embedding import embed
from core.literature.text.paper import Paper
from core.literature.text.text import words, words_apart

__all__ = ["Relevance", "papers_near"]

_POOL = 400
"""Papers of a kind (latest, alike in words, alike in meaning) that are read; it takes 5 ms each."""
_LEAST = 0.6
_LEAST_BY_MEANING = 0.5


class Relevance:
    """How well papers and open matters suit a topic, 0 to about 1.5; 0.5 for any without topic."""

    def __init__(self, library: Library, topic: str) -> None:
        self.asked = frozenset(words(topic))
        self._vector = embed([topic])[0] if self.asked else None
        self._library = library
        total = {word: 1.0 / (1.0 + np.log1p(library.frequency(word))) for word in self.asked}
        self._weights = {word: weight / sum(total.values()) for word, weight in total.items()}
        self._cosines: dict[str, float] = {}

    def read(self, papers: Sequence[Paper]) -> None:
        """Compute the cosines of papers."""
        if self._vector is not None:
            held = self._library.whole_vectors([paper.id for paper in papers])
            self._cosines |= {id: float(vector @ self._vector) for id, vector in held.items()}

    def share(self, texts: Sequence[str]) -> float:
        """Of the topic's words, by weight, that some texts have together."""
        had = frozenset().union(*map(_word_set, texts))
        return sum(self._weights[word] for word in self.asked & had)

    def of(self, problem: Problem, tool: Tool) -> float:
        """Of a pair; 0 where it does not bear on the topic."""
        if not self.asked:
            return 0.5
        a, b = problem.paper, tool.paper
        theme = problem.theme
        said = (_nameless(a.title), _nameless(problem.sentence), _nameless(tool.sentence))
        names = " ".join((*tool.names, *sorted(as_read(a).names)))
        share = self.share((theme.words, theme.title, names, *said))
        cosine = max(self._cosines.get(a.id, 0.0), 0.9 * self._cosines.get(b.id, 0.0))
        if share < _LEAST and cosine < _LEAST_BY_MEANING:
            return 0.0
        return cosine + 0.5 * share


@lru_cache(maxsize=8192)
def _word_set(text: str) -> frozenset[str]:
    """Its terms, and the words that they are made of: massive neutrinos are neutrinos."""
    return frozenset(words(text)) | frozenset(words_apart(text))


@lru_cache(maxsize=8192)
def _nameless(text: str) -> str:
    """Without names of instruments: the Dark Energy Survey is not dark energy."""
    return without_names(text)


def papers_near(library: Library, topic: str, relevance: Relevance) -> list[Paper]:
    """The papers nearest to the topic and the latest, at most some hundreds of each."""
    found = {paper.id: paper for paper in library.recent(_POOL)}
    if relevance.asked:
        keys = [key for key, _ in library.lexical(list(relevance.asked), _POOL // 2)]
        known, vectors = library.vectors()
        if len(known):
            cosines = vectors.astype(np.float32) @ embed([topic])[0]
            keys += [int(known[i]) for i in np.argsort(-cosines)[: _POOL // 2]]
        found |= {paper.id: paper for paper in library.papers(keys).values()}
    papers = [paper for paper in found.values() if not paper.is_primer]
    relevance.read(papers)
    return papers
