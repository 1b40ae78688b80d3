"""Boxes of simulations: mass of a particle, smallest and largest wavenumber, size of a cell."""

from __future__ import annotations

import re

from core.literature.assistant.calculation.answer import (
    amount_code,
    amount_said,
    answer,
    number,
    positive,
)
from core.literature.assistant.calculation.asked import Amount, Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.units import UNITS

__all__ = ["box_volume", "box_wavenumber", "cell_size", "particle_mass", "particle_number"]

_CUBED = re.compile(r"(?<![\w.])(\d{1,6}) ?(?:\^ ?3|\*\* ?3|cubed)(?!\d)", re.I)
_TIMES = re.compile(r"(?<![\w.])(\d{1,6}) ?[x×*] ?(\d{1,6}) ?[x×*] ?(\d{1,6})(?![\w.])", re.I)
_SIDE = re.compile(
    r"(?<![\w.^])(\d{1,6}) ?(?:\w+ )?(?:particles|cells|voxels|pixels|grid ?(?:points|cells)?|mesh)"
    r"(?: cells| points)? ?(?:on|along|per|a|each|in each)", re.I)
_ALL = re.compile(r"(?<![\w.^])(\d{1,12}(?:\.\d{1,6})?(?:e\d{1,2})?) ?(?:\w+ )?(?:particles|cells|"
                  r"voxels)", re.I)
_N = re.compile(r"\bN(?:_?(?:p(?:art)?|grid|side|mesh|cells?|g))? ?= ?(\d{1,6})(?![\w.^]|\.\d)")
_BOX = r"\bbox|nyquist|fundamental|simulation|\bsim\b|n-?body|cube|" \
       r"\bgrid|\bmesh|particle|voxel|periodic|pixel|\bmap|\bl_?box|cells"


def _box(asked: Asked) -> Amount | None:
    lengths = [a for a in asked.of("length") if a.unit.shown.split("/")[0].endswith("pc")]
    if len(lengths) != 1 or asked.redshifts and asked.says("subtend|angle|angular") or not (
            asked.says(_BOX)):
        return None
    return positive(lengths[0], "The side of a box")


def _per_side(asked: Asked) -> float | None:
    """The number of particles or cells along a side."""
    if found := _CUBED.search(asked.text):
        return float(found[1])
    if (found := _TIMES.search(asked.text)) and found[1] == found[2] == found[3]:
        return float(found[1])
    if found := _SIDE.search(asked.text) or _N.search(asked.text):
        return float(found[1])
    found = _ALL.search(asked.text)
    return round(float(found[1]) ** (1 / 3), 6) if found else None


def _checked_side(asked: Asked, what: str) -> float:
    side = _per_side(asked)
    if side is None or side < 1:
        raise ValueError(f"For {what} the number of particles or cells is needed besides the box, "
                         "for example 1024^3.")
    return side


_MASS = r"particle[- ]mass|mass (?:of|per) (?:a |each |one |the |dm |dark matter )*particle|" \
        r"mass resolution|particles? (?:weigh|have what mass)|\bm_?(?:p|part|particle)\b|" \
        r"heavy is (?:a|each|one) (?:\w+ ){0,2}particle|massive (?:is|are) (?:\w+ ){0,3}particle"


def particle_mass(asked: Asked) -> Calculation | None:
    """Omega_m rho_crit,0 L^3 / N."""
    box = _box(asked)
    if box is None or asked.of("mass") or not asked.says(_MASS):
        return None
    side = _checked_side(asked, "the mass of a particle")
    unit = asked.wanted("mass") or UNITS["Msun/h" if "/h" in box.unit.shown else "Msun"]
    second = UNITS["Msun" if unit.shown != "M_sun" else "Msun/h"]
    body = [f"side = {amount_code(box)}",
            f"m = cosmo.Om0 * cosmo.critical_density0 * side**3 / {number(side)}**3"]
    return answer(asked, "particle mass", body, "m", unit,
                  f"A particle of {side:g}^3 in a box of {amount_said(box)} has a mass of {{value}}"
                  f" ({{second}} {second.shown}) in {{cosmology}}. All matter is in the particles: "
                  "m = Omega_m rho_crit L^3/N.",
                  also={"second": "m.to_value(u.M_sun)" + " * cosmo.h" * ("/h" in second.shown)})


def particle_number(asked: Asked) -> Calculation | None:
    """How many particles of a mass fill a box."""
    box, masses = _box(asked), asked.of("mass")
    if box is None or len(masses) != 1 or not asked.says(r"how many particles|number of particles|"
                                                          r"particle number|particles (?:do|are)"):
        return None
    mass = positive(masses[0], "A mass")
    body = [f"side = {amount_code(box)}", f"m = {amount_code(mass)}",
            "n = (cosmo.Om0 * cosmo.critical_density0 * side**3 / m).to_value(u.one)"]
    return answer(asked, "number of particles", body, "n", None,
                  f"A box of {amount_said(box)} holds {{value}} particles of {amount_said(mass)}, "
                  "that is {side}^3, in {cosmology}. All matter is in the particles.",
                  also={"side": "n**(1 / 3)"})


def box_wavenumber(asked: Asked) -> Calculation | None:
    """The fundamental wavenumber 2 pi / L and the Nyquist wavenumber pi N / L."""
    box = _box(asked)
    nyquist = asked.says(r"nyquist|\bk_?ny|k_?max|largest (?:\w+ )?(?:k\b|wave)|"
                         r"maximum (?:k\b|wave)|highest (?:k\b|wave)")
    fundamental = asked.says(r"fundamental|\bk_?(?:f|min)\b|smallest (?:\w+ )?(?:k\b|wave)|minimum "
                             r"(?:k\b|wave)|lowest (?:k\b|wave)|largest (?:mode|wavelength|scale)")
    if box is None or not (nyquist or fundamental):
        return None
    side = _checked_side(asked, "the Nyquist wavenumber") if nyquist else _per_side(asked)
    usual = UNITS["h/Mpc" if "/h" in box.unit.shown else "1/Mpc"]
    unit = asked.wanted("wavenumber") or usual
    h = ", cu.with_H0(cosmo.H0)"
    body = [f"side = {amount_code(box)}"]
    texts = {"fundamental": "The fundamental wavenumber 2 pi/L", "nyquist":
             f"The Nyquist wavenumber pi N/L with N = {side or 0:g} a side"}
    forms = {"fundamental": "2 * np.pi / side", "nyquist": f"np.pi * {number(side or 1)} / side"}
    first, other = ("nyquist", "fundamental") if nyquist and not (
        fundamental and _first_is_fundamental(asked)) else ("fundamental", "nyquist")
    more = f" {texts[other]} is {{other}} {unit.shown}." if side else ""
    with_h = h if "littleh" in unit.code else ""
    second = UNITS["1/Mpc" if unit.shown != "1/Mpc" else "h/Mpc"]
    return answer(asked, f"{first} wavenumber", [*body, f"k = {forms[first]}"], "k", unit,
                  f"{texts[first]} of a box of {amount_said(box)} is {{value}} ({{second}} "
                  f"{second.shown}), with h of {{cosmology}}.{more}",
                  also={"second": f"k.to_value({second.code}{h})",
                        "other": f"({forms[other]}).to_value({unit.code}{with_h})"})


def _first_is_fundamental(asked: Asked) -> bool:
    nyquist = re.search(r"nyq|k_?ny|k_?max|largest k|maximum|highest", asked.words)
    low = re.search(r"fundamental|k_?f\b|k_?min|smallest|minimum|lowest", asked.words)
    return bool(nyquist and low and low.start() < nyquist.start())


def cell_size(asked: Asked) -> Calculation | None:
    """L / N."""
    box = _box(asked)
    if box is None or asked.of("mass") or not asked.says(
            r"(?:cell|voxel|pixel|grid|mesh) ?(?:size|spacing|scale|width|side)|spatial "
            r"resolution|inter-?particle|particle (?:spacing|separation|distance)|size of (?:a |"
            r"each |one |the )*(?:cell|voxel|pixel)|(?:large|big|wide|small) is (?:a|each|one|the) "
            r"(?:\w+ )?(?:cell|voxel|pixel)|resolution"):
        return None
    side = _checked_side(asked, "the size of a cell")
    own = box.unit if "littleh" not in box.unit.code else UNITS["Mpc/h"]
    unit = asked.wanted("length") or own
    unit = own if unit.kind != "length" else unit
    second = UNITS["Mpc" if unit.shown != "Mpc" else "Mpc/h"]
    return answer(asked, "size of a cell", [f"cell = ({amount_code(box)}) / {number(side)}"],
                  "cell", unit,
                  f"A box of {amount_said(box)} with {side:g}^3 cells or particles has one every "
                  f"{{value}} ({{second}} {second.shown}), with h of {{cosmology}}.",
                  also={"second": "cell.to_value(u.Mpc)" + " * cosmo.h" * ("/h" in second.shown)})


def box_volume(asked: Asked) -> Calculation | None:
    """L^3."""
    box = _box(asked)
    if box is None or asked.redshifts or not asked.says(r"\bvolume"):
        return None
    unit = asked.wanted("volume") or UNITS["(Gpc/h)^3" if "/h" in box.unit.shown else "Gpc^3"]
    second = UNITS["Gpc^3" if unit.shown != "Gpc^3" else "(Gpc/h)^3"]
    return answer(asked, "volume of a box", [f"v = ({amount_code(box)})**3"], "v", unit,
                  f"A box of {amount_said(box)} has a volume of {{value}} ({{second}} "
                  f"{second.shown}), with h of {{cosmology}}.",
                  also={"second": "v.to_value(u.Gpc**3)" + " * cosmo.h**3" * (
                      "/h" in second.shown)})
