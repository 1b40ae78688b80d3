"""The data or the model that a value comes from, in the words of the abstract (flat notation).

Example:
    >>> text = "We find H0 = 72.9 ± 1.1 (Cepheids) and 69.9 ± 1.7 km/s/Mpc from TRGB stars."
    >>> probe_of(text, 8, 23, 0, len(text))
    'Cepheids'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["ADDED", "probe_of", "respectively"]

ADDED = "+ "
"""With which the label of a value begins that comes from more data than the value before it."""

_NO_LABEL = re.compile(
    r"\d{1,2}(?:\.\d+)? ?(?:%|σ|per ?cent)|[\^_]-?\d|\b(?:C\.?L|confidence|stat|sys|error|"
    r"uncertaint|precision"
    r"|hereafter|e\.g|i\.e|see|Fig|Eq|Sec|km|χ)|[=<>±]|^\W*\d[\d.]*\W*$"
)
_BRACKET = re.compile(r"[^.;,()=±]{0,24}?[(\[](?P<label>[^()\[\]]{2,60})[)\]]")
_JOIN = r"(?:from|for|with|using|in|when|without|after|if|by|including|based on|assuming|via)"
_END = (
    r"(?= and (?:[-\d]|we\b|the\b|an?\b|find|obtain)|[,;]|\. |\.?$|\.?\)| (?:while|whereas|but|is|"
    r"are"
    r"|which|that|at \d|compared|to be)\b| \(|, | and [A-Zσ-ωΩ]\w*_?\w* ?=)"
)
_BEHIND = re.compile(
    rf"[)\]]? ?(?:\([^()]{{0,30}}\))?,? ?{_JOIN} (?:the |our |an? "
    rf")?(?P<label>[^.;,()=±]{{2,60}}?){_END}"
)
_AHEAD = re.compile(
    r"(?:^|[.;,:] |\b(?:and|while|whereas|but) )(?:(?:[Ff]rom|[Uu]sing|[Ww]ith|[Cc]ombining|[Ii]n|"
    r"[Ff]or"
    r"|[Aa]llowing|[Aa]dding|[Ii]ncluding|[Bb]ased on|[Uu]nder|[Aa]ssuming) (?:the |our |an? )?"
    r"(?P<label>[^,;.=±]{2,70}?)(?:, (?:we|I|this|it|the|one)| (?:we|gives?|yields?|leads|results "
    r"in))\b"
    r"[^;=]{0,70}"
    r"|(?:[Tt]he |[Oo]ur |[Aa]n? )?(?P<subject>[^,;.=±]{2,60}?) (?:alone )?(?:gives?|gave|yields?|"
    r"yielded"
    r"|impl(?:y|ies)|prefers?|returns?|leads? to|results? in|constrains?)\b[^;=]{0,50})$"
)
_NO_PROBE = re.compile(
    r"^(?:[Ww]e|I|[Ii]t|[Tt]his|[Tt]hese|which|that|[Oo]ur (?:results?|analysis)|results?|both|"
    r"context"
    r"|good agreement|tension|agreement|particular|addition|total|turn|respectively|errors?|"
    r"combination"
    r"|input|concert|(?:data|analysis|others?|latter|former|with|fiducial \w+|work|paper)$)"
    r"\b|\b(?:we|find|which|that|measurement of)\b"
)
_RESPECTIVELY = re.compile(
    rf"[^.;=±]{{0,12}}?\b{_JOIN} (?:the )?(?P<list>[^.;=±()]{{3,120}}?),? respectively"
)
_LOOSE = re.compile(
    r"^(?:and |while |whereas |but |the |our )+"
    r"|(?: (?:and|with|in|of|from|for|to|measured|alone))+$"
)
_ADDS = re.compile(
    r"(?:(?:further |then |also )?(?:adding(?: in)?|including|folding in|joining)"
    r"|combin(?:ing|ed) (?:\w+ )?with|together with|the addition of|in combination with) "
)
_ADDING = re.compile(r"\b(?:[Aa]dding|[Ii]ncluding) (?:the |our |an? )?$")
_SPLIT = re.compile(r", and |, | and ")


def probe_of(text: str, start: int, end: int, begin: int, stop: int) -> str:
    """What the value at ``start`` to ``end`` comes from, as it is written; "" if it is not said.

    Args:
        text: in flat notation.
        start, end: of the value with its symbol.
        begin: end of the value before it in its sentence, or where the sentence begins.
        stop: start of the next value in its sentence, or where the sentence ends.
    """
    behind = text[end:stop]
    for pattern in (_BRACKET, _BEHIND):
        found = pattern.match(behind)
        if found and (label := _label(found["label"])):
            return label
    ahead = _AHEAD.search(text[max(begin, start - 160) : start])
    if ahead is None:
        return ""
    label = _label(ahead["label"] or ahead["subject"] or "")
    adds = label and ahead["label"] and _ADDING.search(ahead.string[: ahead.start("label")])
    return f"{ADDED}{label}" if adds else label


def respectively(text: str, ends: Sequence[int], stop: int) -> list[str]:
    """The probes of a row of values, "from A, B and C, respectively"; [] if there are none so.

    Args:
        text: in flat notation.
        ends: where the values end.
        stop: where their sentence ends.
    """
    found = _RESPECTIVELY.match(text[ends[-1] : stop])
    labels = [_label(part) for part in _SPLIT.split(found["list"])] if found else []
    return labels if len(labels) == len(ends) else []


def _label(text: str) -> str:
    """The words of a label without those that only join; "" if it is none."""
    text = _LOOSE.sub("", text.strip())
    adds = _ADDS.match(text)
    text = _LOOSE.sub("", text[adds.end() :] if adds else text)
    refused = not text or _NO_LABEL.search(text) or _NO_PROBE.search(text)
    return "" if refused else f"{ADDED}{text}" if adds else text
