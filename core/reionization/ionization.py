"""Ionization fields: met at a mean, and made without a network."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import fft
from torch import Tensor

from core.reionization.constants import CELL_MPC

__all__ = ["X_HI_EDGE", "match_mean", "threshold_field"]

X_HI_EDGE = 1e-3
"""x_HI is kept this far from 0 and 1 where its logit is taken."""


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
    clipped = x_hi.clamp(X_HI_EDGE, 1 - X_HI_EDGE)
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
