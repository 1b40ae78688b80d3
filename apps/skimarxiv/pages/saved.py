"""Page "Saved": the saved papers with their notes, a journal-club sheet and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import gradio as gr

from apps.shared import downloads
from apps.shared.page import notes
from apps.shared.page.events import Components, Values, named
from apps.shared.page.untrusted import LATEX, safe_markdown
from apps.shared.static_files import static
from apps.skimarxiv.cards import cards
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import PRIVATE, read_profile
from apps.skimarxiv.view import entry_of
from core.literature.text.markdown import pieces
from core.literature.text.tex import DOLLAR

if TYPE_CHECKING:
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["build", "show", "wire"]

_NOTHING = "Nothing is saved yet: press “Save” on a paper, and it stays here with your note."


def build() -> Components:
    """Lay the page out, inside the tab that is open; its components by name."""
    note = gr.HTML("", elem_id="sk-saved-note")
    with gr.Row(elem_classes="sk-buttons-row"):
        sheet = gr.DownloadButton("Journal-club sheet (.md)", size="sm", min_width=200,
                                  interactive=False, elem_id="sk-sheet")
        bibtex = gr.DownloadButton("BibTeX (.bib)", size="sm", interactive=False,
                                   min_width=160, elem_id="sk-bibtex")
    listed = gr.Markdown(notes.empty(_NOTHING), elem_id="sk-saved-list", latex_delimiters=LATEX)
    with gr.Accordion("The journal-club sheet, to read", open=False, elem_id="sk-preview"):
        preview = gr.Markdown("", elem_id="sk-sheet-text", latex_delimiters=LATEX)
    return {"note": note, "list": listed, "sheet": sheet, "bibtex": bibtex, "preview": preview}


def wire(kept: Components, profile: gr.BrowserState) -> None:
    """The files are those of the profile as it is: none can be pressed until they are made anew.

    None is made for a press that changes nothing in them, such as a like.
    """
    held = gr.Textbox(visible="hidden")
    profile.change(fn=None, inputs=[profile], outputs=[held], js=static("skimarxiv/files_of.js"),
                   **PRIVATE)
    buttons = [kept["sheet"], kept["bibtex"]]
    held.change(fn=None, outputs=buttons, js=static("skimarxiv/files_wait.js"), **PRIVATE)
    made = {name: kept[name] for name in ("sheet", "bibtex", "preview")}
    held.change(**named(_renewed, {"profile": profile}, made), queue=False, **PRIVATE)


def show(values: Values) -> Values:
    """The saved papers of a profile, and their files."""
    profile, broken = read_profile(values["profile"])
    entries = _entries(profile)
    return {
        "note": _note(broken, missing=len(profile.saved) - len(entries)),
        "list": cards(entries, profile, "saved", reasons=False) if entries
        else notes.empty(_NOTHING),
        **_files(entries, profile),
    }


def _renewed(values: Values) -> Values:
    profile, _ = read_profile(values["profile"])
    return _files(_entries(profile), profile)


def _entries(profile: Profile) -> list[Entry]:
    service = skim_service()
    found = [item for item in map(service.find, profile.saved) if item is not None]
    return [entry_of(service, item, profile) for item in found]


def _note(broken: str, missing: int) -> str:
    if missing:
        return notes.information(
            f"{missing} saved {'paper is' if missing == 1 else 'papers are'} not in this library; "
            "the ids stay in your profile."
        )
    return notes.warning(broken) if broken else ""


def _files(entries: Sequence[Entry], profile: Profile) -> Values:
    from core.literature.skim.journal_club import bibtex, sheet

    if not entries:
        off = gr.DownloadButton(interactive=False)
        return {"sheet": off, "bibtex": off, "preview": ""}
    papers = [(entry.announcement, entry.tldr, profile.notes.get(entry.announcement.paper.id, ""))
              for entry in entries]
    text = sheet(papers, profile.reference)
    paths = downloads.to_files({
        "journal_club.md": text.encode(),
        "saved_papers.bib": bibtex([entry.announcement for entry in entries]).encode(),
    })
    first, second = (gr.DownloadButton(value=path, interactive=True) for path in paths)
    return {
        "sheet": first, "bibtex": second,
        "preview": _as_page(text),
    }


_DOLLAR, _LESS = "\ue000", "\ue001"  # of no alphabet: the sheet has none
_KEPT = re.compile(r"`[^`\n]*`")


def _as_page(text: str) -> str:
    """The sheet for the page: a dollar or a "<" that a stroke keeps from being read is an element
    or a reference there, since formulas are looked for before any stroke is."""
    text = text.replace(_DOLLAR, "").replace(_LESS, "")
    marked = "".join(
        piece if is_formula else piece.replace(r"\$", _DOLLAR).replace(r"\<", _LESS)
        for is_formula, piece in pieces(text))
    shown = safe_markdown(marked).replace(_LESS, "&lt;")
    parts, at = [], 0
    for code in _KEPT.finditer(shown):  # no element is drawn in code
        parts += [_with_dollars(shown[at : code.start()]), code[0].replace(_DOLLAR, DOLLAR)]
        at = code.end()
    return "".join([*parts, _with_dollars(shown[at:])])


def _with_dollars(text: str) -> str:
    return text.replace(_DOLLAR, "<span>&#36;</span>")
