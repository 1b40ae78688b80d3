"""The list: a card a paper, as HTML of our own in which every word of a paper is escaped.

Buttons are plain HTML, known by their classes (see ``static/skimarxiv/list.js``): a component
for each of six buttons on a hundred cards would take the page seconds.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from apps.shared.page import notes
from apps.shared.page.studio import in_studio
from apps.skimarxiv import marks
from apps.skimarxiv.numbers import chips, flags
from apps.skimarxiv.tldr_words import spoken
from core.literature.arxiv.ids import abs_and_pdf, is_arxiv_id
from core.literature.skim.sample import is_sample

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["KIND_WORDS", "cards", "in_cosmogemma", "links", "missing_html", "moved_html",
           "paper_html", "reasons_html", "tldrs_html", "why_html"]

KIND_WORDS = {
    "new": "new", "cross": "cross-list", "replacement": "replacement",
    "replacement of a cross-list": "replacement of a cross-list",
}
"""Kinds of announcement in words, as the page says them."""

_AUTHORS = 8
_FIRST_AUTHORS = 2
_NAME = 60


def cards(
    entries: Sequence[Entry], profile: Profile, stamp: str, reasons: bool = True,
    all_sample: bool = False,
) -> str:
    """The list as HTML for a ``gr.Markdown`` with the delimiters of mathematics.

    Args:
        entries: in the order of the list.
        profile: of the reader; its likes and saved papers show on the buttons.
        stamp: letters and digits that distinguish this list from the one before.
        reasons: whether each says why it stands where it does.
        all_sample: whether the line above says already that none of them is real.
    """
    if not entries:
        return notes.empty("No papers here.")
    body = "".join(_card(entry, profile, reasons, all_sample) for entry in entries)
    return f'<div class="sk-cards sk-of-{stamp}">{body}</div>'


def paper_html(entry: Entry, profile: Profile) -> str:
    """Title, authors, and the whole abstract with its marks: the head of the detail panel."""
    paper = entry.announcement.paper
    who = marks.shown(", ".join(paper.authors)) or "No authors are named."
    return (
        f'<div class="sk-paper"><h3>{marks.shown(paper.title)}</h3><p class="sk-who">{who}</p>'
        f'<p class="sk-where">{_where(entry.announcement)}</p>'
        f"<p>{_abstract(entry)}</p>"
        f'{flags(entry, profile.reference)}<p class="sk-buttons">{in_cosmogemma(paper.id)}'
        f"{links(paper.id)}</p></div>"
    )


def missing_html(id: str) -> str:
    """The head of the detail panel for a paper that is not here: what is so, and where it is."""
    from core.literature.text.paper import PRIMER

    if id.startswith(PRIMER):
        said = "This is a passage of CosmoGemma's built-in library, not a paper; it is read there."
    elif is_arxiv_id(id):
        said = (f"The library here has no paper {html.escape(id)}: it comes in with its day, or "
                "when CosmoGemma finds it by a live search. arXiv has it:")
    else:
        said = f"“{html.escape(id[:40])}” is no arXiv id; one is like 2301.01234."
    return (f'<div class="sk-paper"><h3>Not in the library</h3><p role="status">{said}</p>'
            f'<p class="sk-buttons">{links(id)}</p></div>')


def links(id: str) -> str:
    """Links to the abstract and the PDF, or nothing if this is no arXiv id."""
    pages = abs_and_pdf(id)
    if pages is None:
        return ""
    return "".join(
        f'<a class="sk-link" href="{page}" target="_blank" rel="noopener noreferrer">{kind}</a>'
        for kind, page in zip(("abs", "pdf"), pages, strict=True)
    )


def in_cosmogemma(id: str) -> str:
    """A link that opens CosmoGemma on this paper, in another tab of the browser, where that app is
    served too."""
    if not in_studio("/cosmogemma"):
        return ""
    return (f'<a class="sk-link sk-ask-there" href="/cosmogemma/?tab=ask&amp;paper='
            f'{html.escape(quote(id))}" target="_blank" rel="noopener">Ask in CosmoGemma</a>')


def _card(entry: Entry, profile: Profile, reasons: bool, all_sample: bool) -> str:
    """Closed it has the title, two lines of the TL;DR and one of numbers and actions; the rest is
    in what opens."""
    item, paper = entry.announcement, entry.announcement.paper
    quiet = " sk-quiet" if reasons and entry.ranked.muted else ""
    note = profile.notes.get(paper.id, "")
    return (
        f'<article class="sk-card{quiet} sk-id-{html.escape(paper.id)}">'
        f"<h3>{marks.shown(paper.title)}</h3>{_tldr(entry)}"
        f"{_replaced(item, profile)}{flags(entry, profile.reference)}"
        f'<div class="sk-row">{_badges(item, all_sample)}'
        f'<span class="sk-short">{_in_short(item)}</span>{chips(entry)}'
        f'<p class="sk-buttons">{_toggles(paper.id, profile)}</p></div>'
        f'<details class="sk-abstract"><summary title="The whole abstract, authors, why it stands '
        'here"><span class="sk-unseen">More of this paper</span></summary>'
        f'<p class="sk-who">{_authors(paper.authors, profile.authors)}</p>'
        f'<p class="sk-where">{_where(item)}</p><p class="sk-text">{_abstract(entry)}</p>'
        f'{why_html(entry, profile) if reasons else ""}{_note(note)}'
        f'<p class="sk-buttons">{_openings()}{links(paper.id)}</p></details></article>'
    )


def _in_short(item: Announcement) -> str:
    """The first authors."""
    names = item.paper.authors
    who = ", ".join(marks.shown(name[:_NAME]) for name in names[:_FIRST_AUTHORS])
    more = f" and {len(names) - _FIRST_AUTHORS} more" if len(names) > _FIRST_AUTHORS else ""
    return f"{who}{more}" if names else "No authors are named"


def _badges(item: Announcement, all_sample: bool) -> str:
    """The kind of the announcement, if it is not simply new, and whether it is no real paper."""
    version = f" v{item.version}" if item.version > 1 else ""
    kind = "" if item.kind == "new" else (
        f'<span class="sk-kind">{KIND_WORDS[item.kind]}{version}</span>')
    if all_sample or not is_sample(item.paper.id):
        return kind
    return f'<span class="sk-kind">sample</span>{kind}'


def _abstract(entry: Entry) -> str:
    """The whole abstract, its TL;DR and its numbers marked."""
    tldr = entry.tldr.sentence if entry.tldr is not None else None
    told = entry.tldr.text if entry.tldr is not None else ""
    return marks.abstract(entry.announcement.paper.abstract, tldr, entry.measurements, told)


def _replaced(item: Announcement, profile: Profile) -> str:
    saved = profile.saved.get(item.paper.id, item.version)
    if item.version <= saved:
        return ""
    return (f'<p class="sk-flag"><strong>Replaced since you saved version {saved}:</strong> '
            f"version {item.version} is here; “Details” shows what changed.</p>")


def tldrs_html(tldrs: Mapping[str, tuple[int, str]]) -> str:
    """TL;DRs that came after their list was drawn, for the script to put in their places.

    Args:
        tldrs: number of the sentence and its words, by id.
    """
    return "".join(
        f'<p class="sk-tell sk-for-{html.escape(id)} sk-n-{number}">{spoken(text)}</p>'
        for id, (number, text) in tldrs.items()
    )


def reasons_html(entries: Sequence[Entry], profile: Profile) -> str:
    """Reasons that changed after their list was drawn, for the script to put in their places."""
    return "".join(
        f'<div class="sk-reason sk-for-{html.escape(entry.announcement.paper.id)}">'
        f"{why_html(entry, profile)}</div>" for entry in entries
    )


def moved_html(said: str, undo: bool, serial: str = "") -> str:
    """What a like or a dislike did, at the foot of the window.

    Args:
        said: a sentence, with words of papers.
        undo: whether it can be taken back.
        serial: of the press, so that what is said again is shown again.
    """
    button = '<button type="button" class="sk-undo">Undo</button>' if undo else ""
    return (f'<div class="sk-moved" data-of="{html.escape(serial)}"><span role="status">'
            f"{html.escape(said)}</span>{button}"
            '<button type="button" class="sk-hush" aria-label="Close this note">×</button></div>')


def _tldr(entry: Entry) -> str:
    if not entry.announcement.paper.abstract.strip():
        return '<p class="sk-tldr">There is no abstract to choose a sentence from.</p>'
    button = ('<button type="button" class="sk-do sk-do-told" title="Show it in the abstract">'
              "TL;DR</button>")
    if entry.tldr is None:
        words = "its sentence is being chosen…"
        return f'<p class="sk-tldr sk-wait">{button}<span class="sk-words">{words}</span></p>'
    return (f'<p class="sk-tldr">{button}<span class="sk-words">{spoken(entry.tldr.text)}'
            "</span></p>")


def _authors(names: Sequence[str], followed: Collection[str]) -> str:
    from core.literature.ranking.authors import first_followed

    def one(i: int) -> str:
        on = " sk-on" if i in own else ""
        return (f'<button type="button" class="sk-do sk-toggle sk-do-follow sk-k-{i}{on}" '
                f'title="Follow this author, or stop">{marks.shown(names[i])}</button>')

    own = {i for i, name in enumerate(names) if first_followed([name], tuple(followed))}
    listed = [i for i in range(len(names)) if i < _AUTHORS or i in own]
    rest = len(names) - len(listed)
    more = f", and {rest} more" if rest else ""
    return ", ".join(one(i) for i in listed) + more if names else "No authors are named."


def _where(item: Announcement) -> str:
    kind = (f'<span class="sk-kind sk-kind-{item.kind.split()[0]}">{KIND_WORDS[item.kind]}</span>')
    version = f" · version {item.version}" if item.version > 1 else ""
    journal = f" · {marks.shown(item.journal)}" if item.journal else ""
    categories = html.escape(" ".join(item.paper.categories))
    id = f"arXiv:{html.escape(item.paper.id)}"
    if is_sample(item.paper.id):
        id = "sample, no real paper"
    return f"{kind}{categories} · {id} · {item.day:%-d %b %Y}{version}{journal}"


def why_html(entry: Entry, profile: Profile) -> str:
    """Why a paper stands where it does, as a line of its card."""
    reasons = entry.ranked.reasons
    if not reasons or not (profile.has_interests or profile.muted):
        return '<p class="sk-why sk-because"></p>'
    words = "; ".join(marks.shown(reason) for reason in reasons)
    return f'<p class="sk-why sk-because">Here because: {words}</p>'


def _note(note: str) -> str:
    return f'<p class="sk-why sk-note-text">Your note: {marks.shown(note)}</p>' if note else ""


def _toggles(id: str, profile: Profile) -> str:
    verbs = (
        ("like", "Like", "More like this", id in profile.liked),
        ("dislike", "Less like this", "Papers like this go down", id in profile.disliked),
        ("save", "Save", "Keep it in “Saved”", id in profile.saved),
    )
    return "".join(
        f'<button type="button" class="sk-do sk-toggle sk-button sk-do-{verb}'
        f'{" sk-on" if on else ""}" title="{title}">{words}</button>'
        for verb, words, title, on in verbs
    )


def _openings() -> str:
    return "".join(
        f'<button type="button" class="sk-do sk-button sk-do-{verb}" title="{title}">{words}'
        "</button>"
        for verb, words, title in (
            ("read", "Details", "Its versions, your note, questions"),
            ("note", "Note", "Write a note on this paper"),
            ("ask", "Ask", "Ask CosmoGemma about this paper"),
        )
    )
