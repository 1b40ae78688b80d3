"""Page "Saved": the saved papers with their notes, a journal-club sheet and BibTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.shared import downloads
from apps.shared.page import notes
from apps.shared.page.untrusted import LATEX, safe_markdown
from apps.skimarxiv import models
from apps.skimarxiv.cards import cards
from apps.skimarxiv.pages.paper import entry_of
from apps.skimarxiv.state import PRIVATE, read_profile

if TYPE_CHECKING:
    from core.literature.ranking.profile import Profile

__all__ = ["Saved", "build", "on_load", "wire"]

_NOTHING = "Nothing is saved yet: press “Save” on a paper, and it stays here with your note."


class Saved:
    """The components of the page."""

    def __init__(self) -> None:
        self.note = gr.HTML("", elem_id="sk-saved-note")
        with gr.Row(elem_classes="sk-buttons-row"):
            self.sheet = gr.DownloadButton("Journal-club sheet (.md)", size="sm", min_width=200,
                                           interactive=False, elem_id="sk-sheet")
            self.bibtex = gr.DownloadButton("BibTeX (.bib)", size="sm", interactive=False,
                                            min_width=160, elem_id="sk-bibtex")
        self.listed = gr.Markdown(notes.empty(_NOTHING), elem_id="sk-saved-list",
                                  latex_delimiters=LATEX)
        with gr.Accordion("The journal-club sheet, to read", open=False, elem_id="sk-preview"):
            self.preview = gr.Markdown("", elem_id="sk-sheet-text", latex_delimiters=LATEX)

    @property
    def outputs(self) -> list[Any]:
        """In the order of what :func:`_show` returns."""
        return [self.note, self.listed, self.sheet, self.bibtex, self.preview]


def build() -> Saved:
    """Lay the page out, inside the tab that is open."""
    return Saved()


def wire(page: Saved, tab: gr.Tab, profile: gr.BrowserState) -> None:
    """Draw it whenever its tab is opened."""
    tab.select(fn=_show, inputs=[profile], outputs=page.outputs, queue=False, **PRIVATE)


def on_load(page: Saved) -> dict[str, Any]:
    """Function and outputs of an event that draws it if the link opens its tab."""
    return {"fn": _linked, "outputs": page.outputs}


def _linked(stored: str, request: gr.Request) -> list[Any]:
    opened = request.query_params.get("tab") == "saved"
    return _show(stored) if opened else [gr.skip()] * 5


def _show(stored: str) -> list[Any]:
    profile, broken = read_profile(stored)
    desk = models.skim_service()
    found = [item for item in map(desk.find, profile.saved) if item is not None]
    missing = len(profile.saved) - len(found)
    said = notes.warning(broken) if broken else ""
    if missing:
        said = notes.information(
            f"{missing} saved {'paper is' if missing == 1 else 'papers are'} not in this library; "
            "the ids stay in your profile."
        )
    off = gr.DownloadButton(interactive=False)
    if not found:
        return [said, notes.empty(_NOTHING), off, off, ""]
    entries = [entry_of(item, profile) for item in found]
    text, bib = _files(entries, profile)
    paths = downloads.to_files({"journal_club.md": text.encode(), "saved_papers.bib": bib.encode()})
    listed = cards([_without_reasons(entry) for entry in entries], profile, "saved")
    return [
        said, listed,
        gr.DownloadButton(value=paths[0], interactive=True),
        gr.DownloadButton(value=paths[1], interactive=True), safe_markdown(text),
    ]


def _without_reasons(entry: Any) -> Any:
    from dataclasses import replace

    return replace(entry, ranked=None)


def _files(entries: list[Any], profile: Profile) -> tuple[str, str]:
    from core.literature.skim.journal_club import bibtex, sheet

    papers = [(entry.announcement, entry.tldr, profile.notes.get(entry.announcement.paper.id, ""))
              for entry in entries]
    return sheet(papers), bibtex([entry.announcement for entry in entries])
