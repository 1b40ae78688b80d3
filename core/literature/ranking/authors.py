"""Matching of authors' names: "Jane Doe", "J. Doe" and "Doe, Jane" agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.literature.text.author_names import without_suffix
from core.literature.text.text import clean

__all__ = ["first_followed", "same_author"]


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
    surnames = {_parts(name)[0] for name in followed}
    for author in authors:
        if _parts(author)[0] in surnames and any(same_author(author, f) for f in followed):
            return clean(author)
    return None


@lru_cache(maxsize=16384)
def _parts(name: str) -> tuple[str, tuple[str, ...]]:
    """Surname and given names."""
    name = without_suffix(name)
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    parts = re.findall(r"\w+", re.sub(r"['’]", "", plain).replace("-", " "))
    return (parts[-1], tuple(parts[:-1])) if parts else ("", ())
