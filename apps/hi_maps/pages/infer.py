"""Page "Infer": a map to p(Omega_m, sigma_8 | map), and whether it is out of distribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np

from apps.hi_maps import figures, input_page, inputs, models
from apps.hi_maps.input_page import InputPage
from apps.hi_maps.inputs import InputMap
from apps.hi_maps.models import COLOUR_LIMITS, METHODS, PARAMETER_NAMES, Drawn
from apps.hi_maps.pages.generate import GeneratePage
from apps.shared.figures import plots
from apps.shared.page import notes
from apps.shared.page.events import Values, named
from apps.shared.page.glossary import terms
from apps.shared.page.intervals import intervals, item, plain
from apps.shared.page.layout import answer_column, grid, settings_column, titled
from apps.shared.page.pages import boxes

__all__ = ["build", "limits_of", "receive"]

_METHOD_CHOICES = [
    ("Whole field (neural posterior)", "field"),
    ("Power spectrum alone (neural posterior)", "power_spectrum"),
    ("Whole field (HIGlow’s likelihood)", "likelihood"),
]


def build(link: gr.Textbox, shown: gr.State) -> InputPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(
        "Infer Ωₘ and σ₈ from a map of neutral hydrogen. Start with the map on “Generate”, or "
        "upload one: the surface density (linear, in (M☉/h)/(Mpc/h)²) at z = 0 of a slab 5 Mpc/h "
        "deep in a periodic box 25 Mpc/h wide, in 64 × 64 pixels or a multiple, which is averaged "
        "down."
    )
    gr.HTML(terms("posterior", "68% interval", "flagged", "Ωₘ and σ₈"), padding=False)
    with gr.Row():
        with settings_column():
            controls = inputs.build("hi-infer")
            method = gr.Radio(_METHOD_CHOICES, value="field", label="Inferred from",
                              elem_id="hi-infer-method")
            button = gr.Button("Infer", variant="primary", elem_id="hi-infer-button")
        with answer_column():
            answer = boxes("hi-infer", "No inference yet: choose a map and press “Infer”.")
    return input_page.build("infer", _draw, controls, {"method": method}, answer, shown=shown,
                          link=link, triggers=[button.click, method.input])


def receive(page: GeneratePage, inference: InputPage, tabs: gr.Tabs, link: gr.Textbox) -> None:
    """Let the Generate page send one of its maps here: the tab opens, chooses it and draws."""
    sent = page.send.click(
        **named(
            _sent,
            {"shown": page.shown, "map": page.which, "method": inference.inputs["method"]},
            {"tabs": tabs, "source": inference.inputs["source"], "map": inference.inputs["map"],
             "query": inference.query, "note": page.note},
        ),
        api_visibility="private", queue=False,
    )
    inference.draw(sent.success, link)


def _sent(values: Values) -> Values:
    """The tab with the map in it; its link is there at once, so that it does not draw twice."""
    shown: Drawn | None = values["shown"]
    if shown is None:
        raise gr.Error("“Generate” shows no map at the moment; try again when it does.",
                       print_exception=False)
    chosen = int(min(max(values["map"] or 1, 1), len(shown.maps)))
    address = input_page.query("infer", {**values, "source": "shown", "map": chosen})
    return {"tabs": gr.Tabs(selected="infer"), "source": "shown", "map": chosen, "query": address,
            "note": ""}


def limits_of(sigma: np.ndarray) -> tuple[float, float]:
    """The common colour scale, or the map's own range if it lies mostly outside of it."""
    logs = np.log10(sigma)
    inside = np.mean((logs >= COLOUR_LIMITS[0]) & (logs <= COLOUR_LIMITS[1]))
    if inside >= 0.5:
        return COLOUR_LIMITS
    low, high = np.percentile(logs, [0.5, 99.5])
    return float(low), float(max(high, low + 0.1))


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    chosen, method = inputs.choose(values), values["method"]

    def reading(fraction: float) -> None:
        progress(fraction, desc="Inferring the parameters")

    reading(0.0)
    posterior = models.posterior(chosen.sigma, method, progress=reading)
    check = models.out_of_distribution(chosen.sigma)
    yield {"note": notes.unlike_training(check, "map"),
           "view": _view(chosen, posterior, method, check.unlike_training),
           "query": input_page.query("infer", values)}


def _view(chosen: InputMap, posterior: Any, method: str, flagged: bool) -> str:
    from core.posterior import corner_figure

    figure = figures.maps_figure(chosen.sigma[None], limits=limits_of(chosen.sigma))
    picture = plots.svg(figure, f"The map: {chosen.label}.")
    found = intervals(posterior, list(PARAMETER_NAMES))
    corner = corner_figure(posterior, truth=chosen.truth, color=plots.SECOND)
    shape = plots.svg(corner, "Posterior of Omega m and sigma 8: " + plain(found) + ".")
    return grid(
        f"<div>{titled(chosen.label)}{picture}</div>",
        f"<div>{_words(chosen, found, method, flagged)}{shape}</div>",
    )


def _words(chosen: InputMap, found: dict[str, Any], method: str, flagged: bool) -> str:
    rows = [
        item(PARAMETER_NAMES[name], one, None if chosen.truth is None else chosen.truth[index])
        for index, (name, one) in enumerate(found.items())
    ]
    doubt = ("The map was flagged, see above." if flagged
             else "The map is consistent with the training data.")
    return (
        f'<ul class="cd-words">{"".join(rows)}</ul>'
        f"<p><small>Inferred from {METHODS[method]}; flat priors over the ranges of the sliders."
        f" {doubt}</small></p>"
    )
