"""Ionization fields beside the simulator's: one definition of every distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.reionization.bubbles import cross_correlation, free_paths
from core.reionization.constants import BOX_SIZE_MPC, X_HI_RANGE
from core.reionization.ionization import threshold_field
from core.statistics import power_spectrum, wasserstein
from training.reionization.datasets.slices import Slices

__all__ = ["K_EDGES", "X_EDGES", "Comparison", "best_smoothing", "bins", "compare", "power"]

Floats = NDArray[np.floating]
K_EDGES: Floats = np.array([0.045, 0.08, 0.11, 0.15, 0.2, 0.27, 0.36, 0.48, 0.63, 0.8, 1.0])
X_EDGES: Floats = np.linspace(*X_HI_RANGE, 6)
SMOOTHING_MPC = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True)
class Comparison:
    """Fields beside the simulator's, in bins of the mean neutral fraction.

    Attributes:
        k: (B,) 1 / Mpc.
        ratio: (X, B) of the mean power spectra; NaN where a bin of x_HI holds no slice.
        r: (X, B) cross-correlation.
        r_all: (B,) over all slices.
        paths, paths_true: lists of X arrays of mean free paths, Mpc.
        numbers: medians and worst values by name.
    """

    k: Floats
    ratio: Floats
    r: Floats
    r_all: Floats
    paths: list[Floats]
    paths_true: list[Floats]
    numbers: dict[str, float]


def bins(mean: Floats) -> list[NDArray[np.int_]]:
    """Which slices are in each bin of the mean neutral fraction."""
    place = np.clip(np.digitize(mean, X_EDGES) - 1, 0, len(X_EDGES) - 2)
    return [np.flatnonzero(place == i) for i in range(len(X_EDGES) - 1)]


def power(maps: Floats) -> Floats:
    """Mean P(k) of maps (m, n, n) in the bins of k, (B,) Mpc^2."""
    return power_spectrum(maps, BOX_SIZE_MPC, k_edges=K_EDGES)[1].mean(axis=0)


def _paths(maps: Floats, rays: int = 100) -> Floats:
    found = [free_paths(m, rays, seed=i) for i, m in enumerate(maps)]
    return np.concatenate(found) if found else np.empty(0)


def compare(fields: Floats, slices: Slices) -> Comparison:
    """Measure fields (m, n, n) of x_HI against those of the slices they were made for."""
    truth = slices.x_hi.astype(np.float64)
    ours = np.asarray(fields, dtype=np.float64)
    groups = bins(slices.mean)
    k, spectra = power_spectrum(ours, BOX_SIZE_MPC, k_edges=K_EDGES)
    expected = power_spectrum(truth, BOX_SIZE_MPC, k_edges=K_EDGES)[1]
    shape = (len(groups), len(k))
    ratio, r = np.full(shape, np.nan), np.full(shape, np.nan)
    paths, paths_true = [], []
    for i, members in enumerate(groups):
        paths.append(_paths(ours[members]))
        paths_true.append(_paths(truth[members]))
        if len(members):
            ratio[i] = spectra[members].mean(axis=0) / expected[members].mean(axis=0)
            r[i] = cross_correlation(ours[members], truth[members], BOX_SIZE_MPC, K_EDGES)[1]
    r_all = cross_correlation(ours, truth, BOX_SIZE_MPC, K_EDGES)[1]
    both = [(a, b) for a, b in zip(paths, paths_true, strict=True) if len(a) and len(b)]
    return Comparison(k, ratio, r, r_all, paths, paths_true, {
        "pk_ratio_median": float(np.nanmedian(np.abs(ratio - 1))),
        "pk_ratio_worst": float(np.nanmax(np.abs(ratio - 1))),
        "r_k": float(np.nanmedian(r)),
        **{f"r_k_{at:g}": float(np.interp(at, k, r_all)) for at in (0.1, 0.3, 0.8)},
        "bubble_path_error": float(np.median([abs(a.mean() / b.mean() - 1) for a, b in both])),
        "bubble_distance": float(np.mean([wasserstein(np.log(a), np.log(b)) for a, b in both])),
        "x_hi_error": float(np.abs(ours.mean(axis=(1, 2)) - slices.mean).max()),
        "rmse": float(np.sqrt(np.mean((ours - truth) ** 2))),
    })


def best_smoothing(slices: Slices) -> float:
    """The smoothing of the threshold baseline with the best power spectra on ``slices``, Mpc."""
    density = slices.overdensity()

    def deviation(smoothing: float) -> float:
        maps = [threshold_field(d, m, smoothing) for d, m in zip(density, slices.mean, strict=True)]
        return compare(np.stack(maps), slices).numbers["pk_ratio_median"]

    return min(SMOOTHING_MPC, key=deviation)
