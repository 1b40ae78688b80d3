"""Page "Settings": interests, followed and muted, reference values; the profile and the library
as files."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from apps.shared import downloads
from apps.shared.page import notes
from apps.shared.server.guard import hosted
from apps.skimarxiv import models
from apps.skimarxiv.numbers import NAMES
from apps.skimarxiv.state import PRIVATE, read_profile
from core.literature.ranking.profile import Profile, paper_ids

__all__ = ["Settings", "build", "on_load", "wire"]

_log = logging.getLogger(__name__)
_FAILED = "This did not work, for a reason that the terminal tells."
_LARGEST = 2_000_000  # bytes of a profile

_WORDS = """Everything here stays in this browser, or in the file that you export; no server keeps
it. What you write here, and what you like and dislike, orders the papers: each says why it stands
where it does."""

_REFERENCES = """A measured value that is more than 2σ from its reference is flagged. The references
are those of Planck 2018 (TT,TE,EE+lowE+lensing) until you change them."""


class Settings:
    """The components of the page."""

    def __init__(self) -> None:
        gr.Markdown(_WORDS)
        with gr.Row():
            self.interests = gr.Textbox(
                label="What you are interested in", lines=4, max_lines=10, max_length=2000,
                info="In your own words; a line each for different interests.",
                placeholder="weak lensing peak counts\nneural posterior estimation",
                elem_id="sk-interests", min_width=280,
            )
            self.seeds = gr.Textbox(
                label="Papers that show it", lines=4, max_lines=10, elem_id="sk-seeds",
                info="arXiv ids or links, in any form.", min_width=280,
                placeholder="2301.01234, https://arxiv.org/abs/astro-ph/0601001",
            )
        with gr.Row():
            self.authors = gr.Textbox(label="Authors you follow", lines=3, max_lines=10,
                                      info="One a line.", elem_id="sk-authors", min_width=280)
            self.muted = gr.Textbox(label="Muted words", lines=3, max_lines=10,
                                    info="One a line; papers with one of them go last.",
                                    elem_id="sk-muted", min_width=280)
        self.names, self.references = _references()
        with gr.Row(elem_classes="sk-buttons-row"):
            self.save = gr.Button("Keep these settings", variant="primary", min_width=200,
                                  elem_id="sk-save-settings")
            self.reset = gr.Button("Forget what orders my papers", min_width=220,
                                   elem_id="sk-reset")
        self.note = gr.HTML("", elem_id="sk-settings-note")
        with gr.Accordion("As files", open=False, elem_id="sk-files"):
            gr.Markdown("The profile is one JSON file: for a backup, another browser, or the "
                        "digest from the command line (`--profile FILE`).")
            with gr.Row(elem_classes="sk-buttons-row"):
                self.export = gr.DownloadButton("Export the profile", size="sm", min_width=170,
                                                elem_id="sk-export")
                self.load = gr.UploadButton("Import a profile", size="sm", min_width=170,
                                            file_types=[".json"], elem_id="sk-import")
            self.library = _library()

    @property
    def fields(self) -> list[Any]:
        """What is kept, in the order of :func:`_values`."""
        return [self.interests, self.seeds, self.authors, self.muted, *self.references]


def _references() -> tuple[list[str], list[gr.Number]]:
    from core.literature.measurements.tension import PLANCK_2018

    names, boxes = list(PLANCK_2018), []
    with gr.Accordion("Reference values for the flags", open=False, elem_id="sk-references"):
        gr.Markdown(_REFERENCES)
        for i in range(0, len(names), 2):
            with gr.Row(elem_classes="sk-reference"):
                for name in names[i : i + 2]:
                    known, shown = PLANCK_2018[name], NAMES.get(name, name)
                    boxes += [
                        gr.Number(known.value, label=shown, min_width=100),
                        gr.Number(known.sigma, label=f"σ of {shown}", min_width=100),
                    ]
    return names, boxes


def _library() -> tuple[Any, Any] | None:
    if hosted():  # one library for strangers: nobody puts anything into it
        return None
    gr.Markdown("The library holds every announcement that was ever fetched here, with every "
                "version's text.")
    with gr.Row(elem_classes="sk-buttons-row"):
        export = gr.Button("Export the library", size="sm", min_width=170,
                           elem_id="sk-library-export")
        file = gr.DownloadButton("Download it", size="sm", min_width=120, visible=False,
                                 elem_id="sk-library-file")
        load = gr.UploadButton("Import into the library", size="sm", min_width=170,
                               file_types=[".jsonl"], elem_id="sk-library-import")
    return (export, file), load


def build() -> Settings:
    """Lay the page out, inside the tab that is open."""
    return Settings()


def wire(page: Settings, tab: gr.Tab, profile: gr.BrowserState, redraw: Any) -> None:
    """Fill it whenever its tab is opened, and let its buttons work.

    Args:
        page: the components.
        tab: that holds them.
        profile: of the reader.
        redraw: arguments of the event that draws the list again.
    """
    shown = [*page.fields, page.export]
    tab.select(fn=_filler(page.names), inputs=[profile], outputs=shown, queue=False, **PRIVATE)
    page.save.click(fn=_keeper(page.names), inputs=[profile, *page.fields],
                    outputs=[profile, page.note], queue=False, **PRIVATE).then(**redraw)
    page.reset.click(fn=_reset, inputs=[profile], outputs=[profile, page.note], queue=False,
                     **PRIVATE).then(
        fn=_filler(page.names), inputs=[profile], outputs=shown, queue=False, **PRIVATE
    ).then(**redraw)
    page.load.upload(fn=_import, inputs=[page.load, profile], outputs=[profile, page.note],
                     **PRIVATE).then(
        fn=_filler(page.names), inputs=[profile], outputs=shown, queue=False, **PRIVATE
    ).then(**redraw)
    if page.library is not None:
        export, load = page.library
        export, file = export
        export.click(fn=_export_library, inputs=None, outputs=[file], **PRIVATE)
        load.upload(fn=_import_library, inputs=[load], outputs=[page.note], **PRIVATE).then(
            **redraw)


def on_load(page: Settings) -> dict[str, Any]:
    """Function and outputs of an event that fills it if the link opens its tab."""
    fill = _filler(page.names)

    def linked(stored: str, request: gr.Request) -> list[Any]:
        opened = request.query_params.get("tab") == "settings"
        return fill(stored) if opened else [gr.skip()] * (len(page.fields) + 1)

    return {"fn": linked, "outputs": [*page.fields, page.export]}


def _filler(names: list[str]) -> Any:
    def fill(stored: str) -> list[Any]:
        profile, _ = read_profile(stored)
        return [*_values(profile, names), _file(profile)]

    return fill


def _values(profile: Profile, names: list[str]) -> list[Any]:
    from core.literature.measurements.tension import PLANCK_2018

    numbers: list[float] = []
    for name in names:
        known = PLANCK_2018[name]
        numbers += profile.reference.get(name, (known.value, known.sigma))
    return [profile.interests, "\n".join(profile.seeds), "\n".join(profile.authors),
            "\n".join(profile.muted), *numbers]


def _file(profile: Profile) -> Any:
    path = downloads.to_files({"skimarxiv_profile.json": profile.to_json().encode()})[0]
    return gr.DownloadButton(value=path)


def _keeper(names: list[str]) -> Any:
    def keep(stored: str, interests: str, seeds: str, authors: str, muted: str, *numbers: Any
             ) -> list[Any]:
        profile, _ = read_profile(stored)
        found = paper_ids(seeds or "")
        try:
            kept = replace(
                profile, interests=interests or "", seeds=found, authors=_lines(authors),
                muted=_lines(muted), reference=_changed(names, numbers),
            )
        except ValueError as error:
            return [gr.skip(), notes.error(str(error))]
        said = "Kept in this browser; the list is ordered by it."
        if (seeds or "").strip() and not found:
            said += " No arXiv id was found among the papers; one is 2301.01234."
        return [kept.to_json(), notes.information(said)]

    return keep


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _changed(names: list[str], numbers: Any) -> dict[str, tuple[float, float]]:
    from core.literature.measurements.tension import PLANCK_2018

    changed: dict[str, tuple[float, float]] = {}
    for name, value, sigma in zip(names, numbers[::2], numbers[1::2], strict=True):
        known = PLANCK_2018[name]
        if value is None or sigma is None:
            continue
        if (value, sigma) != (known.value, known.sigma):
            changed[name] = (value, sigma)
    return changed


def _reset(stored: str) -> list[Any]:
    profile, _ = read_profile(stored)
    said = "Forgotten: interests, papers, likes, authors and muted words. What you saved stays."
    return [profile.reset().to_json(), notes.information(said)]


def _import(path: str, stored: str) -> list[Any]:
    try:
        file = Path(path)
        if file.stat().st_size > _LARGEST:
            raise ValueError("This file is too large for a profile; one has at most 2 MB.")
        profile = Profile.from_json(file.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, OSError) as error:
        return [gr.skip(), notes.error(str(error))]
    return [profile.to_json(), notes.information("The profile is in this browser now.")]


def _export_library() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "skimarxiv_library.jsonl"
        models.skim_service().announcements.export(path)
        made = downloads.to_files({path.name: path.read_bytes()})[0]
    return gr.DownloadButton(value=made, visible=True)


def _import_library(path: str) -> str:
    try:
        number = models.skim_service().announcements.import_(Path(path))
    except ValueError as error:
        return notes.error(str(error))
    except Exception:
        _log.exception("the library could not be imported")
        return notes.error(_FAILED)
    return notes.information(f"{number:,} announcements are new in the library.")
