r"""The prompt formats, the same in training and in use.

Closed-book::

    Question: {question}
    Answer: {answer}

With passages::

    [1] {sentences of the first passage}
    [2] {sentences of the second}

    Question: {question}
    Answer: {answer}

A project idea::

    [1] ...
    [2] ...

    Project idea: {idea}
"""

from __future__ import annotations

from collections.abc import Sequence

from core.literature.text.text import clean

__all__ = ["SILENT", "STOPS", "grounded_prompt", "idea_prompt", "plain_prompt"]

SILENT = "The passages do not say."
"""The answer to a question that the passages leave open."""

STOPS = ("\nQuestion:", "\n[1]", "\n\n")
"""Where an answer ends, should the model not end it itself."""


def plain_prompt(question: str) -> str:
    """Question without sources. The answer follows after one space."""
    return f"Question: {clean(question)}\nAnswer:"


def grounded_prompt(question: str, passages: Sequence[str]) -> str:
    """Question below numbered passages (at least one)."""
    return f"{_numbered(passages)}\n\n{plain_prompt(question)}"


def idea_prompt(passages: Sequence[str]) -> str:
    """A project idea wanted from what numbered passages report."""
    return f"{_numbered(passages)}\n\nProject idea:"


def _numbered(passages: Sequence[str]) -> str:
    return "\n".join(f"[{i}] {clean(passage)}" for i, passage in enumerate(passages, 1))
