"""Comoving volumes: to a redshift, between two, in a part of the sky, and per redshift."""

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
from core.literature.assistant.calculation.units import UNITS, Unit

__all__ = ["volume"]

_FULL_SKY = 41252.96  # square degrees


def volume(asked: Asked) -> Calculation | None:
    """A comoving volume."""
    if not asked.redshifts or asked.says("densit"):
        return None
    if not asked.says(r"volume(?! ?-?(?:averaged|weighted|fraction))|"
                      r"\bdv_?c?/dz") and not asked.wanted("volume"):
        return None
    if asked.of("length", "mass", "time", "speed"):
        return None
    zs = sorted(redshifts(asked, what="a volume"))
    if asked.says(r"differential|dv_?c?/dz|per (?:unit )?redshift"):
        return _differential(asked, zs[0])
    if zs[-1] == 0:
        raise ValueError("There is no volume out to z = 0; please give a redshift above 0.")
    low, high = (zs[0], zs[-1]) if len(zs) > 1 else (0.0, zs[0])
    body = [f"v = cosmo.comoving_volume({number(high)})"
            + (f" - cosmo.comoving_volume({number(low)})" if low else "")]
    areas = asked.of("solid angle", "angle")
    where = "over the whole sky"
    if areas:
        body += _part(asked)
        where = f"in {_area_said(asked)}"
    elif asked.says(r"half (?:of )?the sky|hemisphere"):
        body.append("v = v / 2")
        where = "over half the sky"
    trial = answer(asked, "", body, "v", UNITS["Gpc^3"], "")
    unit = asked.wanted("volume") or UNITS["Gpc^3" if trial.value > 1e-3 else "Mpc^3"]
    second = UNITS["Mpc^3"] if unit.shown != "Mpc^3" else UNITS["Gpc^3"]
    span = f"between z = {low:g} and z = {high:g}" if low else f"out to z = {high:g}"
    return answer(asked, "comoving volume", body, "v", unit,
                  f"The comoving volume {span} {where} is {{value}} ({{second}} {second.shown}) in "
                  "{cosmology}.", also={"second": f"v.to_value({second.code})"})


def _part(asked: Asked) -> list[str]:
    areas = [positive(a, "A sky area") for a in asked.of("solid angle", "angle")]
    if areas[0].kind == "angle":  # "a field of 10 arcmin by 10 arcmin", or of 1 degree a side
        sides = [amount_code(a) for a in (areas * 2)[:2]]
        return [f"area = ({sides[0]}) * "
                f"({sides[1]})", "v = v * (area / (4 * np.pi * u.sr)).to(u.one)"]
    limit = {"u.deg**2": _FULL_SKY, "u.sr": 12.5664}.get(areas[0].unit.code, float("inf"))
    if areas[0].value > limit * 1.0005:
        raise ValueError(f"The whole sky has {limit:,.0f} {areas[0].unit.shown}; an area must be "
                         "smaller.")
    return [f"area = {amount_code(areas[0])}", "v = v * (area / (4 * np.pi * u.sr)).to(u.one)"]


def _area_said(asked: Asked) -> str:
    areas = asked.of("solid angle", "angle")
    if areas[0].kind == "angle":
        return " by ".join(amount_said(a) for a in (areas * 2)[:2])
    return amount_said(areas[0])


def _differential(asked: Asked, z: float) -> Calculation:
    unit = Unit("u.Mpc**3 / u.sr", "Mpc^3/sr", "differential volume")
    return answer(asked, "differential comoving volume",
                  [f"v = cosmo.differential_comoving_volume({number(z)})"], "v", unit,
                  f"The differential comoving volume dV/dz/dOmega at z = {z:g} is {{value}} per "
                  "unit redshift, or {all} Gpc^3 over the whole sky, in {cosmology}.",
                  also={"all": "4 * 3.141592653589793 * v.to_value(u.Gpc**3 / u.sr)"})
