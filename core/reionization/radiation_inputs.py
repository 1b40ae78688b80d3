"""What the radiation networks are given: a slice of the density, its mean x_HI and the redshift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.reionization.constants import REDSHIFT_RANGE
from core.reionization.ionization import X_HI_EDGE

__all__ = [
    "STRATEGIES",
    "SliceConditions",
    "RadiationConfig",
    "density_channels",
]

Floats = NDArray[np.floating]
Strategy = Literal["density", "noise", "map"]
STRATEGIES: tuple[Strategy, ...] = ("density", "noise", "map")


@dataclass(frozen=True)
class RadiationConfig:
    """Architecture, normalisation and sampler, saved beside the weights.

    Attributes:
        size: cells a side.
        density_mean, density_std: of ln(1 + overdensity) over the training slices.
        spread: standard deviation of x_HI within training slices whose mean is 0 ... 1, evenly
            spaced; sqrt(x (1 - x)), that of a binary field, if empty.
        context: shells of neighbouring slices that the networks can see beside the slice itself:
            (1, 2) is the mean of the slices one and two cells away on either side.
        width, multipliers, blocks, patch: of the diffusion model, see
            :class:`core.networks.unet.UNet`.
        emulator_width, emulator_multipliers: of the one-pass networks.
        strategies: the one-pass networks in the folder.
        best: the one that :meth:`core.reionization.radiation.Radiation.denoise` uses.
        sigma_min, sigma_max: noise levels between which the sampler goes.
        steps: of the sampler, one evaluation of the network each.
        threshold_smoothing_mpc: of the density in
            :func:`core.reionization.ionization.threshold_field` that suits the training slices
            best, the baseline of the evaluation.
        churn: fresh noise at every step: 0 for none (a deterministic path), 1 for as much as the
            reverse diffusion has.
        contrast: factor on logit(x_HI) of samples whose mean is 0 ... 1, evenly spaced, that brings
            their power to the simulator's on validation slices; 1 where empty.
    """

    size: int = 64
    density_mean: float = 0.0
    density_std: float = 1.0
    spread: tuple[float, ...] = ()
    context: tuple[tuple[int, ...], ...] = ()
    width: int = 32
    multipliers: tuple[int, ...] = (1, 2, 4)
    blocks: int = 1
    patch: int = 2
    emulator_width: int = 32
    emulator_multipliers: tuple[int, ...] = (1, 2, 2)
    strategies: tuple[str, ...] = STRATEGIES
    best: str = "density"
    sigma_min: float = 0.02
    sigma_max: float = 60.0
    steps: int = 16
    churn: float = 1.0
    contrast: tuple[float, ...] = ()
    threshold_smoothing_mpc: float = 2.0

    @property
    def reach(self) -> int:
        """How many neighbouring slices on either side the context takes."""
        return max((offset for shell in self.context for offset in shell), default=0)


def scale_conditions(
    x_hi: ArrayLike, redshift: ArrayLike, known: ArrayLike | None = None, shells: int = 0
) -> Tensor:
    """The condition vector of the networks, (n, 3 + shells) float32.

    Args:
        x_hi: mean neutral fraction of each slice, (n,), between 0 and 1.
        redshift: (n,).
        known: whether the neighbouring slices are known, (n,); never if None.
        shells: of the context.
    """
    x = np.clip(np.atleast_1d(np.asarray(x_hi, dtype=np.float64)), X_HI_EDGE, 1 - X_HI_EDGE)
    z = np.broadcast_to(np.asarray(redshift, dtype=np.float64), x.shape)
    low, high = REDSHIFT_RANGE
    flag = np.broadcast_to(np.asarray(0.0 if known is None else known, dtype=np.float64), x.shape)
    columns = [2 * x - 1, np.log(x / (1 - x)) / 4, 2 * (z - low) / (high - low) - 1]
    return torch.from_numpy(np.stack(columns + [flag] * shells, axis=1).astype(np.float32))


def mean_and_spread(x_hi: ArrayLike, config: RadiationConfig) -> Tensor:
    """Mean of x_HI and the spread expected with it, (n, 2) float32, for means (n,)."""
    x = np.atleast_1d(np.asarray(x_hi, dtype=np.float64))
    spread = np.sqrt(x * (1 - x))
    if config.spread:
        spread = np.interp(x, np.linspace(0, 1, len(config.spread)), config.spread)
    return torch.from_numpy(np.stack([x, np.maximum(spread, 0.02)], axis=1).astype(np.float32))


def density_channels(density: ArrayLike, config: RadiationConfig) -> tuple[Floats, bool]:
    """What the networks see of the density.

    Args:
        density: overdensity rho / mean - 1: one slice (n, n), or a stack (S, n, n) of neighbouring
            slices with S odd, of which the middle one is meant.
        config: normalisation and context.

    Returns:
        ((1 + shells, n, n) float32: the slice and the mean of each shell of neighbours,
        ln(1 + overdensity) normalised; whether the shells are filled, they are 0 if not).
    """
    stack = np.asarray(density, dtype=np.float32)
    if stack.ndim == 2:
        stack = stack[None]
    scaled = (np.log1p(np.maximum(stack, -0.98)) - config.density_mean) / config.density_std
    middle = len(scaled) // 2
    known = bool(config.context) and middle >= config.reach
    channels = [scaled[middle]]
    for shell in config.context:
        beside = [scaled[middle + s * o] for o in shell for s in (-1, 1)] if known else []
        channels.append(np.mean(beside, axis=0) if beside else np.zeros_like(scaled[middle]))
    return np.stack(channels).astype(np.float32), known


@dataclass(frozen=True)
class SliceConditions:
    """What is known of each slice of a batch.

    Attributes:
        density: (b, 1 + shells, n, n), see :func:`density_channels`.
        condition: (b, 3 + shells), see :func:`scale_conditions`.
        level: (b, 2), see :func:`mean_and_spread`.
    """

    density: Tensor
    condition: Tensor
    level: Tensor

    @classmethod
    def of(
        cls,
        channels: Tensor,
        known: ArrayLike,
        x_hi: ArrayLike,
        redshift: ArrayLike,
        config: RadiationConfig,
    ) -> SliceConditions:
        """From channels (b, 1 + shells, n, n), and (b,) of each condition."""
        shells = len(config.context)
        condition = scale_conditions(x_hi, redshift, known, shells)
        return cls(channels, condition, mean_and_spread(x_hi, config))

    def __len__(self) -> int:
        return len(self.density)

    def to(self, device: torch.device) -> SliceConditions:
        return SliceConditions(*(t.to(device) for t in (self.density, self.condition, self.level)))

    def part(self, start: int, stop: int) -> SliceConditions:
        return SliceConditions(*(t[start:stop] for t in (self.density, self.condition, self.level)))

    def standardise(self, x_hi: Tensor) -> Tensor:
        mean, spread = self.level.view(-1, 2, 1, 1, 1).unbind(1)
        return (x_hi - mean) / spread

    def restore(self, field: Tensor) -> Tensor:
        mean, spread = self.level.view(-1, 2, 1, 1, 1).unbind(1)
        return mean + spread * field
