"""Open matters of cosmology, and which statistics, simulations and surveys bear on each, and why.

The table, ``data/problems.json``, was written by hand: a pair that is not in it makes no project.

Example:
    >>> themes()[0].pairs["peak counts"].phrase
    'the counts of lensing peaks'
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.literature.facets.vocabulary import SIMULATIONS, STATISTICS, SURVEYS
from core.literature.ideas.collection import FOLDER

__all__ = ["Pair", "Theme", "kind_of_tool", "themes"]


@dataclass(frozen=True)
class Pair:
    """Why a statistic, simulation or survey bears on an open matter.

    Attributes:
        tool: its canonical name of :mod:`core.literature.facets.vocabulary`.
        why: one sentence.
        objects: of which a paper must be about one for its use of the tool to fit; any if empty.
        says: pattern of what its sentence must have besides; "" for anything.
        phrase: how to name the tool here; "" for its usual name.
        mocks: to predict with.
    """

    tool: str
    why: str
    objects: frozenset[str]
    says: str
    phrase: str
    mocks: str


@dataclass(frozen=True)
class Theme:
    """An open matter.

    Attributes:
        name: "S8".
        title: as a noun in a title.
        words: by which somebody would ask for it.
        pattern: of flat text (:mod:`core.literature.text.flat_math`) that is about it.
        met: of flat text whose paper has met the matter, more than named it.
        matter: what is asked about, a noun phrase.
        apart: "one thing from another": what is to be told apart.
        quantity: what is measured.
        observable: what to compute in simulations.
        mocks: public or quickly made mock data.
        nuisance: what has to be varied besides, a noun phrase in the singular.
        learnt: one or two sentences, with {tool}.
        near, says: objects that papers near it are about, and a pattern of what they say.
        pairs: by the tool's name.
    """

    name: str
    title: str
    words: str
    pattern: str
    met: str
    matter: str
    apart: str
    quantity: str
    observable: str
    mocks: str
    nuisance: str
    learnt: str
    near: Sequence[str]
    says: str
    pairs: Mapping[str, Pair]

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def _cue(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def spans(self, flat: str) -> list[tuple[int, int]]:
        """Where a flat text is about it."""
        return [match.span() for match in self._cue.finditer(flat)]

    @cached_property
    def _met(self) -> re.Pattern[str]:
        return re.compile(self.met)

    def is_met_in(self, flat: str) -> bool:
        """Whether the paper of a flat text has met it."""
        return self._met.search(flat) is not None


@lru_cache(maxsize=1)
def themes() -> tuple[Theme, ...]:
    """All open matters, in the order of their file."""
    rows = json.loads((FOLDER / "problems.json").read_text(encoding="utf-8"))
    return tuple(
        Theme(**{**row, "pairs": {name: _pair(name, pair, row)
                                  for name, pair in row["pairs"].items()}})
        for row in rows
    )


def _pair(name: str, row: Mapping, theme: Mapping) -> Pair:
    """A tool has to be used for something near the matter, as the theme says, or as the pair."""
    return Pair(
        name, row["why"], frozenset(row.get("with", theme["near"])),
        row.get("says", theme["says"]), row.get("as", ""), row.get("mocks", theme["mocks"]),
    )  # fmt: skip


def kind_of_tool(name: str) -> str:
    """ "survey", "simulation" or "statistic".

    Raises:
        KeyError: for a name of none of them.
    """
    kinds = {"survey": SURVEYS, "simulation": SIMULATIONS, "statistic": STATISTICS}
    for kind, names in kinds.items():
        if name in names:
            return kind
    raise KeyError(name)
