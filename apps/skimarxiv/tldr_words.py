"""The words of a TL;DR as a card has them: no line breaks inside a number with its unit, and on a
phone a long one ends after a word until it is pressed.

Example:
    >>> together("at 30 km s$^{-1}$ Mpc$^{-1}$").count("\u00a0")
    3
"""

from __future__ import annotations

import re

from apps.skimarxiv import marks
from core.literature.text.tex import mathematics

__all__ = ["spoken", "together"]

_SHORT, _TOO_LITTLE = 130, 30
"""Letters of a TL;DR that a phone shows at first, and what is too little to hide."""
_WITH_FORMULA = re.compile(r"[^ <>\n]*(?:<span>\$[^$]+\$</span>[^ <>\n]*)+")
_HELD = "\ue0a0"
_ONE_LINE = 160
"""Signs of HTML that may have to stand on one line of a phone."""
_AFTER_WORD = re.compile(r"[A-Za-z]{3,}[,;:]?(?= [A-Za-z])")
_UNIT = (
    r"(?:k?m|cm|mm|[kMG]?pc|[kMG]?Hz|[kMGTm]?eV|[mnµμ]?K|[MG]?yr|s|h|arcmin|arcsec|deg|sigma|"
    r"per cent|\$(?:\^|h\^|\\sigma|\\,)[^$]*\$|σ|M☉|million|billion)"
)
_BESIDE_UNIT = re.compile(
    rf"(?:(?<=[\d$%}}])|(?<=\b[kMG]pc)|(?<=\bkm)|(?<=\bs)) (?={_UNIT}(?![A-Za-z]))"
)


def spoken(text: str) -> str:
    """HTML, with a capital letter at its beginning, if that is a word; a long one in two parts, of
    which a narrow list shows the first until it is pressed."""
    first = re.match(r"[a-z]{2,}[ ,]", text)
    text = text[0].upper() + text[1:] if first else text
    at = _cut(text)
    if at is None:
        return _unbroken(text)
    head, rest = _unbroken(text[:at]), _unbroken(text[at:].lstrip())
    return f'{head}<span class="sk-dots"></span> <span class="sk-rest">{rest}</span>'


def _unbroken(text: str) -> str:
    """HTML in which a formula stays on the line of its unit: a browser may break a line beside any
    formula, whatever the space there."""
    held = together(text.replace(_HELD, "")).replace("\u00a0", _HELD)  # escaping loses such spaces
    return _WITH_FORMULA.sub(_on_one_line, marks.shown(held).replace(_HELD, "\u00a0"))


def _on_one_line(found: re.Match[str]) -> str:
    whole = found[0]
    if len(whole) > _ONE_LINE or (whole.startswith("<") and whole.count("<span>") == 1
                                  and whole.endswith("</span>")):
        return whole
    return f'<span class="sk-one">{whole}</span>'


def together(text: str) -> str:
    """With spaces at which no line breaks between a number and its unit, and inside a unit."""
    return _BESIDE_UNIT.sub("\u00a0", text)


def _cut(text: str) -> int | None:
    """Where a long text can end for the moment: after a word, never in mathematics nor beside a
    number; None where it is short."""
    if len(text) <= _SHORT + _TOO_LITTLE:
        return None
    inside = [range(start, end) for start, end in mathematics(text)]
    for found in reversed(list(_AFTER_WORD.finditer(text, 0, _SHORT))):
        if not any(found.end() in span for span in inside):
            return found.end()
    return None
