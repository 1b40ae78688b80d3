"""Whether two questions, or a question and a passage, are about the same things.

Example:
    >>> other_subject("Is dark energy decaying?", "Is dark matter decaying?")
    True
"""

from __future__ import annotations

from functools import lru_cache

from core.literature.assistant.questions.library_names import NamedThing, library_names
from core.literature.assistant.retrieval import Source
from core.literature.text.normal_form import tokens

__all__ = ["of_a_sibling", "other_subject"]

_COMMON = 0.5
"""Largest share of common passages of two different things: one may compare them."""


def other_subject(one: str, other: str) -> bool:
    """Whether two questions name siblings, such as dark energy and dark matter, each the other one.

    Two names of several words are siblings if they share one and are names of different passages.
    """
    mine = [thing for thing in _things(one) if not _in(thing, other)]
    theirs = [thing for thing in _things(other) if not _in(thing, one)]
    return any(_siblings(a, b) for a in mine for b in theirs)


def of_a_sibling(question: str, source: Source) -> bool:
    """Whether a passage is on the sibling of a thing that a question names and does not name it."""
    told = f"{source.paper.title} {' '.join(source.sentences)}"
    theirs = _things(source.paper.title)
    return any(_siblings(thing, other) for thing in _things(question)
               if not any(f" {' '.join(name)} " in _plain(told) for name in _names(thing))
               for other in theirs)


def _siblings(one: NamedThing, other: NamedThing) -> bool:
    written = [set(thing.text.lower().split()) for thing in (one, other)]
    if min(map(len, written)) < 2 or not written[0] & written[1]:
        return False
    mine, theirs = set(one.passages), set(other.passages)
    return len(mine & theirs) <= _COMMON * len(mine | theirs)


def _names(thing: NamedThing) -> list[tuple[str, ...]]:
    """A name and the other ones of what it is the name of."""
    return [thing.name, *(name for passage in thing.passages
                          for name in library_names().names(passage))]


@lru_cache(maxsize=4096)
def _things(text: str) -> tuple[NamedThing, ...]:
    return tuple(library_names().found(text))


def _in(thing: NamedThing, text: str) -> bool:
    return f" {' '.join(thing.name)} " in _plain(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return f" {' '.join(tokens(text))} "
