"""Fixed summaries of an HI map: what does not have to be learnt.

All are unchanged by cyclic shifts, flips and transposes of the map, or very nearly so.

* P(k) of the log field and of the overdensity: everything a two-point analysis has.
* The one-point distribution of log10 Sigma: mean, moments, quantiles.
* The structures of :mod:`core.hydrogen.structures`: smoothed distributions, peaks, voids, masks.
* Wavelet scattering of the log field and of its diffuse part (Cheng et al. 2020,
  arXiv:2006.08561): which structures of one size sit inside which of a larger size.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from core.hydrogen.structures import STRUCTURE_NAMES, structures
from core.statistics import moments, overdensity, power_spectrum

__all__ = ["SUMMARY_NAMES", "power_summaries", "scattering", "summaries"]

Floats = NDArray[np.floating]

POWER_EDGES: Floats = np.geomspace(0.25, 8.05, 13)  # h/Mpc, up to the Nyquist of 64 pixels
QUANTILES = (0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995)
DIFFUSE_LIMIT = 5.5  # log10 Sigma below which gas is outside haloes
SCALES, ANGLES = 5, 4
_PAIRS = [(a, b) for a in range(SCALES) for b in range(a + 1, SCALES)]
_N_BINS = len(POWER_EDGES) - 1
_SCATTERING_NAMES = [f"s1 scale {a}" for a in range(SCALES)] + [
    f"s2 scales {a},{b} {how}" for a, b in _PAIRS for how in ("along", "diagonal", "across")
]
POWER_NAMES = [f"log P_log bin {i}" for i in range(_N_BINS)] + [
    f"log P_delta bin {i}" for i in range(_N_BINS)
]
ONE_POINT_NAMES = ["mean", "std", "skewness", "kurtosis", "mean diffuse", "std diffuse",
                   "log mean density"] + [f"quantile {q}" for q in QUANTILES]
SUMMARY_NAMES: list[str] = (
    POWER_NAMES + ONE_POINT_NAMES + _SCATTERING_NAMES + [f"diffuse {n}" for n in _SCATTERING_NAMES]
    + STRUCTURE_NAMES
)
"""Names of the columns of :func:`summaries`."""


def power_summaries(log_sigma: ArrayLike) -> Floats:
    """ln P(k) of the log field and of the overdensity, (..., 24). The mean level plays no part.

    Args:
        log_sigma: (..., 64, 64) log10 Sigma.
    """
    x = np.asarray(log_sigma, dtype=np.float64)
    # the overdensity does not change with units; dividing first keeps powers of ten in range
    delta = overdensity(10.0 ** (x - x.max(axis=(-2, -1), keepdims=True)))
    parts = [power_spectrum(f, k_edges=POWER_EDGES)[1] for f in (x, delta)]
    return np.log(np.concatenate(parts, axis=-1) + 1e-30)


def _one_point(x: Floats) -> Floats:
    m = moments(x)
    diffuse = np.minimum(x, DIFFUSE_LIMIT)
    highest = x.max(axis=(-2, -1), keepdims=True)
    level = np.log10((10.0 ** (x - highest)).mean(axis=(-2, -1))) + highest[..., 0, 0]
    quantiles = np.quantile(x.reshape(*x.shape[:-2], -1), QUANTILES, axis=-1)
    columns = [m.mean, m.std, m.skewness, m.kurtosis, diffuse.mean(axis=(-2, -1)),
               diffuse.std(axis=(-2, -1)), level, *quantiles]
    return np.stack(columns, axis=-1)


@lru_cache(maxsize=4)
def _filters(n: int) -> Floats:
    """Oriented band-pass filters in Fourier space, (scales, angles, n, n), real."""
    k = 2 * np.pi * np.hypot(fft.fftfreq(n)[:, None], fft.fftfreq(n)[None])
    angle = np.arctan2(fft.fftfreq(n)[:, None], fft.fftfreq(n)[None])
    bank = np.zeros((SCALES, ANGLES, n, n))
    for scale in range(SCALES):
        centre = 0.75 * np.pi / 2**scale
        radial = np.exp(-0.5 * (np.log(np.maximum(k, 1e-9) / centre) / 0.45) ** 2)
        radial[0, 0] = 0.0
        for i in range(ANGLES):
            lobe = np.cos(angle - np.pi * i / ANGLES)
            bank[scale, i] = radial * np.where(lobe > 0, lobe, 0.0) ** 3
    return bank


def _crop(spectrum: Floats, n: int) -> Floats:
    """The lowest n x n modes of a transform, scaled so that its inverse is the smoothed field."""
    size = spectrum.shape[-1]
    if n >= size:
        return spectrum
    half = n // 2
    keep = np.r_[0:half, size - half : size]
    return spectrum[..., keep[:, None], keep] * (n / size) ** 2


def scattering(field: ArrayLike) -> Floats:
    """ln of the first- and second-order wavelet scattering coefficients, (..., 35).

    Orientations are averaged; the second order keeps the angle between the two wavelets (along,
    diagonal, across) and is divided by the first.

    Args:
        field: (..., N, N), N of at least 32.
    """
    x = np.asarray(field, dtype=np.float32)
    lead, n = x.shape[:-2], x.shape[-1]
    x = x.reshape(-1, n, n)
    spectrum = fft.fft2(x)
    bank = _filters(n).astype(np.float32)
    first = np.empty((len(x), SCALES))
    second = []
    for a in range(SCALES):
        # half the resolution per octave keeps every mode of the band
        side = max(16, n // 2 ** max(a - 1, 0))
        bands = np.abs(fft.ifft2(_crop(spectrum[:, None] * bank[a], side)))  # (n, angles, s, s)
        first[:, a] = bands.mean(axis=(1, 2, 3))
        if a + 1 == SCALES:
            break
        inner = fft.fft2(bands)
        for b in range(a + 1, SCALES):
            small = min(side, max(16, n // 2 ** max(b - 1, 0)))
            both = _crop(inner[:, :, None], small) * _crop(bank[b], small) * (n / small) ** 2
            level = np.abs(fft.ifft2(both)).mean(axis=(-2, -1))  # (n, angle of a, angle of b)
            turns = (np.arange(ANGLES)[None] - np.arange(ANGLES)[:, None]) % ANGLES
            along, across = level[:, turns == 0].mean(1), level[:, turns == ANGLES // 2].mean(1)
            diagonal = level[:, (turns == 1) | (turns == ANGLES - 1)].mean(1)
            second += [v / (first[:, a] + 1e-12) for v in (along, diagonal, across)]
    out = np.log(np.concatenate([first, np.stack(second, axis=1)], axis=1) + 1e-12)
    return out.reshape(*lead, -1)


def summaries(log_sigma: ArrayLike) -> Floats:
    """Every fixed summary of each map, (..., len(SUMMARY_NAMES)) float64.

    Args:
        log_sigma: (..., 64, 64) log10 Sigma in (Msun/h)/(Mpc/h)^2.

    Example:
        >>> summaries(np.log10(maps)).shape
        (10, 331)
    """
    x = np.asarray(log_sigma, dtype=np.float64)
    found = structures(x.reshape(-1, *x.shape[-2:])).reshape(*x.shape[:-2], -1)
    return np.concatenate(
        [power_summaries(x), _one_point(x), scattering(x),
         scattering(np.minimum(x, DIFFUSE_LIMIT)), found], axis=-1
    )
