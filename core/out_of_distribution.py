"""Is an input like those a network was trained on?

A network answers any input with confidence, so it has to be asked first whether the question makes
sense. Fixed summaries of the training inputs fall into groups (say level, shape of the power
spectrum, texture); for each, the Mahalanobis distance of an input from the training inputs is
compared with the distances of held-out simulations. One group too far is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["OutOfDistributionCheck", "OutOfDistributionResult", "named_columns"]

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class OutOfDistributionResult:
    """The answer.

    Attributes:
        score: distance from the training maps; 1 is the threshold of the strictest group.
        threshold: above which a map is called unlike the training data.
        unlike_training: whether it is.
        reason: one sentence.
    """

    score: float
    threshold: float
    unlike_training: bool
    reason: str


def named_columns(names: Sequence[str], *beginnings: str) -> list[int]:
    """Which summaries have a name that begins so, for :attr:`OutOfDistributionCheck.groups`."""
    return [i for i, name in enumerate(names) if name.startswith(beginnings)]


class OutOfDistributionCheck:
    """Distances from the training inputs in each group of summaries. Made by :meth:`fit`.

    A subclass names its :attr:`groups` and says in :meth:`_reason` what is off.

    Args:
        centre: (S,) mean of the summaries of the training maps.
        spread: (S,) their standard deviation.
        whiten: for each group (size, size), from standardised summaries to unit variance.
        thresholds: (groups,) of the distance in each group.
        typical: (3, S) 1%, 50% and 99% quantiles of the summaries, to say what is off.
    """

    groups: Mapping[str, Sequence[int]] = {}
    """Columns of the summaries that each group looks at."""

    least_spread: float = 1e-9
    """Standard deviation of a summary that hardly varies over the training inputs."""

    in_distribution_sentence = "The map looks like the training maps."

    def __init__(self, centre: Floats, spread: Floats, whiten: list[Floats], thresholds: Floats,
                 typical: Floats) -> None:
        self.centre, self.spread, self.whiten = centre, spread, whiten
        self.thresholds, self.typical = thresholds, typical

    @classmethod
    def fit(cls, training: Floats, validation: Floats, false_alarms: float = 0.01
            ) -> Self:
        """Measure the training maps; set thresholds on held-out simulations.

        Args:
            training: (n, S) summaries.
            validation: (m, S) summaries of other simulations.
            false_alarms: fraction of the validation maps that will be flagged.
        """
        centre = training.mean(axis=0)
        spread = np.maximum(training.std(axis=0), cls.least_spread)
        z = (training - centre) / spread
        whiten = []
        for columns in cls.groups.values():
            values, vectors = np.linalg.eigh(np.cov(z[:, columns], rowvar=False))
            # directions with hardly any variance are noise of the estimate, not a measurement
            whiten.append(vectors / np.sqrt(np.maximum(values, 1e-4)))
        typical = np.quantile(training, [0.01, 0.5, 0.99], axis=0)
        check = cls(centre, spread, whiten, np.ones(len(cls.groups)), typical)
        distances = check.distances(validation)
        # each group flags the same fraction, so that all together flag the wanted one
        low, high = 0.5, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            limits = np.quantile(distances, middle, axis=0)
            flagged = (distances > limits).any(axis=1).mean()
            low, high = (middle, high) if flagged > false_alarms else (low, middle)
        # a group that is constant over the training inputs has no distances to go by
        check.thresholds = np.maximum(np.quantile(distances, high, axis=0), 0.5)
        return check

    def distances(self, summaries: Floats) -> Floats:
        """(n, groups) root-mean-square distance in standard deviations."""
        z = np.clip((np.atleast_2d(summaries) - self.centre) / self.spread, -1e3, 1e3)
        return np.stack(
            [
                np.sqrt(np.mean((z[:, columns] @ w) ** 2, axis=1))
                for columns, w in zip(self.groups.values(), self.whiten, strict=True)
            ],
            axis=1,
        )

    def scores(self, summaries: Floats) -> Floats:
        """(n,) largest distance over its threshold; above 1 is unlike the training maps."""
        return (self.distances(summaries) / self.thresholds).max(axis=1)

    def __call__(self, summaries: Floats) -> OutOfDistributionResult:
        """Judge one map by its summaries (S,), computed as those of the training maps were."""
        ratios = self.distances(summaries)[0] / self.thresholds
        score = float(ratios.max())
        if score <= 1.0:
            return OutOfDistributionResult(score, 1.0, False, self.in_distribution_sentence)
        return OutOfDistributionResult(score, 1.0, True, self._reason(summaries, ratios))

    def _reason(self, summaries: Floats, ratios: Floats) -> str:
        """One sentence on what is off: by default, which group is furthest."""
        group = list(self.groups)[int(np.argmax(ratios))]
        return f"The {group} is unlike that of any training map."

    def state(self) -> dict[str, Floats]:
        """Arrays to save; :meth:`from_state` reads them back."""
        named = {"centre": self.centre, "spread": self.spread, "thresholds": self.thresholds,
                 "typical": self.typical}
        return named | {f"whiten_{i}": w for i, w in enumerate(self.whiten)}

    @classmethod
    def from_state(cls, state: Mapping[str, Floats]) -> Self:
        """The check that :meth:`state` described."""
        whiten = [np.asarray(state[f"whiten_{i}"]) for i in range(len(cls.groups))]
        return cls(state["centre"], state["spread"], whiten, state["thresholds"], state["typical"])
