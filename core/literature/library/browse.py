"""The built-in library to be read like a book: its topics, and passages by words and by meaning.

Example:
    >>> browsed("baryon acoustic oscillations")[0].title
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np

from core.literature.library.primer import Passage, passage_vectors, read_primer
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean, words

__all__ = ["LONGEST_SEARCH", "TOPICS", "browsed", "passages", "topics"]

TOPICS = {
    "basics-universe": "The Universe: basics", "basics-dynamics": "Gravity and expansion: basics",
    "stars": "Stars", "galaxies": "Galaxies", "observing": "Telescopes, units, observing",
    "history-people": "History and people", "parameters": "Cosmological parameters",
    "distances": "Distances and the expansion rate", "cmb": "Cosmic microwave background",
    "early-universe": "The early Universe", "large-scale-structure": "Large-scale structure",
    "weak-lensing-and-clusters": "Lensing and clusters",
    "reionization-and-21cm": "Reionization and 21 cm",
    "dark-matter-and-dark-energy": "Dark matter and dark energy", "surveys": "Surveys",
    "simulations": "Simulations", "statistics": "Statistics",
    "machine-learning": "Machine learning", "methods-and-open-questions": "Open questions",
}
"""Names of the topics, in the order of the book."""

LONGEST_SEARCH = 300
_LEAST = 0.35
_NAME = 1.0
_TEXT = 0.5
_WHOLE = 1.0


@lru_cache(maxsize=1)
def passages() -> tuple[Passage, ...]:
    """All of them, in the order of the book."""
    order = {topic: place for place, topic in enumerate(TOPICS)}
    return tuple(sorted(read_primer(), key=lambda passage: order[passage.topic]))


def topics() -> dict[str, int]:
    """How many passages each topic has, in the order of the book."""
    return dict(Counter(passage.topic for passage in passages()))


def browsed(search: str = "", topic: str = "") -> list[Passage]:
    """Passages that bear on some words, the best first; of a topic, or of all.

    Args:
        search: at most 300 characters; "" gives all in the order of the book.
        topic: one of :func:`topics`; "" for all.

    Raises:
        ValueError: one sentence, for an unknown topic or too long words.
    """
    search = clean(search)
    if len(search) > LONGEST_SEARCH:
        raise ValueError(f"The search has {len(search)} characters; at most {LONGEST_SEARCH} can "
                         "be looked for.")
    if topic and topic not in topics():
        raise ValueError(f"There is no topic “{topic[:60]}”; one is “{next(iter(topics()))}”.")
    kept = [i for i, passage in enumerate(passages()) if topic in ("", passage.topic)]
    if not search:
        return [passages()[i] for i in kept]
    asked = _folded(search)
    shared = np.array([_shared(asked, i) for i in range(len(passages()))])
    scores = _vectors() @ embed([search])[0] + shared
    found = sorted((i for i in kept if scores[i] >= _LEAST), key=lambda i: -scores[i])
    return [passages()[i] for i in found]


def _shared(asked: frozenset[str], place: int) -> float:
    """How many of the words its name and its text have, and how near they are to a whole name."""
    names, text = _words()[place]
    found = _NAME * len(asked & frozenset().union(*names)) + _TEXT * len(asked & text)
    whole = max((len(asked & name) / len(asked | name) for name in names if name), default=0.0)
    return found / max(len(asked), 1) + _WHOLE * whole


def _folded(text: str) -> frozenset[str]:
    """Its words, those in the plural as in the singular."""
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss")
                     else word for word in words(text))


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[tuple[frozenset[str], ...], frozenset[str]], ...]:
    """Of each passage the words of its title, of its other names, and of its text."""
    return tuple((tuple(_folded(name) for name in (p.title, *p.aliases)), _folded(p.text))
                 for p in passages())


@lru_cache(maxsize=1)
def _vectors() -> np.ndarray:
    known = passage_vectors(passages())
    blank = np.zeros((1, DIMENSION), np.float32)
    return np.array([(blank if vectors is None else vectors)[0] for vectors in known], np.float32)
