"""Page "Same spectrum": a 21 cm image, and one of the same P(k) with random phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, input_page, inputs
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.observing import ObservedImage, observe_as, reading_words
from apps.reionization.pages.neutral_fraction import Reading, read
from apps.reionization.state import PARAMETERS
from apps.shared import checks
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.layout import answer_column, grid, settings_column, table, titled
from apps.shared.page.pages import TabPage, boxes
from core.statistics import bispectrum, moments, pdf, phase_randomised, power_spectrum

__all__ = ["build", "largest_difference", "phase_randomised_image"]

Floats = NDArray[np.floating]


def phase_randomised_image(observed: ObservedImage, phases: Any) -> ObservedImage:
    """The same observation of an image with the same spectrum, slice by slice, and random phases.

    Raises:
        ValueError: one sentence, for a phase seed that is none.
    """
    image = phase_randomised(observed.image, checks.seed(phases))
    return replace(observed, original=image, image=image)


def largest_difference(a: Floats, b: Floats) -> float:
    """Largest relative difference of P(k), averaged over slices."""
    first, second = (power_spectrum(f)[1].reshape(-1, power_spectrum(f)[1].shape[-1]).mean(axis=0)
                     for f in (a, b))
    return float(np.max(np.abs(second / first - 1)))


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "### Same spectrum, different field\n"
        "A power spectrum holds the amplitudes of the Fourier modes of an image, not their phases. "
        "The phase-randomised image keeps every amplitude and draws new phases: P(k) is the same "
        "mode by mode, but there are no bubbles. No statistic based on P(k) can distinguish the "
        "two; see whether the network, which sees more, does. Start with “Randomise the phases”."
    )
    gr.HTML(terms("P(k)", "phases", "neutral fraction", "68% interval", "flagged"), padding=False)
    with gr.Row():
        with settings_column():
            page = input_page.build("twins", ("A simulation", "example"),
                                    choices=inputs.example_labels())
            phases = gr.Number(1, label="Phase seed", precision=0, minimum=0,
                               maximum=checks.MAX_SEED, elem_id="re-twins-phases")
            button = gr.Button("Randomise the phases", variant="primary",
                               elem_id="re-twins-button")
        with answer_column():
            answer = boxes(
                "re-twins",
                "No phase-randomised image yet: choose an image and press “Randomise the phases”.",
            )
    return page.connect(_draw, answer, link, [button.click, phases.submit, phases.blur],
                        more={"phases": phases})


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    progress(0.1, desc="Randomising the phases")
    observed = observe_as(values, inputs.choose(values))
    pair = (observed, phase_randomised_image(observed, values["phases"]))
    doing = reading_words("neutral_fraction", "Running the network on both")
    progress(0.3, desc=doing)
    yield {"note": "", "view": _view(pair, None, notes.empty(f"{doing}…")),
           "query": links.query("twins", PARAMETERS["twins"], values)}
    first = read(pair[0])
    progress(0.6, desc="Running the network on the phase-randomised image")
    yield {"view": _view(pair, (first, read(pair[1])))}


_NAMES = ("the image", "phase-randomised")
_COLOURS = (plots.FIRST, plots.SECOND)
_Pair = tuple[ObservedImage, ObservedImage]


def _view(pair: _Pair, readings: tuple[Reading, Reading] | None, instead: str = "") -> str:
    observed, randomised = pair
    middles = np.stack([one.middle(one.image) for one in pair])
    side = observed.side_mpc
    pictures = plots.svg(
        figures.images_figure(middles, figures.image_limits(middles[0]), BRIGHTNESS, _NAMES, 2, 6.4,
                              side),
        f"{observed.label}, and the image with its phases randomised, on one colour scale.",
        width=820,
    )
    difference = largest_difference(observed.image, randomised.image)
    heading = titled(f"{observed.label}, {observed.how()}") + (
        f"<p>Largest relative difference of the two spectra: {difference:.0e}.</p>"
    )
    panels = [_spectra(pair), _pixels(pair), _bispectrum(pair)]
    if readings is None:
        return heading + pictures + instead + grid(*panels)
    curve = figures.posterior_panel(
        [(name, reading.x_hi, reading.density, colour) for name, reading, colour in
         zip(_NAMES, readings, _COLOURS, strict=True)],
        observed.truth, "posterior for each image",
        "Posteriors of the neutral fraction for the image and the phase-randomised one.",
    )
    return heading + pictures + _table(pair, readings) + grid(curve, *panels)


def _table(pair: _Pair, readings: tuple[Reading, Reading]) -> str:
    rows = []
    for name, one, reading in zip(_NAMES, pair, readings, strict=True):
        found = reading.found["x_HI"]
        flagged = reading.out_of_distribution.unlike_training
        rows.append([
            name,
            f"{found['mean']:.3f} ({found['interval_68'][0]:.3f} to {found['interval_68'][1]:.3f})",
            f"{float(np.average(reading.x_hi, weights=reading.statistics)):.3f}",
            "unlike the training data" if flagged else "consistent with the training data",
            f"{moments(one.image).skewness.mean():.2f}",
        ])
    truth = pair[0].truth
    if truth is not None:
        rows.append(["truth", f"{truth:.3f}", "", "", ""])
    return table(
        "Inferred neutral fraction: mean and 68% interval",
        ["neutral fraction", "from moments and P(k) alone", "the image is",
         "skewness of the pixels"], rows,
    )


def _lines(pair: _Pair) -> list[tuple[str, Floats, Any]]:
    return [(name, one.image, colour)
            for name, one, colour in zip(_NAMES, pair, _COLOURS, strict=True)]


def _spectra(pair: _Pair) -> str:
    return figures.spectrum_panel(
        _lines(pair), r"$P(k)$ of $\delta T_b$",
        "Power spectra of the image and the phase-randomised one: they coincide.",
        ratio_label="ratio to\nthe image", unit="mK$^2$ Mpc$^2$", overlap=True,
        side_mpc=pair[0].side_mpc,
    )


def _pixels(pair: _Pair) -> str:
    low, high = figures.image_limits(*(one.image for one in pair))
    edges = np.linspace(low - 0.1 * (high - low), high + 0.1 * (high - low), 50)
    lines = [(name, pdf(image, edges).reshape(-1, len(edges) - 1).mean(axis=0), colour)
             for name, image, colour in _lines(pair)]
    figure = plots.histograms(edges, lines, title=r"Pixels of $\delta T_b$",
                              xlabel=r"$\delta T_b$  [mK]", log=False)
    return plots.svg(figure, "Distribution of the pixels of both images.")


def _bispectrum(pair: _Pair) -> str:
    side, image = pair[0].side_mpc, pair[0].image
    fundamental = 2 * np.pi / side
    highest = min(fundamental * image.shape[-1] / 3 / 1.2, figures.resolved(image, side) / 1.2)
    k = np.geomspace(2 * fundamental, max(highest, 4 * fundamental), 9)
    lines = []
    for name, one, colour in _lines(pair):
        reduced = bispectrum(one, k, side)[1].reshape(-1, len(k)).mean(axis=0)
        lines.append((name, reduced * float(one.std()), colour))
    figure = plots.curves(
        k, lines, title="Reduced bispectrum, equilateral", xlabel=figures.K_LABEL,
        ylabel=r"$Q(k)\,\sigma$", log_x=True, zero_line=0.0,
    )
    return plots.svg(figure, "Equilateral reduced bispectrum of both images.")
