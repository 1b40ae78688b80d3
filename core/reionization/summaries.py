"""Fixed summaries of a stack of 21 cm images: what a network has to beat, and what it is given.

The first are those of the baseline: the variance, the skewness, the kurtosis and the power
spectrum. The rest say more of the distribution of brightness, at the resolution of the image and
smoothed. All slices count together: a ratio of means, not a mean of ratios, so that more slices
average the noise down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from core.reionization.constants import BOX_SIZE_MPC, N_CELLS
from core.statistics import power_spectrum

__all__ = [
    "BASELINE_NAMES",
    "MOMENT_NAMES",
    "POWER_NAMES",
    "SUMMARY_NAMES",
    "stack_summaries",
]

Floats = NDArray[np.floating]

K_EDGES = np.geomspace(2 * np.pi / BOX_SIZE_MPC * 0.999, np.pi * N_CELLS / BOX_SIZE_MPC * 1.001, 13)
_SMOOTHING_MPC = (4.0, 8.0, 16.0)
_QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)

MOMENT_NAMES = ("log variance", "skewness", "kurtosis")
POWER_NAMES = tuple(f"log P {i}" for i in range(len(K_EDGES) - 1))
BASELINE_NAMES = (*MOMENT_NAMES, *POWER_NAMES)
"""Moments and power spectrum: the features of the simple baseline."""

SUMMARY_NAMES = (
    *BASELINE_NAMES,
    *(f"quantile {q}" for q in _QUANTILES),
    "spread of slice variance",
    *(f"{name} at {scale:g} Mpc" for scale in _SMOOTHING_MPC for name in MOMENT_NAMES),
    *(f"quantile {q} at 8 Mpc" for q in _QUANTILES),
)

_k = 2 * np.pi / BOX_SIZE_MPC * np.hypot(
    fft.fftfreq(N_CELLS, 1 / N_CELLS)[:, None], fft.rfftfreq(N_CELLS, 1 / N_CELLS)[None]
)
_KERNELS = np.stack([np.exp(-0.5 * (_k * scale / 2) ** 2) for scale in _SMOOTHING_MPC])


def _moments(stack: Floats) -> list[float]:
    square = stack * stack
    second = float(square.mean()) + 1e-12
    third, fourth = np.vdot(square, stack) / stack.size, np.vdot(square, square) / stack.size
    return [np.log(second), float(third) / second**1.5, float(fourth) / second**2 - 3.0]


def _quantiles(stack: Floats) -> Floats:
    ordered = np.sort(stack, axis=None)
    return ordered[np.round(np.array(_QUANTILES) * (len(ordered) - 1)).astype(int)]


def stack_summaries(stack: Floats) -> NDArray[np.float32]:
    """Summaries of one stack.

    Args:
        stack: (S, 64, 64) mK, the mean of each slice removed, as
            :func:`core.reionization.images.prepare_images` gives it.

    Returns:
        (len(SUMMARY_NAMES),) float32; the first len(BASELINE_NAMES) are the baseline's.
    """
    x = np.asarray(stack, dtype=np.float32)
    power = power_spectrum(x, BOX_SIZE_MPC, k_edges=K_EDGES)[1].mean(axis=0)
    values = [*_moments(x), *np.log(power + 1e-9)]
    spread = np.exp(values[0] / 2)
    values += list(_quantiles(x) / spread)
    of_slices = np.mean(x**2, axis=(1, 2))
    values.append(float(np.std(of_slices) / (of_slices.mean() + 1e-12)))
    transform = fft.rfft2(x)
    for index, scale in enumerate(_SMOOTHING_MPC):
        smooth = fft.irfft2(transform * _KERNELS[index], s=x.shape[-2:])
        values += _moments(smooth)
        if scale == 8.0:
            middle = _quantiles(smooth) / (np.std(smooth) + 1e-9)
    values += list(middle)
    return np.asarray(values, dtype=np.float32)
