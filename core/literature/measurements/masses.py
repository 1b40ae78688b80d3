"""Masses in solar masses, in flat notation (:mod:`core.literature.text.flat_math`)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from core.literature.measurements.numbers import (
    NUMBER,
    Number,
    RawMeasurement,
    Relation,
    read_number,
)
from core.literature.measurements.parameters import bound_before, relation_of

__all__ = ["solar_masses"]

_UNIT = re.compile(
    r" ?(?P<before>h\^-1 ?|/h )?(?:M_?⊙|M_?sun\b|M_solar|solar mass(?:es)?\b)"
    r"(?P<after> ?h\^-1| ?/ ?h\b)?(?!\w)(?! ?/| ?[\w^]{0,3}\^| (?:yr|pc|kpc|Mpc|Gyr|per)\b)"
)
_NUMBER = re.compile(rf"(?<![\w.^_])(?<!\^-)[(\[]?{NUMBER}")
_MANTISSAS = re.compile(
    r"[(\[] ?(?P<low>\d{1,3}(?:\.\d{1,4})?) ?(?:-|–|,|to) ?(?P<high>\d{1,3}(?:\.\d{1,4})?) ?[)\]]"
    r" ?[×x*·] ?$"
)
_FEW = re.compile(r"\b(?:few|several|tens|hundreds)(?: of)?(?: times)? ?$")
_MORE = re.compile(
    r"\b(?:at least|more than|above|over|exceeding|greater than|larger than)[ ~]{0,2}$"
)
_LESS = re.compile(r"\b(?:at most|less than|below|under|smaller than|up to|lower than)[ ~]{0,2}$")
_THRESHOLD = re.compile(
    r"\b(?:(?:mass|detection|completeness|selection|resolution) (?:limit|threshold|cut)"
    r"|(?:minimum|least|lowest|minimal|threshold) (?:[\w-]+ )?mass)(?: (?:of|at|is|near))*[ ~]*$"
)
_CEILING = re.compile(
    r"\b(?:upper (?:[\w-]+ )?(?:limit|bound)(?: on (?:the )?(?:[\w-]+ )?mass)?|(?:maximum"
    r"|maximal|largest|"
    r"highest) (?:[\w-]+ )?mass)(?: (?:of|at|is|near))*[ ~]*$"
)
_FROM = re.compile(r"\b(?:from|between)\b[^.;,]{0,16}$")
_TO = re.compile(r" ?(?:to|and|-|–) ?")
_TIMES = re.compile(r"[×·*] ?$")
_DASH = re.compile(r" ?(?:-|–|\bto\b) ?(?=\d)")
_SYMBOL = re.compile(
    r"(?:(?P<symbol>(?<!\w)[Mm]_?[\w*,]{0,10}(?:\([^()]{0,16}\))?) ?(?P<sign>[=≡~<>]{1,2})"
    r"|(?P<bare>[~<>]{1,2})) ?$"
)
_LOG = re.compile(
    r"\blog_?(?:10)? ?[(\[]? ?M_?[\w*,]{0,10} ?/ ?(?P<before>h\^-1 ?)?(?:M_?⊙|M_?sun)"
    r"(?P<after> ?h\^-1| ?/ ?h\b)? ?[)\]]?"
)
_BELOW = re.compile(r" ?< ?")
_HIGHEST_LOG = 20.0


def solar_masses(text: str) -> Iterator[RawMeasurement]:
    """Masses and ranges of them, in solar masses or solar masses over h; in no order."""
    yield from _joined(text, list(_plain(text)))
    for match in _LOG.finditer(text):
        yield from _logarithmic(text, match)


def _plain(text: str) -> Iterator[RawMeasurement]:
    done = 0
    for match in _NUMBER.finditer(text):
        number = read_number(text, match.start()) if match.start() >= done else None
        if number is None or number.value <= 0:
            continue
        before = text[max(0, match.start() - 28) : match.start()]
        other = _other_end(text, number, _FROM.search(before) is not None)
        if _FEW.search(before):
            continue
        if _TIMES.search(before):
            unit, pair = _UNIT.match(text, number.end), _MANTISSAS.search(before)
            if unit and pair:
                yield _scaled_range(number, pair, match.start() - len(before), unit)
            continue
        last = other or number
        unit = _UNIT.match(text, last.end)
        if unit is None:
            continue
        done = unit.end()
        yield _reading(text, number, other, match.start(), unit)


def _scaled_range(
    power: Number, pair: re.Match[str], offset: int, unit: re.Match[str]
) -> RawMeasurement:
    low, high = sorted(float(pair[side]) * power.value for side in ("low", "high"))
    start, name = offset + pair.start(), _unit_name(unit)
    return RawMeasurement("mass", "range", name, start, unit.end(), low=low, high=high)


def _unit_name(unit: re.Match[str]) -> str:
    return "Msun/h" if unit["before"] or unit["after"] else "Msun"


def _other_end(text: str, number: Number, spanning: bool = False) -> Number | None:
    dash = (_TO if spanning else _DASH).match(text, number.end) if number.minus is None else None
    return read_number(text, dash.end()) if dash else None


def _reading(
    text: str, number: Number, other: Number | None, start: int, unit: re.Match[str]
) -> RawMeasurement:
    name = _unit_name(unit)
    window = text[max(0, start - 32) : start]
    found = _SYMBOL.search(window)
    start -= len(window) - found.start() if found else 0
    sign = (found["sign"] or found["bare"]) if found else "="
    ahead = text[max(0, start - 20) : start]
    sign += "<" if _LESS.search(ahead) else ">" if _MORE.search(ahead) else ""
    sign += _limit_in_words(text[max(0, start - 60) : start])
    if other is not None:
        low = number.value
        if low < 1e3 <= other.value:
            low *= 10.0 ** math.floor(math.log10(other.value) + 1e-9)
        low, high = sorted((low, other.value))
        return RawMeasurement("mass", "range", name, start, unit.end(), low=low, high=high)
    if number.minus is None and ("<" in sign or ">" in sign):
        less = "<" in sign
        low_, high_ = (None, number.value) if less else (number.value, None)
        return RawMeasurement(
            "mass", "<" if less else ">", name, start, unit.end(), low=low_, high=high_
        )
    relation: Relation = "~" if "~" in sign and number.minus is None else "="
    return RawMeasurement("mass", relation, name, start, unit.end(), value=number.value,
                   minus=number.minus, plus=number.plus)


def _limit_in_words(ahead: str) -> str:
    """The sign of a "mass limit of" a survey, the least mass in it, and of its relatives."""
    if _CEILING.search(ahead):
        return "<"
    return ">" if _THRESHOLD.search(ahead) else ""


def _joined(text: str, found: list[RawMeasurement]) -> Iterator[RawMeasurement]:
    """Lower and upper bound of one mass as a range: 10^14 Msun < M < 10^15 Msun."""
    index = 0
    while index < len(found):
        one = found[index]
        other = found[index + 1] if index + 1 < len(found) else None
        high = _upper_end(text, one, other) if other else None
        if other and one.value is not None and high is not None and one.value < high:
            yield RawMeasurement("mass", "range", one.unit, one.start, other.end,
                          low=one.value, high=high)
            index += 2
            continue
        yield one
        index += 1


def _upper_end(text: str, one: RawMeasurement, other: RawMeasurement) -> float | None:
    gap = text[one.end : other.start]
    if other.relation == "<" and _BELOW.fullmatch(gap):
        return other.high
    spanning = _FROM.search(text[max(0, one.start - 24) : one.start])
    return other.value if spanning and other.minus is None and _TO.fullmatch(gap) else None


def _logarithmic(text: str, match: re.Match[str]) -> Iterator[RawMeasurement]:
    left = bound_before(text, match.start())
    relation, cursor, wordy = relation_of(text, match.end())
    number = read_number(text, cursor) if relation and not wordy else None
    if relation is None or number is None or not 0 < number.value < _HIGHEST_LOG:
        return
    unit = _unit_name(match)
    mass, end = 10.0**number.value, number.end
    other = _other_end(text, number)
    if left and left[0] == relation and 0 < left[1] < _HIGHEST_LOG:
        low, high = sorted((10.0 ** left[1], mass))
        yield RawMeasurement("mass", "range", unit, left[2], end, low=low, high=high)
    elif relation in ("<", ">"):
        bounds = {"high": mass} if relation == "<" else {"low": mass}
        yield RawMeasurement("mass", relation, unit, match.start(), end, **bounds)
    elif other is not None and number.value < other.value < _HIGHEST_LOG:
        yield RawMeasurement("mass", "range", unit, match.start(), other.end,
                      low=mass, high=10.0**other.value)
    else:
        minus = None if number.minus is None else mass * (1 - 10.0**-number.minus)
        plus = None if number.plus is None else mass * (10.0 ** min(number.plus, 5) - 1)
        yield RawMeasurement("mass", relation, unit, match.start(), end, value=mass,
                      minus=minus, plus=plus)
