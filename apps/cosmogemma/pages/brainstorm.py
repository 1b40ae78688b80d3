"""Page "Brainstorm": three project ideas on a topic, each with the papers that it grew from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.cosmogemma.examples import TOPICS
from apps.cosmogemma.pages.asked_page import AskedPage, when_asked
from apps.cosmogemma.state import PARAMETERS, link_query
from apps.shared.assistant import models, turns
from apps.shared.assistant.asked import searched
from apps.shared.assistant.growing import whole_sentences, without_open_formula
from apps.shared.assistant.session import checked_question
from apps.shared.assistant.sources import source_cards, waiting
from apps.shared.checks import MAX_SEED, random_seed
from apps.shared.checks import seed as checked_seed
from apps.shared.page.events import Values
from apps.shared.page.layout import SIDE
from apps.shared.page.pages import TabPage, event
from apps.shared.page.untrusted import LATEX, math_html

if TYPE_CHECKING:
    from core.literature.assistant.cosmogemma import Idea

__all__ = ["IDEAS", "build", "cards", "checked_topic", "visitor"]

IDEAS = 3
LONGEST_TOPIC = 300
_WORDS = """Name a topic, and the model puts papers of the library together in pairs and proposes a
project from each pair. The ideas are starting points of a small model: read the papers before you
believe them."""

_NEXT = "The next idea is being written…"
_LAST = "The last idea is being written…"
_NOT_BEGUN = "Stopped before it began."


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_WORDS)
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            topic = gr.Textbox(label="Topic", lines=1, max_lines=4, submit_btn=False,
                               placeholder="an object, a survey or a method",
                               elem_id="cg-storm-topic")
            live = gr.Checkbox(False, label="Also search arXiv (live)", elem_id="cg-storm-live",
                               info="Needs the network; what is found stays in the library.")
            seed = gr.Number(1, label="Seed", precision=0, minimum=0, maximum=MAX_SEED,
                             info="Decides which papers are paired, and the wording.",
                             elem_id="cg-storm-seed")
            button = gr.Button("Three ideas", variant="primary", elem_id="cg-storm-button")
            more = gr.Button("Three others", elem_id="cg-storm-more")
            stop = gr.Button("Stop", elem_id="cg-storm-stop")
            gr.Markdown("Examples:")
            examples = [gr.Button(name, size="sm", elem_id=f"cg-storm-example-{i}")
                        for i, name in enumerate(TOPICS, 1)]
        with gr.Column(scale=1, min_width=320):
            note = gr.HTML("", elem_id="cg-storm-note")
            view = gr.Markdown(waiting("Three ideas will appear here, each with its papers."),
                               elem_id="cg-storm-view", latex_delimiters=LATEX)
    inputs = {"topic": topic, "live": live, "seed": seed}
    thinking = event(when_asked(_ideas, _query, visitor, "topic"), inputs,
                     {"note": note, "view": view}, **turns.EVENT)
    page = AskedPage(PARAMETERS["brainstorm"], inputs, thinking, question="topic", query=gr.Textbox(
        _query({"topic": "", "live": False, "seed": 1}), visible="hidden"))
    page.draw_on([button.click, topic.submit], link)
    quick: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    page.draw(more.click(fn=random_seed, inputs=None, outputs=[seed], **quick).then, link)
    for name, pressed in zip(TOPICS, examples, strict=True):
        filled = pressed.click(fn=lambda name=name: name, inputs=None, outputs=[topic], **quick)
        page.draw(filled.then, link)
    stop.click(fn=_stop, inputs=None, outputs=None, **quick)
    return page


def _ideas(values: Values, request: gr.Request) -> Iterator[Values]:
    topic, live = checked_topic(values["topic"]), bool(values["live"])
    seed = checked_seed(values["seed"])
    yield {"note": "", "view": waiting("Beginning…")}  # what stands there is of another topic
    with turns.begin(visitor(request)) as answer:
        for words in answer.waiting():
            yield {"note": "", "view": waiting(f"{words}…")}
        doing = "Searching arXiv and the library" if live else "Looking for papers to combine"
        yield {"note": "", "view": waiting(f"{doing}…")}
        found: tuple[Idea, ...] = ()
        for found in models.cosmogemma().brainstorm(
            searched(topic), ideas=IDEAS, live=live, seed=seed, cancelled=answer.cancelled
        ):
            if answer.forgotten:
                return
            yield {"view": cards(found, _NEXT if len(found) < IDEAS else _LAST)}
        if answer.forgotten:
            return
        stopped = "Stopped here." if answer.cancelled() else ""
    yield {"note": "", "view": cards(found, stopped) if found else waiting(_NOT_BEGUN),
           "query": _query({"topic": topic, "live": live, "seed": seed})}


def _query(values: Values) -> str:
    """The link's query; without a topic, that of the page."""
    return link_query("brainstorm", {**values, "topic": values["topic"] or None})


def checked_topic(topic: Any) -> str:
    """A topic that can be thought about.

    Raises:
        ValueError: one sentence.
    """
    if not str(topic or "").strip():
        raise ValueError("There is no topic yet: name an object, a survey or a method.")
    text = checked_question(topic)
    if len(text) > LONGEST_TOPIC:
        raise ValueError(
            f"The topic has {len(text):,} characters; put it in at most {LONGEST_TOPIC}."
        )
    return text


def cards(ideas: Sequence[Idea], more: str = "") -> str:
    """The ideas, each above its papers; all but one that is being written in whole sentences."""
    growing = len(ideas) - 1 if more in (_NEXT, _LAST) else len(ideas)
    texts = [whole_sentences(idea.text) if i < growing else without_open_formula(idea.text)
             for i, idea in enumerate(ideas)]
    shown = "".join(
        f'<section class="cg-idea"><h3>Idea {i}</h3><p>{math_html(text) or "…"}</p>'
        f"{source_cards(idea.sources, reference=models.reference)}</section>"
        for i, (idea, text) in enumerate(zip(ideas, texts, strict=True), 1)
    )
    return f'<div class="cg-cards">{shown}{waiting(more) if more else ""}</div>'


def visitor(request: gr.Request) -> str:
    """Under which its requests run, beside those of the page "Ask"."""
    return f"{request.session_hash}/brainstorm"


def _stop(request: gr.Request) -> None:
    turns.stop(visitor(request))
