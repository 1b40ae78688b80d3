"""Radius, velocity and virial temperature of a halo from its mass and redshift, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    number,
    positive,
    redshifts,
)
from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["halo"]

_ASKED = (r"virial|\b[rvtm]_?(?:200|500|2500|178)_?[cm]?\b|\b[rvt]_?(?:vir|circ)\b|\bm_?vir\b|"
          r"circular velocity|atomic[- ]cooling|\bhalo(?:'s)? (?:radius|size|mass)|"
          r"radius of .*halo|"
          r"how (?:big|large) is .*halo")
_MOST = 1e18  # M_sun, more than any structure of the observable Universe
_MU = re.compile(r"(?:\bmu|μ) ?(?:=|of|~) ?(\d(?:\.\d{1,3})?)")
_OVERDENSITY = re.compile(r"(?<![a-z\d])[rvm]_? ?\(?(\d{3,4}) ?_?,?(?:([cm])(?:rit\w*|ean)?\b)?")
_WORDS_OVERDENSITY = re.compile(r"(\d{3,4}) times (?:the )?(critical|mean)")


@dataclass(frozen=True)
class _Definition:
    """What bounds a halo: the mean density within its radius."""

    lines: tuple[str, ...]
    name: str
    said: str


def halo(asked: Asked) -> Calculation | None:
    """A virial quantity."""
    if not asked.says(_ASKED) or asked.says("concentration|mass function|bias|profile|"
                                             "spin|t_edd|seed"):
        return None
    z = redshifts(asked, what="a halo")[0] if asked.redshifts else 0.0
    mass = _mass(asked)
    if mass is None:
        return _mass_of(asked, z)
    if positive(mass, "A mass").value > _MOST:
        raise ValueError(f"No halo has {amount_said(mass)}; please give a mass below 1e18 M_sun.")
    if asked.of("length") and asked.says("veloc|v_?circ|speed"):
        return _circular_velocity(asked, mass, positive(asked.of("length")[0], "A radius"))
    body = [f"m = {amount_code(mass)}", *_definition(asked, z).lines,
            "r = (3 * m / (4 * np.pi * rho))**(1 / 3)"]
    if asked.says(r"temperature|\bt_?vir|\btemp\b"):
        return _temperature(asked, z, mass, body)
    if asked.says(r"veloc|\bv_?(?:vir|circ|200)|speed|dispersion|rotation"):
        return _velocity(asked, z, mass, body)
    return _radius(asked, z, mass, body)


def _mass(asked: Asked) -> Amount | None:
    masses = asked.of("mass")
    if masses:
        return masses[0]
    numbers = [n for n in asked.numbers if n >= 1e5 or n < 0]
    if re.search(r"\blog", asked.text, re.I) and not numbers:
        numbers = [10.0**n for n in asked.numbers if 5 <= n <= 17]
    return Amount(numbers[0], UNITS["Msun"]) if len(numbers) >= 1 else None


def _definition(asked: Asked, z: float) -> _Definition:
    found = _OVERDENSITY.search(asked.text.lower())
    worded = _WORDS_OVERDENSITY.search(asked.text.lower())
    if found or worded:
        times, of = (found[1], found[2] or "c") if found else (worded[1], worded[2][0])  # type: ignore[index]
        if asked.says("mean"):
            of = "m"
        matter = f"cosmo.Om({number(z)}) * " if of == "m" else ""
        return _Definition((f"rho = {int(times)} * {matter}cosmo.critical_density({number(z)})",),
                           f"r{times}{of}",
                           f"{times} times the {'critical' if of == 'c' else 'mean matter'} "
                           f"density")
    return _Definition(
        (f"x = cosmo.Om({number(z)}) - 1",
         f"rho = (18 * np.pi**2 + 82 * x - 39 * x**2) * cosmo.critical_density({number(z)})"),
        "r_vir", "the virial overdensity of Bryan & Norman (1998, ApJ 495, 80)")


def _where(asked: Asked, z: float, mass: Amount) -> str:
    return f"a halo of {amount_said(mass)} at z = {z:g}" + (
        "" if asked.redshifts else " (no redshift was given)")


def _radius(asked: Asked, z: float, mass: Amount, body: list[str]) -> Calculation:
    definition = _definition(asked, z)
    if asked.wanted("angle") and z > 0:
        return _angle(asked, z, mass, body)
    unit = asked.wanted("length") or UNITS["kpc"]
    comoving = asked.says("co-?moving") or unit.frame == "comoving"
    frame = "comoving" if comoving else "proper"
    if comoving:
        body = [*body, f"r = r * (1 + {number(z)})"]
    other = "r / (1 + {0})" if comoving else "r * (1 + {0})"
    return answer(asked, definition.name, body, "r", unit,
                  f"The {frame} radius {definition.name} of {_where(asked, z, mass)} is {{value}} "
                  f"({'proper' if comoving else 'comoving'}: {{other}} kpc) in {{cosmology}}. It "
                  f"is defined by {definition.said}.",
                  also={"other": f"({other.format(number(z))}).to_value(u.kpc)"})


def _angle(asked: Asked, z: float, mass: Amount, body: list[str]) -> Calculation:
    definition = _definition(asked, z)
    seen = f"angle = (r / cosmo.angular_diameter_distance({number(z)})).to_value(u.one) * u.rad"
    return answer(asked, f"angle of {definition.name}", [*body, seen], "angle",
                  asked.wanted("angle"),
                  f"The radius {definition.name} of {_where(asked, z, mass)}, {{r}} kpc (proper), "
                  f"subtends {{value}} in {{cosmology}}. It is defined by {definition.said}.",
                  also={"r": "r.to_value(u.kpc)"})


def _velocity(asked: Asked, z: float, mass: Amount, body: list[str]) -> Calculation:
    definition = _definition(asked, z)
    return answer(asked, "virial velocity", [*body, "v = (G * m / r)**0.5"], "v",
                  asked.wanted("speed") or UNITS["km/s"],
                  f"The circular velocity sqrt(GM/r) at {definition.name} of "
                  f"{_where(asked, z, mass)} is {{value}} in {{cosmology}}. The radius is {{r}} "
                  f"kpc (proper), defined by {definition.said}.",
                  also={"r": "r.to_value(u.kpc)"})


def _mu(asked: Asked) -> tuple[float, str]:
    found = _MU.search(asked.text)
    if found and 0.3 < float(found[1]) < 3:
        return float(found[1]), "as given"
    if asked.says("neutral"):
        return 1.22, "neutral primordial gas"
    return 0.59, "ionised primordial gas"


def _temperature(asked: Asked, z: float, mass: Amount, body: list[str]) -> Calculation:
    mu, gas = _mu(asked)
    other = 1.22 if mu < 1 else 0.59
    body = [*body, f"t = {mu} * m_p * G * m / r / (2 * k_B)"]
    unit = asked.wanted("temperature", "energy") or UNITS["K"]
    return answer(asked, "virial temperature", body, "(k_B * t)" if unit.kind == "energy" else "t",
                  unit, f"The virial temperature of {_where(asked, z, mass)} is {{value}} in "
                  f"{{cosmology}}. It is mu m_p v_vir^2/(2 k_B) with mu = {mu:g} ({gas}; with mu = "
                  f"{other:g} it is {{other}} K), with {_definition(asked, z).said}.",
                  also={"other": f"t.to_value(u.K) * {other} / {mu}"})


def _circular_velocity(asked: Asked, mass: Amount, radius: Amount) -> Calculation:
    body = [f"v = (G * {_bracketed(amount_code(mass))} / {_bracketed(amount_code(radius))})**0.5"]
    return answer(asked, "circular velocity", body, "v", asked.wanted("speed") or UNITS["km/s"],
                  f"The circular velocity around {amount_said(mass)} within {amount_said(radius)} "
                  "is {value}, by v = sqrt(GM/r).", cosmology="littleh" in " ".join(body))


def _bracketed(code: str) -> str:
    return f"({code})"


def _mass_of(asked: Asked, z: float) -> Calculation | None:
    """The mass of a halo from its virial temperature, velocity or radius."""
    if not asked.says(r"mass|\bm_?(?:\d{3,4}|vir|200|500)"):
        return None
    temperatures, speeds, lengths = asked.of("temperature"), asked.of("speed"), asked.of("length")
    if not temperatures and asked.says("atomic[- ]cooling") and asked.redshifts:
        temperatures = [Amount(1e4, UNITS["K"])]
    definition = _definition(asked, z)
    mu, gas = _mu(asked)
    if temperatures:
        given = positive(temperatures[0], "A temperature")
        body = [*definition.lines, f"v2 = 2 * k_B * {number(given.value)} * {given.unit.code} / "
                f"({mu} * m_p)"]
        said = f"a virial temperature of {amount_said(given)} (mu = {mu:g}, {gas})"
    elif speeds:
        given = positive(speeds[0], "A velocity")
        body = [*definition.lines, f"v2 = ({amount_code(given)})**2"]
        said = f"a virial velocity of {amount_said(given)}"
    elif lengths:
        given = positive(lengths[0], "A radius")
        return _answer_mass(asked, z, [*definition.lines, f"r = {amount_code(given)}",
                                       "m = 4 / 3 * np.pi * rho * r**3"],
                            f"a proper radius {definition.name} of "
                            f"{amount_said(given)}", definition)
    else:
        return None
    body.append("m = (v2 / G)**1.5 / (4 / 3 * np.pi * rho)**0.5")
    return _answer_mass(asked, z, body, said, definition)


def _answer_mass(asked: Asked, z: float, body: list[str], said: str,
                 definition: _Definition) -> Calculation:
    unit = asked.wanted("mass") or UNITS["Msun"]
    second = UNITS["Msun/h"] if unit.shown == "M_sun" else UNITS["Msun"]
    return answer(asked, "halo mass", body, "m", unit,
                  f"A halo at z = {z:g} with {said} has a mass of {{value}} ({{second}} "
                  f"{second.shown}) in {{cosmology}}. Its radius is defined by "
                  f"{definition.said}.",
                  also={"second": "m.to_value(u.M_sun)" + (
                      " * cosmo.h" if second.shown.endswith("h") else "")})
