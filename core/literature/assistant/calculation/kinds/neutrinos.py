"""Massive neutrinos: their density from the sum of the masses and back, and free streaming."""

from __future__ import annotations

import re

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
from core.literature.assistant.calculation.symbols import asks_for, omega, physical, value_of
from core.literature.assistant.calculation.units import UNITS

__all__ = ["free_streaming", "mass_of_density", "neutrino_density"]

_NEUTRINO = r"neutrino|m_?[νn]u?\b|\bmnu\b|Σ ?m|sum ?(?:of )?m|Ω_?ν"
_EV = "93.14 eV"
_FRACTION = r"(?:neutrino (?:mass )?fraction|f_?(?:ν|nu)(?!\w))"
_DENSITY = r"neutrino (?:energy |mass )?density(?: parameter)?"
_MASS = (r"(?:sum of (?:the )?(?:neutrino )?mass(?:es)?|(?:Σ|sum) ?(?:of )?m_?(?:ν|nu)|M_?(?:ν|nu)"
         r"|neutrino mass(?:es)?|mass(?:es)?|m_?(?:ν|nu)|mnu|mass sum|summed mass)")


def _energy(asked: Asked) -> Amount | None:
    energies = asked.of("energy")
    if len(energies) == 1 and re.search(_NEUTRINO, asked.whole, re.I):
        return energies[0]
    return None


def neutrino_density(asked: Asked) -> Calculation | None:
    """Omega_nu h^2, Omega_nu or f_nu = Omega_nu / Omega_m of a sum of masses."""
    mass = _energy(asked)
    if mass is None or asked.redshifts:
        return None
    h, matter = asked.cosmology.today("h"), asked.cosmology.today("Om0")
    body = [f"m = {amount_code(positive(mass, 'A sum of masses'))}",
            "omega_h2 = (m / (93.14 * u.eV)).to_value(u.one)"]
    how = (f"by Omega_nu h^2 = (sum of masses)/{_EV} (Mangano et al. 2005, arXiv:hep-ph/0506164)")
    if re.search(_FRACTION, asked.whole, re.I):
        body.append(f"f = omega_h2 / {number(h.value)}**2 / {number(matter.value)}")
        return answer(asked, "neutrino fraction", body, "f", None,
                      f"The neutrino fraction f_nu = Omega_nu/Omega_m is {{value}} for a sum of "
                      f"masses of {amount_said(mass)}, h = {h.said} and Omega_m = {matter.said}, "
                      f"{how}.", cosmology=False)
    if asks_for(asked.whole, physical("nu")):
        return answer(asked, "Omega_nu h^2", body, "omega_h2", None,
                      f"Omega_nu h^2 = {{value}} for a sum of neutrino masses of "
                      f"{amount_said(mass)}, {how}.", cosmology=False)
    if not asks_for(asked.whole, omega("nu")) and not re.search(_DENSITY, asked.whole, re.I):
        return None
    return answer(asked, "Omega_nu", [*body, f"omega = omega_h2 / {number(h.value)}**2"], "omega",
                  None, f"Omega_nu = {{value}} (Omega_nu h^2 = {{h2}}) for a sum of neutrino "
                  f"masses of {amount_said(mass)} and h = {h.said}, {how}.",
                  also={"h2": "omega_h2"}, cosmology=False)


def mass_of_density(asked: Asked) -> Calculation | None:
    """The sum of the neutrino masses of Omega_nu h^2 or Omega_nu."""
    if asked.amounts or asked.redshifts or not asks_for(asked.whole, _MASS):
        return None
    with_h, without = (value_of(asked.whole, p) for p in (physical("nu"), omega("nu")))
    h = asked.cosmology.today("h")
    if with_h is not None:
        body, said = [f"omega_h2 = {number(with_h)}"], f"Omega_nu h^2 = {with_h:g}"
    elif without is not None:
        body = [f"omega_h2 = {number(without)} * {number(h.value)}**2"]
        said = f"Omega_nu = {without:g} and h = {h.said}"
    else:
        return None
    if (with_h or without or 0) <= 0:
        raise ValueError("A density of neutrinos must be above zero.")
    return answer(asked, "sum of neutrino masses", [*body, "m = omega_h2 * 93.14 * u.eV"], "m",
                  asked.wanted("energy") or UNITS["eV"],
                  f"The neutrino masses sum to {{value}} for {said}, by Omega_nu h^2 = (sum of "
                  f"masses)/{_EV} (Mangano et al. 2005, arXiv:hep-ph/0506164).", cosmology=False)


def free_streaming(asked: Asked) -> Calculation | None:
    """k_fs = (3/2)^0.5 H(z) / (v (1 + z)), v = 3.15 T_nu / m (Lesgourgues & Pastor 2006)."""
    mass = _energy(asked) or next(iter(asked.of("energy")), None)
    if mass is None or not asked.says(r"free[- ]?stream|\bk_?fs\b"):
        return None
    z = redshifts(asked, highest=1000, what="free streaming")[0] if asked.redshifts else 0.0
    total = re.search(r"\bsum\b|Σ|summed|total", asked.whole, re.I)
    mass = positive(mass, "A neutrino mass")
    body = [f"m = {amount_code(mass)}{' / 3' if total else ''}",
            f"v = 3.15 * k_B * 1.945 * u.K * (1 + {number(z)}) / m * c  # mean thermal velocity",
            f"k = (1.5**0.5 * cosmo.H({number(z)}) / v / (1 + {number(z)})).to(1 / u.Mpc)"]
    one = " / 3 (three equal masses)" if total else ""
    when = f"z = {z:g}" + ("" if asked.redshifts else " (no redshift was given)")
    how = (f"at {when} in {{cosmology}}, by k = (3/2)^0.5 H/(v (1 + z)) with the thermal velocity "
           "of neutrinos (Lesgourgues & Pastor 2006, arXiv:astro-ph/0603494)")
    if asked.says("scale|length|distance") or asked.wanted("length"):
        unit = asked.wanted("length") or UNITS["Mpc"]
        return answer(asked, "free-streaming length", [*body, "length = 2 * np.pi / k"], "length",
                      unit, f"The comoving free-streaming length 2 pi/k of a neutrino of "
                      f"{amount_said(mass)}{one} is {{value}} (k = {{k}} 1/Mpc) {how}.",
                      also={"k": "k.to_value(1 / u.Mpc)"})
    unit = asked.wanted("wavenumber") or UNITS["h/Mpc"]
    return answer(asked, "free-streaming wavenumber", body, "k", unit,
                  f"The comoving free-streaming wavenumber of a neutrino of {amount_said(mass)}"
                  f"{one} is {{value}} ({{k}} 1/Mpc) {how}.",
                  also={"k": "k.to_value(1 / u.Mpc)"})
