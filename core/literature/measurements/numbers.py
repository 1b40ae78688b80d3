"""Numbers with their errors in flat notation (:mod:`core.literature.text.flat_math`).

Example:
    >>> number = read_number("0.776^+0.032_-0.033", 0)
    >>> (number.value, number.minus, number.plus)
    (0.776, 0.033, 0.032)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["NUMBER", "Number", "RawMeasurement", "Relation", "read_number"]

_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,3}(?![\d,])(?:\.\d{1,12})?|\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})"
_TEN = r"10\^[-+]?\d{1,2}(?:\.\d{1,4})?"
_POWER = r" ?[×·x*] ?" + _TEN
NUMBER = rf"(?:{_TEN}|[-+]? ?{_DIGITS}(?:{_POWER}|[eE][-+]?\d{{1,2}}(?![\w.]))?)"
"""Pattern of a number without errors; bounded, so that it takes constant time."""

_KIND_NAME = (
    r"(?:statistical|systematics?|stat|syst|sys|random|rand|ran|theor(?:y|etical)|theo?|model"
    r"(?:l?ing)?|calibration|cal|experimental|exp|measurement|meas|intrinsic|int|total|tot)"
)
_KIND = (
    rf"(?:(?: ?(?:[_^] ?)?[(\[]? ?{_KIND_NAME}\.?(?: ?(?:[+&,]|and) ?{_KIND_NAME}\.?){{0,2}}"
    r"(?: (?:errors?|uncertaint(?:y|ies)))?[)\]]?)(?!\w))"
)
_AGAIN = re.compile(
    rf" ?[(\[] ?(?:an? |or )?(?P<sign>±)? ?(?P<size>\d{{1,2}}(?:\.\d{{1,3}})?) ?(?:%|per ?cent)"
    rf"(?P<kind>{_KIND}| ?(?:precision|accuracy|uncertainty|error|measurement|determination))?"
    r" ?[)\]]"
)
"""The error just given once more, as a part of the value."""

_JOINED = re.compile(r",? ?(?:and )?(?= ?\(?[±+^_])")
_LARGEST_PART = 50.0  # per cent; what is larger is a confidence


def _error_patterns(size: str) -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf" ?\(?± ?(?P<plus>{size})(?: ?(?P<relative>%))?{_KIND}?\)?"),
        re.compile(
            rf" ?[\^(]? ?\+ ?(?P<plus>{size}) ?[_,/]?\^? ?- ?(?P<minus>{size})\)?{_KIND}?"
        ),
        re.compile(rf" ?[_(] ?- ?(?P<minus>{size}) ?[\^,/] ?\+ ?(?P<plus>{size})\)?{_KIND}?"),
    )


_START = re.compile(rf" ?(?P<open>[(\[]?) ?(?P<number>{NUMBER})")
_CLOSE = re.compile(r" ?[)\]]")
_BARE_ERRORS = _error_patterns(_DIGITS)
_SCALED_ERRORS = _error_patterns(rf"{_DIGITS}(?:{_POWER}|[eE][-+]?\d{{1,2}})?")
_LAST_DIGITS = re.compile(
    rf"\((?:(?P<digits>\d{{1,2}})|(?P<whole>\d{{1,2}}\.\d{{1,4}}))\)(?:_?{_KIND})?(?![\w^])"
)
_SCALE = re.compile(_POWER)
_MOST_ERRORS = 3


@dataclass(frozen=True)
class Number:
    """A number as read.

    Attributes:
        value: the number.
        minus, plus: its errors, positive; several (statistical, systematic) are added in
            quadrature; None where it has none.
        start, end: where it stands.
    """

    value: float
    minus: float | None
    plus: float | None
    start: int
    end: int


Relation = Literal["=", "<", ">", "~", "range"]


@dataclass(frozen=True)
class RawMeasurement:
    """A number with the quantity it belongs to, found in flat notation.

    Attributes:
        quantity, relation, unit, value, low, high, minus, plus: as in
            :class:`core.literature.measurements.extract.Measurement`, the errors as stated.
        start, end: where it stands in the flat text.
        trivial: it has no error and is the value of the standard model or of a convention, as in
            w = -1, w < -1 or h = 0.7.
    """

    quantity: str
    relation: Relation
    unit: str
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    minus: float | None = None
    plus: float | None = None
    trivial: bool = False


def read_number(text: str, at: int) -> Number | None:
    """The number that begins at ``at``, perhaps after a space or a bracket; None if there is none.

    Errors may be symmetric, asymmetric in either order, in per cent, or the last digits in
    parentheses: 0.8(1). An error that is repeated as a part of the value counts once.
    """
    first = _START.match(text, at)
    if first is None:
        return None
    value, written = _float(first["number"]), first["number"]
    cursor, errors = _read_errors(text, first.end(), value, written)
    if errors and written.startswith("10^") and errors[0][0] < value * 1e-6:
        errors = [(value * (1 - 10.0**-low), value * (10.0 ** min(high, 9) - 1))
                  for low, high in errors]
    closing = _CLOSE.match(text, cursor) if first["open"] and errors else None
    cursor = closing.end() if closing else cursor
    scaled = _SCALE.match(text, cursor) if errors and "^" not in written else None
    scale = _float(scaled[0].lstrip(" ×·x*")) if scaled else 1.0
    low, high = (_quadrature([error[side] * scale for error in errors]) for side in (0, 1))
    end = scaled.end() if scaled else cursor
    return Number(value * scale, low, high, first.start("number"), end)


def _read_errors(
    text: str, cursor: int, value: float, written: str
) -> tuple[int, list[tuple[float, float]]]:
    errors: list[tuple[float, float]] = []
    if "." in written and "^" not in written:
        decimals = len(written.rsplit(".", 1)[1])
        while len(errors) < _MOST_ERRORS and (digits := _LAST_DIGITS.match(text, cursor)):
            errors.append((_in_parentheses(digits, decimals),) * 2)
            cursor = digits.end()
        if errors:
            return cursor, errors
    patterns = _SCALED_ERRORS if "^" in written else _BARE_ERRORS
    while len(errors) < _MOST_ERRORS:
        joined = _JOINED.match(text, cursor) if errors else None
        begin = joined.end() if joined else cursor
        found = next((m for p in patterns if (m := p.match(text, begin))), None)
        if found is None:
            break
        errors.append(_sizes(found, value))
        cursor = _behind_repetition(text, found.end())
    return cursor, errors


def _behind_repetition(text: str, at: int) -> int:
    """Behind "(±1.1% stat)", which is the error before it as a part of the value."""
    again = _AGAIN.match(text, at)
    if again is None or not (again["sign"] or again["kind"]
                             or float(again["size"]) < _LARGEST_PART):
        return at
    return again.end()


def _in_parentheses(digits: re.Match[str], decimals: int) -> float:
    return float(digits["whole"] or f"{digits['digits']}e-{decimals}")


def _sizes(found: re.Match[str], value: float) -> tuple[float, float]:
    groups = found.groupdict()
    plus = _float(groups["plus"])
    if groups.get("relative"):
        plus *= abs(value) / 100
    return (_float(groups["minus"]) if "minus" in groups else plus), plus


def _quadrature(parts: list[float]) -> float | None:
    return math.hypot(*parts) if parts else None


def _float(written: str) -> float:
    written = written.replace(" ", "").replace(",", "").lstrip("+")
    if written.startswith("10^"):
        return 10.0 ** float(written[3:])
    mantissa, *power = re.split(r"[×·x*]", written, maxsplit=1)
    return float(mantissa) * (_float(power[0]) if power else 1.0)
