"""Page "Sources": did galaxies or AGN make the bubbles? A probability, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, images, models
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.images import InputImage, ObservedImage
from apps.reionization.state import PARAMETERS
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.layout import SIDE, grid, table
from apps.shared.page.pages import TabPage, boxes, event

__all__ = ["Verdict", "build", "judge", "trust"]

Floats = NDArray[np.floating]
PAIR = (("galaxies", "sources_galaxies", plots.SECOND), ("AGN", "sources_agn", plots.FIRST))


@dataclass(frozen=True)
class Verdict:
    """What the network says of an image.

    Attributes:
        p_agn: probability that AGN made the bubbles.
        p_spectrum: the same by the classifier that sees the power spectrum alone.
        familiarity: whether the image is like the training images.
    """

    p_agn: float
    p_spectrum: float
    out_of_distribution: Any


def judge(seen: ObservedImage) -> Verdict:
    """The verdict on an image.

    Raises:
        ValueError: one sentence, also if the model is missing.
    """
    found = models.sources().estimate(*seen.arguments(), cell_mpc=seen.subject.cell_mpc)
    return Verdict(
        p_agn=found.by_method["images"],
        p_spectrum=found.by_method["power_spectrum"],
        out_of_distribution=found.out_of_distribution,
    )


def trust(p_agn: float, reliability: Sequence[NDArray[Any]]) -> str:
    """How often held-out images with such a probability were lit by AGN, in words.

    Args:
        p_agn: stated.
        reliability: edges of the bins, then mean probability stated, fraction that were AGN and
            number of images in each.
    """
    edges, _, observed, counts = (np.asarray(a, dtype=float) for a in reliability)
    index = int(np.clip(np.searchsorted(edges, p_agn, side="right") - 1, 0, len(counts) - 1))
    between = f"a probability between {edges[index]:.0%} and {edges[index + 1]:.0%}"
    if counts[index] < 1:
        return f"No held-out image was given {between}, so how far to trust it is not known."
    return (
        f"Of {counts[index]:.0f} held-out images that were given {between}, "
        f"{observed[index]:.0%} were lit by AGN."
    )


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Did galaxies or accreting black holes (AGN) make these bubbles? The two simulations of "
        "the pair have the same haloes, redshift and neutral fraction and nearly the same power "
        "spectrum; what differs is which haloes shine."
    )
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            image = images.build_image("re-sources", ("A pair: galaxies and AGN", "example"))
            sight = images.build_observe("re-sources", image.kind, image.source)
            button = gr.Button("Judge", variant="primary", elem_id="re-sources-button")
        with gr.Column(scale=1, min_width=320):
            note, view = boxes("re-sources", "No verdict yet: choose an image and press “Judge”.")
    query, never = gr.Textbox(visible="hidden"), gr.State(False)
    inputs = [*image.inputs(), *sight.inputs()]
    page = TabPage(PARAMETERS["sources"], inputs, query,
                event(_draw, [*inputs, image.file], [note, view, query]))
    page.draw_on([button.click, *image.triggers(), *sight.triggers()], never, link)
    page.draw(image.uploaded, never, link)
    return page


def subjects(source: str, file: str | None, z: Any, cell: Any, kind: str
             ) -> list[tuple[str, InputImage, Any]]:
    """(name, image, colour) of what the page judges.

    Raises:
        ValueError: one sentence.
    """
    if source == "file":
        return [("my image", images.from_file(file, z, cell, kind), plots.SECOND)]
    if source != "example":
        raise ValueError(f"There is no source {str(source)[:40]}; choose example or file.")
    if not images.examples("sources_"):
        raise ValueError("No pair came with this copy of the app; upload an image instead.")
    return [(name, images.from_example(stem, name), colour) for name, stem, colour in PAIR]


def _draw(
    skip: bool, source: str, z: float, cell: float, kind: str, array: str, hours: float,
    wedge: bool, seed: float, slices: str, file: str | None,
    progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds the tracker by its default
) -> Iterator[list[Any]]:
    progress(0.1, desc="Observing")
    observation = images.observation_of(array, hours, wedge)
    seen = [(name, images.look(one, observation, seed, slices), colour)
            for name, one, colour in subjects(source, file, z, cell, kind)]
    address = links.query("sources", PARAMETERS["sources"], (
        source, z, cell, kind, array, hours, wedge, seed, slices
    ))
    doing = images.reading_words("reionization_sources", "Asking the network")
    progress(0.3, desc=doing)
    yield ["", _view(seen, None, notes.empty(f"{doing}…")), address]
    verdicts = []
    for index, (_, one, _) in enumerate(seen, 1):
        verdicts.append(judge(one))
        progress(0.3 + 0.6 * index / len(seen), desc="Asking the network")
    view = _view(seen, verdicts)
    strange = [
        v.out_of_distribution.reason for v in verdicts if v.out_of_distribution.unlike_training
    ]
    warning = notes.warning(
        "This image is unlike the training data, so the verdict below means nothing certain: "
        + strange[0]
    ) if strange else ""
    yield [warning, view, address]


def _view(
    seen: list[tuple[str, ObservedImage, Any]], verdicts: list[Verdict] | None, instead: str = ""
) -> str:
    first = seen[0][1]
    limits = figures.image_limits(*(one.middle(one.image) for _, one, _ in seen))
    panels = []
    for name, one, _ in seen:
        image = one.middle(one.image)
        side = len(image) * one.subject.cell_mpc
        panels.append(figures.image_panel(
            image, limits, BRIGHTNESS, f"{name}: {one.how()}",
            f"21 cm image, {name}, at redshift {one.subject.redshift:.2f}: {one.how()}.", side,
        ))
    heading = images.titled(_heading(seen))
    if verdicts is None:
        return heading + grid(*panels, instead)
    measured = models.sources().reliability(first.observation)
    reliability = [np.asarray(column, dtype=float) for column in measured]
    panels.append(figures.reliability_panel(
        reliability[1], reliability[2], reliability[3],
        [(f"{name}: {v.p_agn:.0%}", v.p_agn, colour)
         for (name, _, colour), v in zip(seen, verdicts, strict=True)],
        "how often such a probability was right",
        "Reliability: the fraction of held-out images lit by AGN over the probability stated.",
    ))
    if len(seen) == 2:
        panels.append(figures.spectrum_panel(
            [(name, one.image, colour) for name, one, colour in seen],
            r"$P(k)$ of $\delta T_b$", "Power spectra of the two images and their ratio.",
            ratio_label="ratio\nAGN / galaxies", unit="mK$^2$ Mpc$^2$",
            side_mpc=first.image.shape[-1] * first.subject.cell_mpc,
        ))
    rows = [
        [name, f"{v.p_agn:.1%}", trust(v.p_agn, reliability), f"{v.p_spectrum:.1%}",
         "unlike the training data" if v.out_of_distribution.unlike_training else "familiar"]
        for (name, _, _), v in zip(seen, verdicts, strict=True)
    ]
    return heading + table(
        "What the network says",
        ["probability of AGN", "how far to trust it", "from P(k) alone", "to the network"], rows,
    ) + grid(*panels)


def _heading(seen: list[tuple[str, ObservedImage, Any]]) -> str:
    one = seen[0][1]
    if len(seen) == 1:
        return one.subject.label
    truths = [s.subject.truth for _, s, _ in seen if s.subject.truth is not None]
    return (f"Held-out pair at z = {one.subject.redshift:.2f}, neutral fraction "
            f"{np.mean(truths):.3f}")
