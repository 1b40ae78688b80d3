r"""Dollars that are money, or stand alone, and open no formula.

"from $10 to $50 million at $z = 2$" has one formula. A dollar is money if what it would open begins
with an amount and runs on in words to a dollar that itself looks like an opening one.

Example:
    >>> text = "from $10 to $50 million at $z = 2$"
    >>> [opens_no_formula(text, at, text.index("$", at + 1)) for at in (5, 12)]
    [True, True]
    >>> opens_no_formula(text, 27, 33)
    False
"""

from __future__ import annotations

import re

__all__ = ["opens_no_formula"]

_COUNTRY = re.compile(r"(?<![A-Za-z\\])(?:USD?\s?|(?<!\d)(?:AUD?|CAD?|NZD?|HKD?|SGD?))$")
_AMOUNT = re.compile(r"[~∼]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SCALE = re.compile(r"(?:[kKMBTm]|bn|mn|[Mm]illion|[Bb]illion|[Tt]rillion|[Tt]housand)\b")
_AFTER_AMOUNT = re.compile(r"[\s.,;:)!?/–—+-]|$")
_GROUP = re.compile(r"\\[A-Za-z]+\*?|\{[^{}]*\}")
_SPEECH = re.compile(
    r"(?<![A-Za-z\\])(?:a|an|and|are|as|at|about|after|all|almost|around|average|before|between|"
    r"billions?|budget|but|by|cents?|costs?|costing|do|dollars?|each|every|for|from|funds?|grants?|"
    r"has|have|here|however|if|in|into|is|it|its|less|millions?|more|nearly|new|of|on|only|or|over|"
    r"per|plus|price|scale|so|than|that|the|these|they|this|thousand|to|total|trillion|under|until|"
    r"up|upon|versus|was|we|were|when|where|whereas|which|while|will|with|within|worth|would|year|"
    r"years|yr)(?![A-Za-z])", re.I
)
_RANGE = re.compile(r"[\s~]*(?:[-–—/(]+|to|or|and|vs\.?)?[\s~(]*")
_LONGEST = 2_000  # characters that are read; in no formula are words that far behind


def opens_no_formula(text: str, at: int, closing: int) -> bool:
    """Whether a dollar is an amount of money, or stands for itself, rather than opens a formula.

    Args:
        text: with both.
        at: where the dollar is.
        closing: where the next one is.
    """
    inside = text[at + 1 : min(closing, at + _LONGEST)]
    amount = _AMOUNT.match(inside)
    if amount and _COUNTRY.search(text[max(at - 4, 0) : at]):
        return True
    if not amount:
        return inside[:1].isspace() and _looks_opening(text, closing) and _speaks(inside)
    rest = inside[amount.end() :]
    scale = _SCALE.match(rest.lstrip(" ~"))
    if scale:
        rest = rest.lstrip(" ~")[scale.end() :]
    if not _AFTER_AMOUNT.match(rest) or not _looks_opening(text, closing, rest):
        return False
    follows = text[closing + 1 : closing + 2].isdigit()
    return _speaks(rest) or bool(scale and rest[:1].isspace()) or (
        follows and bool(_RANGE.fullmatch(rest)))


def _looks_opening(text: str, at: int, rest: str = " ") -> bool:
    """As TeX's writers put an opening dollar: a space or bracket before it, none behind it."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    joined = before.isspace() or before in "([-–—/~\"'“‘$" or text[max(at - 3, 0) : at] in (
        " US", " AU", " CA", " NZ", " HK")
    return joined and bool(behind) and not behind.isspace() and behind not in ".,;:)]"


def _speaks(inside: str) -> bool:
    """Whether there are words that are no part of a formula."""
    for _ in range(4):
        shorter = _GROUP.sub(" ", inside)
        if shorter == inside:
            break
        inside = shorter
    return bool(_SPEECH.search(inside))
