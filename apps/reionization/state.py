"""What a link to the page says: the parameters of each page, under names that stay."""

from __future__ import annotations

import numpy as np

from apps.reionization import inputs
from apps.shared.checks import MAX_SEED
from apps.shared.page.links import Choice, Parameter, Real, Whole
from core.reionization.constants import CELL_MPC, REDSHIFT_RANGE, X_HI_RANGE
from core.reionization.observation import HOURS_RANGE

__all__ = ["MAX_SAMPLES", "PAGE", "PAGES", "PARAMETERS"]

PAGES = ("fraction", "sources", "ionize", "history", "twins", "about")
PAGE = Choice("tab", "fraction", PAGES)

_SOURCE = Choice("source", "example", inputs.SOURCES)
_EXAMPLE = Whole("example", 1, 1, 99)
_IMAGE: tuple[Parameter, ...] = (
    Real("z", 8.0, *REDSHIFT_RANGE, digits=4),
    Real("cell", CELL_MPC, 0.1, 4.0, digits=4),
    Choice("kind", "clean", ("clean", "observed")),
)
_OBSERVE: tuple[Parameter, ...] = (
    Choice("array", "none", ("none", "aa_star", "aa4")),
    Real("hours", 1000.0, *HOURS_RANGE, digits=0),
    Choice("wedge", "no", ("no", "yes")),
    Whole("seed", 1, 0, MAX_SEED),
)
_SLICES = Choice("slices", "64", ("1", "4", "16", "64"))

MAX_SAMPLES = 6


def _first_slice() -> float:
    """Neutral fraction of the slice that the page of the ionization opens with."""
    names = inputs.examples("box_")
    if not names or "x_hi" not in inputs.example(names[0]):
        return 0.5
    return round(float(np.clip(inputs.example(names[0])["x_hi"].mean(), *X_HI_RANGE)), 3)


PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "fraction": (_SOURCE, _EXAMPLE, *_IMAGE, *_OBSERVE, _SLICES),
    "sources": (_SOURCE, *_IMAGE, *_OBSERVE, _SLICES),
    "ionize": (
        _SOURCE, _EXAMPLE, _IMAGE[0], Real("x_hi", _first_slice(), *X_HI_RANGE),
        Whole("n", 3, 1, MAX_SAMPLES), Whole("seed", 1, 0, MAX_SEED),
    ),
    "history": (_SOURCE, *_IMAGE[1:], *_OBSERVE, _SLICES),
    "twins": (_SOURCE, _EXAMPLE, *_IMAGE, *_OBSERVE, _SLICES, Whole("phases", 1, 0, MAX_SEED)),
}
"""Of each page."""
