"""Page "Generate": sliders to maps, their statistics beside the simulations, a walk, downloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from apps.hi_maps import figures, models
from apps.hi_maps.figures import Series
from apps.hi_maps.models import COLOUR_LIMITS, MAX_MAPS, MODELS, PARAMETER_NAMES, Drawn
from apps.hi_maps.state import PARAMETERS
from apps.shared import checks, downloads
from apps.shared.checks import MAX_SEED
from apps.shared.compute.requests import current_ticket
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.download_row import MAP_FILES, download_row
from apps.shared.page.events import QUICK, Components, Values, named
from apps.shared.page.glossary import terms
from apps.shared.page.layout import answer_column, grid, settings_column, show_link, titled
from apps.shared.page.pages import PageEvent, TabPage, event
from core.fields import BOX_SIZE_MPC_H, OMEGA_M_RANGE, SIGMA_8_RANGE, SIGMA_UNITS
from core.statistics import log_field

__all__ = ["FIRST_VIEW", "GeneratePage", "build", "query", "snippet", "walk_draws"]

FIRST_VIEW = Path(__file__).parent / "first_view.npz"
"""The map of the default sliders, shown until the model has drawn it again."""

WALK_STEPS = 7
_WALK_EMPTY = (
    "No sequence yet. Choose a parameter and press “Vary”: seven maps with the same seed, "
    "from one end of its range to the other."
)


@dataclass
class GeneratePage(TabPage):
    """The tab, and what others need of it.

    Attributes:
        shown: the maps that it shows, or None.
        note: above them.
        walk: draws the walk along a parameter.
        skip_walk: holds true if a link asks for no walk.
        send, which: the button that sends a map to be inferred from, and the number of that map.
    """

    shown: gr.State = field(kw_only=True)
    note: gr.HTML = field(kw_only=True)
    walk: PageEvent = field(kw_only=True)
    skip_walk: gr.State = field(kw_only=True)
    send: gr.Button = field(kw_only=True)
    which: gr.Slider = field(kw_only=True)

    def settable(self) -> Components:
        """As of every tab, and whether there is a walk."""
        return {**super().settable(), "skip_walk": self.skip_walk}

    def settings(self, values: Values) -> Values:
        """As of every tab; without a walk, the parameter to walk along is the first one."""
        no_walk = values["walk"] == "none"
        walk = "omega_m" if no_walk else values["walk"]
        return {**super().settings(values), "walk": walk, "skip_walk": no_walk}

    def restore(self, when: Any, link: gr.Textbox, skip: gr.State | None, tab: str) -> Any:
        """Draw the maps, then the walk if the link asks for it."""
        drawn = super().restore(when, link, skip, tab)
        walked = drawn.then(**self.walk.arguments(self.skip_walk))
        show_link(walked, self.query, link, links.show_js_of(tab))
        return drawn


def build(link: gr.Textbox) -> GeneratePage:
    """Lay the page out, inside the tab that is open."""
    gr.HTML(terms("Ωₘ and σ₈", "seed", "P(k)"), padding=False)
    with gr.Row():
        with settings_column():
            linked, randomise, button = _settings()
        with answer_column():
            note = gr.HTML("", elem_id="hi-generate-note", elem_classes="cd-notes")
            view = gr.HTML(first_view(), elem_id="hi-view")
    files = download_row("hi", MAP_FILES, _files)
    with gr.Row(elem_classes="hi-walk-row"):
        which = gr.Slider(1, MAX_MAPS, 1, step=1, label="Which map", visible=False, scale=0,
                          elem_id="hi-which", min_width=240)
        send = gr.Button("Infer its parameters", elem_id="hi-send", scale=0, min_width=200)
    code = gr.Code(
        snippet(**{name: _DEFAULTS[name] for name in linked}), language="python",
        label="The same maps in Python", interactive=False,
        elem_id="hi-code", wrap_lines=True,
    )
    gr.Markdown(
        "### Vary one parameter\nThe seed is fixed, so the same structures change: this shows the "
        "effect of the parameter without sample variance."
    )
    with gr.Row(elem_classes="hi-walk-row"):
        walk = gr.Radio([("Ωₘ", "omega_m"), ("σ₈", "sigma_8")], value="omega_m",
                        label="Parameter to vary", elem_id="hi-walk", scale=0, min_width=200)
        walk_button = gr.Button("Vary", elem_id="hi-walk-button", scale=0, min_width=120)
    strip = gr.HTML(notes.empty(_WALK_EMPTY), elem_id="hi-strip")
    walked, query_box = gr.State(None), gr.Textbox(visible="hidden", elem_id="hi-query")

    drawing = event(_draw, {**linked, "walked": walked}, {
        "note": note, "view": view, "seed": linked["seed"], "code": code, "strip": strip,
        "walked": walked, "which": which,
    })
    walking = event(
        _walk, {**linked, "walk": walk},
        {"note": note, "view": strip, "walked": walked, "query": query_box},
        progress="full", trigger_mode="once",
    )
    page = GeneratePage(
        PARAMETERS["generate"], {**linked, "walk": walk}, drawing, files, query_box, leads=True,
        previews=True,
        shown=files.shown, note=note, walk=walking, skip_walk=gr.State(True), send=send,
        which=which,
    )
    seed = linked["seed"]
    page.draw_on([*(linked[name].input for name in ("omega_m", "sigma_8", "model", "n")),
                  seed.submit, seed.blur], link)
    new_seed = named(_new_seed, {"randomise": randomise}, {"seed": seed})
    page.draw(button.click(**new_seed, **QUICK).then, link)
    show_link(walk_button.click(**walking.arguments()), query_box, link)
    return page


_DEFAULTS: dict[str, Any] = {p.name: p.default for p in PARAMETERS["generate"]}


def _settings() -> tuple[dict[str, Any], gr.Checkbox, gr.Button]:
    """The components of the maps' parameters by name, the box for new seeds, and the button."""
    linked: dict[str, Any] = {
        "omega_m": gr.Slider(*OMEGA_M_RANGE, _DEFAULTS["omega_m"], step=0.005,
                             elem_id="hi-omega-m", label="Ωₘ, matter density"),
        "sigma_8": gr.Slider(*SIGMA_8_RANGE, _DEFAULTS["sigma_8"], step=0.005,
                             elem_id="hi-sigma-8", label="σ₈, amplitude of fluctuations"),
        "model": gr.Radio(list(MODELS), value=_DEFAULTS["model"], label="Model",
                          elem_id="hi-model",
                          info="Diffusion model, or normalising flow with an exact likelihood."),
        "n": gr.Slider(1, MAX_MAPS, _DEFAULTS["n"], step=1, label="Number of maps",
                       elem_id="hi-n"),
    }
    with gr.Group():
        linked["seed"] = gr.Number(_DEFAULTS["seed"], label="Seed", precision=0, minimum=0,
                                   maximum=MAX_SEED, elem_id="hi-seed")
        randomise = gr.Checkbox(False, label="New seed at every “Generate”",
                                elem_id="hi-randomise")
    return linked, randomise, gr.Button("Generate", variant="primary", elem_id="hi-generate")


def _new_seed(values: Values) -> Values:
    return {"seed": checks.random_seed()} if values["randomise"] else {}


def query(page: str, drawn: Drawn | None, n: int | None = None, walk: str | None = None) -> str:
    """The query of the Generate page's state, for its link and for pages that show its map.

    Args:
        page: id of the tab.
        drawn: the maps that are shown; the defaults if there are none.
        n: number of maps, if it is another.
        walk: the parameter that was walked along, if one was.
    """
    values: dict[str, Any] = {**_DEFAULTS, "walk": walk}
    if drawn is not None:
        values.update(omega_m=drawn.omega_m, sigma_8=drawn.sigma_8, model=drawn.model,
                      n=n or len(drawn.maps), seed=drawn.seed)
    return links.query(page, PARAMETERS["generate"], values)


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
    first = Drawn(sigma, **{name: _DEFAULTS[name] for name in
                            ("model", "omega_m", "sigma_8", "seed")})
    return _caption(first) + grid(
        _map_panel(sigma, first),
        notes.empty("Loading the model, to compare its power spectrum with the simulations…"),
    )


def _caption(drawn: Drawn) -> str:
    """What is shown, whatever the sliders say by now."""
    return titled(f"{drawn.model}, Ωₘ = {drawn.omega_m:g}, σ₈ = {drawn.sigma_8:g}, "
                  f"seed {drawn.seed}")


def _map_panel(maps: np.ndarray, drawn: Drawn) -> str:
    titles = [f"map {i + 1}" for i in range(len(maps))] if len(maps) > 1 else None
    figure = figures.maps_figure(maps, titles)
    what = f" by {drawn.model} at Omega m {drawn.omega_m:g}, sigma 8 {drawn.sigma_8:g}, seed " \
           f"{drawn.seed}"
    plural = f"{len(maps)} maps" if len(maps) > 1 else "Map"
    return plots.svg(figure, f"{plural} of the HI surface density, 25 Mpc/h wide{what}.")


def _view(drawn: Drawn) -> str:
    series = [Series(drawn.model, drawn.maps, plots.FIRST)]
    cosmology = (drawn.omega_m, drawn.sigma_8)
    return _caption(drawn) + grid(
        _map_panel(drawn.maps, drawn),
        figures.spectrum_panel("log", series, cosmology),
        figures.pdf_panel(series, cosmology, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$"),
        figures.spectrum_panel("delta", series, cosmology),
    )


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    n = checks.whole("number of maps", values["n"], 1, MAX_MAPS)
    drawn = models.draw(values["model"], values["omega_m"], values["sigma_8"], n, values["seed"],
                        _drawing(progress, n, values["model"]))
    walked = values["walked"]
    still = walked is not None and walked == _walk_key(walked[0], drawn)
    gone = {} if still or walked is None else {"strip": notes.empty(_WALK_EMPTY), "walked": None}
    yield {
        "note": "", "view": _view(drawn), "shown": drawn, "seed": drawn.seed,
        "code": snippet(drawn.model, drawn.omega_m, drawn.sigma_8, n, drawn.seed),
        "query": query("generate", drawn, walk=walked[0] if still else None),
        "which": gr.Slider(value=1, maximum=max(n, 2), visible=n > 1), **gone,
    }


def _drawing(progress: gr.Progress, n: int, model: str) -> models.Progress:
    what = "map" if n == 1 else f"{n} maps"
    if not models.is_loaded(model):
        progress(0.0, desc="Loading the model (first use only)")
    return lambda fraction: progress(fraction, desc=f"Drawing {what}")


def _files(drawn: Drawn) -> dict[str, bytes]:
    facts = drawn.facts()
    one = drawn.maps[0] if len(drawn.maps) == 1 else drawn.maps
    figure = figures.maps_figure(
        drawn.maps, [f"map {i + 1}" for i in range(len(drawn.maps))] if one.ndim == 3 else None
    )
    return downloads.map_files(
        drawn.name, one, facts, plots.png(figure, downloads.text_chunks(facts)), unit=SIGMA_UNITS,
        pixel_size=BOX_SIZE_MPC_H / one.shape[-1],
    )


def walk_values(parameter: str) -> list[float]:
    """The parameter's range in equal steps."""
    checks.one_of("parameter", parameter, tuple(models.RANGES))
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
    drawn, ticket = [], current_ticket()
    for index, value in enumerate(values):
        at = {"omega_m": omega_m, "sigma_8": sigma_8, parameter: value}

        def step(fraction: float, done: int = index) -> None:
            if progress is not None:
                progress((done + fraction) / len(values))

        ticket.turns_left = len(values) - index - 1
        drawn.append(models.draw(model, **at, n=1, seed=whole_seed, progress=step))
    return drawn


def _walk_key(parameter: str, drawn: Drawn) -> tuple:
    held = drawn.sigma_8 if parameter == "omega_m" else drawn.omega_m
    return (parameter, drawn.model, drawn.seed, held)


def _walk(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    parameter, model = values["walk"], values["model"]
    drawn = walk_draws(parameter, model, values["omega_m"], values["sigma_8"], values["seed"],
                       _drawing(progress, WALK_STEPS, model))
    n = checks.whole("number of maps", values["n"], 1, MAX_MAPS)
    here = Drawn(np.empty((n, 0, 0)), model, float(values["omega_m"]), float(values["sigma_8"]),
                 drawn[0].seed)
    yield {"note": "", "view": _strip(parameter, drawn), "walked": _walk_key(parameter, here),
           "query": query("generate", here, walk=parameter)}


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
