"""Page "Settings": interests, followed and muted, reference values; the profile and the library
as files."""

from __future__ import annotations

import html
import logging
import math
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from apps.shared import downloads
from apps.shared.page import notes
from apps.shared.page.events import Components, Values, named
from apps.shared.server.guard import hosted
from apps.shared.static_files import static
from apps.skimarxiv.numbers import NAMES
from apps.skimarxiv.service import skim_service
from apps.skimarxiv.state import PRIVATE, read_profile
from core.literature.ranking.authors import first_followed
from core.literature.ranking.interests import in_words, read_interests
from core.literature.ranking.muted import checked_mutes
from core.literature.ranking.profile import FORGETTABLE, Profile, not_ids, paper_ids
from core.literature.text.author_names import authors_of

if TYPE_CHECKING:
    from apps.skimarxiv.view import View

__all__ = ["SettingsPage", "build", "fill", "wire"]

_log = logging.getLogger(__name__)
_FAILED = "This did not work; see the server log."
_LARGEST = 2_000_000  # bytes of a profile
_MOST_NAMED, _LONG_WORD = 5, 60  # of what a sentence quotes
_SMALL: dict[str, Any] = {"size": "sm", "min_width": 170}

_WORDS = """Everything here stays in this browser, or in the file that you export; no server keeps
it. What you write here, and what you like and dislike, orders the papers: each says why it stands
where it does. Abbreviations and symbols are understood, and widened by what belongs to them."""

_REFERENCES = """A measured value that is more than 2σ from its reference is flagged. The references
are those of Planck 2018 (TT,TE,EE+lowE+lensing) until you change them."""


_READING = '<p class="sk-line" role="status">Reading what this browser has kept…</p>'
"""Until the boxes are filled nobody writes into them: it would be written over."""


class SettingsPage:
    """The components of the page.

    Attributes:
        fields: what is kept: "interests", "seeds", "authors", "muted", and the value and the sigma
            of each reference.
        buttons: "save", "reset", "undo" (the reset), "export" (the profile) and "import".
        forgotten: the profile before the reset.
        note: for one sentence.
        library: "export", "file", "import" and a "note" of its own; empty where strangers share
            the library.
    """

    def __init__(self) -> None:
        gr.Markdown(_WORDS)
        interests = _interests()
        self.read_as = gr.HTML(_READING, elem_id="sk-read-as", padding=False)
        self.fields: dict[str, Any] = {**interests, **_references()}
        with gr.Row(elem_classes="sk-buttons-row"):
            save = gr.Button("Save these settings", variant="primary", min_width=200,
                             interactive=False, elem_id="sk-save-settings")
            reset = gr.Button("Reset my interests", min_width=220, elem_id="sk-reset")
            undo = gr.Button("Undo the reset", min_width=170, visible=False, elem_id="sk-unreset")
        self.note = gr.HTML("", elem_id="sk-settings-note")
        self.forgotten = gr.Textbox(visible="hidden")  # in the browser, until the page is closed
        with gr.Accordion("As files", open=False, elem_id="sk-files"):
            self.buttons: dict[str, Any] = {"save": save, "reset": reset, "undo": undo,
                                            **_profile_file()}
            self.library: dict[str, Any] = {} if hosted() else _library_file()

    @property
    def filled(self) -> Components:
        """What :func:`fill` sets."""
        return {**self.fields, "export": self.buttons["export"], "read_as": self.read_as,
                "save": self.buttons["save"]}


def _interests() -> dict[str, gr.Textbox]:
    with gr.Row():
        interests = gr.Textbox(
            label="What you are interested in", lines=4, max_lines=10, max_length=2000,
            info="In your own words; a line each for different interests.",
            placeholder="weak lensing peak counts\nneural posterior estimation",
            elem_id="sk-interests", min_width=280, interactive=False,
        )
        seeds = gr.Textbox(
            label="Papers that show it", lines=4, max_lines=10, elem_id="sk-seeds",
            info="arXiv ids or links, in any form.", min_width=280, interactive=False,
            placeholder="2301.01234, https://arxiv.org/abs/astro-ph/0601001",
        )
    with gr.Row():
        authors = gr.Textbox(label="Authors you follow", lines=3, max_lines=10,
                             info="One a line, such as “Doe, J.” or “Jane Doe”; “Doe” alone is "
                                  "everybody of that name.", elem_id="sk-authors", min_width=280,
                             interactive=False)
        muted = gr.Textbox(label="Muted words", lines=3, max_lines=10,
                           info="One a line; papers with one of them go last.",
                           elem_id="sk-muted", min_width=280, interactive=False)
    return {"interests": interests, "seeds": seeds, "authors": authors, "muted": muted}


def _references() -> dict[str, gr.Number]:
    from core.literature.measurements.tension import PLANCK_2018

    names, boxes = list(PLANCK_2018), {}
    with gr.Accordion("Reference values for the flags", open=False, elem_id="sk-references"):
        gr.Markdown(_REFERENCES)
        for i in range(0, len(names), 2):
            with gr.Row(elem_classes="sk-reference"):
                for name in names[i : i + 2]:
                    known, shown = PLANCK_2018[name], NAMES.get(name, name)
                    for box, value, label in ((_value(name), known.value, shown),
                                              (_sigma(name), known.sigma, f"σ of {shown}")):
                        boxes[box] = gr.Number(value, label=label, min_width=100,
                                               interactive=False)
    return boxes


def _value(quantity: str) -> str:
    """Name of the component with a reference's value."""
    return f"{quantity} value"


def _sigma(quantity: str) -> str:
    """Name of the component with a reference's uncertainty."""
    return f"{quantity} sigma"


def _profile_file() -> dict[str, Any]:
    gr.Markdown("The profile is one JSON file (.json): for a backup, another browser, or the "
                "digest from the command line (`--profile FILE`).")
    with gr.Row(elem_classes="sk-buttons-row"):
        export = gr.DownloadButton("Export the profile", elem_id="sk-export", **_SMALL)
        load = gr.UploadButton("Import a profile", elem_id="sk-import", **_SMALL)
    return {"export": export, "import": load}


def _library_file() -> dict[str, Any]:
    """Only where there is one reader: nobody puts anything into a library for strangers."""
    gr.Markdown("The library holds every announcement that was ever fetched here, with every "
                "version's text. What is imported is a file that “Export the library” made, here "
                "or elsewhere (.jsonl, one announcement a line).")
    with gr.Row(elem_classes="sk-buttons-row"):
        export = gr.Button("Export the library", elem_id="sk-library-export", **_SMALL)
        file = gr.DownloadButton("Download it", size="sm", min_width=120, visible=False,
                                 elem_id="sk-library-file")
        load = gr.UploadButton("Import into the library", elem_id="sk-library-import", **_SMALL)
    note = gr.HTML("", elem_id="sk-library-note", padding=False)
    return {"export": export, "file": file, "import": load, "note": note}


def build() -> SettingsPage:
    """Lay the page out, inside the tab that is open."""
    return SettingsPage()


def wire(
    page: SettingsPage, profile: gr.BrowserState, view: gr.State, redraw: dict[str, Any]
) -> None:
    """Let the buttons work.

    Args:
        page: the components.
        profile: of the reader.
        view: the list, in which followed authors are looked for.
        redraw: arguments of the event that draws the list again.
    """
    stored = {"profile": profile}
    changed = {**stored, "note": page.note, "read_as": page.read_as}
    at_once: dict[str, Any] = {"queue": False, **PRIVATE}
    refill = {**named(fill, stored, page.filled), **at_once}
    page.buttons["save"].click(
        **named(_keep, {**stored, "view": view, **page.fields}, changed), **at_once).then(**redraw)
    forgotten = {"forgotten": page.forgotten}
    for name, function in (("reset", _reset), ("undo", _unreset)):
        page.buttons[name].click(
            **named(function, {**stored, **forgotten},
                    {**changed, **forgotten, "undo": page.buttons["undo"]}), **at_once,
        ).then(**refill).then(**redraw)
    page.buttons["import"].upload(
        **named(_import, {"file": page.buttons["import"]}, changed), **PRIVATE,
    ).then(**refill).then(**redraw)
    if page.library:
        page.library["export"].click(
            **named(_export_library, {},
                    {"file": page.library["file"], "note": page.library["note"]}),
            **PRIVATE,
        ).then(fn=None, inputs=[page.library["file"]],
               js=static("skimarxiv/take_library.js"), **PRIVATE)
        page.library["import"].upload(
            **named(_import_library, {"file": page.library["import"]},
                    {"note": page.library["note"]}),
            **PRIVATE).then(**redraw)


def fill(values: Values) -> Values:
    """The settings of a profile, and its file."""
    from core.literature.measurements.tension import PLANCK_2018

    profile, _ = read_profile(values["profile"])
    references: dict[str, float] = {}
    for name, known in PLANCK_2018.items():
        value, sigma = profile.reference.get(name, (known.value, known.sigma))
        references |= {_value(name): value, _sigma(name): sigma}
    path = downloads.to_files({"skimarxiv_profile.json": profile.to_json().encode()})[0]
    texts = {"interests": profile.interests, "seeds": "\n".join(profile.seeds),
             "authors": "\n".join(profile.authors), "muted": "\n".join(profile.muted)}
    return {
        **{name: gr.Textbox(value=text, interactive=True) for name, text in texts.items()},
        **{name: gr.Number(value=value, interactive=True) for name, value in references.items()},
        "export": gr.DownloadButton(value=path), "read_as": read_as_html(profile),
        "save": gr.Button(interactive=True),
    }


def read_as_html(profile: Profile) -> str:
    """What each interest became, one a line; nothing if there are none."""
    lines = "".join(f"<li>{html.escape(in_words(interest))}</li>"
                    for interest in read_interests(profile.interests))
    return f'<div class="sk-read-as">Read as:<ul>{lines}</ul></div>' if lines else ""


def _keep(values: Values) -> Values:
    profile, _ = read_profile(values["profile"])
    try:
        kept = replace(
            profile, interests=values["interests"] or "", seeds=paper_ids(values["seeds"] or ""),
            authors=_names(values["authors"]), muted=checked_mutes(_lines(values["muted"])),
            reference=_changed_references(values),
        )
    except ValueError as error:
        return {"note": notes.error(str(error))}
    said = ["Kept in this browser; the list is ordered by it.",
            *_without_effect(kept, values["seeds"] or "", values.get("view"))]
    note = notes.information if len(said) == 1 else notes.warning
    return {"profile": kept.to_json(), "note": note(" ".join(said)),
            "read_as": read_as_html(kept)}


def _without_effect(kept: Profile, seeds: str, view: View | None) -> list[str]:
    """A sentence for each kind of what was written that does nothing here today."""
    said = []
    if odd := not_ids(seeds):
        said.append(f"Not understood among the papers: {_some(odd)}; an id is like 2301.01234.")
    if absent := [id for id in kept.seeds if skim_service().find(id) is None]:
        said.append(f"Not in this library, so {'it shows' if len(absent) == 1 else 'they show'} "
                    f"nothing yet: {_some(absent)}.")
    papers = [entry.announcement.paper for entry in view.entries] if view is not None else []
    if strange := [name for name in kept.authors
                   if papers and not any(first_followed(one.authors, [name]) for one in papers)]:
        said.append(f"No paper of the list is by {_some(strange)}; other days are looked through "
                    "as they come.")
    return said


def _some(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word[:_LONG_WORD]}”" for word in words[:_MOST_NAMED])
    more = len(words) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _names(text: str) -> tuple[str, ...]:
    """A name a line; a line of several is taken apart, "Doe, Jane" is one."""
    found: list[str] = []
    for line in _lines(text):
        several = authors_of(line)
        found += several if len(several) > 1 else [line]
    return tuple(found)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _changed_references(values: Values) -> dict[str, tuple[float, float]]:
    """(value, sigma) by quantity, of those that are not Planck's.

    Raises:
        ValueError: one sentence that names the box with what is no reference.
    """
    from core.literature.measurements.tension import PLANCK_2018

    changed: dict[str, tuple[float, float]] = {}
    for name, known in PLANCK_2018.items():
        value, sigma = values[_value(name)], values[_sigma(name)]
        shown = NAMES.get(name, name)
        if value is None and sigma is None:
            continue
        if value is None or sigma is None:
            lacking = shown if value is None else f"σ of {shown}"
            raise ValueError(f"“{lacking}” is empty; write a number, or empty both boxes of "
                             f"{shown} for Planck's.")
        if not (math.isfinite(sigma) and sigma > 0):
            raise ValueError(f"“σ of {shown}” is {sigma:g}; it must be above 0, such as "
                             f"{known.sigma:g}.")
        if not math.isfinite(value):
            raise ValueError(f"“{shown}” is {value:g}; write a number, such as {known.value:g}.")
        if (value, sigma) != (known.value, known.sigma):
            changed[name] = (value, sigma)
    return changed


def _reset(values: Values) -> Values:
    profile, _ = read_profile(values["profile"])
    if profile == profile.reset():
        return {"note": notes.information("There is nothing to forget.")}
    said = ("Forgotten: interests, papers, likes, authors and muted words. What you saved stays. "
            "“Undo the reset” brings them back while this page is open.")
    return {"profile": profile.reset().to_json(), "note": notes.information(said),
            "forgotten": profile.to_json(), "undo": gr.Button(visible=True)}


def _unreset(values: Values) -> Values:
    """What a reset forgot; what was saved and noted since then stays."""
    now, before = (read_profile(values[name])[0] for name in ("profile", "forgotten"))
    profile = replace(now, **{name: getattr(before, name) for name in FORGETTABLE})
    return {"profile": profile.to_json(), "note": notes.information("All of it is back."),
            "forgotten": "", "undo": gr.Button(visible=False)}


def _import(values: Values) -> Values:
    try:
        file = Path(values["file"])
        if file.stat().st_size > _LARGEST:
            raise ValueError("This file is too large for a profile; one has at most 2 MB.")
        profile = Profile.from_json(file.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, OSError) as error:
        return {"note": notes.error(str(error))}
    return {"profile": profile.to_json(),
            "note": notes.information("The profile is in this browser now.")}


def _export_library(values: Values) -> Values:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "skimarxiv_library.jsonl"
        number = skim_service().announcements.export(path)
        if not number:
            said = ("The library has no announcements yet, so there is nothing to export; they "
                    "come with the first day that is fetched.")
            return {"file": gr.DownloadButton(visible=False), "note": notes.information(said)}
        made = downloads.to_files({path.name: path.read_bytes()})[0]
    said = f"{number:,} announcements are in the file."
    return {"file": gr.DownloadButton(value=made, visible=True), "note": notes.information(said)}


def _import_library(values: Values) -> Values:
    try:
        file = Path(values["file"])
        if file.suffix.lower() != ".jsonl" or not file.stat().st_size:
            raise ValueError(f"{file.name[:60]} is no export of a library; choose a file that "
                             "“Export the library” made, which ends in .jsonl.")
        number = skim_service().announcements.import_(file)
    except Exception as error:
        return {"note": notes.failure(error, _FAILED, _log)}
    return {"note": notes.information(f"{number:,} announcements are new in the library.")}
