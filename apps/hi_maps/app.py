"""HI maps: from two sliders to maps of neutral hydrogen, and from a map back to the parameters."""

from __future__ import annotations

from typing import Any

import gradio as gr

from apps.hi_maps import endpoints, models, state
from apps.hi_maps.pages import about, compare, generate, infer, same_spectrum
from apps.shared.figures import plots
from apps.shared.page import links, notes
from apps.shared.page.frame import frame
from apps.shared.page.pages import TabPage

__all__ = ["CSS", "TITLE", "build"]

TITLE = "HI maps"

CSS = plots.CSS + """
.hi-walk-row { align-items: center; }
.hi-walk-row button { flex-grow: 0; }
#hi-send { white-space: nowrap; }
#hi-code, #hi-code .wrap { min-width: 0; max-width: 100%; }
"""

_HEADING = """# Maps of neutral hydrogen
Choose a universe by its matter density Ωₘ and the amplitude of its fluctuations σ₈, and a trained
model draws the hydrogen in it. Then go back: read the parameters off a map.
"""


def build() -> gr.Blocks:
    """The app. Models load when they are first needed, not here."""
    with frame(TITLE, _HEADING, CSS, "hi") as around:
        link = around.link
        with around.tabs("generate") as tabs:
            with gr.Tab("Generate", id="generate"):
                page = generate.build(link)
            with gr.Tab("Compare", id="compare"):
                pair = compare.build(link)
            with gr.Tab("Infer", id="infer"):
                inference = infer.build(link, page.shown)
            with gr.Tab("Same spectrum", id="twins"):
                twin = same_spectrum.build(link, page.shown)
            with gr.Tab("About", id="about"):
                about.build()
        endpoints.serve()
        infer.receive(page, inference, tabs, link)
        others = {"compare": pair, "infer": inference, "twins": twin}
        _open_tabs(tabs, page, others, link)
        _restore_link(around.demo, tabs, page, others, link)
    return around.demo


def _open_tabs(
    tabs: gr.Tabs, page: generate.GeneratePage, others: dict[str, TabPage], link: gr.Textbox
) -> None:
    """A tab that is opened shows its link; a page that was never drawn draws itself once."""
    about_query = gr.Textbox("tab=about", visible="hidden")
    queries = {"generate": page.query, "about": about_query,
               **{name: other.query for name, other in others.items()}}
    never = gr.State(False)
    for tab in tabs.children:
        name = str(tab.id)
        tab.select(fn=None, inputs=[queries[name]], outputs=[link], js=links.SHOW_JS,
                   api_visibility="private")
        if name in others:
            ask = gr.Number(0, visible="hidden")
            tab.select(fn=None, inputs=[queries[name], page.query, ask], outputs=[ask],
                       js=_ASK_ONCE, api_visibility="private")
            others[name].draw(ask.change, never, link)


_ASK_ONCE = """
(own, generate, asked) => (!own && generate) ? asked + 1 : asked
"""
"""A page that has its own link was drawn before; without a first map nothing can be drawn."""


def _restore_link(
    demo: gr.Blocks, tabs: gr.Tabs, page: generate.GeneratePage, others: dict[str, TabPage],
    link: gr.Textbox,
) -> None:
    """When the page opens: set the components as its link says, then draw what it shows."""
    skips = {name: gr.State(True) for name in others}
    outputs = [
        tabs, page.note, *page.inputs, page.walk, page.skip_walk,
        *(component for other in others.values() for component in other.inputs), *skips.values(),
    ]
    opened = demo.load(_restore, None, outputs, api_visibility="private", show_progress="hidden",
                       concurrency_limit=8)
    drawn = opened.then(**page.draw, show_progress="minimal")
    drawn.then(**page.files)
    for event in (drawn, drawn.then(**page.walk_event)):
        event.then(fn=None, inputs=[page.query], outputs=[link], js=_SHOW_ON_GENERATE,
                   api_visibility="private")
    for name, other in others.items():
        other.draw(drawn.then, skips[name], link)


_SHOW_ON_GENERATE = f"""
(query) => {{
  const tab = new URLSearchParams(location.search).get("tab") || "generate";
  return tab === "generate" ? ({links.SHOW_JS})(query) : location.href;
}}
"""

_LINKED = {"compare": state.COMPARE, "infer": state.INFER, "twins": state.TWINS}


def _restore(request: gr.Request) -> list[Any]:
    query = {name: str(value) for name, value in dict(request.query_params).items()}
    page, problems = links.read([state.PAGE], query)
    drawn, more = links.read(state.GENERATE, query)
    open_page = page["tab"]
    problems += more
    examples = max(1, len(models.example_files()))
    values: list[Any] = []
    for name, parameters in _LINKED.items():  # the link speaks of the tab it opens
        read, more = links.read(parameters, query if name == open_page else {})
        problems += [problem for problem in more if problem not in problems]
        values += [min(value, examples) if key == "example" else value
                   for key, value in read.items()]
    asked_for = drawn.pop("walk")
    return [
        gr.Tabs(selected=open_page),
        notes.warning(" ".join(problems)) if problems else "",
        *drawn.values(),
        "omega_m" if asked_for == "none" else asked_for,
        asked_for == "none",
        *values,
        *(open_page != name for name in _LINKED),
    ]
