"""Sources made by hand: texts, and the stored questions that are like the one asked."""

from __future__ import annotations

from typing import Literal

from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Kind, Match, StoredQuestion
from core.literature.text.paper import PRIMER, Paper


def match(
    text: str, answer: Literal["yes", "no", ""] = "", score: float = 1.0, cosine: float = 0.9,
    *, passage: str = "one", kind: Kind = "yes_no", share: float = 0.5,
) -> Match:
    """A stored question like the one that was asked."""
    question = StoredQuestion(passage, text, kind, (0,), answer)
    return Match(question, score, cosine, share, share, share)


def source(number: int, *matches: Match) -> Source:
    """A passage that was found, with its stored questions."""
    paper = Paper(f"{PRIMER}{number}", f"Massive neutrinos and structure {number}",
                  "It is so. It was so.")
    return Source(number, paper, ("It is so.", "It was so."), (0,), 2.0 - 0.1 * number, (1.0, 0.5),
                  matches)
