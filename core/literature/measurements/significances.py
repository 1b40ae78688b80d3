"""Significances of detections and tensions, in :mod:`core.literature.text.flat_math`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.literature.measurements.numbers import RawMeasurement, Relation

__all__ = ["significances"]

_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_SIGMA = re.compile(
    rf"(?<![\w.^])(?<![-+±\d] )"
    rf"(?:\((?={_NUMBER} ?[-–] ?{_NUMBER}\) ?σ))?(?P<number>{_NUMBER})"
    rf"(?:(?: ?σ ?[-–] ?| ?(?:-|–|~|to) ?)(?P<other>{_NUMBER})\)?)? ?-?(?:σ|[Ss]igma)(?![\w(^_/])"
)
_CUE = re.compile(
    r"(?P<yes>detect|tension|significan|evidence|prefer|discrepan|disagree|inconsisten|deviat"
    r"|exclu|reject|rul(?:e|es|ed|ing) out|disfavou?r|favou?r|hint|anomal|excess|lower than"
    r"|higher than|away from|discover|mismatch|from (?:that|the|those|zero|unity)\b|departure"
    r"|differ(?:s|ence)?\b)"
    r"|(?P<no>agree|consisten|within|bias|shift|confiden|C\.? ?L|c\.l|error|uncertain|scatter"
    r"|outlier|constraint|interval|credib|precision|accura|limit|bound|contour|clip|posterior)",
)
_NOT_BEHIND = re.compile(
    r"[- ]?(?:level )?(?:\(?C\.? ?L|c\.? ?l|C\.? ?I|confiden|credib|error|uncertaint|bias|limit"
    r"|constraint|interval|upper|lower lim|contour|range|region|precision|accura|bound|shift"
    r"|scatter|clip|outlier|agree|consisten|posterior)"
)
_STATED = re.compile(
    r"\b(?:detect|discover|inconsisten|discrepan|exclud|reject|tension|disfavou?r|prefer)\w*"
    r"(?: [\w-]{1,12}){0,3} (?:at|with)(?: an?| the)?[ ~>]{0,3}$"
)
_TENSION = re.compile(r" ?(?:tension|discrepan|away|lower|higher|from)")
_BEFORE = re.compile(
    r"(?P<more>more than|over|above|exceeding|at least|greater than|larger than|>)[ ~]{0,2}$"
    r"|(?P<less>less than|below|under|at most|lower than|up to|<)[ ~]{0,2}$"
    r"|(?P<near>about|approximately|around|nearly|roughly|~) ?$"
)
_WINDOW = 90


def significances(text: str) -> Iterator[RawMeasurement]:
    """Numbers of standard deviations at which something is detected, preferred or in tension."""
    for match in _SIGMA.finditer(text):
        if _counts(text, match):
            yield _reading(text, match)


def _counts(text: str, match: re.Match[str]) -> bool:
    before = re.split(r"[.;] ", text[max(0, match.start() - _WINDOW) : match.start()])[-1]
    if _NOT_BEHIND.match(text, match.end()):
        return _STATED.search(before) is not None
    if float(match["number"]) <= 1 and not match["other"] and not _TENSION.match(
        text, match.end()
    ):
        return False
    after = re.split(r"[.;,](?: |$)", text[match.end() : match.end() + _WINDOW // 2])[0]
    ahead = [(len(before) - m.end(), m.lastgroup) for m in _CUE.finditer(before)]
    behind = [(m.start(), m.lastgroup) for m in _CUE.finditer(after)]
    nearest = min([*ahead, *behind], default=(0, "no"))
    return nearest[1] == "yes"


def _reading(text: str, match: re.Match[str]) -> RawMeasurement:
    value = float(match["number"])
    start, end = match.span()
    if match["other"]:
        low, high = sorted((value, float(match["other"])))
        return RawMeasurement("significance", "range", "sigma", start, end, low=low, high=high)
    said = _BEFORE.search(text[max(0, start - 16) : start])
    if said and (said["more"] or said["less"]):
        relation: Relation = ">" if said["more"] else "<"
        low_, high_ = (value, None) if said["more"] else (None, value)
        return RawMeasurement("significance", relation, "sigma", start, end, low=low_, high=high_)
    return RawMeasurement("significance", "~" if said else "=", "sigma", start, end, value=value)
