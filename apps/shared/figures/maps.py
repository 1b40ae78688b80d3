"""Figures of maps with a colour bar; pixels stay pixels, never smoothed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from apps.shared.figures.ink import FONT, INK, LOCK, SIGMA_LABEL, style

__all__ = ["AXIS_LABEL", "COLOUR_MAP", "map_grid", "maps_strip", "tint_bar"]

Floats = NDArray[np.floating]

COLOUR_MAP = "inferno"
"""Perceptually uniform, increasing in lightness, and readable without colour vision."""

AXIS_LABEL = r"Mpc/$h$"


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
    with LOCK:
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
            style(axes, grid=False)
            below_is_empty = index + columns >= n
            _map_axes(axes, box_size, unit, left=column == 0, bottom=below_is_empty,
                      many=columns > 1)
            if titles is not None:
                axes.set_title(titles[index], fontsize=FONT - 0.5, color=INK, pad=3)
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
    with LOCK:
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
            style(axes, grid=False)
            _map_axes(axes, box_size, unit, left=index == 0, bottom=True, many=True)
            axes.set_title(titles[index], fontsize=FONT, color=INK, pad=4)
            if frames is not None:
                for spine in axes.spines.values():
                    spine.set_color(frames[index])
                    spine.set_linewidth(2.2)
        bar = figure.add_axes(
            ((0.55 + n * side) / width, 0.45 / height, 0.12 / width, (side - 0.09) / height)
        )
        _colour_bar(figure, bar, limits, label, colours)
    return figure


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
        axes.set_xlabel(unit, fontsize=FONT - (1 if many else 0), color=INK, labelpad=1)
    if left:
        axes.set_ylabel(unit, fontsize=FONT - (1 if many else 0), color=INK, labelpad=2)


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
    bar.set_label(label, fontsize=FONT, color=INK)
    bar.outline.set_edgecolor(INK)  # type: ignore[operator]
    axes.tick_params(colors=INK, labelsize=FONT - 1)


def tint_bar(
    figure: Figure, axes: Axes, tint: tuple[float, float, float], most: float,
    limits: tuple[float, float], label: str,
) -> None:
    """A bar beside a map for what is laid over it in one colour of growing opacity.

    Args:
        figure, axes: of the map.
        tint: the colour.
        most: the opacity at the upper end.
        limits: values at both ends.
        label: of the bar.
    """
    steps = ListedColormap([(*tint, most * strength) for strength in np.linspace(0, 1, 64)])
    low, high = limits
    mappable = ScalarMappable(Normalize(low, max(high, low + 1e-12)), steps)
    bar = figure.colorbar(mappable, ax=axes, fraction=0.19, aspect=26, pad=0.03, extend="max")
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda value, _: f"{value:.2g}")
    bar.update_ticks()
    bar.set_label(label, fontsize=FONT - 1, color=INK)
    bar.outline.set_edgecolor(INK)  # type: ignore[operator]
    bar.ax.tick_params(colors=INK, labelsize=FONT - 1)
