"""The mean neutral fraction from 21 cm images: p(x_HI | images, z, observation).

An ensemble of networks sees one slice or several (:mod:`core.networks.stack_network`), is told
redshift, noise and whether the wedge was cut, and answers with a density on a grid of x_HI. Each
member was trained without a fifth of the training simulations; the mean of their densities is
sharpened or widened by an exponent chosen on validation simulations so that intervals cover.

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
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage
from torch import Tensor

from core.familiarity import Familiarity
from core.networks.stack_network import StackNetwork, StackNetworkConfig, average
from core.posterior import Posterior
from core.reionization.constants import CELL_MPC
from core.reionization.familiarity import StackFamiliarity, check_kind
from core.reionization.images import CONDITIONS, prepare_images
from core.reionization.observation import CLEAN, Observation
from core.reionization.stacks import network_inputs
from core.reionization.summaries import BASELINE_NAMES, SUMMARY_NAMES
from core.weights import load_model, save_model

__all__ = [
    "METHODS",
    "X_HI_LABEL",
    "Method",
    "NeutralFraction",
    "NeutralFractionConfig",
    "x_hi_grid",
]

Floats = NDArray[np.floating]
Method = Literal["images", "statistics"]
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
            ones without the wedge.
        data: what it was trained on, in words.
    """

    network: StackNetworkConfig = StackNetworkConfig(
        summaries=len(SUMMARY_NAMES), conditions=len(CONDITIONS), outputs=100
    )
    statistics: StackNetworkConfig = StackNetworkConfig(
        None, len(BASELINE_NAMES), len(CONDITIONS), 128, 100
    )
    members: int = 5
    bins: int = 100
    sharpen: tuple[float, float, float] = (1.0, 1.0, 1.0)
    sharpen_statistics: tuple[float, float, float] = (1.0, 1.0, 1.0)
    data: str = ""


def x_hi_grid(bins: int) -> Floats:
    """(bins,) centres of the bins of the density."""
    return (np.arange(bins) + 0.5) / bins


class NeutralFraction:
    """Trained ensemble. Use :meth:`load`."""

    def __init__(
        self,
        config: NeutralFractionConfig,
        members: list[StackNetwork],
        statistics: StackNetwork | None = None,
        familiarity: StackFamiliarity | None = None,
    ) -> None:
        self.config = config
        self.members = [net.eval() for net in members]
        self.statistics = statistics.eval() if statistics is not None else None
        self.familiarity = familiarity
        self.grid = x_hi_grid(config.bins)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> NeutralFraction:
        """The trained model (of ``core/weights/neutral_fraction`` by default).

        Raises:
            ModelNotFoundError, ValueError: see :func:`core.weights.load_model`.
        """
        name = "neutral_fraction" if folder is None else folder
        tensors, config = load_model(name, NeutralFractionConfig)
        members = []
        for index in range(config.members):
            net = StackNetwork(config.network)
            net.load_state_dict(_part(tensors, f"member_{index}."))
            members.append(net.float())
        statistics = StackNetwork(config.statistics)
        statistics.load_state_dict(_part(tensors, "statistics."))
        state = {k: v.double().numpy() for k, v in _part(tensors, "familiarity.").items()}
        return cls(config, members, statistics.float(), StackFamiliarity.from_state(state))

    def save(self, folder: str | Path, card: str | None = None) -> None:
        """Write weights, config and card to ``folder``; :meth:`load` reads them back."""
        tensors = {
            f"member_{index}.{k}": v
            for index, net in enumerate(self.members)
            for k, v in net.state_dict().items()
        }
        if self.statistics is not None:
            tensors |= {f"statistics.{k}": v for k, v in self.statistics.state_dict().items()}
        if self.familiarity is not None:
            tensors |= {
                f"familiarity.{k}": torch.from_numpy(np.ascontiguousarray(v)).float()
                for k, v in self.familiarity.state().items()
            }
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
        p = average(self.members, images, summaries, conditions, lambda a: a.softmax(dim=1))
        return p * self.config.bins

    def raw_statistics(self, summaries: Floats, conditions: Floats) -> Floats:
        """Densities from moments and power spectrum, before the calibration, (m, bins)."""
        if self.statistics is None:
            raise ValueError("This model was saved without the network for the statistics.")
        own = summaries[:, : self.config.statistics.summaries]
        p = average([self.statistics], None, own, conditions, lambda a: a.softmax(dim=1))
        return p * self.config.bins

    def calibrate(
        self,
        density: Floats,
        conditions: Floats,
        exponents: tuple[float, float, float] | None = None,
    ) -> Floats:
        """Densities (m, bins) to the power chosen on validation simulations, normalised."""
        by_kind = np.asarray(self.config.sharpen if exponents is None else exponents)
        p = np.maximum(np.asarray(density, dtype=float), 1e-9)
        p **= by_kind[check_kind(conditions)][:, None]
        return p / p.mean(axis=1, keepdims=True)

    def check(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> Familiarity:
        """Whether an image is like the training images; arguments as for :meth:`posterior`."""
        if self.familiarity is None:
            raise ValueError("This model was saved without the check of familiarity.")
        return self.familiarity.of_image(image, redshift, observation, cell_mpc)

    def saliency(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> NDArray[np.float32]:
        """How much each pixel moves the posterior mean: |gradient x image|, a little smoothed.

        The gradient runs through the convolutional part; the fixed summaries are held.

        Returns:
            (64, 64) or (S, 64, 64) float32, 0 or more, largest value 1. Of more than 16 slices
            only those seen in one pass have values; the others are 0.
        """
        count = len(prepare_images(image, cell_mpc))
        inputs = network_inputs(image, redshift, observation, cell_mpc)
        step, seen = len(inputs.images), inputs.images.shape[1]
        x = torch.from_numpy(inputs.images[:1].astype(np.float32)).requires_grad_()
        s, c = (torch.from_numpy(a[:1].astype(np.float32)) for a in inputs[1:])
        grid = torch.from_numpy(self.grid).float()
        mean = torch.stack([(net(x, s, c).softmax(dim=1) * grid).sum() for net in self.members])
        (gradient,) = torch.autograd.grad(mean.mean(), x)
        effect = (gradient * x).abs()[0].detach().numpy()
        effect = ndimage.gaussian_filter(effect, (0, 1, 1), mode="wrap")
        out = np.zeros((count, *effect.shape[1:]), dtype=np.float32)
        out[: step * seen : step] = effect / max(float(effect.max()), 1e-12)
        return out[0] if np.ndim(image) == 2 else out


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
