r"""The numbers of an abstract: cosmological parameters, redshifts, masses and significances.

Only what is written is read, by patterns: nothing is guessed, and what is not understood is left
out. Values that a paper assumes, simulates, predicts or forecasts are marked.

Example:
    >>> found = measurements(r"We measure $H_0 = 73.2 \pm 1.3$ km s$^{-1}$ Mpc$^{-1}$.")
    >>> in_words(found[0])
    'H0 = 73.2 ± 1.3 km/s/Mpc'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from core.literature.measurements.context import Claims
from core.literature.measurements.continued import by_unit, following, with_stated_precision
from core.literature.measurements.masses import solar_masses
from core.literature.measurements.numbers import RawMeasurement, Relation
from core.literature.measurements.parameters import parameters
from core.literature.measurements.probes import ADDED, probe_of, respectively
from core.literature.measurements.redshifts import redshifts
from core.literature.measurements.significances import significances
from core.literature.measurements.simulated import from_mocks
from core.literature.measurements.sources import Sources
from core.literature.measurements.stated import StatedDistance, stated_distance
from core.literature.text.flat_math import Flat, flatten

__all__ = ["Measurement", "Relation", "StatedDistance", "in_words", "measurements", "repeated"]

_LONGEST = 20_000
_NO_PARAMETERS = ("z", "mass", "significance")
_JOINED = re.compile(r",?(?: and| or)? ?")
_OPENED = re.compile(r"(?:(?:\\[A-Za-z]{1,12} ?){0,2}\{[^{}]{0,12})?$")


@dataclass(frozen=True)
class Measurement:
    """A number that an abstract states.

    Attributes:
        quantity: "H0", "S8", "sigma_8", "Omega_m", "w", "w0", "wa", "z", "mass", "significance"
            and others of :mod:`core.literature.measurements.quantities`; "h" is given as "H0".
        value: None for a limit or a range.
        low, high: of a limit or a range.
        minus, plus: errors of one standard deviation, positive; those stated at another confidence
            are scaled as for a normal distribution; None where none is stated.
        relation: "=", "~", "<", ">" or "range".
        confidence: as stated, from 0 to 1.
        unit: "km/s/Mpc", "eV", "Mpc", "Msun", "Msun/h", "sigma", "mag" or empty.
        start, end: of the span in the abstract.
        text: that span, ``abstract[start:end]``.
        assumed: it is assumed, fixed, simulated, predicted, forecast or quoted, not measured here.
        quoted: it is another work's, to compare with or to begin from.
        probe: the data or the model that it comes from, in the words of the abstract; "" if that is
            not said.
        stated: how far the paper itself says that it is from another result; None if it does not.
        simulated: it was found in mock or simulated data, by a paper that uses no others.
    """

    quantity: str
    value: float | None
    low: float | None
    high: float | None
    minus: float | None
    plus: float | None
    relation: Relation
    confidence: float | None
    unit: str
    start: int
    end: int
    text: str
    assumed: bool = False
    quoted: bool = False
    probe: str = ""
    stated: StatedDistance | None = None
    simulated: bool = False

    @property
    def number(self) -> float | None:
        """The value, or the bound of a limit; None of a range."""
        if self.relation in "<>":
            return self.high if self.relation == "<" else self.low
        return self.value

    @property
    def sign(self) -> str:
        """The relation as it is written between the quantity and the number."""
        return "≈" if self.relation == "~" else self.relation


def measurements(abstract: str) -> list[Measurement]:
    """The numbers that an abstract states, in the order of the text.

    Takes time linear in the text and never raises; beyond 20,000 characters nothing is read.
    """
    abstract = abstract[:_LONGEST]
    flat = flatten(abstract)
    claims = Claims(flat.text)
    found = [r for r in _without_overlaps(_read(flat.text)) if not _is_refused(r, claims)]
    found = [with_stated_precision(flat.text, r, claims.sentence(r.start)[0]) for r in found]
    levels, quoted = _levels(found, claims), _quoted(found, claims)
    surroundings = _surroundings(found, quoted, claims)
    mocks = bool(found) and from_mocks(flat.text)
    return [
        _measurement(reading, level, around, abstract, flat, claims, mocks)
        for reading, level, around in zip(found, levels, surroundings, strict=True)
    ]


def _read(text: str) -> list[RawMeasurement]:
    """Everything that is read, in order; what names its quantity stands before what does not."""
    named = list(parameters(text))
    rest = [*redshifts(text), *solar_masses(text), *significances(text)]
    unnamed = [*following(text, named), *by_unit(text)]
    taken = sorted((r.start, r.end) for r in (*named, *rest))
    unnamed = [r for r in unnamed if not any(a < r.end and r.start < b for a, b in taken)]
    return sorted([*named, *rest, *unnamed], key=lambda r: (r.start, r.end))


def _without_overlaps(found: list[RawMeasurement]) -> Iterator[RawMeasurement]:
    end = -1
    for reading in found:
        if reading.start >= end:
            yield reading
            end = reading.end


def _levels(found: list[RawMeasurement], claims: Claims) -> list[float | None]:
    """The confidence of each; sample properties and exact values have none."""
    stated = claims.confidences([(r.start, r.end, r.minus is not None) for r in found])
    return [
        None if _is_sample(r) or (r.value is not None and r.minus is None) else level
        for r, level in zip(found, stated, strict=True)
    ]


@dataclass(frozen=True)
class Surroundings:
    """What the sentence around a value says of it; the fields are those of a measurement."""

    quoted: bool
    probe: str = ""
    stated: StatedDistance | None = None


def _surroundings(
    found: list[RawMeasurement], quoted: list[bool], claims: Claims
) -> list[Surroundings]:
    """Whose each value is, from which data, and how far the paper says it is from others."""
    around: list[Surroundings] = []
    values = [i for i, r in enumerate(found) if r.quantity not in _NO_PARAMETERS]
    probes = _probes([found[i] for i in values], claims)
    stated = _stated([found[i] for i in values], claims)
    by_place = {i: (probes[n], stated[n]) for n, i in enumerate(values)}
    for i, other in enumerate(quoted):
        probe, distance = by_place.get(i, ("", None))
        around.append(Surroundings(other, probe, None if other else distance))
    return around


def _bounds(values: list[RawMeasurement], i: int, claims: Claims) -> tuple[int, int]:
    """Between the values beside this one, inside its sentence."""
    begin, stop = claims.sentence(values[i].start)
    if i and values[i - 1].end > begin:
        begin = values[i - 1].end
    if i + 1 < len(values):
        stop = min(stop, values[i + 1].start)
    return begin, max(stop, values[i].end)


def _probes(values: list[RawMeasurement], claims: Claims) -> list[str]:
    found: list[str] = []
    for i, value in enumerate(values):
        label = probe_of(claims.text, value.start, value.end, *_bounds(values, i, claims))
        found.append(_with_earlier(label, values[: i + 1], found))
    for i, value in enumerate(values):
        row = [j for j in range(i + 1) if values[j].quantity == value.quantity
               and claims.sentence(values[j].start) == claims.sentence(value.start)]
        stop = claims.sentence(value.start)[1]
        labels = respectively(claims.text, [values[j].end for j in row], stop)
        for j, label in zip(row, labels, strict=False):
            found[j] = label
    return found


def _with_earlier(label: str, values: list[RawMeasurement], labels: list[str]) -> str:
    """The label of the last value; what is added to something is named with what it is added to."""
    if not label.startswith(ADDED):
        return label
    earlier = (name for value, name in zip(reversed(values[:-1]), reversed(labels), strict=True)
               if value.quantity == values[-1].quantity)
    first = next(earlier, "")
    added = label.removeprefix(ADDED)
    return f"{first} + {added}" if first else f"with {added}"


def _stated(values: list[RawMeasurement], claims: Claims) -> list[StatedDistance | None]:
    found = []
    for i, value in enumerate(values):
        end = claims.sentence(value.start)[1]
        last = i + 1 == len(values) or values[i + 1].start >= end
        following = claims.sentence(end)[1] if last and end < len(claims.text) else 0
        if i + 1 < len(values) and following:
            following = min(following, values[i + 1].start)
        _, stop = _bounds(values, i, claims)
        found.append(stated_distance(claims.text, value.end, stop, following))
    return found


def _quoted(found: list[RawMeasurement], claims: Claims) -> list[bool]:
    """Which of them are another work's; a redshift, a mass or a significance is no one's."""
    sources = Sources(claims.text, claims)
    given: set[str] = set()
    quoted = []
    for reading in found:
        other = reading.quantity not in _NO_PARAMETERS and sources.is_quoted(
            reading.start, reading.end, reading.quantity in given
        )
        quoted.append(other)
        if not other:
            given.add(reading.quantity)
    for i in range(len(found) - 2, -1, -1):
        joined = _JOINED.fullmatch(claims.text[found[i].end : found[i + 1].start])
        if quoted[i + 1] and joined and found[i].quantity == found[i + 1].quantity:
            quoted[i] = True
    return quoted


def _is_sample(reading: RawMeasurement) -> bool:
    return reading.quantity in _NO_PARAMETERS and reading.minus is None


def _is_refused(reading: RawMeasurement, claims: Claims) -> bool:
    if _is_sample(reading) or reading.minus is not None:
        return False
    return claims.is_excluded(reading.start, reading.end)


def _measurement(
    reading: RawMeasurement, level: float | None, around: Surroundings, abstract: str, flat: Flat,
    claims: Claims, mocks: bool,
) -> Measurement:  # fmt: skip
    start, end = _whole(abstract, *flat.span(reading.start, reading.end))
    scale = _one_sigma(level) if reading.minus is not None else 1.0
    assumed = around.quoted or (
        claims.is_supposed(reading.start) if reading.quantity == "z"
        else _is_assumed(reading, claims)
    )
    simulated = mocks and not around.quoted and not _is_selection(reading)
    minus, plus = (None if e is None else e * scale for e in (reading.minus, reading.plus))
    return Measurement(
        reading.quantity, reading.value, reading.low, reading.high, minus, plus,
        reading.relation, level, reading.unit, start, end, abstract[start:end], assumed,
        around.quoted, around.probe, around.stated, simulated,
    )  # fmt: skip


def _is_selection(reading: RawMeasurement) -> bool:
    """Whether it says only where was looked: a redshift, or a range of them, without an error."""
    return reading.quantity == "z" and reading.minus is None


def _is_assumed(reading: RawMeasurement, claims: Claims) -> bool:
    span = reading.start, reading.end
    selects = not _is_sample(reading) and claims.is_condition(*span)
    return (reading.trivial or selects or claims.is_assumed(*span)
            or (_is_sample(reading) and claims.is_supposed(reading.start)))


def _one_sigma(level: float | None) -> float:
    """What to multiply errors of this confidence with; those near 68% are taken as they are."""
    if level is None or level < 0.85 or level >= 1:
        return 1.0
    return 1 / NormalDist().inv_cdf((1 + level) / 2)


def _whole(abstract: str, start: int, end: int) -> tuple[int, int]:
    """The span with the braces and dollars that belong to it."""
    span = abstract[start:end]
    if span.count("}") > span.count("{"):
        opened = _OPENED.search(abstract[max(0, start - 40) : start])
        start -= len(opened[0]) if opened else 0
        span = abstract[start:end]
    for _ in range(span.count("{") - span.count("}")):
        if abstract[end : end + 1] != "}":
            break
        end += 1
    if abstract[start:end].count("$") % 2:
        if abstract[end : end + 1] == "$":
            end += 1
        elif start and abstract[start - 1] == "$":
            start -= 1
    elif abstract[end : end + 1] == "$" and start and abstract[start - 1] == "$":
        start, end = start - 1, end + 1
    return start, end


def repeated(found: Sequence[Measurement]) -> frozenset[str]:
    """Quantities of which a paper has several values of its own, so that each needs its probe."""
    counts = Counter(m.quantity for m in found if not m.assumed)
    return frozenset(name for name, n in counts.items() if n > 1 and name not in _NO_PARAMETERS)


def in_words(measurement: Measurement, probe: bool = False) -> str:
    """The measurement as a short line of plain text, such as "S8 = 0.776 +0.032 −0.033".

    Args:
        measurement: one of :func:`measurements`.
        probe: put what it comes from behind it, where that is known: "H0 = 70 ± 2 km/s/Mpc (TRGB)".
    """
    m = measurement
    return f"{_bare(m)} ({m.probe})" if probe and m.probe else _bare(m)


def _bare(m: Measurement) -> str:
    unit = "σ" if m.unit == "sigma" else f" {m.unit}" if m.unit else ""
    if m.relation == "range" and m.low is not None and m.high is not None:
        return f"{m.quantity} = {_number(m.low)} to {_number(m.high)}{unit}"
    number = m.number
    if number is None:
        return f"{m.quantity}: {m.text}"
    if m.minus is None or m.plus is None:
        return f"{m.quantity} {m.sign} {_number(number)}{unit}"
    value, minus, plus = _alike(number, m.minus, m.plus)
    errors = f"± {plus}" if minus == plus else f"+{plus} −{minus}"
    return f"{m.quantity} {m.sign} {value} {errors}{unit}"


def _number(value: float) -> str:
    written = f"{value:.3g}" if value and not 1e-4 <= abs(value) < 1e6 else f"{value:.10g}"
    return written.replace("-", "−")


def _alike(*values: float) -> list[str]:
    """Numbers with the same decimals, as many as needed; errors that were computed are rounded."""
    if not 1e-4 <= max(map(abs, values)) < 1e6:
        return [_number(value) for value in values]
    short = [f"{value:.10g}" for value in values]
    short = [s if len(s) <= 8 else f"{value:.2g}" for s, value in zip(short, values, strict=True)]
    decimals = max(len(s.partition(".")[2]) for s in short)
    return [f"{value:.{decimals}f}".replace("-", "−") for value in values]
