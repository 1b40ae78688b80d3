"""Fixed summaries of a stack of 21 cm images: what a network has to beat, and what it is given.

The first are those of the baseline: the variance, the skewness, the kurtosis and the power spectrum
of the images. More of the distribution of brightness follows, at the resolution of the images and
smoothed. A stack that is a whole box deep has three-dimensional ones besides: the power spectrum
across and along the line of sight, which is where the foreground wedge is, and the moments of the
box at several smoothing scales. All slices count together: a ratio of means, not a mean of ratios,
so that more slices average the noise down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from core.reionization.constants import BOX_SIZE_MPC, CELL_MPC, N_CELLS
from core.statistics import power_spectrum

__all__ = [
    "BASELINE_NAMES",
    "DEEP_NAMES",
    "MOMENT_NAMES",
    "POWER_NAMES",
    "SUMMARY_NAMES",
    "stack_summaries",
]

Floats = NDArray[np.floating]

_FLOOR = 1e-3
"""Least power: behind a beam small scales hold less, which is rounding and nothing of the sky."""

_SLICES = 16  # of a deep stack whose distribution of brightness is looked at
_SMOOTHING_MPC = (4.0, 8.0, 16.0)
_QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
_K_EDGES = np.geomspace(
    2 * np.pi / BOX_SIZE_MPC * 0.999, np.pi * N_CELLS / BOX_SIZE_MPC * 1.001, 13
)
_ALONG_EDGES = np.array([0.0, 0.04, 0.075, 0.125, 0.2, 0.32, 0.6, 1.6])
_ACROSS_EDGES = _ALONG_EDGES[1:]

_k_along = 2 * np.pi * np.abs(fft.fftfreq(N_CELLS, CELL_MPC))
_k_across = 2 * np.pi * np.hypot(
    fft.fftfreq(N_CELLS, CELL_MPC)[:, None], fft.rfftfreq(N_CELLS, CELL_MPC)[None]
)
_SMOOTH_ACROSS = [np.exp(-0.5 * (_k_across * s / 2) ** 2).astype("f4") for s in _SMOOTHING_MPC]
_SMOOTH_ALONG = [np.exp(-0.5 * (_k_along * s / 2) ** 2).astype("f4") for s in _SMOOTHING_MPC]


def _bins() -> tuple[NDArray[np.int_], Floats, list[str]]:
    """Bin of each mode of rfftn (the last is for modes outside), modes a bin, and names."""
    along = np.digitize(_k_along, _ALONG_EDGES) - 1
    across = np.digitize(_k_across, _ACROSS_EDGES) - 1
    columns = len(_ACROSS_EDGES) - 1
    index = along[:, None, None] * columns + across
    outside = len(_ALONG_EDGES[:-1]) * columns
    index = np.where((across >= 0) & (across < columns), index, outside)
    modes: Floats = np.bincount(
        index.ravel(), _weights().ravel(), minlength=outside + 1
    ).astype(float)
    names = [f"log P along {i} across {j}" for i in range(len(_ALONG_EDGES) - 1)
             for j in range(columns)]
    return index.ravel(), modes, names


def _weights() -> Floats:
    """How many modes of the full transform each mode of rfftn stands for."""
    weight = np.full((N_CELLS, *_k_across.shape), 2.0)
    weight[..., [0, -1]] = 1.0
    return weight


_BIN, _MODES, _CYLINDER_NAMES = _bins()
_FILLED = np.flatnonzero(_MODES[:-1] > 0)
_WEIGHT = _weights().ravel()

MOMENT_NAMES = ("log variance", "skewness", "kurtosis")
POWER_NAMES = tuple(f"log P {i}" for i in range(len(_K_EDGES) - 1))
BASELINE_NAMES = (*MOMENT_NAMES, *POWER_NAMES)
"""Moments and power spectrum: the features of the simple baseline."""

DEEP_NAMES = (
    *(_CYLINDER_NAMES[i] for i in _FILLED),
    *(f"box {name} at {scale:g} Mpc" for scale in _SMOOTHING_MPC for name in MOMENT_NAMES),
)
"""Summaries of a whole box; not a number for stacks that are not 64 slices deep."""

SUMMARY_NAMES = (
    *BASELINE_NAMES,
    *(f"quantile {q}" for q in _QUANTILES),
    "spread of slice variance",
    *(f"{name} at {scale:g} Mpc" for scale in _SMOOTHING_MPC for name in MOMENT_NAMES),
    *(f"quantile {q} at 8 Mpc" for q in _QUANTILES),
    *DEEP_NAMES,
)


def _moments(stack: Floats) -> list[float]:
    square = stack * stack
    second = float(square.mean()) + 1e-12
    third, fourth = np.vdot(square, stack) / stack.size, np.vdot(square, square) / stack.size
    return [np.log(second), float(third) / second**1.5, float(fourth) / second**2 - 3.0]


def _quantiles(stack: Floats) -> Floats:
    ordered = np.sort(stack, axis=None)
    return ordered[np.round(np.array(_QUANTILES) * (len(ordered) - 1)).astype(int)]


def _deep(stack: Floats) -> list[float]:
    transform = fft.rfftn(stack)
    square = (transform.real**2 + transform.imag**2).ravel() * _WEIGHT
    power = np.bincount(_BIN, square, minlength=len(_MODES))[_FILLED] / _MODES[_FILLED]
    values = list(np.log(np.maximum(power / stack.size, _FLOOR)))
    for across, along in zip(_SMOOTH_ACROSS, _SMOOTH_ALONG, strict=True):
        smooth = fft.irfftn(transform * across * along[:, None, None], s=stack.shape)
        values += _moments(smooth)
    return values


def stack_summaries(stack: Floats) -> NDArray[np.float32]:
    """Summaries of one stack.

    Args:
        stack: (S, 64, 64) mK, the mean of each slice removed, as
            :func:`core.reionization.images.prepare_images` gives it; contiguous if S = 64.

    Returns:
        (len(SUMMARY_NAMES),) float32; the first len(BASELINE_NAMES) are the baseline's, the last
        len(DEEP_NAMES) are NaN unless S = 64.
    """
    x = np.asarray(stack, dtype=np.float32)
    deep = len(x) == N_CELLS
    power = power_spectrum(x, BOX_SIZE_MPC, k_edges=_K_EDGES)[1].mean(axis=0)
    values = [*_moments(x), *np.log(np.maximum(power, _FLOOR))]
    some = x[:: N_CELLS // _SLICES] if deep else x
    values += list(_quantiles(some) / np.exp(values[0] / 2))
    of_slices = np.mean(x**2, axis=(1, 2))
    values.append(float(np.std(of_slices) / (of_slices.mean() + 1e-12)))
    transform = fft.rfft2(some)
    for kernel, scale in zip(_SMOOTH_ACROSS, _SMOOTHING_MPC, strict=True):
        smooth = fft.irfft2(transform * kernel, s=x.shape[-2:])
        values += _moments(smooth)
        if scale == 8.0:
            middle = _quantiles(smooth) / (np.std(smooth) + 1e-9)
    values += list(middle)
    values += _deep(x) if deep else [np.nan] * len(DEEP_NAMES)
    return np.asarray(values, dtype=np.float32)
