"""The distance from another result that a paper states itself, in flat notation.

Example:
    >>> text = "We find S8 = 0.76 ± 0.02, in 2.6σ tension with Planck."
    >>> stated_distance(text, 24, len(text))
    StatedDistance(sigma=2.6, agrees=False, against='Planck')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.measurements.sources import SOURCE

__all__ = ["StatedDistance", "stated_distance"]

_SIGMA = re.compile(r"(?<![\w.])(?P<n>\d{1,2}(?:\.\d{1,2})?) ?-?(?:σ|[Ss]igma\b|standard "
                    r"deviations?)")
_APART = re.compile(
    r"\b(?:tension|discrepan\w+|disagree\w*|lower|higher|smaller|larger|above|below|away|from|differ\w*"
    r"|deviat\w+|depart\w+|offset|shift\w*|conflict|inconsisten\w+|odds|exceed\w*|than|excluded?)\b"
)
_AGREES = re.compile(r"\b(?:agree\w*|consisten\w+|compatible|within|accord\w*)\b")
_AGAINST = re.compile(
    rf"\b(?P<name>{SOURCE}|CMB|[Cc]osmic [Mm]icrowave [Bb]ackground|distance ladder|local|Cepheids?"
    r"|early[- ][Uu]niverse|ΛCDM|general relativity)(?![\w-])"
)
_GOES_ON = re.compile(
    r"(?:[Tt]his|[Tt]hese|[Ii]t|[Tt]he (?:value|result|amplitude|difference|tension|latter)|"
    r"[Ww]hich"
    r"|[Oo]ur (?:value|result|measurement))\b"
)
_REACH = 240


@dataclass(frozen=True)
class StatedDistance:
    """What a paper says of one of its values.

    Attributes:
        sigma: standard deviations.
        agrees: it is said as an agreement ("within 1σ"), so that it is at most this.
        against: what it is compared to, by the name in the text.
    """

    sigma: float
    agrees: bool
    against: str


def stated_distance(text: str, end: int, stop: int, following: int = 0) -> StatedDistance | None:
    """What is said right behind a value; None if nothing is.

    Args:
        text: in flat notation.
        end: of the value.
        stop: where the next value of its sentence begins, or its sentence ends.
        following: where the next sentence ends, if nothing stands between; it counts if it goes on
            about the value ("This is 2.6σ lower than ...").
    """
    said = text[end : min(stop, end + _REACH)]
    if following > stop and _GOES_ON.match(text[stop:following].lstrip()):
        said = said + text[stop : min(following, stop + _REACH)]
    found = [(match, _near(said, match)) for match in _SIGMA.finditer(said)]
    for match, around in found:
        against = _nearest(said, match)
        apart, agrees = _APART.search(around), _AGREES.search(around)
        if against and (apart or agrees):
            return StatedDistance(float(match["n"]), bool(agrees and not apart), against)
    return None


def _near(said: str, match: re.Match[str]) -> str:
    """The clause around a number of sigma."""
    before = re.split(r"[;:]|\. |, (?:and|but|while)\b", said[: match.start()])[-1]
    after = re.split(r"[;:]|\. |, (?:and|but|while)\b", said[match.end() :])[0]
    return before[-80:] + match[0] + after[:80]


def _nearest(said: str, match: re.Match[str]) -> str:
    """The first name behind it in the clause, or the last before it."""
    behind = re.split(r"[;:]|\. |, (?:and|but|while)\b", said[match.end() :])[0]
    if (name := _AGAINST.search(behind[:100])) is not None:
        return name["name"]
    ahead = re.split(r"[;:]|\. ", said[: match.start()])[-1]
    names = [found["name"] for found in _AGAINST.finditer(ahead[-100:])]
    return names[-1] if names else ""
