"""Samples of a posterior: intervals, calibration, corner plots.

Calibration follows simulation-based calibration (Talts et al. 2018, arXiv:1804.06788) for single
parameters and TARP (Lemos et al. 2023, arXiv:2302.03026) for all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Posterior", "corner_figure", "coverage", "sbc_ranks", "tarp"]

Floats = NDArray[np.floating]


@dataclass
class Posterior:
    """Equally weighted samples of a posterior.

    Attributes:
        samples: (n, d).
        names: of the d parameters; may hold matplotlib mathematics.
        truth: (d,) the true values, if known.

    Example:
        >>> p = Posterior(np.random.default_rng(0).normal(size=(1000, 2)), ("a", "b"))
        >>> p.interval(0.68).shape
        (2, 2)
    """

    samples: Floats
    names: tuple[str, ...]
    truth: Floats | None = None

    def __post_init__(self) -> None:
        self.samples = np.asarray(self.samples, dtype=float)
        if self.samples.ndim != 2 or self.samples.shape[1] != len(self.names):
            raise ValueError(
                f"Samples of shape {self.samples.shape} do not fit {len(self.names)} names; "
                "(n, d) with a name for each column is needed."
            )
        if self.truth is not None:
            self.truth = np.asarray(self.truth, dtype=float)
            if self.truth.shape != (len(self.names),):
                raise ValueError(f"The truth needs {len(self.names)} values.")

    @property
    def mean(self) -> Floats:
        """(d,) posterior means."""
        return self.samples.mean(axis=0)

    @property
    def std(self) -> Floats:
        """(d,) posterior standard deviations."""
        return self.samples.std(axis=0)

    def interval(self, level: float = 0.68) -> Floats:
        """Central interval of each parameter that holds ``level`` of the samples, (d, 2).

        Raises:
            ValueError: unless 0 < level < 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"The level is {level}; it has to lie between 0 and 1.")
        return np.quantile(self.samples, [(1 - level) / 2, (1 + level) / 2], axis=0).T


def _stack(posteriors: Sequence[Posterior] | ArrayLike) -> Floats:
    if isinstance(posteriors, np.ndarray):
        return np.asarray(posteriors, dtype=float)
    return np.stack([p.samples if isinstance(p, Posterior) else np.asarray(p)
                     for p in posteriors])  # type: ignore[union-attr]


def coverage(posteriors: Sequence[Posterior] | ArrayLike, truths: ArrayLike,
             levels: Sequence[float] = (0.68, 0.95)) -> Floats:
    """How often central intervals hold the truth, (len(levels), d); calibrated: equal to levels.

    Args:
        posteriors: m posteriors, or their samples (m, n, d).
        truths: (m, d).
        levels: of the intervals.
    """
    below = sbc_ranks(posteriors, truths)
    return np.array([(np.abs(below - 0.5) <= level / 2).mean(axis=0) for level in levels])


def sbc_ranks(posteriors: Sequence[Posterior] | ArrayLike, truths: ArrayLike) -> Floats:
    """Fraction of the samples below the truth, (m, d); uniform on [0, 1] if calibrated."""
    samples, true = _stack(posteriors), np.asarray(truths, dtype=float)
    if samples.ndim != 3 or true.shape != (samples.shape[0], samples.shape[2]):
        raise ValueError(
            f"Samples {samples.shape} and truths {true.shape} do not fit: (m, n, d) and (m, d)."
        )
    return (samples < true[:, None]).mean(axis=1)


def tarp(posteriors: Sequence[Posterior] | ArrayLike, truths: ArrayLike, seed: int = 0,
         n_levels: int = 50) -> tuple[Floats, Floats]:
    """Expected coverage of all parameters together, from random reference points (TARP).

    For each posterior a reference point is drawn; the credibility of the truth is the fraction of
    samples nearer to that point than the truth is. It is uniform if and only if the posteriors are
    right.

    Args:
        posteriors: m posteriors, or their samples (m, n, d).
        truths: (m, d).
        seed: noise seed of the reference points, 0 or larger.
        n_levels: of credibility.

    Returns:
        (credibility levels (n_levels,), expected coverage (n_levels,)); the diagonal is calibrated.
    """
    samples, true = _stack(posteriors), np.asarray(truths, dtype=float)
    low, high = true.min(axis=0), true.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    samples, true = (samples - low) / width, (true - low) / width
    reference = np.random.default_rng(seed).uniform(size=true.shape)
    near = np.linalg.norm(samples - reference[:, None], axis=-1)
    credibility = (near < np.linalg.norm(true - reference, axis=-1)[:, None]).mean(axis=1)
    levels = np.linspace(0, 1, n_levels)
    return levels, (credibility[None] <= levels[:, None]).mean(axis=1)


def corner_figure(posterior: Posterior, truth: ArrayLike | None = None,
                  limits: Sequence[tuple[float, float]] | None = None,
                  color: str = "#2563eb") -> Figure:
    """Corner plot: marginals on the diagonal, 68% and 95% regions below it.

    Args:
        posterior: what to draw.
        truth: (d,) marked with lines; the posterior's own truth by default.
        limits: axis range of each parameter; the samples' by default.
        color: of everything but the truth.

    Returns:
        A matplotlib figure that belongs to no window (close it or let it go).
    """
    from matplotlib.figure import Figure

    marked = posterior.truth if truth is None else np.asarray(truth, dtype=float)
    d = len(posterior.names)
    if limits is None:
        low, high = np.quantile(posterior.samples, [0.001, 0.999], axis=0)
        pad = 0.08 * (high - low) + 1e-12
        limits = list(zip(low - pad, high + pad, strict=True))
    figure = Figure(figsize=(2.1 * d + 0.8, 2.1 * d + 0.5), layout="constrained")
    axes = figure.subplots(d, d, squeeze=False)
    for row in range(d):
        for column in range(d):
            ax = axes[row, column]
            if column > row:
                ax.set_visible(False)
                continue
            if row == column:
                _marginal(ax, posterior, row, limits[row], color)
            else:
                _joint(ax, posterior, column, row, (limits[column], limits[row]), color)
                if marked is not None:
                    ax.axhline(marked[row], color="#b91c1c", lw=1)
            if marked is not None:
                ax.axvline(marked[column], color="#b91c1c", lw=1)
            _label(ax, posterior.names, row, column, d)
    return figure


def _marginal(ax: Axes, posterior: Posterior, i: int, limit: tuple[float, float], color: str
              ) -> None:
    counts, edges = np.histogram(posterior.samples[:, i], bins=60, range=limit, density=True)
    smooth = gaussian_filter(counts.astype(float), 1.5, mode="nearest")
    middle = (edges[1:] + edges[:-1]) / 2
    ax.plot(middle, smooth, color=color, lw=1.5)
    low, high = posterior.interval(0.68)[i]
    inside = (middle >= low) & (middle <= high)
    ax.fill_between(middle[inside], smooth[inside], color=color, alpha=0.25, lw=0)
    ax.set(xlim=limit, ylim=(0, None), yticks=[])
    ax.set_title(f"{posterior.names[i]} = {posterior.mean[i]:.3f} ± {posterior.std[i]:.3f}",
                 fontsize=9)


def _joint(ax: Axes, posterior: Posterior, i: int, j: int,
           limits: tuple[tuple[float, float], tuple[float, float]], color: str) -> None:
    counts, x, y = np.histogram2d(
        posterior.samples[:, i], posterior.samples[:, j], bins=50, range=limits
    )
    density = gaussian_filter(counts, 1.5, mode="nearest")
    ordered = np.sort(density.ravel())[::-1]
    held = np.cumsum(ordered) / max(ordered.sum(), 1e-12)
    last = len(ordered) - 1
    levels = [float(ordered[min(int(np.searchsorted(held, f)), last)]) for f in (0.95, 0.68)]
    top = float(density.max()) * (1 + 1e-6) + 1e-12
    if levels[0] < levels[1] < top:  # otherwise all samples fall in one cell
        middle = ((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2, density.T)
        ax.contourf(*middle, levels=[levels[0], top], colors=[color], alpha=0.2)
        ax.contourf(*middle, levels=[levels[1], top], colors=[color], alpha=0.35)
        ax.contour(*middle, levels=levels, colors=[color], linewidths=1.2)
    else:
        ax.plot(posterior.samples[:500, i], posterior.samples[:500, j], ".", ms=2, color=color)
    ax.set(xlim=limits[0], ylim=limits[1])


def _label(ax: Axes, names: tuple[str, ...], row: int, column: int, d: int) -> None:
    ax.tick_params(labelsize=8)
    if row == d - 1:
        ax.set_xlabel(names[column])
    else:
        ax.set_xticklabels([])
    if column == 0 and row > 0:
        ax.set_ylabel(names[row])
    elif row != column:
        ax.set_yticklabels([])
