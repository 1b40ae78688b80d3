"""Queries for the full-text index of SQLite (FTS5).

The index holds texts as they are written, so a query names every spelling of what it looks for.

Example:
    >>> full_text_query("sigma8 voids")
    '("sigma8" OR "σ8" OR "sigma 8" OR "σ 8") AND ("void")'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

from core.literature.text.normal_form import spelled_out, spellings, tokens, tokens_apart
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["full_text_query", "spelled_out", "spellings", "words_apart"]

_PHRASE = re.compile(r'"([^"]*)"|([^"]+)')
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_SAYS = re.compile(r"\w{2}")
_LONGEST = 1000
_MOST_APART = 8


def full_text_query(text: str, least: int | None = None) -> str:
    """What a person types into a search box, as a query of FTS5 for texts with all of the words.

    Args:
        text: any; "words in quotes" stand together; very common words count only in quotes or where
            there are no others. What comes after 1,000 characters is left out.
        least: a text needs only so many of the :func:`words_apart`, any of them; a single letter
            alone is nothing.

    Returns:
        The query; empty where there is nothing to look for.
    """
    if least is None:
        return " AND ".join(_parts(text, tokens))
    chosen = combinations(words_apart(text), least)
    telling = [some for some in chosen if any(_SAYS.search(part) for part in some)]
    return " OR ".join(f"({' AND '.join(some)})" for some in telling)


def words_apart(text: str) -> tuple[str, ...]:
    """The words that a text may have some of where none has all, at most eight, as FTS5 looks for
    them; a term of several words, such as "H0 tension", is taken apart if there is nothing else."""
    terms = _parts(text, tokens)
    return tuple((terms if len(terms) > 1 else _parts(text, tokens_apart))[:_MOST_APART])


def _parts(text: str, words_of: Callable[[str], list[str]]) -> list[str]:
    """The words of a query, each as FTS5 looks for it."""
    parts: list[str] = []
    common: list[str] = []
    for quoted, loose in _PHRASE.findall(text[:_LONGEST]):
        if quoted:
            found = _TOKEN.findall(spelled_out(quoted).lower())
            parts += ['"' + " ".join(found) + '"'] if found else []
        for token in words_of(loose):
            (common if token in STOP_WORDS else parts).append(spellings(token))
    return list(dict.fromkeys(parts or common))
