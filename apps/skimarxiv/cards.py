"""The list: a card a paper, as HTML of our own in which every word of a paper is escaped.

Buttons are plain HTML, told apart by their classes (see :mod:`apps.skimarxiv.script`): a component
for each of six buttons on a hundred cards would take the page seconds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from apps.shared.page import notes
from apps.shared.page.studio import in_studio
from apps.skimarxiv import marks
from apps.skimarxiv.numbers import chips, flags
from core.literature.arxiv.ids import is_arxiv_id

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["CSS", "KIND_WORDS", "cards", "in_cosmogemma", "links", "missing_html",
    "paper_html", "told_html"]

KIND_WORDS = {
    "new": "new", "cross": "cross-list", "replacement": "replacement",
    "replacement of a cross-list": "replacement of a cross-list",
}
"""Kinds of announcement in words, as the page says them."""

_AUTHORS = 8

CSS = """
#sk-list, #sk-saved-list { padding: 1px 2px; }
.sk-cards { display: flex; flex-direction: column; gap: 12px; contain: inline-size; }
.sk-card :is(h3, .sk-tldr, .sk-abstract p) { overflow: auto hidden; padding-bottom: 1px; }
.sk-card { border: 1px solid var(--border-color-primary); border-radius: 10px; overflow: hidden;
  padding: 0.8em 1em 0.6em; background: var(--background-fill-primary); position: relative;
  content-visibility: auto; contain-intrinsic-size: auto 230px; }
.sk-card[hidden] { display: none; }
.sk-card:focus { outline: 3px solid var(--color-accent); outline-offset: 1px; }
.sk-card p { margin: 0.35em 0 0 !important; line-height: 1.5; }
.sk-card h3 { margin: 0 !important; font-size: 1.05rem; line-height: 1.35; font-weight: 650; }
.sk-quiet { opacity: 0.72; }
.sk-who, .sk-where, .sk-why { font-size: 0.88em; color: var(--body-text-color-subdued); }
.sk-card button { font: inherit; color: inherit; cursor: pointer; }
.sk-card :is(button, .sk-link, .sk-more) { margin: 0 !important; }
.sk-card .sk-do-follow { border: 0; background: none; padding: 0.1em 0; min-height: 24px;
  text-decoration: underline dotted; text-underline-offset: 3px; }
.sk-card .sk-do-follow:hover { color: var(--link-text-color); text-decoration-style: solid; }
.sk-card .sk-do-follow.sk-on { font-weight: 650; color: var(--link-text-color); }
.sk-card .sk-do-follow.sk-on::before { content: "★ "; }
.sk-kind { display: inline-block; border: 1px solid var(--border-color-primary); font-size: 0.9em;
  border-radius: 4px; padding: 0 0.45em; margin-right: 0.5em; color: var(--body-text-color); }
.sk-kind-new { border-color: var(--color-accent); }
.sk-tldr { border-left: 3px solid var(--color-accent); padding-left: 0.7em; }
.sk-card .sk-do-told { border: 0; background: none; padding: 0; font-size: 0.8em; font-weight: 650;
  letter-spacing: 0.03em; padding-right: 0.7em; color: var(--body-text-color-subdued);
  line-height: 1.2; }
.sk-tldr mark { background: none !important; padding: 0; }
.sk-card .sk-do-told:hover { text-decoration: underline; }
.sk-wait { color: var(--body-text-color-subdued); font-style: italic; }
.sk-strip { position: relative; margin-top: 0.5em; display: flex; flex-wrap: wrap; gap: 0.35em;
  align-items: center; }
.sk-card .sk-chip { border: 1px solid var(--border-color-primary); border-radius: 999px;
  padding: 0.05em 0.65em; font-size: 0.85em; background: var(--background-fill-secondary);
  min-height: 26px; font-variant-numeric: tabular-nums; }
.sk-card .sk-chip:is(:hover, :focus) { border-color: var(--color-accent); }
.sk-card .sk-chip-assumed { border-style: dashed; opacity: 0.8; }
.sk-chip-out { border-color: #dc2626 !important; }
.sk-more { font-size: 0.85em; color: var(--body-text-color-subdued); align-self: center; }
.sk-tip { display: none; position: absolute; left: 0; right: 0; top: calc(100% + 4px); z-index: 5;
  padding: 0.45em 0.8em; border-radius: 8px; border: 1px solid var(--color-accent);
  background: var(--background-fill-primary); color: var(--body-text-color); font-size: 1rem;
  text-align: left; white-space: normal; box-shadow: 0 4px 14px rgb(0 0 0 / 18%);
  pointer-events: none; line-height: 1.45; }
.sk-chip:is(:hover, :focus) .sk-tip { display: block; }
.sk-card:has(.sk-chip:is(:hover, :focus)) { overflow: visible; content-visibility: visible;
  z-index: 6; }
.sk-flag { margin-top: 0.5em !important; border-left: 3px solid #dc2626; border-radius: 4px;
  padding: 0.25em 0.7em; background: color-mix(in srgb, #dc2626 10%, transparent); }
.sk-flag strong { color: #b91c1c; }
.dark .sk-flag strong { color: #fca5a5; }
.sk-tip mark { background: color-mix(in srgb, #f5b301 30%, transparent); color: inherit; }
.sk-abstract { margin-top: 0.35em; }
.sk-abstract summary { cursor: pointer; font-size: 0.88em; padding: 0.15em 0;
  color: var(--body-text-color-subdued); }
.sk-abstract p { overflow-wrap: anywhere; }
.sk-told { background: color-mix(in srgb, var(--color-accent) 15%, transparent);
  border-radius: 3px; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
mark.sk-m { background: color-mix(in srgb, #f5b301 30%, transparent); color: inherit;
  border-radius: 3px; padding: 0.05em 0.1em; }
mark.sk-lit { background: color-mix(in srgb, #f5b301 75%, transparent); }
.sk-buttons { display: flex; flex-wrap: wrap; gap: 0.4em; margin-top: 0.55em !important; }
.sk-card :is(.sk-button, .sk-link) { border: 1px solid var(--border-color-primary);
  border-radius: 6px; padding: 0.1em 0.75em; font-size: 0.88em; min-height: 30px;
  display: inline-flex; align-items: center; text-decoration: none;
  background: var(--background-fill-primary); }
.sk-card :is(.sk-button, .sk-link):hover { border-color: var(--color-accent); }
.sk-card .sk-button.sk-on { background: var(--primary-800); color: white;
  border-color: var(--primary-800); }
.dark .sk-card .sk-button.sk-on { background: var(--primary-700); }
.sk-cards .katex { font-size: 1.03em; }
.sk-cards .katex-display { margin: 0.3em 0; overflow: auto hidden; max-height: 12em; }
.sk-cards .katex-html { max-width: 100%; }
.sk-note-text { white-space: pre-line; border-left: 3px solid #d97706; padding-left: 0.7em; }
@media (max-width: 640px) {
  .sk-card { padding: 0.7em 0.75em 0.6em; }
  .sk-card :is(.sk-button, .sk-link) { min-height: 40px; }
  .sk-card .sk-chip { min-height: 34px; }
  .sk-card .sk-do-follow { min-height: 30px; }
  .sk-card .sk-do-told { min-height: 0; }
  .sk-card h3 .katex, .sk-tldr .katex, .sk-abstract .katex { white-space: normal; }
}
"""


def cards(entries: Sequence[Entry], profile: Profile, stamp: str) -> str:
    """The list as HTML for a ``gr.Markdown`` with the delimiters of mathematics.

    Args:
        entries: in the order of the list.
        profile: of the reader; its likes and saved papers show on the buttons.
        stamp: letters and digits that tell this list from the one before.
    """
    if not entries:
        return notes.empty("No papers here.")
    body = "".join(_card(entry, profile) for entry in entries)
    return f'<div class="sk-cards sk-of-{stamp}">{body}</div>'


def paper_html(entry: Entry, profile: Profile) -> str:
    """Title, authors, and the whole abstract with its marks: the head of the detail panel."""
    paper = entry.announcement.paper
    told = entry.tldr.sentence if entry.tldr is not None else None
    who = marks.shown(", ".join(paper.authors)) or "No authors are named."
    return (
        f'<div class="sk-paper"><h3>{marks.shown(paper.title)}</h3><p class="sk-who">{who}</p>'
        f'<p class="sk-where">{_where(entry.announcement)}</p>'
        f"<p>{marks.abstract(paper.abstract, told, entry.measurements)}</p>"
        f'{flags(entry, profile.reference)}<p class="sk-buttons">{in_cosmogemma(paper.id)}'
        f"{links(paper.id)}</p></div>"
    )


def missing_html(id: str) -> str:
    """The head of the detail panel for a paper that is not here: what is so, and where it is."""
    from core.literature.text.paper import PRIMER

    if id.startswith(PRIMER):
        said = "This is a passage of CosmoGemma's built-in primer, not a paper; it is read there."
    elif is_arxiv_id(id):
        said = (f"The library here has no paper {html.escape(id)}: it comes in with its day, or "
                "when CosmoGemma finds it by a live search. arXiv has it:")
    else:
        said = f"“{html.escape(id[:40])}” is no arXiv id; one is like 2301.01234."
    return (f'<div class="sk-paper"><h3>Not in the library</h3><p role="status">{said}</p>'
            f'<p class="sk-buttons">{links(id)}</p></div>')


def links(id: str) -> str:
    """Links to the abstract and the PDF, or nothing if this is no arXiv id."""
    if not is_arxiv_id(id):
        return ""
    return "".join(
        f'<a class="sk-link" href="https://arxiv.org/{kind}/{id}" target="_blank" '
        f'rel="noopener noreferrer">{kind}</a>' for kind in ("abs", "pdf")
    )


def in_cosmogemma(id: str) -> str:
    """A link that opens CosmoGemma on this paper, in another tab of the browser, where that app is
    served too."""
    if not in_studio("/cosmogemma"):
        return ""
    return (f'<a class="sk-link sk-ask-there" href="/cosmogemma/?tab=ask&amp;paper='
            f'{html.escape(quote(id))}" target="_blank" rel="noopener">Ask in CosmoGemma</a>')


def _card(entry: Entry, profile: Profile) -> str:
    item, paper = entry.announcement, entry.announcement.paper
    told = entry.tldr.sentence if entry.tldr is not None else None
    quiet = " sk-quiet" if entry.ranked is not None and entry.ranked.muted else ""
    note = profile.notes.get(paper.id, "")
    return (
        f'<article class="sk-card{quiet} sk-id-{html.escape(paper.id)}">'
        f"<h3>{marks.shown(paper.title)}</h3>"
        f'<p class="sk-who">{_authors(paper.authors, profile.authors)}</p>'
        f'<p class="sk-where">{_where(item)}</p>{_replaced(item, profile)}{_tldr(entry)}'
        f"{chips(entry)}{flags(entry, profile.reference)}{_why(entry, profile)}{_note(note)}"
        '<details class="sk-abstract"><summary>Abstract</summary>'
        f"<p>{marks.abstract(paper.abstract, told, entry.measurements)}</p></details>"
        f'<p class="sk-buttons">{_buttons(paper.id, profile)}</p></article>'
    )


def _replaced(item: Announcement, profile: Profile) -> str:
    saved = profile.saved.get(item.paper.id, item.version)
    if item.version <= saved:
        return ""
    return (f'<p class="sk-flag"><strong>Replaced since you saved version {saved}:</strong> '
            f"version {item.version} is here; “Details” shows what changed.</p>")


def told_html(told: Mapping[str, tuple[int, str]]) -> str:
    """TL;DRs that came after their list was drawn, for the script to put in their places.

    Args:
        told: number of the sentence and its words, by id.
    """
    return "".join(
        f'<p class="sk-tell sk-for-{html.escape(id)} sk-n-{number}">{_spoken(text)}</p>'
        for id, (number, text) in told.items()
    )


def _spoken(text: str) -> str:
    """With a capital letter at its beginning, if that is a word."""
    first = re.match(r"[a-z]{2,}[ ,]", text)
    return marks.shown(text[0].upper() + text[1:] if first else text)


def _tldr(entry: Entry) -> str:
    if not entry.announcement.paper.abstract.strip():
        return '<p class="sk-tldr">There is no abstract to choose a sentence from.</p>'
    button = ('<button type="button" class="sk-do sk-do-told" title="Show it in the abstract">'
              "TL;DR</button>")
    if entry.tldr is None:
        words = "its sentence is being chosen…"
        return f'<p class="sk-tldr sk-wait">{button}<span class="sk-words">{words}</span></p>'
    return (f'<p class="sk-tldr">{button}<span class="sk-words">{_spoken(entry.tldr.text)}'
            "</span></p>")


def _authors(names: Sequence[str], followed: Collection[str]) -> str:
    def one(i: int) -> str:
        on = " sk-on" if names[i] in followed else ""
        return (f'<button type="button" class="sk-do sk-toggle sk-do-follow sk-k-{i}{on}" '
                f'title="Follow this author, or stop">{marks.shown(names[i])}</button>')

    listed = [i for i in range(len(names)) if i < _AUTHORS or names[i] in followed]
    rest = len(names) - len(listed)
    more = f", and {rest} more" if rest else ""
    return ", ".join(one(i) for i in listed) + more if names else "No authors are named."


def _where(item: Announcement) -> str:
    kind = (f'<span class="sk-kind sk-kind-{item.kind.split()[0]}">{KIND_WORDS[item.kind]}</span>')
    version = f" · version {item.version}" if item.version > 1 else ""
    journal = f" · {marks.shown(item.journal)}" if item.journal else ""
    categories = html.escape(" ".join(item.paper.categories))
    sample = item.paper.id.startswith("sample.")
    id = "sample, no real paper" if sample else f"arXiv:{html.escape(item.paper.id)}"
    return f"{kind}{categories} · {id} · {item.day:%-d %b %Y}{version}{journal}"


def _why(entry: Entry, profile: Profile) -> str:
    ranked = entry.ranked
    if ranked is None or not ranked.reasons or not (profile.has_interests or profile.muted):
        return ""
    words = "; ".join(marks.shown(reason) for reason in ranked.reasons)
    return f'<p class="sk-why">Here because: {words}</p>'


def _note(note: str) -> str:
    return f'<p class="sk-why sk-note-text">Your note: {marks.shown(note)}</p>' if note else ""


def _buttons(id: str, profile: Profile) -> str:
    toggles = (
        ("like", "Like", id in profile.liked),
        ("dislike", "Less like this", id in profile.disliked),
        ("save", "Save", id in profile.saved),
    )
    parts = [
        f'<button type="button" class="sk-do sk-toggle sk-button sk-do-{verb}'
        f'{" sk-on" if on else ""}">{words}</button>' for verb, words, on in toggles
    ]
    parts += [
        f'<button type="button" class="sk-do sk-button sk-do-{verb}" title="{title}">{words}'
        "</button>"
        for verb, words, title in (
            ("note", "Note", "Write a note on this paper"),
            ("ask", "Ask", "Ask CosmoGemma about this paper"),
            ("read", "Details", "The whole abstract, its versions, your note, questions"),
        )
    ]
    return "".join(parts) + links(id)
