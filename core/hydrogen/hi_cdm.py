"""HI-CDM: neutral-hydrogen maps from a conditional diffusion model.

p(map | Omega_m, sigma_8), the astrophysics of the training simulations marginalised. The denoiser
follows the preconditioning of Karras et al. 2022 (EDM, arXiv:2206.00364) or, by configuration, the
linear path of flow matching (Lipman et al. 2022, arXiv:2210.02747): either gives a denoiser
D(x; sigma), and one sampler serves both: DPM-Solver++(2M) of Lu et al. 2022 (arXiv:2211.01095),
second order with one evaluation a step. It is deterministic: a seed fixes the initial noise, and
moving a parameter at one seed changes the same structures.

Example:
    >>> model = HICDM.load()
    >>> maps = model.sample(0.3, 0.8, n=4, seed=1)      # (4, 64, 64) in (Msun/h)/(Mpc/h)^2
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from core.device import chosen_device
from core.hydrogen.parameters import check_parameters, scale_parameters
from core.networks.diffusion import (
    edm_coefficients,
    noise_levels,
    row_generators,
    solve,
    white_noise,
)
from core.networks.unet import UNet
from core.progress import Progress, of_part
from core.weights import load_model, save_model

__all__ = ["HICDM", "Denoiser", "HICDMConfig"]


@dataclass(frozen=True)
class HICDMConfig:
    """Architecture, normalisation and sampler, saved beside the weights.

    Attributes:
        size: pixels a side.
        mean, std: of log10 Sigma over the training maps; the network sees (log10 Sigma - mean)/std.
        lowest, highest: range of log10 Sigma in the training maps; samples are clipped to it.
        objective: "edm" or "flow".
        width, multipliers, blocks, patch: see :class:`core.networks.unet.UNet`.
        sigma_min, sigma_max: noise levels between which the sampler goes, in units of `std`.
        steps: of the sampler, one evaluation of the network each.
        knots, shifts: of the calibration of the marginal distribution: at log10 Sigma = knots[i]
            the map moves by shifts[i] . (1, Omega_m, sigma_8), parameters scaled to [-1, 1];
            linear between knots, constant beyond, none where there are none. Fitted to the
            training simulations, see training/hydrogen/calibrate_hi_cdm.py.
    """

    size: int = 64
    mean: float = 0.0
    std: float = 1.0
    lowest: float = -math.inf
    highest: float = math.inf
    objective: Literal["edm", "flow"] = "edm"
    width: int = 48
    multipliers: tuple[int, ...] = (1, 2, 4)
    blocks: int = 1
    patch: int = 2
    sigma_min: float = 0.01
    sigma_max: float = 80.0
    steps: int = 40
    knots: tuple[float, ...] = ()
    shifts: tuple[tuple[float, ...], ...] = ()


class Denoiser(nn.Module):
    """D(x; sigma) = c_skip x + c_out F(c_in x, c_noise): the best guess of the clean map."""

    def __init__(self, config: HICDMConfig) -> None:
        super().__init__()
        self.objective = config.objective
        self.network = UNet(
            1, 2, config.width, tuple(config.multipliers), config.blocks, config.patch
        )

    def coefficients(self, sigma: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(c_skip, c_out, c_in, c_noise) at noise levels (b,), for data of unit variance."""
        if self.objective == "flow":
            # x_t = (1 - t) x0 + t n and the network gives n - x0, with t = sigma / (1 + sigma)
            t = sigma / (1 + sigma)
            return 1 - t, -t, 1 - t, 10 * t
        return edm_coefficients(sigma)

    def forward(self, x: Tensor, sigma: Tensor, condition: Tensor) -> Tensor:
        """Denoise x = clean + sigma * noise, (b, 1, n, n), given (b, 2) scaled parameters."""
        skip, out, scale, noise = self.coefficients(sigma)
        shape = (-1, 1, 1, 1)
        raw = self.network(scale.view(shape) * x, noise, condition)
        return skip.view(shape) * x + out.view(shape) * raw.float()

    def loss(self, clean: Tensor, condition: Tensor, generator: torch.Generator) -> Tensor:
        """Weighted denoising error: the network's own target has unit weight at every level."""
        normal = torch.randn(len(clean), generator=generator).to(clean.device)
        sigma = normal.exp() if self.objective == "flow" else (-0.2 + 1.5 * normal).exp()
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        sigma = sigma.clamp(0.002, 200.0)
        denoised = self(clean + sigma.view(-1, 1, 1, 1) * noise, sigma, condition)
        error = (denoised - clean).square().mean(dim=(1, 2, 3))
        return (error / self.coefficients(sigma)[1].square()).mean()


class HICDM:
    """The trained model."""

    def __init__(self, config: HICDMConfig, denoiser: Denoiser, device: str = "cpu") -> None:
        self.config = config
        self.device = torch.device(device)
        self.denoiser = denoiser.to(self.device).eval()

    @property
    def size(self) -> int:
        """Pixels a side."""
        return self.config.size

    @classmethod
    def load(cls, folder: str | Path | None = None, device: str | None = None) -> HICDM:
        """Load a model folder.

        Args:
            folder: name or path of the folder; the shipped model by default.
            device: torch device; by default COSMODESK_DEVICE, else "cuda" where there is one.

        Raises:
            core.weights.ModelNotFoundError: if there is no such folder.
            ValueError: if a file is damaged.
        """
        tensors, config = load_model(folder or "hi_cdm", HICDMConfig)
        denoiser = Denoiser(config)
        denoiser.load_state_dict({k: v.float() for k, v in tensors.items()})
        return cls(config, denoiser, chosen_device(device))

    def save(self, folder: Path, card: str | None = None) -> None:
        """Write the model folder (weights in half precision)."""
        tensors = {k: v.half() for k, v in self.denoiser.state_dict().items()}
        save_model(folder, tensors, self.config, card)

    def sample(
        self,
        omega_m: float,
        sigma_8: float,
        n: int = 1,
        seed: int = 0,
        *,
        steps: int | None = None,
        batch_size: int = 8,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """Draw maps at a cosmology.

        Args:
            omega_m: matter density, 0.1 to 0.5.
            sigma_8: 0.6 to 1.0.
            n: number of maps, at least 1.
            seed: of the noise, 0 or larger; map i of a seed does not depend on n.
            steps: of the sampler; the shipped number by default.
            batch_size: maps in memory at a time.
            progress: called with the fraction done.

        Returns:
            (n, size, size) float32, HI surface density in (Msun/h)/(Mpc/h)^2 at z = 0, of a slab
            5 Mpc/h thick and 25 Mpc/h wide.

        Raises:
            ValueError: outside the trained range.
        """
        if n < 1 or seed < 0:
            raise ValueError(f"n = {n} and seed = {seed}: n must be 1 or more and seed 0 or more.")
        check_parameters(omega_m, sigma_8)
        return self.sample_each(
            np.full(n, omega_m), np.full(n, sigma_8), seed,
            steps=steps, batch_size=batch_size, progress=progress,
        )

    def sample_each(
        self,
        omega_m: ArrayLike,
        sigma_8: ArrayLike,
        seed: int = 0,
        *,
        first: int = 0,
        steps: int | None = None,
        batch_size: int = 8,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """Draw one map at each of many cosmologies; map i of a seed as :meth:`sample` has it.

        Args:
            omega_m, sigma_8: (n,) in the trained range.
            seed: of the noise, 0 or larger.
            first: number of the first map, so that a long row can be drawn in parts.
            steps, batch_size, progress: see :meth:`sample`.

        Returns:
            (n, size, size) float32, see :meth:`sample`.

        Raises:
            ValueError: outside the trained range.
        """
        check_parameters(omega_m, sigma_8)
        conditions = scale_parameters(omega_m, sigma_8)
        levels = noise_levels(
            self.config.sigma_min, self.config.sigma_max, steps or self.config.steps
        )
        batches = range(0, len(conditions), batch_size)
        maps = [np.empty((0, self.size, self.size), np.float32)]
        for index, start in enumerate(batches):
            condition = conditions[start : start + batch_size]
            begin = first + start
            rows = row_generators(seed, begin, begin + len(condition))
            noise = white_noise(rows, self.size, self.device)
            told = of_part(progress, index, len(batches))
            maps.append(self._solve(noise, condition, levels, told))
        log_sigma = np.concatenate(maps) * self.config.std + self.config.mean
        log_sigma = self._calibrated(log_sigma, conditions)
        return np.power(
            10.0, np.clip(log_sigma, self.config.lowest, self.config.highest), dtype=np.float32
        )

    def _calibrated(
        self, log_sigma: NDArray[np.float32], conditions: Tensor
    ) -> NDArray[np.float32]:
        """A rising function of each pixel that brings the PDF to that of the simulations."""
        if not self.config.knots:
            return log_sigma
        knots = np.array(self.config.knots)
        shifts = np.array(self.config.shifts)
        out = np.empty_like(log_sigma)
        for i, (x, condition) in enumerate(zip(log_sigma, conditions.tolist(), strict=True)):
            moved = np.maximum.accumulate(knots + shifts @ np.array([1.0, *condition]))
            out[i] = x + np.interp(x, knots, moved - knots)
        return out

    def _solve(
        self, noise: Tensor, condition: Tensor, levels: list[float], progress: Progress
    ) -> NDArray[np.float32]:
        """From noise (b, 1, n, n) to maps (b, n, n) of the network's units."""
        conditions = condition.to(self.device).expand(len(noise), 2)

        def denoise(x: Tensor, sigma: Tensor) -> Tensor:
            return self.denoiser(x, sigma, conditions)

        x = solve(denoise, noise * levels[0], levels, progress)
        return x[:, 0].float().cpu().numpy()
