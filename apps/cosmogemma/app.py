"""CosmoGemma: questions about cosmology, answered with their sources beside them."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from apps.cosmogemma import endpoints
from apps.cosmogemma.pages import about, ask, brainstorm, library, quiz
from apps.cosmogemma.state import PAGE
from apps.shared.assistant import models, turns
from apps.shared.page import notes
from apps.shared.page.frame import frame
from apps.shared.page.pages import connect
from apps.shared.static_files import static
from core.literature.library.browse import browsed

__all__ = ["CSS", "TITLE", "build"]

TITLE = "CosmoGemma"

CSS = static("assistant/sources.css") + static("cosmogemma/app.css")

_HEADING = f"""# CosmoGemma
<p class="cg-line">Answers quoted from a library that names its papers, or computed; else written by
a small model (Gemma 3 270M, changed here; {about.terms_link("Gemma Terms of Use")}): check
those.</p>
"""


def build() -> gr.Blocks:
    """The app. The model is opened when a page is first opened, not here."""
    with frame(TITLE, _HEADING, CSS, "cg") as page:
        note = page.note()
        pages = {}
        with page.tabs("ask") as tabs:
            with gr.Tab("Ask", id="ask"):
                pages["ask"] = ask.build(page.link)
            with gr.Tab("Multiple choice", id="quiz"):
                pages["quiz"] = quiz.build(page.link)
            with gr.Tab("Brainstorm", id="brainstorm"):
                pages["brainstorm"] = brainstorm.build(page.link)
            with gr.Tab("Library", id="library"):
                pages["library"] = library.build(page.link)
            with gr.Tab("About", id="about"):
                about.build()
        status = gr.HTML("", elem_id="cg-status")
        page.demo.load(_warm, None, [status], api_visibility="private", show_progress="hidden",
                       **turns.EVENT)
        for script in ("cosmogemma/examples.js", "cosmogemma/newest.js"):
            page.demo.load(fn=None, js=static(script), api_visibility="private")
        box = pages["ask"].inputs["q"]
        page.demo.load(fn=None, inputs=[box], outputs=[box], api_visibility="private",
                       js=static("cosmogemma/presses.js"))
        page.demo.unload(_left)
        endpoints.serve()
        connect(page.demo, tabs, PAGE, pages, page.link, note)
    return page.demo


def _warm() -> Iterator[str]:
    """Open the model as soon as somebody is here, and say how it goes."""
    try:
        for seconds in models.loading(1.0):
            yield _line(f"The language model is being opened ({seconds:.0f} s)…")
        yield _line(models.status())
        models.cosmogemma().warm()
        browsed("cosmology")  # the words of all passages are read once, before somebody searches
    except models.MissingModelError as error:
        yield notes.error(str(error))


def _line(words: str) -> str:
    return f'<p class="cg-line" role="status">{words}</p>'


def _left(request: gr.Request) -> None:
    """Whoever closes the page wants no more of the answer."""
    for visitor in (request.session_hash, quiz.visitor(request), brainstorm.visitor(request)):
        turns.stop(visitor, forget=True)
