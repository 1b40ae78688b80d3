"""A look at arXiv before the library is searched."""

from __future__ import annotations

from core.literature.arxiv.search import ArxivUnavailableError, search_arxiv
from core.literature.library.library import Library
from core.literature.text.text import words

__all__ = ["look_up_live"]


def look_up_live(question: str, library: Library) -> str:
    """Add what arXiv finds to a library.

    Returns:
        A sentence if arXiv cannot be reached, else "".
    """
    query = " ".join(words(question))
    if not query:
        return ""
    try:
        library.add(search_arxiv(query))
    except ArxivUnavailableError as error:
        return str(error)
    return ""
