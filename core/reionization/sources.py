"""Galaxies or AGN: the probability that AGN made the bubbles of 21 cm images.

Networks see fixed summaries of one slice or several (:mod:`core.reionization.summaries`, in three
dimensions for a whole box), redshift, noise and whether the wedge was cut and, if trained so, the
images themselves. They answer with a log-odds that is averaged over members and
divided by a temperature chosen on validation simulations, so that of the images called 80% AGN 80%
are. Trained on pairs of boxes with the same haloes, redshift and mean neutral fraction, half
galaxies and half AGN: that is the prior.

Beside it two classifiers for comparison, given the power spectrum alone or the moments alone:
logistic regressions on all products of two features.

Papers: Hassan et al. 2019, arXiv:1807.03317, for the task; Guo et al. 2017, arXiv:1706.04599, for
temperature scaling.

Example:
    >>> model = Sources.load()
    >>> seen = observe(brightness_temp, 8.0, Observation("aa4", 1000))
    >>> model.probability(seen, 8.0, Observation("aa4", 1000))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.networks.stack_network import StackNetwork, StackNetworkConfig
from core.networks.states import part, to_arrays, to_tensors
from core.reionization.constants import CELL_MPC
from core.reionization.ensemble import ImageEnsemble
from core.reionization.images import CONDITIONS
from core.reionization.network_inputs import NetworkInputs, PreparedImage
from core.reionization.observation import CLEAN, Observation
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import OBSERVATION_KINDS, SummaryScaler, observation_kind
from core.reionization.summaries import BASELINE_NAMES, MOMENT_NAMES, SUMMARY_NAMES

__all__ = [
    "METHODS",
    "RELIABILITY_BINS",
    "Method",
    "Sources",
    "SourcesConfig",
    "baseline_features",
]

Floats = NDArray[np.floating]
Method = Literal["images", "power_spectrum", "moments"]
METHODS: tuple[Method, ...] = ("images", "power_spectrum", "moments")
RELIABILITY_BINS = 10
"""Equal bins of probability in the reliability diagram."""

_COLUMNS = {
    "power_spectrum": list(range(len(MOMENT_NAMES), len(BASELINE_NAMES))),
    "moments": list(range(len(MOMENT_NAMES))),
}


@dataclass(frozen=True)
class SourcesConfig:
    """Architecture and calibration, saved beside the weights.

    Attributes:
        network: of each member; without a CNN it sees the images by their summaries alone.
        members: of the ensemble.
        temperature: what log-odds are divided by, for clean images, noisy ones and ones without
            the wedge.
        data: what it was trained on, in words.
    """

    network: StackNetworkConfig = StackNetworkConfig(
        None, len(SUMMARY_NAMES), len(CONDITIONS), outputs=1, dropout=0.3
    )
    members: int = 1
    temperature: tuple[float, float, float] = (1.0, 1.0, 1.0)
    data: str = ""


def baseline_features(summaries: Floats, conditions: Floats, method: str) -> Floats:
    """What a classifier for comparison sees: its summaries, redshift and noise, (m, F).

    Args:
        summaries: (m, summaries) of :func:`core.reionization.summaries.stack_summaries`.
        conditions: (m, conditions).
        method: "power_spectrum" or "moments".
    """
    own = np.asarray(summaries, dtype=np.float64)[:, _COLUMNS[method]]
    return np.hstack([own, np.asarray(conditions, dtype=np.float64)[:, :2]])


def _products(x: Floats) -> Floats:
    """1, every feature and every product of two, (m, terms)."""
    i, j = np.triu_indices(x.shape[1])
    return np.hstack([np.ones((len(x), 1)), x, x[:, i] * x[:, j]])


@dataclass(frozen=True)
class BaselineClassifier:
    """A logistic regression for one method and one kind of observation.

    Attributes:
        centre, spread: (F,) of the features.
        weights: (terms,) of 1, the features and their products.
    """

    centre: Floats
    spread: Floats
    weights: Floats

    @classmethod
    def standardised(cls, features: Floats) -> BaselineClassifier:
        """Before its weights are fitted."""
        f = features.shape[1]
        terms = 1 + f + f * (f + 1) // 2
        return cls(features.mean(axis=0), features.std(axis=0) + 1e-6, np.zeros(terms))

    def terms(self, features: Floats) -> Floats:
        """(m, terms): what the weights multiply."""
        return _products(np.clip((features - self.centre) / self.spread, -6, 6))

    def log_odds(self, features: Floats) -> Floats:
        """(m,) of AGN."""
        return self.terms(features) @ self.weights


class Sources(ImageEnsemble[SourcesConfig, float]):
    """Trained classifier. Use :meth:`load`, then :meth:`probability`.

    Its answer to an image is the probability that AGN made the bubbles.

    Args:
        config: architecture and calibration.
        members: trained networks.
        scaler: of the summaries that they are given.
        baselines: for "power_spectrum" and "moments" a :class:`BaselineClassifier` for each kind of
            observation.
        out_of_distribution: the check for images unlike the training images.
        reliability: (3, bins, 3): for each kind of observation and bin of probability the mean
            probability, the fraction that were AGN and the number of held-out images.
    """

    folder = "reionization_sources"
    config_class = SourcesConfig
    methods = METHODS

    def __init__(
        self,
        config: SourcesConfig,
        members: list[StackNetwork],
        scaler: SummaryScaler,
        baselines: dict[str, list[BaselineClassifier]] | None = None,
        out_of_distribution: StackOutOfDistributionCheck | None = None,
        reliability: Floats | None = None,
    ) -> None:
        super().__init__(config, members, scaler, out_of_distribution)
        self.baselines = baselines or {}
        self.reliability_table = reliability

    @classmethod
    def _own_parts(
        cls, config: SourcesConfig, tensors: Mapping[str, Tensor], device: str
    ) -> dict[str, Any]:
        found = to_arrays({k: v for k, v in tensors.items() if not k.startswith("member_")})
        baselines = {
            method: [
                BaselineClassifier(**part(found, f"twin.{method}.{kind}."))
                for kind in range(len(OBSERVATION_KINDS))
            ]
            for method in _COLUMNS
            if f"twin.{method}.0.weights" in found
        }
        return {"baselines": baselines, "reliability": found.get("reliability")}

    def _own_tensors(self) -> dict[str, Tensor]:
        own: dict[str, Floats] = {
            f"twin.{method}.{kind}.{name}": value  # the name that saved models have
            for method, baselines in self.baselines.items()
            for kind, baseline in enumerate(baselines)
            for name, value in vars(baseline).items()
        }
        if self.reliability_table is not None:
            own["reliability"] = self.reliability_table
        return to_tensors(own)

    def probability(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
        method: Method = "images",
    ) -> float:
        """Probability that AGN rather than galaxies made the bubbles.

        Args:
            image: (n, n) or (S, n, n) brightness temperature in mK as observed (see
                :func:`core.reionization.observation.observe`), of which means of slices play no
                part; or what :meth:`prepare` made of it, and then the three that follow are not
                needed.
            redshift: 7 to 10.
            observation: how it was observed.
            cell_mpc: side of a pixel in comoving Mpc.
            method: "images" for the networks, "power_spectrum" or "moments" for the classifiers
                given those alone.

        Returns:
            Between 0 (galaxies) and 1 (AGN).

        Raises:
            ValueError: for an image that cannot be read, a redshift outside the range or an
                unknown method.
        """
        return self._asked(image, redshift, observation, cell_mpc, method)

    def _answer(self, inputs: NetworkInputs, method: str) -> float:
        return float(1.0 / (1.0 + np.exp(-self.log_odds(*inputs, method).mean())))

    def log_odds(
        self,
        images: Floats | None,
        summaries: Floats,
        conditions: Floats,
        method: str = "images",
    ) -> Floats:
        """Calibrated log-odds (m,) of AGN of prepared stacks.

        Args:
            images: (m, S, 64, 64) over :func:`core.reionization.images.image_scale`; not needed
                for the methods that are given statistics.
            summaries: (m, summaries) of the images in mK.
            conditions: (m, conditions).
            method: as for :meth:`probability`.
        """
        kinds = observation_kind(conditions)
        if method == "images":
            raw = self.raw(images, summaries, conditions)
            return raw / np.asarray(self.config.temperature)[kinds]
        if method not in self.baselines:
            raise ValueError(f"This model was saved without the classifier {method!r}.")
        features = baseline_features(summaries, conditions, method)
        out = np.empty(len(features))
        for kind, baseline in enumerate(self.baselines[method]):
            out[kinds == kind] = baseline.log_odds(features[kinds == kind])
        return np.clip(out, -30.0, 30.0)

    def raw(self, images: Floats | None, summaries: Floats, conditions: Floats) -> Floats:
        """Log-odds (m,) averaged over flips and members, before the calibration.

        Without images, those of the members' paths for the summaries alone.
        """
        found = self._network_answers(images, summaries, conditions, lambda answer: answer[:, 0])
        return found.astype(np.float64)

    def reliability(
        self, observation: Observation = CLEAN
    ) -> tuple[Floats, Floats, Floats, NDArray[np.int_]]:
        """How often stated probabilities were right on held-out simulations.

        Args:
            observation: clean, noisy and wedge-cut images were measured apart.

        Returns:
            (edges (bins + 1,), mean probability stated (bins,), fraction that were AGN (bins,),
            number of images (bins,)); means of empty bins are the middle of the bin.

        Raises:
            ValueError: if the model was not evaluated yet.
        """
        if self.reliability_table is None:
            raise ValueError(
                "This model has no reliability yet; run "
                "python -m training.reionization.evaluate_sources."
            )
        kind = 2 if observation.wedge else int(observation.array != "none")
        predicted, observed, counts = self.reliability_table[kind].T
        return np.linspace(0, 1, len(counts) + 1), predicted, observed, counts.astype(int)
