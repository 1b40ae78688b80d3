"""What a project idea says, in reading order."""

from __future__ import annotations

__all__ = ["FIELDS"]

FIELDS: tuple[tuple[str, str], ...] = (
    ("question", "Question"), ("data", "Data"), ("method", "Method"),
    ("first_step", "First step"), ("learnt", "What would be learnt"),
    ("risk", "What could go wrong"),
)
"""Attributes of a proposal and what a reader calls them, in reading order."""
