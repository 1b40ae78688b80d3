"""The mean neutral fraction from 21 cm images: p(x_HI | images, z, observation).

An ensemble of networks is given the summaries of one slice, several, or a whole box
(:mod:`core.reionization.summaries`, in units of what is usual for the observation), is told
redshift, noise and whether the wedge was cut, and answers with a density on a grid of x_HI. It may
correct that by what a CNN sees in the images (:mod:`core.networks.stack_network`). Each
member was trained without a fifth of the training simulations; the mean of their densities is
sharpened or widened by an exponent chosen on simulations that they did not see, so that intervals
cover at every neutral fraction.

Papers: Mangena, Hassan & Santos 2020, arXiv:2003.04905, for the task; Sooknunan et al.,
arXiv:2412.15893, for why splits are by simulation.

Example:
    >>> model = NeutralFraction.load()
    >>> seen = observe(brightness_temp, 8.0, Observation("aa4", 1000))
    >>> model.posterior(seen, 8.0, Observation("aa4", 1000)).interval(0.68)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.networks.stack_network import (
    StackNetwork,
    StackNetworkConfig,
    average,
    load_members,
)
from core.networks.states import part, prefixed
from core.posterior import Posterior
from core.reionization.constants import CELL_MPC, N_CELLS
from core.reionization.ensemble import ImageEnsemble, scaler_and_check
from core.reionization.images import CONDITIONS, prepare_images
from core.reionization.network_inputs import NetworkInputs, network_inputs
from core.reionization.observation import CLEAN, Observation
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler, observation_kind
from core.reionization.summaries import BASELINE_NAMES, SUMMARY_NAMES
from core.weights import load_model, save_model

__all__ = [
    "ESTIMATES",
    "METHODS",
    "X_HI_LABEL",
    "Method",
    "NeutralFraction",
    "NeutralFractionConfig",
    "credibility",
    "tempered",
    "x_hi_grid",
]

Floats = NDArray[np.floating]
Method = Literal["images", "statistics"]
ESTIMATES = (0.125, 0.375, 0.625, 0.875)
METHODS: tuple[Method, ...] = ("images", "statistics")
X_HI_LABEL = r"$\bar{x}_{\rm HI}$"


@dataclass(frozen=True)
class NeutralFractionConfig:
    """Architecture and calibration, saved beside the weights.

    Attributes:
        network: of each member.
        statistics: of the network that sees moments and power spectrum alone.
        members: of the ensemble.
        bins: of the density on [0, 1].
        sharpen, sharpen_statistics: exponents on the densities for clean images, noisy ones and
            ones without the wedge, at estimates of 1/8, 3/8, 5/8 and 7/8 (linear in between).
        data: what it was trained on, in words.
    """

    network: StackNetworkConfig = StackNetworkConfig(
        None, len(SUMMARY_NAMES), len(CONDITIONS), 192, 100, 0.3
    )
    statistics: StackNetworkConfig = StackNetworkConfig(
        None, len(BASELINE_NAMES), len(CONDITIONS), 128, 100, 0.1
    )
    members: int = 5
    bins: int = 100
    sharpen: tuple[tuple[float, ...], ...] = ((1.0,) * 4,) * 3
    sharpen_statistics: tuple[tuple[float, ...], ...] = ((1.0,) * 4,) * 3
    data: str = ""


def x_hi_grid(bins: int) -> Floats:
    """(bins,) centres of the bins of the density."""
    return (np.arange(bins) + 0.5) / bins


def credibility(density: Floats, x_hi: Floats) -> Floats:
    """Posterior probability below the truth, uniform on [0, 1] if the posteriors are calibrated.

    Args:
        density: (m, bins), each integrates to 1.
        x_hi: (m,) true values.
    """
    bins = density.shape[1]
    below = np.concatenate([np.zeros((len(density), 1)), np.cumsum(density, axis=1)], axis=1)
    edges = np.linspace(0, 1, bins + 1)
    return np.array([np.interp(x, edges, b / bins) for x, b in zip(x_hi, below, strict=True)])


def tempered(density: Floats, kind: NDArray[np.int_], exponents: Floats) -> Floats:
    """Densities to a power that depends on their mean, normalised again.

    Args:
        density: (m, bins).
        kind: (m,) of observation.
        exponents: (kinds, 4), see :class:`NeutralFractionConfig`.
    """
    p = np.maximum(np.asarray(density, dtype=float), 1e-9)
    mean = (p @ x_hi_grid(p.shape[1])) / p.sum(axis=1)
    power = np.empty(len(p))
    for each in np.unique(kind):
        power[kind == each] = np.interp(mean[kind == each], ESTIMATES, exponents[each])
    p **= power[:, None]
    return p / p.mean(axis=1, keepdims=True)


class NeutralFraction(ImageEnsemble):
    """Trained ensemble. Use :meth:`load`."""

    def __init__(
        self,
        config: NeutralFractionConfig,
        members: list[StackNetwork],
        scaler: SummaryScaler,
        statistics: StackNetwork | None = None,
        out_of_distribution: StackOutOfDistributionCheck | None = None,
    ) -> None:
        super().__init__(members, scaler, out_of_distribution)
        self.config = config
        self.statistics = statistics.eval() if statistics is not None else None
        self.grid = x_hi_grid(config.bins)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> NeutralFraction:
        """The trained model (of ``core/weights/neutral_fraction`` by default).

        Raises:
            ModelNotFoundError, ValueError: see :func:`core.weights.load_model`.
        """
        name = "neutral_fraction" if folder is None else folder
        tensors, config = load_model(name, NeutralFractionConfig)
        members = load_members(tensors, config.network, config.members)
        statistics = StackNetwork(config.statistics)
        statistics.load_state_dict(part(tensors, "statistics."))
        scaler, out_of_distribution = scaler_and_check(tensors)
        return cls(config, members, scaler, statistics.float(), out_of_distribution)

    def save(self, folder: str | Path, card: str | None = None) -> None:
        """Write weights, config and card to ``folder``; :meth:`load` reads them back."""
        tensors = self._tensors()
        if self.statistics is not None:
            tensors |= prefixed(self.statistics.state_dict(), "statistics.")
        save_model(folder, tensors, self.config, card)

    def posterior(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
        method: Method = "images",
        n: int = 4000,
        seed: int = 0,
    ) -> Posterior:
        """Samples of the posterior of the box-mean neutral fraction, prior uniform in (0, 1).

        Args:
            image: (n, n) or (S, n, n) brightness temperature in mK as observed (see
                :func:`core.reionization.observation.observe`); means of slices play no part.
            redshift: 7 to 10.
            observation: how it was observed; the network has to be told.
            cell_mpc: side of a pixel in comoving Mpc.
            method: "images" for the ensemble, "statistics" for a network that is given moments
                and power spectrum alone.
            n: number of samples.
            seed: the same seed gives the same samples.

        Returns:
            :class:`core.posterior.Posterior` of one parameter, x_HI.

        Raises:
            ValueError: for an image that cannot be read, a redshift outside the range, an unknown
                method, or n < 1.
        """
        if n < 1:
            raise ValueError(f"n is {n}; at least one sample is needed.")
        _, density = self.density(
            image, redshift, observation, cell_mpc=cell_mpc, method=method
        )
        return self.posterior_of(density, n, seed)

    @staticmethod
    def posterior_of(density: Floats, n: int = 4000, seed: int = 0) -> Posterior:
        """Samples of a density (bins,) that :meth:`density` returned."""
        rng = np.random.default_rng(seed)
        cumulative = np.concatenate([[0.0], np.cumsum(density) / density.sum()])
        edges = np.linspace(0, 1, len(cumulative))
        return Posterior(np.interp(rng.uniform(size=n), cumulative, edges)[:, None], (X_HI_LABEL,))

    def density(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
        method: Method = "images",
    ) -> tuple[Floats, Floats]:
        """The posterior itself: (grid of x_HI (bins,), density (bins,) that integrates to 1)."""
        if method not in METHODS:
            raise ValueError(f"There is no method {method!r}; choose from {', '.join(METHODS)}.")
        inputs = network_inputs(image, redshift, observation, cell_mpc)
        p = self.predict(*inputs, method)
        return self.grid, p.mean(axis=0)

    def predict(
        self, images: Floats, summaries: Floats, conditions: Floats, method: Method = "images"
    ) -> Floats:
        """Densities (m, bins) of prepared stacks, calibrated.

        Args:
            images: (m, S, 64, 64) over :func:`core.reionization.images.image_scale`.
            summaries: (m, summaries) of the images in mK.
            conditions: (m, conditions).
            method: as for :meth:`posterior`.
        """
        if method == "images":
            return self.calibrate(self.raw(images, summaries, conditions), conditions)
        raw = self.raw_statistics(summaries, conditions)
        return self.calibrate(raw, conditions, self.config.sharpen_statistics)

    def raw(self, images: Floats | None, summaries: Floats, conditions: Floats) -> Floats:
        """Densities averaged over flips and members, before the calibration, (m, bins).

        Without images, those of the members' paths for the summaries alone.
        """
        p = self._answers(images, summaries, conditions, lambda a: a.softmax(dim=1))
        return p * self.config.bins

    def raw_statistics(self, summaries: Floats, conditions: Floats) -> Floats:
        """Densities from moments and power spectrum, before the calibration, (m, bins)."""
        if self.statistics is None:
            raise ValueError("This model was saved without the network for the statistics.")
        own = self.scaler(conditions, summaries)[:, : self.config.statistics.summaries]
        p = average([self.statistics], None, own, conditions, lambda a: a.softmax(dim=1))
        return p * self.config.bins

    def calibrate(
        self,
        density: Floats,
        conditions: Floats,
        exponents: tuple[tuple[float, ...], ...] | None = None,
    ) -> Floats:
        """Densities (m, bins) to the power chosen on other simulations, normalised."""
        table = np.asarray(self.config.sharpen if exponents is None else exponents)
        return tempered(density, observation_kind(conditions), table)

    def saliency(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
        patch: int = 16,
    ) -> NDArray[np.float32]:
        """Where the answer comes from: how far it moves when a patch of the sky is blotted out.

        A square patch, through all slices, is set to the mean (Zeiler & Fergus 2014,
        arXiv:1311.2901), at steps of half its side; a pixel has the mean move of the patches over
        it.

        Args:
            image, redshift, observation, cell_mpc: as for :meth:`posterior`.
            patch: side in pixels of 2 Mpc, an even divisor of 64.

        Returns:
            (64, 64) float32: mean absolute change of the posterior mean of x_HI.

        Raises:
            ValueError: as for :meth:`posterior`, or for a patch that does not fit.
        """
        if patch < 2 or patch % 2 or N_CELLS % patch:
            raise ValueError(f"The patch has {patch} pixels; choose 4, 8, 16 or 32.")
        stack = prepare_images(image, cell_mpc)
        inputs = network_inputs(stack, redshift, observation)
        first = NetworkInputs(*(array[:1] for array in inputs))
        plain = self._mean(first)
        moved = np.zeros((N_CELLS, N_CELLS), dtype=np.float32)
        window = np.arange(patch)
        starts = range(0, N_CELLS, patch // 2)
        for down in starts:
            for across in starts:
                blotted = stack.copy()
                rows, columns = (window + down) % N_CELLS, (window + across) % N_CELLS
                blotted[:, rows[:, None], columns] = 0.0
                change = self._mean(network_inputs(blotted, redshift, observation)) - plain
                moved[rows[:, None], columns] += abs(change) / 4
        return moved

    def _mean(self, inputs: NetworkInputs) -> float:
        """Posterior mean of the first pass."""
        images, summaries, conditions = (array[:1] for array in inputs)
        density = self.predict(images, summaries, conditions)
        return float(density[0] @ self.grid / self.config.bins)
