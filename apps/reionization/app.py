"""Reionization: from 21 cm images to neutral fraction, sources and history; density to bubbles."""

from __future__ import annotations

import gradio as gr

from apps.reionization import about, history, ionize, neutral_fraction, sources, twins
from apps.reionization.state import PAGE
from apps.shared import layout, notes, plots
from apps.shared.pages import connect

__all__ = ["CSS", "TITLE", "build"]

TITLE = "Reionization"

CSS = plots.CSS + notes.CSS + layout.CSS

_HEADING = """# Reionization
The hydrogen between the first galaxies, seen at 21 cm: how much of it is still neutral, what lit it
up, and where the bubbles are.
"""


def build() -> gr.Blocks:
    """The app. Models load when they are first needed, not here."""
    with gr.Blocks(title=f"{TITLE} · CosmoDesk", analytics_enabled=False,
                   delete_cache=(3600, 3600)) as demo:
        gr.HTML(f"<style>{CSS}</style>", padding=False)
        gr.Markdown(_HEADING)
        link = gr.Textbox(
            label="Link to this page, as it is now", buttons=["copy"], interactive=False,
            elem_id="re-link", max_lines=1, render=False,
        )
        note = gr.HTML("", elem_id="re-note")
        pages = {}
        with gr.Tabs(selected="fraction", elem_id="re-tabs") as tabs:
            with gr.Tab("Neutral fraction", id="fraction"):
                pages["fraction"] = neutral_fraction.build(link)
            with gr.Tab("Sources", id="sources"):
                pages["sources"] = sources.build(link)
            with gr.Tab("Ionization", id="ionize"):
                pages["ionize"] = ionize.build(link)
            with gr.Tab("History", id="history"):
                pages["history"] = history.build(link)
            with gr.Tab("Same spectrum", id="twins"):
                pages["twins"] = twins.build(link)
            with gr.Tab("About", id="about"):
                about.build()
        link.render()
        _serve_programs()
        connect(demo, tabs, PAGE, pages, link, note)
    return demo


def _serve_programs() -> None:
    """The endpoints for gradio_client; names and arguments are a promise."""
    for function, name in (
        (neutral_fraction.api_neutral_fraction, "neutral_fraction"),
        (neutral_fraction.api_observe, "observe"), (sources.api_sources, "sources"),
        (ionize.api_ionize, "ionize"), (history.api_history, "history"), (twins.api_twin, "twin"),
    ):
        gr.api(function, api_name=name, concurrency_id="model", concurrency_limit=1)
