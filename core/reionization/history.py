r"""From the neutral fraction at a few redshifts to the history and the optical depth.

Each image gives a posterior of x_HI at its redshift. Histories are drawn from the product of these
posteriors and of one piece of prior knowledge: the neutral fraction only falls with time. In
between and outside, where there is no image, the prior says:

* in between the history is a monotone cubic (Fritsch & Butland 1984) whose slope at each image is
  multiplied by a log-normal factor of 0.3 in ln per unit of redshift to the farther neighbour, at
  most 1, limited to what keeps it monotone: as far as simulated histories wander between images;
* reionization ends (x_HI = 0) at a redshift uniform in 5.3 to 6.3, the former from the Lyman-alpha
  forest (Bosman et al. 2022, arXiv:2108.03699), with a slope there of 0 to 2 times the mean one;
* above the highest image the ionized fraction dies away as :math:`e^{-z/h}`, h uniform in 0.5 to 3.

The optical depth to Thomson scattering is

.. math:: \tau = c\, \sigma_T\, n_H \int \frac{(1 + z)^2}{H(z)}
          \left[(1 + f_{He})(1 - x_{HI}) + f_{He}\, \theta(3 - z)\right] dz,

helium being ionized once together with hydrogen, and a second time at z = 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import integrate
from scipy.ndimage import gaussian_filter1d

from core.draws import check_draws
from core.posterior import Posterior
from core.reionization.constants import HUBBLE_KM_S_MPC, OMEGA_B, OMEGA_M

__all__ = [
    "PLANCK_TAU",
    "History",
    "optical_depth",
    "reionization_history",
]

Floats = NDArray[np.floating]

PLANCK_TAU = (0.054, 0.007)
"""Planck 2018 (arXiv:1807.06209), mean and standard deviation."""

END_RANGE = (5.3, 6.3)
FADE_RANGE = (0.5, 3.0)
IMAGE_RANGE = (6.5, 15.0)
SLOPE_SCATTER = 0.3
GRID: Floats = np.linspace(5.0, 25.0, 401)

_CELLS = 400  # of x_HI
_FLOOR = 1e-4  # probability that a posterior says nothing
_HELIUM_MASS = 0.2454
_HELIUM_NUMBER = _HELIUM_MASS / (1 - _HELIUM_MASS) / 3.971
_HELIUM_REDSHIFT = 3.0
_THOMSON_M2, _LIGHT_M_S, _HYDROGEN_KG = 6.6524587e-29, 299792458.0, 1.6735328e-27
_GRAVITY, _MPC_M = 6.6743e-11, 3.0856776e22


@dataclass(frozen=True)
class History:
    """Histories drawn from the posterior, in bands.

    Attributes:
        redshift: (g,) grid, increasing.
        median: (g,) of x_HI.
        low_68, high_68, low_95, high_95: (g,) edges of the central bands of x_HI.
        tau: (n,) samples of the optical depth.
        midpoint: (n,) samples of the redshift at which x_HI is one half.
        ordered: probability that draws of the posteriors by themselves would fall with time. For
            images that say nothing it is one over the number of orders; far below that, the images
            contradict each other (redshifts mixed up, say).
    """

    redshift: Floats
    median: Floats
    low_68: Floats
    high_68: Floats
    low_95: Floats
    high_95: Floats
    tau: Floats
    midpoint: Floats
    ordered: float


def reionization_history(
    redshifts: ArrayLike, posteriors: Sequence[Posterior], n: int = 2000, *, seed: int = 0
) -> History:
    """x_HI(z) and the optical depth from posteriors of x_HI at some redshifts.

    Args:
        redshifts: (m,) of the images, 6.5 to 15, in any order; posteriors at the same redshift are
            multiplied (they come from a flat prior).
        posteriors: m of them, each of one parameter, x_HI.
        n: histories drawn, at least 1.
        seed: noise seed, 0 or larger.

    Raises:
        ValueError: unless there is a posterior of one parameter for each redshift, at least one,
            and the redshifts are in range; for n below 1 or a negative seed.

    Example:
        >>> at_8 = Posterior(np.random.default_rng(0).normal(0.5, 0.05, (1000, 1)), ("x_HI",))
        >>> history = reionization_history([8.0], [at_8])
        >>> bool(0.03 < history.tau.mean() < 0.07)
        True
    """
    z = np.atleast_1d(np.asarray(redshifts, dtype=float))
    _check(z, posteriors, n, seed)
    nodes, which = np.unique(z, return_inverse=True)
    densities = np.ones((len(nodes), _CELLS))
    for row, posterior in zip(which, posteriors, strict=True):
        densities[row] *= _density(posterior)
    densities /= densities.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    values, ordered = _draw_ordered(densities, n, rng)
    curves = _fill(nodes, values, rng)
    low_95, low_68, median, high_68, high_95 = np.quantile(
        curves, [0.025, 0.16, 0.5, 0.84, 0.975], axis=0
    )
    return History(
        GRID, median, low_68, high_68, low_95, high_95, optical_depth(GRID, curves),
        _half(curves), ordered,
    )


def _half(curves: Floats) -> Floats:
    """(n,) redshifts at which curves (n, g) over the grid first reach one half, between its points.
    """
    rows, after = np.arange(len(curves)), (curves >= 0.5).argmax(axis=1)
    before = np.maximum(after - 1, 0)
    low, high = curves[rows, before], curves[rows, after]
    part = np.where(high > low, (0.5 - low) / np.where(high > low, high - low, 1.0), 1.0)
    return GRID[before] + np.clip(part, 0.0, 1.0) * (GRID[after] - GRID[before])


def optical_depth(redshift: ArrayLike, x_hi: ArrayLike) -> Floats:
    """Optical depth to Thomson scattering of a history.

    Args:
        redshift: (g,) increasing, from below the end of reionization to before its start: below
            the first hydrogen is taken as ionized, above the last as neutral.
        x_hi: (..., g) neutral fraction.

    Returns:
        (...) optical depth; 0.054 for Planck 2018.

    Raises:
        ValueError: for grids that do not increase from 3 or above, or shapes that do not fit.
    """
    z, x = np.asarray(redshift, dtype=float), np.asarray(x_hi, dtype=float)
    if z.ndim != 1 or len(z) < 2 or z[0] < _HELIUM_REDSHIFT or not np.all(np.diff(z) > 0):
        raise ValueError("The redshifts have to be two or more increasing numbers from 3 upwards.")
    if x.shape[-1:] != z.shape:
        raise ValueError(
            f"{z.size} redshifts and {x.shape[-1] if x.ndim else 1} neutral fractions do not fit; "
            "one for each is needed."
        )
    hydrogen = 1 + _HELIUM_NUMBER
    ionized = hydrogen * integrate.quad(_column, 0, z[0])[0]
    ionized += _HELIUM_NUMBER * integrate.quad(_column, 0, _HELIUM_REDSHIFT)[0]
    return ionized + hydrogen * np.trapezoid((1 - x) * _column(z), z, axis=-1)


def _column(redshift: ArrayLike) -> Floats:
    """Optical depth a unit of redshift if every hydrogen atom, and nothing else, gives a free
    electron."""
    z = np.asarray(redshift, dtype=float)
    hubble_now = HUBBLE_KM_S_MPC * 1e3 / _MPC_M
    hubble = hubble_now * np.sqrt(OMEGA_M * (1 + z) ** 3 + 1 - OMEGA_M)
    baryons = OMEGA_B * 3 * hubble_now**2 / (8 * np.pi * _GRAVITY)
    atoms = (1 - _HELIUM_MASS) * baryons / _HYDROGEN_KG
    return _LIGHT_M_S * _THOMSON_M2 * atoms * (1 + z) ** 2 / hubble


def _density(posterior: Posterior) -> Floats:
    """Probability of each cell of x_HI in 0 to 1, smoothed, nowhere zero."""
    samples = np.clip(posterior.samples[:, 0], 0, 1)
    counts = np.histogram(samples, _CELLS, (0, 1))[0].astype(float)
    width = samples.std() * len(samples) ** -0.2 * _CELLS
    smooth = gaussian_filter1d(counts, max(width, 0.5), mode="reflect")
    return (1 - _FLOOR) * smooth / smooth.sum() + _FLOOR / _CELLS


def _draw_ordered(
    densities: Floats, n: int, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Draws (n, m) of the product of densities (m, cells) given that they rise with the index.

    Exact: sums over lower neighbours forwards, draws backwards. Also the probability of that order.
    """
    forward = [densities[0]]
    for density in densities[1:]:
        forward.append(density * np.cumsum(forward[-1]))
    draws = np.empty((n, len(densities)), dtype=int)
    highest = np.full(n, _CELLS - 1)
    for row in range(len(densities) - 1, -1, -1):
        total = np.cumsum(forward[row])
        draws[:, row] = np.searchsorted(total, rng.random(n) * total[highest], side="right")
        np.minimum(draws[:, row], highest, out=draws[:, row])
        highest = draws[:, row]
    values = np.sort((draws + rng.random(draws.shape)) / _CELLS, axis=1)  # ties within a cell
    return values, float(forward[-1].sum())


def _fill(nodes: Floats, values: Floats, rng: np.random.Generator) -> Floats:
    """Histories on the grid, (n, g), through values (n, m) at nodes (m,)."""
    n = len(values)
    end = rng.uniform(*END_RANGE, (n, 1))
    fade = rng.uniform(*FADE_RANGE, (n, 1))
    z = np.concatenate([end, np.broadcast_to(nodes, (n, len(nodes)))], axis=1)
    x = np.concatenate([np.zeros((n, 1)), values], axis=1)
    slopes = _slopes(z, x, fade, rng)
    curves = np.zeros((n, len(GRID)))
    for i in range(len(nodes)):
        low, width = z[:, i : i + 1], z[:, i + 1 : i + 2] - z[:, i : i + 1]
        t = (GRID - low) / width
        rise = x[:, i + 1 : i + 2] - x[:, i : i + 1]
        start, stop = slopes[:, i : i + 1] * width, slopes[:, i + 1 : i + 2] * width
        filled = x[:, i : i + 1] + rise * t * t * (3 - 2 * t)
        filled += t * (1 - t) * ((1 - t) * start - t * stop)
        curves = np.where((t >= 0) & (t <= 1), filled, curves)
    above = GRID - nodes[-1]
    beyond = 1 - (1 - x[:, -1:]) * np.exp(-np.maximum(above, 0) / fade)
    return np.where(above > 0, beyond, curves)


def _slopes(z: Floats, x: Floats, fade: Floats, rng: np.random.Generator) -> Floats:
    """Slopes at the end and at the images, (n, m + 1): Fritsch & Butland's, scattered."""
    gaps = np.concatenate([np.diff(z, axis=1), fade], axis=1)
    secants = np.concatenate([np.diff(x, axis=1), 1 - x[:, -1:]], axis=1) / gaps
    before, after = secants[:, :-1], secants[:, 1:]
    w = 2 * gaps[:, 1:] + gaps[:, :-1], gaps[:, 1:] + 2 * gaps[:, :-1]
    tiny = 1e-12
    middle = (w[0] + w[1]) / (w[0] / (before + tiny) + w[1] / (after + tiny))
    sigma = np.minimum(SLOPE_SCATTER * np.maximum(gaps[:, 1:], gaps[:, :-1]), 1)
    middle = middle * np.exp(sigma * rng.standard_normal(middle.shape))
    lowest = before.copy()  # the last slope borders on one cubic only
    lowest[:, :-1] = np.minimum(before, after)[:, :-1]
    end = secants[:, :1] * rng.uniform(0, 2, (len(z), 1))
    return np.concatenate([end, np.minimum(middle, 3 * lowest)], axis=1)


def _check(z: Floats, posteriors: Sequence[Posterior], n: int, seed: int) -> None:
    if z.ndim != 1 or len(z) != len(posteriors) or len(z) == 0:
        raise ValueError(
            f"{z.size} redshifts and {len(posteriors)} posteriors came; one or more are needed, "
            "and as many of the one as of the other."
        )
    low, high = IMAGE_RANGE
    if not np.all((z >= low) & (z <= high)):  # also catches NaN
        raise ValueError(f"A redshift lies outside {low:g} to {high:g}; choose it in that range.")
    if any(p.samples.shape[1] != 1 for p in posteriors):
        raise ValueError("A posterior of x_HI alone is needed at each redshift.")
    check_draws(n, seed)
