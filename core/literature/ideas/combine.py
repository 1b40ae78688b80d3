"""Ideas from two papers of the library: a problem that one states, a tool that the other has.

They are paired where the table of :mod:`core.literature.ideas.themes` says why the tool bears on
the problem and where no paper of the library has both. The words are those of the abstracts,
quoted, and of a grammar.

Example:
    >>> for idea in combine(Library.open(), "weak lensing"):
    ...     print(idea.title, idea.problem.sentence, idea.tool.sentence, sep="\\n")
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.literature.ideas.choose import checked_count, checked_topic
from core.literature.ideas.grammar import named, written
from core.literature.ideas.pairs import Match, matches_of
from core.literature.ideas.relevance import Relevance, papers_near
from core.literature.ideas.themes import kind_of_tool
from core.literature.library.library import Library
from core.literature.text.paper import Paper

__all__ = ["CombinedIdea", "Quote", "combine"]

_SPREAD = 0.05
_SAME_THEME = 0.35
_SAME_KIND = 0.1
_SAME_TOOL = 0.3
_SAME_PAPER = 0.3


@dataclass(frozen=True)
class Quote:
    """A sentence of an abstract, whole and in its own words.

    Attributes:
        paper_id: of the library.
        label: what a text calls the paper.
        sentence: of its abstract, TeX outside of formulas as characters.
    """

    paper_id: str
    label: str
    sentence: str


@dataclass(frozen=True)
class CombinedIdea:
    """A project from two papers.

    Attributes:
        id: the same for the same two papers, open matter and tool.
        title, question, data, method, first_step, learnt, risk: as of
            :class:`core.literature.ideas.collection.Idea`.
        problem: what the first paper states.
        tool: what the second does.
        theme: the open matter's name.
        names: canonical names of what is combined with it.
        score: how well it suits the topic and how sensible the pair is; more is better.
    """

    id: str
    title: str
    question: str
    data: str
    method: str
    first_step: str
    learnt: str
    risk: str
    problem: Quote
    tool: Quote
    theme: str
    names: tuple[str, ...]
    score: float

    @property
    def sources(self) -> tuple[str, str]:
        """Ids of the two papers."""
        return self.problem.paper_id, self.tool.paper_id


def combine(
    library: Library, topic: str, count: int = 3, seed: int = 0, given: Collection[str] = ()
) -> list[CombinedIdea]:
    """Ideas that combine two papers of a library, the best first, each unlike those before it.

    Args:
        library: whose papers are combined; passages of the primer are not.
        topic: what somebody typed, at most 500 characters; "" for any.
        count: from 1 to 12; fewer come where fewer pairs make sense.
        seed: another one gives others among the good ones.
        given: ids of ideas not to give again.

    Raises:
        ValueError: one sentence, if no two papers bear on the topic and make sense together.
    """
    count, topic = checked_count(count), checked_topic(topic)
    relevance = Relevance(library, topic)
    pool = papers_near(library, topic, relevance)
    if len(pool) < 2:
        raise ValueError("The library holds fewer than two papers to combine; add some papers.")
    matches = [m for m in matches_of(library, pool, relevance) if m.id not in given]
    if not matches:
        raise ValueError(
            "The library holds no two papers on this topic of which one states a problem and the "
            "other has something new for it; name a broader topic or add papers."
        )
    noise = np.random.default_rng(seed).gumbel(scale=_SPREAD, size=len(matches))
    scores = np.array([match.score for match in matches]) + noise
    chosen = _varied(matches, scores, count)
    return [_idea(match, seed + place) for place, match in enumerate(chosen)]


def _varied(matches: Sequence[Match], scores: np.ndarray, count: int) -> list[Match]:
    """The best, each with another matter, tool and papers than those before, where possible."""
    chosen: list[Match] = []
    left = list(range(len(matches)))
    while left and len(chosen) < count:
        best = max(left, key=lambda i: scores[i] - _likeness(matches[i], chosen))
        taken = matches[best]
        chosen.append(taken)
        left = [i for i in left if not _same(matches[i], taken)]
    return chosen


def _same(one: Match, other: Match) -> bool:
    """Whether two would read as one idea."""
    same = one.problem.theme == other.problem.theme
    return same and (one.name == other.name or one.tool.paper == other.tool.paper)


def _likeness(match: Match, chosen: Sequence[Match]) -> float:
    """Of the one that is most alike; 0 for none."""
    return max((
        _SAME_THEME * (match.problem.theme == other.problem.theme)
        + _SAME_KIND * (kind_of_tool(match.name) == kind_of_tool(other.name))
        + _SAME_TOOL * (match.name == other.name)
        + _SAME_PAPER * (match.tool.paper == other.tool.paper)
        + _SAME_PAPER * (match.problem.paper == other.problem.paper)
        for other in chosen
    ), default=0.0)  # fmt: skip


def _idea(match: Match, form: int) -> CombinedIdea:
    problem, tool, theme = match.problem, match.tool, match.problem.theme
    labels = _labels(problem.paper, tool.paper)
    fields: Mapping[str, str] = written(
        theme, named(match.name, theme, match.where), theme.pairs[match.name], *labels, form)
    return CombinedIdea(
        id=match.id, **fields,
        problem=Quote(problem.paper.id, labels[0], problem.sentence),
        tool=Quote(tool.paper.id, labels[1], tool.sentence),
        theme=theme.name, names=match.names, score=round(match.score, 3),
    )  # fmt: skip


def _labels(one: Paper, other: Paper) -> tuple[str, str]:
    """What to call the papers; by their ids where they would be called the same."""
    first, second = one.label, other.label
    if first == second:
        return f"{first} ({one.id})", f"{second} ({other.id})"
    return first, second
