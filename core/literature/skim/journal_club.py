"""A journal-club sheet, with questions made from the abstracts, and BibTeX.

Example:
    >>> paper = Paper("2301.01234", "Voids", "They are empty.", ("Ada Lovelace",))
    >>> print(bibtex([Announcement(paper, date(2023, 1, 4))]))
    @misc{lovelace2023voids,
      author = {Ada Lovelace},
      title = {{Voids}},
      year = {2023},
      eprint = {2301.01234},
      archivePrefix = {arXiv},
      url = {https://arxiv.org/abs/2301.01234},
    }
    <BLANKLINE>
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from core.literature.arxiv.announcement import Announcement
from core.literature.arxiv.ids import abs_and_pdf, is_category
from core.literature.measurements.extract import measurements, repeated
from core.literature.measurements.tension import tension
from core.literature.skim.digest import ACKNOWLEDGEMENT, byline, number_line, reference_label
from core.literature.skim.questions import discussed
from core.literature.skim.sample import SAMPLE_SENTENCE, is_sample
from core.literature.text.author_names import is_group, surname, without_suffix
from core.literature.text.markdown import bibtex_text, markdown, pieces, typed
from core.literature.text.tex import displayable
from core.literature.text.text import STOP_WORDS
from core.literature.tldr.tldr import Tldr

__all__ = ["bibtex", "sheet"]

_LINES_FOR_NOTES = 3
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]{1,200}", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_AND = re.compile(r"\band\b|,", re.IGNORECASE)


def sheet(
    papers: Sequence[tuple[Announcement, Tldr | None, str]],
    reference: Mapping[str, tuple[float, float]] | None = None,
) -> str:
    """A sheet in Markdown: of each paper its sentence, its numbers, questions and space for notes.

    Args:
        papers: (announcement, its sentence if known, the reader's note) in the order to discuss.
        reference: the reader's own (value, sigma) of quantities, instead of Planck 2018's.
    """
    lines = ["# Journal club", ""]
    if any(is_sample(announcement.paper.id) for announcement, _, _ in papers):
        lines += [f"> {SAMPLE_SENTENCE}", ""]
    asked: Counter[str] = Counter()
    for place, (announcement, tldr, note) in enumerate(papers, 1):
        lines += _of_paper(place, announcement, tldr, note, dict(reference or {}), asked)
    return "\n".join([*lines, "---", "", ACKNOWLEDGEMENT, ""])


def _of_paper(
    place: int, announcement: Announcement, tldr: Tldr | None, note: str,
    reference: dict[str, tuple[float, float]], asked: Counter[str],
) -> list[str]:  # fmt: skip
    paper = announcement.paper
    numbers = [(m, tension(m, reference)) for m in measurements(paper.abstract)]
    lines = [f"## {place}. {markdown(paper.title)}", "", byline(announcement), ""]
    if tldr and tldr.text:
        lines += [f"**In a sentence:** {markdown(tldr.text)}", ""]
    several = repeated([m for m, _ in numbers])
    shown = [
        number_line(m, t, reference_label(m.quantity, tuple(reference)), m.quantity in several)
        for m, t in numbers
    ]
    if shown:
        lines += ["**Numbers:**", "", *(f"- {line}" for line in dict.fromkeys(shown)), ""]
    lines += ["**To discuss:**", ""]
    questions = discussed(announcement, numbers, reference, asked)
    lines += [f"{i}. {question}" for i, question in enumerate(questions, 1)]
    lines += ["", "**Notes:**", ""]
    written_down = [typed(line) for line in note.splitlines() if line.strip()]
    return [*lines, *(f"> {line}  " for line in written_down or [""] * _LINES_FOR_NOTES), ""]


# --- BibTeX ---------------------------------------------------------------------------------------


def bibtex(announcements: Sequence[Announcement]) -> str:
    """One entry a paper, each key once; nothing in a title can end an entry or be a command."""
    entries: dict[str, str] = {}
    for announcement in {a.paper.id: a for a in announcements}.values():
        key = _unique(_key(announcement), entries)
        entries[key] = _entry(key, announcement)
    return "\n".join(entries.values())


def _entry(key: str, announcement: Announcement) -> str:
    fields = {name: value for name, value in _fields(announcement).items() if value}
    kind = "article" if announcement.journal else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _fields(announcement: Announcement) -> dict[str, str]:
    paper = announcement.paper
    links = abs_and_pdf(paper.id)
    primary = paper.categories[0] if paper.categories else ""
    doi = announcement.doi.strip()
    return {
        "author": " and ".join(map(_name, paper.authors)),
        "title": f"{{{bibtex_text(_displayable(paper.title))}}}",
        "year": str(_year(announcement)),
        "journal": bibtex_text(announcement.journal),
        "doi": doi if _DOI.fullmatch(doi) else "",
        "eprint": paper.id if links else "",
        "archivePrefix": "arXiv" if links else "",
        "primaryClass": primary if links and is_category(primary) else "",
        "url": links[0] if links else "",
        "note": SAMPLE_SENTENCE if is_sample(paper.id) else "",
    }


def _displayable(title: str) -> str:
    """The title with macros that every LaTeX knows."""
    return "".join(displayable(p) if is_formula else p for is_formula, p in pieces(title))


def _name(name: str) -> str:
    """A name; one that BibTeX would take apart (a collaboration, "X and Y") is in braces."""
    head = without_suffix(name)
    if head != name and not _AND.search(head) and not is_group(name):
        last = surname(head)
        given = head[: len(head) - len(last)].strip()
        parts = [last, name[len(head) :].strip(" ,"), given]
        return ", ".join(map(bibtex_text, filter(None, parts)))
    whole = _AND.search(name) or is_group(name)
    return f"{{{bibtex_text(name)}}}" if whole else bibtex_text(name)


def _year(announcement: Announcement) -> int:
    return (announcement.paper.published or announcement.day).year


def _key(announcement: Announcement) -> str:
    """As "lovelace2023voids"; of plain letters and digits only."""
    paper = announcement.paper
    first = paper.authors[0] if paper.authors else "anonymous"
    words = (first if is_group(first) else surname(first)).split() or [""]
    who = words[-1] if not is_group(first) else next(w for w in words if w.lower() != "the")
    text = " ".join(piece for is_formula, piece in pieces(paper.title) if not is_formula)
    named = (word for word in _WORD.findall(text) if word.lower() not in STOP_WORDS)
    title = next(filter(None, map(_plain, named)), "")
    return (_plain(who) or "anonymous") + str(_year(announcement)) + title[:20]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return re.sub(r"[^a-z0-9]", "", decomposed)[:40]


def _unique(key: str, taken: Mapping[str, str]) -> str:
    if key not in taken:
        return key
    number = 2
    while f"{key}-{number}" in taken:
        number += 1
    return f"{key}-{number}"
