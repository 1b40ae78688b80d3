"""Dishes and arrays: angular resolution lambda/D, the baseline for one, the k of a baseline,
the comoving depth of a bandwidth of the 21 cm line."""

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
from core.literature.assistant.calculation.spectral_lines import LINES, Line
from core.literature.assistant.calculation.units import UNITS

__all__ = ["bandwidth_depth", "baseline_for", "baseline_wavenumber", "resolution"]

_RESOLUTION = (r"resolution|resolv|(?:λ|lambda) ?/ ?d\b|diffraction|\bbeam|fwhm|field of view|"
               r"\bfov\b|angular scale|angular size")
_INSTRUMENT = (r"dish|baseline|\barray|telescope|aperture|mirror|interferomet|antenna|station|beam|"
               r"diameter|(?:λ|lambda) ?/ ?d\b|radius of the|resolution|diffraction")
_MADE = ("m", "km", "cm", "mm", "μm", "nm", "Å")
_HYDROGEN = next(line for line in LINES if line.name == "21 cm line")


def _sizes(asked: Asked) -> list[Amount]:
    """Lengths of instruments and waves, the longest first."""
    lengths = [positive(a, "A length") for a in asked.of("length") if a.unit.shown in _MADE]
    metres = {"m": 1.0, "km": 1e3, "cm": 1e-2, "mm": 1e-3, "μm": 1e-6, "nm": 1e-9, "Å": 1e-10}
    return sorted(lengths, key=lambda a: -a.value * metres[a.unit.shown])


def _wave(asked: Asked, lengths: list[Amount]) -> tuple[list[str], str] | None:
    """Lines of Python for the observed wavelength, and what it is in words."""
    frequencies = asked.of("frequency")
    if frequencies:
        wave = positive(frequencies[0], "A frequency")
        return [f"wave = ({amount_code(wave)}).to(u.m, u.spectral())"], amount_said(wave)
    if lengths:
        return [f"wave = {amount_code(lengths[0])}"], f"a wavelength of {amount_said(lengths[0])}"
    if not asked.redshifts and not asked.line:
        return None
    z = redshifts(asked, what="a line")[0] if asked.redshifts else 0.0
    line: Line = asked.line or _HYDROGEN
    assumed = "" if asked.line else " (assumed, since no wavelength was given)"
    rest = f"({number(line.rest)} * {UNITS[line.unit].code}).to(u.m, u.spectral())"
    return [f"wave = {rest} * (1 + {number(z)})"], f"the {line.name} from z = {z:g}{assumed}"


def resolution(asked: Asked) -> Calculation | None:
    """lambda / D for an array, with 1.22 lambda / D for a filled dish."""
    if not asked.says(_RESOLUTION) or not asked.says(_INSTRUMENT) or asked.of("angle", "mass"):
        return None
    sizes = _sizes(asked)
    if not sizes or sizes[0].unit.shown not in ("m", "km", "cm"):
        return None
    wave = _wave(asked, sizes[1:])
    if wave is None:
        raise ValueError("For an angular resolution the wavelength or frequency is needed besides "
                         f"{amount_said(sizes[0])}, or a redshift and a line.")
    dish = asked.says(r"dish|mirror|aperture|telescope") and not asked.says("array|baseline|interf")
    body = [*wave[0], f"size = {amount_code(sizes[0])}",
            f"angle = ({'1.22 * ' * dish}wave / size).to_value(u.one) * u.rad"]
    trial = answer(asked, "", body, "angle", UNITS["arcsec"], "", cosmology=False).value
    handy = next(UNITS[unit] for below, unit in
                 ((60, "arcsec"), (3600, "arcmin"), (float("inf"), "deg")) if trial < below)
    also = {"other": f"(angle {'/' if dish else '*'} 1.22).to_value("
                     f"{(asked.wanted('angle') or handy).code})"}
    unit = asked.wanted("angle") or handy
    law = ("1.22 lambda/D, the radius of the first dark ring" if dish
           else "lambda/D with the longest baseline")
    other = "lambda/D alone" if dish else "1.22 lambda/D, for a filled dish,"
    z = asked.redshifts[0] if asked.redshifts else 0.0
    seen = ""
    if z > 0:
        seen = f" At z = {z:g} it spans {{size}} Mpc (comoving) in {{cosmology}}."
        far = f"cosmo.comoving_transverse_distance({number(z)})"
        also["size"] = f"(angle.to_value(u.rad) * {far}).to_value(u.Mpc)"
    return answer(asked, "angular resolution", body, "angle", unit,
                  f"A size of {amount_said(sizes[0])} resolves {{value}} at {wave[1]}, by {law}; "
                  f"{other} gives {{other}} {unit.shown}.{seen}", also=also, cosmology=z > 0)


def baseline_for(asked: Asked) -> Calculation | None:
    """The baseline or dish for an angle, lambda / angle."""
    angles = asked.of("angle")
    if len(angles) != 1 or not asked.says(
            r"baseline|(?:size|diameter|big|large) .{0,30}(?:dish|telescope|array|aperture)|"
            r"(?:dish|telescope|array|aperture) (?:size|diameter)") or not asked.says(
            r"what|which|how (?:long|big|large)|need"):
        return None
    if any(size.unit.shown in ("km",) for size in _sizes(asked)):
        return None
    wave = _wave(asked, _sizes(asked))
    if wave is None:
        return None
    angle = positive(angles[0], "An angle")
    body = [*wave[0], f"size = wave / ({amount_code(angle)}).to_value(u.rad)"]
    return answer(asked, "baseline", body, "size", asked.wanted("length") or UNITS["m"],
                  f"To resolve {amount_said(angle)} at {wave[1]} takes a baseline of {{value}}, by "
                  "lambda/angle; a filled dish needs 1.22 times that, {dish} m.",
                  also={"dish": "1.22 * size.to_value(u.m)"}, cosmology=False)


def baseline_wavenumber(asked: Asked) -> Calculation | None:
    """k_perp = 2 pi b / (lambda D_M) of a baseline and the 21 cm line."""
    sizes = _sizes(asked)
    if not asked.redshifts or len(sizes) != 1 or not asked.says("baseline") or not asked.says(
            r"\bk\b|k_?perp|k_?⊥|wave-? ?number|multipole|\bell\b|mode") or asked.of("frequency"):
        return None
    z = redshifts(asked, what="a baseline's wavenumber")[0]
    wave = _wave(asked, [])
    if z == 0 or wave is None:
        raise ValueError("A baseline's wavenumber needs a redshift above 0.")
    body = [*wave[0], f"u_lambda = ({amount_code(sizes[0])} / wave).to_value(u.one)",
            f"k = 2 * np.pi * u_lambda / cosmo.comoving_transverse_distance({number(z)})"]
    unit = asked.wanted("wavenumber") or UNITS["h/Mpc"]
    return answer(asked, "k of a baseline", body, "k", unit,
                  f"A baseline of {amount_said(sizes[0])} sees k_perp = {{value}} ({{mpc}} 1/Mpc) "
                  f"in {wave[1]}, by 2 pi b/(lambda D_M) in {{cosmology}}. That is multipole "
                  "{ell}.", also={"mpc": "k.to_value(1 / u.Mpc)", "ell": "2 * 3.141592653589793 * "
                                                                         "u_lambda"})


def bandwidth_depth(asked: Asked) -> Calculation | None:
    """c (1 + z)^2 dnu / (nu_rest H(z)): the comoving depth of a bandwidth."""
    frequencies = asked.of("frequency")
    if len(frequencies) != 1 or not asked.redshifts or not asked.says(
            r"bandwidth|channel|depth|line[- ]of[- ]sight|radial|comoving (?:length|distance|"
            r"size|scale)|frequency (?:resolution|width|interval)|thick") or asked.says(
            r"observed at #frequency|rest"):
        return None
    z = redshifts(asked, what="a bandwidth")[0]
    width, line = positive(frequencies[0], "A bandwidth"), asked.line or _HYDROGEN
    if UNITS[line.unit].kind != "frequency" or re.search("angular|resolution of", asked.words):
        return None
    assumed = "" if asked.line else " The 21 cm line is assumed, since no line was named."
    body = [f"rest = {number(line.rest)} * {UNITS[line.unit].code}",
            f"depth = c * (1 + {number(z)})**2 * ({amount_code(width)}) / (rest * "
            f"cosmo.H({number(z)}))"]
    unit = asked.wanted("length") or UNITS["Mpc"]
    return answer(asked, "comoving depth of a bandwidth", body, "depth", unit,
                  f"A bandwidth of {amount_said(width)} in the {line.name} at z = {z:g} is a "
                  "comoving depth of {value} in {cosmology}, by c (1 + z)^2 dnu/(nu_rest H)."
                  f"{assumed}")
