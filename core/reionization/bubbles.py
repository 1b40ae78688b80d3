"""Sizes of ionized bubbles, and how well two fields line up scale by scale.

Bubble sizes follow the mean-free-path method of Mesinger & Furlanetto 2007 (arXiv:0704.0946): from
a random ionized point go in a random direction until the first neutral cell; the distribution of
those paths is the distribution of sizes. Here on 2D slices, along directions within the slice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.reionization.constants import CELL_MPC
from core.statistics import power_spectrum

__all__ = ["cross_correlation", "free_paths"]

Floats = NDArray[np.floating]
_STEP = 0.5  # of a cell


def free_paths(
    x_hi: ArrayLike, rays: int = 400, seed: int = 0, cell_mpc: float = CELL_MPC
) -> Floats:
    """Distances from random ionized points to the first neutral cell.

    Args:
        x_hi: (n, n) neutral fraction of a periodic slice; a cell is ionized below 0.5.
        rays: how many.
        seed: noise seed of points and directions, 0 or larger.
        cell_mpc: size of a cell in Mpc.

    Returns:
        (rays,) Mpc, to half a cell; the side of the slice where a ray meets nothing. Empty if no
        cell is ionized.
    """
    ionized = np.asarray(x_hi) < 0.5
    n = ionized.shape[-1]
    cells = np.argwhere(ionized)
    if not len(cells):
        return np.empty(0)
    rng = np.random.default_rng(seed)
    start = cells[rng.integers(len(cells), size=rays)] + rng.random((rays, 2))
    angle = rng.uniform(0, 2 * np.pi, rays)
    direction = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    steps = np.arange(1, round(n / _STEP) + 1) * _STEP
    index = np.floor(start[:, None] + steps[:, None] * direction[:, None]).astype(int) % n
    neutral = ~ionized[index[..., 0], index[..., 1]]
    first = np.where(neutral.any(axis=1), neutral.argmax(axis=1), len(steps) - 1)
    return steps[first] * cell_mpc


def cross_correlation(
    a: ArrayLike, b: ArrayLike, box_size_mpc: float, k_edges: ArrayLike
) -> tuple[Floats, Floats]:
    r"""r(k) = P_ab / sqrt(P_aa P_bb): 1 where the phases agree, 0 where they are unrelated.

    Args:
        a, b: (..., n, n) periodic fields; the spectra are summed over the leading axes.
        box_size_mpc: side of the fields in Mpc.
        k_edges: edges of the bins in 1/Mpc.

    Returns:
        (k, r): (B,) in 1/Mpc and (B,); 0 where a field has no power.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)

    def total(field: Floats) -> Floats:
        k_mean[:], power = power_spectrum(field, box_size_mpc, k_edges=k_edges)
        return power.reshape(-1, power.shape[-1]).sum(axis=0)

    k_mean = np.empty(len(np.asarray(k_edges)) - 1)
    cross = (total(first + second) - total(first - second)) / 4
    norm = np.sqrt(total(first) * total(second))
    return k_mean, cross / np.where(norm > 0, norm, np.inf)
