"""A row of buttons for the files of a page's answer, and the event that makes those files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import gradio as gr

from apps.shared import downloads
from apps.shared.page.events import Values, named

__all__ = ["MAP_FILES", "DownloadRow", "download_row"]

MAP_FILES = ("npy", "npz", "fits", "png")
"""Endings of the files of a map or an image."""

_LABELS = {"fits": "FITS", "png": "PNG"}


@dataclass(frozen=True)
class DownloadRow:
    """The buttons and what fills them.

    Attributes:
        buttons: by the ending of their file, such as "fits".
        shown: what the page shows now; None while there is nothing to take away.
        files: takes what ``shown`` holds, and gives content by file name, one file a button.
    """

    buttons: dict[str, gr.DownloadButton]
    shown: gr.State
    files: Callable[[Any], dict[str, bytes]]

    @property
    def waiting(self) -> Values:
        """Values of the buttons until the files of a new answer are made: pressed by nobody.

        They are asked for while a page is laid out, where a component would become a part of it.
        """
        return {ending: gr.update(interactive=False) for ending in self.buttons}

    @property
    def event(self) -> dict[str, Any]:
        """Arguments of the event that makes the files; it comes after the answer.

        An answer that comes while they are made has its own made afterwards: by default Gradio
        would drop that, and the buttons would stay as they are while they wait.
        """
        return {
            **named(self._make, {"shown": self.shown}, self.buttons), "trigger_mode": "always_last",
            "api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 2,
        }

    def _make(self, values: Values) -> Values:
        if values["shown"] is None:
            return {}
        paths = downloads.to_files(self.files(values["shown"]))
        return {
            PurePath(path).suffix.removeprefix("."): gr.DownloadButton(value=path, interactive=True)
            for path in paths
        }


def download_row(
    prefix: str, endings: Sequence[str], files: Callable[[Any], dict[str, bytes]]
) -> DownloadRow:
    """Lay the buttons out in a row; the state that holds what is shown stands beside them.

    Args:
        prefix: of the buttons' ids: "hi" makes hi-download-npy.
        endings: of the files, one a button.
        files: see :class:`DownloadRow`.
    """
    with gr.Row():
        buttons = {
            ending: gr.DownloadButton(
                _LABELS.get(ending, f".{ending}"), size="sm", min_width=90, interactive=False,
                elem_id=f"{prefix}-download-{ending}",
            )
            for ending in endings
        }
    return DownloadRow(buttons, gr.State(None), files)
