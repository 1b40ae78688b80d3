"""The digest of a day's papers, as Markdown or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Batch
from core.literature.arxiv.calendar import in_words as day_in_words
from core.literature.arxiv.ids import abs_and_pdf
from core.literature.measurements.extract import Measurement, repeated
from core.literature.measurements.tension import FLAG_ABOVE, is_stated
from core.literature.measurements.written import note_on, written
from core.literature.skim.entries import Entry
from core.literature.skim.sample import SAMPLE_SENTENCE
from core.literature.text.markdown import markdown

__all__ = [
    "ACKNOWLEDGEMENT", "as_json", "as_markdown", "byline", "compared_with", "counts",
    "number_line", "reference_label",
]  # fmt: skip

ACKNOWLEDGEMENT = (
    "Thank you to arXiv for use of its open access interoperability. This service was not reviewed "
    "or approved by, nor does it necessarily express or reflect the policies or opinions of, arXiv."
)
"""What arXiv asks to be shown."""

PLANCK_LABEL = "Planck 2018"
_MOST_AUTHORS = 6
_ORIGINS = {
    "feed": "",
    "search": "From arXiv's search by day of submission: the day of announcement is approximate.",
    "sample": SAMPLE_SENTENCE,
}
_NOTES = {
    "quoted": "quoted from other work", "from mocks": "from mocks",
    "assumed": "assumed or forecast",
}
_PLURAL = {
    "new": "new", "cross": "cross-lists", "replacement": "replacements",
    "replacement of a cross-list": "replacements of cross-lists",
}  # fmt: skip


def byline(announcement: Announcement) -> str:
    """Authors, category, kind and links, as one line of Markdown."""
    paper = announcement.paper
    names = [markdown(name) for name in paper.authors[:_MOST_AUTHORS]]
    more = len(paper.authors) - len(names)
    parts = [", ".join(names) + (f" and {more} more" if more > 0 else "")]
    parts += [markdown(paper.categories[0]) if paper.categories else "", _kinds(announcement)]
    links = abs_and_pdf(paper.id)
    if links:
        parts.append(f"[arXiv:{paper.id}]({links[0]}) · [PDF]({links[1]})")
    else:
        parts.append(markdown(paper.id))
    return " · ".join(filter(None, parts))


def _kinds(announcement: Announcement) -> str:
    kind = _name(announcement.kind, 1)  # the weightiest, as on the page
    return f"{kind} (version {announcement.version})" if announcement.version > 1 else kind


def counts(announcements: Sequence[Announcement]) -> str:
    """How many there are of each kind, such as "24 papers: 19 new, 3 cross-lists"."""
    found = Counter(announcement.kind for announcement in announcements)
    listed = [
        f"{found[kind]} {_name(kind, found[kind])}" for kind in ANNOUNCEMENT_KINDS if found[kind]
    ]
    papers = "1 paper" if len(announcements) == 1 else f"{len(announcements)} papers"
    return f"{papers}: {', '.join(listed)}" if listed else papers


def _name(kind: str, count: int) -> str:
    singular = "cross-list" if kind == "cross" else kind
    return singular if count == 1 else _PLURAL[kind]


def reference_label(quantity: str, own: Sequence[str] = ()) -> str:
    """What a value of a quantity is held against: the reader's own reference, or Planck 2018."""
    return "your reference" if quantity in own else PLANCK_LABEL


def number_line(
    measurement: Measurement, tension: float | None, label: str, probe: bool = False
) -> str:
    """A measurement in Markdown, with its distance from the reference where that is large.

    Args:
        measurement: of the paper.
        tension: how many sigma it lies from its reference.
        label: of that reference, as :func:`reference_label` gives it.
        probe: say what it comes from, too.
    """
    line = markdown(written(measurement, probe))
    if note := note_on(measurement):
        return f"{line} ({_NOTES[note]})"
    if tension is not None and tension > FLAG_ABOVE:
        own = () if label == PLANCK_LABEL else (measurement.quantity,)
        return f"**{line} ({tension:.1f}σ from {markdown(compared_with(measurement, own))})**"
    return line


def compared_with(measurement: Measurement, own: Sequence[str]) -> str:
    """What its tension is a distance from; the paper's own words where it states that itself."""
    said = measurement.stated
    if said is not None and is_stated(measurement, dict.fromkeys(own, (0.0, 0.0))):
        return f"{said.against}, as the paper says"
    return reference_label(measurement.quantity, own)


def as_markdown(
    batch: Batch, entries: Sequence[Entry], *, state: str, sentence: str, own: Sequence[str] = ()
) -> str:
    """The digest as Markdown.

    Args:
        batch: of the day.
        entries: in the order to show them; muted ones are counted and left out.
        state, sentence: of the fetch; what to say about the day.
        own: quantities whose reference is the reader's.
    """
    shown = [entry for entry in entries if not entry.ranked.muted]
    categories = ", ".join(map(markdown, batch.categories))
    day = SAMPLE_SENTENCE if batch.origin == "sample" else day_in_words(batch.day)
    lines = [f"# {categories}: {day}", "", counts(batch.announcements) + "."]
    for said in (sentence, _ORIGINS[batch.origin]):
        if said and said != SAMPLE_SENTENCE:
            lines += ["", f"> {markdown(said)}"]
    same = len({entry.ranked.reasons for entry in shown}) == 1 < len(shown)
    if same:
        lines += ["", f"*Order:* {markdown('; '.join(shown[0].ranked.reasons))}."]
    for place, entry in enumerate(shown, 1):
        lines += ["", *_entry(place, entry, own, not same)]
    muted = len(entries) - len(shown)
    if muted:
        lines += ["", f"{muted} with muted words left out."]
    if len(entries) < len(batch.announcements):
        lines += ["", f"The first {len(entries)} of {len(batch.announcements)}."]
    return "\n".join([*lines, "", "---", "", ACKNOWLEDGEMENT, ""])


def _entry(place: int, entry: Entry, own: Sequence[str], say_why: bool) -> list[str]:
    lines = [f"## {place}. {markdown(entry.announcement.paper.title)}", ""]
    lines.append(byline(entry.announcement))
    if entry.tldr and entry.tldr.text:
        lines += ["", f"**In a sentence:** {markdown(entry.tldr.text)}"]
    several = repeated(entry.measurements)
    numbers = [
        number_line(m, tension, reference_label(m.quantity, own), m.quantity in several)
        for m, tension in zip(entry.measurements, entry.tensions, strict=True)
    ]
    about = [markdown(name) for names in entry.facets.values() for name in names]
    if numbers:
        lines += ["", "**Numbers:** " + "; ".join(dict.fromkeys(numbers))]
    if about:
        lines += ["", "**About:** " + ", ".join(about)]
    reasons = [markdown(reason) for reason in entry.ranked.reasons if say_why]
    if entry.ranked.exploratory:
        reasons.insert(0, "to explore")
    return [*lines, "", f"*Why here:* {'; '.join(reasons)}"] if reasons else lines


def as_json(
    batch: Batch, entries: Sequence[Entry], *, state: str, sentence: str, own: Sequence[str] = ()
) -> str:
    """The digest as JSON; the same arguments as :func:`as_markdown`. Every span is in it."""
    papers = [_as_dict(entry, own) for entry in entries]
    found = {
        "day": None if batch.origin == "sample" else batch.day.isoformat(),
        "categories": batch.categories, "origin": batch.origin, "state": state,
        "sentence": sentence, "announced": len(batch.announcements), "papers": papers,
        "acknowledgement": ACKNOWLEDGEMENT,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _as_dict(entry: Entry, own: Sequence[str]) -> dict[str, Any]:
    announcement, paper = entry.announcement, entry.announcement.paper
    links = abs_and_pdf(paper.id)
    numbers = [
        {**asdict(m), "tension": tension,
         "reference": None if tension is None else compared_with(m, own)}
        for m, tension in zip(entry.measurements, entry.tensions, strict=True)
    ]
    return {
        "id": paper.id, "version": announcement.version, "kinds": announcement.kinds,
        "title": paper.title, "authors": paper.authors, "abstract": paper.abstract,
        "categories": paper.categories, "link": links[0] if links else None,
        "tldr": entry.tldr.text if entry.tldr else None,
        "tldr_sentence": entry.tldr.sentence if entry.tldr else None,
        "measurements": numbers, "facets": entry.facets, "score": round(entry.ranked.score, 4),
        "reasons": entry.ranked.reasons, "exploratory": entry.ranked.exploratory,
        "muted": entry.ranked.muted,
    }  # fmt: skip
