"""Arithmetic with quantities: "70 km/s/Mpc * 100 Mpc in km/s", "log10 of 5e14", "c in Mpc/Gyr"."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import answer
from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.expression import Expression, expression
from core.literature.assistant.calculation.units import UNITS, Unit, unit_at
from core.literature.assistant.calculation.written_numbers import NUMBER, python_number

__all__ = ["arithmetic", "bare", "with_amount"]

_LONGEST = 160
_AMOUNT = re.compile(rf"(?<![\w.^]){NUMBER.removeprefix('[-+]?')} ?")
_LEADS = re.compile(
    r"^(?:(?:what(?:'s| is| are| would be)|whats|compute|calculate|work out|evaluate|find|"
    r"how much (?:is|are)|the value of|value of|result of|express|convert|multiply out|the)\b"
    r"[ :]{0,3}){0,4}", re.I)
_INTO = re.compile(r"(?:,? (?:in|into|to|as|expressed in|in units of)|,? ?=|,? ?->) (?:units of )?"
                   r"(?P<unit>[^ ].{0,30}?)[ ?.!=]{0,4}$", re.I)
_REWORDED = (
    (re.compile(r"^(?:add|(?:the )?sum of) (?P<a>.{1,60}?) (?:and|to|plus) (?P<b>.{1,60})$", re.I),
     "({a}) + ({b})"),
    (re.compile(r"^subtract (?P<b>.{1,60}?) from (?P<a>.{1,60})$", re.I), "({a}) - ({b})"),
    (re.compile(r"^(?:multiply|(?:the )?product of) (?P<a>.{1,60}?) (?:and|by|with|times) "
                r"(?P<b>.{1,60})$", re.I), "({a}) * ({b})"),
    (re.compile(r"^(?:divide|(?:the )?ratio of) (?P<a>.{1,60}?) (?:and|by|to|over) "
                r"(?P<b>.{1,60})$", re.I), "({a}) / ({b})"),
)
_HANDY = ("km/s", "Mpc", "Gyr", "Msun", "km/s/Mpc", "arcsec", "Mpc^3", "g/cm^3", "eV", "K", "erg/s",
          "GHz", "1/Mpc", "erg/s/cm^2", "Jy", "deg^2")
_FURTHER = (Unit("u.Mpc**2", "Mpc^2", "area"), Unit("u.m / u.s**2", "m/s^2", "acceleration"),
            Unit("u.N", "N", "force"), Unit("u.km**2 / u.s**2", "km^2/s^2", "speed squared"),
            Unit("u.m**3 / u.kg / u.s**2", "m^3/kg/s^2", "G"), Unit("u.J * u.s", "J s", "action"),
            Unit("u.J / u.K", "J/K", "entropy"), Unit("u.cm**2", "cm^2", "area"))
_SMALL = {"Mpc": ("pc", "AU", "km", "m"), "Gyr": ("Myr", "yr", "s"), "Msun": ("kg",),
          "eV": ("GeV", "J")}
"""Smaller (or other) units of the same kind, for values that would be 10^-5 of the first."""


_NO_LOGARITHM = ("A logarithm needs a positive number without a unit; please name the unit to "
                 "divide by.")
_WAYS = {"energy": ("u.mass_energy()", "u.temperature_energy()"), "mass": ("u.mass_energy()",),
         "temperature": ("u.temperature_energy()",)}
"""astropy's equivalencies for a unit of another dimension: E = m c^2 and E = k_B T."""


def bare(text: str) -> str:
    """An expression without "what is" before it and "in km/s" behind it."""
    return _target(_LEADS.sub("", text.strip()).strip(" ?!.="))[0]


def with_amount(text: str, amount: Amount) -> str:
    """An expression with another amount in the place of its last one of that kind; "" if none."""
    for found in reversed(list(_AMOUNT.finditer(text))):
        unit = unit_at(text, found.end())
        if unit and unit[0].kind == amount.kind:
            new = f"{python_number(amount.value)} {amount.unit.shown}"
            return f"{text[: found.start()]}{new}{text[unit[1] :]}"
    return ""


def arithmetic(asked: Asked) -> Calculation | None:
    """An expression of quantities and constants; None for any text that is not all of it one."""
    text = _LEADS.sub("", asked.text.strip())
    if not 1 < len(text) <= _LONGEST or asked.redshifts or asked.line:
        return None
    text, target = _target(text.strip(" ?!.="))
    for pattern, form in _REWORDED:
        if found := pattern.match(text):
            text = form.format(**found.groupdict())
            break
    read = expression(text)
    if read is None or not _is_of_the_field(read, target):
        return None
    if read.function:
        return _logarithm(asked, read, target)
    return _result(asked, read, target)


def _target(text: str) -> tuple[str, Unit | None]:
    """The text without "in km/s" at its end, and that unit."""
    found = _INTO.search(text)
    unit = unit_at(text, found.start("unit")) if found else None
    if found and unit and not text[unit[1] :].strip(" ?!.="):
        return text[: found.start()], unit[0]
    return text, None


def _is_of_the_field(read: Expression, target: Unit | None) -> bool:
    """Whether there is something to compute, and it is no sum of bare numbers."""
    if read.function:
        return True
    if read.operators == 0:
        return read.constants == 1 and target is not None
    if not read.units and not read.constants:
        return False
    return len(read.units) + read.constants > 1 or target is not None or "**" in read.code or (
        any(sign in read.code for sign in (") *", ") /", "/ (", "* (")))


def _logarithm(asked: Asked, read: Expression, target: Unit | None) -> Calculation:
    unit = target or (read.units[0] if len(read.units) == 1 else None)
    body = [f"x = {read.code}"]
    inside = f"(x).to_value({unit.code})" if unit else (
        "u.Quantity(x).to_value(u.one)" if read.units or read.constants else "x")
    name = "log10" if read.function == "log10" else "ln"
    per = f" / {unit.shown}" if unit else ""
    return answer(asked, "logarithm", body, f"float(np.{read.function}({inside}))", None,
                  f"{name}({read.shown.strip('()')}{per}) = {{value}}.",
                  cosmology="cosmo" in read.code, impossible=_NO_LOGARITHM)


def _result(asked: Asked, read: Expression, target: Unit | None) -> Calculation:
    used = "cosmo" in read.code or bool(target and "littleh" in target.code)
    where = " with H0 of {cosmology}" if "cosmo" in read.code else ""
    kinds = {unit.kind for unit in read.units}
    law = (" By Hubble's law v = H0 d that is a velocity of recession."
           if kinds == {"rate", "length"} and read.operators == 1 else "")
    if target is not None:
        return _in(asked, read, target, f"{where}.{law}", used)
    for unit in (*read.units, *(UNITS[name] for name in _HANDY), *_FURTHER):
        found = _tried(asked, read, unit, f"{where}.{law}", used)
        if found is not None:
            return found
    return answer(asked, "arithmetic", [f"x = {read.code}"], "u.Quantity(x).to_value(u.one)", None,
                  f"{read.shown} = {{value}}{where}.", cosmology=used,
                  impossible=f"{read.shown} has no unit that people use, or its parts have "
                             "different dimensions; please check it.")


def _in(asked: Asked, read: Expression, target: Unit, end: str, used: bool) -> Calculation:
    """The result in the unit asked for.

    Raises:
        ValueError: if it has another dimension.
    """
    impossible = (f"{read.shown} cannot be given in {target.shown}: it has another dimension, or "
                  "its parts cannot be added.")
    for way in _WAYS.get(target.kind, ()):
        try:
            return answer(asked, "arithmetic", [f"x = ({read.code}).to({target.code}, {way})"], "x",
                          target, f"{read.shown} = {{value}}{end}", cosmology=used)
        except ValueError:
            continue
    return answer(asked, "arithmetic", [f"x = {read.code}"], "x", target,
                  f"{read.shown} = {{value}}{end}", cosmology=used, impossible=impossible)


def _tried(asked: Asked, read: Expression, unit: Unit, end: str,
           used: bool) -> Calculation | None:
    """The result in a unit, or in a handier one of its kind; None for another dimension."""
    found = None
    own = next((given for given in read.units if given.kind == unit.kind), None)
    smaller = [own] if own and "h/" not in own.shown else [
        unit, *(UNITS[name] for name in _SMALL.get(unit.shown, ()))]
    for one in smaller:
        try:
            found = answer(asked, "arithmetic", [f"x = {read.code}"], "x", one,
                           f"{read.shown} = {{value}}{end}", cosmology=used)
        except ValueError:
            return found
        if abs(found.value) >= 1e-3 and "e" not in f"{found.value:.0f}":
            return found
    return found
