"""A number as it is written for people: H₀ = 73 ± 1 km/s/Mpc, M = 3×10¹² M☉/h.

Example:
    >>> from core.literature.measurements.extract import measurements
    >>> (found,) = measurements(r"The haloes have $3 \\times 10^{12}\\,M_\\odot$.")
    >>> written(found)
    'mass = 3×10¹² M☉'
"""

from __future__ import annotations

import math

from core.literature.measurements.extract import Measurement
from core.literature.measurements.quantity_names import name_of

__all__ = ["note_on", "written"]

_UNITS = {"Msun": " M☉", "Msun/h": " M☉/h", "sigma": "σ"}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LEAST, _MOST = 1e-4, 1e5


def written(measurement: Measurement, probe: bool = False) -> str:
    """A number in one short line.

    Args:
        measurement: of a paper.
        probe: say what it comes from, too, where that is known: "H₀ = 70 ± 2 km/s/Mpc (TRGB)".
    """
    m = measurement
    unit = _UNITS.get(m.unit, f" {m.unit}" if m.unit else "")
    line = _line(m, unit)
    return f"{line} ({m.probe})" if probe and m.probe else line


def note_on(measurement: Measurement) -> str:
    """Why a number is no result on the sky: "quoted", "from mocks", "assumed"; "" if it is one."""
    if measurement.quoted:
        return "quoted"
    if measurement.simulated:
        return "from mocks"
    return "assumed" if measurement.assumed else ""


def _line(m: Measurement, unit: str) -> str:
    name = name_of(m.quantity)
    if m.relation == "range" and m.low is not None and m.high is not None:
        if m.low == -m.high:
            return f"|{name}| < {_one(m.high)}{unit}"
        low, high = _together(m.low, m.high)
        return f"{name} = {low} to {high}{unit}"
    number = m.number
    if number is None:
        return f"{name}: {m.text}"
    if m.minus is None or m.plus is None:
        return f"{name} {m.sign} {_one(number)}{unit}"
    return f"{name} {m.sign} {_with_errors(number, m.minus, m.plus)}{unit}"


def _with_errors(value: float, minus: float, plus: float) -> str:
    power = _power(max(abs(value), minus, plus))
    if power:
        value, minus, plus = (x / 10.0**power for x in (value, minus, plus))
    shown, low, high = _alike(value, minus, plus)
    errors = f"± {high}" if low == high else f"+{high} −{low}"
    return f"({shown} {errors})×10{_raised(power)}" if power else f"{shown} {errors}"


def _together(*values: float) -> list[str]:
    """Both ends of a range, with the power of ten behind each."""
    return [_one(value) for value in values]


def _one(value: float) -> str:
    power = _power(abs(value))
    if not power:
        return f"{value:.10g}".replace("-", "−")
    mantissa = f"{value / 10.0**power:.3g}".replace("-", "−")
    return f"10{_raised(power)}" if mantissa == "1" else f"{mantissa}×10{_raised(power)}"


def _power(size: float) -> int:
    """The power of ten to take out; 0 for a number that is read at a glance."""
    if not size or not math.isfinite(size) or _LEAST <= size < _MOST:
        return 0
    return math.floor(math.log10(size) + 1e-9)


def _raised(power: int) -> str:
    return str(power).translate(_RAISED)


def _alike(*values: float) -> list[str]:
    """Numbers with the same decimals, as many as needed; errors that were computed are rounded."""
    short = [f"{value:.10g}" for value in values]
    short = [s if len(s) <= 8 else f"{value:.2g}" for s, value in zip(short, values, strict=True)]
    decimals = max(len(s.partition(".")[2]) for s in short if "e" not in s) if short else 0
    return [f"{value:.{decimals}f}".replace("-", "−") for value in values]
