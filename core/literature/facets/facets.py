r"""What a paper is about, by fixed vocabularies: surveys, simulations, statistics and objects.

Names count as whole words in the right case: "ACT" is a telescope and "act" is not, "DES" is not
the start of "DESI", and the Planck mass is no survey. A name counts even where the paper only
compares with it, but not in a disclaimer ("no data of Planck are used"). The words of such a name
are no topic: "Dark Energy Survey" is not dark energy
(:mod:`core.literature.facets.institutions`).

Example:
    >>> facets("Cosmic voids in DESI", "We measure the power spectrum.")["statistic"]
    ('power spectrum',)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.literature.facets.institutions import without_names
from core.literature.facets.named import is_disclaimed
from core.literature.facets.vocabulary import OBJECTS, SIMULATIONS, STATISTICS, SURVEYS
from core.literature.text.flat_math import flatten

__all__ = ["FACETS", "SURVEYS", "facets", "names_in"]

FACETS = ("survey", "simulation", "statistic", "object")
"""The facets, in the order to show them."""

_VOCABULARIES = dict(zip(FACETS, (SURVEYS, SIMULATIONS, STATISTICS, OBJECTS), strict=True))
_NAMED = ("survey", "simulation")
_LONGEST = 20_000
_NO_OBJECT = r"(?!(?:-CL)? ?J\d{4})"
"""A survey in the name of one of its objects, such as SDSS J1004+4112, is no facet."""


def _compiled(vocabulary: dict[str, str]) -> re.Pattern[str]:
    parts = (f"(?P<n{i}>{pattern})" for i, pattern in enumerate(vocabulary.values()))
    return re.compile(r"(?<![\w\\])(?:" + "|".join(parts) + r")(?!\w)" + _NO_OBJECT)


_PATTERNS = {facet: _compiled(words) for facet, words in _VOCABULARIES.items()}


def facets(title: str, abstract: str) -> dict[str, tuple[str, ...]]:
    """The canonical names that occur, by facet, each once in the order of the text.

    Takes time linear in the text; beyond 20,000 characters nothing is read.
    """
    text = _flat(f"{title}\n{abstract}")
    topics = without_names(text, _flat(title))
    read = {"survey": text, "simulation": text, "statistic": topics, "object": topics}
    return {facet: tuple(dict.fromkeys(_found(facet, read[facet], facet in _NAMED)))
            for facet in FACETS}


def names_in(text: str) -> frozenset[str]:
    """The canonical names of all surveys and simulations in a text."""
    flat = _flat(text)
    return frozenset(name for facet in _NAMED for name in _found(facet, flat))


def _flat(text: str) -> str:
    return flatten(text[:_LONGEST]).text.replace("’", "'")


def _found(facet: str, text: str, used: bool = False) -> Iterable[str]:
    names = tuple(_VOCABULARIES[facet])
    for match in _PATTERNS[facet].finditer(text):
        if used and is_disclaimed(text, *match.span()):
            continue
        yield names[int((match.lastgroup or "n0")[1:])]
