"""Page "Sources": did galaxies or AGN make the bubbles? A probability, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from apps.reionization import figures, input_page, inputs, models
from apps.reionization.figures import BRIGHTNESS
from apps.reionization.inputs import InputImage
from apps.reionization.observing import ObservedImage, observe_as, reading_words
from apps.reionization.state import PARAMETERS
from apps.shared import checks
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.layout import answer_column, grid, settings_column, table, titled
from apps.shared.page.pages import TabPage, boxes

__all__ = ["Verdict", "build", "judge", "trust"]

Floats = NDArray[np.floating]
PAIR = (("galaxies", "sources_galaxies", plots.SECOND), ("AGN", "sources_agn", plots.FIRST))


@dataclass(frozen=True)
class Verdict:
    """What the network says of an image.

    Attributes:
        p_agn: probability that AGN made the bubbles.
        p_spectrum: the same by the classifier that sees the power spectrum alone.
        out_of_distribution: whether the image is like the training images.
    """

    p_agn: float
    p_spectrum: float
    out_of_distribution: Any


def judge(observed: ObservedImage) -> Verdict:
    """The verdict on an image.

    Raises:
        ValueError: one sentence, also if the model is missing.
    """
    found = models.sources().estimate(**observed.arguments())
    return Verdict(
        p_agn=found.by_method["images"],
        p_spectrum=found.by_method["power_spectrum"],
        out_of_distribution=found.out_of_distribution,
    )


def _likeness(unlike: bool) -> str:
    return "unlike the training data" if unlike else "consistent with the training data"


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
        return f"No held-out image was given {between}, so its reliability is unknown."
    return (
        f"Of {counts[index]:.0f} held-out images that were given {between}, "
        f"{observed[index]:.0%} were ionized by AGN."
    )


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Classify whether galaxies or accreting black holes (AGN) ionized the bubbles in an image. "
        "The two simulations of the example have the same haloes, redshift and neutral fraction "
        "and nearly the same power spectrum; they differ only in which haloes emit ionizing "
        "photons. Start with “Classify”."
    )
    gr.HTML(terms("AGN", "reliability", "AA* and AA4", "foreground wedge", "flagged"),
            padding=False)
    with gr.Row():
        with settings_column():
            page = input_page.build("sources", ("A pair: galaxies and AGN", "example"))
            button = gr.Button("Classify", variant="primary", elem_id="re-sources-button")
        with answer_column():
            answer = boxes("re-sources", "No result yet: choose an image and press “Classify”.")
    return page.connect(_draw, answer, link, [button.click])


def choose(values: Values) -> list[tuple[str, InputImage, Any]]:
    """(name, image, colour) of what the page judges.

    Raises:
        ValueError: one sentence.
    """
    if checks.one_of("source", values["source"], inputs.SOURCES) == "file":
        return [("my image", inputs.choose(values), plots.SECOND)]
    if not inputs.examples("sources_"):
        raise ValueError("No pair came with this copy of the app; upload an image instead.")
    return [(name, inputs.from_example(stem, name), colour) for name, stem, colour in PAIR]


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    progress(0.1, desc="Observing")
    observed = [(name, observe_as(values, image), colour)
                for name, image, colour in choose(values)]
    doing = reading_words("reionization_sources", "Running the network")
    progress(0.3, desc=doing)
    yield {"note": "", "view": _view(observed, None, notes.empty(f"{doing}…")),
           "query": links.query("sources", PARAMETERS["sources"], values)}
    verdicts = []
    for index, (_, image, _) in enumerate(observed, 1):
        verdicts.append(judge(image))
        progress(0.3 + 0.6 * index / len(observed), desc="Running the network")
    warnings = [notes.unlike_training(verdict.out_of_distribution, "image", "probability")
                for verdict in verdicts]
    yield {"note": next(filter(None, warnings), ""), "view": _view(observed, verdicts)}


def _view(
    observed: list[tuple[str, ObservedImage, Any]], verdicts: list[Verdict] | None,
    instead: str = "",
) -> str:
    first = observed[0][1]
    limits = figures.image_limits(*(one.middle(one.image) for _, one, _ in observed))
    panels = []
    for name, one, _ in observed:
        panels.append(figures.image_panel(
            one.middle(one.image), limits, BRIGHTNESS, f"{name}: {one.how()}",
            f"21 cm image, {name}, at redshift {one.redshift:.2f}: {one.how()}.", one.side_mpc,
        ))
    heading = titled(_heading(observed))
    if verdicts is None:
        return heading + grid(*panels, instead)
    measured = models.sources().reliability(first.observation)
    reliability = [np.asarray(column, dtype=float) for column in measured]
    panels.append(figures.reliability_panel(
        reliability[1], reliability[2], reliability[3],
        [(f"{name}: {v.p_agn:.0%}", v.p_agn, colour)
         for (name, _, colour), v in zip(observed, verdicts, strict=True)],
        "reliability of the predicted probability",
        "Reliability: the fraction of held-out images ionized by AGN against the predicted "
        "probability.",
    ))
    if len(observed) == 2:
        panels.append(figures.spectrum_panel(
            [(name, one.image, colour) for name, one, colour in observed],
            r"$P(k)$ of $\delta T_b$", "Power spectra of the two images and their ratio.",
            ratio_label="ratio\nAGN / galaxies", unit="mK$^2$ Mpc$^2$",
            side_mpc=first.side_mpc,
        ))
    rows = [
        [name, f"{v.p_agn:.1%}", trust(v.p_agn, reliability), f"{v.p_spectrum:.1%}",
         _likeness(v.out_of_distribution.unlike_training)]
        for (name, _, _), v in zip(observed, verdicts, strict=True)
    ]
    return heading + table(
        "Classification by the network",
        ["probability of AGN", "reliability", "from P(k) alone", "the image is"], rows,
    ) + grid(*panels)


def _heading(observed: list[tuple[str, ObservedImage, Any]]) -> str:
    one = observed[0][1]
    if len(observed) == 1:
        return one.label
    truths = [s.truth for _, s, _ in observed if s.truth is not None]
    return (f"Held-out pair at z = {one.redshift:.2f}, neutral fraction "
            f"{np.mean(truths):.3f}")
