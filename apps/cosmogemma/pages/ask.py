"""Page "Ask": a conversation, its answers streaming in, the sources beside them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from apps.cosmogemma import papers
from apps.cosmogemma.examples import QUESTIONS
from apps.cosmogemma.pages.asked_page import AskedPage, when_asked
from apps.cosmogemma.state import PARAMETERS, link_query
from apps.shared.assistant import turns
from apps.shared.assistant.session import (
    LENGTHS,
    TEMPERATURES,
    Options,
    Turn,
    checked_options,
    checked_question,
    converse,
)
from apps.shared.assistant.sources import waiting
from apps.shared.assistant.transcript import NO_SOURCES, beside, markdown, messages
from apps.shared.checks import MAX_SEED, random_seed
from apps.shared.page import notes
from apps.shared.page.download_row import DownloadRow
from apps.shared.page.events import Components, Values, named
from apps.shared.page.layout import show_link
from apps.shared.page.pages import PageEvent, TabPage, event
from apps.shared.page.untrusted import LATEX, typed_again
from apps.shared.static_files import static

__all__ = ["build"]

_log = logging.getLogger(__name__)
_RETRY_TEMPERATURE = 0.7

_WELCOME = """### Ask about cosmology
It quotes what its library says, computes what can be computed, and shows where it is from."""
_FAILED = "This did not work; see the server log, or ask something else."
_AT_ONCE: dict[str, Any] = {
    "queue": False, "api_visibility": "private", "show_progress": "hidden"
}

_IN_BROWSER: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    shown = _conversation()
    note = gr.HTML("", elem_id="cg-ask-note", elem_classes="cd-notes")
    about = _about_paper()
    box = gr.Textbox(
        placeholder="Ask about cosmology, or paste a multiple-choice question", show_label=False,
        label="Your question", submit_btn="Ask", lines=1, max_lines=8, elem_id="cg-ask-box",
        elem_classes="cg-sticky",
    )
    with gr.Row(elem_classes="cg-buttons"):
        new = gr.Button("New conversation", size="sm", elem_id="cg-ask-new", min_width=150)
        export = gr.DownloadButton("Export (.md)", size="sm", interactive=False, min_width=150,
                                   elem_id="cg-ask-export")
    settings = _settings()
    inputs = {"q": box, **settings, "paper": about["paper"]}
    pressed, back, taken = (gr.Textbox(visible="hidden") for _ in range(3))
    outputs = {"note": note, **shown, "q": box, "back": back, "taken": taken,
               "paper": about["paper"]}
    downloads = DownloadRow({"md": export}, gr.State([]), _files)

    def asking(function: Callable[..., Iterator[Values]]) -> PageEvent:
        return event(function, {**inputs, "q": pressed, "turns": downloads.shown}, outputs,
                     "hidden", **turns.EVENT)

    page = AskedPage(PARAMETERS["ask"], inputs, asking(when_asked(_linked, _page_query, _visitor)),
                     downloads, fills=False)
    chat = shown["chat"]
    asked = box.submit(fn=None, inputs=[box], outputs=[pressed, back],
                       js=static("cosmogemma/take_question.js"), **_IN_BROWSER)
    taken.change(fn=None, inputs=[taken, box], outputs=[box], js=static("cosmogemma/taken.js"),
                 **_IN_BROWSER)
    back.change(fn=None, inputs=[back, box], outputs=[box], js=static("cosmogemma/give_back.js"),
                **_IN_BROWSER)
    for when, function in ((asked.then, _ask), (chat.example_select, _example),
                           (chat.option_select, _option),
                           (chat.retry, _retry), (chat.edit, _edit)):
        replace(page, event=asking(function)).draw(when, link)
    _wire_about(about, settings, page, link)
    box.stop(fn=_stop, inputs=None, outputs=[note], **_AT_ONCE)
    chat.select(**named(_selected, {"turns": downloads.shown}, {"side": shown["side"]}),
                api_visibility="private", show_progress="hidden")
    everything = {**outputs, "shown": downloads.shown, "query": page.query, "export": export}
    fresh = new.click(**named(_new, {}, everything), **_AT_ONCE)
    show_link(fresh, page.query, link)
    return page


def _conversation() -> dict[str, Any]:
    with gr.Row(elem_classes="cg-talk"):
        with gr.Column(scale=5, min_width=320):
            chat = gr.Chatbot(
                elem_id="cg-chat", label="Conversation", show_label=False,
                placeholder=_WELCOME, latex_delimiters=LATEX, allow_tags=False, buttons=["copy"],
                examples=[{"text": e.text, "display_text": e.label} for e in QUESTIONS],
                editable="user", feedback_options=None, layout="bubble",
                group_consecutive_messages=False, autoscroll=False,  # newest.js instead
            )
        with gr.Column(scale=3, min_width=290):
            side = gr.Markdown(
                waiting(NO_SOURCES), elem_id="cg-sources", latex_delimiters=LATEX,
            )
    return {"chat": chat, "side": side}


def _about_paper() -> dict[str, Any]:
    """The paper above the question, if it is about one alone, and the way back to all of them."""
    return {
        "paper": gr.Textbox(visible="hidden", elem_id="cg-ask-paper-id"),
        "about": gr.Markdown("", elem_id="cg-ask-paper", latex_delimiters=LATEX, visible=False),
        "leave": gr.Button("Ask about anything again", size="sm", elem_id="cg-ask-leave",
                           min_width=200, visible=False),
    }


def _wire_about(about: Components, settings: Components, page: TabPage, link: gr.Textbox) -> None:
    paper = about["paper"]
    paper.change(**named(_about, {"paper": paper}, about), **_AT_ONCE)
    left = about["leave"].click(
        **named(_leave, settings, {"paper": paper, "query": page.query}), **_AT_ONCE)
    show_link(left, page.query, link)


def _about(values: Values) -> Values:
    shown = papers.about(values["paper"])
    return {"about": gr.Markdown(shown, visible=bool(shown)),
            "leave": gr.Button(visible=bool(shown))}


def _leave(settings: Values) -> Values:
    return {"paper": "", "query": _query("", checked_options(settings))}


def _settings() -> dict[str, Any]:
    with gr.Accordion("Settings", open=False, elem_id="cg-ask-settings"):
        with gr.Row():
            sources = gr.Checkbox(True, label="Read sources before answering", min_width=240,
                                  elem_id="cg-ask-sources")
            live = gr.Checkbox(False, label="Also search arXiv (live)", min_width=240,
                               info="Needs the network; what is found stays in the library.",
                               elem_id="cg-ask-live")
        with gr.Row():
            length = gr.Slider(*LENGTHS, 160, step=16, label="Maximum length of the answer, tokens",
                               elem_id="cg-ask-length", min_width=200)
            temperature = gr.Slider(*TEMPERATURES, 0.0, step=0.1, label="Temperature",
                                    info="0 gives the likeliest answer, the same every time.",
                                    elem_id="cg-ask-temperature", min_width=200)
            seed = gr.Number(1, label="Seed", precision=0, minimum=0, maximum=MAX_SEED,
                             info="Only used above temperature 0.", elem_id="cg-ask-seed",
                             min_width=120)
    return {"sources": sources, "live": live, "length": length, "temperature": temperature,
            "seed": seed}


def _ask(values: Values, request: gr.Request) -> Iterator[Values]:
    yield from _converse(values["q"], values, values["turns"], request, typed=True)


def _linked(values: Values, request: gr.Request) -> Iterator[Values]:
    """What the link asks, unless the visitor asked something before it came."""
    if values["turns"]:
        yield {}
    else:
        yield from _converse(values["q"], values, (), request)


def _visitor(request: gr.Request) -> str:
    return str(request.session_hash)


def _page_query(values: Values) -> str:
    return _query("", _options(values))


def _example(values: Values, request: gr.Request, chosen: gr.SelectData) -> Iterator[Values]:
    """One of the examples, which are about no paper in particular: the page leaves the paper."""
    yield {"paper": ""}
    options = {**values, "paper": ""}
    yield from _converse(chosen.value["text"], options, values["turns"], request)


def _option(values: Values, request: gr.Request, chosen: gr.SelectData) -> Iterator[Values]:
    """What is offered below an answer."""
    yield from _converse(str(chosen.value), values, values["turns"], request)


def _retry(values: Values, request: gr.Request, chosen: gr.RetryData) -> Iterator[Values]:
    """Once more, with another seed and a temperature at which that makes a difference."""
    session = values["turns"]
    index = _turn_of(chosen.index, session)
    read = session[index].options.paper
    paper = read.id if read is not None else ""
    yield {"paper": paper}
    options = {
        **values, "temperature": max(values["temperature"] or 0.0, _RETRY_TEMPERATURE),
        "seed": random_seed(), "paper": paper,
    }
    yield from _converse(session[index].question, options, session[:index], request, again=True)


def _edit(values: Values, request: gr.Request, chosen: gr.EditData) -> Iterator[Values]:
    """The question in other words; what came after it goes."""
    session = values["turns"]
    earlier = session[: _turn_of(chosen.index, session)]
    yield from _converse(typed_again(chosen.value), values, earlier, request, instead=session)


def _turn_of(index: int | tuple[int, int], session: Sequence[Turn]) -> int:
    """The turn that a message belongs to."""
    first = index if isinstance(index, int) else index[0]
    return max(min(first // 2, len(session) - 1), 0)


def _converse(
    question: Any, options: Mapping[str, Any], earlier: Sequence[Turn], request: gr.Request, *,
    typed: bool = False, again: bool = False, instead: Sequence[Turn] | None = None,
) -> Iterator[Values]:
    """Answer a question after ``earlier`` turns; values of the page's outputs.

    Args:
        question: as it came.
        options: the settings as they came, by name.
        earlier: the turns before it.
        request: whose session it is.
        typed: it stands in the box, which it leaves when it stands in the chat; it goes back
            there if something is wrong.
        again: it was asked before.
        instead: the turns to show if something is wrong; by default the earlier ones.
    """
    side = ""
    try:
        turn = Turn(checked_question(question), _options(options), again=again)
        for grown in converse(turn, earlier, request.session_hash):
            before, side = side, beside([*earlier, grown])
            yield {
                **(_started() if not before else {}),
                **({"taken": _token(question)} if typed and not before else {}),
                "chat": messages([*earlier, grown], suggest=True),
                "shown": [*earlier, grown.interrupted],
                **({"side": side} if side != before else {}),
                **(_ended([*earlier, grown]) if grown.ended else {}),
            }
    except Exception as error:
        kept = list(earlier if instead is None else instead)
        yield {
            "note": notes.failure(error, _FAILED, _log), "chat": messages(kept),
            "side": beside(kept), "q": _free_box(), "shown": kept,
            **({"back": str(question or ""), "taken": _token("")} if typed else {"back": ""}),
        }


def _options(values: Mapping[str, Any]) -> Options:
    """The settings of the page; a paper that is not here is none, as the page says above."""
    return checked_options(values, papers.find(values["paper"]))


def _token(question: Any) -> str:
    """A question for taken.js, never twice the same: the box hears of a change alone."""
    return f"{time.monotonic_ns()} {question or ''}"


def _started() -> Values:
    return {"note": "", "q": gr.Textbox(submit_btn=False, stop_btn="Stop")}


def _ended(session: Sequence[Turn]) -> Values:
    last = session[-1]
    return {"q": _free_box(), "shown": list(session), "query": _query(last.question, last.options)}


def _free_box() -> Any:
    return gr.Textbox(submit_btn="Ask", stop_btn=False)


def _query(question: str, options: Options) -> str:
    """The link's query of a question and how it is asked."""
    paper = options.paper.id if options.paper is not None else None
    return link_query("ask", {
        "q": question or None, "sources": options.sources, "live": options.live,
        "length": options.length, "temperature": options.temperature, "seed": options.seed,
        "paper": paper,
    })


def _stop(request: gr.Request) -> Any:
    return "" if turns.stop(request.session_hash) else gr.skip()


def _selected(values: Values, chosen: gr.SelectData) -> Values:
    """The sources of the answer that was clicked."""
    session = values["turns"]
    return {"side": beside(session, _turn_of(chosen.index, session))} if session else {}


def _new(values: Values, request: gr.Request) -> Values:
    turns.stop(request.session_hash, forget=True)
    return {
        "note": "", "chat": [], "side": waiting(NO_SOURCES), "q": _free_box(), "shown": [],
        "query": _query("", Options()), "export": gr.DownloadButton(interactive=False), "paper": "",
    }


def _files(session: Sequence[Turn]) -> dict[str, bytes]:
    return {"cosmogemma_conversation.md": markdown(session).encode()} if session else {}
