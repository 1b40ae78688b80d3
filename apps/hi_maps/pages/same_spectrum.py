"""Page "Same spectrum, different field": a map, its phase-scrambled twin, what tells them apart."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.hi_maps import figures, map_input, models
from apps.hi_maps.figures import Series
from apps.hi_maps.map_input import InputMap
from apps.hi_maps.models import PARAMETER_NAMES, Drawn
from apps.hi_maps.pages.generate import query as generate_query
from apps.hi_maps.pages.infer import limits_of
from apps.hi_maps.state import TWINS
from apps.shared import checks
from apps.shared.checks import MAX_SEED
from apps.shared.figures import plots
from apps.shared.page import links
from apps.shared.page.intervals import intervals
from apps.shared.page.layout import SIDE, grid, table
from apps.shared.page.pages import TabPage, boxes, event
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
        "A power spectrum knows how strong the waves in a map are, not where their crests meet. "
        "The twin keeps the strength of every wave of log₁₀ Σ and draws its phase anew: the same "
        "P(k), mode by mode, and none of the web."
    )
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            source = map_input.build("hi-twins")
            phases = gr.Number(1, label="Seed of the twin’s phases", precision=0, minimum=0,
                               maximum=MAX_SEED, elem_id="hi-twins-phases")
            button = gr.Button("Make the twin", variant="primary", elem_id="hi-twins-button")
        with gr.Column(scale=1, min_width=320):
            note, view = boxes(
                "hi-twins", "No twin yet: choose a map and press “Make the twin”."
            )
    query, never = gr.Textbox(visible="hidden"), gr.State(False)
    page = TabPage(
        TWINS, [*source.inputs()[:3], phases], query,
        event(_twin, [shown, *source.inputs(), phases], [note, view, query], progress="full"),
    )
    page.draw_on([button.click, source.file.upload, source.example.input, phases.submit,
                  source.index.release], never, link)
    return page


def _twin(
    skip: bool, shown: Drawn | None, source: str, index: float, example: int | None,
    file: str | None, phases: float, progress: gr.Progress = gr.Progress(),  # noqa: B008 - found by its default
) -> Iterator[list[Any]]:
    subject = map_input.choose(shown, source, index, example, file)
    seed = checks.seed(phases)
    progress(0.2, desc="Scrambling the phases and looking at both maps")
    view = _view(subject, seed)
    values = {"source": source, "map": index, "example": example or 1, "phases": seed}
    used = {"shown": ("map",), "example": ("example",), "file": ()}[source]
    kept = [p for p in TWINS if p.name in ("source", "phases", *used)]
    yield ["", view, f"{generate_query('twins', shown)}&{links.write(kept, values)}"]


def phase_randomised_map(sigma: Floats, seed: int) -> Floats:
    """The linear map whose logarithm has the spectrum of log10 Sigma and random phases."""
    return 10.0 ** phase_randomised(log_field(sigma), seed)


def largest_difference(a: Floats, b: Floats) -> float:
    """Largest relative difference of P(k) of log10 Sigma."""
    _, first = power_spectrum(log_field(a))
    _, second = power_spectrum(log_field(b))
    return float(np.max(np.abs(second / first - 1)))


def _view(subject: InputMap, seed: int) -> str:
    original, twin = subject.sigma, phase_randomised_map(subject.sigma, seed)
    pair = np.stack([original, twin])
    series = [
        Series("map", original[None], plots.FIRST), Series("twin", twin[None], plots.SECOND)
    ]
    maps = plots.svg(
        figures.maps_figure(
            pair, ["the map", "its twin"], columns=2, limits=limits_of(original), width=6.4
        ),
        f"{subject.label}, and its twin with scrambled phases, on one colour scale.",
        width=820,
    )
    panels = [
        figures.spectrum_panel("log", series, None, divide_by_first=True, single_maps=False,
                               ratio_label="ratio\ntwin / map", overlap=True),
        figures.pdf_panel(series, None, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$"),
        _bispectrum_panel(pair),
        _peaks_panel(pair),
    ]
    return (
        f"<p><strong>{html.escape(subject.label)}</strong>. Largest relative difference of the two "
        f"spectra: {largest_difference(original, twin):.0e}.</p>" + maps
        + _network_view(pair, subject.truth) + grid(*panels)
    )


def _bispectrum_panel(pair: Floats) -> str:
    _, reduced = bispectrum(log_field(pair), _SHELLS)
    figure = plots.curves(
        _SHELLS,
        [("map", reduced[0], plots.FIRST), ("twin", reduced[1], plots.SECOND)],
        title=r"Reduced bispectrum of $\log_{10}\,\Sigma_{\rm HI}$, equilateral",
        xlabel=plots.K_LABEL, ylabel=r"$Q(k)$", log_x=True, zero_line=0.0,
    )
    return plots.svg(figure, "Equilateral reduced bispectrum of the map and of its twin.")


def _peaks_panel(pair: Floats) -> str:
    logs = log_field(pair)
    spread = moments(logs)
    heights = (logs - spread.mean[:, None, None]) / spread.std[:, None, None]
    counts = peak_counts(heights, _HEIGHTS)
    figure = plots.curves(
        _HEIGHTS,
        [("map", counts[0], plots.FIRST), ("twin", counts[1], plots.SECOND)],
        title="Peaks above a height",
        xlabel=r"height  [standard deviations of $\log_{10}\,\Sigma$]", ylabel="number of peaks",
    )
    return plots.svg(figure, "Number of peaks of the map and of its twin above a height.")


def _network_view(pair: Floats, truth: tuple[float, float] | None) -> str:
    rows = []
    for name, sigma in zip(("the map", "its twin"), pair, strict=True):
        judged = models.out_of_distribution(sigma)
        found = intervals(models.posterior(sigma, "field"), list(PARAMETER_NAMES))
        cells = [
            f"{d['mean']:.3f} ({d['interval_68'][0]:.3f} to {d['interval_68'][1]:.3f})"
            for d in found.values()
        ]
        verdict = "unlike the training data" if judged.unlike_training else "familiar"
        rows.append([name, *cells, verdict])
    if truth is not None:
        rows.append(["truth", *(f"{value:.3f}" for value in truth), ""])
    return table(
        "What the inference network sees: mean and 68% interval",
        [*PARAMETER_NAMES.values(), "to the network"], rows,
    )
