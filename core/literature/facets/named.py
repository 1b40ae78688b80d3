"""Surveys and simulations that a text uses, not those that it only mentions.

"A value in tension with Planck" compares; "no data of Planck are used" disclaims; "DESI-like" and
"with the noise of the Simons Observatory" describe what was made; none of them uses the survey.

Example:
    >>> sorted(used_names("We stack voids of BOSS and compare them with Planck."))
    ['BOSS']
"""

from __future__ import annotations

import re

from core.literature.facets.vocabulary import SURVEYS

__all__ = ["is_compared", "is_disclaimed", "used_names"]

_NAME = re.compile(r"(?<![\w\\])(?:" + "|".join(
    f"(?P<n{i}>{pattern})" for i, pattern in enumerate(SURVEYS.values())) + r")(?!\w)")
_TO_COME = frozenset({
    "Euclid", "Rubin LSST", "Roman", "SKA", "CMB-S4", "LiteBIRD", "CSST", "SPHEREx",
    "Simons Observatory", "Einstein Telescope", "Cosmic Explorer", "LISA", "MegaMapper", "HIRAX",
    "4MOST",
})
"""What has, so far, mostly been forecast."""

_CLAUSE = re.compile(r"[.;:] |, (?:but|while|whereas|though|and|yet) | (?:but|whereas) ")
_NEGATED = re.compile(
    r"(?:\bno (?:\w+ ){0,2}?(?:data|maps?|observations?|measurements?|information|input|priors?) "
    r"(?:from|of|by|with) (?:the )?"
    r"|(?:\b(?:not|never)|n't) (?:\w+ ){0,2}?(?:us|rely|depend|includ|need|requir|involv|contain"
    r"|combin"
    r"|analy)\w*(?: [\w'–-]+){0,5} ?"
    r"|\bwithout (?:[\w'–-]+ ){0,4}"
    r"|\b(?:instead of|rather than|unlike|other than|apart from|independent(?:ly)? (?:of|from)) "
    r"(?:[\w'–-]+ ){0,4})$",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b", re.IGNORECASE)
_NEGATED_BEHIND = re.compile(
    r"[^.;,]{0,40}\b(?:(?:is|are|was|were|do|does|did|has|have|been) (?:not|never)"
    r"|isn't|aren't|wasn't|weren't) (?:\w+ )?(?:used|included|needed|required|combined|enter"
    r"|part)\b"
    r"|[^.;,]{0,40}\b(?:is|are|was|were) (?:left out|ignored|omitted)\b"
)
_MADE_UP = re.compile(
    r"\b(?:invented|fictitious|fictional|made[- ]up|imaginary|no real|to (?:show"
    r"|illustrate) how)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:tension|discrepan\w+|disagree\w*|(?:in)?consisten\w+|agree\w*|compatible|lower|higher|"
    r"smaller|larger|compar\w+|differ\w*|σ|odds|contrast|conflict)(?: \w+)? "
    r"(?:with|than|from|to|below|above)(?: (?:the|that|those|of|by|value|result|from)){0,4} ?$"
)
_LIKE = re.compile(r"[-– ](?:like|type|style|quality|depth|era)\b")


def is_disclaimed(text: str, start: int, end: int) -> bool:
    """Whether the words at ``start`` to ``end`` stand in a negation or in a disclaimer."""
    before = _CLAUSE.split(text[max(0, start - 160) : start])[-1]
    sentence = re.split(r"[.!?] (?=[A-Z])", text[:start])[-1]
    behind = re.split(r"[.!?] (?=[A-Z])|[.!?]$", text[end:])[0]
    if _MADE_UP.search(sentence) or _MADE_UP.search(behind):
        return True
    negated = _NEGATED.search(before) and not _NOT_ONLY.search(before)
    return bool(negated or _NEGATED_BEHIND.match(text, end))


def is_compared(text: str, start: int) -> bool:
    """Whether the name at ``start`` only names what a result is compared with."""
    return _COMPARES.search(text[max(0, start - 80) : start]) is not None


def used_names(text: str) -> frozenset[str]:
    """The canonical names of surveys whose data a text uses; those to come have none yet."""
    names = tuple(SURVEYS)
    found = set()
    for match in _NAME.finditer(text):
        name = names[int((match.lastgroup or "n0")[1:])]
        if name in _TO_COME or _LIKE.match(text, match.end()) or is_compared(text, match.start()):
            continue
        if not is_disclaimed(text, *match.span()):
            found.add(name)
    return frozenset(found)
