"""Diffusion models: the preconditioning of EDM, its noise levels, and a solver.

Papers: Karras et al. 2022 (EDM, arXiv:2206.00364); Lu et al. 2022 (DPM-Solver++(2M),
arXiv:2211.01095).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from core.progress import Progress

__all__ = ["edm_coefficients", "noise_levels", "sample", "solve", "white_noise"]


def edm_coefficients(sigma: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(c_skip, c_out, c_in, c_noise), each (b,), of Karras et al. 2022, table 1.

    Args:
        sigma: noise levels (b,), in units of the standard deviation of the data.
    """
    norm = (1 + sigma**2).sqrt()
    return 1 / norm**2, sigma / norm, 1 / norm, sigma.log() / 4


def noise_levels(sigma_min: float, sigma_max: float, steps: int) -> list[float]:
    """Karras et al. 2022, eq. 5 with rho = 7, then zero: (steps + 1) numbers that fall.

    Args:
        sigma_min, sigma_max: the last and the first level before the zero.
        steps: at least 1.

    Raises:
        ValueError: for less than one step.
    """
    if steps < 1:
        raise ValueError(f"steps is {steps}; at least 1 is needed.")
    low, high = sigma_min ** (1 / 7), sigma_max ** (1 / 7)
    return [float((high + x * (low - high)) ** 7) for x in np.linspace(0, 1, steps)] + [0.0]


def white_noise(
    generators: Sequence[np.random.Generator], size: int, device: torch.device
) -> Tensor:
    """Unit Gaussian noise (b, 1, size, size), a row from each of b generators."""
    shape = (1, size, size)
    rows = [g.standard_normal(shape, dtype=np.float32) for g in generators]
    return torch.from_numpy(np.stack(rows)).to(device)


@torch.inference_mode()
def solve(
    denoise: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    levels: Sequence[float],
    progress: Progress,
    *,
    churn: float = 0.0,
    noise: Callable[[], Tensor] | None = None,
) -> Tensor:
    """From noise at levels[0] to samples: DPM-Solver++(2M), one evaluation a step.

    With lambda = -ln sigma, h the step in it and H = (1 + churn) h, x moves to
    exp(h - H) (sigma' / sigma) x + (1 - exp(-H)) D' + noise, where D' continues the last two
    denoised fields linearly in lambda to the middle of the step, and the noise makes up the
    variance.

    Args:
        denoise: D(x, sigma), with sigma (b,).
        x: (b, ...) noise of standard deviation levels[0].
        levels: falling, the last one zero.
        progress: called after every step.
        churn: fresh noise at every step: 0 for none (a deterministic path), 1 for as much as the
            reverse diffusion has.
        noise: white noise in the shape of x; needed with churn.

    Returns:
        The last answer of ``denoise``.

    Raises:
        ValueError: for churn without a source of noise.
    """
    if churn and noise is None:
        raise ValueError("Fresh noise at every step needs a source of noise.")
    denoised = x
    before: Tensor | None = None
    step_before = 0.0
    for index, (now, then) in enumerate(zip(levels[:-1], levels[1:], strict=True)):
        denoised = denoise(x, torch.full((len(x),), now, device=x.device))
        if then > 0:
            step = math.log(now / then)
            middle = denoised
            if before is not None:
                middle = denoised + (denoised - before) * (step / (2 * step_before))
            kept = math.exp(-churn * step) * then / now
            x = kept * x + (1 - kept) * middle
            if churn and noise is not None:
                x = x + noise() * (then * math.sqrt(-math.expm1(-2 * churn * step)))
            before, step_before = denoised, step
        progress((index + 1) / (len(levels) - 1))
    return denoised


def sample(
    denoise: Callable[[Tensor, Tensor], Tensor],
    generators: Sequence[np.random.Generator],
    size: int,
    levels: Sequence[float],
    progress: Progress,
    *,
    churn: float = 0.0,
    device: torch.device,
) -> Tensor:
    """One sample from each generator: :func:`solve` from its noise, (b, 1, size, size).

    Args:
        denoise, levels, progress, churn: see :func:`solve`.
        generators: b of them, such as :func:`core.networks.sampling.row_generators`; with churn
            the fresh noise comes from them, too.
        size: pixels a side.
        device: where to compute.
    """

    def white() -> Tensor:
        return white_noise(generators, size, device)

    return solve(denoise, white() * levels[0], levels, progress, churn=churn, noise=white)
