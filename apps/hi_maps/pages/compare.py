"""Page "Compare": two cosmologies at the same seed, side by side, and the ratio of their P(k)."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr
import numpy as np

from apps.hi_maps import figures, models
from apps.hi_maps.figures import Series
from apps.hi_maps.models import MAX_MAPS, MODELS, Drawn
from apps.hi_maps.state import PARAMETERS
from apps.shared import checks
from apps.shared.checks import MAX_SEED
from apps.shared.figures import plots
from apps.shared.page import links
from apps.shared.page.events import Values
from apps.shared.page.glossary import terms
from apps.shared.page.layout import grid
from apps.shared.page.pages import TabPage, boxes, event
from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE

__all__ = ["build", "pair_of"]


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    parameters = PARAMETERS["compare"]
    defaults = {p.name: p.default for p in parameters}
    gr.Markdown("Compare maps of two cosmologies with the same seed, so that only the cosmology "
                "differs. Start by moving a slider.")
    sliders = {}
    gr.HTML(terms("Ωₘ and σ₈", "seed", "P(k)"), padding=False)
    with gr.Row():
        for side in ("a", "b"):
            with gr.Column(min_width=280), gr.Group():
                for name, limits, label in (
                    ("omega_m", OMEGA_M_RANGE, "Ωₘ"), ("sigma_8", SIGMA_8_RANGE, "σ₈"),
                ):
                    sliders[f"{name}_{side}"] = gr.Slider(
                        *limits, defaults[f"{name}_{side}"], step=0.005,
                        label=f"{label} of {side.upper()}",
                        elem_id=f"hi-compare-{name.replace('_', '-')}-{side}",
                    )
    with gr.Row(elem_classes="cd-button-row"):
        model = gr.Radio(list(MODELS), value=defaults["model"], label="Model", min_width=200)
        n = gr.Slider(1, MAX_MAPS // 2, defaults["n"], step=1, label="Maps per cosmology",
                      info="The first map is shown; spectra are medians.", min_width=200)
        seed = gr.Number(defaults["seed"], label="Common seed", precision=0, minimum=0,
                         maximum=MAX_SEED, min_width=140)
        button = gr.Button("Compare", variant="primary", elem_id="hi-compare-button", min_width=140)
    answer = boxes("hi-compare", "No comparison yet: press “Compare”.")
    linked = {**sliders, "model": model, "n": n, "seed": seed}
    page = TabPage(parameters, linked, event(_draw, linked, answer))
    page.draw_on([*(slider.input for slider in sliders.values()), model.input, n.input, seed.submit,
                  button.click], link)
    return page


def pair_of(
    cosmologies: tuple[tuple[float, float], tuple[float, float]], model: str, n: float, seed: float,
    progress: models.Progress | None = None,
) -> tuple[Drawn, Drawn]:
    """A and B, drawn from one seed.

    Raises:
        ValueError: one sentence.
    """
    if not 1 <= n <= MAX_MAPS // 2:
        raise ValueError(f"The number of maps is {n}; choose 1 to {MAX_MAPS // 2}.")
    for cosmology in cosmologies:  # before A is drawn, which takes seconds
        for (name, limits), value in zip(models.RANGES.items(), cosmology, strict=True):
            checks.number(name, value, *limits, why="outside the trained range")

    def half(part: int) -> models.Progress:
        return lambda fraction: progress((part + fraction) / 2) if progress else None

    a, b = (
        models.draw(model, *cosmology, int(n), int(checks.seed(seed)), half(part))
        for part, cosmology in enumerate(cosmologies)
    )
    return a, b


def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
    cosmologies = ((values["omega_m_a"], values["sigma_8_a"]),
                   (values["omega_m_b"], values["sigma_8_b"]))
    a, b = pair_of(cosmologies, values["model"], values["n"], values["seed"],
                   lambda fraction: progress(fraction, desc="Drawing A and B"))
    drawn = {**values, "omega_m_a": a.omega_m, "sigma_8_a": a.sigma_8, "omega_m_b": b.omega_m,
             "sigma_8_b": b.sigma_8, "seed": a.seed}
    yield {"note": "", "view": _view(a, b),
           "query": links.query("compare", PARAMETERS["compare"], drawn)}


def _view(a: Drawn, b: Drawn) -> str:
    names = [
        rf"{letter}: $\Omega_m$ = {d.omega_m:g}, $\sigma_8$ = {d.sigma_8:g}"
        for letter, d in (("A", a), ("B", b))
    ]
    maps = plots.svg(
        figures.maps_figure(np.stack([a.maps[0], b.maps[0]]), names, columns=2, width=6.4),
        f"Maps of A (Omega m {a.omega_m:g}, sigma 8 {a.sigma_8:g}) and B (Omega m {b.omega_m:g}, "
        f"sigma 8 {b.sigma_8:g}) on one colour scale.",
        width=820,
    )
    series = [Series("A", a.maps, plots.FIRST), Series("B", b.maps, plots.SECOND)]
    panels = []
    for field in ("log", "delta"):
        k, median_a, *_ = models.band().power_spectrum(a.omega_m, a.sigma_8, field=field)
        _, median_b, *_ = models.band().power_spectrum(b.omega_m, b.sigma_8, field=field)
        panels.append(figures.spectrum_panel(
            field, series, None, divide_by_first=True, ratio_label="ratio\nB / A",
            ratio_extra=("B / A of simulations", k, median_b / median_a), single_maps=False,
        ))
    return maps + grid(
        *panels, figures.pdf_panel(series, None, r"Pixels of $\log_{10}\,\Sigma_{\rm HI}$")
    )
