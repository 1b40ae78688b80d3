"""Page "Saved": the saved papers with their notes, a journal-club sheet and BibTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import gradio as gr

from apps.shared import downloads
from apps.shared.page import notes
from apps.shared.page.events import Components, Values
from apps.shared.page.untrusted import LATEX, safe_markdown
from apps.skimarxiv.cards import cards
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import read_profile
from apps.skimarxiv.view import entry_of
from core.literature.text.tex import DOLLAR

if TYPE_CHECKING:
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["build", "show"]

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


def show(values: Values) -> Values:
    """The saved papers of a profile, and their files."""
    profile, broken = read_profile(values["profile"])
    service = skim_service()
    found = [item for item in map(service.find, profile.saved) if item is not None]
    note = _note(broken, missing=len(profile.saved) - len(found))
    if not found:
        off = gr.DownloadButton(interactive=False)
        return {"note": note, "list": notes.empty(_NOTHING), "sheet": off, "bibtex": off,
                "preview": ""}
    entries = [entry_of(service, item, profile) for item in found]
    text, bib = _files(entries, profile)
    sheet, bibtex = downloads.to_files(
        {"journal_club.md": text.encode(), "saved_papers.bib": bib.encode()}
    )
    return {
        "note": note, "list": cards(entries, profile, "saved", reasons=False),
        "sheet": gr.DownloadButton(value=sheet, interactive=True),
        "bibtex": gr.DownloadButton(value=bibtex, interactive=True),
        "preview": safe_markdown(text.replace(r"\$", DOLLAR)),  # no stroke keeps it from a formula
    }


def _note(broken: str, missing: int) -> str:
    if missing:
        return notes.information(
            f"{missing} saved {'paper is' if missing == 1 else 'papers are'} not in this library; "
            "the ids stay in your profile."
        )
    return notes.warning(broken) if broken else ""


def _files(entries: Sequence[Entry], profile: Profile) -> tuple[str, str]:
    from core.literature.skim.journal_club import bibtex, sheet

    papers = [(entry.announcement, entry.tldr, profile.notes.get(entry.announcement.paper.id, ""))
              for entry in entries]
    return sheet(papers), bibtex([entry.announcement for entry in entries])
