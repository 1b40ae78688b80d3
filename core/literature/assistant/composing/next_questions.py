"""What one might ask next: stored questions of the passages that were found."""

from __future__ import annotations

from collections.abc import Sequence

from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Match, stored_questions
from core.literature.text.embedding import embed
from core.literature.text.text import words

__all__ = ["next_questions"]

_MOST = 3
_SAME = 1.2
_CANDIDATES = 40
_LONGEST = 500
"""Characters of an earlier question that are compared."""
_REWORDED = 0.85
"""Cosine from which two questions ask the same in other words."""
_TYPED = 12
"""Fewest characters of a question that reads as one."""


def next_questions(
    question: str, sources: Sequence[Source], most: int = _MOST, before: Sequence[str] = ()
) -> tuple[str, ...]:
    """Questions that ask something else than those asked, in other words or the same, and than one
    another.

    Args:
        question: that was asked.
        sources: found for it.
        most: longest result.
        before: the questions before it.
    """
    asked = set(words(question))
    kinds: set[tuple[str, str]] = set()
    found: list[str] = []
    held = [text[:_LONGEST] for text in (*before, question) if text.strip()]
    able = [match for match in sorted(_others(sources), key=lambda match: -match.score)
            if _well_put(match.question.text)][:_CANDIDATES]
    if not able or not held:
        return ()
    told = list(embed(held))
    vectors = stored_questions().vectors([match.question for match in able])
    for match, vector in zip(able, vectors, strict=True):
        if len(found) == most:
            break
        key = (match.question.passage, match.question.kind)
        own = set(words(match.question.text))
        if key in kinds or len(own & asked) == len(own) or max(
                float(vector @ one) for one in told) > _REWORDED:
            continue
        kinds.add(key)
        found.append(match.question.text)
        told.append(vector)
    return tuple(found)


def _others(sources: Sequence[Source]) -> list[Match]:
    return [match for source in sources for match in source.matches if match.score < _SAME]


def _well_put(text: str) -> bool:
    """With a capital and a question mark: stored questions are in people's spelling too."""
    return text[:1].isupper() and text.endswith("?") and len(text) >= _TYPED
