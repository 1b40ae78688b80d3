"""What one might ask next: stored questions of the passages that were found."""

from __future__ import annotations

from collections.abc import Sequence

from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Match
from core.literature.text.text import words

__all__ = ["next_questions"]

_MOST = 3
_SAME = 1.0
_TYPED = 12
"""Fewest characters of a question that reads as one."""


def next_questions(question: str, sources: Sequence[Source], most: int = _MOST) -> tuple[str, ...]:
    """Questions that differ from the one asked and from each other in kind or in passage.

    Args:
        question: that was asked.
        sources: found for it.
        most: longest result.
    """
    asked = set(words(question))
    kinds: set[tuple[str, str]] = set()
    found: list[str] = []
    for match in sorted(_others(sources), key=lambda match: -match.score):
        if len(found) == most:
            break
        key = (match.question.passage, match.question.kind)
        own = set(words(match.question.text))
        if key in kinds or len(own & asked) == len(own) or not _well_put(match.question.text):
            continue
        kinds.add(key)
        found.append(match.question.text)
    return tuple(found)


def _others(sources: Sequence[Source]) -> list[Match]:
    return [match for source in sources for match in source.matches if match.score < _SAME]


def _well_put(text: str) -> bool:
    """With a capital and a question mark: stored questions are in people's spelling too."""
    return text[:1].isupper() and text.endswith("?") and len(text) >= _TYPED
