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
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.hydrogen.map_sampler import MapSampler
from core.networks.diffusion import edm_coefficients, noise_levels, sample
from core.networks.unet import UNet
from core.progress import Progress

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


class HICDM(MapSampler[HICDMConfig]):
    """The trained model. Use :meth:`load`.

    :meth:`sample` takes one setting of its own, ``steps`` of the solver; the shipped number by
    default.
    """

    folder = "hi_cdm"
    config_class = HICDMConfig
    weights_dtype = torch.float16
    batch_size = 8

    def __init__(
        self,
        config: HICDMConfig,
        denoiser: nn.Module,
        device: str | torch.device | None = None,
    ) -> None:
        super().__init__(config, denoiser, device)
        self.denoiser = denoiser

    @classmethod
    def _build(cls, config: HICDMConfig) -> Denoiser:
        return Denoiser(config)

    def _draw(
        self,
        condition: Tensor,
        generators: list[np.random.Generator],
        progress: Progress,
        steps: int | None = None,
    ) -> NDArray[np.floating]:
        steps = self.config.steps if steps is None else steps
        levels = noise_levels(self.config.sigma_min, self.config.sigma_max, steps)

        def denoise(x: Tensor, sigma: Tensor) -> Tensor:
            return self.denoiser(x, sigma, condition)

        x = sample(denoise, generators, self.size, levels, progress, device=self.device)
        log_sigma = x[:, 0].float().cpu().numpy() * self.config.std + self.config.mean
        return self._calibrated(log_sigma, condition)

    def _calibrated(
        self, log_sigma: NDArray[np.floating], conditions: Tensor
    ) -> NDArray[np.floating]:
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
