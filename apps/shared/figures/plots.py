"""Figures for the pages, drawn by matplotlib and shown as SVG: all of them under one name.

Ink, style and the way into a page are in :mod:`apps.shared.figures.ink`, maps in
:mod:`apps.shared.figures.maps`, spectra, histograms and curves in
:mod:`apps.shared.figures.curves`.
"""

from apps.shared.figures.curves import K_LABEL, curves, histograms, panel, spectra, walk_colours
from apps.shared.figures.ink import (
    BAND,
    CSS,
    FIRST,
    INK,
    SECOND,
    SIGMA_LABEL,
    TRUTH,
    png,
    svg,
)
from apps.shared.figures.maps import AXIS_LABEL, COLOUR_MAP, map_grid, maps_strip, tint_bar

__all__ = [
    "AXIS_LABEL",
    "BAND",
    "COLOUR_MAP",
    "CSS",
    "FIRST",
    "INK",
    "K_LABEL",
    "SECOND",
    "SIGMA_LABEL",
    "TRUTH",
    "curves",
    "histograms",
    "map_grid",
    "maps_strip",
    "panel",
    "png",
    "spectra",
    "svg",
    "tint_bar",
    "walk_colours",
]
