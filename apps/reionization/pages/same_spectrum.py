"""Page "Same spectrum": a 21 cm image, its phase-scrambled twin, and what tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, images
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.images import ObservedImage
from apps.reionization.pages.neutral_fraction import Reading, choose, example_labels, read
from apps.reionization.state import PARAMETERS
from apps.shared import checks
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.layout import SIDE, grid, table
from apps.shared.page.pages import TabPage, boxes, event
from core.statistics import bispectrum, moments, pdf, phase_randomised, power_spectrum

__all__ = ["build", "largest_difference", "phase_randomised_image"]

Floats = NDArray[np.floating]
_COLOURS = (plots.FIRST, plots.SECOND)


def phase_randomised_image(seen: ObservedImage, phases: Any) -> ObservedImage:
    """The same observation of an image with the same spectrum, slice by slice, and random phases.

    Raises:
        ValueError: one sentence, for a seed that is none.
    """
    twin = phase_randomised(seen.image, checks.seed(phases))
    return ObservedImage(seen.subject, seen.observation, twin, twin, seen.shown)


def largest_difference(a: Floats, b: Floats) -> float:
    """Largest relative difference of P(k), averaged over slices."""
    first, second = (power_spectrum(f)[1].reshape(-1, power_spectrum(f)[1].shape[-1]).mean(axis=0)
                     for f in (a, b))
    return float(np.max(np.abs(second / first - 1)))


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "### Same spectrum, different field\n"
        "A power spectrum knows how strong the waves in an image are, not where their crests meet. "
        "The twin keeps the strength of every wave and draws its phase anew: the same P(k), mode "
        "by mode, and no bubbles. A statistic of P(k) says the same of both; what does a network "
        "say that is given more?"
    )
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            image = images.build_image("re-twins", ("A simulation", "example"), example_labels())
            sight = images.build_observe("re-twins", image.kind, image.source)
            phases = gr.Number(1, label="Seed of the twin’s phases", precision=0, minimum=0,
                               maximum=checks.MAX_SEED, elem_id="re-twins-phases")
            button = gr.Button("Make the twin", variant="primary", elem_id="re-twins-button")
        with gr.Column(scale=1, min_width=320):
            note, view = boxes(
                "re-twins", "No twin yet: choose an image and press “Make the twin”."
            )
    query, never = gr.Textbox(visible="hidden"), gr.State(False)
    inputs = [*image.inputs(), *sight.inputs(), phases]
    page = TabPage(PARAMETERS["twins"], inputs, query,
                event(_draw, [*inputs, image.file], [note, view, query]))
    page.draw_on([button.click, *image.triggers(), *sight.triggers(), phases.submit, phases.blur],
                 never, link)
    page.draw(image.uploaded, never, link)
    return page


def _draw(
    skip: bool, source: str, example: Any, z: float, cell: float, kind: str, array: str,
    hours: float, wedge: bool, seed: float, slices: str, phases: float, file: str | None,
    progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds the tracker by its default
) -> Iterator[list[Any]]:
    progress(0.1, desc="Scrambling the phases")
    observation = images.observation_of(array, hours, wedge)
    seen = images.look(choose(source, example, file, z, cell, kind), observation, seed, slices)
    twin = phase_randomised_image(seen, phases)
    address = links.query("twins", PARAMETERS["twins"], (
        source, example, z, cell, kind, array, hours, wedge, seed, slices, phases
    ))
    doing = images.reading_words("neutral_fraction", "Asking the network about both")
    progress(0.3, desc=doing)
    yield ["", _view(seen, twin, None, notes.empty(f"{doing}…")), address]
    first = read(seen)
    progress(0.6, desc="Asking the network about the twin")
    yield ["", _view(seen, twin, (first, read(twin))), address]


def _view(
    seen: ObservedImage,
    twin: ObservedImage,
    readings: tuple[Reading, Reading] | None,
    instead: str = "",
) -> str:
    pair = np.stack([seen.middle(seen.image), twin.middle(twin.image)])
    side = pair.shape[-1] * seen.subject.cell_mpc
    pictures = plots.svg(
        figures.images_figure(pair, figures.image_limits(pair[0]), BRIGHTNESS,
                              ["the image", "its twin"], 2, 6.4, side),
        f"{seen.subject.label}, and its twin with scrambled phases, on one colour scale.",
        width=820,
    )
    difference = largest_difference(seen.image, twin.image)
    heading = images.titled(f"{seen.subject.label}, {seen.how()}") + (
        f"<p>Largest relative difference of the two spectra: {difference:.0e}.</p>"
    )
    panels = [_spectra(seen, twin, side), _pixels(seen, twin), _bispectrum(seen, twin, side)]
    if readings is None:
        return heading + pictures + instead + grid(*panels)
    curve = figures.posterior_panel(
        [(name, r.x_hi, r.density, colour) for name, r, colour in
         zip(("the image", "its twin"), readings, _COLOURS, strict=True)],
        seen.subject.truth, "what the network makes of each",
        "Posteriors of the neutral fraction for the image and for its twin.",
    )
    return heading + pictures + _table(seen, twin, readings) + grid(curve, *panels)


def _table(seen: ObservedImage, twin: ObservedImage, readings: tuple[Reading, Reading]) -> str:
    rows = []
    for name, one, reading in zip(("the image", "its twin"), (seen, twin), readings, strict=True):
        found = reading.found["x_HI"]
        flagged = reading.out_of_distribution.unlike_training
        rows.append([
            name,
            f"{found['mean']:.3f} ({found['interval_68'][0]:.3f} to {found['interval_68'][1]:.3f})",
            f"{float(np.average(reading.x_hi, weights=reading.statistics)):.3f}",
            "unlike the training data" if flagged else "familiar",
            f"{moments(one.image).skewness.mean():.2f}",
        ])
    if seen.subject.truth is not None:
        rows.append(["truth", f"{seen.subject.truth:.3f}", "", "", ""])
    return table(
        "What the network says: mean and 68% interval",
        ["neutral fraction", "from moments and P(k) alone", "to the network",
         "skewness of the pixels"], rows,
    )


def _spectra(seen: ObservedImage, twin: ObservedImage, side: float) -> str:
    return figures.spectrum_panel(
        [("the image", seen.image, _COLOURS[0]), ("its twin", twin.image, _COLOURS[1])],
        r"$P(k)$ of $\delta T_b$", "Power spectra of the image and its twin: they coincide.",
        ratio_label="ratio\ntwin / image", unit="mK$^2$ Mpc$^2$", overlap=True, side_mpc=side,
    )


def _pixels(seen: ObservedImage, twin: ObservedImage) -> str:
    low, high = figures.image_limits(seen.image, twin.image)
    edges = np.linspace(low - 0.1 * (high - low), high + 0.1 * (high - low), 50)
    lines = []
    for name, one, colour in zip(("the image", "its twin"), (seen, twin), _COLOURS, strict=True):
        density = pdf(one.image, edges)
        lines.append((name, density.reshape(-1, len(edges) - 1).mean(axis=0), colour))
    figure = plots.histograms(edges, lines, title=r"Pixels of $\delta T_b$",
                              xlabel=r"$\delta T_b$  [mK]", log=False)
    return plots.svg(figure, "Distribution of the pixels of the image and of its twin.")


def _bispectrum(seen: ObservedImage, twin: ObservedImage, side: float) -> str:
    fundamental = 2 * np.pi / side
    highest = min(fundamental * seen.image.shape[-1] / 3 / 1.2,
                  figures.resolved(seen.image, side) / 1.2)
    k = np.geomspace(2 * fundamental, max(highest, 4 * fundamental), 9)
    lines = []
    for name, one, colour in zip(("the image", "its twin"), (seen, twin), _COLOURS, strict=True):
        reduced = bispectrum(one.image, k, side)[1].reshape(-1, len(k)).mean(axis=0)
        lines.append((name, reduced * float(one.image.std()), colour))
    figure = plots.curves(
        k, lines, title="Reduced bispectrum, equilateral", xlabel=figures.K_LABEL,
        ylabel=r"$Q(k)\,\sigma$", log_x=True, zero_line=0.0,
    )
    return plots.svg(figure, "Equilateral reduced bispectrum of the image and of its twin.")
