"""H(z), Hubble time and distance, densities, scale factor, CMB temperature."""

from __future__ import annotations

from core.literature.assistant.calculation.answer import (
    amount_said,
    answer,
    number,
    positive,
    redshifts,
)
from core.literature.assistant.calculation.asked import Asked
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.kinds.times import asks_for_today
from core.literature.assistant.calculation.units import UNITS

__all__ = ["cmb_temperature", "density", "density_parameter", "density_ratio",
           "hubble_distance", "hubble_rate", "hubble_time", "scale_factor"]

_T0 = 2.7255  # K, Fixsen 2009, ApJ 707, 916
GYR, MPC = UNITS["Gyr"], UNITS["Mpc"]


def _redshift(asked: Asked, what: str, lowest: float = -0.999) -> float | None:
    """The redshift, 0 where today's value of a named cosmology is asked for, or None."""
    if asked.redshifts:
        return redshifts(asked, lowest=lowest, what=what)[0]
    if asked.scale_factors:
        return 1 / _checked_scale(asked.scale_factors[0]) - 1
    today = asked.cosmology.explicit or asked.wanted("density", "time", "length")
    return 0.0 if today and asks_for_today(asked) else None


def hubble_time(asked: Asked) -> Calculation | None:
    """1 / H(z)."""
    if not asked.says(r"hubble[ -]time|(?<!\w)1/h(?: #|\(|\?|$)|"
                      r"inverse (?:of the )?hubble") or asked.of("time"):
        return None
    z = _redshift(asked, "a Hubble time")
    if z is None:
        return None
    unit = asked.wanted("time") or GYR
    second = UNITS["Myr"] if unit.shown == "Gyr" else GYR
    return answer(asked, "Hubble time", [f"t = 1 / cosmo.H({number(z)})"], "t", unit,
                  f"The Hubble time 1/H at z = {z:g} is {{value}} ({{second}} {second.shown}) in "
                  "{cosmology}.", also={"second": f"t.to_value({second.code})"})


def hubble_distance(asked: Asked) -> Calculation | None:
    """c / H(z), proper."""
    if not asked.says(r"hubble[ -](?:distance|radius|length|sphere|horizon)|\bd_?h\b|"
                      r"(?<![\w/])c/h\b"):
        return None
    z = _redshift(asked, "a Hubble distance")
    if z is None:
        return None
    unit = asked.wanted("length") or MPC
    comoving = asked.says("co-?moving") or unit.frame == "comoving"
    frame, factor = ("comoving", f" * (1 + {number(z)})") if comoving else ("proper", "")
    return answer(asked, "Hubble distance", [f"d = c / cosmo.H({number(z)}){factor}"], "d", unit,
                  f"The {frame} Hubble distance c/H at z = {z:g} is {{value}} ({{second}} Gly) in "
                  "{cosmology}.", also={"second": "d.to_value(u.Glyr)"})


def hubble_rate(asked: Asked) -> Calculation | None:
    """H(z), or E(z) = H(z) / H0."""
    dimensionless = asked.says(r"\be #|\be\(z\)|h/h_?0|expansion function|normali[sz]ed hubble")
    if not dimensionless and not asked.says(
            r"hubble (?:parameter|rate|constant|expansion|function|factor)|expansion (?:rate|speed)"
            r"|rate of expansion|\bh\(z\)|\bh #|\bh (?:at|for) redshift|how fast (?:was|is|did|"
            r"does) (?:the )?universe|value of h\b|\bexpanding\b"):
        return None
    if asked.of("length", "speed", "mass", "time"):
        return None
    today = asked.cosmology.explicit and asked.says(r"\btoday\b|\bnow\b|present")
    if not asked.redshifts and not asked.scale_factors and not today:
        return None
    z = _redshift(asked, "H(z)") or 0.0
    if dimensionless:
        return answer(asked, "E(z)", [f"e = cosmo.efunc({number(z)})"], "float(e)", None,
                      f"E(z) = H(z)/H0 at z = {z:g} is {{value}} in {{cosmology}}.")
    unit = asked.wanted("rate") or UNITS["km/s/Mpc"]
    second = UNITS["1/Gyr"] if unit.shown == "km/s/Mpc" else UNITS["km/s/Mpc"]
    return answer(asked, "Hubble parameter", [f"rate = cosmo.H({number(z)})"], "rate", unit,
                  f"The Hubble parameter H at z = {z:g} is {{value}} ({{second}} {second.shown}) "
                  "in {cosmology}. That is {ratio} times today's.",
                  also={"second": f"rate.to_value({second.code})",
                        "ratio": f"cosmo.efunc({number(z)})"})


def density(asked: Asked) -> Calculation | None:
    """The critical density, or that of all matter or of baryons, proper or comoving."""
    kind = next((kind for kind in _DENSITIES if asked.says(kind[0])), None)
    if kind is None or asked.of("mass", "length") or asked.says(
            "parameter|omega|fraction|contrast"):
        return None
    z = _redshift(asked, "a density")
    if z is None:
        return None
    unit = asked.wanted("density") or UNITS["g/cm^3"]
    second = (UNITS["Msun/Mpc^3"] if unit.shown == "g/cm^3" else UNITS["g/cm^3"])
    comoving = asked.says("co-?moving") and kind[1] != "critical density"
    frame = "comoving" if comoving else "proper"
    expression = kind[2].format(z=number(z), ob=number(asked.cosmology.omega_b))
    body = [f"rho = {expression}{f' / (1 + {number(z)})**3' if comoving else ''}"]
    return answer(asked, kind[1], body, "rho", unit,
                  f"The {frame} {kind[1]} at z = {z:g} is {{value}} ({{second}} {second.shown}) in "
                  "{cosmology}. In hydrogen atoms that is {atoms} per cubic metre.",
                  also={"second": f"rho.to_value({second.code})",
                        "atoms": "rho.to_value(u.M_p / u.m**3)"})


_DENSITIES = (
    (r"dark[- ]energy density|density of (?:the )?dark energy|vacuum density",
     "dark energy density", "cosmo.Ode({z}) * cosmo.critical_density({z})"),
    (r"critical (?:mass |energy )?density|ρ_?c(?:rit)?\b|rho_?c(?:rit)?\b|density for closure",
     "critical density", "cosmo.critical_density({z})"),
    (r"baryon(?:ic)? (?:mass )?density|density of baryons", "mean baryon density",
     "{ob} * cosmo.critical_density(0) * (1 + {z})**3"),
    (r"(?:mean|average|background) (?:matter |mass |cosmic )?density|matter density|density of "
     r"(?:matter|the universe)|rho_?m\b|ρ_?m\b", "mean matter density",
     "cosmo.Om({z}) * cosmo.critical_density({z})"),
)

_PARAMETERS = (
    (r"(?<!\w)(?:ω|omega|o)_?(?:m|matter)\b|matter (?:density )?(?:parameter|fraction)|"
     r"fraction (?:of|in) matter|density parameter of matter|omega matter",
     "matter density parameter Omega_m", "Om"),
    (r"(?:ω|omega)_?[ ]?(?:λ|lambda|de|l|dark energy)\b|dark[ -]energy (?:density )?(?:parameter|"
     r"fraction)|fraction of dark energy|density parameter of (?:dark energy|the cosmological)|"
     r"cosmological[ -]constant (?:density )?(?:parameter|fraction)",
     "dark energy density parameter Omega_DE", "Ode"),
    (r"(?:ω|omega)_?(?:r|γ|gamma)\b|photon (?:density )?(?:parameter|fraction)",
     "photon density parameter", "Ogamma"),
)


def density_parameter(asked: Asked) -> Calculation | None:
    """Omega_m, Omega_DE or Omega_gamma at a redshift."""
    kind = next((kind for kind in _PARAMETERS if asked.says(kind[0])), None)
    if kind is None or asked.amounts or not (asked.redshifts or asked.scale_factors):
        return None
    z = _redshift(asked, "a density parameter") or 0.0
    return answer(asked, kind[1], [f"omega = cosmo.{kind[2]}({number(z)})"], "float(omega)", None,
                  f"The {kind[1]} at z = {z:g} is {{value}} in {{cosmology}}; today it is {{now}}.",
                  also={"now": f"cosmo.{kind[2]}(0)"})


def scale_factor(asked: Asked) -> Calculation | None:
    """a = 1 / (1 + z) and back."""
    back = asked.says(r"red-?shift|\bz\b") and asked.scale_factors and not asked.redshifts
    if back and not asked.amounts:
        a = _checked_scale(asked.scale_factors[0])
        return answer(asked, "redshift", [f"z = 1 / {number(a)} - 1"], "z", None,
                      f"The scale factor a = {a:g} belongs to redshift z = {{value}}, by "
                      "1 + z = 1/a.", cosmology=False)
    if not asked.redshifts or asked.amounts or not asked.says(
            r"scale[ -]?factor|(?:times|much) (?:smaller|larger|bigger) .{0,12}universe|"
            r"how (?:much )?(?:big|small|large|smaller|bigger)(?:er)? (?:was|"
            r"is) (?:the"
            r" )?universe|size of the universe|universe (?:was )?(?:smaller|bigger)|\ba\(z\)|\ba #|"
            r"expanded (?:since|by)|stretch"):
        return None
    z = redshifts(asked, lowest=-0.999, highest=1e12, what="a scale factor")[0]
    return answer(asked, "scale factor", [f"a = 1 / (1 + {number(z)})"], "a", None,
                  f"The scale factor at z = {z:g} is a = {{value}}, by a = 1/(1 + z) with a = 1 "
                  "today. Lengths between galaxies have grown {grown} times since.",
                  also={"grown": "1 / a"}, cosmology=False)


def density_ratio(asked: Asked) -> Calculation | None:
    """(1 + z)^3, how much denser matter was."""
    if len(asked.redshifts) != 1 or asked.amounts or not asked.says(
            r"\b(?:times|much) (?:more )?dens(?:er|e)\b|"
            r"factor .{0,20}\b(?:denser|higher .{0,12}density)") or asked.says(
            r"\b(?:halos?|cluster|star|void|core)\b"):
        return None
    z = redshifts(asked, lowest=-0.999, what="a density")[0]
    return answer(asked, "density ratio", [f"ratio = (1 + {number(z)})**3"], "ratio", None,
                  f"At z = {z:g} matter was on average {{value}} times as dense as today, by "
                  "(1 + z)^3; radiation, by (1 + z)^4, {radiation_then} times.",
                  also={"radiation_then": f"(1 + {number(z)})**4"}, cosmology=False)


def _checked_scale(a: float) -> float:
    if a <= 0:
        raise ValueError(f"A scale factor must be above zero, not {a:g}.")
    return a


def cmb_temperature(asked: Asked) -> Calculation | None:
    """T = T0 (1 + z), and the redshift at a temperature."""
    if not asked.says(r"\bcmb|photon temperature|redshift # (?:in)?to (?:a )?temperature|"
                      r"microwave background|cosmic (?:thermal |black ?body )?background(?! light)|"
                      r"background (?:radiation )?temperature|radiation "
                      r"temperature|\bt_?cmb|temperature of (?:the )?(?:universe|photons|radiation|"
                      r"background)|(?:hot|cold|warm) was (?:the )?universe|universe(?:'s)? "
                      r"temperature|relic radiation"):
        return None
    temperatures = asked.of("temperature")
    if asked.redshifts and not temperatures and asked.says(r"temperature|\bhot\b|\bt_?cmb|warm|"
                                                           r"cold|\btemp\b"):
        z = redshifts(asked, lowest=-0.999, highest=1e9, what="the CMB temperature")[0]
        unit = asked.wanted("temperature", "energy") or UNITS["K"]
        result = "(k_B * t)" if unit.kind == "energy" else "t"
        return answer(asked, "CMB temperature", [f"t = {_T0} * u.K * (1 + {number(z)})"], result,
                      unit, f"The CMB temperature at z = {z:g} is {{value}} (k_B T = {{ev}} eV), "
                      f"by T = {_T0} K (1 + z) with T0 of COBE/FIRAS (Fixsen 2009).",
                      also={"ev": "(t * 8.617333262e-5).value"}, cosmology=False)
    if len(temperatures) != 1 or asked.redshifts or not asked.says(r"red-?shift|\bz\b|when"):
        return None
    hot = positive(temperatures[0], "A temperature")
    body = [f"z = ({number(hot.value)} * {hot.unit.code} / ({_T0} * u.K)).to_value(u.one) - 1"]
    return answer(asked, "redshift", body, "z", None,
                  f"The CMB had a temperature of {amount_said(hot)} at z = {{value}}, by "
                  f"1 + z = T/{_T0} K (Fixsen 2009).", cosmology=False)


