"""A page that answers when it is asked, by a press or by a link that says what; never by itself.

What a link asks comes from the server, after the page is there. Whoever types or presses in the
meantime was first: nothing typed is overwritten, and the link asks no more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import gradio as gr

from apps.shared.assistant import turns
from apps.shared.page.events import QUICK, Components, Values
from apps.shared.page.pages import TabPage
from apps.shared.static_files import static

__all__ = ["AskedPage", "when_asked"]

LINKED = "linked"
"""Name of the value that says what the link asks, among those of an event; empty after a press."""


@dataclass
class AskedPage(TabPage):
    """A tab of which one text is the question.

    Attributes:
        question: name of that text among the parameters.
        linked: hidden box of what the link asks.
        fills: whether the box of the question is to hold it then.
    """

    starts: ClassVar[bool] = False

    question: str = "q"
    fills: bool = True
    linked: gr.Textbox = field(default_factory=lambda: gr.Textbox(visible="hidden"))

    def settable(self) -> Components:
        """As of every tab; the question goes by :attr:`linked`."""
        return {**super().settable(), self.question: self.linked}

    def restore(self, when: Any, link: gr.Textbox, skip: gr.State | None, tab: str) -> Any:
        """Ask what the link asks, unless the visitor was quicker."""
        box = self.inputs[self.question]
        in_browser = {key: value for key, value in QUICK.items() if key != "queue"}
        if self.fills:
            self.linked.change(fn=None, inputs=[self.linked, box], outputs=[box],
                               js=static("cosmogemma/fill_linked.js"), **in_browser)
        first = when(fn=None, inputs=[self.linked, box], outputs=[self.linked],
                     js=static("cosmogemma/linked.js"), **in_browser)
        asking = replace(self.event, inputs={**self.event.inputs, LINKED: self.linked})
        return replace(self, event=asking).draw(first.then, link, skip)


def when_asked(
    function: Callable[..., Iterator[Values]], query: Callable[[Values], str],
    visitor: Callable[[gr.Request], str], question: str = "q",
) -> Callable[..., Iterator[Values]]:
    """A page's function, for presses and for a link: where the link asks nothing, it says nothing.

    Args:
        function: answers the question among its values.
        query: of the link to the page as it is, from the same values.
        visitor: under which its requests run; one that runs already was pressed before the link
            came, and goes on.
        question: name of the question.
    """

    @functools.wraps(function)
    def asked(values: Values, request: gr.Request) -> Iterator[Values]:
        if LINKED not in values:
            yield from function(values, request)
            return
        linked = values.pop(LINKED) or ""
        if linked.strip() and not turns.running(visitor(request)):
            yield from function({**values, question: linked}, request)
        else:
            yield {"query": query(values)}

    return asked
