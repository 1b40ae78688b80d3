"""The figures of the HI pages as HTML: maps, spectra and pixel distributions beside the band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from apps.hi_maps.models import COLOUR_LIMITS, band
from apps.shared.figures import plots
from core.fields import BOX_SIZE_MPC_H
from core.statistics import log_field, overdensity, pdf, power_spectrum

__all__ = ["Series", "maps_figure", "pdf_panel", "spectrum_panel"]

Floats = NDArray[np.floating]

FIELDS = {
    "log": (r"$P(k)$ of $\log_{10}\,\Sigma_{\rm HI}$", log_field),
    "delta": (r"$P(k)$ of $\Sigma_{\rm HI}/\bar\Sigma_{\rm HI}-1$", overdensity),
}


@dataclass(frozen=True)
class Series:
    """Maps that a panel shows as one line.

    Attributes:
        label: in the key.
        maps: (n, N, N) linear.
        colour: of the line.
    """

    label: str
    maps: Floats
    colour: Any


def maps_figure(
    maps: Floats,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    limits: tuple[float, float] = COLOUR_LIMITS,
    width: float = 5.4,
) -> Any:
    """Linear maps (n, N, N) as a matplotlib figure of their logarithms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(maps)
    return plots.map_grid(
        logs, limits, BOX_SIZE_MPC_H, titles=titles, columns=columns, width=width
    )


def spectrum_panel(
    field: Literal["log", "delta"],
    series: Sequence[Series],
    cosmology: tuple[float, float] | None,
    *,
    divide_by_first: bool = False,
    ratio_label: str = "ratio to\nsimulations",
    ratio_extra: tuple[str, Floats, Floats] | None = None,
    single_maps: bool = True,
    key: bool = True,
    reference_index: int = 0,
    overlap: bool = False,
) -> str:
    """P(k) of one or more sets of maps.

    Args:
        field: "log" or "delta".
        series: what to show; the median over maps is drawn, as in the band, single maps thin.
        cosmology: (Omega_m, sigma_8) of the band, or None for no band.
        divide_by_first: divide by a line in the lower panel instead of by the band.
        ratio_label, ratio_extra, key, overlap: see :func:`apps.shared.figures.plots.spectra`.
        single_maps: draw single maps of the first series.
        reference_index: the line to divide by.
    """
    title, transform = FIELDS[field]
    spectra = [power_spectrum(transform(one.maps)) for one in series]
    k = spectra[0][0]
    lines = [
        (_named(one, "median"), np.median(power, axis=0), one.colour)
        for one, (_, power) in zip(series, spectra, strict=True)
    ]
    simulated = None if cosmology is None else band().power_spectrum(*cosmology, field=field)
    figure = plots.spectra(
        k,
        lines,
        band=simulated,
        thin=spectra[0][1] if single_maps else None,
        title=title,
        reference=lines[reference_index][1] if divide_by_first else None,
        ratio_label=ratio_label,
        ratio_extra=ratio_extra,
        key=key,
        overlap=overlap,
    )
    named = ", ".join(one.label for one in series)
    beside = " beside the simulations' 68% band" if cosmology is not None else ""
    what = "log10 surface density" if field == "log" else "surface density contrast"
    return plots.svg(figure, f"Power spectrum of the {what} of {named}{beside}.")


def pdf_panel(
    series: Sequence[Series],
    cosmology: tuple[float, float] | None,
    title: str = "Pixels",
    key: bool = True,
) -> str:
    """Distribution of log10 Sigma over the pixels of one or more sets of maps."""
    edges, simulated = _bins(cosmology)
    lines = [
        (_named(one, "mean"), pdf(log_field(one.maps), edges).mean(axis=0), one.colour)
        for one in series
    ]
    figure = plots.histograms(edges, lines, band=simulated, title=title, key=key)
    named = ", ".join(one.label for one in series)
    return plots.svg(figure, f"Distribution of log10 surface density over the pixels of {named}.")


def _named(one: Series, average: str) -> str:
    n = len(one.maps)
    return one.label if n == 1 else f"{one.label}, {average} of {n}"


def _bins(
    cosmology: tuple[float, float] | None,
) -> tuple[Floats, tuple[Floats, Floats, Floats] | None]:
    edges = band().tables["edges"]
    if cosmology is None:
        return edges, None
    simulated = band().pdf(*cosmology)
    return edges, (simulated.median, simulated.low, simulated.high)
