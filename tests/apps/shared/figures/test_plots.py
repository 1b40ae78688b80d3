"""Figures: well-formed SVG in the page's colours, words for those who do not see it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from apps.shared.figures import plots

MAPS = np.random.default_rng(0).normal(5, 1, (3, 16, 16))
K = np.geomspace(0.25, 8, 12)
POWER = K**-1.5
BAND = (K, POWER, 0.8 * POWER, 1.2 * POWER)


def _figures() -> dict[str, object]:
    lines = [("model", POWER, plots.FIRST), ("twin", 30 * POWER, plots.SECOND)]
    edges = np.linspace(0, 1, 13)
    return {
        "grid": plots.map_grid(MAPS, (3, 8), 25.0, titles=["a", "b", "c"]),
        "strip": plots.maps_strip(MAPS, (3, 8), 25.0, ["a", "b", "c"], plots.walk_colours(3)),
        "spectra": plots.spectra(K, lines, band=BAND, thin=np.stack([POWER, POWER]), title="t"),
        "ratio": plots.spectra(K, lines, title="t", reference=POWER, ratio_extra=("x", K, POWER)),
        "histograms": plots.histograms(edges, lines, band=(POWER, POWER, POWER), title="t"),
        "curves": plots.curves(K, lines, title="t", xlabel="x", ylabel="y", zero_line=0.0),
    }


@pytest.mark.parametrize("name", list(_figures()))
def test_svg_is_well_formed_and_follows_the_page(name: str) -> None:
    fragment = plots.svg(_figures()[name], 'a "label" <here>')  # type: ignore[arg-type]
    root = ElementTree.fromstring(fragment)
    image = root[0]
    assert image.get("role") == "img" and image.get("aria-label") == 'a "label" <here>'
    assert image.get("viewBox") and image.get("width") is None
    assert "currentColor" in fragment
    assert not any(colour in fragment for colour in (plots.INK, plots.FIRST, plots.SECOND))
    assert "http" not in fragment.replace("http://www.w3.org", "")


def test_map_pixels_stay_pixels() -> None:
    fragment = plots.svg(plots.map_grid(MAPS[:1], (3, 8), 25.0), "map")
    assert "image-rendering:pixelated" in fragment.replace(": ", ":")
