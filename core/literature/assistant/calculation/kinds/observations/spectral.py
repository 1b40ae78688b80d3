"""Where a line is observed from a redshift, and the redshift at which it is observed somewhere."""

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
from core.literature.assistant.calculation.bands import band_in
from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.spectral_lines import LINES, Line
from core.literature.assistant.calculation.units import UNITS, Unit
from core.literature.assistant.calculation.written_numbers import said

__all__ = ["line_in_band", "observed_line", "redshift_of_line", "rest_or_observed"]

_SPECTRAL = ("length", "frequency", "energy")
_NO_WAVELENGTHS = {"pc", "kpc", "Mpc", "Gpc", "ly", "kly", "Mly", "Gly", "AU", "R_sun"}
_HYDROGEN = next(line for line in LINES if line.name == "21 cm line")


_SEEN = (r"frequenc|wavelength|where|observ|appear|redshifted|(?<!red)shift|\bfall|\bseen|detect|"
         r"energy|band|convert|at what|land|what .*hz\b|tune")
_BARE = (r"^(?:and |the |what about |how about )*§(?: line| emission)?,?(?: at| from| for| in)? "
         r"redshift #")
_ABOUT_THE_LINE = (
    r"power spectrum|brightness temperature|luminosity|distance|\bage\b|signal (?:tell|depend|"
    r"look)|"
    r"forest|emitters?\b|blob|escape|damping|absorbers?\b|background|intensity mapping|coupling|"
    r"fraction|equivalent width|optical depth|trough"
)


def _waves(asked: Asked) -> list[Amount]:
    """What may be a wavelength, a frequency or an energy of light."""
    return [amount for amount in asked.of(*_SPECTRAL)
            if amount.unit.shown.split("/")[0] not in _NO_WAVELENGTHS]


def observed_line(asked: Asked) -> Calculation | None:
    """The frequency or wavelength at which a line from a redshift is observed."""
    line = asked.line or _implied(asked)
    if line is None or not asked.redshifts or _waves(asked) or asked.of("mass", "angle"):
        return None
    if not asked.says(f"{_SEEN}|{_BARE}") and not (
            asked.wanted("frequency", "energy") or asked.wanted("length")):
        return None
    if asked.says(_ABOUT_THE_LINE):
        return None
    z = redshifts(asked, lowest=-0.999, highest=1e5, what="a line")[0]
    unit = _unit_of_line(asked, line, 1 + z)
    rest = f"{number(line.rest)} * {UNITS[line.unit].code}"
    equivalent = "" if unit.kind == UNITS[line.unit].kind else ", u.spectral()"
    shift = "/" if UNITS[line.unit].kind != "length" else "*"
    body = [f"rest = {rest}", f"observed = (rest {shift} (1 + {number(z)})).to({unit.code}"
            f"{equivalent})"]
    second = _other(unit)
    return answer(asked, f"observed {_noun(unit)}", body, "observed", unit,
                  f"The {line.name} from z = {z:g} is observed at {{value}} ({{second}} "
                  f"{second.shown}). At rest it has {said(line.rest, 7)} {line.unit}"
                  f"{' (vacuum)' if line.unit == 'Å' else ''}; the factor 1 + z is {1 + z:g}."
                  f"{'' if asked.line else ' The 21 cm line is assumed, since none was named.'}",
                  also={"second": f"observed.to_value({second.code}, u.spectral())"},
                  cosmology=False)


def _implied(asked: Asked) -> Line | None:
    """The 21 cm line where a radio frequency alone stands beside a redshift."""
    if asked.redshifts and not asked.amounts and asked.says(r"^(?:\w+[ ,]+){0,5}frequency") and len(
            asked.words) < 60 and not asked.says("plasma|resonan|turn|rest|gyro|peak|noise"):
        return _HYDROGEN
    frequencies = asked.of("frequency")
    low = frequencies and all(_in_mhz(one) < _HYDROGEN.rest for one in frequencies)
    return _HYDROGEN if low and not asked.redshifts else None


def _in_mhz(amount: Amount) -> float:
    sizes = {"Hz": 1e-6, "kHz": 1e-3, "MHz": 1.0, "GHz": 1e3, "THz": 1e6}
    return amount.value * sizes[amount.unit.shown]


def redshift_of_line(asked: Asked) -> Calculation | None:
    """The redshift from which a line is observed at a frequency, wavelength or energy."""
    waves = _waves(asked)
    if asked.redshifts or not waves or not asked.says(r"red-?shift|\bz\b|from when"):
        return None
    line = asked.line or _implied(asked)
    if line is None:
        return _of_two(asked, waves) if len(waves) == 2 else None
    observed = positive(waves[0], "A frequency or wavelength")
    rest = f"{number(line.rest)} * {UNITS[line.unit].code}"
    body = [f"rest = ({rest}).to(u.Hz, u.spectral())",
            f"observed = ({amount_code(observed)}).to(u.Hz, u.spectral())",
            "z = (rest / observed).to_value(u.one) - 1"]
    last = positive(waves[-1], "A frequency or wavelength")
    more = f", and at {amount_said(last)} from z = {{last}}" if len(waves) > 1 else ""
    assumed = "" if asked.line else " The 21 cm line is assumed, since no line was named."
    made = answer(asked, "redshift", body, "z", None,
                  f"The {line.name} (rest {said(line.rest, 7)} {line.unit}) observed at "
                  f"{amount_said(observed)} comes from z = {{value}}{more}, by 1 + z = rest "
                  f"frequency / observed frequency.{assumed}", cosmology=False,
                  also={"last": f"(rest / ({amount_code(last)}).to(u.Hz, u.spectral()))"
                        ".to_value(u.one) - 1"})
    if made.value < -0.05:
        raise ValueError(f"The {line.name} has {said(line.rest, 7)} {line.unit} at rest; "
                         f"{amount_said(observed)} would be a blueshift (z = {made.value:.3g}).")
    return made


def line_in_band(asked: Asked) -> Calculation | None:
    """The redshifts at which a line falls into the band of an instrument that is named."""
    if asked.redshifts or asked.amounts or asked.line is None or not asked.says(
            r"\b(?:which|what|at what|from which|range of|calculate|compute) (?:\w+ ){0,2}(?:red-?"
            r"shifts?|z)\b|red-?shift range"):
        return None
    band = band_in(asked.whole)
    if band is None or asked.says("constrain|measured?|survey(?:s|ed)|power spectrum|forecast|"
                                        r"highest|detection|reach|"
                                        r"limit\b|refer|result|forest|tracer"):
        return None
    rest = f"({number(asked.line.rest)} * {UNITS[asked.line.unit].code}).to(u.Hz, u.spectral())"
    body = [f"rest = {rest}", f"edges = ([{number(band.low)}, {number(band.high)}] * "
            f"{UNITS[band.unit].code}).to(u.Hz, u.spectral())",
            "zs = np.sort((rest / edges).to_value(u.one)) - 1", "z = max(zs[0], 0)"]
    made = answer(asked, "redshift range of a band", body, "float(zs[1])", None,
                  f"{band.name} ({band.low:g}-{band.high:g} {band.unit}) sees the "
                  f"{asked.line.name} (rest {said(asked.line.rest, 7)} {asked.line.unit}) from "
                  "z = {low} to z = {value}, by 1 + z = rest frequency / observed frequency.",
                  also={"low": "z"}, cosmology=False)
    if made.value <= 0:
        raise ValueError(f"{band.name} looks at {band.low:g}-{band.high:g} {band.unit}; the "
                         f"{asked.line.name} never falls there at a redshift above 0.")
    return made


def _of_two(asked: Asked, waves: list[Amount]) -> Calculation | None:
    """From a wavelength (or frequency) at rest and as observed, the longer one."""
    if not asked.says(r"rest|emitted|observed|shift") or waves[0].kind != waves[1].kind:
        return None
    one, two = (f"({amount_code(positive(w, 'A wavelength'))}).to(u.Hz, "
                f"u.spectral())" for w in waves)
    body = [f"one = {one}", f"two = {two}", "z = (max(one, two) / min(one, two)).to_value(u.one) "
                                            "- 1"]
    return answer(asked, "redshift", body, "z", None,
                  f"From {amount_said(waves[0])} and {amount_said(waves[1])}, the longer wave "
                  "being the observed one, the redshift is z = {value}.", cosmology=False)


def rest_or_observed(asked: Asked) -> Calculation | None:
    """A wavelength, frequency or energy at rest from the observed one, or the other way."""
    waves = _waves(asked)
    if len(waves) != 1 or not asked.redshifts or asked.of("mass", "temperature", "angle"):
        return None
    if not asked.says(r"rest|observed?|emit|appear|(?<!red)shift|receiv|source frame|arriv"):
        return None
    z = redshifts(asked, lowest=-0.999, what="a wavelength")[0]
    wave = positive(waves[0], "A wavelength or frequency")
    to_rest = _asks_for_rest(asked)
    longer = (wave.kind == "length") != to_rest
    unit = asked.wanted(*_SPECTRAL) or wave.unit
    equivalent = "" if unit.kind == wave.kind else ", u.spectral()"
    body = [f"wave = ({number(wave.value)} * {wave.unit.code}) {'*' if longer else '/'} "
            f"(1 + {number(z)})", f"shifted = wave.to({unit.code}{equivalent})"]
    second = _other(unit)
    words = ("observed", "emitted (rest "
                         "frame)") if to_rest else ("emitted (rest frame)", "observed")
    return answer(asked, f"{words[1].split(' ')[0]} {_noun(unit)}", body, "shifted", unit,
                  f"Light {words[0]} at {amount_said(wave)} from z = {z:g} is {words[1]} at "
                  f"{{value}} ({{second}} {second.shown}), by the factor 1 + z = {1 + z:g}.",
                  also={"second": f"shifted.to_value({second.code}, u.spectral())"},
                  cosmology=False)


def _asks_for_rest(asked: Asked) -> bool:
    wave = r"#(?:length|frequency|energy)"
    if asked.says(rf"(?:rest[- ]?(?:frame|wavelength|frequency|energy)?|emitted|emits?)(?: \w+)?"
                  rf"(?: of| at| is| =)*(?: an?)? {wave}|{wave} (?:rest|emitted|\(rest|"
                  rf"photon emitted|"
                  r"in the rest)"):
        return asked.says(r"(?:what|which) (?:is the )?rest|to (?:the )?rest|"
                          r"corresponding rest") or (
            not asked.says(r"observ|appear|(?<!red)shift|receiv|arriv|emit"))
    if asked.says(r"(?:to|in) (?:the )?observed|observed (?:frequency|wavelength|energy)(?! (?:of|"
                  r"is|at|=)? ?#)"):
        return False
    return asked.says(r"\brest|\bemit|source frame")


def _unit_of_line(asked: Asked, line: Line, stretch: float) -> Unit:
    frequency = asked.wanted("frequency", "energy")
    if frequency:
        return frequency
    length = asked.wanted("length")
    if length and length.shown not in _NO_WAVELENGTHS:
        return length
    if asked.says("wavelength") and line.unit in ("MHz", "GHz"):
        return UNITS["m"] if line.unit == "MHz" else UNITS["mm"]
    if asked.says("frequenc") and line.unit == "Å":
        return UNITS["THz"]
    if line.unit == "Å" and line.rest * stretch >= 2e4:
        return UNITS["μm"]
    return UNITS[line.unit]


def _other(unit: Unit) -> Unit:
    if unit.kind == "frequency":
        return UNITS["mm"] if unit.shown in ("GHz", "THz") else UNITS["m"]
    if unit.kind == "length":
        return {"Å": UNITS["μm"], "nm": UNITS["μm"], "μm": UNITS["Å"], "m": UNITS["MHz"],
                "cm": UNITS["MHz"]}.get(unit.shown, UNITS["GHz"])
    return UNITS["GHz"] if unit.kind != "energy" else UNITS["Å"]


def _noun(unit: Unit) -> str:
    return {"length": "wavelength"}.get(unit.kind, unit.kind)
