"""Redshift and velocity (three meanings), and Hubble's law."""

from __future__ import annotations

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    number,
    positive,
    redshifts,
)
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["distance_by_hubbles_law", "redshift_of_velocity", "velocity_by_hubbles_law",
           "velocity_of_redshift"]

KMS, C = UNITS["km/s"], 299792.458
_VELOCITY = r"veloc|\bcz\b|speed|how fast|reced|recession"
_CLASSICAL = (r"non-?[ ]?relativistic|classical|\bcz\b|c ?[*×·] ?z|"
              r"optical (?:convention|velocity)|low")
_LAW = r"hubble(?:'s|s)?(?:[- ]lema[iî]tre)? law|hubble flow|recession|reced"


def velocity_of_redshift(asked: Asked) -> Calculation | None:
    """c z, special relativity's Doppler formula, or H0 times the comoving distance."""
    if not asked.redshifts or asked.amounts or not (
            asked.says(_VELOCITY) or asked.wanted("speed")):
        return None
    if asked.says("hubble (?:rate|parameter)|circular|dispersion|virial|peculiar|expansion speed|"
                  "survey|limit|constrain"):
        return None
    z = redshifts(asked, lowest=-0.999, what="a velocity")[0]
    forms = {"cz": f"{number(z)} * "
                   f"c", "doppler": f"((1 + {number(z)})**2 - 1) / ((1 + {number(z)})**2 "
             "+ 1) * c", "law": f"cosmo.H0 * cosmo.comoving_distance({number(z)})"}
    if asked.says(_CLASSICAL):
        kind = "cz"
    elif asked.says(r"hubble(?:'s|s)?(?:-lema[iî]tre)? law|cosmological|today|proper"):
        kind = "law"
    else:
        kind = "doppler"
    unit = asked.wanted("speed") or KMS
    also = {name: f"({code}).to_value({unit.code})" for name, code in forms.items()}
    if z < 0:
        also.pop("law")
        kind = "doppler" if kind == "law" else kind
    meanings = {"cz": "c z (non-relativistic)", "doppler": "the relativistic Doppler formula",
                "law": "H0 times the comoving distance (recession today)"}
    others = "; ".join(f"{meanings[name]} gives {{{name}}} {unit.shown}" for name in also
                       if name != kind)
    text = f"By {meanings[kind]}, z = {z:g} is a velocity of {{value}}. For comparison, {others}"
    return answer(asked, "velocity", [f"v = {forms[kind]}"], "v", unit,
                  f"{text}, in {{cosmology}}." if "law" in also else f"{text}.",
                  also=also)




def redshift_of_velocity(asked: Asked) -> Calculation | None:
    """The redshift of a velocity, relativistic unless said otherwise."""
    speeds = asked.of("speed")
    if len(speeds) != 1 or asked.redshifts or len(asked.amounts) > 1 or not asked.says(
            r"red-?shift|\bz\b"):
        return None
    speed = speeds[0]
    kms = speed.value * (1e-3 if speed.unit.shown == "m/s" else 1)
    classical = asked.says(_CLASSICAL)
    if abs(kms) >= C and not classical:
        raise ValueError(f"By special relativity a velocity must be below that of light, "
                         f"299,792 km/s, not {amount_said(speed)}.")
    body = [f"beta = ({amount_code(speed)} / c).to_value(u.one)"]
    results = ("beta", "((1 + beta) / (1 - beta))**0.5 - 1")
    names = ("z = v/c (non-relativistic)", "the relativistic Doppler formula")
    return answer(asked, "redshift", body, results[not classical], None,
                  f"A velocity of {amount_said(speed)} is a redshift of {{value}} by "
                  f"{names[not classical]}, and {{other}} by "
                  f"{names[classical]}.", also={"other": results[classical] if kms < C else "beta"},
                  cosmology=False)


def distance_by_hubbles_law(asked: Asked) -> Calculation | None:
    """v / H0, or c z / H0 where Hubble's law is named."""
    speeds = asked.of("speed")
    far = asked.says(r"distan|how far|away|hubble")
    if len(speeds) == 1 and far and not asked.redshifts and len(asked.amounts) == 1:
        speed = positive(speeds[0], "A velocity")
        body, said = [f"d = {amount_code(speed)} / cosmo.H0"], f"v = {amount_said(speed)}"
    elif asked.redshifts and far and asked.says(r"hubble(?:'s|s)?(?:[- ]lema[iî]tre)? law"):
        z = redshifts(asked, what="Hubble's law")[0]
        body, said = [f"d = {number(z)} * c / cosmo.H0"], f"z = {z:g}"
    else:
        return None
    return answer(asked, "distance by Hubble's law", body, "d",
                  asked.wanted("length") or UNITS["Mpc"],
                  f"By Hubble's law d = v/H0, {said} is a distance of {{value}} ({{ly}} Mly) with "
                  "H0 of {cosmology}. It is an approximation for z well below 0.1, and peculiar "
                  "velocities of some 300 km/s are not in it.",
                  also={"ly": "d.to_value(u.Mlyr)"})


def velocity_by_hubbles_law(asked: Asked) -> Calculation | None:
    """H0 d."""
    lengths = asked.of("length")
    if len(lengths) != 1 or asked.redshifts or len(asked.amounts) > 1 or not asked.says(
            f"{_VELOCITY}|{_LAW}"):
        return None
    if asked.says("peculiar velocit|circular|orbit|virial|dispersion|light travel|speed of light"):
        return None
    length = positive(lengths[0], "A distance")
    if not length.unit.shown.split("/")[0].endswith(("pc", "ly")):
        return None
    if asked.says(r"red-?shift"):
        return answer(asked, "redshift", [f"z = (cosmo.H0 * ({amount_code(length)}) / "
                                          f"c).to_value(u.one)"],
                      "z", None, f"By Hubble's law z = H0 d/c, a distance of "
                                 f"{amount_said(length)} is "
                      "z = {value} with H0 of {cosmology}. It is an approximation for z well below "
                      "0.1.")
    return answer(asked, "velocity by Hubble's "
                         "law", [f"v = cosmo.H0 * ({amount_code(length)})"], "v",
                  asked.wanted("speed") or KMS,
                  f"By Hubble's law v = H0 d, what is {amount_said(length)} away recedes at "
                  f"{{value}} "
                  "with H0 of {cosmology}. Peculiar velocities of some 300 km/s are not in it.")
