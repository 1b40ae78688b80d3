"""Page "Today": its components, and what each of them sets going."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from apps.shared.page import notes
from apps.shared.page.untrusted import LATEX
from apps.skimarxiv import actions, models, script
from apps.skimarxiv.day import OUTPUTS, ListQuery, show
from apps.skimarxiv.filters import ANNOUNCEMENT_KINDS, FACETS, ONLY, SORTS, Filters, visible
from apps.skimarxiv.state import (
    CATEGORIES,
    EVENT,
    MOST_CATEGORIES,
    PRIVATE,
    day_of,
    read_profile,
)
from apps.skimarxiv.view import View

__all__ = ["Today", "build"]


@dataclass
class Today:
    """The components that the app wires up.

    Attributes:
        outputs: of :func:`apps.skimarxiv.day.show`, in its order.
        wish: components of a wish: categories, day, words searched for, sort.
        query: hidden box with the query of what is shown.
    """

    outputs: list[Any]
    wish: list[Any]
    query: gr.Textbox


def build(profile: gr.BrowserState) -> Today:
    """Lay the page out, inside the tab that is open."""
    with gr.Row(elem_classes="sk-bar"):
        categories = gr.Dropdown(
            list(CATEGORIES), value=["astro-ph.CO"], multiselect=True, allow_custom_value=True,
            max_choices=MOST_CATEGORIES, label="Categories", elem_id="sk-categories", scale=3,
            min_width=240,
        )
        with gr.Row(elem_classes="sk-days", scale=3):
            earlier = gr.Button("‹", elem_id="sk-earlier", min_width=44, scale=0)
            day = gr.Dropdown([], label="Day", elem_id="sk-day", allow_custom_value=True,
                              min_width=190, scale=4)
            later = gr.Button("›", elem_id="sk-later", min_width=44, scale=0)
        words = gr.Textbox(label="Search the library, all days", elem_id="sk-search", scale=3,
                           max_lines=1, min_width=200, submit_btn=True,
                           placeholder="weak lensing Euclid")
    note = gr.HTML("", elem_id="sk-note")
    state = gr.HTML("", elem_id="sk-state")
    chosen = _filters()
    listed = gr.Markdown(
        notes.empty("The papers will stand here."), elem_id="sk-list", latex_delimiters=LATEX
    )
    view, query = gr.State(None, time_to_live=3600), gr.Textbox(visible="hidden")
    told = gr.Markdown("", visible="hidden", elem_id="sk-told", latex_delimiters=LATEX)
    order = gr.Textbox(visible="hidden", elem_id="sk-order")
    facets = chosen["facets"]
    outputs = [note, state, listed, view, told, day, *facets, profile, query]
    if len(outputs) != len(OUTPUTS):
        raise AssertionError("the outputs of show() and the page's components differ")
    page = Today(outputs, [categories, day, words, chosen["sort"]], query)

    _wire_list(page, profile, earlier, later, chosen["again"])
    filters = [chosen["kinds"], *facets, chosen["only"], chosen["sort"]]
    sift: dict[str, Any] = {
        "fn": _sift, "inputs": [view, profile, *filters], "outputs": [order, chosen["count"]],
        **PRIVATE, "queue": False,
    }
    view.change(**sift)
    gr.on([box.input for box in filters], trigger_mode="always_last", **sift)
    order.change(fn=None, inputs=[order], js=script.ORDER_JS, **PRIVATE)
    _wire_cards(page, profile, chosen["read"])
    return page


def _filters() -> dict[str, Any]:
    with gr.Accordion("Filter and order", open=False, elem_id="sk-filters"):
        with gr.Row():
            kinds = gr.CheckboxGroup(
                list(ANNOUNCEMENT_KINDS), label="Kind", elem_id="sk-kinds", min_width=260
            )
            only = gr.CheckboxGroup(list(ONLY), label="Only", elem_id="sk-only", min_width=240)
            sort = gr.Dropdown(list(SORTS.items()), value="interest", label="Order",
                               elem_id="sk-sort", min_width=170)
        with gr.Row():
            facets = [
                gr.Dropdown([], multiselect=True, allow_custom_value=True, min_width=190,
                            label=facet.capitalize(), elem_id=f"sk-{facet}") for facet in FACETS
            ]
        with gr.Row(elem_classes="sk-buttons-row"):
            again = gr.Button("Order again by my interests", size="sm", elem_id="sk-again",
                              min_width=220)
            read = gr.Button("Mark this day as read", size="sm", elem_id="sk-read", min_width=200)
        gr.Markdown("Keys: **j** and **k** go from paper to paper, **o** opens the abstract, "
                    "**l** likes, **x** wants less like it, **s** saves.", elem_classes="sk-keys")
    count = gr.HTML("", elem_id="sk-count")
    return {"kinds": kinds, "only": only, "sort": sort, "facets": facets, "again": again,
            "read": read, "count": count}


def _wire_list(
    page: Today, profile: gr.BrowserState, earlier: gr.Button, later: gr.Button, again: gr.Button
) -> None:
    categories, day, words, sort = page.wish
    inputs = [categories, day, words, sort, profile]
    wire: dict[str, Any] = {"outputs": page.outputs, **EVENT, **PRIVATE, "trigger_mode": "multiple"}
    for when, function in (
        (categories.input, _categories), (day.input, _day), (again.click, _again),
        (words.submit, _search), (earlier.click, _stepped(1)), (later.click, _stepped(-1)),
    ):
        when(fn=function, inputs=inputs, **wire)


def _categories(
    categories: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
) -> Iterator[list[Any]]:
    wish = ListQuery(categories or [], "", "", sort, keep=True)
    if not categories:
        yield [notes.error("No category is chosen; choose one, such as astro-ph.CO."),
               *[gr.skip()] * (len(OUTPUTS) - 1)]
        return
    yield from show(wish, stored, request.session_hash)


def _day(
    categories: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
) -> Iterator[list[Any]]:
    if day and day_of(day) is None:
        yield [notes.error(f"“{str(day)[:30]}” is no day; choose one of the list, or type one as "
                           "2026-01-31."), *[gr.skip()] * (len(OUTPUTS) - 1)]
        return
    yield from show(ListQuery(categories, day or "", "", sort), stored, request.session_hash)


def _again(
    categories: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
) -> Iterator[list[Any]]:
    wish = ListQuery(categories, day if day_of(day) else "", words or "", sort)
    yield from show(wish, stored, request.session_hash)


def _search(
    categories: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
) -> Iterator[list[Any]]:
    yield from show(ListQuery(categories, "", words or "", sort), stored, request.session_hash)


def _stepped(step: int) -> Any:
    def go(
        categories: list[str], day: str, words: str, sort: str, stored: str, request: gr.Request
    ) -> Iterator[list[Any]]:
        profile, _ = read_profile(stored)
        days = [
            d for d, _ in models.skim_service().announcements.days(categories or profile.categories)
        ]
        here = day_of(day)
        at = days.index(here) if here in days else 0
        if not days or not 0 <= at + step < len(days):
            side = "earlier" if step > 0 else "later"
            yield [notes.information(f"The library has no {side} day in these categories."),
                   *[gr.skip()] * (len(OUTPUTS) - 1)]
            return
        wish = ListQuery(categories, days[at + step].isoformat(), "", sort)
        yield from show(wish, stored, request.session_hash)

    return go


def _sift(
    view: View | None, stored: str, kinds: Sequence[str], *rest: Any
) -> tuple[str, str]:
    """Which cards to show in which order, and a line about it."""
    facets, only, sort = rest[: len(FACETS)], rest[len(FACETS)], rest[len(FACETS) + 1]
    if view is None:
        return "", ""
    filters = Filters(
        tuple(kinds or ()), dict(zip(FACETS, facets, strict=True)), tuple(only or ()), str(sort)
    )
    profile, _ = read_profile(stored)
    ids = visible(view.entries, view.ids, filters, profile)
    hidden = len(view.entries) - len(ids)
    line = f'<p class="sk-line" role="status">{len(ids)} of {len(view.entries)} papers</p>'
    return json.dumps({"stamp": view.stamp, "ids": ids}), line if hidden else ""


def _wire_cards(page: Today, profile: gr.BrowserState, read: gr.Button) -> None:
    """What is pressed on a card goes into the profile."""
    log = gr.Textbox(visible="hidden")
    done = gr.Number(0, visible="hidden")
    act = gr.Button("Act", visible="hidden", elem_id="sk-act")
    act.click(fn=_act, inputs=[log, profile], outputs=[profile, done], js=script.ACT_JS,
              trigger_mode="always_last", queue=False, **PRIVATE)
    done.change(fn=None, inputs=[done], js=script.DONE_JS, **PRIVATE)
    note, view = page.outputs[0], page.outputs[3]
    read.click(fn=_read, inputs=[view, profile], outputs=[profile, note], queue=False, **PRIVATE)


def _act(log: str, stored: str) -> tuple[str, int]:
    profile, _ = read_profile(stored)
    profile, last = actions.apply(log, profile, models.skim_service().find)
    return profile.to_json(), last


def _read(view: View | None, stored: str) -> tuple[Any, str]:
    if view is None or view.query or view.is_sample:
        return gr.skip(), notes.information("There is no day of real papers here to mark.")
    profile, _ = read_profile(stored)
    day = max(view.batch.day.isoformat(), profile.seen or "")
    said = f"Read until {view.batch.day:%-d %B %Y}; “only unread” leaves these papers out."
    return profile.with_seen(day_of(day) or view.batch.day).to_json(), notes.information(said)
