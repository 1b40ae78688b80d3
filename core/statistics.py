r"""Statistics of periodic square maps. One implementation, used by training, evaluation and apps.

Every function is vectorised over leading axes and takes the field as it is: give
:func:`log_field` or :func:`overdensity` of a map to say which field is meant. Conventions:
:math:`P(k) = |\tilde f(k)|^2 L^2 / N^4` for the unnormalised discrete transform
:math:`\tilde f`, so that white noise of variance :math:`\sigma^2` has
:math:`P = \sigma^2 (L/N)^2` and the sum of :math:`P / L^2` over all modes is the mean square of the
field.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, stats

from core.draws import check_seed
from core.fields.geometry import BOX_SIZE_MPC_H

__all__ = [
    "Moments",
    "bispectrum",
    "log_field",
    "moments",
    "overdensity",
    "pdf",
    "peak_counts",
    "power_spectrum",
    "phase_randomised",
    "wasserstein",
]

Floats = NDArray[np.floating]
_CHUNK_VALUES = 4 * 2**20


class Moments(NamedTuple):
    """Moments over the pixels of each map; skewness and excess kurtosis are 0 for a Gaussian."""

    mean: Floats
    std: Floats
    skewness: Floats
    kurtosis: Floats


def _square(maps: ArrayLike) -> Floats:
    array = np.asarray(maps, dtype=np.float64)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.shape[-1] < 4:
        raise ValueError(
            f"The maps have shape {array.shape}; square maps (..., N, N) of at least 4 pixels a "
            "side are needed."
        )
    return array


def _wavenumbers(n: int, box_size: float) -> tuple[Floats, Floats]:
    """|k| of the rfft2 modes, and how many modes of the full transform each stands for."""
    fundamental = 2 * np.pi / box_size
    k = fundamental * np.hypot(fft.fftfreq(n, 1 / n)[:, None], fft.rfftfreq(n, 1 / n)[None])
    weight = np.full(k.shape, 2.0)
    weight[:, 0] = 1.0
    if n % 2 == 0:
        weight[:, -1] = 1.0
    return k, weight


def _default_edges(k: Floats, n: int, box_size: float, n_bins: int) -> Floats:
    """Logarithmic edges from the fundamental to Nyquist, merged until no bin is empty."""
    fundamental = 2 * np.pi / box_size
    edges = np.geomspace(fundamental * (1 - 1e-9), fundamental * (n // 2) * (1 + 1e-9), n_bins + 1)
    values = np.sort(k[k > 0])
    kept = [float(edges[0])]
    for edge in edges[1:]:
        if np.searchsorted(values, edge) > np.searchsorted(values, kept[-1]):
            kept.append(float(edge))
    kept[-1] = float(edges[-1])  # the last bin always reaches Nyquist
    return np.array(kept)


def power_spectrum(
    maps: ArrayLike,
    box_size: float = BOX_SIZE_MPC_H,
    n_bins: int = 24,
    k_edges: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    r"""Isotropic power spectrum of the field as given; the mean of the map plays no part.

    Args:
        maps: (..., N, N), periodic.
        box_size: side of the map in Mpc/h.
        n_bins: logarithmic bins from the fundamental mode 2 pi / L to the Nyquist frequency
            pi N / L; bins without a mode are merged with the next, so fewer may come back.
        k_edges: edges of the bins in h/Mpc instead, increasing; the last bin is closed.

    Returns:
        (k, P): (B,) mean \|k\| of the modes of each bin in h/Mpc, and (..., B) in (Mpc/h)^2 times
        the square of the field's units.

    Raises:
        ValueError: for maps that are not square, or edges that leave a bin empty.

    Example:
        >>> k, p = power_spectrum(log_field(sigma))
    """
    array = _square(maps)
    n = array.shape[-1]
    k, weight = _wavenumbers(n, box_size)
    if k_edges is None:
        edges = _default_edges(k, n, box_size, n_bins)
    else:
        edges = np.asarray(k_edges, dtype=float)
        if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
            raise ValueError("The edges of the bins have to be two or more increasing numbers.")
    index = np.searchsorted(edges, k.ravel(), side="right") - 1
    index[k.ravel() == edges[-1]] = len(edges) - 2
    inside = np.flatnonzero((index >= 0) & (index < len(edges) - 1) & (k.ravel() > 0))
    modes = inside[np.argsort(index[inside], kind="stable")]
    bins, starts = np.unique(index[modes], return_index=True)
    if len(bins) < len(edges) - 1:
        empty = int(np.setdiff1d(np.arange(len(edges) - 1), bins)[0])
        raise ValueError(
            f"The bin from {edges[empty]:.3g} to {edges[empty + 1]:.3g} h/Mpc holds no mode of a "
            f"map of {n} pixels; widen it."
        )
    w = weight.ravel()[modes]
    total = np.add.reduceat(w, starts)
    k_mean = np.add.reduceat(w * k.ravel()[modes], starts) / total
    flat = array.reshape(-1, n, n)
    power = np.empty((len(flat), len(bins)))
    step = max(1, _CHUNK_VALUES // (n * n))
    for start in range(0, len(flat), step):
        f = fft.rfft2(flat[start : start + step]).reshape(-1, k.size)[:, modes]
        power[start : start + step] = np.add.reduceat((f.real**2 + f.imag**2) * w, starts, axis=1)
    power *= box_size**2 / n**4 / total
    return k_mean, power.reshape(*array.shape[:-2], len(bins))


def overdensity(sigma: ArrayLike) -> Floats:
    """sigma / mean - 1 of each map, (..., N, N).

    Raises:
        ValueError: if a map's mean is not above zero.
    """
    array = _square(sigma)
    mean = array.mean(axis=(-2, -1), keepdims=True)
    if not np.all(mean > 0):
        raise ValueError("The overdensity needs a mean above zero; give linear densities.")
    return array / mean - 1.0


def log_field(sigma: ArrayLike) -> Floats:
    """log10 of a linear surface density, any shape.

    Raises:
        ValueError: for values that are not above zero.
    """
    array = np.asarray(sigma, dtype=np.float64)
    if not np.all(array > 0):
        raise ValueError(
            "The map holds values that are not above zero; give the linear surface density."
        )
    return np.log10(array)


def pdf(log_sigma: ArrayLike, edges: ArrayLike) -> Floats:
    """Probability density of the pixels of each map.

    Args:
        log_sigma: (..., N, N).
        edges: (B + 1,) increasing.

    Returns:
        (..., B) per unit of the field; integrates to the fraction of pixels inside the edges.
    """
    array = np.asarray(log_sigma, dtype=np.float64)
    bounds = np.asarray(edges, dtype=float)
    flat = array.reshape(-1, array.shape[-2] * array.shape[-1])
    counts = np.stack([np.histogram(row, bounds)[0] for row in flat])
    density = counts / (flat.shape[1] * np.diff(bounds))
    return density.reshape(*array.shape[:-2], len(bounds) - 1)


def moments(field: ArrayLike) -> Moments:
    """Mean, standard deviation, skewness and excess kurtosis of each map of (..., N, N).

    A map of one value has skewness and kurtosis 0.
    """
    array = np.asarray(field, dtype=np.float64)
    mean = array.mean(axis=(-2, -1))
    centred = array - mean[..., None, None]
    variance = (centred**2).mean(axis=(-2, -1))
    safe = np.where(variance > 0, variance, 1.0)
    third, fourth = ((centred**power).mean(axis=(-2, -1)) for power in (3, 4))
    return Moments(
        mean,
        np.sqrt(variance),
        np.where(variance > 0, third / safe**1.5, 0.0),
        np.where(variance > 0, fourth / safe**2 - 3.0, 0.0),
    )


def wasserstein(a: ArrayLike, b: ArrayLike) -> float:
    """1D Wasserstein-1 distance of two sets of values, in their units."""
    return float(stats.wasserstein_distance(np.ravel(a), np.ravel(b)))


def bispectrum(
    maps: ArrayLike, k: ArrayLike, box_size: float = BOX_SIZE_MPC_H
) -> tuple[Floats, Floats]:
    r"""Equilateral reduced bispectrum Q(k) = B(k, k, k) / (3 P(k)^2) of each map.

    Every closed triangle with its three sides in the same shell is counted, by FFT filters
    (Scoccimarro 2015, arXiv:1506.02729): the mean over x of the cube of the shell-filtered map.
    Zero on average for a Gaussian field. A shell is as wide as the larger of 1.5 fundamental modes
    and 0.2 k.

    Args:
        maps: (..., N, N), the field as it is (use :func:`overdensity` or :func:`log_field`).
        k: (B,) centres of the shells in h/Mpc, between the fundamental mode and 2/3 of Nyquist
            (above it triangles wrap around).
        box_size: side in Mpc/h.

    Returns:
        (B, Q): the bispectrum (..., B) in (Mpc/h)^4, and the reduced one (..., B).

    Raises:
        ValueError: for k outside that range.
    """
    array = _square(maps)
    n = array.shape[-1]
    centres = np.atleast_1d(np.asarray(k, dtype=float))
    fundamental = 2 * np.pi / box_size
    highest = fundamental * n / 3
    widths = np.maximum(1.5 * fundamental, 0.2 * centres)
    if not np.all((centres >= fundamental) & (centres + widths / 2 <= highest)):
        raise ValueError(
            f"The bispectrum of {n} pixels is defined for k from {fundamental:.3g} to "
            f"{highest / 1.1:.3g} h/Mpc."
        )
    modulus, weight = _wavenumbers(n, box_size)
    transform = fft.rfft2(array)
    shape = (*array.shape[:-2], len(centres))
    triple, reduced = np.empty(shape), np.empty(shape)
    for i, (centre, width) in enumerate(zip(centres, widths, strict=True)):
        shell = (np.abs(modulus - centre) <= width / 2) & (modulus > 0)
        triangles = n**4 * (fft.irfft2(shell.astype(float), s=(n, n)) ** 3).sum()
        filtered = fft.irfft2(transform * shell, s=(n, n))
        triple[..., i] = n**4 * (filtered**3).sum(axis=(-2, -1)) / triangles * box_size**4 / n**6
        power = (np.abs(transform) ** 2 * weight * shell).sum(axis=(-2, -1))
        power *= box_size**2 / n**4 / (weight * shell).sum()
        reduced[..., i] = triple[..., i] / np.where(power > 0, 3 * power**2, np.inf)
    return triple, reduced


def peak_counts(maps: ArrayLike, thresholds: ArrayLike) -> NDArray[np.int_]:
    """How many pixels of each map exceed all eight (periodic) neighbours and each threshold.

    Args:
        maps: (..., N, N).
        thresholds: (T,) in the units of the map.

    Returns:
        (..., T) counts.
    """
    array = _square(maps)
    peak = np.ones(array.shape, dtype=bool)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            if (down, across) != (0, 0):
                peak &= array > np.roll(array, (down, across), axis=(-2, -1))
    levels = np.atleast_1d(np.asarray(thresholds, dtype=float))
    return np.stack([(peak & (array > t)).sum(axis=(-2, -1)) for t in levels], axis=-1)


def phase_randomised(field: ArrayLike, seed: int = 0) -> Floats:
    """A field with the same power spectrum, mode by mode, and random phases.

    The amplitude of every Fourier mode and the mean are kept; the phases are those of white noise,
    so the result is real and periodic. Whatever differs between the two fields the power spectrum
    does not see. Give :func:`log_field` of a map: with random phases a linear density has negative
    values.

    Args:
        field: (..., N, N).
        seed: noise seed of the phases, 0 or larger.

    Returns:
        (..., N, N) float64.

    Raises:
        ValueError: for maps that are not square, or a negative seed.

    Example:
        >>> randomised = phase_randomised(log_field(sigma), seed=1)
    """
    array = _square(field)
    check_seed(seed)
    noise = fft.rfft2(np.random.default_rng(seed).standard_normal(array.shape))
    transform = np.abs(fft.rfft2(array)) * noise / np.abs(noise)
    transform[..., 0, 0] = array.sum(axis=(-2, -1))
    return fft.irfft2(transform, s=array.shape[-2:])
