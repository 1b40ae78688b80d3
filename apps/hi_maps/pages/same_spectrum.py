"""Page "Same spectrum, different field": a map, and one of the same P(k) with random phases."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.hi_maps import figures, input_page, inputs, models
from apps.hi_maps.figures import Series
from apps.hi_maps.inputs import InputMap
from apps.hi_maps.models import PARAMETER_NAMES
from apps.hi_maps.pages.infer import limits_of
from apps.shared import checks
from apps.shared.checks import MAX_SEED
from apps.shared.figures import plots
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.intervals import intervals
from apps.shared.page.layout import answer_column, grid, settings_column, table
from apps.shared.page.pages import TabPage, boxes
from core.statistics import (
    bispectrum,
    log_field,
    moments,
    peak_counts,
    phase_randomised,
    power_spectrum,
)

__all__ = ["build", "largest_difference", "phase_randomised_map"]

Floats = NDArray[np.floating]

_SHELLS = np.geomspace(0.5, 4.5, 10)  # h/Mpc
_HEIGHTS = np.linspace(-1.0, 4.0, 26)  # in standard deviations of the log field


def build(link: gr.Textbox, shown: gr.State) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "### Same spectrum, different field\n"
        "A power spectrum holds the amplitudes of the Fourier modes of a map, not their phases. "
        "The phase-randomised map keeps every amplitude of log₁₀ Σ and draws new phases: P(k) is "
        "the same mode by mode, but the cosmic web is gone. Start with “Randomise the phases”."
    )
    gr.HTML(terms("P(k)", "phases", "68% interval", "flagged"), padding=False)
    with gr.Row():
        with settings_column():
            controls = inputs.build("hi-twins")
            phases = gr.Number(1, label="Phase seed", precision=0, minimum=0,
                               maximum=MAX_SEED, elem_id="hi-twins-phases")
            button = gr.Button("Randomise the phases", variant="primary",
                               elem_id="hi-twins-button")
        with answer_column():
            answer = boxes(
                "hi-twins",
                "No phase-randomised map yet: choose a map and press “Randomise the phases”.",
            )
    return input_page.build("twins", _draw, controls, {"phases": phases}, answer, shown=shown,
                          link=link, triggers=[button.click, phases.submit])


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    chosen, seed = inputs.choose(values), checks.seed(values["phases"])
    progress(0.2, desc="Randomising the phases and analysing both maps")
    yield {"note": "", "view": _view(chosen, seed), "query": input_page.query("twins", values)}


def phase_randomised_map(sigma: Floats, seed: int) -> Floats:
    """The linear map whose logarithm has the spectrum of log10 Sigma and random phases."""
    return 10.0 ** phase_randomised(log_field(sigma), seed)


def largest_difference(a: Floats, b: Floats) -> float:
    """Largest relative difference of P(k) of log10 Sigma."""
    _, first = power_spectrum(log_field(a))
    _, second = power_spectrum(log_field(b))
    return float(np.max(np.abs(second / first - 1)))


_NAMES = ("the map", "phase-randomised")
_COLOURS = (plots.FIRST, plots.SECOND)


def _view(chosen: InputMap, seed: int) -> str:
    original, randomised = chosen.sigma, phase_randomised_map(chosen.sigma, seed)
    pair = np.stack([original, randomised])
    series = [Series(name, one[None], colour) for name, one, colour in _lines(pair)]
    maps = plots.svg(
        figures.maps_figure(pair, _NAMES, columns=2, limits=limits_of(original), width=6.4),
        f"{chosen.label}, and the map with its phases randomised, on one colour scale.",
        width=820,
    )
    panels = [
        figures.spectrum_panel("log", series, None, divide_by_first=True, single_maps=False,
                               ratio_label="ratio to\nthe map", overlap=True),
        figures.pdf_panel(series, None, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$"),
        _bispectrum_panel(pair),
        _peaks_panel(pair),
    ]
    return (
        f"<p><strong>{html.escape(chosen.label)}</strong>. Largest relative difference of the two "
        f"spectra: {largest_difference(original, randomised):.0e}.</p>" + maps
        + _network_view(pair, chosen.truth) + grid(*panels)
    )


def _lines(values: NDArray[Any]) -> list[tuple[str, NDArray[Any], Any]]:
    """(name, what is drawn, colour) of each of the two maps."""
    return list(zip(_NAMES, values, _COLOURS, strict=True))


def _bispectrum_panel(pair: Floats) -> str:
    _, reduced = bispectrum(log_field(pair), _SHELLS)
    figure = plots.curves(
        _SHELLS, _lines(reduced),
        title=r"Reduced bispectrum of $\log_{10}\,\Sigma_{\rm HI}$, equilateral",
        xlabel=plots.K_LABEL, ylabel=r"$Q(k)$", log_x=True, zero_line=0.0,
    )
    return plots.svg(figure, "Equilateral reduced bispectrum of both maps.")


def _peaks_panel(pair: Floats) -> str:
    logs = log_field(pair)
    spread = moments(logs)
    heights = (logs - spread.mean[:, None, None]) / spread.std[:, None, None]
    figure = plots.curves(
        _HEIGHTS, _lines(peak_counts(heights, _HEIGHTS)), title="Peaks above a height",
        xlabel=r"height  [standard deviations of $\log_{10}\,\Sigma$]", ylabel="number of peaks",
    )
    return plots.svg(figure, "Number of peaks of both maps above a height.")


def _network_view(pair: Floats, truth: tuple[float, float] | None) -> str:
    rows = []
    for name, sigma in zip(_NAMES, pair, strict=True):
        check = models.out_of_distribution(sigma)
        found = intervals(models.posterior(sigma, "field"), list(PARAMETER_NAMES))
        cells = [
            f"{d['mean']:.3f} ({d['interval_68'][0]:.3f} to {d['interval_68'][1]:.3f})"
            for d in found.values()
        ]
        verdict = ("unlike the training data" if check.unlike_training
                   else "consistent with the training data")
        rows.append([name, *cells, verdict])
    if truth is not None:
        rows.append(["truth", *(f"{value:.3f}" for value in truth), ""])
    return table(
        "Inferred parameters: mean and 68% interval",
        [*PARAMETER_NAMES.values(), "the map is"], rows,
    )
