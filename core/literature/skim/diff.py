"""Word-by-word differences between two versions of a paper's title and abstract.

Example:
    >>> old = Version(1, date(2026, 1, 5), "Voids", "We find $w = -1$ in the voids.")
    >>> new = Version(2, date(2026, 2, 3), "Voids", "We find $w = -0.9$ in the voids.")
    >>> changes(old, new).summary
    'v1 to v2: abstract changed (1 word out, 1 in); numbers changed: -1 became -0.9.'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from core.literature.library.announcements import Version
from core.literature.text.tex import mathematics
from core.literature.text.text import clean

__all__ = ["Changes", "Piece", "changes"]

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_MOST_NAMED = 5
_LONG = 1000


@dataclass(frozen=True)
class Piece:
    """Some words in a row.

    Attributes:
        kind: whether they are in both versions, only in the new, or only in the old.
        text: the words, one space between them; as little markup as the abstract itself.
    """

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Changes:
    """What changed. All pieces but the added are the old text, all but the removed the new one.

    Attributes:
        title, abstract: pieces in order, to be joined by spaces.
        summary: a sentence.
    """

    title: tuple[Piece, ...]
    abstract: tuple[Piece, ...]
    summary: str


def changes(old: Version, new: Version) -> Changes:
    """Compare two versions; a formula, with what it is joined to, counts as one word."""
    title = _pieces(_words(old.title), _words(new.title))
    abstract = _pieces(_words(old.abstract), _words(new.abstract))
    found = [
        text for name, pieces in (("title", title), ("abstract", abstract))
        if (text := _amount(name, pieces))
    ]
    if found:
        found += _numbers([*title, *abstract])
    else:
        found = ["title and abstract stayed the same, the change is in the paper"]
    return Changes(title, abstract, f"v{old.version} to v{new.version}: {'; '.join(found)}.")


def _words(text: str) -> list[str]:
    """Words by spaces, but for those inside mathematics."""
    text = clean(text)
    found, start, at = [], 0, 0
    for first, last in [*mathematics(text), (len(text), len(text))]:
        for space in re.finditer(" ", text[at:first]):
            found.append(text[start : at + space.start()])
            start = at + space.end()
        at = last
    return [word for word in [*found, text[start:]] if word]


def _pieces(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > _LONG)
    pieces = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("removed", " ".join(old[a:b])))
        if c < d:
            pieces.append(Piece("added", " ".join(new[c:d])))
    return tuple(pieces)


def _amount(name: str, pieces: Sequence[Piece]) -> str:
    """How much of a text changed; empty if nothing did."""
    counts = Counter({
        kind: sum(len(_words(piece.text)) for piece in pieces if piece.kind == kind)
        for kind in ("removed", "added")
    })
    gone, come = counts["removed"], counts["added"]
    if not gone and not come:
        return ""
    return f"{name} changed ({gone} {'word' if gone == 1 else 'words'} out, {come} in)"


def _numbers(pieces: Sequence[Piece]) -> list[str]:
    """Which numbers are gone and which have come, in the order of the texts."""
    found = {
        kind: Counter(number for piece in pieces if piece.kind == kind
                      for number in _found(piece.text))
        for kind in ("removed", "added")
    }
    out, into = found["removed"], found["added"]
    left = {"removed": out - into, "added": into - out}
    named: list[str] = []
    gone: list[str] = []
    for piece, following in pairwise([*pieces, Piece("same", "")]):
        if piece.kind == "removed":
            gone = _taken(piece.text, left["removed"])
            if following.kind != "added":
                named += _named(gone, [])
        elif piece.kind == "added":
            named += _named(gone, _taken(piece.text, left["added"]))
        if piece.kind != "removed":
            gone = []
    if not named:
        return []
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return [f"numbers changed: {', '.join(named[:_MOST_NAMED])}{more}"]


def _found(text: str) -> list[str]:
    return _NUMBER.findall(_COMMAND.sub(" ", text))


def _taken(text: str, left: Counter[str]) -> list[str]:
    """The numbers of a text that did not only move, each as often as it is left."""
    found = []
    for number in _found(text):
        if left[number] > 0:
            left[number] -= 1
            found.append(number)
    return found


def _named(gone: Sequence[str], come: Sequence[str]) -> list[str]:
    """Numbers in the same place, as many as before, became others."""
    if len(gone) == len(come):
        return [f"{a} became {b}" for a, b in zip(gone, come, strict=True)]
    return [f"{number} is gone" for number in gone] + [f"{number} is new" for number in come]
