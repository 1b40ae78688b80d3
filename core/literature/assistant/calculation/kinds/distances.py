"""Distances to a redshift and between two, and the redshift at a distance (Hogg 1999,
arXiv:astro-ph/9905116)."""

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
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS, Unit

__all__ = ["distance", "distance_in_a_unit", "redshift_at_distance"]

MPC, GLY = UNITS["Mpc"], UNITS["Gly"]
MAG = Unit("u.mag", "mag", "magnitude")


@dataclass(frozen=True)
class _Kind:
    pattern: str
    name: str
    code: str
    note: str = ""
    inverse: str = ""


_DISTANCE = (
    _Kind(r"distance[ -]modul(?:us|i)|\bmu #|μ #|\bdm at redshift", "distance modulus",
          "cosmo.distmod({z})", inverse="cosmo.distmod"),
    _Kind(r"luminosity[ -]dist|\bd_?l\b|\blum\.? dist|lumdist", "luminosity distance",
          "cosmo.luminosity_distance({z})", inverse="cosmo.luminosity_distance"),
    _Kind(r"angular[ -](?:diam\w*|size)[ -](?:\w+ )?dist|\bd_?a\b|angular dist|diameter distance",
          "angular diameter distance", "cosmo.angular_diameter_distance({z})",
          inverse="cosmo.angular_diameter_distance"),
    _Kind(r"transverse[ -]co-?moving|co-?moving (?:angular|transverse)|\bd_?m\b|proper motion dist",
          "transverse comoving distance", "cosmo.comoving_transverse_distance({z})",
          inverse="cosmo.comoving_transverse_distance"),
    _Kind(r"light[ -]?travel(?:led|ed|ling|ing)?[ -]?(?:time )?dist|look-?back dist|"
          r"distance (?:that )?(?:the )?light (?:has )?travel|"
          r"how far .{0,20}light .{0,25}travel", "light-travel distance",
          "cosmo.lookback_distance({z})", "the look-back time multiplied by the speed of light",
          inverse="cosmo.lookback_distance"),
    _Kind(r"\bd_?v\b|volume[ -]averaged? (?:bao )?dist|"
          r"bao distance", "volume-averaged distance D_V",
          "(cosmo.comoving_transverse_distance({z})**2 * {z} * c / cosmo.H({z}))**(1 / 3)",
          "(D_M^2 c z / H)^(1/3)"),
    _Kind(r"when (?:its|the|that) light (?:left|was emitted|started|set out)|at (?:the time of )?"
          r"emission|distance then", "proper distance at emission",
          "cosmo.comoving_distance({z}) / (1 + {z})", "when the light left"),
    _Kind(r"proper dist|physical dist", "proper distance", "cosmo.comoving_distance({z})",
          "measured today, when it equals the line-of-sight comoving distance",
          inverse="cosmo.comoving_distance"),
    _Kind(r"co-?moving.{0,30}dist|\bd_?c\b|\bcosmological distance|radial dist|"
          r"line[ -]of[ -]sight dist|"
          r"\bdistances?\b|how (?:far|distant)|\bfar away\b|\bhow many (?:light[- ]?years|[kmg]?pc|"
          r"\w*parsecs?|[mg]ly)\b", "comoving distance", "cosmo.comoving_distance({z})",
          "along the line of sight", inverse="cosmo.comoving_distance"),
)
_NOT_A_DISTANCE = (r"hubble (?:distance|radius|length)|how far back|horizon|"
                   r"co-?moving (?:volume|size)")


def distance(asked: Asked) -> Calculation | None:
    """A distance to a redshift or between two."""
    if not asked.redshifts or asked.says(_NOT_A_DISTANCE) or asked.of("speed"):
        return None
    kind = next((kind for kind in _DISTANCE if asked.says(kind.pattern)), None)
    if kind is None or (asked.amounts and not _bare(kind, asked)):
        return None
    zs = redshifts(asked, what=f"a {kind.name}")
    apart = re.search(r"between|from|separat|apart|differen|\d ?- ?\d|<", asked.text.lower())
    if len(zs) == 2 and zs[0] != zs[1] and apart and kind.name != "distance modulus":
        return _between(asked, kind, min(zs), max(zs))
    return _to(asked, kind, zs[0])


def distance_in_a_unit(asked: Asked) -> Calculation | None:
    """The comoving distance, where only a redshift and a unit are given: "z = 1 in Mpc"."""
    unit = asked.wanted("length")
    if len(asked.redshifts) != 1 or asked.amounts or asked.numbers or unit is None:
        return None
    if not unit.shown.split("/")[0].endswith(("pc", "ly")) or not asked.says(
            r"^(?:#|what(?: is|'s) (?:#|redshift|z)|convert|redshift)") or len(asked.words) > 40:
        return None
    return _to(asked, _DISTANCE[-1], redshifts(asked, what="a distance")[0])


def _bare(kind: _Kind, asked: Asked) -> bool:
    return all(amount.kind in ("time",) for amount in asked.amounts)


def _to(asked: Asked, kind: _Kind, z: float) -> Calculation:
    body = [f"d = {kind.code.format(z=number(z))}"]
    if kind.name == "distance modulus":
        if z == 0:
            raise ValueError("The distance modulus of z = 0 is not finite; give a redshift above "
                             "0.")
        return answer(
            asked, kind.name, body, "d", MAG,
            f"The distance modulus to z = {z:g} is {{value}} in {{cosmology}}. It belongs to a "
            f"luminosity distance of {{mpc}} Mpc; no K-correction is in it.",
            also={"mpc": f"cosmo.luminosity_distance({number(z)}).to_value(u.Mpc)"})
    unit = asked.wanted("length") or MPC
    second = MPC if "lyr" in unit.code else GLY
    with_h = ", cu.with_H0(cosmo.H0)" if "littleh" in unit.code else ""
    note = f" ({kind.note})" if kind.note else ""
    more = _beside(kind, z)
    zs = asked.redshifts[1:2]
    more += f" To z = {zs[0]:g} it is {{next}} {unit.shown}." if zs else ""
    return answer(
        asked, kind.name, body, "d", unit,
        f"The {kind.name}{note} to z = {z:g} is {{value}} ({{second}} {second.shown}) in "
        f"{{cosmology}}.{more}",
        also={"second": f"d.to_value({second.code})",
              "next": f"({kind.code.format(z=number((*zs, z)[0]))}).to_value({unit.code}{with_h})",
              "light": f"cosmo.lookback_distance({number(z)}).to_value(u.Glyr)"})


def _beside(kind: _Kind, z: float) -> str:
    if kind.name == "comoving distance":
        return " Its light travelled for {light} Gyr." if z else ""
    return ""


def _between(asked: Asked, kind: _Kind, near: float, far: float) -> Calculation:
    one, two = number(near), number(far)
    unit = asked.wanted("length") or MPC
    second = MPC if "lyr" in unit.code else GLY
    if kind.name == "angular diameter distance":
        body = [f"d = cosmo.angular_diameter_distance({one}, {two})"]
        name = f"angular diameter distance of z = {far:g} as seen from z = {near:g}"
    elif kind.name in ("light-travel "
                       "distance", "luminosity distance", "volume-averaged distance D_V"):
        body = [f"d = {kind.code.format(z=two)} - {kind.code.format(z=one)}"]
        name = f"difference of the {kind.name}s to z = {near:g} and z = {far:g}"
    else:
        body = [f"d = cosmo.comoving_distance({two}) - cosmo.comoving_distance({one})"]
        name = f"comoving distance along the line of sight between z = {near:g} and z = {far:g}"
    return answer(asked, kind.name, body, "d", unit,
                  f"The {name} is {{value}} ({{second}} {second.shown}) in {{cosmology}}.",
                  also={"second": f"d.to_value({second.code})"})


def redshift_at_distance(asked: Asked) -> Calculation | None:
    """The redshift at a comoving, luminosity, light-travel ... distance or distance modulus."""
    if asked.redshifts or not asked.says(r"\bredshift|\bz\b") or asked.of("speed", "angle"):
        return None
    kind = next((kind for kind in _DISTANCE if asked.says(kind.pattern) and kind.inverse), None)
    lengths = asked.of("length")
    if kind is None and lengths and _is_a_distance(asked):
        kind = _DISTANCE[-1]
    if kind is None or len(lengths) > 1:
        return None
    if kind.name == "distance modulus":
        return _at_modulus(asked, kind)
    if not lengths:
        return None
    length = positive(lengths[0], "A distance")
    bounds = (", zmin=1e-8, zmax=1000" if kind.name != "angular diameter distance"
              else ", zmin=1e-8, zmax=1.5")
    body = [f"z = z_at_value({kind.inverse}, {amount_code(length)}{bounds})"]
    branch = (" (the nearer of the two that have it)"
              if kind.name == "angular diameter distance" else "")
    return answer(asked, "redshift", body, "float(z)", None,
                  f"{_a(kind.name)} of {amount_said(length)} is reached at z = {{value}}{branch} "
                  f"in {{cosmology}}. The light travelled for {{light}} Gyr.",
                  also={"light": "cosmo.lookback_time(z).to_value(u.Gyr)"},
                  impossible=f"No redshift has a {kind.name} of {amount_said(length)}; please give "
                             "a smaller one.")


def _is_a_distance(asked: Asked) -> bool:
    """Whether a length is how far away something is: "the redshift of a galaxy at 100 Mpc"."""
    cosmic = asked.of("length")[0].unit.shown.split("/")[0].endswith(("pc", "ly"))
    return cosmic and asked.says(r"away|\b(?:at|is|of)(?: an?)? #length") and not asked.says(
        r"bao|scale|cluster|correl|void|\bbox|size|radius|wide|diameter|law|veloc|recession")


def _a(name: str) -> str:
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name}"


def _at_modulus(asked: Asked, kind: _Kind) -> Calculation | None:
    magnitudes = [a.value for a in asked.of("magnitude")] or list(asked.numbers)
    if len(magnitudes) != 1:
        return None
    body = [f"z = z_at_value(cosmo.distmod, {number(magnitudes[0])} * u.mag, zmin=1e-8, zmax=1000)"]
    return answer(asked, "redshift", body, "float(z)", None,
                  f"A distance modulus of {magnitudes[0]:g} mag is reached at z = {{value}} in "
                  f"{{cosmology}}. The luminosity distance is {{mpc}} Mpc.",
                  also={"mpc": "cosmo.luminosity_distance(z).to_value(u.Mpc)"},
                  impossible=f"No redshift has a distance modulus of {magnitudes[0]:g} mag; usual "
                             "ones lie between 30 and 50.")
