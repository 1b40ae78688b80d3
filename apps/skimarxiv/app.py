"""skimArxiv: what is new on arXiv today, in the order that matters to its reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from apps.shared.assistant import sources
from apps.shared.page import links
from apps.shared.page.frame import frame
from apps.skimarxiv import cards, endpoints, script
from apps.skimarxiv.day import ListQuery, left, show
from apps.skimarxiv.pages import about, paper, saved, settings, today
from apps.skimarxiv.state import (
    EVENT,
    PAGE,
    PARAMETERS,
    PRIVATE,
    categories,
    day_of,
    read_profile,
    stored_profile,
)

__all__ = ["CSS", "TITLE", "build"]

TITLE = "skimArxiv"

CSS = sources.CSS + cards.CSS + paper.CSS + """
.sk-line, .sk-keys { color: var(--body-text-color-subdued); font-size: 0.92em; }
.sk-line { margin: 0; }
.sk-bar { align-items: flex-end; }
.gradio-container:has(#sk-tabs) { overflow: clip !important; }
.sk-days { flex-wrap: nowrap !important; align-items: flex-end; gap: 6px;
  flex-direction: row !important; min-width: min(100%, 320px) !important; }
.sk-days > button { padding: 0 0.4em; min-height: 42px; align-self: flex-end; margin-bottom: 8px; }
:is(#sk-note, #sk-count, #sk-panel-note, #sk-settings-note,
  #sk-saved-note):not(:has(p, div.cd-note)),
:is(#sk-diff, #sk-short, #sk-answer):not(:has(p, div, section)) { display: none; }
#sk-day input { font-size: 0.86em; padding-right: 0; text-overflow: ellipsis; }
.sk-columns { align-items: flex-start; }
.sk-buttons-row { justify-content: flex-start; }
.sk-buttons-row > * { flex-grow: 0 !important; }
.sk-state { border-left: 4px solid var(--color-accent); padding: 0.3em 0.9em; line-height: 1.5; }
.sk-sample, .sk-other { border-color: #d97706; }
.sk-says { font-weight: 600; }
.sk-doing { color: var(--body-text-color-subdued); }
#sk-tabs { overflow: visible !important; }
@media (max-width: 640px) {
  .sk-days > * { width: auto !important; }
  .sk-reference { flex-direction: row !important; }
  .sk-reference > * { width: 45% !important; flex: 1 1 45% !important; }
}
"""

_HEADING = """# skimArxiv
What is new on arXiv today: one honest sentence a paper, in the order that matters to you."""


def build() -> gr.Blocks:
    """The app. The library is opened when a page is first opened, not here."""
    with frame(TITLE, _HEADING, CSS, "sk") as around:
        profile = stored_profile()
        with gr.Row(elem_classes="sk-columns"):
            with gr.Column(scale=5, min_width=320), around.tabs("today") as tabs:
                with gr.Tab("Today", id="today") as first:
                    page = today.build(profile)
                with gr.Tab("Saved", id="saved") as second:
                    kept = saved.build()
                with gr.Tab("Settings", id="settings") as third:
                    own = settings.build()
                with gr.Tab("About", id="about") as fourth:
                    about.build()
            panel = paper.build()
        endpoints.serve()
        paper.wire(around.demo, panel, profile, [third, fourth], around.link)
        saved.wire(kept, second, profile)
        settings.wire(own, third, profile, _redraw(page, profile))
        _show_links([first, second, third, fourth], page.query, around.link)
        _fill_on_load(around.demo, kept, own, profile)
        _on_load(around.demo, tabs, page, profile)
        around.demo.unload(left)
    return around.demo


def _redraw(page: today.Today, profile: gr.BrowserState) -> dict[str, Any]:
    """Arguments of an event that draws the list again, as it is chosen."""
    return {"fn": _again, "inputs": [*page.wish, profile], "outputs": page.outputs, **EVENT,
            **PRIVATE, "trigger_mode": "multiple"}


def _again(
    chosen: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
) -> Iterator[list[Any]]:
    profile, _ = read_profile(stored)
    wish = ListQuery(chosen or profile.categories, day if day_of(day) else "", words or "", sort)
    yield from show(wish, stored, request.session_hash)


def _show_links(tabs: list[gr.Tab], query: gr.Textbox, link: gr.Textbox) -> None:
    """In the address bar and the box as soon as the list is drawn, not when its TL;DRs are in."""
    query.change(fn=None, inputs=[query], outputs=[link], js=script.LINK_JS, **PRIVATE)
    for tab in tabs:
        box = query if tab.id == "today" else gr.Textbox(f"tab={tab.id}", visible="hidden")
        tab.select(fn=None, inputs=[box], outputs=[link], js=links.SHOW_JS, **PRIVATE)


def _fill_on_load(
    demo: gr.Blocks, kept: saved.Saved, own: settings.Settings, profile: gr.BrowserState
) -> None:
    """A link may open a tab other than the first."""
    for fill in (saved.on_load(kept), settings.on_load(own)):
        demo.load(**fill, inputs=[profile], queue=False, **PRIVATE)


def _on_load(
    demo: gr.Blocks, tabs: gr.Tabs, page: today.Today, profile: gr.BrowserState
) -> None:
    """The link, the profile and the list in one go: nothing waits for anything else."""
    chosen, _, words, sort = page.wish
    demo.load(fn=None, js=script.SETUP_JS, **PRIVATE)
    demo.load(fn=_open, inputs=[profile], outputs=[tabs, chosen, words, sort, *page.outputs],
              **EVENT, **PRIVATE)


def _open(stored: str, request: gr.Request) -> Iterator[list[Any]]:
    query = {name: str(value) for name, value in dict(request.query_params).items()}
    tab, wrong = links.read([PAGE], query)
    values, more = links.read(PARAMETERS, query)
    problems = [*wrong, *more]
    profile, _ = read_profile(stored)
    named = profile.categories
    if values["categories"]:
        try:
            named = categories(values["categories"])
        except ValueError as error:
            problems.append(str(error))
    if values["day"] and day_of(values["day"]) is None:
        problems.append(f"The link says day = {values['day']}, which is no day; the newest is "
                        "shown instead.")
        values["day"] = ""
    wish = ListQuery(named, values["day"], values["q"], values["sort"])
    before = [gr.Tabs(selected=tab["tab"]), list(named), values["q"], values["sort"]]
    for shown in show(wish, stored, request.session_hash, " ".join(problems)):
        yield [*before, *shown]
        before = [gr.skip()] * 4
