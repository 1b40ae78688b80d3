"""Reionization: from 21 cm images to neutral fraction, sources and history; density to bubbles."""

from __future__ import annotations

import gradio as gr

from apps.reionization import endpoints
from apps.reionization.pages import about, history, ionize, neutral_fraction, same_spectrum, sources
from apps.reionization.state import PAGE
from apps.shared.figures import plots
from apps.shared.page.frame import frame
from apps.shared.page.pages import connect

__all__ = ["TITLE", "build"]

TITLE = "Reionization"

_HEADING = """# Reionization
Infer from 21 cm images how much hydrogen was still neutral and whether galaxies or AGN ionized it,
and generate ionized bubbles from a density field. Start with a simulation on “Neutral fraction”.
"""


def build() -> gr.Blocks:
    """The app. Models load when they are first needed, not here."""
    with frame(TITLE, _HEADING, plots.CSS, "re") as page:
        note = page.note()
        pages = {}
        with page.tabs("fraction") as tabs:
            with gr.Tab("Neutral fraction", id="fraction"):
                pages["fraction"] = neutral_fraction.build(page.link)
            with gr.Tab("Sources", id="sources"):
                pages["sources"] = sources.build(page.link)
            with gr.Tab("Ionization", id="ionize"):
                pages["ionize"] = ionize.build(page.link)
            with gr.Tab("History", id="history"):
                pages["history"] = history.build(page.link)
            with gr.Tab("Same spectrum", id="twins"):
                pages["twins"] = same_spectrum.build(page.link)
            with gr.Tab("About", id="about"):
                about.build()
        endpoints.serve()
        connect(page.demo, tabs, PAGE, pages, page.link, note)
    return page.demo
