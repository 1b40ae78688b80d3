"""AB magnitudes and fluxes; apparent and absolute magnitudes; luminosities and fluxes."""

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
from core.literature.assistant.calculation.units import UNITS, Unit

__all__ = ["ab_magnitude", "absolute_or_apparent", "distance_of_modulus",
           "flux_or_luminosity", "modulus_of_distance"]

MAG = Unit("u.mag", "mag", "magnitude")
_GIVEN = (r"(?: \w{1,12})?(?: ab)?(?: magnitude| mag)?(?: of| is| =| ~| ==)*(?: m_?\w{0,6} ?[=~])?"
          r" ?#(?:magnitude)?")


def ab_magnitude(asked: Asked) -> Calculation | None:
    """AB magnitude as flux density, and back."""
    if asked.redshifts or asked.says(r"absolute|apparent|distance|vega"):
        return None
    magnitude = _magnitude(asked)
    fluxes = asked.of("flux density")
    target = asked.wanted("flux density")
    if magnitude is not None and (target or asked.says(r"flux")) and asked.says(r"mag|\bab\b|"
                                                                                r"m_?ab\b"):
        unit = target or UNITS["μJy"]
        second = UNITS["erg/s/cm^2/Hz"] if "Jy" in unit.shown else UNITS["μJy"]
        return answer(asked, "flux density", [f"f = ({number(magnitude)} * "
                                              f"u.ABmag).to({unit.code})"],
                      "f", unit, f"An AB magnitude of {magnitude:g} is a flux density of {{value}} "
                      f"({{second}} {second.shown}), by m_AB = -2.5 log10(f / 3631 Jy).",
                      also={"second": f"f.to_value({second.code})"}, cosmology=False)
    if len(fluxes) == 1 and (asked.says(r"\bmag|\bab\b|abmag") or asked.wanted("magnitude")):
        flux = positive(fluxes[0], "A flux density")
        return answer(asked, "AB magnitude", [f"m = ({amount_code(flux)}).to(u.ABmag)"], "m.value",
                      None, f"A flux density of {amount_said(flux)} is an AB magnitude of "
                      "{value}, by m_AB = -2.5 log10(f / 3631 Jy).", cosmology=False)
    return None


def _magnitude(asked: Asked) -> float | None:
    given = [a.value for a in asked.of("magnitude")] or list(asked.numbers)
    return given[0] if len(given) == 1 else None


def absolute_or_apparent(asked: Asked) -> Calculation | None:
    """M = m - DM and back, at a redshift or a distance."""
    if not asked.says(r"absolute|apparent"):
        return None
    magnitude, lengths = _magnitude(asked), asked.of("length")
    if magnitude is None or not asked.says(r"\bmag|bright|apparent|absolute") or (
            not asked.redshifts and not lengths) or asked.says("apparent size"):
        return None
    apparent = _wants_apparent(asked, magnitude)
    if asked.redshifts:
        z = redshifts(asked, what="a magnitude")[0]
        if z == 0:
            raise ValueError("At z = 0 there is no distance; please give a redshift above 0.")
        modulus, where = f"cosmo.distmod({number(z)}).value", f"z = {z:g}"
    else:
        distance = positive(lengths[0], "A distance")
        modulus = f"5 * np.log10((({amount_code(distance)}) / (10 * u.pc)).to_value(u.one))"
        where = f"a distance of {amount_said(distance)}"
    body = [f"modulus = {modulus}", f"m = {number(magnitude)} {'+' if apparent else '-'} modulus"]
    names = ("absolute", "apparent") if apparent else ("apparent", "absolute")
    used = bool(asked.redshifts) or "littleh" in modulus
    said = (f"An {names[0]} magnitude of {magnitude:g} at {where} is an {names[1]} magnitude of "
            "{value}" + (" in {cosmology}" if used else "") + ". The distance modulus is {modulus} "
            "mag")
    also = {"modulus": "modulus"}
    if asked.redshifts:
        said += ("; no K-correction is in it (for a spectrum flat in f_nu, as in the UV, "
                 "2.5 log10(1 + z) gives {flat})")
        also["flat"] = f"m {'-' if apparent else '+'} 2.5 * {_log10(1 + asked.redshifts[0])}"
    return answer(asked, f"{names[1]} magnitude", body, "m", None, f"{said}.", also=also,
                  cosmology=used)


_MODULUS = r"distance[ -]modul(?:us|i)|(?<![a-z])mu ?[=~]|μ ?[=~]|\bm ?- ?m ?[=~]|\bm ?- ?m\b"
_FAR = r"distance|how far|far away|\bd\b"


def modulus_of_distance(asked: Asked) -> Calculation | None:
    """mu = 5 log10(d / 10 pc)."""
    lengths = asked.of("length")
    if len(lengths) != 1 or asked.redshifts or not asked.says(_MODULUS) or asked.says(
            r"red-?shift|\bz\b") or asked.of("magnitude"):
        return None
    length = positive(lengths[0], "A distance")
    body = [f"d = {amount_code(length)}", "mu = 5 * np.log10((d / (10 * u.pc)).to_value(u.one))"]
    return answer(asked, "distance modulus", body, "mu", None,
                  f"A distance of {amount_said(length)} has a distance modulus of {{value}} mag, "
                  "by mu = 5 log10(d/10 pc).", cosmology="littleh" in body[0])


def distance_of_modulus(asked: Asked) -> Calculation | None:
    """d = 10^(mu/5 + 1) pc, of a modulus or of an apparent and an absolute magnitude."""
    if asked.redshifts or asked.of("length") or asked.says(
            r"red-?shift|\bz\b|sigma|σ|error|uncertain") or not (
            asked.says(_FAR.replace("distance", "distance(?! modul)")) or asked.wanted("length")):
        return None
    given = [a.value for a in asked.of("magnitude")] + list(asked.numbers)
    if asked.says(_MODULUS) and len(given) == 1:
        mu, said = given[0], f"A distance modulus of {given[0]:g} mag"
    elif len(given) == 2 and asked.says(r"absolute|\bm_?\w{0,4} ?=.{1,30}\bm_?\w{0,4} ?="):
        apparent, absolute = max(given), min(given)  # what is farther than 10 pc is fainter
        mu, said = apparent - absolute, (
            f"An apparent magnitude of {apparent:g} and an absolute magnitude of {absolute:g}")
    else:
        return None
    if abs(mu) > 100:
        raise ValueError(f"A distance modulus of {mu:g} mag is none; usual ones lie between 0 "
                         "and 50.")
    unit = asked.wanted("length") or UNITS["Mpc" if mu > 25 else "kpc" if mu > 10 else "pc"]
    second = UNITS["Mpc" if unit.shown != "Mpc" else "Mly"]
    return answer(asked, "distance of a modulus", [f"d = 10**({number(mu)} / 5 + 1) * u.pc"], "d",
                  unit, f"{said} is a (luminosity) distance of {{value}} ({{second}} "
                  f"{second.shown}), by mu = 5 log10(d/10 pc), without extinction.",
                  also={"second": f"d.to_value({second.code})"}, cosmology=False)


def _log10(value: float) -> str:
    import math

    return number(math.log10(value))


def _wants_apparent(asked: Asked, magnitude: float) -> bool:
    """Which of the two is asked for: the one that has no number; M is absolute, m apparent."""
    named = re.search(r"(?<![A-Za-z])([Mm])(?:_?[A-Za-z0-9]{1,6})? ?[=~]", asked.text)
    if named:
        return named[1] == "M"
    words = asked.words
    given_absolute = re.search("absolute" + _GIVEN, words)
    given_apparent = re.search("apparent" + _GIVEN, words)
    both = "absolute" in words and "apparent" in words
    if both and bool(given_absolute) != bool(given_apparent):
        return bool(given_absolute)
    if ("apparent" in words) != ("absolute" in words):
        # nothing beyond the Galaxy is as bright as 0 mag, and no galaxy as faint as +5
        wanted_apparent = "apparent" in words
        return not wanted_apparent if (magnitude < 5) != wanted_apparent else wanted_apparent
    return "apparent" in words and ("absolute" not in words or
                                    words.index("apparent") < words.index("absolute"))


def flux_or_luminosity(asked: Asked) -> Calculation | None:
    """F = L / (4 pi d_L^2) at a redshift, and back."""
    luminosities, fluxes = asked.of("luminosity"), asked.of("flux")
    if not asked.redshifts or len(luminosities) + len(fluxes) != 1:
        return None
    if not asked.says("flux|luminosity|bright|lumin") and not asked.wanted("flux", "luminosity"):
        return None
    z = redshifts(asked, what="a flux")[0]
    if z == 0:
        raise ValueError("At z = 0 there is no distance; please give a redshift above 0.")
    given: Amount = positive((luminosities or fluxes)[0], "A flux or luminosity")
    area = f"4 * np.pi * cosmo.luminosity_distance({number(z)})**2"
    if luminosities:
        return answer(asked, "flux", [f"f = {amount_code(given)} / ({area})"], "f",
                      asked.wanted("flux") or UNITS["erg/s/cm^2"],
                      f"A luminosity of {amount_said(given)} at z = {z:g} is seen as a flux of "
                      "{value} in {cosmology}. It is the total (bolometric or line) flux "
                      "L/(4 pi d_L^2).")
    return answer(asked, "luminosity", [f"l = {amount_code(given)} * {area}"], "l",
                  asked.wanted("luminosity") or UNITS["erg/s"],
                  f"A flux of {amount_said(given)} from z = {z:g} is a luminosity of {{value}} "
                  "({sun} L_sun) in {cosmology}. It is the total (bolometric or line) luminosity "
                  "4 pi d_L^2 F.", also={"sun": "l.to_value(u.L_sun)"})
