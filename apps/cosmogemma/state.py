"""What a link to the page says: the parameters of each page, under names that stay."""

from __future__ import annotations

from apps.cosmogemma.examples import QUIZZES, TOPICS
from apps.shared.checks import MAX_SEED
from apps.shared.page.links import Choice, Parameter, Real, Text, Whole

__all__ = ["LENGTHS", "LONGEST", "LONGEST_ID", "PAGE", "PAGES", "PARAMETERS", "TEMPERATURES"]

PAGES = ("ask", "quiz", "brainstorm", "about")
PAGE = Choice("tab", "ask", PAGES)

LONGEST = 4000
"""Characters of a question, options and all."""
LONGEST_ID = 40
"""Characters of a paper's id."""
LENGTHS = (32, 320)
"""Tokens of an answer, at least and at most."""
TEMPERATURES = (0.0, 1.2)

_SOURCES = Choice("sources", "yes", ("yes", "no"))
_LIVE = Choice("live", "no", ("no", "yes"))
_SEED = Whole("seed", 1, 0, MAX_SEED)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "ask": (
        Text("q", "", LONGEST), _SOURCES, _LIVE, Whole("length", 160, *LENGTHS),
        Real("temperature", 0.0, *TEMPERATURES, digits=2), _SEED, Text("paper", "", LONGEST_ID),
    ),
    "quiz": (Text("q", QUIZZES[0].text, LONGEST), Choice("sources", "no", ("no", "yes"))),
    "brainstorm": (Text("topic", TOPICS[0], 300), _LIVE, _SEED),
}
"""Of each page, in the order of its components."""
