"""Pairs of a stated problem and a tool that make sense and that the library has not together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.literature.ideas.problems import Problem
from core.literature.ideas.reading import as_read, problems_of, redshifts_of, tools_of
from core.literature.ideas.relevance import Relevance
from core.literature.ideas.themes import Theme, kind_of_tool
from core.literature.ideas.tools import Tool
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.text import words

__all__ = ["Match", "matches_of"]

_CHECKED = 400
_PER_PAIR = 4
_APART = 2.0


@dataclass(frozen=True)
class Match:
    """A problem and a use of a tool, with the tool's name and what narrows it (or "")."""

    problem: Problem
    tool: Tool
    name: str
    where: str
    score: float

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical names of what is brought to the problem."""
        return (self.name, self.where) if self.where else (self.name,)

    @property
    def id(self) -> str:
        """The same for the same papers, matter and tool."""
        papers = f"{self.problem.paper.id}+{self.tool.paper.id}"
        return "+".join((papers, self.problem.theme.name, *self.names))


def matches_of(library: Library, pool: Sequence[Paper], relevance: Relevance) -> list[Match]:
    """All pairs of papers of a pool that bear on a topic, make sense and are new to the library."""
    problems: dict[Theme, list[Problem]] = {}
    for paper in pool:
        for problem in problems_of(paper):
            problems.setdefault(problem.theme, []).append(problem)
    tools = [tool for paper in pool for tool in tools_of(paper)]
    known = _Known(library, pool)
    found: list[Match] = []
    for theme, stated in problems.items():
        for name in theme.pairs:
            pairs = sorted(_pairs(theme, name, stated, tools, relevance), key=lambda m: -m.score)
            found += list(_new(pairs, known))
    return found


def _pairs(
    theme: Theme, name: str, stated: Sequence[Problem], tools: Sequence[Tool],
    relevance: Relevance,
) -> Iterator[Match]:  # fmt: skip
    """Sensible pairs of a problem and a use of a tool, whether new or not."""
    pair = theme.pairs[name]
    fitting = [tool for tool in tools if name in tool.names
               and re.search(pair.says, tool.sentence)
               and (not pair.objects or pair.objects & as_read(tool.paper).objects)]
    for problem in stated:
        for tool in fitting:
            suits = relevance.of(problem, tool)
            if suits and _sensible(problem, tool, name):
                shared = as_read(problem.paper).objects & as_read(tool.paper).objects
                score = suits + 0.4 * problem.weight + 0.05 * min(len(shared), 3)
                yield Match(problem, tool, name, "", score)


def _sensible(problem: Problem, tool: Tool, name: str) -> bool:
    """Not one paper with itself, nor two that look at different epochs."""
    one, other = as_read(problem.paper), as_read(tool.paper)
    if problem.paper.id == tool.paper.id or name in one.names:
        return False
    if problem.theme.is_met_in(other.flat):
        return False
    epochs = redshifts_of(problem.paper.abstract), redshifts_of(tool.paper.abstract)
    if epochs[0] is None or epochs[1] is None:
        return True
    low, high = sorted((epochs[0], epochs[1]))
    return (1 + high[0]) / (1 + low[1]) < _APART


def _new(pairs: Sequence[Match], known: _Known) -> Iterator[Match]:
    """Those of which the library has no paper with both; a statistic that it has with the problem
    may be new with a survey or a simulation of its own paper."""
    count = 0
    for match in pairs:
        if count >= _PER_PAIR:
            return
        narrowed = match if not known.has(match) else _narrowed(match, known)
        if narrowed is not None:
            count += 1
            yield narrowed


def _narrowed(match: Match, known: _Known) -> Match | None:
    theme = match.problem.theme
    if kind_of_tool(match.name) != "statistic":
        return None
    for where in match.tool.names:
        if where in theme.pairs and kind_of_tool(where) != "statistic":
            narrowed = Match(match.problem, match.tool, match.name, where, match.score - 0.05)
            if where not in as_read(match.problem.paper).names and not known.has(narrowed):
                return narrowed
    return None


class _Known:
    """Which open matters the library has met with which tools."""

    def __init__(self, library: Library, pool: Sequence[Paper]) -> None:
        self._library = library
        self._pool = pool
        self._met: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._about: dict[str, list[Paper]] = {}

    def has(self, match: Match) -> bool:
        """Whether a paper of the library is about the problem's matter and has all the tools."""
        key = match.problem.theme.name, match.names
        if key not in self._met:
            wanted = set(match.names)
            about = self._papers(match.problem.theme)
            self._met[key] = any(wanted <= as_read(paper).names for paper in about)
        return self._met[key]

    def _papers(self, theme: Theme) -> list[Paper]:
        if theme.name not in self._about:
            keys = [key for key, _ in self._library.lexical(words(theme.words), _CHECKED)]
            found = {paper.id: paper for paper in self._library.papers(keys).values()}
            found |= {paper.id: paper for paper in self._pool}
            self._about[theme.name] = [paper for paper in found.values() if not paper.is_primer
                                       and theme.is_met_in(as_read(paper).flat)]
        return self._about[theme.name]
