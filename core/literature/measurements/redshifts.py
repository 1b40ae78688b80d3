"""Redshifts and their ranges in flat notation (:mod:`core.literature.text.flat_math`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.literature.measurements.numbers import NUMBER, RawMeasurement, Relation, read_number
from core.literature.measurements.parameters import bound_before, relation_of
from core.literature.measurements.quantities import symbols

__all__ = ["redshifts"]

_DASH = re.compile(r" ?(?:-|–|…|\bto\b|<z<) ?(?:z ?)?[=~]? ?(?=[\d.])")
_TO_Z = re.compile(r" ?(?:to|and|through|until) (?:z|redshift) ?[=~]? ?(?=[\d.])")
_INTERVAL = re.compile(rf" ?∈ ?[(\[] ?(?P<low>{NUMBER}) ?, ?(?P<high>{NUMBER}) ?[)\]]")
_AND = re.compile(r" ?(?:to|and|-|–) ?(?=[\d.])")
_SPANNING = re.compile(r"\b(?:from|between)\b[^.,;]{0,12}$")
_NAME = re.compile(
    r"\b(?P<between>(?:between|from) )?(?P<ahead>(?:above|beyond|below|around|about) )?"
    r"[Rr]edshift(?P<plural>s)?(?P<words>(?: (?:range|ranges|interval|bin"
    r"|window|slice|of|from|between|spanning|at|in|to"
    r"|around|about|approximately|below|above|beyond|up to|out to|greater than|less than"
    r"|higher than|lower than|larger than)\b){0,4}) ?(?P<sign>[=~<>]{1,2})? ?(?=[\d.])"
)
_NAME_INTERVAL = re.compile(
    r"\b[Rr]edshift (?:range|interval|bin)s?(?: of)? ?"
    rf"[(\[] ?(?P<low>{NUMBER}) ?, ?(?P<high>{NUMBER}) ?[)\]]"
)
_END = re.compile(
    r"$|[,.;:)\]]| (?:and|to|in|for|with|at|from|using|is|are|where|when|by|which|as|that|we|the|on"
    r"|has|have|was|were|than|of|over|through|across|until|but|while|via|or"
    r"|it|there|respectively)\b| ?[(–]"
)
_FOREIGN = re.compile(r"[A-Za-zΑ-ω_^%°']| ?(?:%|σ|[kMG]?pc\b|km\b|×|\^|Gyr|deg|arc|mag)")
_HIGHEST = 2e4


def redshifts(text: str) -> Iterator[RawMeasurement]:
    """Redshifts and ranges of them, written with the letter z or in words; in no order."""
    for quantity, start, end in symbols(text):
        if quantity is not None and quantity.name == "z":
            yield from _by_letter(text, start, end)
    for match in _NAME_INTERVAL.finditer(text):
        yield from _interval(match, match.start())
    for match in _NAME.finditer(text):
        yield from _by_name(text, match)


def _by_letter(text: str, start: int, end: int) -> Iterator[RawMeasurement]:
    if interval := _INTERVAL.match(text, end):
        yield from _interval(interval, start)
        return
    left = bound_before(text, start)
    relation, cursor, wordy = relation_of(text, end)
    number = read_number(text, cursor) if relation and not wordy else None
    if relation is None or number is None or not _is_redshift(text, number.value, number.end):
        if left and 0 <= left[1] <= _HIGHEST:
            turned: Relation = ">" if left[0] == "<" else "<"
            yield _limit(turned, left[1], left[2], end)
        return
    if left and left[0] == relation:
        yield _range(left[1], number.value, left[2], number.end)
    elif relation in ("<", ">"):
        yield _limit(relation, number.value, start, number.end)
    else:
        yield from _value_or_range(text, relation, start, cursor, _SPANNING.search(
            text[max(0, start - 24) : start]) is not None)


def _value_or_range(
    text: str, relation: Relation, start: int, at: int, spanning: bool
) -> Iterator[RawMeasurement]:
    number = read_number(text, at)
    if number is None:
        return
    gap = _DASH.match(text, number.end) if number.minus is None else None
    if gap is None and spanning:
        gap = _TO_Z.match(text, number.end) or _AND.match(text, number.end)
    other = read_number(text, gap.end()) if gap else None
    if other is not None and _is_redshift(text, other.value, other.end):
        yield _range(number.value, other.value, start, other.end)
    elif gap is None or not spanning:
        exact: Relation = "=" if number.minus is not None else relation
        yield RawMeasurement("z", exact, "", start, number.end, value=number.value,
                      minus=number.minus, plus=number.plus)


def _by_name(text: str, match: re.Match[str]) -> Iterator[RawMeasurement]:
    number = read_number(text, match.end())
    if number is None or not 0 <= number.value <= _HIGHEST:
        return
    words, sign = (match["ahead"] or "") + match["words"], match["sign"] or ""
    spanning = bool(match["between"]) or "between" in words or "from" in words
    gap = _DASH.match(text, number.end) or (_AND.match(text, number.end) if spanning else None)
    other = read_number(text, gap.end()) if gap else None
    start = match.start()
    if other is not None:
        if _END.match(text, other.end) and other.value <= _HIGHEST:
            yield _range(number.value, other.value, start, other.end)
        return
    if not _END.match(text, number.end) or spanning or "range" in words:
        return
    if match["plural"] and words.endswith(" of") and number.value == int(number.value) > 20:
        return
    relation = _relation_in_words(words, sign)
    if relation in ("<", ">"):
        yield _limit(relation, number.value, start, number.end)
    else:
        yield from _value_or_range(text, relation, start, match.end(), False)


def _relation_in_words(words: str, sign: str) -> Relation:
    if "<" in sign or re.search(r"below|less|lower", words):
        return "<"
    if ">" in sign or re.search(r"above|beyond|greater|higher|larger", words):
        return ">"
    return "~" if "~" in sign or re.search(r"around|about|approx", words) else "="


def _is_redshift(text: str, value: float, end: int) -> bool:
    return 0 <= value <= _HIGHEST and _FOREIGN.match(text, end) is None


def _interval(interval: re.Match[str], start: int) -> Iterator[RawMeasurement]:
    low, high = read_number(interval["low"], 0), read_number(interval["high"], 0)
    if low is not None and high is not None and 0 <= low.value < high.value <= _HIGHEST:
        yield _range(low.value, high.value, start, interval.end())


def _range(one: float, other: float, start: int, end: int) -> RawMeasurement:
    low, high = sorted((one, other))
    return RawMeasurement("z", "range", "", start, end, low=low, high=high)


def _limit(relation: Relation, value: float, start: int, end: int) -> RawMeasurement:
    low, high = (None, value) if relation == "<" else (value, None)
    return RawMeasurement("z", relation, "", start, end, low=low, high=high)
