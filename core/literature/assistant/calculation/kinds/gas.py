"""Gas and gravity: Jeans mass and length, free-fall time, escape velocity (Binney & Tremaine 2008,
Galactic Dynamics, ch. 5; Draine 2011, Physics of the Interstellar Medium, ch. 41)."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    number,
    positive,
)
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS
from core.literature.assistant.calculation.written_numbers import NUMBER

__all__ = ["escape_velocity", "free_fall_time", "jeans"]

_MU = re.compile(r"(?:\bmu|μ) ?(?:=|of|~) ?(\d(?:\.\d{1,3})?)")
_PER_VOLUME = re.compile(
    rf"(?<![\w.^])(?P<value>{NUMBER}) ?(?:(?:hydrogen |H ?|gas )?(?:atoms?|particles|molecules|"
    r"protons?|nuclei|of)? ?)?(?:/ ?|per )(?P<cubic>cubic )?(?P<unit>cm|centimet(?:er|re)|cc|m|"
    r"met(?:er|re))s?(?:\^?3)?\b|"
    rf"(?<![\w.^])(?P<other>{NUMBER}) ?(?P<unit2>cm|m) ?\^? ?-3\b", re.I)


def _density(asked: Asked, mu: float) -> tuple[str, str] | None:
    """(mass density as Python, as an answer says it); a number density has mu m_p each."""
    for amount in asked.of("density"):
        if amount.unit.code.startswith("m_p"):
            break
        return amount_code(positive(amount, "A density")), f"rho = {amount_said(amount)}"
    found = _PER_VOLUME.search(asked.text)
    if found is None:
        return None
    value = float(found["value"] or found["other"])
    unit = (found["unit"] or found["unit2"]).lower()
    unit = "cm" if unit.startswith("c") else "m"
    if value <= 0:
        raise ValueError(f"A density must be above zero, not {value:g}.")
    return f"{number(mu)} * m_p * {number(value)} / u.{unit}**3", f"n = {value:g} per {unit}^3"


def _mu(asked: Asked) -> tuple[float, str]:
    if found := _MU.search(asked.text):
        return float(found[1]), "as given"
    if asked.says(r"molecul"):
        return 2.33, "molecular gas"
    if asked.says(r"ioni[sz]ed"):
        return 0.59, "ionised primordial gas"
    return 1.22, "neutral primordial gas"


def jeans(asked: Asked) -> Calculation | None:
    """M_J = (5 k T / (G mu m_p))^1.5 (3 / (4 pi rho))^0.5, or lambda_J = c_s (pi / (G rho))^0.5."""
    if not asked.says(r"\bjeans (?:mass|length|scale|radius|wavelength)") or not asked.of(
            "temperature"):
        return None
    mu, gas = _mu(asked)
    density = _density(asked, mu)
    if density is None:
        raise ValueError("For a Jeans mass or length the density is needed besides the "
                         "temperature, for example n = 100 cm^-3.")
    warm = positive(asked.of("temperature")[0], "A temperature")
    body = [f"T = {amount_code(warm)}", f"rho = {density[0]}"]
    said = f"gas of {amount_said(warm)} and {density[1]} (mu = {mu:g}, {gas})"
    if asked.says("jeans mass"):
        body.append(f"m = (5 * k_B * T / (G * {number(mu)} * m_p))**1.5 * "
                    "(3 / (4 * np.pi * rho))**0.5")
        return answer(asked, "Jeans mass", body, "m", asked.wanted("mass") or UNITS["Msun"],
                      f"The Jeans mass of {said} is {{value}}, by (5 k T/(G mu m_p))^1.5 "
                      "(3/(4 pi rho))^0.5; other definitions differ by factors of a few.",
                      cosmology=False)
    body.append(f"d = (k_B * T / ({number(mu)} * m_p) * np.pi / (G * rho))**0.5")
    return answer(asked, "Jeans length", body, "d", asked.wanted("length") or UNITS["pc"],
                  f"The Jeans length of {said} is {{value}}, by c_s (pi/(G rho))^0.5 with the "
                  "isothermal sound speed c_s = {speed} km/s.", cosmology=False,
                  also={"speed": f"((k_B * T / ({number(mu)} * m_p))**0.5).to_value(u.km / u.s)"})


def free_fall_time(asked: Asked) -> Calculation | None:
    """(3 pi / (32 G rho))^0.5."""
    if not asked.says(r"\bfree-? ?fall time|\bt_?ff\b|collapse time") or asked.redshifts:
        return None
    mu, _ = _mu(asked)
    density = _density(asked, mu)
    if density is None:
        return None
    return answer(asked, "free-fall time", [f"rho = {density[0]}",
                                            "t = (3 * np.pi / (32 * G * rho))**0.5"], "t",
                  asked.wanted("time") or UNITS["Myr"],
                  f"The free-fall time at {density[1]} is {{value}}, by (3 pi/(32 G rho))^0.5.",
                  cosmology=False)


def escape_velocity(asked: Asked) -> Calculation | None:
    """(2 G M / r)^0.5 outside a mass."""
    masses, lengths = asked.of("mass"), asked.of("length")
    if not asked.says(r"escape (?:velocity|speed)|\bv_?esc\b") or len(masses) != 1 or (
            len(lengths) != 1):
        return None
    mass, radius = positive(masses[0], "A mass"), positive(lengths[0], "A radius")
    return answer(asked, "escape velocity",
                  [f"m = {amount_code(mass)}", f"r = {amount_code(radius)}",
                   "v = (2 * G * m / r)**0.5"], "v", asked.wanted("speed") or UNITS["km/s"],
                  f"The escape velocity at {amount_said(radius)} from {amount_said(mass)} is "
                  "{value}, by (2 G M/r)^0.5 with all of the mass within.",
                  cosmology="littleh" in mass.unit.code + radius.unit.code)
