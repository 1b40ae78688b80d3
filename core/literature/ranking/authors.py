"""Matching of authors' names: "Jane Doe", "J. Doe", "Doe, Jane" and "Doe J" agree.

Whoever follows "Doe" alone follows everybody of that name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.literature.text.author_names import is_group, surname, without_suffix
from core.literature.text.text import clean

__all__ = ["first_followed", "is_followed", "same_author"]

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th",
                          "ı": "i", "ə": "e"})
"""Letters that Unicode does not take apart, as who has no key for them types them."""


def same_author(one: str, other: str) -> bool:
    """Equal surnames, and first names that agree as far as both are given.

    Accents, capitals, stops and hyphens do not count; "Doe" alone agrees with "Doe" alone.
    """
    (surname, given), (other_surname, other_given) = _parts(one), _parts(other)
    if not surname or surname != other_surname:
        return False
    if not given or not other_given:
        return given == other_given
    first, second = given[0], other_given[0]
    return first == second or (1 in (len(first), len(second)) and first[0] == second[0])


def first_followed(authors: Sequence[str], followed: Sequence[str]) -> str | None:
    """The first of a paper's authors who is followed, as the paper writes the name."""
    if not followed:
        return None
    surnames = {_parts(form)[0] for name in followed for form in (name, _turned(name))}
    for author in authors:
        if _parts(author)[0] in surnames and any(is_followed(author, name) for name in followed):
            return clean(author)
    return None


def is_followed(author: str, name: str) -> bool:
    """Whether an author of a paper is one whom a reader means by a name: with given names or their
    initials, before or behind the surname, or by the surname alone."""
    if same_author(author, name) or same_author(author, _turned(name)):
        return True
    words = _words(name)
    return bool(words) and not is_group(author) and words == _words(surname(author))


@lru_cache(maxsize=16384)
def _parts(name: str) -> tuple[str, tuple[str, ...]]:
    """Surname and given names."""
    name = without_suffix(name)
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    parts = _words(name)
    return (parts[-1], parts[:-1]) if parts else ("", ())


@lru_cache(maxsize=1024)
def _turned(name: str) -> str:
    """ "van der Berg J.-L." or "Doe JA" with the initials in front; empty if it has none behind."""
    words = without_suffix(name).replace(",", " ").split()
    start = len(words)
    while start > 1 and (initials := _initials(words[start - 1], words[0])):
        words[start - 1] = " ".join(initials)
        start -= 1
    if start == len(words) or len(words[0].strip(".")) < 2:
        return ""
    return " ".join([*words[start:], *words[:start]])


def _initials(word: str, head: str) -> list[str]:
    """The letters of "J.", "J.-L.", "J" or, behind a name in small letters, "JA"."""
    letters = [piece for piece in re.split(r"[.-]", word) if piece]
    if letters and all(len(piece) == 1 and piece.isalpha() for piece in letters):
        return letters
    run = len(word) == 2 and word.isalpha() and word.isupper() and len(head) > 2
    return list(word) if run and not head.isupper() else []


@lru_cache(maxsize=16384)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"['’]", "", plain.translate(_LETTERS)).replace("-", " ")
    return tuple(re.findall(r"\w+", plain))
