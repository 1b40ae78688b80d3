"""The mean neutral fraction from 21 cm images: p(x_HI | images, z, observation).

An ensemble of networks sees the summaries of one slice, several, or a whole box
(:mod:`core.reionization.summaries`, in units of what is usual for the observation), redshift,
noise and whether the wedge was cut, and answers with a density on a grid of x_HI. It may
correct that by what a CNN sees in the images (:mod:`core.networks.stack_network`). Each member was
trained without a fifth of the training simulations; the mean of their densities is tempered: raised
to an exponent chosen on simulations that they did not see, so that intervals cover at every neutral
fraction.

Papers: Mangena, Hassan & Santos 2020, arXiv:2003.04905, for the task; Sooknunan et al.,
arXiv:2412.15893, for why splits are by simulation.

Example:
    >>> model = NeutralFraction.load()
    >>> seen = observe(brightness_temp, 8.0, Observation("aa4", 1000))
    >>> model.posterior(seen, 8.0, Observation("aa4", 1000)).interval(0.68)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.draws import check_draws
from core.networks.stack_network import StackNetwork, StackNetworkConfig, average, load_network
from core.networks.states import prefixed
from core.posterior import Posterior
from core.reionization.constants import CELL_MPC, N_CELLS
from core.reionization.ensemble import ImageEnsemble
from core.reionization.images import CONDITIONS, remove_means
from core.reionization.network_inputs import NetworkInputs, PreparedImage, network_inputs
from core.reionization.observation import CLEAN, Observation
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler, observation_kind
from core.reionization.summaries import BASELINE_NAMES, SUMMARY_NAMES

__all__ = [
    "METHODS",
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
_PATCHES_AT_ONCE = 16


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


class NeutralFraction(ImageEnsemble[NeutralFractionConfig, NDArray[np.floating]]):
    """Trained ensemble. Use :meth:`load`, then :meth:`posterior` or :meth:`density`.

    Its answer to an image is the posterior of the box-mean neutral fraction as a density on
    :attr:`grid`, (bins,), that integrates to 1; the prior is uniform in (0, 1).

    Args:
        config: architecture and calibration.
        members: trained networks.
        scaler: of the summaries that they are given.
        statistics: the network that sees moments and power spectrum alone.
        out_of_distribution: the check for images unlike the training images.
    """

    folder = "neutral_fraction"
    config_class = NeutralFractionConfig
    methods = METHODS

    def __init__(
        self,
        config: NeutralFractionConfig,
        members: list[StackNetwork],
        scaler: SummaryScaler,
        statistics: StackNetwork | None = None,
        out_of_distribution: StackOutOfDistributionCheck | None = None,
    ) -> None:
        super().__init__(config, members, scaler, out_of_distribution)
        self.statistics = statistics.eval() if statistics is not None else None
        self.grid = x_hi_grid(config.bins)

    @classmethod
    def _own_parts(
        cls, config: NeutralFractionConfig, tensors: Mapping[str, Tensor], device: str
    ) -> dict[str, Any]:
        return {"statistics": load_network(tensors, config.statistics, "statistics.").to(device)}

    def _own_tensors(self) -> dict[str, Tensor]:
        return prefixed(self.statistics.state_dict(), "statistics.") if self.statistics else {}

    def posterior(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
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
                :func:`core.reionization.observation.observe`), of which means of slices play no
                part; or what :meth:`prepare` made of it, and then the three that follow are not
                needed.
            redshift: 7 to 10.
            observation: how it was observed.
            cell_mpc: side of a pixel in comoving Mpc.
            method: "images" for the ensemble, "statistics" for a network that is given moments
                and power spectrum alone.
            n: number of samples, at least 1.
            seed: noise seed, 0 or larger; the same seed gives the same samples.

        Returns:
            :class:`core.posterior.Posterior` of one parameter, x_HI.

        Raises:
            ValueError: for an image that cannot be read, a redshift outside the range, an unknown
                method, n below 1 or a negative seed.
        """
        check_draws(n, seed)
        density = self._asked(image, redshift, observation, cell_mpc, method)
        return self.posterior_of(density, n, seed)

    @staticmethod
    def posterior_of(density: Floats, n: int = 4000, seed: int = 0) -> Posterior:
        """Samples of a density (bins,) that :meth:`density` or :meth:`estimate` returned.

        Raises:
            ValueError: for n below 1 or a negative seed.
        """
        check_draws(n, seed)
        rng = np.random.default_rng(seed)
        cumulative = np.concatenate([[0.0], np.cumsum(density) / density.sum()])
        edges = np.linspace(0, 1, len(cumulative))
        return Posterior(np.interp(rng.uniform(size=n), cumulative, edges)[:, None], (X_HI_LABEL,))

    def density(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
        method: Method = "images",
    ) -> tuple[Floats, Floats]:
        """The posterior itself: (grid of x_HI (bins,), density (bins,) that integrates to 1).

        Args and errors as for :meth:`posterior`.
        """
        return self.grid, self._asked(image, redshift, observation, cell_mpc, method)

    def _answer(self, inputs: NetworkInputs, method: str) -> Floats:
        return self.predict(*inputs, method).mean(axis=0)

    def predict(
        self, images: Floats | None, summaries: Floats, conditions: Floats, method: str = "images"
    ) -> Floats:
        """Densities (m, bins) of prepared stacks, calibrated.

        Args:
            images: (m, S, 64, 64) over :func:`core.reionization.images.image_scale`; None for the
                answer of the summaries alone.
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
        p = self._network_answers(images, summaries, conditions, lambda a: a.softmax(dim=1))
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
        """Densities (m, bins) to the power chosen on other simulations, normalised.

        Args:
            density: (m, bins) as :meth:`raw` gives it.
            conditions: (m, conditions).
            exponents: for each kind of observation, see :class:`NeutralFractionConfig`; those of
                the ensemble by default.
        """
        table = np.asarray(self.config.sharpen if exponents is None else exponents)
        return tempered(density, observation_kind(conditions), table)

    def saliency(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
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
        prepared = self._prepared(image, redshift, observation, cell_mpc)
        plain = self._means(NetworkInputs(*(array[:1] for array in prepared.inputs)))
        patches = list(_patches(patch))
        moved = np.zeros((N_CELLS, N_CELLS), dtype=np.float32)
        for start in range(0, len(patches), _PATCHES_AT_ONCE):
            some = patches[start : start + _PATCHES_AT_ONCE]
            change = np.abs(self._means(_blotted(prepared, some)) - plain)
            for pixels, each in zip(some, change, strict=True):
                moved[pixels] += each / 4  # each pixel lies under four patches
        return moved

    def _means(self, inputs: NetworkInputs) -> Floats:
        """Posterior means (m,) of m passes."""
        return self.predict(*inputs) @ self.grid / self.config.bins


def _patches(side: int) -> Iterator[tuple[NDArray[np.int_], NDArray[np.int_]]]:
    """Row (side, 1) and column (side,) indices of square patches at steps of half their side."""
    window = np.arange(side)
    starts = range(0, N_CELLS, side // 2)
    for down, across in itertools.product(starts, starts):
        yield ((window + down) % N_CELLS)[:, None], (window + across) % N_CELLS


def _blotted(
    prepared: PreparedImage, patches: Sequence[tuple[NDArray[np.int_], NDArray[np.int_]]]
) -> NetworkInputs:
    """The first pass of an image without each of some patches, (patches, ...)."""
    passes = []
    for rows, columns in patches:
        stack = prepared.stack.copy()
        stack[:, rows, columns] = 0.0
        stack = remove_means(stack)
        passes.append(network_inputs(stack, prepared.redshift, prepared.observation, passes=1))
    return NetworkInputs(*(np.concatenate(arrays) for arrays in zip(*passes, strict=True)))
