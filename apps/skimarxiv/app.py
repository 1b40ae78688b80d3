"""skimArxiv: what is new on arXiv today, in the order that matters to its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gradio as gr

from apps.shared.page import links
from apps.shared.page.events import Components, Values, named
from apps.shared.page.frame import frame
from apps.shared.page.pages import open_named_tab
from apps.shared.static_files import static
from apps.skimarxiv import endpoints
from apps.skimarxiv.list_updates import ListQuery, left, show
from apps.skimarxiv.pages import about, days, paper, saved, settings, today
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import (
    EVENT,
    PAGE,
    PARAMETERS,
    PRIVATE,
    day_of,
    read_categories,
    read_profile,
    stored_profile,
)
from core.literature.ranking.profile import is_paper_id

__all__ = ["CSS", "TITLE", "build"]

TITLE = "skimArxiv"

CSS = "".join(static(name) for name in ("assistant/sources.css", "skimarxiv/cards.css",
                                        "skimarxiv/paper.css", "skimarxiv/app.css"))

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
        around.demo.load(fn=None, js=static("skimarxiv/list.js"), **PRIVATE)
        days.counts_down(around.demo)
        paper.wire(around.demo, panel, profile, [third, fourth], around.link)
        settings.wire(own, profile, page.shown["view"], page.again)
        saved.wire(kept, profile)
        _fill(around.demo, second, saved.show, profile, kept)
        _fill(around.demo, third, settings.fill, profile, own.filled)
        _show_list_link(first, page, around.link)
        _show_links([second, third, fourth], around.link)
        _restore(around.demo, tabs, page)
        around.demo.unload(left)
    return around.demo


def _fill(
    demo: gr.Blocks, tab: gr.Tab, function: Callable[[Values], Values], profile: gr.BrowserState,
    outputs: Components,
) -> None:
    """Draw a tab from the profile whenever it is opened, by a press or by a link."""

    def linked(values: Values, request: gr.Request) -> Values:
        return function(values) if request.query_params.get("tab") == tab.id else {}

    tab.select(**named(function, {"profile": profile}, outputs), queue=False, **PRIVATE)
    demo.load(**named(linked, {"profile": profile}, outputs), queue=False, **PRIVATE)


def _show_list_link(tab: gr.Tab, page: today.TodayPage, link: gr.Textbox) -> None:
    """In the address bar and the box as soon as the list is drawn, not when its TL;DRs are in, and
    whenever another order is chosen."""
    query, sort = page.shown["link_query"], page.query["sort"]
    listed = gr.Textbox(visible="hidden")
    gr.on(
        [query.change, sort.change, tab.select], fn=None, inputs=[query, sort], outputs=[listed],
        js=static("skimarxiv/list_link.js"), **PRIVATE,
    ).then(fn=None, inputs=[listed], outputs=[link], js=links.SHOW_JS, **PRIVATE)


def _show_links(tabs: list[gr.Tab], link: gr.Textbox) -> None:
    for tab in tabs:
        box = gr.Textbox(f"tab={tab.id}", visible="hidden")
        tab.select(fn=None, inputs=[box], outputs=[link], js=links.SHOW_JS, **PRIVATE)


def _restore(demo: gr.Blocks, tabs: gr.Tabs, page: today.TodayPage) -> None:
    """The link, the profile and the list in one go: nothing waits for anything else."""
    boxes = {name: page.query[name] for name in ("categories", "search", "sort")}
    open_named_tab(demo, tabs, PAGE)
    demo.load(**named(_open, {"profile": page.query["profile"]},
                      {**boxes, **page.shown}), **EVENT, **PRIVATE)


def _open(values: Values, request: gr.Request) -> Iterator[Values]:
    asked = {name: str(value) for name, value in dict(request.query_params).items()}
    _, problems = links.read([PAGE], asked)
    query, more = _linked(asked, values["profile"])
    boxes: Values = {"categories": list(query.categories), "search": query.search,
                     "sort": query.sort}
    note = " ".join([*problems, *more])
    for shown in show(query, values["profile"], request.session_hash, note):
        yield {**boxes, **shown}
        boxes = {}


def _linked(asked: Mapping[str, str], stored: Any) -> tuple[ListQuery, list[str]]:
    """What a link asks for, and a sentence for each part that is not understood."""
    values, problems = links.read(PARAMETERS, asked)
    categories = read_profile(stored)[0].categories
    if values["categories"]:
        try:
            categories = read_categories(values["categories"])
        except ValueError as error:
            problems.append(str(error))
    if values["day"] and day_of(values["day"]) is None:
        problems.append(f"The link says day = {values['day']}, which is no day; the newest is "
                        "shown instead.")
        values["day"] = ""
    problems += _unknown_paper(asked.get("paper", "").strip())
    return ListQuery(categories, values["day"], values["q"], values["sort"]), problems


def _unknown_paper(named: str) -> list[str]:
    """A sentence if a link names a paper that is not here."""
    if not named:
        return []
    if not is_paper_id(named):
        return [f"The link says paper = {named[:40]}, which is no arXiv id; one is 2301.01234."]
    if skim_service().find(named) is None:
        return [f"The link says paper = {named}, which is not in this library; arXiv may have it."]
    return []
