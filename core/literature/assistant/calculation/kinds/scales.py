"""Multipole and angle; wavenumber and scale."""

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

__all__ = ["multipole", "wavenumber"]

_MULTIPOLE = r"multipole|\bells?\b|ℓ|\bl ?[=~]|\bl #|\b(?:in|what|which) l\b"
_PER = {"1/kpc": "kpc", "1/Mpc": "Mpc", "1/Gpc": "Gpc", "h/kpc": "kpc/h", "h/Mpc": "Mpc/h",
        "h/Gpc": "Gpc/h"}


def multipole(asked: Asked) -> Calculation | None:
    """l = 180 degrees / angle and back; l = k D_M(z) for a wavenumber at a redshift."""
    if not asked.says(_MULTIPOLE):
        return None
    angles, waves = asked.of("angle"), asked.of("wavenumber")
    if len(angles) == 1:
        angle = positive(angles[0], "An angle")
        return answer(asked, "multipole", [f"ell = (180 * u.deg / "
                                           f"({amount_code(angle)})).to_value(u.one)"],
                      "ell", None, f"An angle of {amount_said(angle)} corresponds to multipole "
                      "l = {value}, by l = 180°/angle. Some write 360°/angle, the full wave.",
                      cosmology=False)
    if len(waves) == 1 and asked.redshifts:
        z = redshifts(asked, what="a multipole")[0]
        wave = positive(waves[0], "A wavenumber")
        body = [f"k = {amount_code(wave)}",
                f"ell = (k * cosmo.comoving_transverse_distance({number(z)})).to_value(u.one)"]
        return answer(asked, "multipole", body, "ell", None,
                      f"The wavenumber k = {amount_said(wave)} at z = {z:g} is seen at multipole "
                      "l = {value} in {cosmology}, by l = k D_M (comoving).")
    numbers = [n for n in asked.numbers]
    if len(numbers) == 1 and asked.redshifts and not asked.amounts and (
            asked.says(r"\bk\b|wave-? ?number|limber|\bk_?perp") or asked.wanted(
                "wavenumber", "length") or asked.says("comoving|physical|length|size")):
        return _wavenumber_of(asked, numbers[0])
    if len(numbers) != 1 or asked.amounts or not asked.says(
            r"angle|angular|degree|arcm|arcs|theta|θ|scale"):
        return None
    if numbers[0] <= 0:
        raise ValueError(f"A multipole must be above zero, not {numbers[0]:g}.")
    unit = asked.wanted("angle") or (UNITS["deg"] if numbers[0] <= 180 else UNITS["arcmin"])
    second = UNITS["arcmin"] if unit.shown == "deg" else UNITS["deg"]
    return answer(asked, "angle of a multipole", [f"angle = 180 * u.deg / {number(numbers[0])}"],
                  "angle", unit, f"Multipole l = {numbers[0]:g} corresponds to an angle of "
                                 f"{{value}} "
                  f"({{second}} {second.shown}), by angle = 180°/l. Some write 360°/l, the full "
                  "wave.", also={"second": f"angle.to_value({second.code})"}, cosmology=False)


def _wavenumber_of(asked: Asked, ell: float) -> Calculation:
    """k = l / D_M(z), by Limber's approximation, and the comoving scale of it."""
    z = redshifts(asked, what="a multipole")[0]
    if ell <= 0 or z == 0:
        raise ValueError("A multipole and its redshift must be above zero.")
    body = [f"k = {number(ell)} / cosmo.comoving_transverse_distance({number(z)})"]
    unit = asked.wanted("wavenumber") or UNITS["1/Mpc"]
    second = UNITS["h/Mpc" if unit.shown != "h/Mpc" else "1/Mpc"]
    h = ", cu.with_H0(cosmo.H0)"
    if asked.wanted("length") and not asked.says(r"\bk\b|wave-? ?number"):
        unit = asked.wanted("length") or UNITS["Mpc"]
        return answer(asked, "scale of a multipole", [*body, "scale = np.pi / k"], "scale", unit,
                      f"Multipole l = {ell:g} at z = {z:g} is a comoving scale of {{value}} by "
                      "pi/k, half a wave, with k = l/D_M = {k} 1/Mpc in {cosmology}.",
                      also={"k": "k.to_value(1 / u.Mpc)"})
    return answer(asked, "wavenumber of a multipole", body, "k", unit,
                  f"Multipole l = {ell:g} at z = {z:g} is the comoving wavenumber k = {{value}} "
                  f"({{second}} {second.shown}) in {{cosmology}}, by Limber's k = l/D_M. Some "
                  "write (l + 1/2)/D_M; its wavelength 2 pi/k is {scale} Mpc.",
                  also={"second": f"k.to_value({second.code}{h})",
                        "scale": "(2 * 3.141592653589793 / k).to_value(u.Mpc)"})


def _in_another_unit(asked: Asked, wave: Amount, unit: Unit) -> Calculation:
    """A wavenumber in another unit, with its wavelength."""
    length = asked.wanted("length") or UNITS["Mpc"]
    h = ", cu.with_H0(cosmo.H0)"
    return answer(asked, "wavenumber", [f"k = {amount_code(wave)}"], "k", unit,
                  f"The wavenumber k = {amount_said(wave)} is {{value}}; its wavelength 2 pi/k is "
                  f"{{scale}} {length.shown}, with h of {{cosmology}}.",
                  also={"scale": f"(2 * 3.141592653589793 / k).to_value({length.code}"
                                 f"{h if 'littleh' in length.code else ''})"})


def wavenumber(asked: Asked) -> Calculation | None:
    """lambda = 2 pi / k and back, comoving; the number stays with its h."""
    waves, lengths = asked.of("wavenumber"), asked.of("length")
    if len(waves) == 1 and not lengths and asked.says(
            r"scale|length|size|wavelength|\bto\b|corresponds?|distance") and not asked.redshifts:
        wave = positive(waves[0], "A wavenumber")
        if wave.unit.shown not in _PER:
            return None
        unit = asked.wanted("length") or UNITS[_PER[wave.unit.shown]]
        second = UNITS["Mpc"] if unit.shown != "Mpc" else UNITS["Mpc/h"]
        body = [f"k = {amount_code(wave)}", "scale = 2 * np.pi / k"]
        if (other := asked.wanted("wavenumber")) and other != wave.unit:
            return _in_another_unit(asked, wave, other)
        return answer(asked, "scale of a wavenumber", body, "scale", unit,
                      f"The wavenumber k = {amount_said(wave)} is a comoving scale of {{value}} "
                      f"({{second}} {second.shown}), by 2 pi/k, with h of {{cosmology}}. Some "
                      f"write pi/k, half of it.",
                      also={"second": f"scale.to_value({second.code}, cu.with_H0(cosmo.H0))"
                            if "h" in second.shown else "scale.to_value(u.Mpc)"})
    if len(lengths) == 1 and not waves and asked.says(r"wave-? ?number|\bk\b|fourier"):
        length = positive(lengths[0], "A length")
        usual = UNITS["h/Mpc" if "/h" in length.unit.shown else "1/Mpc"]
        unit = asked.wanted("wavenumber") or usual
        second = UNITS["h/Mpc"] if unit.shown != "h/Mpc" else UNITS["1/Mpc"]
        h = ", cu.with_H0(cosmo.H0)"
        return answer(asked, "wavenumber", [f"k = 2 * np.pi / ({amount_code(length)})"], "k", unit,
                      f"A scale of {amount_said(length)} is the wavenumber k = {{value}} "
                      f"({{second}} {second.shown}), by k = 2 pi/scale, with h of {{cosmology}}.",
                      also={"second": f"k.to_value({second.code}{h})"})
    return None
