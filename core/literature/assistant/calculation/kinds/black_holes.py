"""Schwarzschild radius and Eddington luminosity of a mass, and the mass of a luminosity."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    positive,
)
from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["eddington", "schwarzschild_radius"]


_KNOWN = (
    (re.compile(r"\bsgr\.? ?a|\bsagittarius a|milky way's (?:central )?black hole|"
                r"(?:our|milky way) (?:own )?(?:galaxy's )?(?:central )?black hole", re.I),
     Amount(4.30e6, UNITS["Msun"])),  # GRAVITY Collaboration 2022, arXiv:2112.07478
    (re.compile(r"\bM ?87\b", re.I), Amount(6.5e9, UNITS["Msun"])),  # EHT 2019, arXiv:1906.11238
    (re.compile(r"\bof (?:the )?earth\b", re.I), Amount(1.0, UNITS["M_earth"])),
)


def _mass(asked: Asked) -> Amount | None:
    masses = asked.of("mass")
    if masses:
        return masses[0]
    if asked.says(r"(?:of|for) (?:the |our )?sun\b"):
        return Amount(1.0, UNITS["Msun"])
    for pattern, mass in _KNOWN:
        if pattern.search(asked.whole):
            return mass
    return Amount(asked.numbers[0], UNITS["Msun"]) if len(asked.numbers) == 1 and (
        asked.numbers[0] >= 1e3 or asked.numbers[0] < 0) else None


def schwarzschild_radius(asked: Asked) -> Calculation | None:
    """2 G M / c^2."""
    if not asked.says(r"schwarz(?:s)?child|event horizon|gravitational radius|2 ?\*? ?GM ?/ ?c\^?2|"
                      r"(?:size|radius|big|large) (?:of|is) .{0,60}black hole|"
                      r"black hole(?:'s)? (?:radius|"
                      r"size|diameter)|radius of .{0,60}black hole"):
        return None
    mass = _mass(asked)
    if mass is None or asked.says(r"\bshadow|photon ring"):
        return None
    unit = asked.wanted("length") or (UNITS["AU"] if positive(mass, "A mass").value > 1e7 and
                                      mass.unit.shown == "M_sun" else UNITS["km"])
    second = UNITS["km"] if unit.shown == "AU" else UNITS["AU"]
    factor = "G" if asked.says("gravitational radius") else "2 * G"
    name = "gravitational radius GM/c^2" if factor == "G" else "Schwarzschild radius 2GM/c^2"
    return answer(asked, name.rsplit(" ", 1)[0], [f"m = {amount_code(mass)}", f"r = {factor} * m "
                                                                              f"/ c**2"],
                  "r", unit, f"The {name} of {amount_said(mass)} is {{value}} ({{second}} "
                  f"{second.shown}). It is that of a black hole without spin.",
                  also={"second": f"r.to_value({second.code})"},
                  cosmology="littleh" in mass.unit.code)


def eddington(asked: Asked) -> Calculation | None:
    """4 pi G M m_p c / sigma_T for ionised hydrogen, and the mass for a luminosity."""
    if not asked.says("eddington|l_?edd"):
        return None
    luminosities, mass = asked.of("luminosity"), _mass(asked)
    if asked.says(r"ratio|rate\b|fraction"):
        return None
    if mass is not None:
        unit = asked.wanted("luminosity") or UNITS["erg/s"]
        second = UNITS["L_sun"] if unit.shown != "L_sun" else UNITS["erg/s"]
        positive(mass, "A mass")
        return answer(asked, "Eddington luminosity",
                      [f"m = {amount_code(mass)}", "l = 4 * np.pi * G * m * m_p * c / "
                                                   "sigma_T"], "l",
                      unit, f"The Eddington luminosity of {amount_said(mass)} is {{value}} "
                      f"({{second}} {second.shown}). It is 4 pi G M m_p c/sigma_T, for ionised "
                      "hydrogen.", also={"second": f"l.to_value({second.code})"},
                      cosmology="littleh" in mass.unit.code)
    if not luminosities or not asked.says("mass"):
        return None
    given = positive(luminosities[0], "A luminosity")
    return answer(asked, "Eddington mass",
                  [f"l = {amount_code(given)}", "m = l * sigma_T / (4 * np.pi * G * m_p * c)"], "m",
                  asked.wanted("mass") or UNITS["Msun"],
                  f"A luminosity of {amount_said(given)} is the Eddington luminosity of {{value}}, "
                  "by L = 4 pi G M m_p c/sigma_T for ionised hydrogen.", cosmology=False)
