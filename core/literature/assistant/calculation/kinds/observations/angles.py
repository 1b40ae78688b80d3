"""The angle of a length at a redshift, and the length of an angle; proper unless said comoving."""

from __future__ import annotations

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

__all__ = ["angle_of_length", "length_of_angle", "parallax"]

_ANGLE = (r"\bangles?\b|angular|subtend|on the sky|appear|how (?:big|large|small|wide) (?:does|"
          r"would|is|will|do|are)|apparent size|\blook\b|span|degrees|arcsec|arcmin")
_COMOVING = r"co-?moving|\bbox\b|\bbao\b|acoustic|light-?cone|simulation"
_PER = r"\b(?:[kmg]?pc|\w*parsecs?) ?(?:/|per) ?(?:an? )?(?:arc|deg|\")"
_PER_LENGTH = r"\b(?:arc\w+|degrees?|deg) ?(?:/|per) ?(?:an? )?(?:[kmg]?pc|\w*parsec)"
_SCALE = r"(?:plate|pixel|angular|physical|spatial) scale"


def angle_of_length(asked: Asked) -> Calculation | None:
    """The angle that a length subtends."""
    lengths = asked.of("length")
    if not lengths and asked.redshifts and asked.says(_PER_LENGTH):
        unit = asked.wanted("length")
        lengths = [Amount(1.0, unit)] if unit else []
    if len(lengths) != 1 or not asked.redshifts or asked.of("angle", "mass", "magnitude"):
        return None
    if not asked.says(_ANGLE) and not asked.wanted("angle"):
        return None
    if asked.says("luminosity distance|wavelength|rest[- ]frame|emitted"):
        return None
    length = positive(lengths[0], "A length")
    z = _of_an_object(asked)
    comoving = _comoving(asked, length)
    distances = ("angular_diameter_distance", "comoving_transverse_distance")
    body = [f"size = {amount_code(length)}",
            f"angle = (size / cosmo.{distances[comoving]}({number(z)})).to_value(u.one) * u.rad"]
    other = f"(size / cosmo.{distances[not comoving]}({number(z)})).to_value(u.one) * u.rad"
    frames = ("proper", "comoving")
    trial = answer(asked, "", body, "angle", UNITS["arcsec"], "")
    unit = asked.wanted("angle") or _handy(trial.value, _ANGLES)
    second = UNITS["arcmin"] if unit.shown != "arcmin" else UNITS["arcsec"]
    return answer(
        asked, "angular size", body, "angle", unit,
        f"A {frames[comoving]} length of {amount_said(length)} at z = {z:g} subtends {{value}} "
        f"({{second}} {second.shown}) in {{cosmology}}. A {frames[not comoving]} length of that "
        f"size would subtend {{other}} {unit.shown}.",
        also={"second": f"angle.to_value({second.code})",
              "other": f"({other}).to_value({unit.code})"})


def length_of_angle(asked: Asked) -> Calculation | None:
    """The length that an angle spans."""
    angles = asked.of("angle")
    if not angles and asked.redshifts and not asked.amounts and asked.says(f"{_PER}|{_SCALE}"):
        unit = asked.wanted("angle")
        angles = [Amount(1.0, unit or UNITS["arcsec"])]
    if len(angles) != 1 or not asked.redshifts or asked.of("length", "mass", "magnitude"):
        return None
    if asked.says(r"multipole|\bell\b|ℓ|volume|luminosity|\bage\b|resolution of|survey"):
        return None
    angle = positive(angles[0], "An angle")
    z = _of_an_object(asked)
    wanted = asked.wanted("length")
    comoving = asked.says(_COMOVING) or bool(wanted and wanted.frame == "comoving")
    distances = ("angular_diameter_distance", "comoving_transverse_distance")
    body = [f"angle = {amount_code(angle)}",
            f"size = angle.to_value(u.rad) * cosmo.{distances[comoving]}({number(z)})"]
    trial = answer(asked, "", body, "size", UNITS["kpc"], "")
    unit = wanted or _handy(trial.value, _LENGTHS)
    factor = f"/ (1 + {number(z)})" if comoving else f"* (1 + {number(z)})"
    frames = ("proper", "comoving")
    return answer(
        asked, "size of an angle", body, "size", unit,
        f"An angle of {amount_said(angle)} at z = {z:g} spans {{value}} ({frames[comoving]}) in "
        f"{{cosmology}}. The {frames[not comoving]} length is {{other}} {unit.shown}, and "
        f"{frames[comoving]} in light-years it is {{ly}} ly.",
        also={"other": f"(size {factor}).to_value({unit.code}, cu.with_H0(cosmo.H0))"
              if "littleh" in unit.code else f"(size {factor}).to_value({unit.code})",
              "ly": "size.to_value(u.lyr)"})


def parallax(asked: Asked) -> Calculation | None:
    """d = 1 AU / parallax and back."""
    if not asked.says("parallax") or asked.redshifts:
        return None
    angles, lengths = asked.of("angle"), asked.of("length")
    if len(angles) == 1 and not lengths:
        angle = positive(angles[0], "A parallax")
        unit = asked.wanted("length") or UNITS["pc"]
        second = UNITS["ly" if unit.shown != "ly" else "pc"]
        return answer(asked, "distance of a parallax",
                      [f"d = ({amount_code(angle)}).to(u.pc, u.parallax())"], "d", unit,
                      f"A parallax of {amount_said(angle)} is a distance of {{value}} ({{second}} "
                      f"{second.shown}), by d/pc = 1 arcsec/parallax.",
                      also={"second": f"d.to_value({second.code})"}, cosmology=False)
    if len(lengths) == 1 and not angles:
        length = positive(lengths[0], "A distance")
        unit = asked.wanted("angle") or UNITS["mas"]
        return answer(asked, "parallax", [f"p = ({amount_code(length)}).to(u.mas, u.parallax())"],
                      "p", unit, f"At {amount_said(length)} a star has a parallax of {{value}} "
                      "({arcsec} arcsec), by parallax = 1 arcsec/(d/pc).",
                      also={"arcsec": "p.to_value(u.arcsec)"},
                      cosmology="littleh" in length.unit.code)
    return None


def _of_an_object(asked: Asked) -> float:
    z = redshifts(asked, what="an angular size")[0]
    if z == 0:
        raise ValueError("At z = 0 there is no distance, so no angle belongs to a length; please "
                         "give a redshift above 0.")
    return z


def _comoving(asked: Asked, length: Amount) -> bool:
    return length.unit.frame == "comoving" or (
        length.unit.frame != "proper" and asked.says(_COMOVING) and not asked.says("proper"))


_ANGLES = ((60.0, UNITS["arcsec"]), (3600.0, UNITS["arcmin"]), (float("inf"), UNITS["deg"]))
_LENGTHS = ((1.0, UNITS["pc"]), (1000.0, UNITS["kpc"]), (float("inf"), UNITS["Mpc"]))


def _handy(value: float, units: tuple[tuple[float, Unit], ...]) -> Unit:
    return next(unit for below, unit in units if value < below)
