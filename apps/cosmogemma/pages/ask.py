"""Page "Ask": a conversation, its answers streaming in, the sources beside them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.cosmogemma import models, papers, work
from apps.cosmogemma.conversation import Options, Turn, history, markdown, messages
from apps.cosmogemma.examples import QUESTIONS
from apps.cosmogemma.state import LENGTHS, LONGEST, PARAMETERS, TEMPERATURES
from apps.cosmogemma.work import EVENT, Work
from apps.shared import downloads
from apps.shared.assistant.sources import bars, panel, waiting
from apps.shared.checks import MAX_SEED, number, random_seed, seed, whole
from apps.shared.page import links, notes
from apps.shared.page.layout import show_link
from apps.shared.page.pages import TabPage
from apps.shared.page.untrusted import LATEX

if TYPE_CHECKING:
    from core.literature.text.paper import Paper

__all__ = ["answering", "build", "options"]

_log = logging.getLogger(__name__)
_EVERY = 0.05  # s between two views of a growing answer
_RETRY_TEMPERATURE = 0.7
_LONGEST_QUERY = 6000  # characters of an address that every proxy lets through

_WELCOME = """### Ask about cosmology
It reads the papers it has, answers in a few sentences, and shows the sentence it rests on."""
_NO_SOURCES = "The sources of the answer will stand here, opened at the sentence that supports it."
_FAILED = "This did not work, for a reason that the terminal tells; ask something else."


def options(
    sources: Any, live: Any, length: Any, temperature: Any, seed_: Any, paper: Paper | None = None
) -> Options:
    """The settings, checked.

    Raises:
        ValueError: one sentence.
    """
    return Options(
        bool(sources), bool(live), whole("length", length, *LENGTHS),
        number("The temperature", temperature, *TEMPERATURES), seed(seed_),
        paper,
    )


def checked(question: Any) -> str:
    """A question that can be asked.

    Raises:
        ValueError: one sentence, if it is empty or too long.
    """
    text = str(question or "").strip()
    if not text:
        raise ValueError("There is no question yet: type one, or press one of the examples.")
    if len(text) > LONGEST:
        raise ValueError(
            f"The question has {len(text):,} characters and at most {LONGEST:,} can be read; "
            "shorten it."
        )
    return text


def answering(turn: Turn, earlier: Sequence[Turn], job: Work) -> Iterator[Turn]:
    """A turn, growing until it is answered; a multiple-choice question is answered as such.

    Raises:
        ValueError: one sentence.
    """
    from core.literature.assistant.quiz import parse_quiz

    for words in job.waiting():
        yield replace(turn, doing=words)
    if job.cancelled():
        yield replace(turn, doing="")
        return
    model, how = models.cosmogemma(), turn.options
    if parse_quiz(turn.question) is not None:
        yield replace(turn, doing="Weighing the options")
        yield replace(turn, quiz=model.quiz(turn.question), doing="")
        return
    searching = "Searching arXiv and the library" if how.live else "Searching the library"
    if how.paper is not None:
        searching = "Reading the abstract"
    shown, state = 0.0, ""
    for reply in model.ask(
        turn.question, history=history(earlier), use_sources=how.sources, live=how.live,
        paper=how.paper, max_tokens=how.length, temperature=how.temperature, seed=how.seed,
        cancelled=job.cancelled,
    ):
        now = time.monotonic()
        if reply.state != "writing" or reply.state != state or now - shown > _EVERY:
            shown, state = now, reply.state
            doing = searching if state == "searching" else "Writing" if state == "writing" else ""
            yield replace(turn, reply=reply, doing=doing)


def beside(turns: Sequence[Turn], index: int = -1, elsewhere: bool = True) -> str:
    """What stands beside a turn: its sources, or the bars of its options.

    Args:
        turns: of the conversation.
        index: of the turn.
        elsewhere: whether its papers can be opened in another app.
    """
    if not turns:
        return waiting(_NO_SOURCES)
    turn = turns[index]
    if turn.quiz is not None:
        return bars(turn.quiz)
    if turn.reply is None or (turn.reply.state == "searching" and not turn.reply.sources):
        return waiting(f"{turn.doing or 'Searching'}…")
    last = index in (-1, len(turns) - 1)
    heading = "Sources of this answer" if last else f"Sources of answer {index + 1}"
    if turn.reply.sources:
        return panel(turn.reply.sources, turn.reply.citations, heading, models.reference,
                     elsewhere)
    if turn.reply.state == "refused":
        return waiting("No sources: this was not looked up.")
    return waiting("No sources: this answer is from memory.")


def build(link: gr.Textbox) -> TabPage:
    """Lay the page out, inside the tab that is open."""
    with gr.Row(elem_classes="cg-talk"):
        with gr.Column(scale=5, min_width=320):
            chat = gr.Chatbot(
                elem_id="cg-chat", label="Conversation", show_label=False,
                placeholder=_WELCOME, latex_delimiters=LATEX, allow_tags=False, buttons=["copy"],
                examples=[{"text": e.text, "display_text": e.label} for e in QUESTIONS],
                editable="user", feedback_options=None, layout="bubble",
                group_consecutive_messages=False,
            )
        with gr.Column(scale=3, min_width=290):
            side = gr.Markdown(
                waiting(_NO_SOURCES), elem_id="cg-sources", latex_delimiters=LATEX,
            )
    note = gr.HTML("", elem_id="cg-ask-note")
    paper = gr.Textbox(visible="hidden", elem_id="cg-ask-paper-id")
    about = gr.Markdown("", elem_id="cg-ask-paper", latex_delimiters=LATEX, visible=False)
    leave = gr.Button("Ask about anything again", size="sm", elem_id="cg-ask-leave",
                      min_width=200, visible=False)
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
    turns, query, never = gr.State([]), gr.Textbox(visible="hidden"), gr.State(False)
    inputs = [box, *settings, paper]
    outputs = [note, chat, side, box, turns, query]
    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    wire: dict[str, Any] = {
        "inputs": [never, *inputs, turns], "outputs": outputs, **EVENT, **hidden
    }
    files: dict[str, Any] = {"fn": _export, "inputs": [turns], "outputs": [export], **hidden}

    for when, function in ((box.submit, _ask), (chat.example_select, _example),
                           (chat.retry, _retry), (chat.edit, _edit)):
        asked = when(fn=function, **wire)
        show_link(asked.then(**files), query, link)
    paper.change(fn=_about, inputs=[paper], outputs=[about, leave], queue=False, **hidden)
    left = leave.click(fn=_leave, inputs=settings, outputs=[paper, query], queue=False, **hidden)
    show_link(left, query, link)
    box.stop(fn=_stop, inputs=None, outputs=[note], queue=False, **hidden)
    chat.select(fn=_selected, inputs=[turns], outputs=[side], **hidden)
    fresh = gr.on([new.click, chat.clear], fn=_new, inputs=None,
                  outputs=[*outputs, export, paper],
                  queue=False, **hidden)
    show_link(fresh, query, link)
    event = {"fn": _linked, "inputs": [*inputs, turns], "outputs": outputs, **EVENT, **hidden}
    return TabPage(PARAMETERS["ask"], inputs, query, event, files)


def _about(paper: str) -> list[Any]:
    """The paper above the question, and the way back to all of them."""
    shown = papers.about(paper)
    return [gr.Markdown(shown, visible=bool(shown)), gr.Button(visible=bool(shown))]


def _leave(*settings: Any) -> list[str]:
    return ["", _query("", options(*settings))]


def _settings() -> list[Any]:
    with gr.Accordion("Settings", open=False, elem_id="cg-ask-settings"):
        with gr.Row():
            sources = gr.Checkbox(True, label="Read sources before answering", min_width=240,
                                  elem_id="cg-ask-sources")
            live = gr.Checkbox(False, label="Search arXiv too, live", min_width=240,
                               info="Needs the network; what is found stays in the library.",
                               elem_id="cg-ask-live")
        with gr.Row():
            length = gr.Slider(*LENGTHS, 160, step=16, label="Longest answer, tokens",
                               elem_id="cg-ask-length", min_width=200)
            temperature = gr.Slider(*TEMPERATURES, 0.0, step=0.1, label="Temperature",
                                    info="0 gives the likeliest answer, the same every time.",
                                    elem_id="cg-ask-temperature", min_width=200)
            seed_ = gr.Number(1, label="Seed", precision=0, minimum=0, maximum=MAX_SEED,
                              info="Matters above temperature 0.", elem_id="cg-ask-seed",
                              min_width=120)
    return [sources, live, length, temperature, seed_]


def _ask(
    skip: bool, question: str, sources: bool, live: bool, length: float, temperature: float,
    seed_: float, paper: str, turns: list[Turn], request: gr.Request,
) -> Iterator[list[Any]]:
    how = (sources, live, length, temperature, seed_, paper)
    yield from _converse(question, how, turns, request, typed=True)


def _linked(
    skip: bool, question: str, sources: bool, live: bool, length: float, temperature: float,
    seed_: float, paper: str, turns: list[Turn], request: gr.Request,
) -> Iterator[list[Any]]:
    """What the link asks, if it asks anything."""
    how = (sources, live, length, temperature, seed_, paper)
    if skip:
        yield [gr.skip()] * 6
    elif not question.strip():
        yield [*[gr.skip()] * 5, _query("", _chosen(how))]
    else:
        yield from _converse(question, how, turns, request, typed=True)


def _example(
    skip: bool, question: str, sources: bool, live: bool, length: float, temperature: float,
    seed_: float, paper: str, turns: list[Turn], request: gr.Request, chosen: gr.SelectData,
) -> Iterator[list[Any]]:
    """One of the examples, which are about no paper in particular."""
    how = (sources, live, length, temperature, seed_, "")
    yield from _converse(chosen.value["text"], how, turns, request)


def _retry(
    skip: bool, question: str, sources: bool, live: bool, length: float, temperature: float,
    seed_: float, paper: str, turns: list[Turn], request: gr.Request, chosen: gr.RetryData,
) -> Iterator[list[Any]]:
    """Once more, with another seed and a temperature at which that makes a difference."""
    index = _turn_of(chosen.index, turns)
    read = turns[index].options.paper if turns else None
    how = (sources, live, length, max(temperature or 0.0, _RETRY_TEMPERATURE), random_seed(),
           read.id if read is not None else "")
    yield from _converse(turns[index].question, how, turns[:index], request, again=True)


def _edit(
    skip: bool, question: str, sources: bool, live: bool, length: float, temperature: float,
    seed_: float, paper: str, turns: list[Turn], request: gr.Request, chosen: gr.EditData,
) -> Iterator[list[Any]]:
    """The question in other words; what came after it goes."""
    how = (sources, live, length, temperature, seed_, paper)
    index = _turn_of(chosen.index, turns)
    yield from _converse(chosen.value, how, turns[:index], request, instead=turns)


def _turn_of(index: int | tuple[int, int], turns: Sequence[Turn]) -> int:
    """The turn that a message belongs to."""
    first = index if isinstance(index, int) else index[0]
    return max(min(first // 2, len(turns) - 1), 0)


def _converse(
    question: Any, how: Sequence[Any], earlier: Sequence[Turn], request: gr.Request, *,
    typed: bool = False, again: bool = False, instead: Sequence[Turn] | None = None,
) -> Iterator[list[Any]]:
    """Answer a question after ``earlier`` turns; values for the page's outputs.

    Args:
        question: as it came.
        how: the settings as they came.
        earlier: the turns before it.
        request: whose session it is.
        typed: it stands in the box, which is emptied, or filled again if something is wrong.
        again: it was asked before.
        instead: the turns to show if something is wrong; by default the earlier ones.
    """
    kept = list(earlier if instead is None else instead)
    try:
        text, chosen = checked(question), _chosen(how)
        turn = Turn(text, chosen, doing="Beginning", again=again)
        with work.begin(request.session_hash) as job:
            yield from _growing(turn, list(earlier), job, typed)
    except work.BusyError as error:
        yield [notes.warning(str(error)), *[gr.skip()] * 5]
    except ValueError as error:
        yield _failed(notes.error(str(error)), kept, question if typed else None)
    except Exception:
        _log.exception("asking failed")
        yield _failed(notes.error(_FAILED), kept, question if typed else None)


def _chosen(how: Sequence[Any]) -> Options:
    """The settings of the page; a paper that is not here is none, as the page says above."""
    sources, live, length, temperature, seed_, paper = how
    return options(sources, live, length, temperature, seed_, papers.find(paper))


def _growing(turn: Turn, earlier: list[Turn], job: Work, typed: bool) -> Iterator[list[Any]]:
    turns = [*earlier, turn]
    side = beside(turns)
    busy = gr.Textbox(submit_btn=False, stop_btn="Stop", **({"value": ""} if typed else {}))
    yield ["", messages(turns), side, busy, gr.skip(), gr.skip()]
    for grown in answering(turn, earlier, job):
        if job.forgotten:
            return
        turns = [*earlier, grown]
        before, side = side, beside(turns)
        yield [gr.skip(), messages(turns), gr.skip() if side == before else side,
               *[gr.skip()] * 3]
    if not job.forgotten:
        yield [gr.skip(), messages(turns), gr.skip(), _free_box(), turns,
               _query(turn.question, turn.options)]


def _failed(note: str, turns: list[Turn], question: Any) -> list[Any]:
    return [note, messages(turns), beside(turns), _free_box(question), turns, gr.skip()]


def _free_box(text: Any = None) -> Any:
    return gr.Textbox(submit_btn="Ask", stop_btn=False, **({} if text is None else {"value": text}))


def _query(question: str, how: Options) -> str:
    """The link's query; a question too long for an address is left out of it."""
    values = (how.sources, how.live, how.length, how.temperature, how.seed,
              how.paper.id if how.paper is not None else None)
    query = links.query("ask", PARAMETERS["ask"], (question or None, *values))
    return query if len(query) < _LONGEST_QUERY else links.query(
        "ask", PARAMETERS["ask"], (None, *values))


def _stop(request: gr.Request) -> Any:
    if not work.stop(request.session_hash):
        return gr.skip()
    return ""


def _selected(turns: list[Turn], chosen: gr.SelectData) -> Any:
    """The sources of the answer that was clicked."""
    return beside(turns, _turn_of(chosen.index, turns)) if turns else gr.skip()


def _new(request: gr.Request) -> list[Any]:
    work.stop(request.session_hash, forget=True)
    return ["", [], waiting(_NO_SOURCES), _free_box(), [], _query("", Options()),
            gr.DownloadButton(interactive=False), ""]


def _export(turns: list[Turn]) -> Any:
    if not turns:
        return gr.DownloadButton(interactive=False)
    files = {"cosmogemma_conversation.md": markdown(turns).encode()}
    return gr.DownloadButton(value=downloads.to_files(files)[0], interactive=True)
