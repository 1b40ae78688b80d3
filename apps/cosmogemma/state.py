"""What a link to the page says: the parameters of each page, under names that stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.shared.assistant.session import LENGTHS, LONGEST, TEMPERATURES
from apps.shared.checks import MAX_SEED
from apps.shared.page import links
from apps.shared.page.links import Choice, Parameter, Real, Text, Whole

__all__ = ["LONGEST_ID", "PAGE", "PAGES", "PARAMETERS", "link_query"]

_LONGEST_QUERY = 6000  # characters of an address that every proxy lets through

PAGES = ("ask", "quiz", "brainstorm", "library", "about")
PAGE = Choice("tab", "ask", PAGES)

LONGEST_ID = 40
"""Characters of a paper's id."""

_SOURCES = Choice("sources", "yes", ("yes", "no"))
_LIVE = Choice("live", "no", ("no", "yes"))
_SEED = Whole("seed", 1, 0, MAX_SEED)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "ask": (
        Text("q", "", LONGEST), _SOURCES, _LIVE, Whole("length", 160, *LENGTHS),
        Real("temperature", 0.0, *TEMPERATURES, digits=2), _SEED, Text("paper", "", LONGEST_ID),
    ),
    "quiz": (Text("q", "", LONGEST), Choice("sources", "no", ("no", "yes"))),
    "brainstorm": (Text("topic", "", 300), _LIVE, _SEED),
    "library": (Text("search", "", 300), Text("topic", "", 60)),
}
"""Of each page."""


def link_query(tab: str, values: Mapping[str, Any]) -> str:
    """The query of a tab; a question too long for an address is left out of it.

    Args:
        tab: a key of :data:`PARAMETERS`.
        values: by the names of its parameters.
    """
    query = links.query(tab, PARAMETERS[tab], values)
    if len(query) < _LONGEST_QUERY:
        return query
    return links.query(tab, PARAMETERS[tab], {**values, "q": None})
