"""The pieces every page is laid out with: a column of settings, panels, tables, the link's box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apps.shared.page import links
from apps.shared.static_files import Html, joined, markup, static, template

if TYPE_CHECKING:
    import gradio as gr

__all__ = [
    "CARD",
    "CSS",
    "SCROLLS",
    "SIDE",
    "answer_column",
    "grid",
    "settings_column",
    "show_link",
    "table",
    "titled",
]

SIDE = "cd-side"
"""Class of a column of settings: beside the result, or above it on a phone."""

CARD = "cd-card"
"""Class of Markdown whose tables scroll sideways by themselves."""

SCROLLS = 'tabindex="0" role="group" aria-label="Scrolls sideways"'
"""Attributes of what scrolls on a narrow screen, so that a keyboard can scroll it too."""

CSS = static("page/layout.css")


def settings_column() -> gr.Column:
    """The column of settings, inside a row; :func:`answer_column` stands beside it."""
    import gradio as gr

    return gr.Column(scale=0, min_width=290, elem_classes=SIDE)


def answer_column() -> gr.Column:
    """The column of what the settings give."""
    import gradio as gr

    return gr.Column(scale=1, min_width=320)


def titled(label: str) -> Html:
    """A label as the heading of what follows; text, not HTML."""
    return markup("<p><strong>$label</strong></p>", label=label)


def grid(*panels: str) -> str:
    """Panels side by side where there is room, below one another on a phone."""
    return '<div class="cd-grid">' + "".join(panels) + "</div>"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """A table whose first column names the rows; it scrolls by itself on a narrow screen.

    Args:
        caption: what it shows.
        head: of the columns after the first.
        rows: the name of a row and its cells; all of it text, none of it HTML.
    """
    titles = joined(markup('<th scope="col">$name</th>', name=name) for name in head)
    body = joined(
        markup('<tr><th scope="row">$name</th>$cells</tr>', name=row[0],
               cells=joined(markup("<td>$cell</td>", cell=cell) for cell in row[1:]))
        for row in rows
    )
    return template("page/table.html", scrolls=Html(SCROLLS), caption=caption, head=titles,
                    body=body)


def show_link(
    event: Any, query_box: gr.Textbox, link: gr.Textbox, js: str = links.SHOW_JS
) -> Any:
    """After ``event``, put the query into the address bar and the link into its box."""
    return event.then(
        fn=None, inputs=[query_box], outputs=[link], js=js, api_visibility="private"
    )
