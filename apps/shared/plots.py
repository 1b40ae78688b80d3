"""Figures for the pages: maps, spectra, histograms; drawn by matplotlib, shown as SVG.

An SVG is sharp on every screen, scales down to a phone, and follows the page's light or dark
colours: a figure is drawn with the placeholder colours below, and :func:`svg` replaces them by CSS
variables that :data:`CSS` defines for both. Maps stay pixels inside the SVG, never smoothed.
Figures are made with the object interface, without pyplot's global state; matplotlib is not
thread-safe, so drawing takes a lock.
"""

from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from apps.shared.layout import SCROLLS

__all__ = [
    "BAND",
    "COLOUR_MAP",
    "CSS",
    "FIRST",
    "INK",
    "SECOND",
    "TRUTH",
    "curves",
    "histograms",
    "map_grid",
    "maps_strip",
    "panel",
    "png",
    "spectra",
    "svg",
    "walk_colours",
]

Floats = NDArray[np.floating]

# Placeholders: valid colours for matplotlib, replaced by CSS variables in svg().
INK = "#010203"
GRID = "#010204"
FIRST = "#010205"
SECOND = "#010206"
BAND = "#010207"
TRUTH = "#b91c1c"  # as corner_figure of core.posterior draws it
_VARIABLES = {
    INK: "currentColor",
    GRID: "var(--cd-grid)",
    FIRST: "var(--cd-first)",
    SECOND: "var(--cd-second)",
    BAND: "var(--cd-band)",
    TRUTH: "var(--cd-truth)",
}

CSS = """
:root { --cd-grid: #d7dbe0; --cd-first: #c2410c; --cd-second: #0a5fa8; --cd-band: #64748b;
  --cd-truth: #b91c1c; }
.dark { --cd-grid: #3b4252; --cd-first: #ff9d5c; --cd-second: #6cbcff; --cd-band: #a3b1c6;
  --cd-truth: #f87171; }
.cd-plot { width: 100%; margin: 0 auto; color: var(--body-text-color); }
.cd-plot svg { display: block; width: 100%; height: auto; margin: 0 auto; }
.cd-scroll { overflow-x: auto; contain: inline-size; width: 100%; }
.cd-scroll svg { min-width: 640px; }
"""
"""Style of the figures; a page puts it into a <style> element once."""

COLOUR_MAP = "inferno"
"""Perceptually uniform, increasing in lightness, and readable without colour vision."""

SIGMA_LABEL = r"$\log_{10}\,\Sigma_{\rm HI}$  [$(M_\odot/h)\,/\,({\rm Mpc}/h)^2$]"
K_LABEL = r"$k$  [$h$/Mpc]"
AXIS_LABEL = r"Mpc/$h$"

_FONT = 9.5
_lock = threading.RLock()


def svg(figure: Figure, label: str, *, width: int | None = None, scroll: bool = False) -> str:
    """The figure as an HTML fragment with an inline SVG.

    Args:
        figure: a figure of this module, or any figure with black ink on no background.
        label: what it shows, in words, for people who do not see it.
        width: the largest width on the page in CSS pixels; by default 1.25 times its own.
        scroll: keep a least width and let narrow screens scroll it sideways.
    """
    buffer = io.StringIO()
    with _lock:
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    text = text.replace("#000000", "currentColor")
    # The first tag carries a size in points; the view box is enough, CSS gives the size.
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    head += f' role="img" aria-label="{html.escape(label, quote=True)}" fill="currentColor"'
    wide = width if width is not None else round(figure.get_figwidth() * 96 * 1.25)
    kind = f'class="cd-plot cd-scroll" {SCROLLS}' if scroll else 'class="cd-plot"'
    return f'<div {kind} style="max-width:{wide}px">{head}>{rest}</div>'


def png(figure: Figure, metadata: Mapping[str, str] | None = None, dpi: int = 200) -> bytes:
    """The figure as a PNG on white, with ``metadata`` in its text chunks."""
    buffer = io.BytesIO()
    with _lock:
        figure.savefig(
            buffer, format="png", dpi=dpi, facecolor="white", metadata=dict(metadata or {})
        )
    return buffer.getvalue()


def map_grid(
    maps: Floats,
    limits: tuple[float, float],
    box_size: float,
    *,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    label: str = SIGMA_LABEL,
    unit: str = AXIS_LABEL,
    colours: str = COLOUR_MAP,
    width: float = 5.4,
) -> Figure:
    """Maps side by side with one colour bar.

    Args:
        maps: (n, N, N), as they are shown (already logarithmic, for instance).
        limits: the ends of the colour scale.
        box_size: side length in ``unit``.
        titles: one a map.
        columns: maps a row; by default as square as possible.
        label: of the colour bar.
        unit: of the axes.
        colours: name of the colour map.
        width: of the figure in inches.
    """
    n = len(maps)
    columns = columns or int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    side = (width - 1.42) / columns
    title_height = 0.24 if titles is not None else 0.06
    height = rows * (side + title_height) + 0.5
    with _lock:
        figure = Figure(figsize=(width, height))
        for index in range(rows * columns):
            row, column = divmod(index, columns)
            left = 0.52 + column * side
            bottom = height - (row + 1) * (side + title_height)
            gap = 0.06 if n > 1 else 0.0
            axes = figure.add_axes(
                (left / width, bottom / height, (side - gap) / width, (side - gap) / height)
            )
            if index >= n:
                axes.set_axis_off()
                continue
            _draw_map(axes, maps[index], limits, box_size, colours)
            _style(axes, grid=False)
            below_is_empty = index + columns >= n
            _map_axes(axes, box_size, unit, left=column == 0, bottom=below_is_empty,
                      many=columns > 1)
            if titles is not None:
                axes.set_title(titles[index], fontsize=_FONT - 0.5, color=INK, pad=3)
        bar_height = min(rows, 2) * side * 0.9
        bar = figure.add_axes(
            (
                (0.52 + columns * side + 0.1) / width,
                0.5 / height + (height - 0.5 - title_height - bar_height) / 2 / height,
                0.13 / width,
                bar_height / height,
            )
        )
        _colour_bar(figure, bar, limits, label, colours)
    return figure


def maps_strip(
    maps: Floats,
    limits: tuple[float, float],
    box_size: float,
    titles: Sequence[str],
    frames: Sequence[Any] | None = None,
    *,
    label: str = r"$\log_{10}\,\Sigma_{\rm HI}$",
    unit: str = AXIS_LABEL,
    colours: str = COLOUR_MAP,
) -> Figure:
    """Maps in one row with a colour bar: what changes from left to right.

    Args:
        maps, limits, box_size, titles, label, unit, colours: as in :func:`map_grid`.
        frames: a frame colour a map, the key to the curves drawn beside it.
    """
    n = len(maps)
    side = 1.75
    width, height = 0.5 + n * side + 0.85, side + 0.75
    with _lock:
        figure = Figure(figsize=(width, height))
        for index in range(n):
            axes = figure.add_axes(
                (
                    (0.5 + index * side) / width,
                    0.45 / height,
                    (side - 0.09) / width,
                    (side - 0.09) / height,
                )
            )
            _draw_map(axes, maps[index], limits, box_size, colours)
            _style(axes, grid=False)
            _map_axes(axes, box_size, unit, left=index == 0, bottom=True, many=True)
            axes.set_title(titles[index], fontsize=_FONT, color=INK, pad=4)
            if frames is not None:
                for spine in axes.spines.values():
                    spine.set_color(frames[index])
                    spine.set_linewidth(2.2)
        bar = figure.add_axes(
            ((0.55 + n * side) / width, 0.45 / height, 0.12 / width, (side - 0.09) / height)
        )
        _colour_bar(figure, bar, limits, label, colours)
    return figure


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
    with _lock:
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
        _style(top)
        _style(low)
        top.tick_params(labelbottom=False)
        low.set_xlabel(xlabel, fontsize=_FONT, color=INK)
        low.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        low.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        low.xaxis.set_minor_formatter(NullFormatter())
        low.set_xlim(k[0] * 0.93, k[-1] * 1.07)
        top.set_ylabel(ylabel, fontsize=_FONT, color=INK)
        low.set_ylabel(ratio_label, fontsize=_FONT - 1, color=INK)
        top.set_title(title, fontsize=_FONT, color=INK, loc="left", pad=5)
        if key:
            _key(top, loc="lower left")
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
    with _lock:
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
        _style(axes)
        axes.set_xlabel(xlabel, fontsize=_FONT, color=INK)
        axes.set_ylabel(ylabel, fontsize=_FONT, color=INK)
        axes.set_title(title, fontsize=_FONT, color=INK, loc="left", pad=5)
        if key:
            _key(axes, loc="upper right")
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
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axes.xaxis.set_minor_formatter(NullFormatter())
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
    with _lock:
        figure = Figure(figsize=size)
        left, bottom = 0.71 / size[0], 0.5 / size[1]
        axes = figure.add_axes((left, bottom, 0.965 - left, 1 - 0.32 / size[1] - bottom))
        yield figure, axes
        _style(axes, grid=grid)
        axes.set_xlabel(xlabel, fontsize=_FONT, color=INK)
        axes.set_ylabel(ylabel, fontsize=_FONT, color=INK)
        axes.set_title(title, fontsize=_FONT, color=INK, loc="left", pad=5)
        if key is not None:
            _key(axes, loc=key)


def walk_colours(n: int) -> list[Any]:
    """``n`` colours in order, distinct on light and on dark grounds."""
    return [colormaps["plasma"](position) for position in np.linspace(0.12, 0.82, n)]


def _draw_map(
    axes: Axes, image: Floats, limits: tuple[float, float], box_size: float, colours: str
) -> None:
    axes.imshow(
        image,
        origin="lower",
        extent=(0, box_size, 0, box_size),
        cmap=colours,
        vmin=limits[0],
        vmax=limits[1],
        interpolation="none",
    )


def _map_axes(
    axes: Axes, box_size: float, unit: str, *, left: bool, bottom: bool, many: bool
) -> None:
    step = _tick_step(box_size, 3 if many else 6)
    ticks = np.arange(0, box_size * (1 + 1e-6), step)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.tick_params(labelleft=left, labelbottom=bottom)
    if bottom:
        axes.set_xlabel(unit, fontsize=_FONT - (1 if many else 0), color=INK, labelpad=1)
    if left:
        axes.set_ylabel(unit, fontsize=_FONT - (1 if many else 0), color=INK, labelpad=2)


def _tick_step(length: float, most: int) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that needs at most ``most`` ticks."""
    smallest = 10.0 ** np.floor(np.log10(length / most))
    steps = [smallest * factor for factor in (1, 2, 5, 10)]
    return next((s for s in steps if np.floor(length / s * (1 + 1e-6)) + 1 <= most), steps[-1])


def _colour_bar(
    figure: Figure, axes: Axes, limits: tuple[float, float], label: str, colours: str
) -> None:
    mappable = ScalarMappable(Normalize(*limits), colours)
    bar = figure.colorbar(mappable, cax=axes, extend="both", extendfrac=0.03)
    bar.locator = MaxNLocator(6)
    bar.update_ticks()
    bar.set_label(label, fontsize=_FONT, color=INK)
    bar.outline.set_edgecolor(INK)  # type: ignore[operator]
    axes.tick_params(colors=INK, labelsize=_FONT - 1)


def _style(axes: Axes, grid: bool = True) -> None:
    axes.set_facecolor("none")
    axes.tick_params(which="both", colors=INK, labelsize=_FONT - 1, direction="in")
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.8)
    if grid:
        axes.grid(True, color=GRID, lw=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(which="both", top=True, right=True)


def _key(axes: Axes, loc: str) -> None:
    legend = axes.legend(loc=loc, fontsize=_FONT - 1, frameon=False, handlelength=1.6)
    for text in legend.get_texts():
        text.set_color(INK)


def _plain_decades(axes: Axes) -> None:
    """Plain numbers on a logarithmic axis that spans little more than a decade."""
    low, high = axes.get_ylim()
    if high / low < 30:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())


def _ratio_limits(axes: Axes, ratios: Sequence[Floats]) -> None:
    values = np.concatenate([np.ravel(ratio) for ratio in ratios])
    values = values[np.isfinite(values) & (values > 0)]
    reach = float(np.max(np.abs(np.log(values)))) if len(values) else 0.0
    if reach > np.log(2.2):  # far apart: decades read better than a linear axis
        axes.set_yscale("log")
        top = max(float(np.exp(reach)) * 1.2, 3.0)
        axes.set_ylim(1 / top, top)
        marks = (1, 2, 5) if top < 4 else (1, 3) if top < 30 else (1,)
        axes.yaxis.set_major_locator(LogLocator(subs=marks))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        spread = max(0.35, (float(np.exp(reach)) - 1) * 1.15)
        axes.set_ylim(1 - min(spread, 0.95), 1 + spread)
