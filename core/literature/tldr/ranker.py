"""The trained ranker of sentences: two linear models with their coefficients in one JSON file.

The first gives each word of an abstract its probability to be in a one-sentence summary (logistic
regression), and so each text its expected overlap with a summary of typical length, 2 E[shared
words] / (words + typical words). The second orders the sentences and their pieces
(:mod:`core.literature.tldr.spans`) by that and by their other features
(:mod:`core.literature.tldr.features`), alone and relative to their neighbours, through a softmax
over the abstract (ListNet: Cao et al. 2007).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.coefficients import LinearModel
from core.literature.tldr.features import (
    SENTENCE_FEATURES,
    WORD_FEATURES,
    Outline,
    sentence_features,
    word_features,
)
from core.literature.tldr.spans import pieces
from core.literature.tldr.units import RULES

__all__ = ["SummaryModel", "load_summary_model"]

CLIP = 5.0
"""Standard deviations; what lies further out counts as being there."""

_TIE = 1e-6
Candidate = tuple[int, int, int]
"""Index of a sentence, and start and end of a piece in it."""

_VIEWS = ("", " above mean", " below best")


def beside_neighbours(features: np.ndarray) -> np.ndarray:
    """Each feature, its distance from the mean over the abstract, and from the largest there.

    Args:
        features: (candidates, F).

    Returns:
        Array (candidates, 3 F).
    """
    return np.hstack([features, features - features.mean(0), features - features.max(0)])


@dataclass(frozen=True)
class Linear:
    """A linear model on standardised, clipped features.

    Attributes:
        intercept: added to the sum.
        mean, scale, weight: of each feature.
    """

    intercept: float
    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """A number a row."""
        standard = np.clip((features - self.mean) / self.scale, -CLIP, CLIP)
        return self.intercept + standard @ self.weight

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], names: Sequence[str]) -> Linear:
        """Read the coefficients of features in this order; one that is not stored has none."""
        rows = [stored["features"].get(name, (0.0, 1.0, 0.0)) for name in names]
        mean, scale, weight = np.array(rows, float).T
        return cls(float(stored["intercept"]), mean, scale, weight)

    def to_json(self, names: Sequence[str]) -> dict[str, Any]:
        """As :meth:`from_json` reads it; mean, scale and weight a feature."""
        rows = zip(names, self.mean, self.scale, self.weight, strict=True)
        kept = {name: [_short(x) for x in row] for name, *row in rows if abs(row[2]) > 1e-9}
        return {"intercept": _short(self.intercept), "features": kept}


@dataclass(frozen=True)
class SummaryModel(LinearModel):
    """Chooses a sentence, and the piece of it to show.

    Attributes:
        words: from the features of a word to its log-odds to stand in a summary.
        known: what is added for some frequent stems.
        order: from the features of a piece beside those of all others to its score.
        typical: words of a summary.
        name: changes with every coefficient, and with the rules of what is shown.
    """

    folder_name = "tldr"

    words: Linear
    known: Mapping[str, float]
    order: Linear
    typical: float
    name: str = "unnamed"

    def chances(self, outline: Outline) -> dict[str, float]:
        """Of each stem of the abstract, to stand in a summary; 0 to 1."""
        found, features = word_features(outline)
        if not found:
            return {}
        odds = self.words(features) + [self.known.get(stem, 0.0) for stem in found]
        return dict(zip(found, (1 / (1 + np.exp(-odds))).tolist(), strict=True))

    def features(
        self, outline: Outline, vectors: np.ndarray
    ) -> tuple[list[Candidate], np.ndarray]:
        """All pieces of all sentences, and for each what :attr:`order` takes."""
        candidates = [
            (place, *span) for place, sentence in enumerate(outline.sentences)
            for span in pieces(sentence)
        ]
        seen = sentence_features(outline, candidates, vectors, self.chances(outline), self.typical)
        return candidates, beside_neighbours(seen)

    def best_pieces(self, outline: Outline, vectors: np.ndarray) -> list[tuple[float, int, int]]:
        """For each sentence the score of its best piece, and where that starts and ends.

        The softmax of the scores is the chance of each sentence to be the best. Which piece is
        the best of its sentence does not depend on the vectors.

        Args:
            outline: of n sentences, at least one.
            vectors: unit vectors of the title and the sentences, (1 + n, 384).
        """
        candidates, features = self.features(outline, vectors)
        best = [(-math.inf, 0, 0)] * len(outline.sentences)
        for (place, start, end), score in zip(candidates, self.order(features), strict=True):
            if score > best[place][0] + _TIE:
                best[place] = (float(score), start, end)
        return best

    def to_json(self) -> dict[str, Any]:
        """All coefficients."""
        return {
            "typical": self.typical,
            "words": self.words.to_json(WORD_FEATURES),
            "known": {stem: _short(weight) for stem, weight in self.known.items()},
            "order": self.order.to_json(order_names()),
        }

    @classmethod
    def from_json(cls, text: str) -> SummaryModel:
        """Read what :meth:`to_json` gives, as text.

        Raises:
            ValueError: if it is no such file.
        """
        try:
            stored = json.loads(text)
            return cls(
                Linear.from_json(stored["words"], WORD_FEATURES), dict(stored["known"]),
                Linear.from_json(stored["order"], order_names()), float(stored["typical"]),
                hashlib.sha256(f"{text}{RULES}".encode()).hexdigest()[:12],
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(
                "The coefficients of the summaries are damaged; restore "
                "core/weights/tldr/coefficients.json."
            ) from error


def order_names() -> list[str]:
    """Names of what :func:`beside_neighbours` gives."""
    return [name + view for view in _VIEWS for name in SENTENCE_FEATURES]


@lru_cache(maxsize=1)
def load_summary_model() -> SummaryModel:
    """The model that comes with the code, read once."""
    return SummaryModel.load()


def _short(value: float) -> float:
    return float(f"{value:.5g}")
