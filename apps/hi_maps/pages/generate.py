"""Page "Generate": sliders to maps, their statistics beside the simulations, a walk, downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from apps.hi_maps import figures, models
from apps.hi_maps.figures import Series
from apps.hi_maps.models import COLOUR_LIMITS, MAX_MAPS, MODELS, PARAMETER_NAMES, Drawn
from apps.hi_maps.state import GENERATE
from apps.shared import checks, downloads
from apps.shared.checks import MAX_SEED
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.layout import SIDE, grid, show_link
from apps.shared.page.pages import MODEL_EVENT, shows_progress
from core.fields import BOX_SIZE_MPC_H, OMEGA_M_RANGE, SIGMA_8_RANGE, SIGMA_UNITS
from core.statistics import log_field

__all__ = ["FIRST_VIEW", "GeneratePage", "build", "query", "snippet", "walk_draws"]

FIRST_VIEW = Path(__file__).parent / "first_view.npz"
"""The map of the default sliders, shown until the model has drawn it again."""

WALK_STEPS = 7
_WALK_EMPTY = (
    "No walk yet. Choose a parameter and press “Walk”: seven maps of the same seed, "
    "from one end of its range to the other."
)


@dataclass
class GeneratePage:
    """Components that other pages and the link need.

    Attributes:
        send, which: the button that sends a map to be inferred from, and the number of that map.
    """

    inputs: list[gr.components.Component]
    walk: gr.Radio
    shown: gr.State
    query: gr.Textbox
    note: gr.HTML
    draw: dict[str, Any]
    files: dict[str, Any]
    walk_event: dict[str, Any]
    skip_walk: gr.State
    send: gr.Button
    which: gr.Slider


def build(link: gr.Textbox) -> GeneratePage:
    """Lay the page out, inside the tab that is open."""
    defaults: dict[str, Any] = {p.name: p.default for p in GENERATE}
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            omega_m = gr.Slider(
                *OMEGA_M_RANGE, defaults["omega_m"], step=0.005, elem_id="hi-omega-m",
                label="Ωₘ, matter density",
            )
            sigma_8 = gr.Slider(
                *SIGMA_8_RANGE, defaults["sigma_8"], step=0.005, elem_id="hi-sigma-8",
                label="σ₈, amplitude of fluctuations",
            )
            model = gr.Radio(list(MODELS), value=defaults["model"], label="Model",
                             elem_id="hi-model", info="Diffusion, or a flow with a likelihood.")
            n = gr.Slider(1, MAX_MAPS, defaults["n"], step=1, label="Number of maps",
                          elem_id="hi-n")
            with gr.Group():
                seed = gr.Number(defaults["seed"], label="Seed", precision=0, minimum=0,
                                 maximum=MAX_SEED, elem_id="hi-seed")
                randomise = gr.Checkbox(False, label="New seed at every “Generate”",
                                        elem_id="hi-randomise")
            button = gr.Button("Generate", variant="primary", elem_id="hi-generate")
        with gr.Column(scale=1, min_width=320):
            note = gr.HTML("", elem_id="hi-note")
            view = gr.HTML(first_view(), elem_id="hi-view")
    with gr.Row():
        buttons = [
            gr.DownloadButton(label, size="sm", interactive=False, min_width=90,
                              elem_id=f"hi-download-{label.strip('.').lower()}")
            for label in (".npy", ".npz", "FITS", "PNG")
        ]
    with gr.Row(elem_classes="hi-walk-row"):
        which = gr.Slider(1, MAX_MAPS, 1, step=1, label="Which map", visible=False, scale=0,
                          elem_id="hi-which", min_width=240)
        send = gr.Button("Infer its parameters", elem_id="hi-send", scale=0, min_width=200)
    code = gr.Code(
        snippet(**{k: v for k, v in defaults.items() if k != "walk"}), language="python",
        label="The same maps in Python", interactive=False,
        elem_id="hi-code", wrap_lines=True,
    )
    gr.Markdown(
        "### Walk one parameter\nThe seed stays, so the same structures change: what the "
        "parameter does, without the luck of the draw."
    )
    with gr.Row(elem_classes="hi-walk-row"):
        walk = gr.Radio([("Ωₘ", "omega_m"), ("σ₈", "sigma_8")], value="omega_m",
                        label="Walk along", elem_id="hi-walk", scale=0, min_width=200)
        walk_button = gr.Button("Walk", elem_id="hi-walk-button", scale=0, min_width=120)
    strip = gr.HTML(notes.empty(_WALK_EMPTY), elem_id="hi-strip")
    shown = gr.State(None)
    walked = gr.State(None)
    never, skip_walk = gr.State(False), gr.State(True)
    query_box = gr.Textbox(visible="hidden", elem_id="hi-query")

    inputs = [omega_m, sigma_8, model, n, seed]
    outputs = [seed, note, view, shown, query_box, code, strip, walked, *buttons,
               which]
    common: dict[str, Any] = {
        "outputs": outputs, "api_visibility": "private", **MODEL_EVENT,
        "show_progress_on": [view], "trigger_mode": "always_last",
    }
    files: dict[str, Any] = {
        "fn": _files, "inputs": [shown], "outputs": buttons, "api_visibility": "private",
        "show_progress": "hidden", "concurrency_limit": 2,
    }
    draw_arguments = {"fn": _draw, "inputs": [*inputs, walked], **common}
    walk_arguments: dict[str, Any] = {
        "fn": _walk, "inputs": [never, *inputs, walk], "outputs": [note, strip, walked, query_box],
        "api_visibility": "private", **MODEL_EVENT,
        "show_progress_on": [strip],
    }
    live = gr.on(
        [omega_m.input, sigma_8.input, model.input, n.input, seed.submit, seed.blur],
        show_progress="minimal", **draw_arguments,
    )
    pressed = button.click(_draw_anew, [*inputs, walked, randomise], show_progress="minimal",
                           **common)
    walk_pressed = walk_button.click(**walk_arguments)
    for event in (live, pressed):
        show_link(event, query_box, link)
        event.then(**files)
    show_link(walk_pressed, query_box, link)
    return GeneratePage(inputs, walk, shown, query_box, note, draw_arguments, files,
                        {**walk_arguments, "inputs": [skip_walk, *inputs, walk]}, skip_walk, send,
                        which)


def query(page: str, drawn: Drawn | None, n: int | None = None, walk: str = "none") -> str:
    """The query of the Generate page's state, for its link and for pages that show its map."""
    values: dict[str, Any] = {p.name: p.default for p in GENERATE}
    if drawn is not None:
        values.update(omega_m=drawn.omega_m, sigma_8=drawn.sigma_8, model=drawn.model,
                      n=n or len(drawn.maps), seed=drawn.seed)
    values["walk"] = walk
    kept = [p for p in GENERATE if p.name != "walk" or walk != "none"]
    return f"tab={page}&{links.write(kept, values)}"


def snippet(model: str, omega_m: float, sigma_8: float, n: int, seed: int) -> str:
    """Python that makes the same maps with core alone."""
    module, name = {"HI-CDM": ("hi_cdm", "HICDM"), "HIGlow": ("higlow", "HIGlow")}[model]
    return (
        f"from core.hydrogen.{module} import {name}\n\n"
        f"model = {name}.load()\n"
        "maps = model.sample(\n"
        f"    omega_m={omega_m:g}, sigma_8={sigma_8:g},\n"
        f"    n={int(n)}, seed={int(seed)},\n"
        ")\n"
    )


def first_view() -> str:
    """The page before any model is loaded: the map that the model gives for the defaults."""
    if not FIRST_VIEW.is_file():
        return notes.empty("Loading the model and drawing the first map…")
    with np.load(FIRST_VIEW, allow_pickle=False) as stored:
        sigma = stored["sigma"]
    return grid(
        _map_panel(sigma, None),
        notes.empty("Loading the model, to set its spectrum beside the simulations’…"),
    )


def _map_panel(maps: np.ndarray, drawn: Drawn | None) -> str:
    titles = [f"map {i + 1}" for i in range(len(maps))] if len(maps) > 1 else None
    figure = figures.maps_figure(maps, titles)
    what = f" by {drawn.model} at Omega_m {drawn.omega_m:g}, sigma_8 {drawn.sigma_8:g}, seed " \
           f"{drawn.seed}" if drawn else ""
    plural = f"{len(maps)} maps" if len(maps) > 1 else "Map"
    return plots.svg(figure, f"{plural} of the HI surface density, 25 Mpc/h wide{what}.")


def _view(drawn: Drawn) -> str:
    series = [Series(drawn.model, drawn.maps, plots.FIRST)]
    cosmology = (drawn.omega_m, drawn.sigma_8)
    return grid(
        _map_panel(drawn.maps, drawn),
        figures.spectrum_panel("log", series, cosmology),
        figures.pdf_panel(series, cosmology, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$"),
        figures.spectrum_panel("delta", series, cosmology),
    )


@shows_progress
def _draw(
    omega_m: float, sigma_8: float, model: str, n: float, seed: float, walked: tuple | None,
    progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds the tracker by its default
) -> list[Any]:
    try:
        drawn = models.draw(
            model, omega_m, sigma_8, int(n), checks.seed(seed), _tell(progress, int(n), model)
        )
    except ValueError as error:
        return [gr.skip(), notes.error(str(error)), *[gr.skip()] * 11]
    still = walked is not None and walked == _walk_key(walked[0], drawn)
    strip = (gr.skip(), gr.skip()) if still or walked is None else (notes.empty(_WALK_EMPTY), None)
    code = snippet(drawn.model, drawn.omega_m, drawn.sigma_8, len(drawn.maps), drawn.seed)
    address = query("generate", drawn, walk=walked[0] if still and walked else "none")
    stale = [gr.DownloadButton(interactive=False)] * 4  # until the files of these maps are made
    n_maps = len(drawn.maps)
    which = gr.Slider(value=1, maximum=max(n_maps, 2), visible=n_maps > 1)
    return [drawn.seed, "", _view(drawn), drawn, address, code, *strip, *stale, which]


@shows_progress
def _draw_anew(
    omega_m: float, sigma_8: float, model: str, n: float, seed: float, walked: tuple | None,
    randomise: bool, progress: gr.Progress = gr.Progress(),  # noqa: B008
) -> list[Any]:
    chosen = checks.random_seed() if randomise else seed
    return _draw(omega_m, sigma_8, model, n, chosen, walked, progress)


def _tell(progress: gr.Progress, n: int, model: str) -> models.Progress:
    what = "map" if n == 1 else f"{n} maps"
    if not models.is_loaded(model):
        progress(0.0, desc="Loading the model, this once")
    return lambda fraction: progress(fraction, desc=f"Drawing {what}")


def _files(drawn: Drawn | None) -> list[Any]:
    if drawn is None:
        return [gr.skip()] * 4
    facts = drawn.facts()
    one = drawn.maps[0] if len(drawn.maps) == 1 else drawn.maps
    figure = figures.maps_figure(
        drawn.maps, [f"map {i + 1}" for i in range(len(drawn.maps))] if one.ndim == 3 else None
    )
    contents = {
        f"{drawn.name}.npy": downloads.npy_bytes(one),
        f"{drawn.name}.npz": downloads.npz_bytes(one, facts),
        f"{drawn.name}.fits": downloads.fits_bytes(
            one, facts, SIGMA_UNITS, BOX_SIZE_MPC_H / one.shape[-1]
        ),
        f"{drawn.name}.png": plots.png(figure, downloads.text_chunks(facts)),
    }
    paths = downloads.to_files(contents)
    return [gr.DownloadButton(value=path, interactive=True) for path in paths]


def walk_values(parameter: str) -> list[float]:
    """The parameter's range in equal steps."""
    if parameter not in models.RANGES:
        raise ValueError(
            f"There is no parameter {str(parameter)[:40]}; choose omega_m or sigma_8."
        )
    return [float(v) for v in np.linspace(*models.RANGES[parameter], WALK_STEPS).round(4)]


def walk_draws(
    parameter: str, model: str, omega_m: float, sigma_8: float, seed: float,
    progress: models.Progress | None = None,
) -> list[Drawn]:
    """One map of a seed at each of the parameter's values.

    Raises:
        ValueError: one sentence.
    """
    values = walk_values(parameter)
    whole_seed = checks.seed(seed)
    drawn = []
    for index, value in enumerate(values):
        at = {"omega_m": omega_m, "sigma_8": sigma_8, parameter: value}

        def tell(fraction: float, done: int = index) -> None:
            if progress is not None:
                progress((done + fraction) / len(values))

        drawn.append(models.draw(model, at["omega_m"], at["sigma_8"], 1, whole_seed, tell))
    return drawn


def _walk_key(parameter: str, drawn: Drawn) -> tuple:
    held = drawn.sigma_8 if parameter == "omega_m" else drawn.omega_m
    return (parameter, drawn.model, drawn.seed, held)


@shows_progress
def _walk(
    skip: bool, omega_m: float, sigma_8: float, model: str, n: float, seed: float, parameter: str,
    progress: gr.Progress = gr.Progress(),  # noqa: B008
) -> list[Any]:
    if skip:
        return [gr.skip()] * 4
    try:
        drawn = walk_draws(parameter, model, omega_m, sigma_8, seed,
                            _tell(progress, WALK_STEPS, model))
    except ValueError as error:
        return [notes.error(str(error)), *[gr.skip()] * 3]
    here = Drawn(np.empty((int(n), 0, 0)), model, float(omega_m), float(sigma_8), drawn[0].seed)
    address = query("generate", here, walk=parameter)
    return ["", _strip(parameter, drawn), _walk_key(parameter, here), address]


def _strip(parameter: str, drawn: Sequence[Drawn]) -> str:
    values = walk_values(parameter)
    symbol = {"omega_m": r"$\Omega_m$", "sigma_8": r"$\sigma_8$"}[parameter]
    colours = plots.walk_colours(len(drawn))
    logs = log_field(np.concatenate([one.maps for one in drawn]))
    titles = [f"{symbol} = {value:.3g}" for value in values]
    strip = plots.svg(
        plots.maps_strip(logs, COLOUR_LIMITS, BOX_SIZE_MPC_H, titles, colours),
        f"Seven maps of one seed, {parameter} from {values[0]:g} to {values[-1]:g}.",
        width=1300, scroll=True,
    )
    series = [Series(t, one.maps, c) for t, one, c in zip(titles, drawn, colours, strict=True)]
    options: dict[str, Any] = {
        "divide_by_first": True, "single_maps": False, "key": False,
        "reference_index": len(series) // 2,
        "ratio_label": f"ratio to\n{symbol} = {values[len(series) // 2]:.3g}",
    }
    held = "sigma_8" if parameter == "omega_m" else "omega_m"
    other = getattr(drawn[0], held)
    return (
        f"<p>{drawn[0].model}, seed {drawn[0].seed}, {PARAMETER_NAMES[held]} = {other:g}. The "
        "frames’ colours are those of the curves.</p>" + strip + grid(
            figures.spectrum_panel("log", series, None, **options),
            figures.spectrum_panel("delta", series, None, **options),
            figures.pdf_panel(series, None, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$", key=False),
        )
    )
