"""HI maps: from two sliders to maps of neutral hydrogen, and from a map back to the parameters."""

from __future__ import annotations

import gradio as gr

from apps.hi_maps import endpoints
from apps.hi_maps.pages import about, compare, generate, infer, same_spectrum
from apps.hi_maps.state import PAGE
from apps.shared.figures import plots
from apps.shared.page.frame import frame
from apps.shared.page.pages import TabPage, connect
from apps.shared.static_files import static

__all__ = ["CSS", "TITLE", "build"]

TITLE = "HI maps"

CSS = plots.CSS + static("hi_maps/hi_maps.css")

_HEADING = """# Maps of neutral hydrogen
Generate maps of neutral hydrogen for a matter density Ωₘ and an amplitude of fluctuations σ₈, and
infer the two parameters from a map. Start by moving a slider on “Generate”.
"""


def build() -> gr.Blocks:
    """The app. Models load when they are first needed, not here."""
    with frame(TITLE, _HEADING, CSS, "hi") as page:
        note = page.note()
        pages: dict[str, TabPage] = {}
        with page.tabs("generate") as tabs:
            with gr.Tab("Generate", id="generate"):
                pages["generate"] = drawn = generate.build(page.link)
            with gr.Tab("Compare", id="compare"):
                pages["compare"] = compare.build(page.link)
            with gr.Tab("Infer", id="infer"):
                pages["infer"] = inferred = infer.build(page.link, drawn.shown)
            with gr.Tab("Same spectrum", id="twins"):
                pages["twins"] = same_spectrum.build(page.link, drawn.shown)
            with gr.Tab("About", id="about"):
                about.build()
        endpoints.serve()
        infer.receive(drawn, inferred, tabs, page.link)
        connect(page.demo, tabs, PAGE, pages, page.link, note)
    return page.demo
