"""Is a map like those the networks were trained on?

A network answers any input with confidence, so it has to be asked first whether the question makes
sense. The fixed summaries of the training maps fall into groups (level, small-scale power, shape of
the power spectrum, texture); for each, the Mahalanobis distance of a map from the training maps is
compared with the distances of held-out simulations. One group too far is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.hydrogen.summaries import SUMMARY_NAMES

__all__ = ["GROUPS", "Familiarity", "FamiliarityCheck"]

Floats = NDArray[np.floating]


def _columns(*beginnings: str) -> list[int]:
    return [i for i, name in enumerate(SUMMARY_NAMES) if name.startswith(beginnings)]


GROUPS: dict[str, list[int]] = {
    "level": _columns("mean", "log mean", "quantile"),
    "one-point distribution": _columns("mean", "std", "skewness", "kurtosis", "quantile"),
    "power spectrum": _columns("log P_log"),
    "small-scale power": [i for i in _columns("log P_log") if i % 12 >= 8],
    "texture": _columns("s1", "s2", "diffuse s1", "diffuse s2"),
    "everything": [i for i, n in enumerate(SUMMARY_NAMES) if not n.startswith("structure")],
}
"""Columns of the summaries that each group looks at."""

_MEDIAN = SUMMARY_NAMES.index("quantile 0.5")
_STD = SUMMARY_NAMES.index("std")
_POWER = GROUPS["power spectrum"]


@dataclass(frozen=True)
class Familiarity:
    """The answer.

    Attributes:
        score: distance from the training maps; 1 is the threshold of the strictest group.
        threshold: above which a map is called unlike the training data.
        unlike_training: whether it is.
        reason: one sentence for a person.
    """

    score: float
    threshold: float
    unlike_training: bool
    reason: str


class FamiliarityCheck:
    """Distances from the training maps in each group of summaries. Made by :meth:`fit`.

    Args:
        centre: (S,) mean of the summaries of the training maps.
        spread: (S,) their standard deviation.
        whiten: for each group (size, size), from standardised summaries to unit variance.
        thresholds: (groups,) of the distance in each group.
        typical: (3, S) 1%, 50% and 99% quantiles of the summaries, to say what is off.
    """

    def __init__(self, centre: Floats, spread: Floats, whiten: list[Floats], thresholds: Floats,
                 typical: Floats) -> None:
        self.centre, self.spread, self.whiten = centre, spread, whiten
        self.thresholds, self.typical = thresholds, typical

    @classmethod
    def fit(cls, training: Floats, validation: Floats, false_alarms: float = 0.01
            ) -> FamiliarityCheck:
        """Measure the training maps; set thresholds on held-out simulations.

        Args:
            training: (n, S) summaries.
            validation: (m, S) summaries of other simulations.
            false_alarms: fraction of the validation maps that will be flagged.
        """
        centre, spread = training.mean(axis=0), training.std(axis=0) + 1e-9
        z = (training - centre) / spread
        whiten = []
        for columns in GROUPS.values():
            values, vectors = np.linalg.eigh(np.cov(z[:, columns], rowvar=False))
            # directions with hardly any variance are noise of the estimate, not a measurement
            whiten.append(vectors / np.sqrt(np.maximum(values, 1e-4)))
        typical = np.quantile(training, [0.01, 0.5, 0.99], axis=0)
        check = cls(centre, spread, whiten, np.ones(len(GROUPS)), typical)
        distances = check.distances(validation)
        # each group flags the same fraction, so that all together flag the wanted one
        low, high = 0.5, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            limits = np.quantile(distances, middle, axis=0)
            flagged = (distances > limits).any(axis=1).mean()
            low, high = (middle, high) if flagged > false_alarms else (low, middle)
        check.thresholds = np.quantile(distances, high, axis=0)
        return check

    def distances(self, summaries: Floats) -> Floats:
        """(n, groups) root-mean-square distance in standard deviations."""
        z = np.clip((np.atleast_2d(summaries) - self.centre) / self.spread, -1e3, 1e3)
        return np.stack(
            [
                np.sqrt(np.mean((z[:, columns] @ w) ** 2, axis=1))
                for columns, w in zip(GROUPS.values(), self.whiten, strict=True)
            ],
            axis=1,
        )

    def scores(self, summaries: Floats) -> Floats:
        """(n,) largest distance over its threshold; above 1 is unlike the training maps."""
        return (self.distances(summaries) / self.thresholds).max(axis=1)

    def __call__(self, summaries: Floats) -> Familiarity:
        """Judge one map by its summaries (S,)."""
        ratios = self.distances(summaries)[0] / self.thresholds
        score = float(ratios.max())
        if score <= 1.0:
            return Familiarity(score, 1.0, False, "The map looks like the training maps.")
        return Familiarity(score, 1.0, True, self._reason(summaries, ratios))

    def _reason(self, s: Floats, ratios: Floats) -> str:
        low, middle, high = self.typical
        if not low[_MEDIAN] - 0.3 <= s[_MEDIAN] <= high[_MEDIAN] + 0.3:
            return (
                f"The level is off: the median of log10 Sigma is {s[_MEDIAN]:.1f}, while training "
                f"maps have {low[_MEDIAN]:.1f} to {high[_MEDIAN]:.1f}; check the units."
            )
        if not 0.7 * low[_STD] <= s[_STD] <= 1.3 * high[_STD]:
            return (
                f"The contrast is off: log10 Sigma varies by {s[_STD]:.2f} dex, while training "
                f"maps vary by {low[_STD]:.2f} to {high[_STD]:.2f}; check that the map is linear."
            )
        off = (s[_POWER] - middle[_POWER]) / (high[_POWER] - low[_POWER] + 1e-9)
        worst = int(np.argmax(np.abs(off)))
        if abs(off[worst]) > 0.75:
            factor = float(np.exp(np.clip(s[_POWER] - middle[_POWER], -20, 20)[worst]))
            where = ("large", "middle", "small")[min(worst // 4, 2)]
            return (
                f"The power on {where} scales is off: {factor:.2g} times that of a typical "
                "training map."
            )
        group = list(GROUPS)[int(np.argmax(ratios))]
        if group in ("level", "one-point distribution"):
            return (
                "The distribution of pixel values has another shape than that of any training map."
            )
        return (
            "The texture is off: structures are arranged in a way that no training map shows, "
            "whatever the level and the power."
        )
