"""Numbers as people write them, as numbers a machine reads: "1.5 million", "six", "3,000", "10^14".

Example:
    >>> plain_numbers("redshift six, 3,000 km/s, 2 x 10^14 Msun, half a Gyr")
    'redshift 6, 3000 km/s, 2e14 Msun, 0.5 Gyr'
"""

from __future__ import annotations

import math
import re

__all__ = ["NUMBER", "plain_numbers", "python_number", "said"]

NUMBER = r"[-+]?(?:\d{1,25}(?:\.\d{0,20})?|\.\d{1,20})(?:e[-+]?\d{1,3})?"
"""Pattern of a number once the text is plain; bounded, to be linear in time."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = dict(zip(_ONES.split(), range(20), strict=True))
_TENS = dict(zip(_TENTHS.split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NAMED = {**_UNITS, **_TENS}
_WORDS = "|".join(sorted((*_NAMED, *_SCALES), key=len, reverse=True))
_SPELT = re.compile(rf"\b(?:{_WORDS})(?:(?:[ -]|\ and\ | point ){{1}}(?:{_WORDS})){{0,12}}\b", re.I)
_A_SCALE = re.compile(r"\ban? (?=(?:hundred|thousand|million|billion|trillion)\b)", re.I)
_HALF_SCALE = re.compile(r"\bhalf an? (?=(?:hundred|thousand|million|billion)\b)", re.I)
_HALF = re.compile(r"\b(?:(\d{1,3}) and a half|(?:1 )?half (?:an?|of an?)?)(?= )"
                   r"(?! (?:light|mass|life|power))", re.I)
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,6})(?![\d,])")
_ZERO_COMMA = re.compile(r"(?<![\d.,])0,(\d{1,6})(?![\d,])")
_POWER = re.compile(
    r"(?<![\w.])(?:(\d{1,12}(?:\.\d{1,12})?) ?(?:[×x*·]|times) ?)?10 ?(?:\^|\*\*|to the(?: power"
    r"(?: of)?)?) ?\(?([-+]?\d{1,3}(?:\.\d{1,6})?)\)?(?![\d^])(?:th\b)?", re.I)
_BIG_E = re.compile(r"(?<=\d)[eE] ?([-+]?\d{1,3})(?![\w.]|\.\d)")
_GLUED_E = re.compile(r"(?<![\w.])(\d{1,12}(?:\.\d{1,12})?)[eE]([-+]?\d{1,3})(?=[A-DF-Za-df-z])")
_SCALED = re.compile(
    rf"(?<![\w.])({NUMBER}) ?-?(thousand|million|billion|trillion|bn|mln)\b", re.I)
_SHORT = {"bn": 1e9, "mln": 1e6}
_MINUS = re.compile(r"\b(?:minus|negative) (?=\.?\d)", re.I)
_POINT = re.compile(r"(?<![\w.])(\d{1,6}) point (\d{1,2})\b", re.I)


def plain_numbers(text: str) -> str:
    """The text with each number as digits, in time linear in its length."""
    text = _HALF_SCALE.sub("0.5 ", text)
    text = _SPELT.sub(_from_words, _A_SCALE.sub("one ", text))
    text = _HALF.sub(lambda m: f"{m[1]}.5" if m[1] else "0.5", text)
    text = _POINT.sub(r"\1.\2", text)
    text = _THOUSANDS.sub(lambda m: m[1].replace(",", ""), text)
    text = _ZERO_COMMA.sub(r"0.\1", text)
    text = _POWER.sub(_from_power, text)
    text = _GLUED_E.sub(r"\1e\2 ", _BIG_E.sub(r"e\1", text))
    text = _SCALED.sub(lambda m: python_number(
        float(m[1]) * {**_SCALES, **_SHORT}[m[2].lower()]), text)
    return _MINUS.sub("-", text)


def _from_power(found: re.Match[str]) -> str:
    power = float(found[2])
    if power.is_integer():
        return f"{found[1] or 1}e{int(power)}"
    return python_number(float(found[1] or 1) * 10.0**power) if abs(power) < 300 else found[0]


def _from_words(found: re.Match[str]) -> str:
    """ "one thousand and ninety" as 1090; "three" as 3; "one two" stays."""
    words = [w for w in re.split(r"[ -]", found[0].lower()) if w != "and"]
    if "point" in words:
        at = words.index("point")
        digits = [_UNITS.get(word, 99) for word in words[at + 1 :]]
        if max(digits, default=99) > 9 or "point" in words[at + 1 :]:
            return found[0]
        return f"{_counted(words[:at]):g}.{''.join(map(str, digits))}"
    if words[0] in _SCALES:  # "6 million": left to the digits before it
        return found[0]
    if " and " in found[0].lower() and not any(w in _SCALES for w in words):
        return " and ".join(_from_words(m) for part in re.split(r" and ", found[0], flags=re.I)
                            if (m := _SPELT.match(part)))
    return f"{_counted(words):.15g}"


def _counted(words: list[str]) -> float:
    total, current = 0.0, 0.0
    for word in words:
        if word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        else:
            current += _NAMED[word]
    return total + current


def python_number(value: float) -> str:
    """A number as Python code and people read it: 6, 0.25, 1e+12 as 1e12."""
    return f"{value:.12g}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")


def said(value: float, digits: int = 4) -> str:
    """A number with sensible digits: 5180, 0.9337, 1.27 × 10^-7."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if not 1e-3 <= abs(value) < 1e6:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        times = {"1": "", "-1": "-"}.get(_trimmed(mantissa), f"{_trimmed(mantissa)} × ")
        return f"{times}10^{int(power)}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _trimmed(f"{value:,.{places}f}" if abs(value) >= 1e4 else f"{value:.{places}f}")


def _trimmed(number: str) -> str:
    """Without a row of zeros that says nothing: "2.000" as 2."""
    return number.rstrip("0").rstrip(".") if "." in number else number
