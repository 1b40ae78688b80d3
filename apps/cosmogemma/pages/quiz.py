"""Page "Multiple choice": a question pasted in any usual form, the probability of each option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from apps.cosmogemma.examples import QUIZZES
from apps.cosmogemma.pages.asked_page import AskedPage, when_asked
from apps.cosmogemma.state import PARAMETERS, link_query
from apps.shared.assistant import models, turns
from apps.shared.assistant.session import checked_question
from apps.shared.assistant.sources import bars, source_cards, waiting
from apps.shared.page import notes
from apps.shared.page.events import Values
from apps.shared.page.layout import SIDE
from apps.shared.page.pages import TabPage, event
from apps.shared.page.untrusted import LATEX
from core.literature.assistant.quiz import NO_OPTIONS, parse_quiz

__all__ = ["build", "checked_quiz", "visitor"]

_WORDS = """Paste a question with its options: lettered or numbered, on lines or in one, with or
without instructions around it. Each option gets a probability by how much likelier the question
makes it than it is by itself, per word: long options do not lose and common words do not win.

**It is often wrong.** Of 20 questions that people brought, it got 11 right with the sources read
first and 4 without. What it read stands below the answer; believe that rather than the letter."""

_READ = '<p class="cg-line">Read first, the nearest at the top:</p>'
_FORM = """Which particles does dark matter consist of?
A) ...
B) ..."""


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    gr.Markdown(_WORDS)
    with gr.Row():
        with gr.Column(scale=4, min_width=300, elem_classes=SIDE):
            text = gr.Textbox(label="Question and options", lines=9, max_lines=20,
                              placeholder=_FORM, elem_id="cg-quiz-text")
            sources = gr.Checkbox(True, label="Read sources first", elem_id="cg-quiz-sources",
                                  info="The accuracy on the page About was measured with this off.")
            button = gr.Button("Answer it", variant="primary", elem_id="cg-quiz-button")
            gr.Markdown("Examples, each in another form:")
            with gr.Row(elem_classes="cg-buttons"):
                examples = [
                    gr.Button(example.label, size="sm", min_width=110,
                              elem_id=f"cg-quiz-example-{i}")
                    for i, example in enumerate(QUIZZES, 1)
                ]
        with gr.Column(scale=5, min_width=300):
            note = gr.HTML("", elem_id="cg-quiz-note", elem_classes="cd-notes")
            view = gr.Markdown(waiting("The answer will appear here, its letter first."),
                               elem_id="cg-quiz-view", latex_delimiters=LATEX)
    inputs = {"q": text, "sources": sources}
    answering = event(when_asked(_answer, _query, visitor), inputs, {"note": note, "view": view},
                      **turns.EVENT)
    page = AskedPage(PARAMETERS["quiz"], inputs, answering,
                     query=gr.Textbox(_query({"sources": True}), visible="hidden"))
    page.draw_on([button.click, sources.input], link)
    for example, pressed in zip(QUIZZES, examples, strict=True):
        filled = pressed.click(fn=lambda example=example: example.text, inputs=None, outputs=[text],
                               queue=False, api_visibility="private", show_progress="hidden")
        page.draw(filled.then, link)
    return page


def _answer(values: Values, request: gr.Request) -> Iterator[Values]:
    sources = bool(values["sources"])
    yield {"note": "", "view": waiting("Reading the question…")}  # what is there is of another one
    try:
        text = checked_quiz(values["q"])
    except ValueError as error:
        yield {"note": notes.error(str(error)), "query": _query({"sources": sources}),
               "view": waiting("No answer here; the message above says why.")}
        return
    with turns.begin(visitor(request)) as answer_request:
        for words in answer_request.waiting():
            yield {"note": "", "view": waiting(f"{words}…")}
        yield {"note": "", "view": waiting("Comparing the options…")}
        answer = models.cosmogemma().quiz(text, use_sources=sources)
        if answer_request.forgotten:
            return
    read = source_cards(answer.sources, reference=models.reference)
    yield {"note": "", "view": bars(answer) + (f"{_READ}{read}" if read else ""),
           "query": _query({"q": text, "sources": sources})}


def checked_quiz(text: Any) -> str:
    """A question with options that can be weighed.

    Raises:
        ValueError: one sentence.
    """
    text = checked_question(text)
    quiz = parse_quiz(text)
    if quiz is None:
        raise ValueError(NO_OPTIONS)
    first: dict[str, str] = {}
    for letter, option in zip(quiz.letters, quiz.options, strict=True):
        known = first.setdefault(" ".join(option.casefold().split()).rstrip("."), letter)
        if known != letter:
            raise ValueError(f"Options {known} and {letter} are the same; change one of them.")
    return text


def _query(values: Values) -> str:
    """The link's query; without a question, that of the page."""
    return link_query("quiz", {"sources": bool(values["sources"]), "q": values.get("q") or None})


def visitor(request: gr.Request) -> str:
    """Under which its requests run, beside those of the other pages."""
    return f"{request.session_hash}/quiz"
