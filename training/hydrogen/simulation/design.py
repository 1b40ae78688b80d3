"""Which cosmologies and initial conditions the sets of HI maps have: a function of set and row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE

__all__ = ["COUNTS", "FIRST_SEED", "FIXED_COSMOLOGIES", "SUITE", "design"]

SUITE = "CosmoDeskPM"
FIXED_COSMOLOGIES = ((0.3, 0.8), (0.2, 0.8), (0.4, 0.8), (0.3, 0.7), (0.3, 0.9))
"""Rows of the FIX set: the centre, then a step down and up in each parameter."""
FIRST_SEED = {"LH": 1, "TEST": 800_001, "FIX": 900_001}

COUNTS = {"LH": 1000, "TEST": 150, "FIX": 24}
"""Simulations of a whole set (FIX: at each of its cosmologies). The cards are about these."""

PARTICLES, MAP_SIZE = 64, 256
"""A side, of the simulations that the models are trained on; maps are coarsened for a model."""


def design(name: str, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Parameters (rows, 6) and seeds (rows,) of a set.

    Latin hypercube, uniform in Omega_m and sigma_8, log-uniform in the nuisance parameters. FIX
    repeats `count` seeds and nuisance parameters at each of its cosmologies.
    """
    first = FIRST_SEED[name]
    columns = 2 if name == "FIX" else 4
    cube = qmc.LatinHypercube(columns, rng=np.random.default_rng(first)).random(count)
    nuisance = 4.0 ** (2 * cube[:, -2:] - 1)
    seeds = first + np.arange(count)
    if name == "FIX":
        cosmologies = np.repeat(np.array(FIXED_COSMOLOGIES), count, axis=0)
        nuisance = np.tile(nuisance, (len(FIXED_COSMOLOGIES), 1))
        seeds = np.tile(seeds, len(FIXED_COSMOLOGIES))
    else:
        low = np.array([OMEGA_M_RANGE[0], SIGMA_8_RANGE[0]])
        high = np.array([OMEGA_M_RANGE[1], SIGMA_8_RANGE[1]])
        cosmologies = low + cube[:, :2] * (high - low)
    return np.hstack([cosmologies, nuisance, np.ones_like(nuisance)]), seeds
