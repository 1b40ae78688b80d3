"""Page "Brainstorm": three project ideas on a topic, each with its papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.cosmogemma.examples import TOPICS
from apps.cosmogemma.pages.asked_page import AskedPage, when_asked
from apps.cosmogemma.state import PARAMETERS, link_query
from apps.shared.assistant import models, turns
from apps.shared.assistant.asked import searched
from apps.shared.assistant.session import checked_question
from apps.shared.assistant.sources import link, waiting
from apps.shared.checks import MAX_SEED
from apps.shared.checks import seed as checked_seed
from apps.shared.page.events import Values
from apps.shared.page.layout import SIDE
from apps.shared.page.pages import TabPage, event
from apps.shared.page.untrusted import LATEX, math_html
from core.literature.ideas.fields import FIELDS
from core.literature.ideas.propose import NEARBY
from core.literature.skim.sample import is_sample

if TYPE_CHECKING:
    from core.literature.ideas.propose import Proposal, ProposalPaper

__all__ = ["IDEAS", "build", "cards", "checked_topic", "visitor"]

IDEAS = 3
LONGEST_TOPIC = 300
_WORDS = """Name a topic, and three projects come that differ: from a collection written for the
field's topics, and, where the papers of the library make one, from an open problem that one of them
states and what another has for it. They are starting points: somebody may have done them since."""

_ORIGINS = {"collection": "Written for this topic",
            "combination": "From two papers of your library, by combination"}


def build(shared: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_WORDS)
    with gr.Row():
        with gr.Column(scale=0, min_width=290, elem_classes=SIDE):
            topic = gr.Textbox(label="Topic", lines=1, max_lines=4, submit_btn=False,
                               placeholder="an object, a survey or a method",
                               elem_id="cg-storm-topic")
            with gr.Row():
                button = gr.Button("Three ideas", variant="primary", elem_id="cg-storm-button",
                                   size="md", min_width=120)
                more = gr.Button("Three others", elem_id="cg-storm-more", size="md", min_width=120)
            with gr.Row(elem_classes="cg-buttons"):
                examples = [gr.Button(name, size="sm", min_width=270,
                                      elem_id=f"cg-storm-example-{i}")
                            for i, name in enumerate(TOPICS, 1)]
            with gr.Accordion("Settings", open=False, elem_id="cg-storm-settings"):
                live = gr.Checkbox(False, label="Also search arXiv (live)", elem_id="cg-storm-live",
                                   info="Needs the network; what is found stays in the library.")
                seed = gr.Number(1, label="Seed", precision=0, minimum=0, maximum=MAX_SEED,
                                 info="1 gives the best, 2 the next ones, and so on.",
                                 elem_id="cg-storm-seed")
        with gr.Column(scale=1, min_width=320):
            note = gr.HTML("", elem_id="cg-storm-note", elem_classes="cd-notes")
            view = gr.Markdown(waiting("Three ideas will appear here, each with its papers."),
                               elem_id="cg-storm-view", latex_delimiters=LATEX)
    inputs = {"topic": topic, "live": live, "seed": seed}
    thinking = event(when_asked(_ideas, _query, visitor, "topic"), inputs,
                     {"note": note, "view": view}, **turns.EVENT)
    page = AskedPage(PARAMETERS["brainstorm"], inputs, thinking, question="topic", query=gr.Textbox(
        _query({"topic": "", "live": False, "seed": 1}), visible="hidden"))
    page.draw_on([button.click, topic.submit], shared)
    quick: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    page.draw(more.click(fn=_next, inputs=[seed], outputs=[seed], **quick).then, shared)
    for name, pressed in zip(TOPICS, examples, strict=True):
        filled = pressed.click(fn=lambda name=name: name, inputs=None, outputs=[topic], **quick)
        page.draw(filled.then, shared)
    return page


def _next(seed: float | None) -> int:
    """The seed of the ideas behind those shown."""
    return int(seed or 0) % MAX_SEED + 1


def _ideas(values: Values, request: gr.Request) -> Iterator[Values]:
    topic, live = checked_topic(values["topic"]), bool(values["live"])
    seed = checked_seed(values["seed"])
    yield {"note": "", "view": waiting("Beginning…")}  # what stands there is of another topic
    with turns.begin(visitor(request)) as answer:
        for words in answer.waiting():
            yield {"note": "", "view": waiting(f"{words}…")}
        doing = "Searching arXiv and the library" if live else "Looking for ideas"
        yield {"note": "", "view": waiting(f"{doing}…")}
        if answer.cancelled():  # by a later press, or because nobody is there any more
            return
        found = models.cosmogemma().brainstorm(searched(topic), count=IDEAS, live=live, seed=seed)
        if answer.forgotten:
            return
    yield {"note": "", "view": cards(found),
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


def cards(ideas: Sequence[Proposal]) -> str:
    """The ideas as cards, each above its papers."""
    shown = "".join(map(_card, range(1, len(ideas) + 1), ideas))
    return f'<div class="cg-cards">{shown}</div>'


def _card(number: int, idea: Proposal) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{math_html(getattr(idea, field))}</dd>"
                   for field, name in FIELDS)
    papers = "".join(f"<li>{_paper(paper)}</li>" for paper in idea.papers)
    origin = NEARBY if idea.nearby else _ORIGINS[idea.origin]
    return (f'<section class="cg-idea"><h3>{number}. {math_html(idea.title)}</h3>'
            f"<p class='cg-line'>{origin}{f' · {idea.suits}' if idea.suits else ''}"
            f"</p><dl>{rows}</dl><p class='cg-where'>Papers</p><ul>{papers}</ul></section>")


def _paper(paper: ProposalPaper) -> str:
    where = "a sample, no real paper" if is_sample(paper.id) else link(paper.id)
    title = f", {math_html(paper.title)}" if paper.title else ""
    said = f"<br>“{math_html(paper.sentence)}”" if paper.sentence else ""
    return f"{math_html(paper.label)}{title} · {where}{said}"


def visitor(request: gr.Request) -> str:
    """Under which its requests run, beside those of the page "Ask"."""
    return f"{request.session_hash}/brainstorm"
