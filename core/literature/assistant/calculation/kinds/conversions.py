"""Units into units: lengths, times, masses, angles, energies, temperatures, light; little h."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import amount_code, amount_said, answer
from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS, Unit, unit_at

__all__ = ["conversion"]

_LIGHT = frozenset(["length", "frequency", "energy"])
_COSMIC = ("pc", "ly", "AU", "R_sun")
_AND = re.compile(r"(?:,|\b(?:and|or)) (?:also )?(?:in|into|to|as)? ?", re.I)
_CUE = (r"convert|express|how many|how much|\bin\b|\binto\b|\bto\b|equals?|=|\bas\b|what is|what's|"
        r"correspond|energy|wavelength|frequency|temperature|->|→")


def conversion(asked: Asked) -> Calculation | None:
    """An amount in another unit, by one of the ways in which the two can be one."""
    if len(asked.amounts) > 1 or asked.redshifts or not asked.says(_CUE):
        return None
    if not asked.amounts and not _two_units(asked):
        return None
    amount = asked.amounts[0] if asked.amounts else Amount(1.0, asked.mentioned[0])
    target = asked.target if asked.target and asked.target != amount.unit else None
    target = target or next((unit for unit in asked.mentioned if unit != amount.unit), None) or (
        _by_name(asked, amount))
    if target is None:
        return None
    if {amount.kind, target.kind} == {"speed", "rate"}:
        return None
    way = _way(amount, target)
    if way is None:
        return None
    return _converted(asked, amount, target, way)


def _two_units(asked: Asked) -> bool:
    """Whether a question is "parsec in light years": one of them is meant."""
    return len(asked.mentioned) == 2 and not asked.numbers and asked.says(
        r"^(?:convert )?[\w/.^⊙-]{2,20} (?:in|to|into) (?!the )[\w/.^⊙ -]{2,20}\??$")


def _by_name(asked: Asked, amount: Amount) -> Unit | None:
    """ "the energy of 10 GHz", "what temperature is 1 keV": the unit that people would use."""
    if amount.kind not in _LIGHT | {"temperature"} or asked.of("mass"):
        return None
    if amount.kind == "length" and amount.unit.shown.split("/")[0].endswith(_COSMIC):
        return None
    for word, unit in (("wavelength", UNITS["Å"] if _is_big_energy(amount) else UNITS["m"]),
                       ("frequenc", UNITS["GHz"]), ("energy", UNITS["eV"]),
                       ("temperature", UNITS["K"])):
        if asked.says(word) and unit.kind != amount.kind and _way(amount, unit):
            return unit
    return None


def _is_big_energy(amount: Amount) -> bool:
    return amount.kind == "energy" and amount.unit.shown in ("eV", "keV")


def _way(amount: Amount, target: Unit) -> tuple[str, str] | None:
    """(astropy's equivalency, what it is in words)."""
    kinds = {amount.kind, target.kind}
    if len(kinds) == 1:
        return "", ""
    if kinds <= _LIGHT:
        if any(unit.kind == "length" and unit.shown.split("/")[0].endswith(_COSMIC)
               for unit in (amount.unit, target)):
            return None
        return "u.spectral()", "for light in vacuum"
    if kinds == {"length", "wavenumber"} and "1/cm" in (amount.unit.shown, target.shown):
        return "u.spectral()", "for light in vacuum, as 1/wavelength"
    if kinds == {"temperature", "energy"}:
        return "u.temperature_energy()", "by E = k_B T"
    if kinds == {"temperature", "frequency"}:
        return "both", "by h nu = k_B T"
    if kinds == {"mass", "energy"}:
        return "u.mass_energy()", "by E = m c^2"
    return None


def _further(asked: Asked, target: Unit) -> list[Unit]:
    """Units asked for besides the target: "to light years and to m"."""
    units = (unit_at(asked.text, found.end()) for found in _AND.finditer(asked.text))
    return [unit[0] for unit in units if unit and unit[0] != target
            and "littleh" not in unit[0].code][:3]


def _converted(asked: Asked, amount: Amount, target: Unit, way: tuple[str, str]) -> Calculation:
    used_h = "littleh" in amount.unit.code + target.code
    how = f", {way[1]}" if way[1] else ""
    if way[0] == "both":
        first = "u.temperature_energy()" if amount.kind == "temperature" else "u.spectral()"
        last = "u.spectral()" if amount.kind == "temperature" else "u.temperature_energy()"
        body = [f"energy = ({amount_code(amount)}).to(u.eV, {first})",
                f"x = energy.to({target.code}, {last})"]
    elif way[0]:
        body = [f"x = ({amount_code(amount)}).to({target.code}, {way[0]})"]
    else:
        body = [f"x = {amount_code(amount)}"]
    if amount.kind == "temperature" or target.kind == "temperature" or amount.value > 0 or (
            amount.kind in ("angle", "speed")):
        further = [unit for unit in _further(asked, target) if unit.kind == target.kind]
        also = {f"as{i}": f"x.to_value({unit.code})" for i, unit in enumerate(further)}
        more = "".join(f", or {{as{i}}} {unit.shown}" for i, unit in enumerate(further))
        text = f"{amount_said(amount)} is {{value}}{more}{how}"
        text += ", with h of {cosmology}." if used_h else "."
        return answer(asked, "conversion", body, "x", target, text, also=also, cosmology=used_h)
    raise ValueError(f"The amount to convert must be above zero, not {amount_said(amount)}.")
