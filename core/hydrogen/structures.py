"""Summaries of the structures in a map: smoothed one-point distributions, peaks, voids, masks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.statistics import power_spectrum

__all__ = ["STRUCTURE_NAMES", "structures"]

Floats = NDArray[np.floating]

K_EDGES: Floats = np.geomspace(0.25, 8.05, 13)  # h/Mpc
BLOCKS = (2, 4, 8, 16)  # pixels averaged over
QUANTILES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
PEAK_LEVELS = (5.5, 6.5, 7.5, 8.5, 9.5, 10.5)  # log10 Sigma
VOID_LEVELS = (3.75, 4.0, 4.25, 4.5)
DIFFUSE, BRIGHT, HALOES = 5.5, 7.5, 6.5

_SHAPES = ("mean", "std", "skewness", "kurtosis")
STRUCTURE_NAMES: list[str] = (
    [
        f"structure {kind} over {block} pixels {what}"
        for block in BLOCKS
        for kind in ("density", "log", "diffuse")
        for what in (*_SHAPES, *(f"quantile {q}" for q in QUANTILES))
    ]
    + [f"structure {what} above {t}" for t in PEAK_LEVELS for what in ("area", "peaks")]
    + [f"structure minima below {t}" for t in VOID_LEVELS]
    + [
        f"structure {what} bin {i}"
        for what in ("P diffuse", "P clipped", "P haloes", "P fourth root", "coherence")
        for i in range(len(K_EDGES) - 1)
    ]
    + [f"structure gradient quantile {q}" for q in QUANTILES]
)
"""Names of the columns of :func:`structures`."""


def structures(log_sigma: ArrayLike) -> Floats:
    """Summaries of structures, (n, len(STRUCTURE_NAMES)).

    Shifts, flips and transposes change only where the blocks of the smoothing fall and the sides
    that gradients are taken to.

    Args:
        log_sigma: (n, 64, 64) log10 Sigma.
    """
    x = np.asarray(log_sigma, dtype=np.float64)
    sigma, diffuse = 10.0**x, np.minimum(x, DIFFUSE)
    columns: list[Floats] = []
    for block in BLOCKS:
        for field in (np.log10(_blocks(sigma, block)), _blocks(x, block), _blocks(diffuse, block)):
            columns += [_shape(field), _quantiles(field)]
    columns += _extrema(x)
    parts = (diffuse, np.minimum(x, BRIGHT), (x > HALOES).astype(float), sigma**0.25)
    fields = [f - f.mean(axis=(1, 2), keepdims=True) for f in parts]
    columns += [np.log(_power(f) + 1e-8) for f in fields]
    columns.append(_coherence(fields[0], fields[2]))
    columns.append(_quantiles(np.hypot(x - np.roll(x, 1, 1), x - np.roll(x, 1, 2))))
    return np.concatenate(columns, axis=1)


def _blocks(field: Floats, block: int) -> Floats:
    side = field.shape[-1] // block
    return field.reshape(len(field), side, block, side, block).mean(axis=(2, 4))


def _shape(field: Floats) -> Floats:
    """Mean, standard deviation, skewness and kurtosis, (n, 4)."""
    flat = field.reshape(len(field), -1)
    mean = flat.mean(axis=1, keepdims=True)
    d = flat - mean
    std = np.sqrt((d**2).mean(axis=1)) + 1e-9  # a clipped field may be constant
    return np.stack(
        [mean[:, 0], std, (d**3).mean(axis=1) / std**3, (d**4).mean(axis=1) / std**4], axis=1
    )


def _quantiles(field: Floats) -> Floats:
    return np.quantile(field.reshape(len(field), -1), QUANTILES, axis=1).T


def _extrema(x: Floats) -> list[Floats]:
    """Area above and peaks above each level, minima below each level; logarithms of counts."""
    peak = x == ndimage.maximum_filter(x, size=(1, 3, 3), mode="wrap")
    hole = x == ndimage.minimum_filter(x, size=(1, 3, 3), mode="wrap")
    columns = []
    for level in PEAK_LEVELS:
        above = x > level
        columns.append(np.log(above.mean(axis=(1, 2)) + 1e-4)[:, None])
        columns.append(np.log((peak & above).sum(axis=(1, 2)) + 0.5)[:, None])
    for level in VOID_LEVELS:
        columns.append(np.log((hole & (x < level)).sum(axis=(1, 2)) + 0.5)[:, None])
    return columns


def _power(field: Floats) -> Floats:
    return power_spectrum(field, k_edges=K_EDGES)[1]


def _coherence(a: Floats, b: Floats) -> Floats:
    """Correlation coefficient of two fields in each bin of k."""
    cross = (_power(a + b) - _power(a - b)) / 4
    return cross / np.sqrt(_power(a) * _power(b) + 1e-12)
