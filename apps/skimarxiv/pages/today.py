"""Page "Today": its components, and what each of them sets going."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from apps.shared.page import notes
from apps.shared.page.events import Components, Values, named
from apps.shared.page.untrusted import LATEX
from apps.shared.static_files import static
from apps.skimarxiv import actions
from apps.skimarxiv.cards import moved_html, reasons_html
from apps.skimarxiv.filters import ANNOUNCEMENT_KINDS, FACETS, ONLY, SORTS, Filters, visible
from apps.skimarxiv.list_updates import ListQuery, show
from apps.skimarxiv.pages import days
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import (
    CATEGORIES,
    EVENT,
    MOST_CATEGORIES,
    PRIVATE,
    day_of,
    read_profile,
)
from apps.skimarxiv.view import View, reordered

__all__ = ["TodayPage", "build"]


@dataclass
class TodayPage:
    """The components that the app wires up.

    Attributes:
        query: those of a :class:`ListQuery`: "categories", "day", "search" and "sort"; "profile";
            "link_query", of the list that is shown.
        shown: what :func:`apps.skimarxiv.list_updates.show` changes.
    """

    query: Components
    shown: Components

    def draws(self, query_of: Callable[[Values], ListQuery | Values]) -> dict[str, Any]:
        """Arguments of an event that draws the list.

        Args:
            query_of: what is wanted, from the values of the components of :attr:`query`; or what
                to show instead.
        """

        def draw(values: Values, request: gr.Request) -> Iterator[Values]:
            query = query_of(values)
            if isinstance(query, ListQuery):
                yield from show(query, values["profile"], request.session_hash)
            else:
                yield query

        return {**named(draw, self.query, self.shown), **EVENT, **PRIVATE,
                "trigger_mode": "multiple"}

    @property
    def again(self) -> dict[str, Any]:
        """Arguments of an event that draws the list again, as it is chosen."""
        return self.draws(_again)


def build(profile: gr.BrowserState) -> TodayPage:
    """Lay the page out, inside the tab that is open."""
    # on a phone it opens the boxes, which are one line until then
    gr.HTML(static("skimarxiv/bar.html"), elem_id="sk-bar-line", padding=False)
    query, steps = _query_bar()
    filters, buttons, count = _filters()
    note = gr.HTML("", elem_id="sk-note")
    with gr.Row(elem_classes="sk-state-row"):
        state = gr.HTML("", elem_id="sk-state", min_width=200)
        gr.HTML(static("skimarxiv/tools.html"), elem_id="sk-tools", padding=False, min_width=110)
    gr.HTML(static("skimarxiv/keys.html"), elem_id="sk-keys-line", padding=False)
    more_days = days.build()
    listed = gr.Markdown(
        notes.empty("The papers will appear here."), elem_id="sk-list", latex_delimiters=LATEX
    )
    view = gr.State(None, time_to_live=3600)
    embedded = gr.Textbox(visible="hidden")
    shown = {
        "note": note, "state": state, "list": listed, "view": view, "profile": profile,
        "embedded": embedded,
        "tldrs": gr.Markdown("", visible="hidden", elem_id="sk-told", latex_delimiters=LATEX),
        "day": query["day"], **{facet: filters[facet] for facet in FACETS},
        "link_query": gr.Textbox(visible="hidden"), **steps, **more_days.shown,
    }
    page = TodayPage({**query, "sort": filters["sort"], "profile": profile,
                      "link_query": shown["link_query"]}, shown)
    _wire_list(page, {**steps, **buttons})
    days.wire(more_days, page.query, (page.draws(_try_again), page.draws(_next_try)), query["day"],
              steps["earlier"])
    order = _wire_filters(view, profile, filters, {"count": count, "read": buttons["read"]})
    opinion = _wire_cards(profile)
    _wire_order(opinion, embedded, {"view": view, "profile": profile, **filters}, order)
    buttons["read"].click(
        **named(_mark_read, {"view": view, "profile": profile}, {"profile": profile, "note": note}),
        queue=False, **PRIVATE)
    return page


def _query_bar() -> tuple[dict[str, Any], dict[str, gr.Button]]:
    """The boxes of a query, and the buttons beside the day."""
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
        search = gr.Textbox(label="Search the library, all days", elem_id="sk-search", scale=3,
                            max_lines=1, min_width=200, submit_btn=True,
                            placeholder="weak lensing Euclid")
    return ({"categories": categories, "day": day, "search": search},
            {"earlier": earlier, "later": later})


def _filters() -> tuple[dict[str, Any], dict[str, gr.Button], gr.HTML]:
    """The boxes of the filters, the buttons below them, and the line that says what is left."""
    with gr.Accordion("Filter and order", open=False, elem_id="sk-filters"):
        with gr.Row():
            kinds = gr.CheckboxGroup(
                list(ANNOUNCEMENT_KINDS), label="Kind", elem_id="sk-kinds", min_width=260
            )
            only = gr.CheckboxGroup(list(ONLY), label="Only", elem_id="sk-only", min_width=240)
            sort = gr.Dropdown(list(SORTS.items()), value="interest", label="Order",
                               elem_id="sk-sort", min_width=170)
        with gr.Row():
            facets = {
                facet: gr.Dropdown([], multiselect=True, allow_custom_value=True, min_width=190,
                                   label=facet.capitalize(), elem_id=f"sk-{facet}")
                for facet in FACETS
            }
        with gr.Row(elem_classes="sk-buttons-row"):
            again = gr.Button("Order again by my interests", size="sm", elem_id="sk-again",
                              min_width=220)
            read = gr.Button("Mark this day as read", size="sm", elem_id="sk-read", min_width=200)
    count = gr.HTML("", elem_id="sk-count")
    return {"kinds": kinds, "only": only, "sort": sort, **facets}, {"again": again,
                                                                    "read": read}, count


def _wire_list(page: TodayPage, buttons: dict[str, gr.Button]) -> None:
    for when, query_of in (
        (page.query["categories"].change, _of_categories), (page.query["day"].input, _of_day),
        (page.query["search"].submit, _of_search), (buttons["again"].click, _again),
        (buttons["earlier"].click, _earlier), (buttons["later"].click, _later),
    ):
        when(**page.draws(query_of))


def _of_categories(values: Values) -> ListQuery | Values:
    if not values["categories"]:
        return {"note": notes.error("No category is chosen; choose one, such as astro-ph.CO.")}
    shown = dict(parse_qsl(values["link_query"] or "")).get("categories", "").split()
    if not shown or sorted(shown) == sorted(values["categories"]):  # set by the page itself
        return {}
    return ListQuery(values["categories"], sort=values["sort"], keep=True)


def _of_day(values: Values) -> ListQuery | Values:
    day = values["day"] or ""
    if day and day_of(day) is None:
        return {"note": notes.error(f"“{str(day)[:30]}” is no day; choose one of the list, or type "
                                    "one as 2026-01-31.")}
    return ListQuery(values["categories"], day, sort=values["sort"])


def _of_search(values: Values) -> ListQuery:
    return ListQuery(values["categories"], search=values["search"] or "", sort=values["sort"])


def _again(values: Values) -> ListQuery:
    day = values["day"] if day_of(values["day"]) else ""
    return ListQuery(values["categories"], day, values["search"] or "", values["sort"])


def _try_again(values: Values) -> ListQuery:
    return ListQuery(values["categories"], sort=values["sort"], at_once=True)


def _next_try(values: Values) -> ListQuery:
    return replace(_try_again(values), by_itself=True)


def _earlier(values: Values) -> ListQuery | Values:
    return _stepped(values, 1, "earlier")


def _later(values: Values) -> ListQuery | Values:
    return _stepped(values, -1, "later")


def _stepped(values: Values, step: int, side: str) -> ListQuery | Values:
    """The day ``step`` places further in the library's days, the newest first."""
    profile, _ = read_profile(values["profile"])
    categories = values["categories"] or profile.categories
    days = [day for day, _ in skim_service().announcements.days(categories)]
    here = day_of(values["day"])
    place = (days.index(here) if here in days else 0) + step
    if not 0 <= place < len(days):
        said = f"The library has no {side} day in these categories."
        return {"note": notes.information(said)}
    return ListQuery(values["categories"], days[place].isoformat(), sort=values["sort"])


def _wire_filters(
    view: gr.State, profile: gr.BrowserState, filters: Components, shown: Components
) -> gr.Textbox:
    """Let the filters act; the box with the order of the cards."""
    order = gr.Textbox(visible="hidden", elem_id="sk-order")
    event = {**named(_filtered, {"view": view, "profile": profile, **filters},
                     {"order": order, **shown}), **PRIVATE, "queue": False}
    view.change(**event)
    gr.on([box.input for box in filters.values()], trigger_mode="always_last", **event)
    order.change(fn=None, inputs=[order], js=static("skimarxiv/order.js"), **PRIVATE)
    return order


def _filtered(values: Values) -> Values:
    """Which cards to show in which order, and a line about it."""
    view: View | None = values["view"]
    if view is None:
        return {"order": "", "count": ""}
    ids = _visible(view, values)
    line = f'<p class="sk-line" role="status">{len(ids)} of {len(view.entries)} papers</p>'
    return {"order": _order(view, ids), "count": line if len(ids) < len(view.entries) else "",
            "read": gr.Button(_read_label(view), interactive=_is_a_day(view))}


def _read_label(view: View) -> str:
    """What the button does, or why it does nothing."""
    if _is_a_day(view):
        return "Mark this day as read"
    what = "A search" if view.search else "The sample"
    return f"{what} is no day to mark as read"


def _is_a_day(view: View) -> bool:
    """Whether it is one day of real papers, which can be marked as read."""
    return not view.search and not view.is_sample


def _visible(view: View, values: Values) -> list[str]:
    filters = Filters(
        kinds=tuple(values["kinds"] or ()), facets={facet: values[facet] for facet in FACETS},
        only=tuple(values["only"] or ()), sort=str(values["sort"]),
    )
    return visible(view.entries, view.ids, filters, read_profile(values["profile"])[0])


def _order(view: View, ids: list[str]) -> str:
    return json.dumps({"stamp": view.stamp, "ids": ids})


def _wire_cards(profile: gr.BrowserState) -> gr.Textbox:
    """What is pressed on a card goes into the profile; the box with the last like or dislike."""
    log = gr.Textbox(visible="hidden")
    done = gr.Number(0, visible="hidden")
    opinion = gr.Textbox(visible="hidden")
    act = gr.Button("Act", visible="hidden", elem_id="sk-act")
    act.click(fn=_act, inputs=[log, profile], outputs=[profile, done, opinion],
              js=static("skimarxiv/unconfirmed.js"), trigger_mode="always_last", queue=False,
              **PRIVATE)
    done.change(fn=None, inputs=[done], js=static("skimarxiv/confirmed.js"), **PRIVATE)
    return opinion


def _act(log: str, stored: str) -> tuple[str, int, Any]:
    profile, _ = read_profile(stored)
    profile, last = actions.apply(log, profile, skim_service().find)
    return profile.to_json(), last, actions.last_opinion(log) or gr.skip()


def _wire_order(
    opinion: gr.Textbox, embedded: gr.Textbox, inputs: Components, order: gr.Textbox
) -> None:
    """A like or a dislike orders the list at once, and says what it did; so do the meanings of the
    papers, as soon as they are known."""
    moved = gr.HTML("", elem_id="sk-moved", padding=False)
    reasons = gr.Markdown("", visible="hidden", elem_id="sk-reasons", latex_delimiters=LATEX)
    changed = {"view": inputs["view"], "order": order, "reasons": reasons}
    at_once: dict[str, Any] = {"queue": False, "trigger_mode": "always_last", **PRIVATE}
    opinion.change(**named(_judged, {**inputs, "opinion": opinion}, {**changed, "moved": moved}),
                   **at_once)
    embedded.change(**named(_ordered, inputs, changed), **at_once)


def _ordered(values: Values) -> Values:
    """The list in the order of the profile as it is now."""
    view: View | None = values["view"]
    if view is None:
        return {}
    profile, _ = read_profile(values["profile"])
    newer = reordered(skim_service(), view, profile)
    return {"view": newer, "order": _order(newer, _visible(newer, values)),
            "reasons": reasons_html(newer.entries, profile)}


def _judged(values: Values) -> Values:
    """The list in its new order, and what a like or a dislike moved in it."""
    changed = _ordered(values)
    if not changed or not values["opinion"]:
        return changed
    serial, verb, on, id = values["opinion"].split(" ")
    papers = {entry.announcement.paper.id: entry.announcement.paper
              for entry in changed["view"].entries}
    before, after = ([papers[one] for one in _visible(view, values)]
                     for view in (values["view"], changed["view"]))
    judged = papers.get(id)
    said = actions.said(verb, on == "1", judged, before, after, by=str(values["sort"]),
                        searched=bool(changed["view"].search))
    undo = on == "1" and verb != "follow"  # the star on the author takes that back
    return {**changed, "moved": moved_html(said, undo=undo, serial=serial)}


def _mark_read(values: Values) -> Values:
    view: View | None = values["view"]
    if view is None or not _is_a_day(view):
        return {"note": notes.information("There is no day of real papers here to mark.")}
    profile, _ = read_profile(values["profile"])
    day = max(view.batch.day.isoformat(), profile.seen or "")
    said = f"Read until {view.batch.day:%-d %B %Y}; “only unread” leaves these papers out."
    return {"profile": profile.with_seen(day_of(day) or view.batch.day).to_json(),
            "note": notes.information(said)}
