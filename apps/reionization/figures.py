"""The figures of the reionization pages: images, posteriors, reliability, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.shared.figures import plots
from core.reionization.constants import BOX_SIZE_MPC
from core.statistics import power_spectrum

__all__ = [
    "BRIGHTNESS", "DENSITY", "DIFFERENCE", "IONIZATION", "image_limits", "image_panel",
    "images_figure", "overlay_panel", "posterior_panel", "reliability_panel", "resolved",
    "spectrum_lines", "spectrum_panel",
]

Floats = NDArray[np.floating]

UNIT = "Mpc"
_TINT = (1.0, 0.35, 0.05)  # of what is laid over an image
_ROOM = 1.5  # height of a panel over that of its lines, so that its key stands above all of them
K_LABEL = r"$k$  [1/Mpc]"
BRIGHTNESS = {"label": r"$\delta T_b$  [mK]", "colours": "inferno"}
DENSITY = {"label": r"$\log_{10}(1+\delta)$", "colours": "viridis"}
IONIZATION = {"label": r"neutral fraction $x_{\rm HI}$", "colours": "inferno"}
DIFFERENCE = {"label": r"difference of $x_{\rm HI}$", "colours": "RdBu_r"}
"""Colours and words of each field; one colour scale a field, so that images can be compared."""


def image_limits(*images: Floats) -> tuple[float, float]:
    """Ends of a colour scale that holds nearly all pixels of all images."""
    low, high = np.percentile(np.concatenate([np.ravel(i) for i in images]), [0.5, 99.5])
    return float(low), float(max(high, low + 1e-3))


def images_figure(
    images: Floats, limits: tuple[float, float], style: dict[str, str],
    titles: Sequence[str] | None = None, columns: int | None = None, width: float = 4.5,
    side_mpc: float = BOX_SIZE_MPC,
) -> Any:
    """Images (n, N, N) as a matplotlib figure."""
    return plots.map_grid(images, limits, side_mpc, titles=titles, columns=columns, unit=UNIT,
                          width=width, **style)  # type: ignore[arg-type]


def image_panel(
    image: Floats, limits: tuple[float, float], style: dict[str, str], title: str, words: str,
    side_mpc: float = BOX_SIZE_MPC,
) -> str:
    """One image with its title."""
    figure = images_figure(image[None], limits, style, [title], side_mpc=side_mpc)
    return plots.svg(figure, words)


def overlay_panel(
    image: Floats, weight: Floats, limits: tuple[float, float], side_mpc: float, title: str,
    words: str,
) -> str:
    """An image in grey, and where the answer comes from over it in colour.

    Args:
        image: (N, N).
        weight: (64, 64) of the 128 Mpc in the middle that the network reads, 0 or more.
        limits: of the grey scale.
        side_mpc: of the image.
        title, words: of the panel.
    """
    with plots.panel(title, UNIT, UNIT, size=(4.5, 3.86), key=None, grid=False) as (figure, axes):
        whole = (0.0, side_mpc, 0.0, side_mpc)
        edge = (side_mpc - BOX_SIZE_MPC) / 2
        read = (edge, edge + BOX_SIZE_MPC, edge, edge + BOX_SIZE_MPC)
        axes.imshow(image, origin="lower", extent=whole, cmap="gray", vmin=limits[0],
                    vmax=limits[1], interpolation="none")
        low, high = np.percentile(weight, [5, 99.5])
        strength = np.clip((weight - low) / max(float(high - low), 1e-12), 0, 1)
        colour = np.zeros((*weight.shape, 4))
        colour[..., :3] = _TINT
        colour[..., 3] = 0.85 * strength
        axes.imshow(colour, origin="lower", extent=read, interpolation="bilinear")
        axes.set_xlim(0, side_mpc)
        axes.set_ylim(0, side_mpc)
        plots.tint_bar(figure, axes, _TINT, 0.85, (float(low), float(high)),
                       "change of the estimate")
    return plots.svg(figure, words)


def posterior_panel(
    lines: Sequence[tuple[str, Floats, Floats, Any]], truth: float | None, title: str, words: str,
    thin: tuple[str, Floats, Floats] | None = None,
) -> str:
    """Densities of x_HI with their 68% and 95% intervals shaded.

    Args:
        lines: (label, grid (B,), density (B,), colour) each.
        truth: marked if it is known.
        title, words: of the panel.
        thin: (label, grid, density) of one more, dashed and not shaded.
    """
    with plots.panel(title, r"mean neutral fraction $\bar{x}_{\rm HI}$", "probability density",
                     key="upper right") as (figure, axes):
        for label, grid, density, colour in lines:
            fine = np.linspace(grid[0], grid[-1], 2000)
            height = np.interp(fine, grid, density)
            cumulative = np.cumsum(height) / np.sum(height)
            for level, alpha in ((0.95, 0.16), (0.68, 0.28)):
                inside = (cumulative >= (1 - level) / 2) & (cumulative <= (1 + level) / 2)
                axes.fill_between(fine, height, where=inside.tolist(), color=colour, alpha=alpha,
                                  lw=0)
            axes.plot(grid, density, color=colour, lw=1.7, label=label)
        if thin is not None:
            axes.plot(thin[1], thin[2], color=plots.BAND, lw=1.3, ls="--", label=thin[0])
        if truth is not None:
            axes.axvline(truth, ymax=1 / _ROOM, color=plots.TRUTH, lw=1.5, ls="--",
                         label=f"truth {truth:.3f}")
        axes.set_xlim(*_around(lines, truth))
        axes.set_ylim(0, _ROOM * axes.get_ylim()[1])
    return plots.svg(figure, words)


def _around(
    lines: Sequence[tuple[str, Floats, Floats, Any]], truth: float | None
) -> tuple[float, float]:
    """The part of 0 to 1 where the densities are, and the truth, with room beside them."""
    ends = [] if truth is None else [truth]
    for _, grid, density, _ in lines:
        cumulative = np.cumsum(density) / np.sum(density)
        ends += [float(np.interp(level, cumulative, grid)) for level in (0.001, 0.999)]
    half = max(0.8 * (max(ends) - min(ends)), 0.12)
    middle = (max(ends) + min(ends)) / 2
    return max(0.0, middle - half), min(1.0, middle + half)


def reliability_panel(
    predicted: Floats, observed: Floats, counts: Floats, marks: Sequence[tuple[str, float, Any]],
    title: str, words: str,
) -> str:
    """How often a stated probability was right.

    Args:
        predicted, observed, counts: of each bin of held-out images: the mean probability stated,
            the fraction that were AGN, how many there were.
        marks: (label, probability, colour) of the images on the page.
        title, words: of the panel.
    """
    used = counts > 0
    with plots.panel(title, "predicted probability of AGN",
                     "observed fraction of AGN", key="upper left") as (figure, axes):
        axes.plot([0, 1], [0, 1], color=plots.INK, lw=0.8, ls=":", label="perfect calibration")
        spread = np.sqrt(observed * (1 - observed) / np.maximum(counts, 1) + 0.25 / np.maximum(
            counts, 1) ** 2)
        axes.errorbar(predicted[used], observed[used], spread[used], color=plots.BAND, marker="o",
                      ms=5, lw=1.2, label="held-out images")
        for index, (label, probability, colour) in enumerate(marks):
            axes.axvline(probability, ymax=1 / _ROOM, color=colour, lw=1.7, label=label,
                         ls=(0, (4, 4)) if index else "-")
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, -0.02 + 1.07 * _ROOM)
        axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    return plots.svg(figure, words)


def spectrum_lines(
    fields: Sequence[tuple[str, Floats, Any]], side_mpc: float = BOX_SIZE_MPC
) -> tuple[Floats, list[tuple[str, Floats, Any]]]:
    """k in 1/Mpc and (label, mean P(k) in Mpc^2 times the field's unit squared, colour) each.

    Args:
        fields: (label, (..., N, N), colour).
        side_mpc: side of the images.
    """
    lines: list[tuple[str, Floats, Any]] = []
    k: Floats = np.empty(0)
    for label, field, colour in fields:
        k, power = power_spectrum(field, side_mpc, n_bins=16)
        lines.append((label, power.reshape(-1, len(k)).mean(axis=0), colour))
    return k, lines


def resolved(field: Floats, side_mpc: float) -> float:
    """The largest k in 1/Mpc up to which a field holds a part in 1e5 of its strongest power.

    Beyond it an observed image has nothing but rounding errors.
    """
    k, [(_, power, _)] = spectrum_lines([("", field, None)], side_mpc)
    weak = np.flatnonzero(power < 1e-5 * power.max())
    return float(k[-1] if not len(weak) else k[max(int(weak[0]) - 1, 3)])


def spectrum_panel(
    fields: Sequence[tuple[str, Floats, Any]], title: str, words: str, *,
    ratio_label: str, unit: str, overlap: bool = False,
    side_mpc: float = BOX_SIZE_MPC,
) -> str:
    """P(k) of two or more fields, and their ratio to the first.

    Args:
        fields: (label, (..., N, N), colour); the mean over leading axes is drawn.
        title, words: of the panel.
        ratio_label: of the lower panel.
        unit: of P(k).
        overlap: whether the lines coincide.
        side_mpc: side of the images.
    """
    k, lines = spectrum_lines(fields, side_mpc)
    end = int(np.searchsorted(k, resolved(fields[0][1], side_mpc), side="right"))
    k, lines = k[:end], [(label, power[:end], colour) for label, power, colour in lines]
    figure = plots.spectra(
        k, lines, title=title, reference=lines[0][1], ratio_label=ratio_label,
        ylabel=rf"$P(k)$  [{unit}]", xlabel=K_LABEL, overlap=overlap,
    )
    return plots.svg(figure, words)
