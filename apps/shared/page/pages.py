"""How a page is built: tabs that draw themselves when the link asks for them or they are opened.

A tab lays its components out, names them, and hands them to a function that gets and gives values
by name; nothing depends on an order::

    def build(link):
        z = gr.Number(8.0, label="Redshift")
        file = gr.File()
        button = gr.Button("Infer")
        answer = boxes("re-fraction", "No image yet.")
        page = TabPage(
            PARAMETERS["fraction"],                # Real("z", ...): what a link says
            {"z": z},                              # the component of each parameter
            event(_draw, {"z": z, "file": file}, answer),
        )
        page.draw_on([button.click, z.submit], link)
        return page

    def _draw(values: Values, progress: gr.Progress = gr.Progress()) -> Iterator[Values]:
        query = links.query("fraction", PARAMETERS["fraction"], values)
        yield {"note": "", "view": "…", "query": query}

:func:`connect` then lets all tabs of an app show their links, draw themselves once, and be restored
by a link.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import gradio as gr

from apps.shared.compute.requests import (
    NOBODY,
    RequestCancelledError,
    RequestTicket,
    current_ticket,
    listener,
    newest,
)
from apps.shared.page import fields, links, notes
from apps.shared.page.download_row import DownloadRow
from apps.shared.page.events import Components, Values, named
from apps.shared.page.layout import show_link
from apps.shared.page.links import Parameter
from apps.shared.static_files import static

__all__ = ["MODEL_EVENT", "PageEvent", "TabPage", "boxes", "connect", "event",
           "open_named_tab", "restored"]

MODEL_EVENT: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 100}
"""For events that call a model of :mod:`apps.shared.compute.executor`: more come in than it serves,
so that the page can say what they wait for; beyond that, Gradio's queue shows a number."""

_NO_ANSWER = "No answer here; the message above says why."
_FAILED = "This did not work; see the server log, or try another one."

_log = logging.getLogger(__name__)


def boxes(prefix: str, words: str, *, hint: bool = True) -> dict[str, gr.HTML]:
    """The boxes of a tab's answer by name: a "note" above, and the "view".

    Args:
        prefix: of their ids.
        words: what the view says at first.
        hint: whether that is a sentence; else it is HTML.
    """
    return {
        "note": gr.HTML("", elem_id=f"{prefix}-note", elem_classes="cd-notes"),
        "view": gr.HTML(notes.empty(words) if hint else words, elem_id=f"{prefix}-view"),
    }


@dataclass(frozen=True)
class PageEvent:
    """A function of a page, what goes into it and what it sets; made by :func:`event`.

    Attributes:
        function: generator of values for the outputs by name.
        inputs: the components whose values it gets.
        outputs: the components that it may set.
        settings: further arguments of the Gradio event.
    """

    function: Callable[..., Iterator[Values]]
    inputs: Components
    outputs: Components
    settings: Mapping[str, Any]

    def arguments(
        self, skip: gr.State | None = None, more: Components | None = None,
        beside: Values | None = None,
    ) -> dict[str, Any]:
        """Arguments of a Gradio event, as in ``button.click(**event(...).arguments())``.

        Args:
            skip: nothing happens while it holds true.
            more: further outputs.
            beside: values of outputs that go with everything the function yields.
        """
        inputs = dict(self.inputs) if skip is None else {**self.inputs, _SKIP: skip}
        outputs = {**self.outputs, **(more or {})}
        emptied: Values = {"view": notes.empty(_NO_ANSWER)} if "view" in outputs else {}
        if "shown" in outputs:
            emptied["shown"] = None
        function = _guarded(self.function, beside or {}, emptied)
        return {**named(function, inputs, outputs), **self.settings}


_SKIP = "skip"


def event(
    function: Callable[..., Iterator[Values]], inputs: Components, outputs: Components,
    progress: str = "minimal", **settings: Any,
) -> PageEvent:
    """An event that calls a model: the last request of a page wins.

    Args:
        function: generator; it gets the values of ``inputs`` by name, then what Gradio gives by
            type (gr.Progress, gr.Request), and yields values of ``outputs`` by name, of what there
            is already first. A ValueError becomes the "note", anything else is logged and becomes
            a note that says so; no older answer stays beside either. While it waits for a model,
            its progress says what for. A newer request of the page takes its place in the queue;
            then it shows nothing any more.
        inputs: components by name.
        outputs: components by name: the "note", the "view", and whatever else.
        progress: "full" covers the view while the model works, "minimal" leaves it to be read.
        settings: arguments of the Gradio event that are to be other than those of a model's.
    """
    fields.take_as_typed(inputs)

    def checked(values: Values, *arguments: Any) -> Iterator[Values]:
        fields.check(inputs, values)
        yield from function(values, *arguments)

    functools.update_wrapper(checked, function)  # Gradio looks at what it was given
    shown_on = [outputs["view"]] if "view" in outputs else None
    return PageEvent(checked, inputs, outputs, {
        "api_visibility": "private", "show_progress_on": shown_on, "show_progress": progress,
        "trigger_mode": "multiple", **MODEL_EVENT, **settings,
    })


def _guarded(
    function: Callable[..., Iterator[Values]], beside: Values, emptied: Values
) -> Callable[..., Iterator[Values]]:
    @functools.wraps(function)  # Gradio looks for the progress among the arguments
    def run(values: Values, *arguments: Any) -> Iterator[Values]:
        if values.pop(_SKIP, False):
            yield {}
            return
        ticket = current_ticket()
        shown: Values = {}
        try:
            with newest((inspect.unwrap(function), _page_of(ticket)), ticket):
                notify = _progress_listener(arguments)
                for step in _steps(function(values, *arguments), notify, ticket):
                    shown |= step
                    yield {**beside, **step}
        except RequestCancelledError:
            yield {}
        except GeneratorExit:
            raise
        except BaseException as error:  # native code panics by what is no Exception
            yield {**beside, **emptied, "note": notes.failure(error, _FAILED, _log),
                   **_without_waiting(shown)}

    return run


def _page_of(ticket: RequestTicket) -> object:
    """What tells the page of a request from others: without a visitor, the request itself."""
    return ticket if ticket.visitor == NOBODY else ticket.visitor


def _steps(
    steps: Iterator[Values], notify: Callable[[str], None] | None, ticket: RequestTicket
) -> Iterator[Values]:
    """What a function yields, as long as somebody wants it.

    Raises:
        RequestCancelledError: instead of what nobody wants to see any more.
    """
    while True:
        with listener(notify, ticket):  # each step has a thread and a context of its own
            step = next(steps, None)
        if step is None:
            return
        ticket.check()
        yield step


def _progress_listener(arguments: Sequence[Any]) -> Callable[[str], None] | None:
    for argument in arguments:
        if isinstance(argument, gr.Progress):
            return lambda words: argument(0.0, desc=words)
    return None


def _without_waiting(shown: Values) -> Values:
    """What is on the page already, without the words that more is coming."""
    if "view" not in shown:
        return {}
    instead = notes.empty(_NO_ANSWER)
    view = re.sub(r'<div class="cd-empty">.*?</div>', lambda _: instead, str(shown["view"]))
    return {"view": view}


@dataclass
class TabPage:
    """A tab.

    Attributes:
        parameters: of its link.
        inputs: the component of each parameter, by the parameter's name.
        event: draws it; it yields the "query" of what is shown beside its own outputs.
        downloads: the files of what is shown, if it has any; the event sets "shown".
        query: hidden box with the query of what is shown; empty until it was drawn.
        leads: it is drawn whenever the app opens, and before the others, which may need what it
            shows; its parameters are part of their links.
    """

    parameters: Sequence[Parameter]
    inputs: Components
    event: PageEvent
    downloads: DownloadRow | None = None
    query: gr.Textbox = field(default_factory=lambda: gr.Textbox(visible="hidden"))
    leads: bool = False

    previews: bool = False
    """Whether its view shows an answer for the defaults before it was drawn."""

    starts: ClassVar[bool] = True
    """Whether it draws itself when it is opened; else only what is pressed, or a link, draws it."""

    def __post_init__(self) -> None:
        if {parameter.name for parameter in self.parameters} != set(self.inputs):
            raise ValueError(f"A tab's inputs are its link's parameters, not {list(self.inputs)}.")

    def draw_on(self, triggers: Sequence[Any], link: gr.Textbox) -> Any:
        """Draw it at any of ``triggers``, and show its link."""
        return self.draw(functools.partial(gr.on, list(triggers)), link)

    def draw(
        self, when: Any, link: gr.Textbox, skip: gr.State | None = None, js: str = links.SHOW_JS
    ) -> Any:
        """Draw it after ``when`` (``button.click`` and the like), and show its link.

        Args:
            when: takes the arguments of an event.
            link: box of the full link.
            skip: nothing is drawn while it holds true.
            js: takes the query, shows it, and returns the link.
        """
        more: dict[str, Any] = {"query": self.query}
        beside: Values = {}
        if self.downloads is not None:
            more |= {"shown": self.downloads.shown, **self.downloads.buttons}
            beside = self.downloads.waiting
        drawn = when(**self.event.arguments(skip, more, beside))
        if self.downloads is not None:
            drawn.then(**self.downloads.event)
        show_link(drawn, self.query, link, js)
        return drawn

    def show_link_early(self, link: gr.Textbox, tab: str | None) -> None:
        """Show the link as soon as it is known, while the rest of the answer is still computed.

        Args:
            link: box of the full link.
            tab: its own id if it leads.
        """
        self.query.change(fn=None, inputs=[self.query], outputs=[link], api_visibility="private",
                          js=links.SHOW_JS if tab is None else links.show_js_of(tab))

    # What a page may do otherwise when a link is restored; see :func:`connect`.

    def settable(self) -> Components:
        """What a link sets, by name."""
        return self.inputs

    def settings(self, values: Values) -> Values:
        """What these are set to by the values of a link.

        Args:
            values: of :attr:`parameters`, each within its range.
        """
        return {
            name: value == "yes" if isinstance(self.inputs[name], gr.Checkbox) else value
            for name, value in values.items()
        }

    def restore(self, when: Any, link: gr.Textbox, skip: gr.State | None, tab: str) -> Any:
        """Draw it after ``when``, which set the components as the link says.

        Args:
            when: takes the arguments of an event.
            link: box of the full link.
            skip: holds true while another tab is open.
            tab: its own id.
        """
        return self.draw(when, link, skip, links.show_js_of(tab) if self.leads else links.SHOW_JS)


def restored(
    tab: links.Choice, pages: Mapping[str, TabPage], query: Mapping[str, str]
) -> tuple[str, dict[str, Values], list[str]]:
    """What a link says.

    Args:
        tab: the parameter that says which tab is open.
        pages: by the id of the tab.
        query: name to text, as the browser sent it.

    Returns:
        (id of the tab that it opens; what the components of each page are set to, by name, the
        defaults where the link does not speak of that page; a sentence for each problem).
    """
    read, problems = links.read([tab], query)
    opened = str(read[tab.name])
    settings = {}
    for name, page in pages.items():  # the link speaks of the tab it opens
        own = query if page.leads or name == opened else {}
        values, more = links.read(page.parameters, own)
        problems += [problem for problem in more if problem not in problems]
        settings[name] = page.settings(values)
    return opened, settings, problems


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
    leader = next((page for page in pages.values() if page.leads), None)
    opened_with = gr.Textbox(visible="hidden")  # the tab that the link opened
    for child in tabs.children:
        name = str(child.id)
        page = pages.get(name)
        first = gr.Textbox(f"{tab.name}={name}", visible="hidden")
        query = first if page is None else page.query
        leading = first if leader is None else leader.query
        child.select(fn=None, inputs=[query, leading], outputs=[link],
                     js=links.show_js_when_opened(name), api_visibility="private")
        if page is not None:
            page.show_link_early(link, name if page.leads else None)
        if page is not None and page.starts and page is not leader:
            ready = opened_with if leader is None else leader.query
            _draw_when_opened(child, name, page, [ready, opened_with], link)
    _restore_from_link(demo, tabs, tab, pages, link, note, opened_with)


def open_named_tab(demo: gr.Blocks, tabs: gr.Tabs, tab: links.Choice) -> None:
    """Open the tab that the address names, in the browser and before the server has answered.

    Args:
        demo: the app.
        tabs: whose tabs have the options of ``tab`` as ids.
        tab: the parameter that says which is open.
    """
    script = static("frame/open_tab.js").replace("TABS", json.dumps(list(tab.options)))
    demo.load(fn=None, outputs=[tabs], js=script.replace("FIRST", tab.default),
              api_visibility="private")


def _draw_when_opened(
    child: gr.Tab, name: str, page: TabPage, ready: Sequence[gr.Textbox], link: gr.Textbox
) -> None:
    asked = gr.Number(0, visible="hidden")
    triggers = [child.select, *(box.change for box in dict.fromkeys(ready))]
    gr.on(triggers, fn=None, inputs=[page.query, *ready, asked], outputs=[asked],
          js=static("page/ask_once.js").replace("TAB", name), api_visibility="private")
    page.draw(asked.change, link)


def _restore_from_link(
    demo: gr.Blocks, tabs: gr.Tabs, tab: links.Choice, pages: Mapping[str, TabPage],
    link: gr.Textbox, note: gr.HTML, opened_with: gr.Textbox,
) -> None:
    """When the app opens: set the components as the link says, then draw what it shows."""
    skips = {name: gr.State(True) for name, page in pages.items() if not page.leads}
    open_named_tab(demo, tabs, tab)
    outputs: dict[str, Any] = {"opened_with": opened_with, "note": note}
    outputs |= {f"skip {name}": skip for name, skip in skips.items()}
    for name, page in pages.items():
        outputs |= {f"{name}.{one}": component for one, component in page.settable().items()}

    previews = [name for name, page in pages.items() if page.previews]
    outputs |= {f"{name} view": pages[name].event.outputs["view"] for name in previews}

    def restore(_: Values, request: gr.Request) -> Values:
        """What the link says; what it does not speak of may have been typed in the meantime."""
        query = {name: str(value) for name, value in dict(request.query_params).items()}
        opened, settings, problems = restored(tab, pages, query)
        unsaid = {
            (name, parameter.name) for name, page in pages.items() for parameter in page.parameters
            if parameter.name not in query or not (page.leads or name == opened)
        }
        return {
            "opened_with": opened,
            "note": notes.warning(" ".join(problems)) if problems else "",
            **{f"skip {name}": name != opened for name in skips},
            **{f"{name}.{one}": value if (name, one) not in unsaid else gr.skip()
               for name, values in settings.items() for one, value in values.items()},
            **{f"{name} view": notes.empty("Drawing what the link asks for…")
               for name in previews if _asks_for_another(pages[name], query)},
        }

    opened = demo.load(**named(restore, {}, outputs), api_visibility="private",
                       show_progress="hidden", concurrency_limit=8)
    for name, page in sorted(pages.items(), key=lambda item: not item[1].leads):
        drawn = page.restore(opened.then, link, skips.get(name), name)
        opened = drawn if page.leads else opened


def _asks_for_another(page: TabPage, query: Mapping[str, str]) -> bool:
    """Whether a link asks a page for something else than its defaults."""
    values, _ = links.read(page.parameters, query)
    return any(values[one.name] != one.default for one in page.parameters)
