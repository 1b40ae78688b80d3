"""Values of cosmological parameters in flat notation (:mod:`core.literature.text.flat_math`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.literature.measurements.numbers import (
    NUMBER,
    Number,
    RawMeasurement,
    Relation,
    read_number,
)
from core.literature.measurements.quantities import Quantity, symbols

__all__ = ["SPEED", "bound_before", "parameters", "read_value", "reading_of", "relation_of"]

_LINK = (
    r"to be|is|are|was|were|as|of|to|at|be|equal to|equals|the|a|value of|values of|found|measured"
    r"|determined|constrained|estimated|inferred|derived|approximately|about|around"
)
_RELATION = re.compile(
    rf" ?[)\]]? ?(?:(?P<words>(?: ?\b(?:{_LINK})\b){{0,5}}"
    r"(?: ?\b(?P<less>less than|smaller than|below|lower than)\b"
    r"| ?\b(?P<more>greater than|larger than|above|more than)\b)?) ?)(?P<sign>[=≡~<>:]{1,2})? ?"
)
_DEFINITION = re.compile(
    r" ?(?:≡|:=|=) ?(?=(?:σ|sigma)_?8)"
)
_SIGMA8 = re.compile(r" ?(?:σ|sigma)_?8(?![\w'])")
_SCALING = re.compile(
    r" ?(?:√ ?[(\[]? ?Ω_[\w,]{1,3} ?/ ?(?P<root>[\d.]{1,5}?)[)\]]?(?![\w.])"
    r"|[(\[] ?Ω_[\w,]{1,3} ?/ ?(?P<pivot>[\d.]{1,5}) ?[)\]]\^\(?(?P<power>[\d./]{1,5})\)?)"
)
_PER = r"(?:[ ,·*.-]{0,2}(?:/|per) ?[(]?|[ ·*.,]{0,2})"
_INVERSE = r"(?:\^?-1|\^\(-1\))?"
_KILOMETRE, _SECOND = r"(?:km|kilomet(?:re|er)s?)", r"(?:sec(?:ond)?|s)"
_MEGAPARSEC = r"(?:[Mm]pc|[Mm]ega-?[Pp]arsecs?)"
SPEED = re.compile(
    rf" ?(?:\\frac "
    rf"?)?[(\[]?(?:{_KILOMETRE}{_PER}{_SECOND}{_INVERSE}[)]?{_PER}{_MEGAPARSEC}{_INVERSE}"
    rf"|{_KILOMETRE}{_PER}{_MEGAPARSEC}{_INVERSE}{_PER}{_SECOND}{_INVERSE}"
    rf"|{_MEGAPARSEC}\^?-1 ?{_KILOMETRE}{_PER}{_SECOND}{_INVERSE})[)\]]?(?!\w)"
)
"""km/s/Mpc in its spellings; flat notation has no dollars, braces, macros or Unicode minus."""

_ENERGY = re.compile(r" ?(?P<milli>m)?eV(?!\w)")
_LENGTH = re.compile(r" ?Mpc(?! ?/? ?h)(?!\w)")
_MAGNITUDE = re.compile(r" ?mag\w*")
_UNITS = {"km/s/Mpc": SPEED, "eV": _ENERGY, "Mpc": _LENGTH, "mag": _MAGNITUDE}
_NEEDS_UNIT = ("eV", "Mpc")
_FOREIGN = re.compile(
    r" ?(?:%|σ|per ?cent|kpc|Mpc|Gpc|pc\b|km\b|m?K\b|[GMkm]?eV|M_⊙|arc|deg|°|'|mag|[GM]yr|h\^-1"
    r"|[GM]?Hz|times\b|\^|×|dex|nG\b|[cm]?m\^|[-–] ?\d)|[A-Za-zΑ-ω_(]"
)
_LEFT_BOUND = re.compile(rf"(?<![\w.^])(?P<number>{NUMBER}) ?(?P<sign>[<>]) ?$")
_FACTOR = re.compile(
    r"(?:\^[-\d./()]{1,6}|(?<![\w'’])[b-hj-zB-HJ-Zα-ωΑ-Ω](?:_\w{1,3})?(?:\([^()]{0,6}\))?)[ ·×]?$"
)
_LIST_GAP = re.compile(r" ?(?:,|;|,? ?and|,? ?or|&) ?")
_VALUE_GAP = re.compile(r"[)\]]? ?(?:,? ?and|,|;) ?(?:to |at |of )?[=]? ?")
_SPANNING = re.compile(
    r" ?[)\]]? ?(?:(?:is|are|lies?|to be|to lie|to|values?|constrained|found) ){0,3}"
    r"(?:∈ ?[(\[]|(?:in|within|ranging|ranges|spanning|spans)? ?(?:the )?"
    r"(?:range|interval|between|from)(?: (?:of|from|between))?) ?[(\[]?"
)
_CHANGES = re.compile(
    r",? ?(?:of [\w -]{2,30} )?(?:rises?|increases?|grows?|climbs?|falls?|decreases?|declines?"
    r"|drops?|evolves?"
    r"|varies|changes?|goes|runs?|ranges?|rising|increasing|growing|falling|decreasing|evolving)"
    r"(?: \w+ly| with redshift)? from "
)
_UNTIL = re.compile(r",?(?: \(?at [^()]{1,16}\)?| \([^()]{1,16}\))? to ")
_OPEN_BAR = re.compile(r"\| ?$")
_BAR = re.compile(r" ?\| ?< ?")
_TO = re.compile(r" ?(?:-|–|to|and|,) ?")
_DASH = re.compile(r" ?(?:-|–) ?(?=\d)")
_HALVES = ("0.5", ".5", "1/2", "0.50")
_HUBBLE_BY_H = 100.0


def parameters(text: str) -> Iterator[RawMeasurement]:
    """The values of cosmological parameters, in order; redshifts are left out."""
    marks = symbols(text)
    index = 0
    while index < len(marks):
        last = index
        while last + 1 < len(marks) and _are_listed(text, marks[last], marks[last + 1]):
            last += 1
        product = index > 0 and not text[marks[index - 1][2] : marks[index][1]].strip(" ·×")
        if index == last and not product:
            yield from _single(text, *marks[index])
        elif index < last:
            yield from _several(text, marks[index : last + 1])
        index = last + 1


def _are_listed(
    text: str, one: tuple[Quantity | None, int, int], other: tuple[Quantity | None, int, int]
) -> bool:
    return _LIST_GAP.fullmatch(text[one[2] : other[1]]) is not None


def _single(text: str, quantity: Quantity | None, start: int, end: int) -> Iterator[RawMeasurement]:
    if quantity is None or quantity.name == "z" or _FACTOR.search(text[max(0, start - 14) : start]):
        return
    quantity, end = _amplitude(text, quantity, end)
    if quantity is None:
        return
    if (change := _CHANGES.match(text, end)) and (ends := _ends(text, quantity, change.end())):
        yield from ends
        return
    if absolute := _absolute(text, quantity, start, end):
        yield absolute
        return
    left = bound_before(text, start)
    relation, cursor, wordy = relation_of(text, end)
    if span := _spanned(text, quantity, start, end, cursor):
        yield span
        return
    if relation is None:
        return
    found = read_value(text, quantity, cursor)
    if found is None or (wordy and not _is_plain(text, quantity, found, relation)):
        return
    number, stop, factor = found
    if left and left[0] == relation:
        yield _range(quantity, factor, left[1], number, left[2], stop)
        return
    yield reading_of(quantity, relation, number, factor, start, stop)


def _ends(text: str, quantity: Quantity, at: int) -> list[RawMeasurement]:
    """Both values of "rises from 1.9 ± 0.1 to 4.6 ± 0.4", which need their errors."""
    one = read_value(text, quantity, at)
    gap = _UNTIL.match(text, one[1]) if one else None
    other = read_value(text, quantity, gap.end()) if gap else None
    both = [found for found in (one, other) if found is not None and found[0].minus is not None]
    return [reading_of(quantity, "=", number, factor, number.start, stop)
            for number, stop, factor in both] if len(both) == 2 else []


def _absolute(text: str, quantity: Quantity, start: int, end: int) -> RawMeasurement | None:
    """The limit on a size, |f_NL| < 0.02, as the range that it allows."""
    bar = _BAR.match(text, end)
    if bar is None or not _OPEN_BAR.search(text[max(0, start - 3) : start]):
        return None
    found = read_value(text, quantity, bar.end())
    if found is None or found[0].minus is not None or found[0].value <= 0:
        return None
    number, stop, factor = found
    begin = text.rindex("|", 0, start)
    return _range(quantity, factor, -number.value, number, begin, stop)


def _spanned(
    text: str, quantity: Quantity, start: int, end: int, cursor: int
) -> RawMeasurement | None:
    """A range of two numbers: "between 68.1 and 71.3", "in the range 68–71", "= 0.7-0.8"."""
    spanning = _SPANNING.match(text, end)
    at = spanning.end() if spanning else cursor
    one = read_number(text, at)
    if one is None or one.minus is not None or (not spanning and cursor == end):
        return None
    gap = (_TO if spanning else _DASH).match(text, one.end)
    found = read_value(text, quantity, gap.end()) if gap else None
    if found is None or found[0].minus is not None:
        return None
    number, stop, factor = found
    inside = quantity.low <= one.value * factor < number.value * factor
    return _range(quantity, factor, one.value, number, start, stop) if inside else None


def _several(text: str, marks: list[tuple[Quantity | None, int, int]]) -> Iterator[RawMeasurement]:
    """Values of a list of symbols, when there is one for each: (w_0, w_a) = (-0.9, -0.4)."""
    if all(quantity is None or quantity.name == "z" for quantity, _, _ in marks):
        return
    relation, cursor, _ = relation_of(text, marks[-1][2])
    if relation is None:
        return
    if text[cursor : cursor + 1] in ("(", "[") and text[marks[0][1] - 1] in "([":
        cursor += 1
    values: list[tuple[Quantity | None, Number, int, float, int]] = []
    for quantity, start, _ in marks:
        found = read_value(text, quantity, cursor)
        if found is None:
            return
        number, stop, factor = found
        values.append((quantity, number, stop, factor, start))
        gap = _VALUE_GAP.match(text, stop)
        cursor = gap.end() if gap else len(text)
    if read_number(text, cursor) is not None:
        return
    for quantity, number, stop, factor, _ in values:
        if quantity is not None and quantity.name != "z":
            yield reading_of(quantity, relation, number, factor, number.start, stop)


def _amplitude(text: str, quantity: Quantity, end: int) -> tuple[Quantity | None, int]:
    """S8 where its definition follows; None where another combination is defined."""
    if quantity.name == "S8" and (defined := _DEFINITION.match(text, end)):
        sigma8 = _SIGMA8.match(text, defined.end())
        end = sigma8.end() if sigma8 else end
    elif quantity.name != "sigma_8":
        return quantity, end
    scaling = _SCALING.match(text, end)
    if scaling is None:
        return quantity, end
    pivot = (scaling["root"] or scaling["pivot"]).rstrip(".")
    half = scaling["root"] is not None or scaling["power"].rstrip(".") in _HALVES
    if pivot not in ("0.3", "0.30") or not half:
        return None, end
    return symbols("S_8")[0][0], scaling.end()


def bound_before(text: str, start: int) -> tuple[Relation, float, int] | None:
    """The bound in front of a symbol, as in 0.2 < z: its relation, its value, where it starts."""
    found = _LEFT_BOUND.search(text[max(0, start - 24) : start])
    number = read_number(found["number"], 0) if found else None
    if found is None or number is None:
        return None
    return ("<" if found["sign"] == "<" else ">"), number.value, max(0, start - 24) + found.start()


def relation_of(text: str, end: int) -> tuple[Relation | None, int, bool]:
    """What stands between a symbol and its value: the relation, its end and whether in words."""
    found = _RELATION.match(text, end)
    if found is None or not (found["words"] or found["sign"]):
        return None, end, False
    sign = found["sign"] or ""
    if found["less"] or "<" in sign:
        relation: Relation = "<"
    elif found["more"] or ">" in sign:
        relation = ">"
    else:
        relation = "~" if "~" in sign else "="
    return relation, found.end(), not sign


def read_value(text: str, quantity: Quantity | None, at: int) -> tuple[Number, int, float] | None:
    """The number at ``at``, where its unit ends and the factor to the quantity's unit.

    None if its unit is another, or the quantity cannot be so large or so small.
    """
    number = read_number(text, at)
    if number is None:
        return None
    if quantity is None:
        return number, number.end, 1.0
    unit = _UNITS[quantity.unit].match(text, number.end) if quantity.unit else None
    factor = 1e-3 if unit and unit.groupdict().get("milli") else 1.0
    if unit is None and (quantity.unit in _NEEDS_UNIT or _FOREIGN.match(text, number.end)):
        return None
    if not quantity.low <= number.value * factor <= quantity.high:
        return None
    return number, unit.end() if unit else number.end, factor


def _is_plain(
    text: str, quantity: Quantity, found: tuple[Number, int, float], relation: Relation
) -> bool:
    """Whether a value that only words connect to its symbol is beyond doubt."""
    number, stop, _ = found
    return quantity.name != "h" and (number.minus is not None or stop > number.end)


def reading_of(
    quantity: Quantity, relation: Relation, number: Number, factor: float, start: int, end: int
) -> RawMeasurement:
    name, unit = quantity.name, quantity.unit
    convention = name == "h" and number.minus is None
    if name == "h":
        name, unit, factor = "H0", "km/s/Mpc", _HUBBLE_BY_H
    value = number.value * factor
    if relation in ("<", ">") and number.minus is None:
        low, high = (None, value) if relation == "<" else (value, None)
        side = value == quantity.trivial
        return RawMeasurement(name, relation, unit, start, end, low=low, high=high, trivial=side)
    minus, plus = (None if e is None else e * factor for e in (number.minus, number.plus))
    exact: Relation = "=" if minus is not None else relation
    standard = quantity.trivial is not None and value == quantity.trivial
    trivial = convention or (minus is None and standard)
    return RawMeasurement(
        name, exact, unit, start, end, value=value, minus=minus, plus=plus, trivial=trivial
    )


def _range(
    quantity: Quantity, factor: float, bound: float, number: Number, start: int, end: int
) -> RawMeasurement:
    scale = _HUBBLE_BY_H if quantity.name == "h" else 1.0
    low, high = sorted((bound * factor * scale, number.value * factor * scale))
    name = "H0" if quantity.name == "h" else quantity.name
    unit = "km/s/Mpc" if quantity.name == "h" else quantity.unit
    return RawMeasurement(name, "range", unit, start, end, low=low, high=high)
