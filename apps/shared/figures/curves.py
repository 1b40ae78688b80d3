"""Figures of curves: spectra with a ratio below, histograms, and a panel to draw on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from apps.shared.figures.ink import BAND, FONT, INK, LOCK, SIGMA_LABEL, key_of, style

__all__ = ["K_LABEL", "curves", "histograms", "panel", "spectra", "walk_colours"]

Floats = NDArray[np.floating]

K_LABEL = r"$k$  [$h$/Mpc]"


def spectra(
    k: Floats,
    lines: Sequence[tuple[str, Floats, Any]],
    *,
    band: tuple[Floats, Floats, Floats, Floats] | None = None,
    band_label: str = "simulations, 68%",
    thin: Floats | None = None,
    title: str,
    reference: Floats | None = None,
    ratio_label: str = "ratio",
    ratio_extra: tuple[str, Floats, Floats] | None = None,
    ylabel: str = r"$P(k)$  [(Mpc/$h$)$^2$]",
    xlabel: str = K_LABEL,
    key: bool = True,
    overlap: bool = False,
) -> Figure:
    """Power spectra, with their ratio to a reference in a lower panel.

    Args:
        k: (B,) in the unit of ``xlabel``.
        lines: (label, (B,) power, colour) each.
        band: k, median, low, high of the simulations.
        band_label: its name in the key.
        thin: (n, B) single maps, drawn thin in the first line's colour.
        title: the field.
        reference: (B,) what the lower panel divides by; the band's median if there is a band.
        ratio_label: of the lower panel.
        ratio_extra: (label, k, ratio) of one more, dashed line in the lower panel.
        ylabel: of the upper panel.
        xlabel: of both.
        key: whether to name the lines.
        overlap: draw the lines so that they can be told apart where they coincide.
    """
    with LOCK:
        figure = Figure(figsize=(4.3, 3.7))
        top = figure.add_axes((0.165, 0.40, 0.80, 0.52))
        low = figure.add_axes((0.165, 0.135, 0.80, 0.225), sharex=top)
        if band is not None:
            band_k, median, band_low, band_high = band
            top.fill_between(band_k, band_low, band_high, color=BAND, alpha=0.30, lw=0)
            top.plot(band_k, median, color=BAND, lw=1.2, ls="--", label=band_label)
            low.fill_between(
                band_k, band_low / median, band_high / median, color=BAND, alpha=0.30, lw=0
            )
            if reference is None:
                reference = np.interp(np.log(k), np.log(band_k), median)
        if thin is not None and len(thin) > 1:
            for one in thin:
                top.plot(k, one, color=lines[0][2], lw=0.6, alpha=0.35)
        for index, (name, power, colour) in enumerate(lines):
            # where lines may coincide, a thin dashed one over a thick one shows both
            width, dashes = ((3.2, "-"), (1.5, (0, (3, 2))))[index > 0] if overlap else (1.7, "-")
            top.plot(k, power, color=colour, lw=width, ls=dashes, label=name)
            if reference is not None:
                low.plot(k, power / reference, color=colour, lw=width, ls=dashes)
        low.axhline(1.0, color=INK, lw=0.7, ls=":")
        if ratio_extra is not None:
            low.plot(ratio_extra[1], ratio_extra[2], color=BAND, lw=1.2, ls="--")
            top.plot([], [], color=BAND, lw=1.2, ls="--", label=ratio_extra[0])
        top.set_xscale("log")
        top.set_yscale("log")
        if reference is not None:
            extra = [] if ratio_extra is None else [ratio_extra[2]]
            if band is not None:
                extra += [band[2] / band[1], band[3] / band[1]]
            _ratio_limits(low, [power / reference for _, power, _ in lines] + extra)
        _plain_decades(top)
        style(top)
        style(low)
        top.tick_params(labelbottom=False)
        low.set_xlabel(xlabel, fontsize=FONT, color=INK)
        _plain_numbers(low.xaxis)
        low.set_xlim(k[0] * 0.93, k[-1] * 1.07)
        top.set_ylabel(ylabel, fontsize=FONT, color=INK)
        low.set_ylabel(ratio_label, fontsize=FONT - 1, color=INK)
        top.set_title(title, fontsize=FONT, color=INK, loc="left", pad=5)
        if key:
            key_of(top, loc="lower left")
    return figure


def histograms(
    edges: Floats,
    lines: Sequence[tuple[str, Floats, Any]],
    *,
    band: tuple[Floats, Floats, Floats] | None = None,
    band_label: str = "simulations, 68%",
    title: str,
    xlabel: str = SIGMA_LABEL,
    ylabel: str = "probability density",
    log: bool = True,
    key: bool = True,
) -> Figure:
    """Probability densities of pixels as steps.

    Args:
        edges: (B + 1,) of the bins.
        lines: (label, (B,) density, colour) each.
        band: median, low, high of the simulations in the same bins.
        band_label: its name in the key.
        title, xlabel, ylabel: words.
        log: logarithmic vertical axis.
        key: whether to name the lines.
    """
    with LOCK:
        figure = Figure(figsize=(4.3, 3.7))
        axes = figure.add_axes((0.165, 0.135, 0.80, 0.785))
        if band is not None:
            median, low, high = band
            axes.stairs(high, edges, baseline=low, fill=True, color=BAND, alpha=0.30, lw=0)
            axes.stairs(median, edges, color=BAND, lw=1.2, ls="--", label=band_label)
        for name, density, colour in lines:
            axes.stairs(density, edges, color=colour, lw=1.7, label=name, baseline=None)
        peak = max(float(np.max(density)) for _, density, _ in lines)
        if band is not None:
            peak = max(peak, float(np.max(band[2])))
        if log and peak > 0:
            axes.set_yscale("log")
            axes.set_ylim(peak * 10**-3.6, peak * 2.5)
        else:
            axes.set_ylim(0, peak * 1.15)
        axes.set_xlim(edges[0], edges[-1])
        style(axes)
        _label(axes, title, xlabel, ylabel)
        if key:
            key_of(axes, loc="upper right")
    return figure


def curves(
    x: Floats,
    lines: Sequence[tuple[str, Floats, Any]],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    log_x: bool = False,
    log_y: bool = False,
    zero_line: float | None = None,
    key: str | None = "best",
) -> Figure:
    """Plain curves over a common horizontal axis.

    Args:
        x: (B,).
        lines: (label, (B,) values, colour) each.
        title, xlabel, ylabel: words.
        log_x, log_y: logarithmic axes.
        zero_line: height of a dotted reference line.
        key: where the key stands; None for none.
    """
    with panel(title, xlabel, ylabel, key=key) as (figure, axes):
        for name, values, colour in lines:
            axes.plot(x, values, color=colour, lw=1.7, label=name)
        if zero_line is not None:
            axes.axhline(zero_line, color=INK, lw=0.7, ls=":")
        if log_x:
            axes.set_xscale("log")
            _plain_numbers(axes.xaxis)
        if log_y:
            axes.set_yscale("log")
    return figure


@contextmanager
def panel(
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    size: tuple[float, float] = (4.3, 3.3),
    key: str | None = "best",
    grid: bool = True,
) -> Iterator[tuple[Figure, Axes]]:
    """One panel to draw on; it gets its words and its style when the block ends.

    Args:
        title, xlabel, ylabel: words.
        size: inches.
        key: where the key stands; None for none.
        grid: whether lines of a grid are drawn.

    Example:
        >>> with panel("P", "k", "P(k)") as (figure, axes):
        ...     axes.plot(k, power, color=FIRST, label="map")
    """
    with LOCK:
        figure = Figure(figsize=size)
        left, bottom = 0.71 / size[0], 0.5 / size[1]
        axes = figure.add_axes((left, bottom, 0.965 - left, 1 - 0.32 / size[1] - bottom))
        yield figure, axes
        style(axes, grid=grid)
        _label(axes, title, xlabel, ylabel)
        if key is not None:
            key_of(axes, loc=key)


def walk_colours(n: int) -> list[Any]:
    """``n`` colours in order, distinct on light and on dark grounds."""
    return [colormaps["plasma"](position) for position in np.linspace(0.12, 0.82, n)]


def _label(axes: Axes, title: str, xlabel: str, ylabel: str) -> None:
    axes.set_xlabel(xlabel, fontsize=FONT, color=INK)
    axes.set_ylabel(ylabel, fontsize=FONT, color=INK)
    axes.set_title(title, fontsize=FONT, color=INK, loc="left", pad=5)


def _plain_numbers(axis: Axis, marks: Sequence[int] = (1, 2, 5)) -> None:
    """Label a logarithmic axis at these multiples of each decade, not by powers of ten."""
    axis.set_major_locator(LogLocator(subs=marks))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _plain_decades(axes: Axes) -> None:
    """Plain numbers on a logarithmic axis that spans little more than a decade."""
    low, high = axes.get_ylim()
    if high / low < 30:
        _plain_numbers(axes.yaxis)


def _ratio_limits(axes: Axes, ratios: Sequence[Floats]) -> None:
    values = np.concatenate([np.ravel(ratio) for ratio in ratios])
    values = values[np.isfinite(values) & (values > 0)]
    reach = float(np.max(np.abs(np.log(values)))) if len(values) else 0.0
    if reach > np.log(2.2):  # far apart: decades read better than a linear axis
        axes.set_yscale("log")
        top = max(float(np.exp(reach)) * 1.2, 3.0)
        axes.set_ylim(1 / top, top)
        marks = (1, 2, 5) if top < 4 else (1, 3) if top < 30 else (1,)
        _plain_numbers(axes.yaxis, marks)
    else:
        spread = max(0.35, (float(np.exp(reach)) - 1) * 1.15)
        axes.set_ylim(1 - min(spread, 0.95), 1 + spread)
