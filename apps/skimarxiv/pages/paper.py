"""The panel of one paper: the whole abstract, what a new version changed, a note, questions."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.cosmogemma import models as gemma
from apps.cosmogemma import work
from apps.cosmogemma.conversation import Options, Turn
from apps.cosmogemma.pages import ask
from apps.cosmogemma.work import EVENT as MODEL_EVENT
from apps.shared.page import notes
from apps.shared.page.untrusted import LATEX, safe_markdown
from apps.skimarxiv import actions, marks, models, script
from apps.skimarxiv.cards import missing_html, paper_html
from apps.skimarxiv.state import PRIVATE, read_profile

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["CSS", "Panel", "build", "diff_html", "entry_of", "wire"]

_log = logging.getLogger(__name__)
_FAILED = "This did not work, for a reason that the terminal tells."
_LONGEST = 2000
_SHOWN = 11  # components that opening a paper sets

CSS = """
#sk-panel { border: 1px solid var(--border-color-primary); border-radius: 12px; padding: 14px;
  position: sticky; top: 12px; max-height: calc(100vh - 24px); overflow-y: auto;
  align-self: flex-start; background: var(--background-fill-primary); flex-wrap: nowrap; }
#sk-panel > * { flex-shrink: 0; }
.sk-paper, .sk-diff { contain: inline-size; }
.sk-paper > *, .sk-diff p { overflow: auto hidden; padding-bottom: 1px; }
.sk-paper h3 { margin: 0; line-height: 1.35; }
.sk-paper p { margin: 0.45em 0 0; line-height: 1.5; }
.sk-diff del { background: color-mix(in srgb, #dc2626 22%, transparent); }
.sk-diff ins { background: color-mix(in srgb, #16a34a 25%, transparent); text-decoration: none; }
.sk-diff p { line-height: 1.5; }
.sk-paper .sk-link { border: 1px solid var(--border-color-primary); border-radius: 6px;
  padding: 0.1em 0.75em; font-size: 0.88em; min-height: 30px; display: inline-flex;
  align-items: center; text-decoration: none; }
#sk-close { flex-grow: 0; align-self: flex-end; width: auto !important; }
@media (max-width: 900px) {
  #sk-panel { position: fixed; inset: 0; z-index: 60; border-radius: 0; max-height: none; }
}
"""


@dataclass
class Panel:
    """The panel's components."""

    column: gr.Column
    close: gr.Button
    head: gr.Markdown
    rest: gr.Column
    diff: gr.Markdown
    note: gr.Textbox
    keep: gr.Button
    said: gr.HTML
    shorten: gr.Button
    short: gr.Markdown
    question: gr.Textbox
    answer: gr.Markdown
    id: gr.State


def build() -> Panel:
    """Lay the panel out, beside the tabs; hidden until a paper is opened."""
    with gr.Column(scale=4, min_width=300, visible=False, elem_id="sk-panel") as column:
        close = gr.Button("Close", size="sm", elem_id="sk-close", min_width=90)
        head = gr.Markdown("", elem_id="sk-head", latex_delimiters=LATEX)
        with gr.Column(elem_id="sk-panel-rest") as rest:
            diff = gr.Markdown("", elem_id="sk-diff", latex_delimiters=LATEX)
            note = gr.Textbox(label="Your note", lines=2, max_lines=8, max_length=_LONGEST,
                              elem_id="sk-note-box", info="Stays in this browser.")
            keep = gr.Button("Keep the note", size="sm", elem_id="sk-keep")
            said = gr.HTML("", elem_id="sk-panel-note")
            shorten = gr.Button("Write a TL;DR in other words", size="sm", elem_id="sk-shorten")
            short = gr.Markdown("", elem_id="sk-short", latex_delimiters=LATEX)
            question = gr.Textbox(
                label="Ask CosmoGemma about this paper", submit_btn="Ask", max_lines=4,
                info="A small language model that reads this abstract and nothing else.",
                placeholder="Which data are used?", elem_id="sk-question",
            )
            answer = gr.Markdown("", elem_id="sk-answer", latex_delimiters=LATEX)
    return Panel(column, close, head, rest, diff, note, keep, said, shorten, short, question,
                 answer, gr.State(""))


def wire(
    demo: gr.Blocks, panel: Panel, profile: gr.BrowserState, elsewhere: Sequence[gr.Tab],
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
    opening = gr.Button("Open", visible="hidden", elem_id="sk-open")
    what = gr.Textbox(visible="hidden")
    verb = gr.Textbox(visible="hidden")
    shown = [panel.column, panel.head, panel.rest, panel.diff, panel.note, panel.said, panel.short,
             panel.question, panel.answer, panel.id, verb]
    opened = opening.click(fn=_open, inputs=[what, profile], outputs=shown, js=script.OPEN_JS,
                           queue=False, trigger_mode="always_last", **PRIVATE)
    linked = demo.load(fn=_open_linked, inputs=[profile], outputs=shown, queue=False, **PRIVATE)
    for event in (opened, linked):
        event.then(fn=None, inputs=[verb], outputs=[link], js=script.OPENED_JS, **PRIVATE)
    closing = [panel.close.click, *(tab.select for tab in elsewhere)]
    gr.on(closing, fn=_close, inputs=None, outputs=[panel.column, panel.id], queue=False,
          **PRIVATE)
    panel.close.click(fn=None, outputs=[link], js=script.CLOSED_JS, **PRIVATE)
    panel.keep.click(fn=_keep, inputs=[panel.id, panel.note, profile],
                     outputs=[profile, panel.said], queue=False, **PRIVATE)
    model: dict[str, Any] = {**MODEL_EVENT, **PRIVATE}
    panel.shorten.click(fn=_shorten, inputs=[panel.id], outputs=[panel.short], **model)
    panel.question.submit(fn=_ask, inputs=[panel.id, panel.question],
                          outputs=[panel.said, panel.answer, panel.question], **model)
    panel.answer.change(fn=None, js=_SHOW_ANSWER_JS, **PRIVATE)
    panel.question.stop(fn=_stop, inputs=None, outputs=None, queue=False, **PRIVATE)


_SHOW_ANSWER_JS = """() => {
  document.querySelector("#sk-answer")?.scrollIntoView({block: "nearest"});
}"""

def entry_of(item: Announcement, profile: Profile) -> Entry:
    """Everything that is known of one paper."""
    from core.literature.arxiv.announcement import Batch
    from core.literature.skim.entries import entries

    desk = models.skim_service()
    batch = Batch(item.day, (), (item,), "feed", datetime.now(UTC))
    return next(iter(entries(batch, profile, desk.announcements, desk.library, prepare=False)))


def diff_html(id: str, since: int | None) -> str:
    """What the newest version changed, as HTML for a Markdown component.

    Args:
        id: of the paper.
        since: the version to compare with; None for the one before the newest.
    """
    from core.literature.skim.diff import changes

    versions = models.skim_service().versions(id)
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


def _open(what: str, stored: str) -> list[Any]:
    verb, id = actions.opened(what)
    item = models.skim_service().find(id) if id else None
    return [gr.skip()] * _SHOWN if item is None else _opened(verb, item, stored)


def _open_linked(stored: str, request: gr.Request) -> list[Any]:
    """The paper that the link names, or where else to find it."""
    named = str(dict(request.query_params).get("paper", "")).strip()
    if not named:
        return [gr.skip()] * _SHOWN
    _, id = actions.opened(f"read:{named}")
    item = models.skim_service().find(id) if id else None
    if item is not None:
        return _opened("read", item, stored)
    return [gr.Column(visible=True), missing_html(named), gr.Column(visible=False), "", "", "", "",
            gr.Textbox(value=""), "", "", f"read {id}"]


def _opened(verb: str, item: Announcement, stored: str) -> list[Any]:
    profile, _ = read_profile(stored)
    entry, id = entry_of(item, profile), item.paper.id
    question = gr.Textbox(value="", submit_btn="Ask", stop_btn=False)
    return [
        gr.Column(visible=True), paper_html(entry, profile), gr.Column(visible=True),
        diff_html(id, profile.saved.get(id)), profile.notes.get(id, ""), "", "", question, "", id,
        f"{verb} {id}",
    ]


def _close(request: gr.Request) -> list[Any]:
    work.stop(_visitor(request), forget=True)
    return [gr.Column(visible=False), ""]


def _keep(id: str, note: str, stored: str) -> list[Any]:
    profile, _ = read_profile(stored)
    try:
        kept = profile.with_note(id, note or "")
    except ValueError as error:
        return [gr.skip(), notes.error(str(error))]
    said = "The note is kept in this browser." if (note or "").strip() else "The note is gone."
    return [kept.to_json(), notes.information(said)]


def _visitor(request: gr.Request) -> str:
    return f"{request.session_hash}/skimarxiv"


def _stop(request: gr.Request) -> None:
    work.stop(_visitor(request))


def _ask(id: str, question: str, request: gr.Request) -> Iterator[list[Any]]:
    """The answer, growing, and the sentence of the abstract that it rests on."""
    busy, free = (gr.Textbox(submit_btn=False, stop_btn="Stop"),
                  gr.Textbox(submit_btn="Ask", stop_btn=False))
    try:
        text = ask.checked(question)
        item = models.skim_service().find(id)
        if item is None:
            raise ValueError("This paper is not in the library any more.")
        with work.begin(_visitor(request)) as job:
            for words in job.waiting():
                yield ["", notes.empty(f"{words}…"), busy]
            turn = Turn(text, Options(), doing="Reading the abstract")
            yield ["", turn.answer, busy]
            for reply in gemma.cosmogemma().ask(text, paper=item.paper, cancelled=job.cancelled):
                turn = replace(turn, reply=reply, doing="Writing")
                yield ["", turn.answer, gr.skip()]
            if not job.forgotten:
                yield ["", f"{turn.answer}\n\n{ask.beside([turn], elsewhere=False)}", free]
    except work.BusyError as error:
        yield [notes.warning(str(error)), gr.skip(), gr.skip()]
    except ValueError as error:
        yield [notes.error(str(error)), "", free]
    except Exception:
        _log.exception("asking about a paper failed")
        yield [notes.error(_FAILED), "", free]


def _shorten(id: str, request: gr.Request) -> Iterator[str]:
    """A TL;DR in the model's words, or the extractive one where those say what is not there."""
    from core.literature.tldr.abstractive import abstractive

    try:
        item = models.skim_service().find(id)
        if item is None:
            raise ValueError("This paper is not in the library any more.")
        with work.begin(_visitor(request)) as job:
            for words in job.waiting():
                yield notes.empty(f"{words}…")
            yield notes.empty("Writing…")
            text, new, why = abstractive(
                item.paper, gemma.cosmogemma().backend, cancelled=job.cancelled
            )
        how = ("In the words of a small language model; its numbers and names were checked against "
               "the abstract." if new else
               f"A sentence of the abstract stands here instead. {why}".strip())
        yield f"{safe_markdown(text)}\n\n<small>{html.escape(how)}</small>"
    except ValueError as error:
        yield notes.error(str(error))
    except Exception:
        _log.exception("an abstractive TL;DR failed")
        yield notes.error(_FAILED)
