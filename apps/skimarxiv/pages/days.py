"""Days of page "Today": earlier ones fetched on demand, and another try after arXiv failed."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import gradio as gr

from apps.shared.page import notes
from apps.shared.page.events import Components, Values, named
from apps.shared.static_files import static
from apps.skimarxiv.earlier_days import Progress
from apps.skimarxiv.service import Fetch, SkimService, skim_service
from apps.skimarxiv.state import EVENT, PRIVATE, day_of, read_categories, read_profile
from core.literature.arxiv.calendar import in_words

__all__ = ["DaysPage", "build", "counts_down", "offer", "try_again", "wire"]

_log = logging.getLogger(__name__)
_FAILED = "The day could not be fetched; see the server log, or try again."


@dataclass
class DaysPage:
    """The components below the line of the day.

    Attributes:
        shown: what a drawn list changes: "again" and "earlier_days".
        buttons: "again", "by itself" (that the page presses when it is time), "week", "day" and
            "stop".
        box: the missing day to fetch.
        progress: how far it is.
    """

    shown: Components
    buttons: dict[str, gr.Button]
    box: gr.Dropdown
    progress: gr.HTML


def build() -> DaysPage:
    """Lay them out."""
    with gr.Row(elem_classes="sk-again-row"):
        again = gr.HTML("", elem_id="sk-next-try")
        by_itself = gr.Button("Next try", elem_id="sk-next-try-now", visible="hidden")
        retry = gr.Button("Try again", elem_id="sk-try-again", size="sm", scale=0, min_width=120,
                          visible="hidden")
    with gr.Accordion("Earlier days", open=False, elem_id="sk-more-days") as earlier:
        gr.Markdown("Days that are not here yet come from arXiv's search, one request every three "
                    "seconds. It knows when a paper was submitted, so the day is approximate.")
        with gr.Row(equal_height=True):
            week = gr.Button("Fetch the last week", elem_id="sk-fetch-week", size="sm",
                             min_width=160)
            box = gr.Dropdown([], label="Missing day", elem_id="sk-missing-day", min_width=190)
            one = gr.Button("Fetch this day", elem_id="sk-fetch-day", size="sm", min_width=140)
            stop = gr.Button("Stop", elem_id="sk-stop-days", size="sm", min_width=90,
                             interactive=False)
        progress = gr.HTML("", elem_id="sk-days-progress")
    return DaysPage(
        {"again": again, "retry": retry, "earlier_days": earlier, "missing_day": box},
        {"again": retry, "by itself": by_itself, "week": week, "day": one, "stop": stop},
        box, progress,
    )


def wire(
    page: DaysPage, query: Components, draws_again: tuple[dict[str, Any], dict[str, Any]],
    day: gr.Dropdown, earlier: gr.Button,
) -> None:
    """What the buttons set going.

    Args:
        page: as built.
        query: the boxes "categories" and "profile".
        draws_again: arguments of events that look at the feed at once and draw the list: when a
            visitor asks for it, and when it is time.
        day: the days to choose from.
        earlier: the step to the day before.
    """
    for name, arguments in zip(("again", "by itself"), draws_again, strict=True):
        page.buttons[name].click(**arguments)
    inputs = {"categories": query["categories"], "profile": query["profile"], "day": page.box}
    outputs = {"progress": page.progress, "missing": page.box, "days": day, "earlier": earlier,
               "week": page.buttons["week"], "one": page.buttons["day"],
               "stop": page.buttons["stop"]}
    for button, function in (("week", _fetch_week), ("day", _fetch_one)):
        page.buttons[button].click(**named(function, inputs, outputs), **EVENT, **PRIVATE)
    page.buttons["stop"].click(fn=_stop, inputs=None, outputs=None, queue=False, **PRIVATE)


def try_again(service: SkimService, fetch: Fetch | None, pressed: bool = False) -> Values:
    """The button, and when the page looks again by itself: after a failure only.

    Args:
        service: of all visitors.
        fetch: the last look at the feed.
        pressed: whether the visitor asked for it, who is told how it ended.
    """
    wait = service.next_try(fetch) if fetch is not None else None
    if fetch is None or wait is None:
        return {"again": "", "retry": gr.Button(visible="hidden")}
    seconds = round(wait)
    said = (f'<p class="sk-next" data-seconds="{seconds}" role="timer">The next try is in '
            f'<span>{_duration(seconds)}</span>.</p>')
    return {"again": f"{_tried(fetch) if pressed else ''}{said}", "retry": gr.Button(visible=True)}


def _tried(fetch: Fetch) -> str:
    """When a visitor's try ended and how; the browser shows its own time of day."""
    now = datetime.now(UTC)
    sentence = "arXiv could not be asked." if fetch.today is None else fetch.today.sentence
    how = html.escape(sentence.split(". ")[0].rstrip("."))
    return (f'<p class="sk-tried" role="status">Tried at <time datetime="{now:%Y-%m-%dT%H:%M:%SZ}">'
            f"{now:%H:%M} UTC</time>: {how}.</p>")


def offer(service: SkimService, categories: tuple[str, ...], wanted: date | None = None) -> Values:
    """The missing days to choose from, and in the heading how many of the last week there are; open
    where a link asked for one of them."""
    missing = service.earlier.missing(categories)
    lacking = len([day for day in missing if day in service.earlier.last_week()])
    heading = "Earlier days"
    if lacking:
        noun = "day of the last week is" if lacking == 1 else "days of the last week are"
        heading += f": {lacking} {noun} not here yet, and can be fetched"
    if wanted is not None and wanted not in missing:
        missing = [wanted, *missing]
    opened = {"open": True} if wanted is not None else {}
    return {"earlier_days": gr.Accordion(label=heading, **opened),
            "missing_day": _missing_box(missing, wanted)}


def _missing_box(missing: list[date], wanted: date | None = None) -> gr.Dropdown:
    chosen = wanted or (missing[0] if missing else None)
    return gr.Dropdown(choices=[(f"{day:%a %-d %b %Y}", day.isoformat()) for day in missing],
                       value=chosen.isoformat() if chosen else None)


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _fetch_week(values: Values, request: gr.Request) -> Iterator[Values]:
    yield from _fetch(values, request, None)


def _fetch_one(values: Values, request: gr.Request) -> Iterator[Values]:
    day = day_of(values["day"])
    if day is None:
        yield {"progress": notes.information("No day of the last month is missing here.")}
        return
    yield from _fetch(values, request, day)


def _fetch(values: Values, request: gr.Request, day: date | None) -> Iterator[Values]:
    service = skim_service()
    try:
        profile, _ = read_profile(values["profile"])
        categories = read_categories(values["categories"] or profile.categories)
        lacking = service.earlier.missing(categories)
        week = [one for one in service.earlier.last_week() if one in lacking]
        days = week if day is None else [day]
        if not days:
            yield {"progress": notes.information("The last week is here already.")}
            return
        for step in service.earlier.fetch(days, categories, request.session_hash or ""):
            over = step.day is None
            drawn: Values = {"progress": _said(step, days)} | _enabled(over)
            if over or step.done:
                drawn |= _filled(service, categories)
            yield drawn
    except Exception as error:
        yield {"progress": notes.failure(error, _FAILED, _log)} | _enabled(True)


def _filled(service: SkimService, categories: tuple[str, ...]) -> Values:
    days = service.announcements.days(categories)
    return {"missing": _missing_box(service.earlier.missing(categories)),
            "earlier": gr.Button(interactive=len(days) > 1),
            "days": gr.Dropdown(choices=[(f"{day:%a %-d %b %Y} ({number})", day.isoformat())
                                         for day, number in days])}


def _enabled(over: bool) -> Values:
    return {"week": gr.Button(interactive=over), "one": gr.Button(interactive=over),
            "stop": gr.Button(interactive=not over)}


def _said(step: Progress, days: list[date]) -> str:
    if step.day is not None:
        return (f'<p class="sk-line" role="status">Fetching {html.escape(in_words(step.day))}: '
                f"{step.done} of {step.of} days are here…</p>")
    here = f"{step.done} of {step.of} days came." if step.of > 1 else ""
    if step.problem:
        return notes.warning(f"{here} {step.problem}".strip())
    which = in_words(days[0]) if step.of == 1 else f"{step.done} earlier days"
    return notes.information(f"Fetched: {which}; choose it above. The days are approximate.")


def _stop(request: gr.Request) -> None:
    skim_service().earlier.stop(request.session_hash or "")


COUNT_JS = "skimarxiv/next_try.js"
"""Counts the seconds down and presses "Try again" at their end."""


def counts_down(demo: gr.Blocks) -> None:
    """Begin to count, once a page."""
    demo.load(fn=None, js=static(COUNT_JS), **PRIVATE)
