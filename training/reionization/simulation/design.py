"""Which parameters and initial conditions the sets of boxes have: a function of set and seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from core.reionization.constants import REDSHIFT_RANGE, X_HI_RANGE

__all__ = [
    "CORNER_BUBBLE",
    "CORNER_TVIR",
    "COUNTS",
    "SETS",
    "draw_parameters",
    "seeds_of",
    "zeta_for",
]

TVIR_RANGE = (4.0, 5.3)
BUBBLE_RANGE_MPC = (15.0, 50.0)
CORNER_TVIR, CORNER_BUBBLE = 5.0, 25.0
"""The corner held out of training: rare sources (log10 Tvir above), small bubbles (Mpc below)."""

HISTORY_REDSHIFTS = (7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0)
FIRST_SEED = {
    "set_a": 1,
    "set_b": 500_001,
    "held_out": 600_001,
    "held_out_b": 650_001,
    "corner": 700_001,
    "history": 800_001,
}
COUNTS = {
    "set_a": 900, "set_b": 200, "held_out": 60, "held_out_b": 40, "corner": 60, "history": 6,
}
"""Initial conditions of a whole set. The cards are about these."""

SETS = tuple(COUNTS)


def seeds_of(name: str, count: int | None = None) -> NDArray[np.int_]:
    """Seeds of the initial conditions of a set, the whole of it by default."""
    return FIRST_SEED[name] + np.arange(COUNTS[name] if count is None else count)


# Fraction of the gas ionized at zeta = 1, measured with 21cmFAST at these redshifts and log10 Tvir
_REDSHIFTS = (7.0, 8.0, 9.0, 10.0)
_TVIR = (4.0, 4.3, 4.6, 4.9, 5.2, 5.3)
_IONIZED_AT_ONE = (
    (0.070182, 0.051388, 0.03488, 0.021452, 0.01178, 0.00941),
    (0.048261, 0.033493, 0.021264, 0.012013, 0.005933, 0.004554),
    (0.03255, 0.021342, 0.012623, 0.006528, 0.002885, 0.002121),
    (0.021519, 0.013294, 0.007307, 0.003446, 0.001358, 0.000955),
)
# Mean neutral fraction at zeta times that, for largest bubbles of 15, 25 and 50 Mpc
_RADII = (15.0, 25.0, 50.0)
_PRODUCT = (0.0, 0.02, 0.1, 0.25, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6, 2.0)
_NEUTRAL = (
    (1.0, 0.982, 0.92, 0.81, 0.62, 0.46, 0.33, 0.22, 0.14, 0.08, 0.03),
    (1.0, 0.982, 0.92, 0.81, 0.61, 0.425, 0.25, 0.13, 0.05, 0.014, 0.004),
    (1.0, 0.982, 0.92, 0.81, 0.61, 0.415, 0.19, 0.045, 0.004, 0.002, 0.001),
)


def zeta_for(x_hi: float, redshift: float, log10_tvir: float, r_bubble_mpc: float) -> float:
    """Ionizing efficiency that brings a box to about a mean neutral fraction (within some 0.05).

    Args:
        x_hi: wanted, in (0, 1).
        redshift: 7 to 10.
        log10_tvir: minimum virial temperature of the sources, log10 K, 4 to 5.3.
        r_bubble_mpc: largest bubble radius, 15 to 50 Mpc.
    """
    curve = [np.interp(r_bubble_mpc, _RADII, column)
             for column in np.array(_NEUTRAL).T]
    product = np.interp(-x_hi, -np.array(curve), _PRODUCT)
    table = RegularGridInterpolator((_REDSHIFTS, _TVIR), np.log(_IONIZED_AT_ONE))
    return float(product / np.exp(table((redshift, log10_tvir)).item()))


def draw_parameters(name: str, seed: int) -> list[dict[str, float]]:
    """The parameters of the rows of one initial condition, a function of set and seed."""
    rng = np.random.default_rng((seed, 21))
    if name == "history":
        tvir, radius = rng.uniform(4.2, 4.9), rng.uniform(25, BUBBLE_RANGE_MPC[1])
        zeta = zeta_for(rng.uniform(0.4, 0.7), 8.0, tvir, radius)
        return [{"redshift": z, "log10_tvir": tvir, "r_bubble_mpc": radius, "zeta": zeta}
                for z in HISTORY_REDSHIFTS]
    low = (CORNER_TVIR, BUBBLE_RANGE_MPC[0]) if name == "corner" else (
        TVIR_RANGE[0], BUBBLE_RANGE_MPC[0])
    high = (TVIR_RANGE[1], CORNER_BUBBLE) if name == "corner" else (
        TVIR_RANGE[1], BUBBLE_RANGE_MPC[1])
    rows = []
    for half in range(2):
        # one box of each initial condition in each half of the neutral fraction
        middle, width = np.mean(X_HI_RANGE), np.ptp(X_HI_RANGE)
        x_hi = middle + (half - rng.uniform()) * width / 2
        redshift = rng.uniform(*REDSHIFT_RANGE)
        tvir, radius = rng.uniform(low[0], high[0]), rng.uniform(low[1], high[1])
        rows.append({"redshift": redshift, "log10_tvir": tvir, "r_bubble_mpc": radius,
                     "zeta": zeta_for(x_hi, redshift, tvir, radius)})
    return rows
