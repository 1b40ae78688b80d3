"""Page "Infer": a map to p(Omega_m, sigma_8 | map), with a warning when the map is unfamiliar."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import numpy as np

from apps.hi_maps import figures, map_input, models
from apps.hi_maps.map_input import InputMap, MapSource
from apps.hi_maps.models import COLOUR_LIMITS, METHODS, PARAMETER_NAMES, Drawn
from apps.hi_maps.pages.generate import GeneratePage
from apps.hi_maps.pages.generate import query as generate_query
from apps.hi_maps.state import INFER
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.intervals import intervals, item, plain
from apps.shared.page.layout import SIDE, grid
from apps.shared.page.pages import TabPage, boxes, event

__all__ = ["InferPage", "build", "limits_of", "receive"]

_METHOD_CHOICES = [
    ("Whole field (neural posterior)", "field"),
    ("Power spectrum alone (neural posterior)", "power_spectrum"),
    ("Whole field (HIGlow’s likelihood)", "likelihood"),
]


@dataclass
class InferPage(TabPage):
    """The tab, and the components that a map sent here is put into.

    Attributes:
        source: where the map comes from.
        method: what it is inferred from.
        note: above the answer.
    """

    source: MapSource = field(kw_only=True)
    method: gr.Radio = field(kw_only=True)
    note: gr.HTML = field(kw_only=True)


def build(link: gr.Textbox, shown: gr.State) -> InferPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Which cosmology made this map? A map here is the neutral hydrogen at z = 0 of a slab "
        "5 Mpc/h deep, projected over a periodic box 25 Mpc/h wide: linear surface density in "
        "(M☉/h)/(Mpc/h)², 64 × 64 pixels or a multiple, which is averaged down."
    )
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            source = map_input.build("hi-infer")
            method = gr.Radio(_METHOD_CHOICES, value="field", label="Inferred from",
                              elem_id="hi-infer-method")
            button = gr.Button("Infer", variant="primary", elem_id="hi-infer-button")
        with gr.Column(scale=1, min_width=320):
            note, view = boxes(
                "hi-infer", "No inference yet: choose a map and press “Infer”."
            )
    query, never = gr.Textbox(visible="hidden"), gr.State(False)
    page = InferPage(
        INFER, [*source.inputs()[:3], method], query,
        event(_infer, [shown, *source.inputs(), method], [note, view, query], progress="full"),
        source=source, method=method, note=note,
    )
    page.draw_on([button.click, source.file.upload, source.example.input, method.input,
                  source.index.release], never, link)
    return page


def receive(page: GeneratePage, inference: InferPage, tabs: gr.Tabs, link: gr.Textbox) -> None:
    """Let the Generate page send one of its maps here: the tab opens, chooses it and draws."""
    source, never = inference.source, gr.State(False)
    sent = page.send.click(
        _sent, [page.shown, page.which, inference.method],
        [tabs, source.source, source.index, inference.query, page.note],
        api_visibility="private", queue=False,
    )
    inference.draw(sent.success, never, link)


def _sent(shown: Drawn | None, index: float, method: str) -> list[Any]:
    """The tab with the map in it; its link is there at once, so that it does not draw twice."""
    if shown is None:
        raise gr.Error("The first map is still being drawn; try again in a moment.",
                       print_exception=False)
    chosen = int(min(max(index or 1, 1), len(shown.maps)))
    address = _address(shown, {"source": "shown", "map": chosen, "method": method}, ("map",))
    return [gr.Tabs(selected="infer"), "shown", chosen, address, ""]


def _address(shown: Drawn | None, values: dict[str, Any], used: tuple[str, ...]) -> str:
    kept = [p for p in INFER if p.name in ("source", "method", *used)]
    return f"{generate_query('infer', shown)}&{links.write(kept, values)}"


def limits_of(sigma: np.ndarray) -> tuple[float, float]:
    """The common colour scale, or the map's own range if it lies mostly outside of it."""
    logs = np.log10(sigma)
    inside = np.mean((logs >= COLOUR_LIMITS[0]) & (logs <= COLOUR_LIMITS[1]))
    if inside >= 0.5:
        return COLOUR_LIMITS
    low, high = np.percentile(logs, [0.5, 99.5])
    return float(low), float(max(high, low + 0.1))


def _infer(
    skip: bool, shown: Drawn | None, source: str, index: float, example: int | None,
    file: str | None, method: str, progress: gr.Progress = gr.Progress(),  # noqa: B008 - found by its default
) -> Iterator[list[Any]]:
    subject = map_input.choose(shown, source, index, example, file)
    view, warning = _view(
        subject, method,
        lambda fraction: progress(fraction, desc="Reading the parameters off the map"),
    )
    values = {"source": source, "map": index, "example": example or 1, "method": method}
    used: tuple[str, ...] = {"shown": ("map",), "example": ("example",)}.get(source, ())
    yield [warning, view, _address(shown, values, used)]


def _view(subject: InputMap, method: str, progress: models.Progress) -> tuple[str, str]:
    from core.posterior import corner_figure

    progress(0.0)
    posterior = models.posterior(subject.sigma, method, progress=progress)
    judged = models.out_of_distribution(subject.sigma)
    figure = figures.maps_figure(subject.sigma[None], limits=limits_of(subject.sigma))
    corner = corner_figure(posterior, truth=subject.truth, color=plots.SECOND)
    seen = plots.svg(figure, f"The map: {subject.label}.")
    found = intervals(posterior, list(PARAMETER_NAMES))
    shape = plots.svg(corner, "Posterior of Omega_m and sigma_8: " + plain(found) + ".")
    words = _words(subject, posterior, method, judged.unlike_training)
    warning = notes.warning(
        "This map is unlike the training data, so the result below means nothing certain: "
        + judged.reason
    ) if judged.unlike_training else ""
    return grid(
        f"<div><p><strong>{html.escape(subject.label)}</strong></p>{seen}</div>",
        f"<div>{words}{shape}</div>",
    ), warning


def _words(subject: InputMap, posterior: Any, method: str, unlike: bool) -> str:
    rows = [
        item(PARAMETER_NAMES[name], d, None if subject.truth is None else subject.truth[index])
        for index, (name, d) in enumerate(intervals(posterior, list(PARAMETER_NAMES)).items())
    ]
    doubt = " The map was flagged, see above." if unlike else " The map looks familiar."
    return (
        f'<ul class="cd-words">{"".join(rows)}</ul>'
        f"<p><small>Inferred from {METHODS[method]}; flat prior over the sliders’ ranges."
        f"{doubt}</small></p>"
    )
