"""Ages, look-back times, the time between two redshifts, and the redshift at a time."""

from __future__ import annotations

import math

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

__all__ = ["age", "age_in_a_unit", "crossing_time", "look_back_time", "redshift_at_time",
           "share_of_age", "time_between", "travel", "way_of_light"]

GYR, MYR = UNITS["Gyr"], UNITS["Myr"]
_SECONDS = {"s": 1.0, "h": 3600.0, "day": 86400.0}
_OLDEST_STARS, _TOO_OLD = 11.5, 20.0
"""Gyr: below the ages of the oldest globular clusters (Valcin et al. 2020, arXiv:2007.06594:
13.3 Gyr, with an error of 0.5), and well above them."""
_LOOK_BACK = (r"(?:time|how (?:long|much time).{0,12}?) (?:between|from) redshift # "
              r"(?:and|to|until|till) (?:the present|today|now)|"
              r"(?:time|long|years|passed|elapsed) since redshift|look(?:ing)?[- ]?back|"
              r"how long ago|years ago|\bago\b|back in time|light[ -]travel"
              r"(?:led|ed)?[ -]time|time (?:has|did|does) (?:the |its )?light|into the past|in the "
              r"past|travel[ -]time|light (?:has )?(?:been )?travel\w*|"
              r"how long .{0,40}(?:been travel|did (?:its|the) light|on its way|light take|"
              r"to reach us)")
_AGE = (r"\bages?\b|how old|after the (?:hot )?big[ -]?bang|since the (?:hot )?big[ -]?bang|"
        r"from the big[ -]?bang|(?:after|since) (?:the )?bb\b|cosmic (?:time|age)|"
        r"\bwas the universe .*\bold\b|"
        r"post[ -]big[ -]?bang|after the beginning|when (?:was|is) redshift|\bt ?\(? ?redshift #|"
        r"\bt #|years old|\bwhat time (?:was|is|corresponds)|time (?:of|at) redshift")
_NOT_OF_THE_UNIVERSE = (r"hubble time|oldest|stellar age|depletion|recombination time|t_?rec\b|"
                        r"cooling time|free-?fall|dynamical|"
                        r"age of (?:the )?(?:star|galax|quasar|earth|sun)")
_HOW_LONG = (r"time between|\btime (?:elapsed|passed|passes|elapses|interval|difference|span)|how "
             r"(?:much time|long)|elapse|duration|how many (?:years|[gm]yr|\w+ years)|"
             r"age difference|older|younger|separates?")


def time_between(asked: Asked) -> Calculation | None:
    """How long from one redshift to another."""
    if len(asked.redshifts) != 2 or asked.redshifts[0] == asked.redshifts[1]:
        return None
    span = asked.says(_HOW_LONG) or "between" in asked.text.lower()
    if not span or not asked.says(f"{_HOW_LONG}|{_LOOK_BACK}|{_AGE}|time"):
        return None
    if asked.says("distance|volume"):
        return None
    low, high = sorted(redshifts(asked, lowest=-0.999, what="a time"))
    unit, second = _units(asked)
    body = [f"t = cosmo.age({number(low)}) - cosmo.age({number(high)})"]
    return answer(asked, "time between redshifts", body, "t", unit,
                  f"From z = {high:g} to z = {low:g} it takes {{value}} ({{second}} "
                  f"{second.shown}) "
                  "in {cosmology}. The Universe was then {first} and {last} Gyr old.",
                  also={"second": f"t.to_value({second.code})",
                        "first": f"cosmo.age({number(high)}).to_value(u.Gyr)",
                        "last": f"cosmo.age({number(low)}).to_value(u.Gyr)"})


def look_back_time(asked: Asked) -> Calculation | None:
    """How long ago the light of a redshift left."""
    if not asked.redshifts or not asked.says(_LOOK_BACK) or asked.says("distance|volume|box"):
        return None
    z = redshifts(asked, what="a look-back time")[0]
    unit, second = _units(asked)
    return answer(asked, "look-back time", [f"t = cosmo.lookback_time({number(z)})"], "t", unit,
                  f"The look-back time to z = {z:g} is {{value}} ({{second}} {second.shown}) in "
                  "{cosmology}. The Universe was then {age} Gyr old.",
                  also={"second": f"t.to_value({second.code})",
                        "age": f"cosmo.age({number(z)}).to_value(u.Gyr)"})


def age(asked: Asked) -> Calculation | None:
    """How old the Universe was; today's only for a cosmology that the question names."""
    if not asked.says(_AGE) or asked.says(_NOT_OF_THE_UNIVERSE) or asked.of("temperature") or (
            asked.of("time") and not asked.redshifts):
        return None
    unusual = asked.target and asked.target.shown not in ("Gyr", "Myr", "yr")
    today = asked.cosmology.explicit or (unusual and asked.wanted("time"))
    if not asked.redshifts and not (today and asks_for_today(asked)):
        return None
    return _age(asked)


def age_in_a_unit(asked: Asked) -> Calculation | None:
    """As :func:`age`, where only a redshift and a unit of time are given: "z = 6 in Gyr"."""
    if not asked.redshifts or asked.amounts or asked.numbers or not asked.wanted("time"):
        return None
    return _age(asked) if asked.says(r"^(?:#|what(?: is|'s)|convert|redshift)") else None


def _age(asked: Asked) -> Calculation:
    z = redshifts(asked, lowest=-0.999, what="an age")[0] if asked.redshifts else 0.0
    unit, second = _units(asked, z)
    zs = asked.redshifts[1:2]
    second_age = f" At z = {zs[0]:g} the age is {{next}} {unit.shown}." if zs else ""
    now = " (today)" if z == 0 else " (in the future)" if z < 0 else ""
    young = _too_young(asked, z)
    return answer(asked, "age of the Universe", [f"t = cosmo.age({number(z)})"], "t", unit,
                  f"The age of the Universe at z = {z:g}{now} is {{value}} ({{second}} "
                  f"{second.shown}) in {{cosmology}}." + (
                      " The look-back time is {ago} Gyr." if z > 0 else "") + second_age + young,
                  also={"second": f"t.to_value({second.code})",
                        "next": f"cosmo.age({number((*zs, z)[0])}).to_value({unit.code})",
                        "ago": f"cosmo.lookback_time({number(max(z, 0))}).to_value(u.Gyr)"})


def _too_young(asked: Asked, z: float) -> str:
    """A warning where today's age is none that the oldest stars allow."""
    if not asked.cosmology.given:
        return ""
    today = answer(asked, "", ["t = cosmo.age(0)"], "t", GYR, "").value
    it = "This" if z == 0 else f"Today such a universe is {today:.3g} Gyr old, which"
    if today < _OLDEST_STARS:
        return f" {it} is less than the age of the oldest stars (12 to 13 Gyr)."
    return f" {it} is far above the age of any star (13 Gyr)." if today > _TOO_OLD else ""


def crossing_time(asked: Asked) -> Calculation | None:
    """How long light takes for a length."""
    lengths = asked.of("length")
    if len(lengths) != 1 or len(asked.amounts) > 1 or asked.redshifts or not asked.says(
            r"light[- ](?:crossing|travel)[- ]?time|light .{0,20}(?:cross|travel)|how long .{0,30}"
            r"\blight"):
        return None
    length = positive(lengths[0], "A length")
    body = [f"t = ({amount_code(length)}) / c"]
    return answer(asked, "light-crossing time", body, "t", asked.wanted("time") or UNITS["yr"],
                  f"Light takes {{value}} ({{second}} s) for {amount_said(length)}. The expansion "
                  "of the Universe is not in it.", also={"second": "t.to_value(u.s)"},
                  cosmology="littleh" in length.unit.code)


def way_of_light(asked: Asked) -> Calculation | None:
    """How far light goes in a time."""
    times = asked.of("time")
    if len(times) != 1 or len(asked.amounts) > 1 or asked.redshifts or not asked.says(
            r"how (?:far|many .{1,30}) .{0,30}\b(?:light|photons?)\b .{0,30}(?:go|travel|move|"
            r"cover|fly|get)|distance .{0,20}\b(?:light|photons?)\b .{0,12}(?:go|travel|move)"):
        return None
    time = positive(times[0], "A time")
    handy = next((unit for most, unit in ((1e3, "km"), (1e7, "km"), (math.inf, "ly"))
                  if time.value * _SECONDS.get(time.unit.shown, math.inf) < most), "ly")
    body = [f"d = c * ({amount_code(time)})"]
    return answer(asked, "light-travel distance", body, "d",
                  asked.wanted("length") or UNITS[handy],
                  f"In {amount_said(time)} light goes {{value}} ({{second}} Mpc), by c t. The "
                  "expansion of the Universe is not in it.",
                  also={"second": "d.to_value(u.Mpc)"}, cosmology=False)


def travel(asked: Asked) -> Calculation | None:
    """d / v or v t at an even speed: "how long to cross 1 kpc at 200 km/s"."""
    speeds, lengths, times = asked.of("speed"), asked.of("length"), asked.of("time")
    if len(speeds) != 1 or asked.redshifts or len(asked.amounts) != 2 or asked.says(
            r"hubble|reced|recession|orbit|circular|escape|dispersion|virial"):
        return None
    speed = positive(speeds[0], "A speed")
    if lengths and asked.says(r"how long|how much time|time (?:to|it)|cross(?:ing)? time"):
        far = positive(lengths[0], "A length")
        return answer(asked, "travel time", [f"t = {amount_code(far)} / ({amount_code(speed)})"],
                      "t", asked.wanted("time") or MYR,
                      f"At {amount_said(speed)}, {amount_said(far)} takes {{value}} ({{second}} "
                      "yr), by t = d/v.", also={"second": "t.to_value(u.yr)"},
                      cosmology="littleh" in far.unit.code)
    if times and asked.says(r"how far|distance|travel|move|go"):
        time = positive(times[0], "A time")
        return answer(asked, "distance travelled",
                      [f"d = {amount_code(speed)} * ({amount_code(time)})"], "d",
                      asked.wanted("length") or UNITS["kpc"],
                      f"At {amount_said(speed)} it is {{value}} in {amount_said(time)}, by d = vt.",
                      cosmology=False)
    return None


def share_of_age(asked: Asked) -> Calculation | None:
    """The age at a redshift over that of today."""
    if len(asked.redshifts) != 1 or asked.amounts or not asked.says(
            r"\b(?:fraction|percentage|percent|per cent|share|how much) of (?:its|the|today's) "
            r".{0,30}\bage\b|(?:fraction|percent\w*|share) of (?:its|the) .{0,20}(?:history|"
            r"lifetime)"):
        return None
    z = redshifts(asked, lowest=-0.999, what="an age")[0]
    return answer(asked, "share of the age", [f"share = cosmo.age({number(z)}) / cosmo.age(0)"],
                  "float(share)", None,
                  f"At z = {z:g} the Universe had {{value}} of its present age, {{then}} of "
                  "{now} Gyr, in {cosmology}.",
                  also={"then": f"cosmo.age({number(z)}).to_value(u.Gyr)",
                        "now": "cosmo.age(0).to_value(u.Gyr)"})


def asks_for_today(asked: Asked) -> bool:
    """Whether a value of today is to be computed rather than looked up as measured."""
    return not asked.says(r"according to|measured?|found|find|report|infer|estimate|result")


def redshift_at_time(asked: Asked) -> Calculation | None:
    """The redshift at an age of the Universe or a look-back time."""
    times = asked.of("time")
    if len(times) != 1 or asked.redshifts or asked.of("length", "mass"):
        return None
    if not asked.says(r"red-?shift|\bz\b"):
        return None
    none = (f"No redshift belongs to {amount_said(times[0])} here: the age of the Universe today "
            "is about 14 Gyr; a look-back time must lie within it, and an age below some 50 Gyr.")
    ago = asked.says(_LOOK_BACK)
    if not ago and not asked.says(
            rf"{_AGE}|\bold\b|big bang|universe|time of|\bis #time|#time (?:is|in|to)\b|"
            r"\bat #time"):
        return None
    time = positive(times[0], "A time")
    function = "lookback_time" if ago else "age"
    bounds = "zmin=1e-8, zmax=1000" if ago else "zmin=-0.9, zmax=100000"
    body = [f"z = z_at_value(cosmo.{function}, {amount_code(time)}, {bounds})"]
    future = not ago and answer(asked, "", body, "float(z)", None, "", impossible=none
                                ).value < 0
    said = (f"A look-back time of {amount_said(time)} corresponds to z = {{value}}" if ago else
            f"The Universe {'will be' if future else 'was'} {amount_said(time)} old at z = "
            f"{{value}}")
    other = (" The Universe was then {other} Gyr old." if ago else
             " That lies in the future." if future else " That is {other} Gyr ago.")
    return answer(asked, "redshift", body, "float(z)", None, f"{said} in {{cosmology}}.{other}",
                  also={"other": f"cosmo.{'age' if ago else 'lookback_time'}(z).to_value(u.Gyr)"},
                  impossible=none)


def _units(asked: Asked, z: float = 0.0) -> tuple[Unit, Unit]:
    """The unit asked for, or a handy one for an age at a redshift, and another one."""
    handy = UNITS["yr"] if z > 400 else MYR if z > 30 else GYR
    unit = asked.wanted("time") or handy
    return unit, MYR if unit.shown in ("Gyr", "yr") else GYR
