"""Page "Library": the passages that CosmoGemma quotes from, to be read like a book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import gradio as gr

from apps.cosmogemma.state import PARAMETERS, link_query
from apps.shared.assistant import models, turns
from apps.shared.assistant.sources import link, waiting
from apps.shared.page.events import Values
from apps.shared.page.layout import SIDE
from apps.shared.page.pages import TabPage, event
from apps.shared.page.untrusted import LATEX, math_html
from core.literature.library.browse import TOPICS, browsed, topics
from core.literature.library.primer import Passage

__all__ = ["build"]

_MOST = 40
_NEAREST = 20
_WORDS = """What CosmoGemma quotes from: passages written for this project, most with the papers
that they rest on."""
_HINT = "Look for words, or read a topic from its beginning."
_NONE = "No passage bears on these words; try others, or another topic."


def build(shared: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_WORDS)
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            search = gr.Textbox(label="Look for", lines=1, max_lines=1, submit_btn="Search",
                                placeholder="a term, a survey, a question",
                                elem_id="cg-library-search")
            choices = [("All topics", ""), *((f"{TOPICS[name]} ({count})", name)
                                             for name, count in topics().items())]
            topic = gr.Dropdown(choices, value="", label="Topic", elem_id="cg-library-topic")
        with gr.Column(scale=1, min_width=320):
            note = gr.HTML("", elem_id="cg-library-note", elem_classes="cd-notes")
            view = gr.Markdown(waiting(_HINT), elem_id="cg-library-view", latex_delimiters=LATEX)
    inputs = {"search": search, "topic": topic}
    page = TabPage(PARAMETERS["library"], inputs,
                   event(_read, inputs, {"note": note, "view": view}, **turns.EVENT))
    page.draw_on([search.submit, topic.input], shared)
    return page


def _read(values: Values) -> Iterator[Values]:
    search, topic = str(values["search"] or ""), str(values["topic"] or "")
    found = browsed(search, topic)
    most = _NEAREST if search else len(found) if topic else _MOST
    yield {"note": "", "view": _cards(found, most, bool(search)) if found else waiting(_NONE),
           "query": link_query("library", {"search": search or None, "topic": topic or None})}


def _cards(found: Sequence[Passage], most: int, searched: bool) -> str:
    cards = "".join(_card(passage, searched and place == 0)
                    for place, passage in enumerate(found[:most]))
    count = _count(len(found), most, searched)
    return f'<div class="cg-cards"><p class="cg-line">{count}</p>{cards}</div>'


def _count(found: int, most: int, searched: bool) -> str:
    """How many there are, and which of them stand below."""
    passages = f"{found:,} passage{'s' if found != 1 else ''}"
    if searched:
        return f"{passages} bear{'s' if found == 1 else ''} on these words, the nearest first" + (
            f"; here are {most}." if found > most else ".")
    return passages + (f", of which these are the first {most}; look for words, or choose a topic, "
                       "which is shown whole." if found > most else ".")


def _card(passage: Passage, opened: bool) -> str:
    rests = ", ".join(link(id, models.reference(id)) for id in passage.references)
    where = f"{TOPICS[passage.topic]}{f' · after {rests}' if rests else ''}"
    return (f'<details class="cg-source"{" open" if opened else ""}><summary>'
            f"{math_html(passage.title)}</summary><p class='cg-where'>{where}</p>"
            f"<p class='cg-text'>{math_html(passage.text)}</p></details>")
