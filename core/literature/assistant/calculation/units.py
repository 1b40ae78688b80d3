"""Units as people write them, and the astropy expression that each stands for.

The table is read before astropy is imported, which takes a second: most questions ask for no
calculation. ``tests`` check every expression and dimension of it against astropy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["UNITS", "Unit", "unit_at", "unit_of"]


@dataclass(frozen=True)
class Unit:
    """A unit.

    Attributes:
        code: as Python with ``astropy.units`` as ``u``.
        shown: as an answer writes it.
        kind: its dimension, for example "length".
        frame: "comoving" or "proper" where its name says so, as in cMpc.
    """

    code: str
    shown: str
    kind: str
    frame: str = ""


_LONG = {"k": "kilo", "M": "mega", "G": "giga", "m": "milli", "T": "tera", "μ": "micro",
         "n": "nano", "": ""}
_IN_ASTROPY = {"μ": "u"}


def _prefixed(
    prefixes: str, code: str, shown: str, long: str, kind: str, also: str = ""
) -> Iterator[tuple[Unit, list[str]]]:
    """A unit with each prefix (a space stands for none) and its spellings."""
    for prefix in (p.strip() for p in prefixes):
        unit = Unit(f"u.{_IN_ASTROPY.get(prefix, prefix)}{code}", f"{prefix}{shown}", kind)
        names = [unit.shown, f"{_LONG[prefix]}{long}", f"{_LONG[prefix]}{long}s"]
        names += [f"{prefix}{word}" for word in also.split()]
        if prefix == "μ":
            names += [f"u{shown}", *(f"u{word}" for word in also.split()), f"micro-{long}"]
        yield unit, names


def _table() -> Iterator[tuple[Unit, list[str]]]:
    yield from _lengths()
    for code, long, also in (("deg", "degree", "degs °"), ("arcmin", "arcminute", "arcmins ' ′"),
                             ("arcsec", "arcsecond", 'arcsecs " ″ \'\' asec')):
        yield Unit(f"u.{code}", code, "angle"), [code, long, f"{long}s", *also.split()]
        square = [f"{code}^2", f"{code}2", f"{code}**2", f"sq {code}", f"sq. {code}",
                  f"sq. {code}.", f"square {code}", f"square {long}", f"square {long}s",
                  f"sq {long}s", f"{code} sq", f"{long}s squared", f"square-{long}"]
        yield Unit(f"u.{code}**2", f"{code}^2", "solid angle"), square + ["sqdeg"] * (code == "deg")
    yield Unit("u.rad", "rad", "angle"), ["rad", "radian", "radians"]
    yield Unit("u.mas", "mas", "angle"), ["mas", "milliarcsec", "milliarcsecond",
                                          "milliarcseconds"]
    yield Unit("u.uas", "μas", "angle"), ["μas", "uas", "microarcsec", "microarcseconds"]
    yield Unit("u.sr", "sr", "solid angle"), ["sr", "steradian", "steradians"]
    yield from _prefixed("GMk ", "yr", "yr", "year", "time", "yrs")
    for prefix in "GMk":
        yield Unit(f"u.{prefix}yr", f"{prefix}yr", "time"), [f"{prefix}a"]
    for size, prefix in (("billion", "G"), ("million", "M")):
        for words in (f"{size} years", f"{size} year", f"{size}s of years"):
            yield Unit(f"u.{prefix}yr", f"{prefix}yr", "time"), [words]
        for words in (f"{size} light years", f"{size} light-years", f"{size}s of light years",
                      f"{size}s of light-years", f"{size} lightyears", f"{size}s of lightyears"):
            yield Unit(f"u.{prefix}lyr", f"{prefix}ly", "length"), [words]
    yield Unit("u.s", "s", "time"), ["s", "sec", "second", "seconds"]
    yield Unit("u.h", "h", "time"), ["hour", "hours"]
    yield Unit("u.day", "day", "time"), ["day", "days"]
    yield from _prefixed("TGMk ", "Hz", "Hz", "hertz", "frequency")
    yield from _prefixed("TGMkm ", "eV", "eV", "electronvolt", "energy", "electron-volts")
    yield Unit("u.eV", "eV", "energy"), ["electron volt", "electron volts"]
    yield Unit("u.erg", "erg", "energy"), ["erg", "ergs"]
    yield Unit("u.J", "J", "energy"), ["J", "joule", "joules"]
    yield from _prefixed(" mμ", "K", "K", "kelvin", "temperature")
    yield Unit("u.K", "K", "temperature"), ["degrees kelvin", "degree kelvin", "deg K"]
    yield from _masses()
    yield from _fluxes()
    yield from _densities()


def _lengths() -> Iterator[tuple[Unit, list[str]]]:
    for unit, names in _prefixed("kMG ", "pc", "pc", "parsec", "length", "pcs parsecs parsec"):
        yield unit, names
        if unit.shown != "pc":
            base = unit.shown
            yield (Unit(f"({unit.code} / cu.littleh)", f"{base}/h", "length"),
                   [f"{base}/h", f"{base} / h", f"h^-1 {base}", f"h^-1{base}", f"{base} h^-1",
                    f"{base}h^-1", f"{base} per h", f"{names[1]}s per h", f"h-1 {base}",
                    f"{names[1]}s/h", f"{base}/little h"])
            yield Unit(unit.code, base, "length", "comoving"), [
                f"c{base}", f"comoving {base}", f"comoving {names[1]}", f"comoving {names[1]}s",
                f"co-moving {base}"]
            yield Unit(unit.code, base, "length", "proper"), [
                f"p{base}", f"proper {base}", f"physical {base}", f"proper {names[1]}s",
                f"proper {names[1]}", f"physical {names[1]}", f"physical {names[1]}s"]
            yield Unit(f"cu.littleh / {unit.code}", f"h/{base}", "wavenumber"), [
                f"h/{base}", f"h / {base}", f"h {base}^-1", f"h per {base}", f"h{base}^-1"]
            yield Unit(f"1 / {unit.code}", f"1/{base}", "wavenumber"), [
                f"{base}^-1", f"1/{base}", f"per {base}", f"/{base}", f"inverse {base}"]
        cube = [f"{unit.shown}^3", f"{unit.shown}3", f"cubic {unit.shown}", f"cubic {names[1]}",
                f"cubic {names[1]}s", f"c{unit.shown}^3"]
        yield Unit(f"{unit.code}**3", f"{unit.shown}^3", "volume"), cube
    for size in ("Mpc", "Gpc"):
        yield Unit(f"(u.{size} / cu.littleh)**3", f"({size}/h)^3", "volume"), [
            f"({size}/h)^3", f"h^-3 {size}^3", f"{size}^3/h^3", f"{size}^3 h^-3"]
    for unit, names in _prefixed("kMG ", "lyr", "ly", "light-year", "length",
                                 "lyr lyrs lightyear lightyears"):
        yield unit, [*names, *(name.replace("-", " ") for name in names)]
    yield Unit("u.lyr**3", "ly^3", "volume"), ["ly^3", "cubic light years", "cubic light-years"]
    yield Unit("u.AU", "AU", "length"), ["AU", "astronomical unit", "astronomical units"]
    yield Unit("u.R_sun", "R_sun", "length"), ["R_sun", "Rsun", "R_⊙", "R⊙", "solar radii",
                                               "solar radius"]
    for code, long, also in (
            ("km", "kilometre", "kms"), ("m", "metre", ""), ("cm", "centimetre", ""),
            ("mm", "millimetre", ""), ("um", "micrometre", "μm micron microns"),
            ("nm", "nanometre", "")):
        spelt = [code, *also.split()]
        for name in (long, long.replace("metre", "meter")):
            spelt += [name, f"{name}s"]
        yield Unit(f"u.{code}", code.replace("um", "μm"), "length"), spelt
    yield Unit("u.AA", "Å", "length"), ["Å", "Å", "A", "AA", "angstrom", "angstroms",
                                        "Ångström", "angström", "ångström"]
    yield Unit("1 / u.cm", "1/cm", "wavenumber"), ["cm^-1", "1/cm"]
    yield Unit("u.km / u.s", "km/s", "speed"), [
        "km/s", "km / s", "km s^-1", "kms^-1", "km/sec", "km per s", "km per second", "kmps",
        "km/second", "km s-1", "kms-1",
        *(f"kilomet{e} per second" for e in ("ers", "res", "er", "re")), "kilometers/second"]
    yield Unit("u.Unit(c)", "c", "speed"), ["c", "speed of light", "times the speed of light",
                                            "the speed of light"]
    for size, time in (("kpc", "Gyr"), ("Mpc", "Gyr"), ("pc", "Myr"), ("kpc", "Myr")):
        yield Unit(f"u.{size} / u.{time}", f"{size}/{time}", "speed"), [
            f"{size}/{time}", f"{size} {time}^-1", f"{size} per {time}"]
    yield Unit("u.m / u.s", "m/s", "speed"), ["m/s", "m s^-1", "meters per second",
                                              "metres per second"]


def _masses() -> Iterator[tuple[Unit, list[str]]]:
    sun = ["Msun", "M_sun", "M_⊙", "M⊙", "Msol", "M_sol", "solar mass", "solar masses", "M_Sun",
           "suns", "Mo", "M_o", "Msuns", "M sun", "M_*☉", "solar-mass", "sun masses"]
    yield Unit("u.M_sun", "M_sun", "mass"), sun
    yield Unit("(u.M_sun / cu.littleh)", "M_sun/h", "mass"), [
        *(f"{one}{over}" for one in sun for over in ("/h", " / h", " h^-1", "h^-1", " per h")),
        *(f"{over}{one}" for one in sun for over in ("h^-1 ", "h^-1", "h-1 "))]
    yield Unit("u.kg", "kg", "mass"), ["kg", "kilogram", "kilograms"]
    yield Unit("u.g", "g", "mass"), ["g", "gram", "grams"]
    yield Unit("u.M_earth", "M_earth", "mass"), ["M_earth", "Mearth", "earth masses",
                                                 "earth mass"]
    yield Unit("u.M_jup", "M_jup", "mass"), ["M_jup", "Mjup", "jupiter masses", "jupiter mass"]
    yield Unit("u.L_sun", "L_sun", "luminosity"), [
        "L_sun", "Lsun", "L_⊙", "L⊙", "solar luminosity", "solar luminosities"]
    yield Unit("u.erg / u.s", "erg/s", "luminosity"), [
        "erg/s", "ergs/s", "erg s^-1", "erg/sec", "erg per second", "ergs per second", "erg s-1"]
    yield Unit("u.W", "W", "luminosity"), ["W", "watt", "watts"]


def _fluxes() -> Iterator[tuple[Unit, list[str]]]:
    yield from _prefixed(" mμnkM", "Jy", "Jy", "jansky", "flux density", "jy janskies Jansky")
    cgs = [f"{e} {s}" for e in ("erg", "ergs") for s in ("s^-1 cm^-2", "cm^-2 s^-1")]
    slashed = ["erg/s/cm^2", "erg/s/cm2", "erg/cm^2/s", "erg/(s cm^2)", "erg/cm2/s", "ergs/s/cm^2",
               "cgs"]
    yield Unit("u.erg / u.s / u.cm**2 / u.Hz", "erg/s/cm^2/Hz", "flux density"), [
        *(f"{one} Hz^-1" for one in cgs), *(f"{one}/Hz" for one in slashed[:-1])]
    yield Unit("u.erg / u.s / u.cm**2", "erg/s/cm^2", "flux"), [*cgs, *slashed[:-1]]
    yield Unit("u.W / u.m**2 / u.Hz", "W/m^2/Hz", "flux density"), ["W/m^2/Hz", "W m^-2 Hz^-1",
                                                                   "W Hz^-1 m^-2"]
    yield Unit("u.W / u.m**2", "W/m^2", "flux"), ["W/m^2", "W m^-2", "W/m2"]
    yield Unit("u.ABmag", "AB mag", "magnitude"), [
        "mag", "mags", "AB mag", "AB mags", "magAB", "mag AB", "mag_AB", "ABmag", "magnitude",
        "magnitudes", "AB magnitude", "AB magnitudes", "AB", "mag (AB)", "m_AB", "th mag",
        "th magnitude"]


def _densities() -> Iterator[tuple[Unit, list[str]]]:
    for size in ("pc", "kpc", "Mpc"):
        yield Unit(f"u.M_sun / u.{size}**3", f"M_sun/{size}^3", "density"), [
            f"{sun}{over}" for sun in ("Msun", "M_sun", "M_⊙", "M⊙", "solar masses", "solar mass")
            for over in (f"/{size}^3", f"/{size}3", f" / {size}^3", f" {size}^-3", f" per {size}^3",
                         f" per cubic {size}", f" per cubic {_LONG[size[:-2]]}parsec")]
    for size in ("kpc", "Mpc"):
        yield Unit(f"cu.littleh**2 * u.M_sun / u.{size}**3", f"h^2 M_sun/{size}^3", "density"), [
            f"h^2 {sun}{over}" for sun in ("Msun", "M_sun", "M_⊙", "M⊙", "solar masses")
            for over in (f"/{size}^3", f" / {size}^3", f" {size}^-3", f" per {size}^3",
                         f" per cubic {size}")]
        yield Unit(f"cu.littleh**2 * u.M_sun / u.{size}**3", f"h^2 M_sun/{size}^3", "density"), [
            f"{sun} h^2{over}" for sun in ("Msun", "M_sun", "M_⊙", "M⊙", "solar masses")
            for over in (f"/{size}^3", f" / {size}^3", f" {size}^-3")]
    for mass, long in (("g", "gram"), ("kg", "kilogram")):
        for size, names in (("cm", ("cm", "centimeter", "centimetre", "cc")),
                            ("m", ("m", "meter", "metre"))):
            yield Unit(f"u.{mass} / u.{size}**3", f"{mass}/{size}^3", "density"), [
                *(f"{mass}{over}" for over in (f"/{size}^3", f"/{size}3", f" {size}^-3",
                                               f" / {size}^3", f" per {size}^3")),
                *(f"{word} per cubic {name}" for name in names
                  for word in (mass, long, f"{long}s"))]
    yield Unit("m_p / u.m**3", "proton masses/m^3", "density"), [
        f"{one}{over}" for over in (" per cubic meter", " per cubic metre", " per m^3", "/m^3")
        for one in ("protons", "hydrogen atoms", "atoms", "proton masses", "H atoms", "m_p")]
    yield Unit("u.GeV / c**2 / u.cm**3", "GeV/c^2/cm^3", "density"), [
        "GeV/cm^3", "GeV cm^-3", "GeV/c^2/cm^3", "GeV per cubic centimeter"]
    yield Unit("u.km / u.s / u.Mpc", "km/s/Mpc", "rate"), [
        "km/s/Mpc", "km s^-1 Mpc^-1", "km/s per Mpc", "km/sec/Mpc", "km/(s Mpc)", "km/s Mpc^-1",
        "km per second per megaparsec", "kilometers per second per megaparsec"]
    yield Unit("1 / u.s", "1/s", "rate"), ["1/s", "s^-1", "per second", "inverse seconds"]
    yield Unit("1 / u.Gyr", "1/Gyr", "rate"), ["1/Gyr", "Gyr^-1", "per Gyr", "inverse Gyr"]


def _spelt() -> tuple[dict[str, Unit], dict[str, Unit]]:
    exact: dict[str, Unit] = {}
    loose: dict[str, Unit] = {}
    for unit, names in _table():
        for name in names:
            exact.setdefault(name, unit)
    for name, unit in exact.items():
        loose.setdefault(name.lower(), unit)
    loose |= {"mpc": exact["Mpc"], "mev": exact["MeV"], "mhz": exact["MHz"], "mk": exact["mK"],
              "mjy": exact["mJy"], "mly": exact["Mly"], "ma": exact["Ma"]}
    return exact, loose


UNITS, _LOOSE = _spelt()
"""Each spelling and its unit."""

_SHORT = "s m g J W A a c h K T Ma ka Mo AB AA mas"
_ONLY_AS_IS = frozenset(_SHORT.split())
"""Too short for any other case: "a" and "as" are words."""
_OF_ONE_LETTER = {"k": "K"}


def _flexible(name: str) -> str:
    """A spelling as a pattern that takes other spaces and hyphens."""
    return re.escape(name).replace(r"\ ", r"[ -]?" if len(name) > 8 else " ?")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Any unit, the longest first; compiled at the first question that has a number."""
    names = sorted({*UNITS, *_LOOSE}, key=len, reverse=True)
    ends = r"(?:(?<=\W)|(?!\w|\^|/(?=[A-Za-z])|[ -]?\*\*))"
    return re.compile(f"(?:{'|'.join(map(_flexible, names))}){ends}", re.I)


def unit_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The unit that begins there, and where it ends."""
    found = _pattern().match(text, at)
    unit = unit_of(found[0]) if found else None
    return (unit, found.end()) if found and unit else None


def unit_of(spelling: str) -> Unit | None:
    """The unit that a spelling stands for, None for a word that only looks like one."""
    for name in (spelling, spelling.replace("-", " ")):
        if name in UNITS:
            return UNITS[name]
    if spelling in _OF_ONE_LETTER:
        return UNITS[_OF_ONE_LETTER[spelling]]
    low = spelling.lower().replace("-", " ")
    if low in {name.lower() for name in _ONLY_AS_IS}:
        return None
    return _LOOSE.get(low) or _LOOSE.get(spelling.lower()) or _SQUEEZED.get(low.replace(" ", ""))


_SQUEEZED = {name.replace(" ", "").replace("-", ""): unit for name, unit in _LOOSE.items()}
