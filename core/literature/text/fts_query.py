"""Queries for the full-text index of SQLite (FTS5).

The index holds texts as they are written, so a query names every spelling of what it looks for.

Example:
    >>> full_text_query("sigma8 voids")
    '("sigma8" OR "σ8" OR "sigma 8" OR "σ 8") AND ("void")'
"""

from __future__ import annotations

import re

from core.literature.text.normal_form import spelled_out, spellings, tokens
from core.literature.text.stop_words import STOP_WORDS

__all__ = ["full_text_query", "spelled_out", "spellings"]

_PHRASE = re.compile(r'"([^"]*)"|([^"]+)')
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_LONGEST = 1000


def full_text_query(text: str) -> str:
    """What a person types into a search box, as a query of FTS5 for texts with all of the words.

    Args:
        text: any; "words in quotes" stand together; very common words count only in quotes or where
            there are no others. What comes after 1,000 characters is left out.

    Returns:
        The query; empty where there is nothing to look for.
    """
    parts: list[str] = []
    common: list[str] = []
    for quoted, loose in _PHRASE.findall(text[:_LONGEST]):
        if quoted:
            found = _TOKEN.findall(spelled_out(quoted).lower())
            parts += ['"' + " ".join(found) + '"'] if found else []
        for token in tokens(loose):
            (common if token in STOP_WORDS else parts).append(spellings(token))
    return " AND ".join(dict.fromkeys(parts or common))

