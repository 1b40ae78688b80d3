"""Tabs that draw themselves: when the link asks for them, and when they are first opened."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from apps.shared.compute.queue import RequestTicket, listener
from apps.shared.page import links, notes
from apps.shared.page.layout import show_link
from apps.shared.page.links import Parameter

__all__ = ["MODEL_EVENT", "TabPage", "boxes", "connect", "event", "shows_progress"]

MODEL_EVENT: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 40}
"""For events that call a model of :mod:`apps.shared.compute.executor`: more come in than it serves,
so that the page can say what they wait for; beyond that, Gradio's queue tells a number."""

_log = logging.getLogger(__name__)


@dataclass
class TabPage:
    """A tab.

    Attributes:
        parameters: of its link.
        inputs: the components of the parameters, in that order.
        query: hidden box with the query of what is shown; empty until it was drawn.
        event: arguments of the event that draws it; the function takes a flag to skip first.
        files: arguments of the event that makes its downloads, if it has any.
    """

    parameters: Sequence[Parameter]
    inputs: Sequence[gr.components.Component]
    query: gr.Textbox
    event: dict[str, Any]
    files: dict[str, Any] | None = None

    def draw_on(self, triggers: Sequence[Any], skip: gr.State, link: gr.Textbox) -> Any:
        """Draw it at any of ``triggers``, and show its link."""
        return self.draw(functools.partial(gr.on, list(triggers)), skip, link)

    def draw(self, when: Any, skip: gr.State, link: gr.Textbox) -> Any:
        """Draw it after ``when`` (``button.click`` and the like), and show its link."""
        drawn = when(**{**self.event, "inputs": [skip, *self.event["inputs"]]})
        if self.files is not None:
            drawn.then(**self.files)
        return show_link(drawn, self.query, link)


def boxes(prefix: str, words: str, *, hint: bool = True) -> tuple[gr.HTML, gr.HTML]:
    """The boxes of a tab's answer: a note above, and the view.

    Args:
        prefix: of their ids.
        words: what the view says at first.
        hint: whether that is a sentence; else it is HTML.
    """
    note = gr.HTML("", elem_id=f"{prefix}-note")
    return note, gr.HTML(notes.empty(words) if hint else words, elem_id=f"{prefix}-view")


def event(
    function: Callable[..., Iterator[list[Any]]], inputs: Sequence[Any], outputs: Sequence[Any],
    progress: str = "minimal",
) -> dict[str, Any]:
    """Arguments of an event that calls a model: the last request of a page wins.

    Args:
        function: generator of values for the outputs, of what there is already first. Its first
            argument is a flag to skip, which it need not look at. A ValueError becomes a note and
            leaves what was shown, anything else is logged and becomes a note that says so.
        inputs: of the function, without the flag.
        outputs: first the note, then the view, then whatever else.
        progress: "full" covers the view while the model works, "minimal" leaves it to be read.
    """
    view = outputs[1]
    return {
        "fn": _guarded(function, len(outputs)), "inputs": list(inputs), "outputs": list(outputs),
        "api_visibility": "private", "show_progress_on": [view], "show_progress": progress,
        "trigger_mode": "always_last", **MODEL_EVENT,
    }


def shows_progress(function: Callable[..., Any]) -> Callable[..., Any]:
    """An event's function that shows in the page what it waits for, by its ``gr.Progress``."""

    @functools.wraps(function)  # Gradio looks for the progress among the arguments
    def run(*arguments: Any, **named: Any) -> Any:
        with listener(_progress_listener(arguments)):
            return function(*arguments, **named)

    return run


def _progress_listener(arguments: Sequence[Any]) -> Callable[[str], None] | None:
    for argument in arguments:
        if isinstance(argument, gr.Progress):
            return lambda words: argument(0.0, desc=words)
    return None


def _guarded(
    function: Callable[..., Iterator[list[Any]]], count: int
) -> Callable[..., Iterator[list[Any]]]:
    @functools.wraps(function)  # Gradio looks for the progress among the arguments
    def run(skip: bool, *arguments: Any) -> Iterator[list[Any]]:
        shown: list[Any] | None = None
        if skip:
            yield [gr.skip()] * count
            return
        teller, ticket, steps = (
            _progress_listener(arguments),
            RequestTicket(),
            function(skip, *arguments),
        )
        try:
            while True:
                with listener(teller, ticket):  # each step has a thread and a context of its own
                    step = next(steps, None)
                if step is None:
                    return
                shown = step
                yield step
        except ValueError as error:
            yield [notes.error(str(error)), _without_waiting(shown), *[gr.skip()] * (count - 2)]
        except Exception:
            _log.exception("%s failed", function.__module__)
            sentence = "This did not work, for a reason that the terminal tells; try another one."
            yield [notes.error(sentence), _without_waiting(shown), *[gr.skip()] * (count - 2)]

    return run


def _without_waiting(shown: list[Any] | None) -> Any:
    """What is on the page already, without the words that more is coming."""
    if shown is None:
        return gr.skip()
    instead = notes.empty("No answer here; the message above says why.")
    return re.sub(r'<div class="cd-empty">.*?</div>', lambda _: instead, str(shown[1]))


_ASK_ONCE = "(own, asked, first) => own || !first || first === '{}' ? asked : asked + 1"
"""A page that has its own link was drawn before; the one that the link opened draws itself."""


def connect(
    demo: gr.Blocks,
    tabs: gr.Tabs,
    tab: links.Choice,
    pages: Mapping[str, TabPage],
    link: gr.Textbox,
    note: gr.HTML,
) -> None:
    """Let tabs show their link and draw themselves once, and let a link restore the page.

    Args:
        demo: the app.
        tabs: whose tabs have the options of ``tab`` as ids.
        tab: the parameter that says which is open; those without a page are plain text.
        pages: by the id of the tab.
        link: box for the full link.
        note: for a sentence about a link that is not understood.
    """
    never = gr.State(False)
    first = gr.Textbox(visible="hidden")
    for child in tabs.children:
        name = str(child.id)
        if name not in pages:
            query = gr.Textbox(f"{tab.name}={name}", visible="hidden")
            child.select(fn=None, inputs=[query], outputs=[link], js=links.SHOW_JS,
                         api_visibility="private")
            continue
        page = pages[name]
        asked = gr.Number(0, visible="hidden")
        child.select(fn=None, inputs=[page.query], outputs=[link], js=links.SHOW_JS,
                     api_visibility="private")
        child.select(fn=None, inputs=[page.query, asked, first], outputs=[asked],
                     js=_ASK_ONCE.format(name), api_visibility="private")
        page.draw(asked.change, never, link)

    skips = {name: gr.State(True) for name in pages}

    def restore(request: gr.Request) -> list[Any]:
        query = {name: str(value) for name, value in dict(request.query_params).items()}
        chosen, problems = links.read([tab], query)
        values: list[Any] = []
        for name, page in pages.items():  # the link speaks of the tab it opens
            read, more = links.read(page.parameters, query if name == chosen[tab.name] else {})
            problems += [problem for problem in more if problem not in problems]
            values += [value == "yes" if isinstance(component, gr.Checkbox) else value
                       for value, component in zip(read.values(), page.inputs, strict=True)]
        return [
            gr.Tabs(selected=chosen[tab.name]), chosen[tab.name],
            notes.warning(" ".join(problems)) if problems else "",
            *values, *(name != chosen[tab.name] for name in pages),
        ]

    opened = demo.load(
        restore, None,
        [tabs, first, note, *(c for page in pages.values() for c in page.inputs), *skips.values()],
        api_visibility="private", show_progress="hidden", concurrency_limit=8,
    )
    for name, page in pages.items():
        opened = page.draw(opened.then, skips[name], link)
