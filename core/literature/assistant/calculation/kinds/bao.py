"""Distances in units of the sound horizon r_d, as BAO measure them, and Alcock-Paczynski's."""

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
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.kinds.sound_horizon import FIT, fit_of_r_d

__all__ = ["alcock_paczynski", "distance_over_sound_horizon"]

_RD = r"r_?(?:d(?:rag)?|s)\b"
_RATIO = re.compile(
    rf"\bd_?(?P<kind>[vmhacl])\b(?:\(z\)|\(redshift #\)|[ (]*(?:redshift )?#\)?)?"
    rf"(?: at redshift #)? ?(?:/|over|divided by|in units of|to) ?(?:the )?(?:{_RD}|sound horizon)")
_SURVEY = re.compile(r"\b(?:DES|DESI|e?BOSS|SDSS|6dF\w{0,3}|WiggleZ|Euclid)\b")  # measured it
_WORDS = ((r"volume[- ]averaged", "v"), (r"transverse|angular diameter", "m"),
          (r"hubble distance|radial", "h"))
_OVER = re.compile(rf"(?:ratio|over|divided by|in units of) .{{0,60}}(?:{_RD}|sound horizon)")
_FORMS = {
    "m": ("D_M/r_d", "cosmo.comoving_transverse_distance({z})"),
    "c": ("D_C/r_d", "cosmo.comoving_distance({z})"),
    "a": ("D_A/r_d", "cosmo.angular_diameter_distance({z})"),
    "l": ("D_L/r_d", "cosmo.luminosity_distance({z})"),
    "h": ("D_H/r_d", "c / cosmo.H({z})"),
    "v": ("D_V/r_d", "(cosmo.comoving_transverse_distance({z})**2 * {z} * c / cosmo.H({z}))"
                     "**(1 / 3)"),
}


def _kind(asked: Asked) -> str | None:
    if found := _RATIO.search(asked.words):
        return found["kind"]
    if _OVER.search(asked.words):
        return next((kind for words, kind in _WORDS if asked.says(words)), None)
    return None


def distance_over_sound_horizon(asked: Asked) -> Calculation | None:
    """D_V, D_M, D_H or D_A at a redshift over r_d, which is given or that of the cosmology."""
    kind = _kind(asked)
    if kind is None or not asked.redshifts or _SURVEY.search(asked.whole):
        return None
    z = redshifts(asked, what="a BAO distance")[0]
    if z == 0:
        raise ValueError("At z = 0 a BAO distance is zero; please give a redshift above 0.")
    name, form = _FORMS[kind]
    lengths = asked.of("length")
    if lengths:
        ruler = positive(lengths[0], "The sound horizon")
        body, how = [f"r_d = {amount_code(ruler)}"], f"r_d = {amount_said(ruler)}"
    elif "rd" in asked.words.replace("_", "") and (given := _bare(asked)):
        body, how = [f"r_d = {number(given)} * u.Mpc"], f"r_d = {given:g} Mpc"
    else:
        body, how = fit_of_r_d(asked), f"r_d = {{rd}} Mpc by {FIT}"
    body += [f"d = {form.format(z=number(z))}", "ratio = (d / r_d).to_value(u.one)"]
    return answer(asked, name, body, "ratio", None,
                  f"{name} = {{value}} at z = {z:g} in {{cosmology}}, with {how}. The distance is "
                  "{d} Mpc.", also={"d": "d.to_value(u.Mpc)", "rd": "r_d.to_value(u.Mpc)"})


def _bare(asked: Asked) -> float | None:
    """A sound horizon in Mpc that has no unit: "rd = 147"."""
    found = re.search(r"\br_?d(?:rag)? ?(?:=|of|is|:) ?(\d{2,3}(?:\.\d{1,4})?)", asked.whole)
    return float(found[1]) if found and 50 < float(found[1]) < 300 else None


def alcock_paczynski(asked: Asked) -> Calculation | None:
    """F_AP = D_M / D_H."""
    if not asked.redshifts or asked.amounts or not asked.says(
            r"alcock|\bf_?ap\b|\bd_?m ?/ ?d_?h\b"):
        return None
    z = redshifts(asked, what="F_AP")[0]
    return answer(asked, "Alcock-Paczynski parameter",
                  [f"f = (cosmo.comoving_transverse_distance({number(z)}) * cosmo.H({number(z)}) / "
                   "c).to_value(u.one)"], "f", None,
                  f"The Alcock-Paczynski parameter F_AP = D_M H/c at z = {z:g} is {{value}} in "
                  "{cosmology}.")
