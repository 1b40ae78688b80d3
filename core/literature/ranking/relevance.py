r"""Relevance of a text to a reader: the fitted model behind the ranking.

Eight features compare a text with a reader's preferences: the cosine between its MiniLM vector and
the mean of the liked ones, and the nearest of them; the same two between TF-IDF vectors (as in
Rocchio's relevance feedback); the cosine to the nearest of the interests that the reader wrote, by
meaning and by words; and how much nearer it is to the disliked texts than to the nearest liked one,
by meaning and by words. The mean over abstracts in cosmology is subtracted from vectors of meaning,
since all of them point much the same way. The
model is a logistic regression whose weights keep their sign: likes and interests only raise the
score, dislikes only lower it. Mean, word frequencies and weights are in core/weights/ranking, which
training/literature/train_ranking.py writes.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.coefficients import LinearModel
from core.literature.text.embedding import DIMENSION
from core.literature.text.text import words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["FEATURES", "EncodedText", "PreferenceVectors", "RelevanceModel", "common_terms",
           "cosines", "load_relevance_model", "similarities", "summed", "terms_of", "word_cosines"]

FEATURES = (
    "near", "nearest", "words", "nearest_words", "interests", "interest_words", "unlike",
    "unlike_words",
)  # fmt: skip
_COLUMNS = (1 << 31) - 1


_LATEX = """
    pm mp sim simeq approx times cdot leq geq le ge lesssim gtrsim ll gg propto left right frac sqrt
    rm mathrm text textit textrm mathcal bf hat bar tilde
"""
_SIGNS = frozenset(_LATEX.split())


def terms_of(text: str) -> list[str]:
    """The words of a text, then its pairs of neighbouring words, "weak lensing".

    Commands of LaTeX that only write signs are no words.
    """
    found = [word for word in words(text) if word not in _SIGNS]
    return [*found, *(f"{a} {b}" for a, b in zip(found, found[1:], strict=False))]


@dataclass(frozen=True)
class EncodedText:
    """A text as the relevance model encodes it.

    Attributes:
        terms: its words and pairs of words.
        weights: of the terms, a unit vector (or empty).
        columns: a number that stands for each term.
        vector: of its meaning, (384,), about the mean and of unit length; None if not known yet.
    """

    terms: tuple[str, ...]
    weights: np.ndarray
    columns: np.ndarray
    vector: np.ndarray | None = None


@dataclass(frozen=True)
class PreferenceVectors:
    """What a reader likes: texts, texts that were disliked, and the interests, each by itself."""

    liked: Sequence[EncodedText] = ()
    disliked: Sequence[EncodedText] = ()
    interests: Sequence[EncodedText] = ()


@dataclass(frozen=True)
class RelevanceModel(LinearModel):
    """The fitted model.

    Attributes:
        weights: of :data:`FEATURES`; the last two are negative or zero.
        bias: of the logit.
        mean: (384,) of the vectors of abstracts in cosmology.
        texts: how many texts the frequencies come from.
        frequency: how many of them hold a term; rare terms are left out.
    """

    folder_name = "ranking"

    weights: np.ndarray
    bias: float
    mean: np.ndarray
    texts: int
    frequency: dict[str, int] = field(repr=False)

    @classmethod
    def from_json(cls, text: str) -> RelevanceModel:
        """See :meth:`core.coefficients.LinearModel.from_json`."""
        stored = json.loads(text)
        return cls(
            np.array([stored["weights"][name] for name in FEATURES]), float(stored["bias"]),
            np.array(stored["mean"], np.float32), int(stored["texts"]), dict(stored["frequency"]),
        )  # fmt: skip

    def encode(self, text: str, vector: np.ndarray | None = None) -> EncodedText:
        """Encode a text.

        Args:
            text: title and abstract.
            vector: its MiniLM vector (384,), if it is known.
        """
        frequency = self.frequency
        counts = Counter(t for t in terms_of(text) if " " not in t or t in frequency)
        holding = np.array([frequency.get(term, 1) for term in counts], np.float32)
        rarity = np.log((self.texts + 1) / (holding + 0.5))
        weights = (1 + np.log(np.array(list(counts.values()), np.float32))) * rarity
        columns = np.array([zlib.crc32(t.encode()) & _COLUMNS for t in counts], np.int32)
        return EncodedText(tuple(counts), _unit(weights), columns, self._about_mean(vector))

    def with_vector(self, text: EncodedText, vector: np.ndarray | None) -> EncodedText:
        """The same text with its MiniLM vector, as :meth:`encode` would have encoded them."""
        return replace(text, vector=self._about_mean(vector))

    def encode_interests(self, text: str, vector: np.ndarray | None = None) -> EncodedText:
        """Encode what a reader wrote; unlike an abstract's, its vector is not about the mean."""
        return replace(self.encode(text), vector=vector)

    def features(self, texts: Sequence[EncodedText], preferences: PreferenceVectors) -> np.ndarray:
        """:data:`FEATURES` of texts, (len(texts), 8); 0 where the preferences say nothing.

        What needs a vector that a text lacks is the mean over the texts that have one.
        """
        found = np.zeros((len(texts), len(FEATURES)))
        if not texts:
            return found
        vectors, has = _stack(texts)
        if preferences.liked:
            liked, _ = _stack([t for t in preferences.liked if t.vector is not None])
            found[:, 0], found[:, 1] = _cosines(vectors, liked)
            found[:, 2], found[:, 3] = _word_cosines(texts, preferences.liked)
        if preferences.interests:
            known, _ = _stack([t for t in preferences.interests if t.vector is not None])
            if len(known):
                found[:, 4] = (vectors @ known.T).max(axis=1)
            found[:, 5] = word_cosines(texts, preferences.interests).max(axis=1)
        if preferences.disliked:
            disliked, _ = _stack([t for t in preferences.disliked if t.vector is not None])
            found[:, 6] = _nearer(vectors @ disliked.T, np.maximum(found[:, 1], 0))
            products = word_cosines(texts, preferences.disliked)
            found[:, 7] = _nearer(products, found[:, 3])
        by_meaning = np.array([0, 1, 4, 6])
        if has.any() and not has.all():
            found[np.ix_(~has, by_meaning)] = found[np.ix_(has, by_meaning)].mean(axis=0)
        return found

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds to the logit, of the shape of the features."""
        return features * self.weights

    def _about_mean(self, vector: np.ndarray | None) -> np.ndarray | None:
        return None if vector is None else _unit(np.asarray(vector, np.float32) - self.mean)


def summed(texts: Sequence[EncodedText]) -> dict[str, float]:
    """Weights of the terms of texts together."""
    total: dict[str, float] = {}
    for text in texts:
        for term, weight in zip(text.terms, text.weights.tolist(), strict=True):
            total[term] = total.get(term, 0.0) + weight
    return total


def common_terms(
    text: EncodedText, others: Mapping[str, float], most: int,
    telling: Callable[[str], bool] = lambda _: True,
) -> list[str]:
    """The terms that bring a text nearest to others (their :func:`summed` weights).

    A pair of words counts twice, since it says more; none repeats a word of a term before it.

    Args:
        text: whose terms they are.
        others: weights of their terms.
        most: how many.
        telling: which terms may be among them.
    """
    pairs = zip(text.terms, text.weights.tolist(), strict=True)
    shared = {t: w * others[t] * (1 + t.count(" ")) for t, w in pairs
              if t in others and telling(t)}
    chosen: list[str] = []
    taken: set[str] = set()
    for term in sorted(shared, key=lambda t: (-shared[t], t)):
        if not taken & set(term.split()) and not term.replace(".", "").isdigit():
            chosen.append(term)
            taken |= set(term.split())
        if len(chosen) == most:
            break
    return chosen


def cosines(texts: Sequence[EncodedText], others: Sequence[EncodedText]) -> np.ndarray:
    """(len(texts), len(others)), by meaning where both have vectors, otherwise by words."""
    (vectors, has), (theirs, have) = _stack(texts), _stack(others)
    by_meaning = vectors @ theirs.T
    if has.all() and have.all():
        return by_meaning
    return np.where(has[:, None] & have[None], by_meaning, word_cosines(texts, others))


def similarities(texts: Sequence[EncodedText], others: Sequence[EncodedText]) -> np.ndarray:
    """(len(texts), len(others)), by meaning first, by words beside it."""
    return 2 * cosines(texts, others) + word_cosines(texts, others)


@lru_cache(maxsize=1)
def load_relevance_model() -> RelevanceModel:
    """The model that comes with the code, read once."""
    return RelevanceModel.load()


def _unit(vector: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector


def _stack(texts: Sequence[EncodedText]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (n, 384), zeros where there is none, and where there is one."""
    has = np.array([text.vector is not None for text in texts], bool)
    vectors = np.zeros((len(texts), DIMENSION), np.float32)
    for row, text in zip(vectors, texts, strict=True):
        if text.vector is not None:
            row[:] = text.vector
    return vectors, has


def _matrix(texts: Sequence[EncodedText], known: np.ndarray) -> csr_matrix:
    """Weights of the terms whose columns are known (sorted), (len(texts), len(known))."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(text.terms) for text in texts)])
    weights = np.concatenate([text.weights for text in texts])
    columns = np.concatenate([text.columns for text in texts])
    places = np.minimum(np.searchsorted(known, columns), len(known) - 1)
    weights = np.where(known[places] == columns, weights, 0)
    return csr_matrix((weights, places, ends), shape=(len(texts), len(known)))


def _cosines(vectors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosines to the mean of others, and to the nearest of them; zeros if there are none."""
    if not len(others):
        return np.zeros(len(vectors)), np.zeros(len(vectors))
    return vectors @ _unit(others.mean(axis=0)), (vectors @ others.T).max(axis=1)


def _nearer(to_disliked: np.ndarray, to_liked: np.ndarray) -> np.ndarray:
    """How much nearer texts are to what was disliked than to the nearest that was liked, summed
    over the two that weigh most, so that a second dislike of the same kind counts again."""
    return np.sort(np.maximum(to_disliked - to_liked[:, None], 0), axis=1)[:, -2:].sum(axis=1)


def word_cosines(texts: Sequence[EncodedText], others: Sequence[EncodedText]) -> np.ndarray:
    """Cosines by words, (len(texts), len(others))."""
    if not texts or not others:
        return np.zeros((len(texts), len(others)))
    known = np.unique(np.concatenate([other.columns for other in others]))
    if not len(known):
        return np.zeros((len(texts), len(others)))
    return np.asarray((_matrix(texts, known) @ _matrix(others, known).T).todense())


def _word_cosines(
    texts: Sequence[EncodedText], others: Sequence[EncodedText]
) -> tuple[np.ndarray, np.ndarray]:
    """Cosines by words to the mean of others, and to the nearest of them."""
    products = word_cosines(texts, others)
    length = math.sqrt(max(float(word_cosines(others, others).mean()), 1e-12))
    return products.mean(axis=1) / length, products.max(axis=1)
