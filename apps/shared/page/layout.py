"""The pieces every page is laid out with: a column of settings, panels, tables, the link's box."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apps.shared.page import links

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

CSS = """
.cd-grid { display: grid; gap: 14px; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.cd-grid > * { min-width: 0; }
.cd-button-row { align-items: flex-start; }
.cd-button-row > button { align-self: center; }
.cd-words { padding-left: 1.1em; line-height: 1.5; }
.cd-words li { margin-bottom: 0.6em; }
.cd-table { border-collapse: collapse; margin: 0.4em 0 1em; }
.cd-table caption { text-align: left; padding-bottom: 0.3em; color: var(--body-text-color); }
.cd-table { min-width: 480px; overflow-wrap: normal; }
.cd-table, .cd-table :is(thead, tbody, tr) { border: 0 !important; }
.cd-table th, .cd-table td { border: 0 solid var(--border-color-primary) !important;
  border-bottom-width: 1px !important; padding: 0.35em 1.1em 0.35em 0 !important;
  text-align: left; color: var(--body-text-color); }
.cd-card table { display: block; overflow-x: auto; contain: inline-size; width: 100%; }
.cd-card :is(th, td) { overflow-wrap: normal; }
@media (max-width: 700px) { .cd-side { flex-grow: 1 !important; width: 100%; } }
"""


def settings_column() -> gr.Column:
    """The column of settings, inside a row; :func:`answer_column` stands beside it."""
    import gradio as gr

    return gr.Column(scale=0, min_width=290, elem_classes=SIDE)


def answer_column() -> gr.Column:
    """The column of what the settings give."""
    import gradio as gr

    return gr.Column(scale=1, min_width=320)


def titled(label: str) -> str:
    """A label as the heading of what follows; text, not HTML."""
    return f"<p><strong>{html.escape(label)}</strong></p>"


def grid(*panels: str) -> str:
    """Panels side by side where there is room, below one another on a phone."""
    return '<div class="cd-grid">' + "".join(panels) + "</div>"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column names the rows; it scrolls by itself on a narrow screen.

    Args:
        caption: what it shows.
        head: of the columns after the first.
        rows: the name of a row and its cells; all of it text, none of it HTML.
    """
    top = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(row[0])}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="cd-scroll" {SCROLLS}><table class="cd-table">'
        f"<caption>{html.escape(caption)}</caption>"
        f"<thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def show_link(
    event: Any, query_box: gr.Textbox, link: gr.Textbox, js: str = links.SHOW_JS
) -> Any:
    """After ``event``, put the query into the address bar and the link into its box."""
    return event.then(
        fn=None, inputs=[query_box], outputs=[link], js=js, api_visibility="private"
    )
