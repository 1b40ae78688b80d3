"""Search arXiv now, politely: one request in three seconds, never more than some seconds of wait.

arXiv's answers are taken as data: what is no Atom feed (a page for maintenance, "Rate exceeded.")
is an error, not an empty result.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache

from core.literature.arxiv import rate_limit
from core.literature.arxiv.client import ask, to_paper
from core.literature.arxiv.fetch_result import State, TroubleError
from core.literature.arxiv.ids import is_category
from core.literature.text.normal_form import written
from core.literature.text.paper import Paper
from core.literature.text.text import words
from core.settings import get_settings

__all__ = ["ArxivUnavailableError", "search_arxiv"]

_PATIENCE = 9.0
_KEPT = 600.0
_MOST_WORDS = 12


class ArxivUnavailableError(RuntimeError):
    """arXiv did not answer, or not with papers; the message is a sentence for a person."""


_FONT = re.compile(r"\b(?:rm|it|text|textrm|math[a-z]+)\b")
_MOST_FORMS = 4
_OFFLINE = "arXiv cannot be reached now; the library here still answers."
_BUSY = "arXiv asks for a pause; try again in a minute."
_STRANGE = "arXiv answered with something that is no list of papers; try again later."
_SENTENCES: dict[State, str] = {"busy": _BUSY, "not a feed": _STRANGE, "truncated": _STRANGE}


def search_arxiv(
    query: str, most: int = 20, categories: Sequence[str] = ("astro-ph.CO",)
) -> list[Paper]:
    """Papers that arXiv finds for a question or some words, the most relevant first.

    Args:
        query: any text; its telling words are looked for.
        most: longest result, 1 to 100.
        categories: of arXiv; a paper is in at least one. Empty means all.

    Raises:
        ArxivUnavailableError: within ten seconds, if arXiv cannot be reached or is busy.
        ValueError: for a text without words, or something that is no category.
    """
    if not 1 <= most <= 100:
        raise ValueError(f"{most} papers were asked of arXiv; ask for 1 to 100.")
    wanted = _query(query, categories)
    address = get_settings().arxiv_api
    now = int(time.monotonic() // _KEPT)
    try:
        found = _search(wanted, most, address, now)
    except TroubleError as error:
        raise ArxivUnavailableError(_SENTENCES.get(error.state, _OFFLINE)) from error
    return list(found)


def _query(query: str, categories: Sequence[str]) -> str:
    found = list(dict.fromkeys(words(query)))[:_MOST_WORDS]
    if not found:
        raise ValueError("Name an object, a survey or a method to look for on arXiv.")
    for category in categories:
        if not is_category(category):
            raise ValueError(f"{category!r} is no arXiv category; one is astro-ph.CO.")
    text = " OR ".join(f'all:"{form}"' for word in found for form in _forms(word))
    where = " OR ".join(f"cat:{category}" for category in categories)
    return f"({where}) AND ({text})" if where else text


def _forms(word: str) -> list[str]:
    """A word as papers write it; arXiv does not know that H0 is the Hubble constant."""
    return [form for form in written(word) if not _FONT.search(form)][:_MOST_FORMS]


@lru_cache(maxsize=64)
def _search(query: str, most: int, address: str, _period: int) -> tuple[Paper, ...]:
    """One request; what it found is kept for ten minutes, errors are not."""
    page = ask(
        query, size=most, by="relevance", until=time.monotonic() + _PATIENCE,
        wait=_PATIENCE - 2 * rate_limit.SPACING + 0.1, seconds=_PATIENCE, address=address,
    )
    papers: dict[str, Paper] = {}
    for paper in map(to_paper, page.results):
        if paper:
            papers.setdefault(paper.id, paper)
    return tuple(papers.values())[:most]
