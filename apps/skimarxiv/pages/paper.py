"""The panel of one paper: the whole abstract, what a new version changed, a note, questions."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.shared.assistant import models, turns
from apps.shared.assistant.session import Options, Turn, checked_question, converse
from apps.shared.assistant.transcript import beside
from apps.shared.page import notes
from apps.shared.page.events import Components, Values, named
from apps.shared.page.untrusted import LATEX
from apps.shared.static_files import static
from apps.skimarxiv import actions, marks
from apps.skimarxiv.cards import missing_html, paper_html
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import PRIVATE, read_profile
from apps.skimarxiv.view import entry_of

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.text.paper import Paper

__all__ = ["build", "diff_html", "wire"]

_log = logging.getLogger(__name__)
_FAILED = "This did not work; see the server log."
_LONGEST = 2000

_OPENED = ("panel", "head", "rest", "diff", "note", "said", "short", "question", "asked", "answer",
           "id", "opened")
"""What opening a paper sets."""


def build() -> Components:
    """Lay the panel out, beside the tabs; hidden until a paper is opened.

    Returns:
        Its components by name; "id" is that of the open paper, "opened" the verb and the id of
        what was pressed last.
    """
    with gr.Column(scale=4, min_width=300, visible=False, elem_id="sk-panel") as panel:
        close = gr.Button("Close", size="sm", elem_id="sk-close", min_width=90)
        head = gr.Markdown("", elem_id="sk-head", latex_delimiters=LATEX)
        with gr.Column(elem_id="sk-panel-rest") as rest:
            inner = _rest()
    return {"panel": panel, "close": close, "head": head, "rest": rest, **inner,
            "id": gr.State(""), "opened": gr.Textbox(visible="hidden")}


def _rest() -> dict[str, Any]:
    return {
        "diff": gr.Markdown("", elem_id="sk-diff", latex_delimiters=LATEX),
        "note": gr.Textbox(label="Your note", lines=2, max_lines=8, max_length=_LONGEST,
                           elem_id="sk-note-box", info="Stays in this browser."),
        "keep": gr.Button("Keep the note", size="sm", elem_id="sk-keep"),
        "said": gr.HTML("", elem_id="sk-panel-note"),
        "shorten": gr.Button("Write a TL;DR in other words", size="sm", elem_id="sk-shorten"),
        "short": gr.Markdown("", elem_id="sk-short", latex_delimiters=LATEX),
        "question": gr.Textbox(
            label="Ask CosmoGemma about this paper", submit_btn="Ask", max_lines=4,
            info="A small language model that reads this abstract and nothing else.",
            placeholder="Which data are used?", elem_id="sk-question",
        ),
        "asked": gr.HTML("", elem_id="sk-ask-note", padding=False),
        "answer": gr.Markdown("", elem_id="sk-answer", latex_delimiters=LATEX),
    }


def wire(
    demo: gr.Blocks, panel: Components, profile: gr.BrowserState, elsewhere: Sequence[gr.Tab],
    link: gr.Textbox,
) -> None:
    """Let the cards' buttons and a link open it, and its own buttons work.

    Args:
        demo: the app.
        panel: the components.
        profile: of the reader.
        elsewhere: tabs without cards, which close it.
        link: box for the full link, which names the paper that is open.
    """
    _wire_opening(demo, panel, profile, link)
    closing = [panel["close"].click, *(tab.select for tab in elsewhere)]
    gr.on(closing, **named(_close, {}, _some(panel, "panel", "id")), queue=False, **PRIVATE)
    panel["close"].click(fn=None, outputs=[link], js=static("skimarxiv/closed_link.js"), **PRIVATE)
    panel["keep"].click(
        **named(_keep_note, {**_some(panel, "id", "note"), "profile": profile},
                {"profile": profile, "said": panel["said"]}), queue=False, **PRIVATE)
    panel["shorten"].click(**named(_shorten, _some(panel, "id"), _some(panel, "short")),
                           **turns.EVENT, **PRIVATE, trigger_mode="multiple")
    panel["question"].submit(
        **named(_ask, {**_some(panel, "id", "question"), "profile": profile},
                _some(panel, "asked", "answer", "question")),
        **turns.EVENT, **PRIVATE, trigger_mode="multiple")
    panel["answer"].change(fn=None, js=static("skimarxiv/show_answer.js"), **PRIVATE)
    panel["question"].stop(fn=_stop, inputs=None, outputs=None, queue=False, **PRIVATE)


def _wire_opening(
    demo: gr.Blocks, panel: Components, profile: gr.BrowserState, link: gr.Textbox
) -> None:
    button = gr.Button("Open", visible="hidden", elem_id="sk-open")
    pressed = gr.Textbox(visible="hidden")
    outputs = _some(panel, *_OPENED)
    which = button.click(fn=None, outputs=[pressed], js=static("skimarxiv/pressed.js"), **PRIVATE)
    opened = which.then(**named(_open, {"pressed": pressed, "profile": profile}, outputs),
                        queue=False, trigger_mode="always_last", **PRIVATE)
    linked = demo.load(**named(_open_linked, {"profile": profile}, outputs), queue=False, **PRIVATE)
    for event in (opened, linked):
        event.then(fn=None, inputs=[panel["opened"]], outputs=[link],
                   js=static("skimarxiv/opened_link.js"), **PRIVATE)


def _some(panel: Components, *names: str) -> dict[str, Any]:
    return {name: panel[name] for name in names}


def diff_html(id: str, since: int | None) -> str:
    """What the newest version changed, as HTML for a Markdown component.

    Args:
        id: of the paper.
        since: the version to compare with; None for the one before the newest.
    """
    from core.literature.skim.diff import changes

    versions = skim_service().versions(id)
    if len(versions) < 2:
        return ""
    new = versions[-1]
    old = next((v for v in versions[:-1] if v.version == since), versions[-2])
    found = changes(old, new)
    tags = {"added": "ins", "removed": "del"}

    def pieces(parts: Any) -> str:
        return " ".join(
            f"<{tags[p.kind]}>{marks.shown(p.text)}</{tags[p.kind]}>" if p.kind in tags
            else f"<span>{marks.shown(p.text)}</span>" for p in parts
        )

    return (f'<div class="sk-diff"><p><strong>Version {old.version} to {new.version}:</strong> '
            f"{marks.shown(found.summary)}</p><p><strong>{pieces(found.title)}</strong></p>"
            f"<p>{pieces(found.abstract)}</p></div>")


def _open(values: Values, request: gr.Request) -> Values:
    verb, id = actions.opened(values["pressed"])
    item = skim_service().find(id) if id else None
    if item is not None:
        _forget(request)
    return _opened(verb, item, values["profile"]) if item is not None else {}


def _open_linked(values: Values, request: gr.Request) -> Values:
    """The paper that the link names, or where else to find it."""
    given = str(dict(request.query_params).get("paper", "")).strip()
    if not given:
        return {}
    _, id = actions.opened(f"read:{given}")
    item = skim_service().find(id) if id else None
    if item is not None:
        return _opened("read", item, values["profile"])
    return {**_empty(), "head": missing_html(given), "rest": gr.Column(visible=False),
            "opened": f"read {id}"}


def _opened(verb: str, item: Announcement, stored: str) -> Values:
    profile, _ = read_profile(stored)
    entry, id = entry_of(skim_service(), item, profile), item.paper.id
    return {
        **_empty(), "head": paper_html(entry, profile), "note": profile.notes.get(id, ""),
        "diff": diff_html(id, profile.saved.get(id)), "id": id, "opened": f"{verb} {id}",
    }


def _empty() -> Values:
    """The panel with nothing of a paper in it."""
    return {
        "panel": gr.Column(visible=True), "rest": gr.Column(visible=True), "diff": "", "note": "",
        "said": "", "short": "", "question": _box(value=""), "asked": "",
        "answer": "", "id": "",
    }


def _box(busy: bool = False, **more: str) -> gr.Textbox:
    """The box of a question, with a button to ask or, while an answer comes, to stop it."""
    if busy:
        return gr.Textbox(submit_btn=False, stop_btn="Stop", **more)
    return gr.Textbox(submit_btn="Ask", stop_btn=False, **more)


def _close(values: Values, request: gr.Request) -> Values:
    _forget(request)
    return {"panel": gr.Column(visible=False), "id": ""}


def _keep_note(values: Values) -> Values:
    profile, _ = read_profile(values["profile"])
    note = values["note"] or ""
    try:
        kept = profile.with_note(values["id"], note)
    except ValueError as error:
        return {"said": notes.error(str(error))}
    said = "The note is kept in this browser." if note.strip() else "The note is gone."
    return {"profile": kept.to_json(), "said": notes.information(said)}


def _visitor(request: gr.Request) -> str:
    return f"{request.session_hash}/skimarxiv"


def _shortener(request: gr.Request) -> str:
    """Under which a TL;DR is written: a question asked meanwhile does not stop it."""
    return f"{request.session_hash}/skimarxiv/tldr"


def _forget(request: gr.Request) -> None:
    """What is still being written is about a paper that is not open any more."""
    for visitor in (_visitor(request), _shortener(request)):
        turns.stop(visitor, forget=True)


def _stop(request: gr.Request) -> None:
    turns.stop(_visitor(request))


def _paper(id: str) -> Paper:
    item = skim_service().find(id)
    if item is None:
        raise ValueError("This paper is not in the library any more.")
    return item.paper


def _ask(values: Values, request: gr.Request) -> Iterator[Values]:
    """The answer, growing, and the sentence of the abstract that it rests on."""
    try:
        if not str(values["question"] or "").strip():
            raise ValueError("There is no question yet; type one, such as “Which data are used?”.")
        question = checked_question(values["question"])
    except ValueError as error:  # nothing was asked, so the last answer stays
        yield {"asked": notes.error(str(error)), "question": _box()}
        return
    try:
        reference = read_profile(values["profile"])[0].reference  # as the flags above use it
        turn = Turn(question, Options(paper=_paper(values["id"]), reference=reference))
        for grown in converse(turn, (), _visitor(request), quizzes=False):
            changes = grown.reply is None or grown.ended
            yield {"asked": "", "answer": _answer(grown),
                   **({"question": _box(busy=not grown.ended)} if changes else {})}
    except Exception as error:
        yield {"asked": notes.failure(error, _FAILED, _log), "answer": "", "question": _box()}


def _answer(turn: Turn) -> str:
    if turn.reply is None or not turn.ended:
        return turn.answer
    return f"{turn.answer}\n\n{beside([turn], elsewhere=False)}"


def _shorten(values: Values, request: gr.Request) -> Iterator[Values]:
    """A TL;DR in the model's words, or the extractive one where those say what is not there."""
    from core.literature.tldr.abstractive import abstractive

    try:
        paper = _paper(values["id"])
        with turns.begin(_shortener(request)) as answer:
            for words in answer.waiting():
                yield {"short": notes.empty(f"{words}…")}
            yield {"short": notes.empty("Writing…")}
            text, new, why = abstractive(
                paper, models.cosmogemma().backend, cancelled=answer.cancelled
            )
            if answer.forgotten:
                return
        how = ("In the words of a small language model; its numbers and names were checked against "
               "the abstract." if new else
               f"A sentence of the abstract stands here instead. {why}".strip())
        yield {"short": f"{marks.shown(text)}\n\n<small>{html.escape(how)}</small>"}
    except Exception as error:
        yield {"short": notes.failure(error, _FAILED, _log)}
