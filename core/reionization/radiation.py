r"""Radiation transport without sources: p(ionization field | density, x_HI, z) on 2D slices.

Two kinds of network, both periodic U-Nets that see a slice of the overdensity, its mean neutral
fraction and the redshift:

* :class:`Emulator`, one pass: the denoising U-Net of Masipa et al. 2023 (arXiv:2303.12065), in its
  three strategies. It sees the density only, the density and white noise, or the density and a
  noisy ionization map. It answers with the expected neutral fraction of every cell, so what the
  density does not decide comes out grey.
* :class:`Denoiser`, a conditional diffusion model, which draws fields: the preconditioning of
  Karras et al. 2022 (EDM, arXiv:2206.00364) and the DPM-Solver++(2M) of Lu et al. 2022
  (arXiv:2211.01095), deterministic or, with ``churn`` above zero, in its stochastic form.

The ionization field is nearly binary: exactly 0 inside bubbles, 0.5 to 1 outside. The networks work
on (x_HI - mean) / spread, with the mean that is asked for and the usual spread of slices with that
mean, so that a field of any stage of reionization has unit variance, as EDM wants it; the answer is
clipped to [0, 1]. The mean neutral fraction that was asked for is met by a rising function of each
cell, see :func:`match_mean`, applied to each denoised guess and, with the contrast that suits
validation slices, to the answer.

Example:
    >>> model = Radiation.load()
    >>> x_hi = model.sample(density, x_hi=0.4, redshift=8.0, n=4, seed=1)     # (4, 64, 64)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import fft
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.unet import UNet
from core.reionization.constants import CELL_MPC, REDSHIFT_RANGE, X_HI_RANGE
from core.settings import get_settings
from core.weights import load_model, save_model

__all__ = [
    "STRATEGIES",
    "Denoiser",
    "Emulator",
    "Given",
    "Radiation",
    "RadiationConfig",
    "density_channels",
    "match_mean",
    "mean_and_spread",
    "scale_conditions",
    "threshold_field",
]

Floats = NDArray[np.floating]
Strategy = Literal["density", "noise", "map"]
STRATEGIES: tuple[Strategy, ...] = ("density", "noise", "map")
_EDGE = 1e-3  # x_HI is kept this far from 0 and 1 where its logit is taken
_BATCH = 8


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
        best: the one that :meth:`Radiation.denoise` uses.
        sigma_min, sigma_max: noise levels between which the sampler goes.
        steps: of the sampler, one evaluation of the network each.
        threshold_smoothing_mpc: of the density in :func:`threshold_field` that suits the training
            slices best, the baseline of the evaluation.
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
        known: whether the neighbouring slices are given, (n,); never if None.
        shells: of the context.
    """
    x = np.clip(np.atleast_1d(np.asarray(x_hi, dtype=np.float64)), _EDGE, 1 - _EDGE)
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


def match_mean(x_hi: Tensor, target: Tensor, contrast: Tensor | None = None) -> Tensor:
    """Move each map's mean to ``target`` by a rising function of its cells.

    logit(x) goes to c logit(x) + s with one s a map, found by bisection: cells that are clearly
    neutral or ionized hardly move, undecided ones do. Values are first clipped to
    [0.001, 0.999]; at c = 1 and s = 0 a map is returned unchanged otherwise.

    Args:
        x_hi: (b, 1, n, n) in [0, 1].
        target: (b,) wanted means.
        contrast: (b,) c; 1 if not given.

    Returns:
        (b, 1, n, n); the mean is met to 1e-4 if it lies between 0.001 and 0.999.
    """
    clipped = x_hi.clamp(_EDGE, 1 - _EDGE)
    logit = torch.logit(clipped)
    if contrast is not None:
        logit = logit * contrast.view(-1, 1, 1, 1)
    low = torch.full_like(target, -40.0)
    high = torch.full_like(target, 40.0)
    for _ in range(26):
        middle = (low + high) / 2
        mean = torch.sigmoid(logit + middle.view(-1, 1, 1, 1)).mean(dim=(1, 2, 3))
        low = torch.where(mean < target, middle, low)
        high = torch.where(mean < target, high, middle)
    return torch.sigmoid(logit + ((low + high) / 2).view(-1, 1, 1, 1))


def threshold_field(density: ArrayLike, x_hi: float, smoothing_mpc: float) -> NDArray[np.float32]:
    """The baseline: the densest cells are ionized, at matched mean neutral fraction.

    Args:
        density: (..., n, n) overdensity, periodic, cells of 2 Mpc.
        x_hi: fraction of the cells that stay neutral.
        smoothing_mpc: standard deviation of the Gaussian that smooths the density first, in Mpc;
            0 for none.

    Returns:
        (..., n, n) of 0 (ionized) and 1 (neutral).
    """
    field = np.asarray(density, dtype=np.float64)
    n = field.shape[-1]
    k = 2 * np.pi / CELL_MPC * np.hypot(fft.fftfreq(n)[:, None], fft.rfftfreq(n)[None])
    window = np.exp(-0.5 * (k * smoothing_mpc) ** 2)
    smooth = fft.irfft2(fft.rfft2(field) * window, s=(n, n)).reshape(*field.shape[:-2], -1)
    rank = smooth.argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    neutral = rank < round(float(x_hi) * n * n)
    return neutral.astype(np.float32).reshape(field.shape)


@dataclass(frozen=True)
class Given:
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
    ) -> Given:
        """From channels (b, 1 + shells, n, n), and (b,) of each condition."""
        shells = len(config.context)
        condition = scale_conditions(x_hi, redshift, known, shells)
        return cls(channels, condition, mean_and_spread(x_hi, config))

    def __len__(self) -> int:
        return len(self.density)

    def to(self, device: torch.device) -> Given:
        return Given(*(t.to(device) for t in (self.density, self.condition, self.level)))

    def part(self, start: int, stop: int) -> Given:
        return Given(*(t[start:stop] for t in (self.density, self.condition, self.level)))

    def standardise(self, x_hi: Tensor) -> Tensor:
        mean, spread = self.level.view(-1, 2, 1, 1, 1).unbind(1)
        return (x_hi - mean) / spread

    def restore(self, field: Tensor) -> Tensor:
        mean, spread = self.level.view(-1, 2, 1, 1, 1).unbind(1)
        return mean + spread * field


class _Conditional(nn.Module):
    """A U-Net of a field and the channels of the density."""

    def __init__(
        self, config: RadiationConfig, width: int, multipliers: tuple[int, ...]
    ) -> None:
        super().__init__()
        shells = len(config.context)
        self.network = UNet(
            2 + shells, 3 + shells, width, tuple(multipliers), config.blocks, config.patch
        )

    def raw(self, field: Tensor, density: Tensor, noise: Tensor, condition: Tensor) -> Tensor:
        """(b, 1, n, n) of a field (b, 1, n, n) and a density (b, 1 + shells, n, n)."""
        return self.network(torch.cat([field, density], dim=1), noise, condition)[:, :1].float()


class Emulator(_Conditional):
    """The denoising U-Net of Masipa et al. 2023: the expected neutral fraction in one pass."""

    def __init__(self, config: RadiationConfig, strategy: str) -> None:
        super().__init__(config, config.emulator_width, config.emulator_multipliers)
        self.strategy = strategy

    def logits(self, field: Tensor, sigma: Tensor, density: Tensor, condition: Tensor) -> Tensor:
        """Logit of x_HI, (b, 1, n, n), given field = standardised x_HI + sigma * noise."""
        scale = (1 + sigma**2).rsqrt().view(-1, 1, 1, 1)
        prior = 4 * condition[:, 1].view(-1, 1, 1, 1)
        return prior + self.raw(field * scale, density, sigma.log() / 4, condition)

    def loss(self, x_hi: Tensor, given: Given, generator: torch.Generator) -> Tensor:
        """Cross-entropy of the neutral fraction (b, 1, n, n), each slice weighted by its mean."""
        b = len(x_hi)
        sigma = torch.full((b,), 100.0)
        noise = torch.randn(x_hi.shape, generator=generator).to(x_hi.device)
        if self.strategy == "map":  # from a hint to nothing but noise
            sigma = 10 ** (3 * torch.rand(b, generator=generator) - 1)
        sigma = sigma.to(x_hi.device)
        field = sigma.view(-1, 1, 1, 1) * noise * (self.strategy != "density")
        if self.strategy == "map":
            field = given.standardise(x_hi) + field
        answer = self.logits(field, sigma, given.density, given.condition)
        error = F.binary_cross_entropy_with_logits(answer, x_hi, reduction="none")
        x = given.level[:, 0]
        # rare islands and rare bubbles count as much as half-ionized slices
        return (error.mean(dim=(1, 2, 3)) * 0.4 / (4 * x * (1 - x) + 0.15)).mean()

    def answer(self, given: Given, noise: Tensor) -> Tensor:
        """Expected x_HI, (b, 1, n, n), without any knowledge of the ionization map.

        Args:
            given: what is known of each slice.
            noise: white noise (b, 1, n, n): what stands in for the noisy map, too.
        """
        sigma = torch.full((len(noise),), 100.0, device=noise.device)
        field = 100.0 * noise * (self.strategy != "density")
        return torch.sigmoid(self.logits(field, sigma, given.density, given.condition))


class Denoiser(_Conditional):
    """D(x; sigma | density) = c_skip x + c_out F(c_in x, c_noise), of standardised fields."""

    def __init__(self, config: RadiationConfig) -> None:
        super().__init__(config, config.width, config.multipliers)

    def coefficients(self, sigma: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(c_skip, c_out, c_in, c_noise) at noise levels (b,), for data of unit variance."""
        norm = (1 + sigma**2).sqrt()
        return 1 / norm**2, sigma / norm, 1 / norm, sigma.log() / 4

    def forward(self, x: Tensor, sigma: Tensor, density: Tensor, condition: Tensor) -> Tensor:
        """Denoise x = field + sigma * noise, (b, 1, n, n)."""
        skip, out, scale, noise = self.coefficients(sigma)
        shape = (-1, 1, 1, 1)
        raw = self.raw(scale.view(shape) * x, density, noise, condition)
        return skip.view(shape) * x + out.view(shape) * raw

    def loss(self, x_hi: Tensor, given: Given, generator: torch.Generator) -> Tensor:
        """EDM's weighted denoising error of the neutral fraction (b, 1, n, n)."""
        clean = given.standardise(x_hi)
        normal = torch.randn(len(clean), generator=generator).to(clean.device)
        sigma = (1.6 * normal).exp().clamp(0.005, 150.0)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = clean + sigma.view(-1, 1, 1, 1) * noise
        error = (self(noisy, sigma, given.density, given.condition) - clean).square()
        return (error.mean(dim=(1, 2, 3)) / self.coefficients(sigma)[1].square()).mean()


class Radiation:
    """The trained models."""

    def __init__(
        self,
        config: RadiationConfig,
        denoiser: Denoiser,
        emulators: dict[str, Emulator],
        device: str = "cpu",
    ) -> None:
        self.config = config
        self.device = torch.device(device)
        self.denoiser = denoiser.to(self.device).eval()
        self.emulators = {k: v.to(self.device).eval() for k, v in emulators.items()}

    @classmethod
    def load(cls, folder: str | Path | None = None, device: str | None = None) -> Radiation:
        """Load a model folder.

        Args:
            folder: name or path of the folder; the shipped model by default.
            device: torch device; by default COSMODESK_DEVICE, else "cuda" where there is one.

        Raises:
            core.weights.ModelNotFoundError: if there is no such folder.
            ValueError: if a file is damaged.
        """
        tensors, config = load_model(folder or "radiation", RadiationConfig)
        modules: dict[str, nn.Module] = {"denoiser": Denoiser(config)}
        emulators = {name: Emulator(config, name) for name in config.strategies}
        modules |= emulators
        for name, module in modules.items():
            prefix = f"{name}."
            module.load_state_dict(
                {
                    k.removeprefix(prefix): v.float()
                    for k, v in tensors.items()
                    if k.startswith(prefix)
                }
            )
        chosen = device or get_settings().device
        chosen = chosen or ("cuda" if torch.cuda.is_available() else "cpu")
        return cls(config, modules["denoiser"], emulators, chosen)  # type: ignore[arg-type]

    def save(self, folder: Path, card: str | None = None) -> None:
        """Write the model folder (weights in half precision)."""
        modules: dict[str, nn.Module] = {"denoiser": self.denoiser, **self.emulators}
        tensors = {
            f"{name}.{k}": v.half()
            for name, module in modules.items()
            for k, v in module.state_dict().items()
        }
        save_model(folder, tensors, self.config, card)

    def sample(
        self,
        density: ArrayLike,
        x_hi: float,
        redshift: float,
        n: int = 1,
        seed: int = 0,
        *,
        steps: int | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> NDArray[np.float32]:
        """Draw ionization fields of one slice of the density.

        Args:
            density: overdensity rho / mean - 1 of the slice, (64, 64) cells of 2 Mpc, periodic; or
                a stack (S, 64, 64) of neighbouring slices 2 Mpc apart, S odd, with that slice in
                the middle (the more neighbours, up to config.reach on either side, the more is
                decided by the density).
            x_hi: mean neutral fraction of the slice, 0.02 to 0.98.
            redshift: 7 to 10.
            n: number of fields, at least 1.
            seed: of the noise, 0 or larger; field i of a seed does not depend on n.
            steps: of the sampler; the shipped number by default.
            progress: called with the fraction done.

        Returns:
            (n, 64, 64) float32, the neutral fraction of each cell in [0, 1].

        Raises:
            ValueError: for another shape, values that are no overdensity, or conditions outside
                the trained range.
        """
        given = self._inputs(density, x_hi, redshift, max(n, 1))
        if n < 1 or seed < 0:
            raise ValueError(f"n = {n} and seed = {seed}: n must be 1 or more and seed 0 or more.")
        return self._draw(given, seed, steps or self.config.steps, progress)

    def sample_each(
        self,
        given: Given,
        seed: int = 0,
        *,
        steps: int | None = None,
        match: bool = True,
        progress: Callable[[float], None] | None = None,
    ) -> NDArray[np.float32]:
        """One field for each of many slices, unchecked: for evaluations.

        Args:
            given: b slices.
            match: move the mean of each map to what was asked.
            seed, steps, progress: as in :meth:`sample`.

        Returns:
            (b, 64, 64) float32.
        """
        return self._draw(given, seed, steps or self.config.steps, progress, match)

    def denoise(self, density: ArrayLike, x_hi: float, redshift: float) -> NDArray[np.float32]:
        """The expected neutral fraction of every cell, by the one-pass network.

        Args:
            density, x_hi, redshift: as in :meth:`sample`.

        Returns:
            (64, 64) float32 in [0, 1]: grey where the density does not decide.

        Raises:
            ValueError: as :meth:`sample`.
        """
        return self.denoise_each(self._inputs(density, x_hi, redshift, 1))[0]

    @torch.inference_mode()
    def denoise_each(
        self, given: Given, strategy: str | None = None, match: bool = True
    ) -> NDArray[np.float32]:
        """The one-pass network on many slices, unchecked: for evaluations.

        Args:
            given: b slices.
            strategy: which network; config.best by default.
            match: move the mean of each map to what was asked.

        Returns:
            (b, 64, 64) float32.
        """
        network = self.emulators[strategy or self.config.best]
        maps = []
        for start in range(0, len(given), _BATCH):
            part = given.part(start, start + _BATCH).to(self.device)
            generators = [np.random.default_rng([0, start + i]) for i in range(len(part))]
            answer = network.answer(part, self._white(generators))
            if match:
                answer = match_mean(answer, part.level[:, 0])
            maps.append(answer[:, 0].float().cpu().numpy())
        return np.concatenate(maps)

    def _inputs(self, density: ArrayLike, x_hi: float, redshift: float, n: int) -> Given:
        """Check, and bring into the shape of the networks, n times."""
        stack = np.asarray(density)
        size, reach = self.config.size, self.config.reach
        if stack.shape[-2:] != (size, size) or stack.ndim not in (2, 3):
            raise ValueError(
                f"The density has shape {stack.shape}; a slice of {size} x {size} cells of "
                f"{CELL_MPC:g} Mpc is needed."
            )
        if stack.ndim == 3 and (len(stack) % 2 == 0 or 1 < len(stack) < 2 * reach + 1):
            raise ValueError(
                f"The stack has {len(stack)} slices; give an odd number of at least "
                f"{2 * reach + 1} with the slice that is meant in the middle, or that slice alone."
            )
        if not np.isrealobj(stack) or not np.all(np.isfinite(stack)):
            raise ValueError("The density holds values that are not finite numbers; mend them.")
        if stack.min() < -1.001 or abs(float(stack.mean())) > 0.5:
            raise ValueError(
                f"Values from {stack.min():.3g} with a mean of {stack.mean():.3g} are no "
                "overdensity; give density / mean density - 1."
            )
        for name, value, (low, high) in (
            ("x_hi", x_hi, X_HI_RANGE),
            ("redshift", redshift, REDSHIFT_RANGE),
        ):
            if not low <= value <= high:  # also catches NaN
                raise ValueError(
                    f"{name} = {value:g} is outside the trained range; choose a value from "
                    f"{low:g} to {high:g}."
                )
        channels, known = density_channels(stack, self.config)
        repeated = torch.from_numpy(channels).expand(n, -1, -1, -1)
        return Given.of(repeated, known, np.full(n, float(x_hi)), redshift, self.config)

    def _white(self, generators: list[np.random.Generator]) -> Tensor:
        shape = (1, self.config.size, self.config.size)
        rows = [g.standard_normal(shape, dtype=np.float32) for g in generators]
        return torch.from_numpy(np.stack(rows)).to(self.device)

    def _draw(
        self,
        given: Given,
        seed: int,
        steps: int,
        progress: Callable[[float], None] | None,
        match: bool = True,
    ) -> NDArray[np.float32]:
        levels = self._noise_levels(steps)
        starts = range(0, len(given), _BATCH)
        maps = []
        for index, start in enumerate(starts):
            part = given.part(start, start + _BATCH).to(self.device)
            generators = [np.random.default_rng([seed, start + i]) for i in range(len(part))]

            def tell(fraction: float, done: int = index) -> None:
                if progress is not None:
                    progress((done + fraction) / len(starts))

            maps.append(self._solve(generators, part, levels, tell, match))
        return np.concatenate(maps)

    def _noise_levels(self, steps: int) -> list[float]:
        """Karras et al. 2022, eq. 5 with rho = 7, then zero."""
        if steps < 1:
            raise ValueError(f"steps is {steps}; at least 1 is needed.")
        low, high = self.config.sigma_min ** (1 / 7), self.config.sigma_max ** (1 / 7)
        return [float((high + x * (low - high)) ** 7) for x in np.linspace(0, 1, steps)] + [0.0]

    @torch.inference_mode()
    def _solve(
        self,
        generators: list[np.random.Generator],
        given: Given,
        levels: list[float],
        progress: Callable[[float], None],
        match: bool,
    ) -> NDArray[np.float32]:
        """From noise at levels[0] to fields.

        With lambda = -ln sigma, h the step in it and H = (1 + churn) h, x moves to
        exp(h - H) (sigma' / sigma) x + (1 - exp(-H)) D' + noise, where D' continues the last two
        denoised fields linearly to the middle of the step, and the noise makes up the variance.
        """
        churn = self.config.churn
        x = self._white(generators) * levels[0]
        field = x
        before: Tensor | None = None
        step_before = 0.0
        for index, (now, then) in enumerate(zip(levels[:-1], levels[1:], strict=True)):
            sigma = torch.full((len(x),), now, device=x.device)
            raw = self.denoiser(x, sigma, given.density, given.condition)
            field = given.restore(raw).clamp(0, 1)
            if match:
                field = match_mean(field, given.level[:, 0])
            denoised = given.standardise(field)
            if then > 0:
                step = math.log(now / then)
                middle = denoised
                if before is not None:
                    middle = denoised + (denoised - before) * (step / (2 * step_before))
                kept = math.exp(-churn * step) * then / now
                x = kept * x + (1 - kept) * middle
                if churn:
                    amount = then * math.sqrt(-math.expm1(-2 * churn * step))
                    x = x + self._white(generators) * amount
                before, step_before = denoised, step
            progress((index + 1) / (len(levels) - 1))
        if match and self.config.contrast:
            target = given.level[:, 0].cpu().double().numpy()
            nodes = np.linspace(0, 1, len(self.config.contrast))
            contrast = np.interp(target, nodes, self.config.contrast).astype(np.float32)
            field = match_mean(
                field, given.level[:, 0], torch.from_numpy(contrast).to(field.device)
            )
        return field[:, 0].float().cpu().numpy()
