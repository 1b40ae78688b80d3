"""What the pages about an image have in common: its choice, its observation, what draws them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from apps.reionization import inputs, observing
from apps.reionization.inputs import InputControls
from apps.reionization.observing import ObserveControls
from apps.reionization.state import PARAMETERS
from apps.shared.page.download_row import DownloadRow
from apps.shared.page.events import Components, Values
from apps.shared.page.pages import TabPage, event

__all__ = ["InputPage", "build"]


@dataclass(frozen=True)
class InputPage:
    """The settings of a page about an image.

    Attributes:
        name: id of its tab.
        image: the choice of the image.
        observe: how it is, or was, observed.
    """

    name: str
    image: InputControls
    observe: ObserveControls

    def connect(
        self, draw: Callable[..., Iterator[Values]], answer: Components, link: gr.Textbox,
        triggers: Sequence[Any], *, more: Components | None = None,
        downloads: DownloadRow | None = None, previews: bool = False,
    ) -> TabPage:
        """Draw the page at every change of its settings, and after an upload.

        Args:
            draw: gets the parameters of the link, and the file, by name.
            answer: the boxes of the answer.
            link: box of the full link.
            triggers: further events after which it is drawn.
            more: components of further parameters of the link.
            downloads: the files of the answer.
            previews: whether the view shows an answer for the defaults before it was drawn.
        """
        linked = {**self.image.linked(), **self.observe.linked(), **(more or {})}
        drawn = event(draw, {**linked, **self.image.unlinked()}, answer)
        page = TabPage(PARAMETERS[self.name], linked, drawn, downloads, previews=previews)
        page.draw_on([*triggers, *self.image.triggers(), *self.observe.triggers()], link)
        page.draw(self.image.uploaded, link)
        return page


def build(name: str, first: tuple[str, str], **image: Any) -> InputPage:
    """Lay the settings out, inside the column that is open.

    Args:
        name: id of the tab.
        first: (words, value) of the choice beside "Upload a file".
        image: see :func:`apps.reionization.inputs.build`.
    """
    controls = inputs.build(f"re-{name}", first, **image)
    return InputPage(name, controls, observing.build(f"re-{name}", controls.kind, controls.source))
