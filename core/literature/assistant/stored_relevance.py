"""How well the primer's passages bear on a question, by the questions stored with them and by name.

Example:
    >>> question = "What is the BAO scale?"
    >>> found = stored_relevance().of(question, embed([question])[0])
    >>> max(found, key=lambda id: found[id].relevance)
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from core.literature.library.primer import Passage, read_primer
from core.literature.library.stored_questions import Match, StoredQuestions, stored_questions
from core.literature.text.text import words

__all__ = ["Bearing", "StoredRelevance", "stored_relevance"]

_QUESTIONS = 80
_NAMED = 0.3
_LEAST_NAMED = 0.34
_SPLIT = re.compile(r"[A-Za-z]-")  # "t-SNE": without its letter it would be another thing
_ASKING = frozenset(words(
    "what is are does do how why which when who where define explain mean meaning definition use "
    "used main list name give difference compare between value measure measured work tell please "
    "exactly really actually describe many much kind type example possible"))


@dataclass(frozen=True)
class Bearing:
    """How a passage bears on a question.

    Attributes:
        matches: its stored questions most like the one asked, the best first.
        named: share of the question's words, by weight, that a title or alias of it covers, 0 to 1.
    """

    matches: tuple[Match, ...] = ()
    named: float = 0.0

    @property
    def relevance(self) -> float:
        """About 1.8 where the same question is stored and the passage's name is all of it."""
        return (self.matches[0].score if self.matches else 0.0) + _NAMED * self.named


@dataclass
class _Names:
    """Titles and aliases, each as its words."""

    passages: list[str] = field(default_factory=list)
    words: list[frozenset[str]] = field(default_factory=list)
    holding: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class StoredRelevance:
    """Stored questions and names of passages. Safe from many threads.

    Args:
        questions: that passages answer.
        passages: of the primer.
    """

    def __init__(self, questions: StoredQuestions, passages: Sequence[Passage]) -> None:
        self._questions = questions
        self._names = _Names()
        for passage in passages:
            for name in (passage.title, *passage.aliases):
                if len(name) > 1 and not _SPLIT.match(name):
                    self._add(passage.id, frozenset(words(name)))

    def _add(self, passage: str, name: frozenset[str]) -> None:
        if name:
            at = len(self._names.words)
            self._names.passages.append(passage)
            self._names.words.append(name)
            for word in name:
                self._names.holding[word].append(at)

    def of(self, question: str, vector: np.ndarray) -> dict[str, Bearing]:
        """The passages that bear on a question, by id.

        Args:
            question: standing alone, in English.
            vector: its embedding, (384,).
        """
        matches: dict[str, list[Match]] = defaultdict(list)
        for match in self._questions.nearest(question, _QUESTIONS, vector=vector):
            matches[match.question.passage].append(match)
        named = self._named(question)
        return {id: Bearing(tuple(matches.get(id, ())), named.get(id, 0.0))
                for id in matches.keys() | {id for id, n in named.items() if n >= _LEAST_NAMED}}

    def _named(self, question: str) -> dict[str, float]:
        asked = frozenset(words(question))
        told = asked - _ASKING or asked
        weigh = self._questions.weight
        whole = sum(map(weigh, told)) or 1.0
        counts = Counter(at for word in asked for at in self._names.holding.get(word, ()))
        found: dict[str, float] = {}
        for at, count in counts.items():
            name = self._names.words[at]
            if count == len(name):
                share = min(sum(map(weigh, name)) / whole, 1.0)
                passage = self._names.passages[at]
                found[passage] = max(found.get(passage, 0.0), share)
        return found


@lru_cache(maxsize=1)
def _opened() -> StoredRelevance:
    return StoredRelevance(stored_questions(), read_primer())


_opening = threading.Lock()


def stored_relevance() -> StoredRelevance:
    """That of the primer that comes with the code, read once."""
    with _opening:
        return _opened()
