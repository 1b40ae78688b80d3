"""What the pages about a map have in common: its choice, what draws them anew, their link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from apps.hi_maps import models
from apps.hi_maps.inputs import InputControls
from apps.hi_maps.pages.generate import query as generate_query
from apps.hi_maps.state import PARAMETERS
from apps.shared.page import links
from apps.shared.page.events import Components, Values
from apps.shared.page.pages import TabPage, event

__all__ = ["InputPage", "build", "query"]


class InputPage(TabPage):
    """A tab about a map."""

    def settings(self, values: Values) -> Values:
        """As of every tab; a simulation that does not exist is the last one."""
        last = max(1, len(models.example_files()))
        return super().settings({**values, "example": min(values["example"], last)})


def build(
    name: str, draw: Callable[..., Iterator[Values]], controls: InputControls, more: Components,
    answer: Components, *, shown: gr.State, link: gr.Textbox, triggers: Sequence[Any],
) -> InputPage:
    """Draw the page at every change of its settings.

    Args:
        name: id of its tab.
        draw: gets the parameters of the link, the file and what is shown on the Generate page, by
            name.
        controls: the choice of the map.
        more: components of the further parameters of the link.
        answer: the boxes of the answer.
        shown: what is shown on the Generate page.
        link: box of the full link.
        triggers: further events after which it is drawn.
    """
    linked = {**controls.linked(), **more}
    drawn = event(draw, {**linked, **controls.unlinked(), "shown": shown}, answer, progress="full")
    page = InputPage(PARAMETERS[name], linked, drawn)
    page.draw_on([*triggers, *controls.triggers()], link)
    return page


def query(name: str, values: Values) -> str:
    """The query of such a page: the maps of the Generate page, then what it chose of them.

    Args:
        name: id of the tab.
        values: of the page; a choice that the source of the map does not need is left out.
    """
    unused = {"shown": {"example"}, "example": {"map"}}.get(values["source"], {"map", "example"})
    chosen = {key: value for key, value in values.items()
              if key not in unused and value is not None}
    return f"{generate_query(name, values['shown'])}&{links.write(PARAMETERS[name], chosen)}"
