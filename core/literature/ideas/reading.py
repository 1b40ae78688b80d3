"""What combining needs to know of an abstract, read once and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from core.literature.facets.facets import facets
from core.literature.ideas.problems import Problem, stated_problems
from core.literature.ideas.tools import Tool, offered_tools
from core.literature.measurements.extract import measurements
from core.literature.text.flat_math import flatten
from core.literature.text.paper import Paper

__all__ = ["Read", "as_read", "problems_of", "redshifts_of", "tools_of"]


@dataclass(frozen=True)
class Read:
    """An abstract as this module sees it."""

    flat: str
    names: frozenset[str]
    objects: frozenset[str]


@lru_cache(maxsize=4096)
def problems_of(paper: Paper) -> tuple[Problem, ...]:
    return tuple(stated_problems(paper))


@lru_cache(maxsize=4096)
def tools_of(paper: Paper) -> tuple[Tool, ...]:
    return tuple(offered_tools(paper))


@lru_cache(maxsize=4096)
def as_read(paper: Paper) -> Read:
    found = facets(paper.title, paper.abstract)
    flat = flatten(f"{paper.title}. {paper.abstract}"[:20_000]).text
    names = frozenset(name for facet in ("survey", "simulation", "statistic")
                      for name in found[facet])
    return Read(flat, names, frozenset(found["object"]))


@lru_cache(maxsize=4096)
def redshifts_of(abstract: str) -> tuple[float, float] | None:
    """The lowest and the highest redshift that an abstract states."""
    stated = [
        value for m in measurements(abstract) if m.quantity == "z"
        for value in (m.value, m.low, m.high) if value is not None
    ]
    return (min(stated), max(stated)) if stated else None
