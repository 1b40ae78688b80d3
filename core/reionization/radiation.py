r"""Radiation transport without sources: p(ionization field | density, x_HI, z) on 2D slices.

Two kinds of network, both periodic U-Nets that see a slice of the overdensity, its mean neutral
fraction and the redshift:

* :class:`~core.reionization.radiation_networks.Emulator`, one pass: the denoising U-Net of Masipa
  et al. 2023 (arXiv:2303.12065), in its three strategies. It sees the density only, the density and
  white noise, or the density and a noisy ionization map. It answers with the expected neutral
  fraction of every cell, so what the density does not decide comes out grey.
* :class:`~core.reionization.radiation_networks.Denoiser`, a conditional diffusion model, which
  draws fields: the preconditioning of Karras et al. 2022 (EDM, arXiv:2206.00364) and the
  DPM-Solver++(2M) of Lu et al. 2022 (arXiv:2211.01095), deterministic or, with ``churn`` above
  zero, in its stochastic form (:mod:`core.networks.diffusion`).

The ionization field is nearly binary: exactly 0 inside bubbles, 0.5 to 1 outside. The networks work
on (x_HI - mean) / spread, with the mean that is asked for and the usual spread of slices with that
mean, so that a field of any stage of reionization has unit variance, as EDM wants it; the answer is
clipped to [0, 1]. The mean neutral fraction that was asked for is met by a rising function of each
cell, see :func:`core.reionization.ionization.match_mean`, applied to each denoised guess and, with
the contrast that suits validation slices, to the answer.

Example:
    >>> model = Radiation.load()
    >>> x_hi = model.sample(density, x_hi=0.4, redshift=8.0, n=4, seed=1)     # (4, 64, 64)
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from core.draws import check_draws
from core.model import Model
from core.networks.diffusion import noise_levels, sample, white_noise
from core.networks.sampling import in_batches, row_generators
from core.networks.states import part, prefixed
from core.progress import Progress
from core.reionization.constants import CELL_MPC, REDSHIFT_RANGE, X_HI_RANGE
from core.reionization.ionization import match_mean
from core.reionization.radiation_inputs import RadiationConfig, SliceConditions, density_channels
from core.reionization.radiation_networks import Denoiser, Emulator

__all__ = ["Radiation", "RadiationConfig"]

_BATCH = 8


class Radiation(Model[RadiationConfig]):
    """The trained models. Use :meth:`load`, then :meth:`sample` or :meth:`denoise`.

    Args:
        config: architecture, normalisation and sampler.
        denoiser: the diffusion model.
        emulators: the one-pass networks by strategy.
        device: torch device; the CPU by default.
    """

    folder = "radiation"
    config_class = RadiationConfig

    def __init__(
        self,
        config: RadiationConfig,
        denoiser: nn.Module,
        emulators: dict[str, Emulator],
        device: str | torch.device | None = None,
    ) -> None:
        self.config = config
        self.device = torch.device(device or "cpu")
        self.denoiser = denoiser.to(self.device).eval()
        self.emulators = {k: v.to(self.device).eval() for k, v in emulators.items()}

    @classmethod
    def _restore(
        cls, config: RadiationConfig, tensors: dict[str, Tensor], device: str
    ) -> Radiation:
        denoiser = Denoiser(config)
        emulators = {name: Emulator(config, name) for name in config.strategies}
        modules: dict[str, nn.Module] = {"denoiser": denoiser, **emulators}
        for name, module in modules.items():
            module.load_state_dict(part(tensors, f"{name}."))
        return cls(config, denoiser, emulators, device)

    def _tensors(self) -> dict[str, Tensor]:
        modules: dict[str, nn.Module] = {"denoiser": self.denoiser, **self.emulators}
        tensors: dict[str, Tensor] = {}
        for name, module in modules.items():
            half = {k: v.half() for k, v in module.state_dict().items()}
            tensors |= prefixed(half, f"{name}.")
        return tensors

    def sample(
        self,
        density: ArrayLike,
        x_hi: float,
        redshift: float,
        n: int = 1,
        seed: int = 0,
        *,
        steps: int | None = None,
        progress: Progress | None = None,
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
            seed: noise seed, 0 or larger; field i of a seed does not depend on n.
            steps: of the sampler; the shipped number by default.
            progress: called with the fraction done.

        Returns:
            (n, 64, 64) float32, the neutral fraction of each cell in [0, 1].

        Raises:
            ValueError: for another shape, values that are no overdensity, conditions outside the
                trained range, n below 1 or a negative seed.
        """
        check_draws(n, seed)
        return self._draw(self._inputs(density, x_hi, redshift, n), seed, steps, progress)

    def sample_each(
        self,
        conditions: SliceConditions,
        seed: int = 0,
        *,
        steps: int | None = None,
        match: bool = True,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """One field for each of many slices, unchecked: for evaluations.

        Args:
            conditions: what is known of each of b slices, b at least 1.
            match: move the mean of each map to what was asked.
            seed, steps, progress: as in :meth:`sample`.

        Returns:
            (b, 64, 64) float32.
        """
        check_draws(len(conditions), seed)
        return self._draw(conditions, seed, steps, progress, match)

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
        self, conditions: SliceConditions, strategy: str | None = None, match: bool = True
    ) -> NDArray[np.float32]:
        """The one-pass network on many slices, unchecked: for evaluations.

        Args:
            conditions: what is known of each of b slices, b at least 1.
            strategy: which network; config.best by default.
            match: move the mean of each map to what was asked.

        Returns:
            (b, 64, 64) float32.
        """
        network = self.emulators[strategy or self.config.best]

        def draw(rows: range, _: Progress) -> NDArray[np.float32]:
            some = conditions.part(rows.start, rows.stop).to(self.device)
            generators = row_generators(0, rows.start, rows.stop)
            answer = network.answer(some, white_noise(generators, self.config.size, self.device))
            if match:
                answer = match_mean(answer, some.level[:, 0])
            return answer[:, 0].float().cpu().numpy()

        return in_batches(len(conditions), _BATCH, draw)

    def _inputs(self, density: ArrayLike, x_hi: float, redshift: float, n: int) -> SliceConditions:
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
        return SliceConditions.of(repeated, known, np.full(n, float(x_hi)), redshift, self.config)

    def _draw(
        self,
        conditions: SliceConditions,
        seed: int,
        steps: int | None,
        progress: Progress | None,
        match: bool = True,
    ) -> NDArray[np.float32]:
        steps = self.config.steps if steps is None else steps
        levels = noise_levels(self.config.sigma_min, self.config.sigma_max, steps)

        def draw(rows: range, part: Progress) -> NDArray[np.float32]:
            some = conditions.part(rows.start, rows.stop).to(self.device)
            generators = row_generators(seed, rows.start, rows.stop)
            return self._solve(generators, some, levels, part, match)

        return in_batches(len(conditions), _BATCH, draw, progress)

    @torch.inference_mode()
    def _solve(
        self,
        generators: list[np.random.Generator],
        conditions: SliceConditions,
        levels: list[float],
        progress: Progress,
        match: bool,
    ) -> NDArray[np.float32]:
        """From noise at levels[0] to fields; each denoised guess is a field with the mean asked."""
        means = conditions.level[:, 0]
        field = means  # the last denoised guess, once there is one

        def denoise(x: Tensor, sigma: Tensor) -> Tensor:
            nonlocal field
            raw = self.denoiser(x, sigma, conditions.density, conditions.condition)
            field = conditions.restore(raw).clamp(0, 1)
            if match:
                field = match_mean(field, means)
            return conditions.standardise(field)

        sample(denoise, generators, self.config.size, levels, progress,
               churn=self.config.churn, device=self.device)
        if match and self.config.contrast:
            target = means.cpu().double().numpy()
            nodes = np.linspace(0, 1, len(self.config.contrast))
            contrast = np.interp(target, nodes, self.config.contrast).astype(np.float32)
            field = match_mean(field, means, torch.from_numpy(contrast).to(field.device))
        return field[:, 0].float().cpu().numpy()
