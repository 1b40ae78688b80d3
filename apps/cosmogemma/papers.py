"""One paper that a conversation is about, so that answers are read from it and nothing else."""

from __future__ import annotations

import functools
import html

from apps.cosmogemma.state import LONGEST_ID
from apps.shared.assistant import models
from apps.shared.assistant.sources import link
from apps.shared.page.untrusted import math_html
from core.literature.library.library import Library
from core.literature.skim.sample import is_sample, sample_batch
from core.literature.text.paper import Paper

__all__ = ["about", "find", "wanted"]


@functools.cache
def _opened() -> Library:
    return Library.open()


def _library() -> Library:
    """The assistant's library; before the assistant is open, the user's, which is the same file."""
    return models.library() or _opened()


def find(id: str) -> Paper | None:
    """A paper of the library, or of the sample, which never enters it."""
    id = str(id or "").strip()
    if not id or len(id) > LONGEST_ID:
        return None
    if not is_sample(id):
        return _library().get(id)
    items = sample_batch().announcements
    return next((item.paper for item in items if item.paper.id == id), None)


def wanted(id: str) -> Paper | None:
    """The paper that a program asks about; None if it names none.

    Raises:
        ValueError: one sentence, if it names one that is not there.
    """
    if not str(id or "").strip():
        return None
    found = find(id)
    if found is None:
        raise ValueError(f"The library has no paper {str(id)[:LONGEST_ID]!r}; an id is like "
                         "2301.01234.")
    return found


def about(id: str) -> str:
    """What stands above the question: the paper, or that it is not here; HTML for Markdown."""
    id = str(id or "").strip()
    if not id:
        return ""
    paper = find(id)
    if paper is None:
        return (f'<div class="cd-note cd-warning" role="alert">The library has no paper '
                f"{link(id[:LONGEST_ID])}, so answers come from all that it has.</div>")
    return (f'<div class="cg-about"><span class="cg-where">Questions are answered from this '
            f"paper's abstract alone:</span> <strong>{math_html(paper.title)}</strong> "
            f'<span class="cg-where">{_label(paper)}</span></div>')


def _label(paper: Paper) -> str:
    if is_sample(paper.id):
        return "A sample, no real paper"
    if paper.is_primer:
        return "Of the built-in library"
    named = f"{html.escape(paper.label)} · " if paper.label != paper.title else ""
    return named + link(paper.id)
