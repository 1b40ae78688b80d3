"""The box that every HI map shows, its units, and what may be done to a map without harm."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.fields.wanted import shown_shape

__all__ = [
    "BOX_SIZE_MPC_H",
    "MAPS_PER_SIMULATION",
    "OMEGA_M_RANGE",
    "SIGMA_8_RANGE",
    "SIGMA_UNITS",
    "SLAB_MPC_H",
    "coarsen",
    "column_density",
    "seed_fraction",
    "split_of",
]

BOX_SIZE_MPC_H = 25.0
"""Side of the periodic box, comoving Mpc/h."""

SLAB_MPC_H = 5.0
"""Depth that a map projects, comoving Mpc/h: five slabs along each of three axes."""

MAPS_PER_SIMULATION = 15
"""Three axes times five slabs."""

SIGMA_UNITS = "(Msun/h)/(Mpc/h)^2"
"""Units of the surface density Sigma_HI in every file and array here."""

OMEGA_M_RANGE = (0.1, 0.5)
"""Matter density parameter: range of the Latin hypercube, and so of every model."""

SIGMA_8_RANGE = (0.6, 1.0)
"""Amplitude of matter fluctuations: range of the Latin hypercube, and so of every model."""

LOG_CM2_OF_UNIT_SIGMA = 7.92
"""log10 of the hydrogen atoms per cm^2 in one (Msun/h)/(Mpc/h)^2, for h = 0.6711."""

VALIDATION_FRACTION = 0.05


def coarsen(maps: ArrayLike, size: int) -> NDArray[np.floating]:
    """Average a linear field over square blocks.

    Average the surface density itself, never its logarithm: the mean of the map is then kept, and
    the result is the map a coarser instrument would see.

    Args:
        maps: (..., N, N), linear.
        size: pixels a side wanted; has to divide N.

    Returns:
        (..., size, size) of the same floating dtype (float64 for integers).

    Raises:
        ValueError: if the maps are not square or ``size`` does not divide N.

    Example:
        >>> coarsen(np.ones((2, 256, 256)), 64).shape
        (2, 64, 64)
    """
    array = np.asarray(maps)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2]:
        raise ValueError(
            f"The maps have shape {shown_shape(array.shape)}; square maps (..., N, N) are needed."
        )
    n = array.shape[-1]
    if size < 1 or n % size:
        raise ValueError(f"Maps of {n} pixels cannot be averaged to {size}; give a divisor of {n}.")
    dtype = array.dtype if np.issubdtype(array.dtype, np.floating) else np.dtype(np.float64)
    block = n // size
    if block == 1:
        return array.astype(dtype)
    rows = array.reshape(*array.shape[:-2], size, block, n).sum(axis=-2, dtype=np.float64)
    total = rows[..., ::block].copy()
    for i in range(1, block):  # faster than a sum over a short last axis
        total += rows[..., i::block]
    return (total / block**2).astype(dtype)


def column_density(sigma: ArrayLike, redshift: float = 0.0) -> NDArray[np.floating]:
    """log10 of the neutral-hydrogen column density in cm^-2 (physical).

    log10 N_HI = log10 Sigma + 7.92 + 2 log10(1 + z), for Sigma in comoving (Msun/h)/(Mpc/h)^2
    and h = 0.6711, the Hubble constant of CAMELS.

    Args:
        sigma: any shape, above 0.
        redshift: of the map, at least 0.

    Raises:
        ValueError: for values that are not positive, or a negative redshift.
    """
    values = np.asarray(sigma, dtype=float)
    if not np.all(values > 0):
        raise ValueError("The map holds values that are not above zero; give a linear density.")
    if not redshift >= 0:
        raise ValueError(f"The redshift is {redshift}; it has to be 0 or more.")
    return np.log10(values) + LOG_CM2_OF_UNIT_SIGMA + 2 * np.log10(1 + redshift)


def split_of(seeds: ArrayLike) -> NDArray[np.str_]:
    """The split of simulations, "train" or "validation", from their initial-condition seeds.

    A hash of the seed decides (splitmix64), so that a simulation keeps its split whatever else is
    in the set and all maps of a simulation fall on one side. 5% are for validation.

    Args:
        seeds: integers, any shape.

    Returns:
        An array of the same shape; one string for one seed.

    Example:
        >>> str(split_of(1))
        'train'
    """
    return np.where(seed_fraction(seeds) < VALIDATION_FRACTION, "validation", "train")[()]


def seed_fraction(seeds: ArrayLike) -> NDArray[np.float64]:
    """A number in [0, 1) for each seed, uniform over seeds (splitmix64): splits are made with it.

    Args:
        seeds: integers, any shape.

    Returns:
        An array of the same shape.
    """
    with np.errstate(over="ignore"):
        x = np.asarray(seeds).astype(np.int64).astype(np.uint64)
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return np.asarray(x / 2.0**64)
