"""Parameters of one another: S_8 and sigma_8; Omega and Omega h^2; baryon fraction and density."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import answer, number
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.symbols import (
    S8,
    SIGMA8,
    H,
    asks_for,
    omega,
    physical,
    value_of,
)

__all__ = ["amplitude", "baryon_fraction", "baryon_to_photon_ratio", "density_and_h",
           "little_h_of_densities"]

_PARTS = {"m": "Omega_m", "b": "Omega_b", "c": "Omega_c"}
_GIVEN = {"m": "Om0", "b": "Ob0"}


def amplitude(asked: Asked) -> Calculation | None:
    """S_8 = sigma_8 (Omega_m / 0.3)^0.5 and back."""
    if asked.redshifts or asked.amounts:
        return None
    text, sigma8, s8 = asked.whole, asked.cosmology.given.get("sigma8"), value_of(asked.whole, S8)
    if sigma8 is not None and s8 is None and asks_for(text, S8):
        matter = asked.cosmology.today("Om0")
        checked("sigma_8", sigma8, 5)
        body = [f"s8 = {number(sigma8)} * ({number(matter.value)} / 0.3)**0.5"]
        return answer(asked, "S_8", body, "s8", None,
                      f"S_8 = {{value}} for sigma_8 = {sigma8:g} and Omega_m = {matter.said}, by "
                      "S_8 = sigma_8 (Omega_m/0.3)^0.5.", cosmology=False)
    if s8 is None or sigma8 is not None or not asks_for(text, SIGMA8):
        return None
    matter = asked.cosmology.today("Om0")
    checked("S_8", s8, 5)
    body = [f"sigma8 = {number(s8)} / ({number(matter.value)} / 0.3)**0.5"]
    return answer(asked, "sigma_8", body, "sigma8", None,
                  f"sigma_8 = {{value}} for S_8 = {s8:g} and Omega_m = {matter.said}, by "
                  "S_8 = sigma_8 (Omega_m/0.3)^0.5.", cosmology=False)


def density_and_h(asked: Asked) -> Calculation | None:
    """Omega = (Omega h^2) / h^2 and back, for matter, baryons and cold dark matter."""
    if asked.redshifts or asked.amounts:
        return None
    for part, name in _PARTS.items():
        with_h, without = value_of(asked.whole, physical(part)), _plain(asked, part)
        if with_h is not None and asks_for(asked.whole, omega(part)):
            h = asked.cosmology.today("h")
            checked(f"{name} h^2", with_h, 2)
            return answer(asked, name, [f"h = {number(h.value)}",
                                        f"omega = {number(with_h)} / h**2"], "omega", None,
                          f"{name} = {{value}} for {name} h^2 = {with_h:g} and h = {h.said}.",
                          cosmology=False)
        if without is not None and asks_for(asked.whole, physical(part)):
            h = asked.cosmology.today("h")
            checked(name, without, 5)
            return answer(asked, f"{name} h^2", [f"h = {number(h.value)}",
                                                 f"omega = {number(without)} * h**2"], "omega",
                          None, f"{name} h^2 = {{value}} for {name} = {without:g} and "
                                f"h = {h.said}.", cosmology=False)
    return None


def little_h_of_densities(asked: Asked) -> Calculation | None:
    """h = ((Omega h^2) / Omega)^0.5, with H0."""
    if asked.redshifts or asked.amounts or "H0" in asked.cosmology.given or not asks_for(
            asked.whole, H):
        return None
    for part, name in _PARTS.items():
        with_h, without = value_of(asked.whole, physical(part)), _plain(asked, part)
        if with_h is None or without is None:
            continue
        checked(f"{name} h^2", with_h, 2)
        checked(name, without, 5)
        return answer(asked, "h", [f"h = ({number(with_h)} / {number(without)})**0.5"], "h", None,
                      f"h = {{value}}, so H0 = {{rate}} km/s/Mpc, for {name} h^2 = {with_h:g} and "
                      f"{name} = {without:g}.", also={"rate": "100 * h"}, cosmology=False)
    return None


def baryon_fraction(asked: Asked) -> Calculation | None:
    """Omega_b / Omega_m, of two parameters or two physical densities."""
    ratio = rf"(?:baryon(?:ic)? (?:mass )?fraction|f_?b(?!\w)|{omega('b')} ?/ ?{omega('m')})"
    if asked.redshifts or asked.amounts or not re.search(ratio, asked.whole, re.I):
        return None
    pairs = [(value_of(asked.whole, physical("b")), value_of(asked.whole, physical("m")), " h^2"),
             (_plain(asked, "b"), _plain(asked, "m"), "")]
    for baryons, matter, h in pairs:
        if baryons is None or matter is None:
            continue
        checked(f"Omega_b{h}", baryons, 5)
        checked(f"Omega_m{h}", matter, 5)
        return answer(asked, "baryon fraction",
                      [f"fraction = {number(baryons)} / {number(matter)}"], "fraction", None,
                      f"The cosmic baryon fraction is {{value}}, by Omega_b/Omega_m with "
                      f"Omega_b{h} = {baryons:g} and Omega_m{h} = {matter:g}.", cosmology=False)
    return None


def baryon_to_photon_ratio(asked: Asked) -> Calculation | None:
    """eta = 273.9e-10 Omega_b h^2 for T = 2.7255 K (Steigman 2006, arXiv:hep-ph/0611209)."""
    eta = r"(?:baryon[- ](?:to[- ])?photon ratio|photon[- ]to[- ]baryon ratio|η(?:_?10)?|eta_?10)"
    with_h = value_of(asked.whole, physical("b"))
    if with_h is None or not re.search(eta, asked.whole, re.I):
        return None
    checked("Omega_b h^2", with_h, 1)
    return answer(asked, "baryon-to-photon ratio", [f"eta = 273.9e-10 * {number(with_h)}"], "eta",
                  None, f"The baryon-to-photon ratio is {{value}} for Omega_b h^2 = {with_h:g}, by "
                  "eta = 273.9 × 10^-10 Omega_b h^2 (Steigman 2006, arXiv:hep-ph/0611209).",
                  cosmology=False)


def _plain(asked: Asked, part: str) -> float | None:
    given = asked.cosmology.given.get(_GIVEN.get(part, ""))
    return given if given is not None else value_of(asked.whole, omega(part))


def checked(name: str, value: float, most: float) -> None:
    """Raise ValueError where a parameter is none."""
    if not 0 < value <= most:
        raise ValueError(f"The value of {name} must lie above 0 and be at most {most:g}, "
                         f"not {value:g}.")
