"""The frame of every app: the bar, the heading, the tabs and the box with the link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gradio as gr

from apps.shared.page import layout, notes, spoken, studio, theme
from apps.shared.static_files import static

__all__ = ["Frame", "frame"]


@dataclass(frozen=True)
class Frame:
    """What an app is put into.

    Attributes:
        demo: the app.
        link: box for the full link to what is shown; it stands below everything else.
        prefix: of the ids of the app's elements.
    """

    demo: gr.Blocks
    link: gr.Textbox
    prefix: str

    def note(self) -> gr.HTML:
        """A box for one sentence to the reader; empty at first."""
        return gr.HTML("", elem_id=f"{self.prefix}-note", padding=False,
                       elem_classes="cd-notes")

    def tabs(self, first: str) -> gr.Tabs:
        """The tabs, of which that with the id ``first`` is open."""
        return gr.Tabs(selected=first, elem_id=f"{self.prefix}-tabs")


@contextmanager
def frame(title: str, heading: str, css: str, prefix: str) -> Iterator[Frame]:
    """Build an app inside of it; models load when they are first needed, not here.

    Args:
        title: of the app, for the browser's tab.
        heading: Markdown at the top, beginning with a heading of the first level.
        css: what the app needs beside the style that all share.
        prefix: of the ids of its elements.
    """
    style = theme.CSS + studio.CSS + notes.CSS + layout.CSS + css
    with gr.Blocks(title=f"{title} · CosmoDesk", analytics_enabled=False,
                   delete_cache=(3600, 3600)) as demo:
        gr.HTML(f"<style>{style}</style>{studio.bar()}", padding=False, elem_classes="cd-top")
        gr.Markdown(heading, elem_id=studio.MAIN)
        link = gr.Textbox(
            label="Link to the current view", buttons=["copy"], interactive=False,
            elem_id=f"{prefix}-link", max_lines=1, render=False,
        )
        for script in (static("frame/tab_keys.js"), static("frame/history.js"),
                       static("frame/server.js"), static("frame/names.js"), spoken.JS):
            demo.load(fn=None, js=script, api_visibility="private")
        yield Frame(demo, link, prefix)
        link.render()
