"""Further values of a quantity that is named once, in flat notation.

"H0 = 72.9 ± 1.1 (Cepheids), 69.9 ± 1.7 (TRGB) and 71.5 ± 2.0 (JAGB) km/s/Mpc" has three values of
one quantity; "the giants give 70.0 ± 1.8 km/s/Mpc" has one that only its unit names. Both need a
stated error, so that no other number is taken for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.literature.measurements.numbers import RawMeasurement, read_number
from core.literature.measurements.parameters import SPEED, read_value, reading_of
from core.literature.measurements.quantities import QUANTITIES, symbols

__all__ = ["by_unit", "following", "with_stated_precision"]

_BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}
_NUMBER = re.compile(r"(?<![\w.^_])(?<!\^-)[-+]?\d{1,4}\.?\d{0,5} ?(?:±|\^?\+|_-|\(\d)")
_LEAD = re.compile(
    r"(?:[,;]|\b(?:and|or|versus|vs\.?|to|gives?|gave|giving|yields?|yielded|yielding|implies|imply"
    r"|prefers?|get|find|obtain|obtained|becomes?|becoming|against|than|compared (?:to|with)"
    r"|(?:values?|constants?|measurements?|estimates?|results?|constraints?) of)) ?[(~]? ?$"
)
_STOP = re.compile(r"[.!?;] (?=[A-Z$(])|[=<>≡]")
_REACH = 150
_MOST = 8
_HUBBLE = re.compile(r"[Hh]ubble|H_?0")
_OF_ANOTHER = re.compile(r"[=~≡<>] ?\(?$|\b(?:gradients?|flows?|dispersions?|expansion rates? at)\b"
                         r"[^.;]{0,40}$|\bz ?[=~] ?[\d.]+[^.;,]{0,12}$")
_BETWEEN = re.compile(r"\b(?:between|from) \(?$")
_ROW_GAP = re.compile(r" ?(?:\([^()]{2,30}\))?[,;]?(?: (?:and|or))? ?")
_PRECISION = r"(?:uncertaint(?:y|ies)|precision|errors?|accuracy)"
_PART = r"(\d{1,2}(?:\.\d{1,2})?) ?-?(?:%|per ?cent|percent)"
_BEHIND = re.compile(
    rf"[^.;=±\d]{{0,40}}?(?:{_PRECISION} of (?:only |about |~ ?)?{_PART}"
    rf"|\b(?:with|to|at|within) (?:an? |only |about |~ ?)?(?:total |relative |final )?{_PART}"
    rf"[ -](?:(?:total|relative|level) )?{_PRECISION}|\({_PART}(?: {_PRECISION})?\))"
)
_CONFIDENCE = 50.0  # per cent; no error is as large
_AHEAD = re.compile(
    rf"\b{_PART}[ -](?:level )?(?:measurements?|determinations?|estimates?|{_PRECISION})"
    r"[^.;=±\d]{0,40}$"
)


def following(text: str, readings: Sequence[RawMeasurement]) -> Iterator[RawMeasurement]:
    """What follows a value without a symbol of its own, in the same sentence."""
    named = [start for quantity, start, _ in symbols(text) if quantity is not None]
    for reading in readings:
        quantity = _BY_NAME.get(reading.quantity)
        if quantity is None or reading.minus is None:
            continue
        index = bisect_right(named, reading.end)
        stop = named[index] if index < len(named) else len(text)
        yield from _in_a_row(text, reading, stop)


def _in_a_row(text: str, reading: RawMeasurement, stop: int) -> Iterator[RawMeasurement]:
    quantity, cursor = _BY_NAME[reading.quantity], reading.end
    for _ in range(_MOST):
        found = _NUMBER.search(text, cursor, min(stop, cursor + _REACH))
        if found is None:
            return
        between = text[cursor : found.start()]
        value = read_value(text, quantity, found.start())
        if (value is None or value[0].minus is None or _STOP.search(between)
                or not _LEAD.search(between)):
            return
        number, end, factor = value
        yield reading_of(quantity, "=", number, factor, number.start, end)
        cursor = end


def by_unit(text: str) -> Iterator[RawMeasurement]:
    """Values of the Hubble constant that their unit names, if the text speaks of it."""
    if not _HUBBLE.search(text):
        return
    found = list(_NUMBER.finditer(text))
    for i, match in enumerate(found):
        number = read_number(text, match.start())
        unit = SPEED.match(text, number.end) if number and number.minus is not None else None
        if unit is None or _OF_ANOTHER.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        yield from _with_row(text, [m.start() for m in found[max(0, i - _MOST) : i + 1]])


def _with_row(text: str, starts: Sequence[int]) -> Iterator[RawMeasurement]:
    """The last of these numbers, and those before it in one row: "71 ± 2, 69 ± 3 and 74 ± 2"."""
    quantity, row = _BY_NAME["H0"], list[RawMeasurement]()
    for start in reversed(starts):
        value = read_value(text, quantity, start)
        if value is None or value[0].minus is None:
            break
        number, end, factor = value
        if row and not _ROW_GAP.fullmatch(text[end : row[-1].start]):
            break
        row.append(reading_of(quantity, "=", number, factor, number.start, end))
    is_span = row and _BETWEEN.search(text[max(0, row[-1].start - 12) : row[-1].start])
    yield from row[:1] if is_span else row


def with_stated_precision(text: str, reading: RawMeasurement, begin: int) -> RawMeasurement:
    """A value with the error that words give: "70.0 km/s/Mpc with an uncertainty of 2%".

    Args:
        text: in flat notation.
        reading: what has an error already, or is a limit or a range, stays as it is.
        begin: where its sentence begins.
    """
    if reading.value is None or reading.minus is not None or reading.quantity not in _BY_NAME:
        return reading
    behind = _BEHIND.match(text, reading.end, reading.end + 100)
    ahead = _AHEAD.search(text[max(begin, reading.start - 80) : reading.start])
    parts = [part for found in (behind, ahead) if found for part in found.groups() if part]
    if not parts or float(parts[0]) >= _CONFIDENCE:
        return reading
    error = abs(reading.value) * float(parts[0]) / 100
    return replace(reading, minus=error, plus=error, relation="=", trivial=False)
