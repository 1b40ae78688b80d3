"""Small boxes made here: a Gaussian density with its densest cells ionized. No simulator needed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from core.reionization.constants import CELL_MPC, N_CELLS


def toy_box(
    x_hi: float, seed: int = 0, redshift: float = 8.0
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Overdensity, neutral fraction and brightness temperature in mK, each (64, 64, 64)."""
    noise = fft.rfftn(np.random.default_rng(seed).standard_normal((N_CELLS,) * 3))
    k1 = 2 * np.pi * fft.fftfreq(N_CELLS, CELL_MPC)
    k3 = 2 * np.pi * fft.rfftfreq(N_CELLS, CELL_MPC)
    k = np.sqrt(k1[:, None, None] ** 2 + k1[:, None] ** 2 + k3**2)
    k[0, 0, 0] = np.inf
    delta = fft.irfftn(noise * k**-0.8 * np.exp(-((k * 1.0) ** 2)), s=(N_CELLS,) * 3)
    delta = np.exp(0.35 * delta / delta.std()) - 1
    smooth = fft.irfftn(fft.rfftn(delta) * np.exp(-((k * 4.0) ** 2) / 2), s=(N_CELLS,) * 3)
    neutral = (smooth < np.quantile(smooth, x_hi)).astype(float)
    light = 27 * np.sqrt((1 + redshift) / 10) * neutral * (1 + delta)
    return delta.astype("f4"), neutral.astype("f4"), light.astype("f4")
