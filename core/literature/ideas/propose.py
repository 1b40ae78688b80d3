"""Project ideas for a topic, each with its papers: from the written collection, and one where the
user's own papers make one.

Example:
    >>> [p.title for p in propose(Library.open(), "cosmic voids")]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.literature.ideas.choose import Asked, choose, speaks_of, spoken_of
from core.literature.ideas.collection import Idea, read_references
from core.literature.ideas.combine import CombinedIdea, Quote, combine
from core.literature.ideas.fields import FIELDS
from core.literature.ideas.topic import Spoken
from core.literature.library.library import Library

__all__ = ["NEARBY", "Proposal", "ProposalPaper", "as_markdown", "propose"]

NEARBY = "Beyond this topic, nearby"
"""What is said of a project that does not speak of the topic."""

_LEVELS = {"master": "a master's thesis", "phd": "a PhD project", "postdoc": "a postdoc project"}
_FROM_PAPERS = 3
"""Ideas of which one is from the user's own papers, where they make one."""


@dataclass(frozen=True)
class ProposalPaper:
    """A paper that a project rests on.

    Attributes:
        id: arXiv id, or the id in the library.
        label: authors and year, or what a text calls it.
        title: of it, or "".
        sentence: of its abstract that the project takes up, or "".
    """

    id: str
    label: str
    title: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Proposal:
    """A project.

    Attributes:
        id: of the idea; the same each time.
        title, question, data, method, first_step, learnt, risk: plain text with TeX in dollars.
        suits: whom and for how long, in words; "" if unknown.
        papers: that it rests on.
        origin: "collection" of ideas written for the field's topics, or "combination" of two papers
            of the library, written from a grammar and their own sentences.
        nearby: whether it does not speak of the topic, but of something near it.
    """

    id: str
    title: str
    question: str
    data: str
    method: str
    first_step: str
    learnt: str
    risk: str
    suits: str
    papers: tuple[ProposalPaper, ...]
    origin: Literal["collection", "combination"]
    nearby: bool = False


def propose(
    library: Library, topic: str, count: int = 3, seed: int = 0, level: Asked | None = None,
    given: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """Projects that differ, the most relevant first; the last from the library's papers if it can.

    Those that do not speak of the topic come last, only where too few do, and are marked nearby.

    Args:
        library: whose papers are combined.
        topic: at most 500 characters; "" for any.
        count: from 1 to 12; fewer come where fewer bear on the topic.
        seed: another one gives others.
        level: whom they are for.
        given: ids of ideas not to give again.

    Raises:
        ValueError: one sentence, if nothing bears on the topic, or if all that does was given.
    """
    combined = _combined(library, topic, seed, given) if topic and count >= _FROM_PAPERS else []
    try:
        chosen = choose(topic, count - len(combined), seed, given, level)
    except ValueError:
        combined = _combined(library, topic, seed, given, count)
        if not combined:
            raise
        return tuple(map(_of_combined, combined))
    near = speaks_of(topic, list(map(spoken_of, chosen)))
    known = [replace(_of_collection(idea), nearby=not speaks)
             for idea, speaks in zip(chosen, near, strict=True)]
    on_topic = [one for one in known if not one.nearby]
    return (*on_topic, *map(_of_combined, combined), *(one for one in known if one.nearby))


def _combined(
    library: Library, topic: str, seed: int, given: Collection[str], count: int = 1
) -> list[CombinedIdea]:
    """Those that speak of the topic themselves: two papers near it may make a project beside it."""
    try:
        found = combine(library, topic, count, seed, given)
    except ValueError:
        return []
    speak = speaks_of(topic, [_spoken(idea) for idea in found])
    return [idea for idea, speaks in zip(found, speak, strict=True) if speaks]


def _spoken(idea: CombinedIdea) -> Spoken:
    return Spoken(idea.title, idea.question, (idea.theme, *idea.names),
                  (idea.data, idea.method, idea.problem.sentence, idea.tool.sentence))


def _of_collection(idea: Idea) -> Proposal:
    known = read_references()
    papers = (ProposalPaper(id, known[id].label, known[id].title) for id in idea.references
              if id in known)
    suits = f"{_LEVELS[idea.level]}, about {idea.months} months"
    return Proposal(idea.id, idea.title, idea.question, idea.data, idea.method, idea.first_step,
                    idea.learnt, idea.risk, suits, tuple(papers), "collection")


def _of_combined(idea: CombinedIdea) -> Proposal:
    return Proposal(idea.id, idea.title, idea.question, idea.data, idea.method, idea.first_step,
                    idea.learnt, idea.risk, "", (_quoted(idea.problem), _quoted(idea.tool)),
                    "combination")


def _quoted(quote: Quote) -> ProposalPaper:
    return ProposalPaper(quote.paper_id, quote.label, "", quote.sentence)


def as_markdown(proposals: Sequence[Proposal]) -> str:
    """The projects as a numbered list, for a chat or a file; a line heads those nearby."""
    parts, headed = [], False
    for number, one in enumerate(proposals, 1):
        if one.nearby and not headed:
            parts.append(f"{NEARBY}:")
            headed = True
        parts.append(_numbered(number, one))
    return "\n\n".join(parts)


def _numbered(number: int, proposal: Proposal) -> str:
    lines = [f"**{number}. {proposal.title}**"]
    lines += [f"- *{name}*: {getattr(proposal, field)}" for field, name in FIELDS]
    papers = "; ".join(f"{paper.label} (arXiv:{paper.id})" for paper in proposal.papers)
    if papers:
        lines.append(f"- *Papers*: {papers}")
    return "\n".join(lines)
