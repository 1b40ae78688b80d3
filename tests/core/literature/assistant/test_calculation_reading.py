"""A question taken apart: numbers, units, redshifts, cosmologies, lines."""

from __future__ import annotations

import astropy.constants as constants
import astropy.cosmology.units as cu
import astropy.units as u
import pytest

from core.literature.assistant.calculation.asked import read_question
from core.literature.assistant.calculation.cosmologies import KNOWN, named_cosmology
from core.literature.assistant.calculation.spectral_lines import LINES, line_in
from core.literature.assistant.calculation.spelling import as_meant
from core.literature.assistant.calculation.units import UNITS, Unit, unit_at, unit_of
from core.literature.assistant.calculation.written_numbers import plain_numbers, said

DIMENSIONS = {
    "length": u.m, "angle": u.rad, "solid angle": u.sr, "time": u.s, "frequency": u.Hz,
    "energy": u.J, "temperature": u.K, "mass": u.kg, "speed": u.m / u.s, "luminosity": u.W,
    "flux density": u.Jy, "flux": u.W / u.m**2, "density": u.kg / u.m**3, "volume": u.m**3,
    "wavenumber": 1 / u.m, "rate": 1 / u.s, "magnitude": u.ABmag,
}


@pytest.mark.parametrize("unit", dict.fromkeys(UNITS.values()), ids=lambda unit: unit.shown)
def test_each_unit_is_astropys_and_of_its_dimension(unit: Unit) -> None:
    names = {"u": u, "cu": cu, "c": constants.c, "m_p": constants.m_p}
    one = 1 * eval(unit.code, names)
    bare = one.to(DIMENSIONS[unit.kind], cu.with_H0(70 * u.km / u.s / u.Mpc)) if (
        "littleh" in unit.code) else one.to(DIMENSIONS[unit.kind])
    assert bare.value > 0 or unit.kind == "magnitude"


def test_each_spelling_is_read_whole() -> None:
    read = {spelling: unit_at(f"{spelling} ", 0) for spelling in UNITS}
    assert read == {spelling: (unit, len(spelling)) for spelling, unit in UNITS.items()}


def test_words_are_no_units() -> None:
    words = ("as", "a", "in", "at", "so", "see", "h", "Am", "Is", "k.")
    assert not [word for word in words if unit_of(word)]
    assert unit_of("mpc") == UNITS["Mpc"] and unit_of("MSUN") == UNITS["Msun"]


@pytest.mark.parametrize(("written", "plain"), [
    ("redshift six", "redshift 6"), ("3,000 km/s", "3000 km/s"), ("2 x 10^14", "2e14"),
    ("2×10**14", "2e14"), ("10^14.5", "3.16227766017e14"), ("half a Gyr", "0.5 Gyr"),
    ("one thousand one hundred", "1100"), ("seven point five", "7.5"), ("1.5 million", "1500000"),
    ("half a billion years", "500000000 years"), ("between one and two", "between 1 and 2"),
    ("1E12 Msun", "1e12 Msun"), ("1e12Msun", "1e12 Msun"), ("minus 2", "-2"),
    ("twenty-five", "25"), ("three and a half Gyr", "3.5 Gyr"), ("0,5", "0.5"),
    ("two hundred and ten", "210"), ("someone, often, stone", "someone, often, stone"),
])
def test_numbers_as_people_write_them(written: str, plain: str) -> None:
    assert plain_numbers(written).strip() == plain


@pytest.mark.parametrize(("value", "written"), [
    (5308.2, "5308"), (0.92931, "0.9293"), (13.0, "13"), (1e12, "10^12"),
    (-1.5e-7, "-1.5 × "
              "10^-7"), (299792.458, "299,792"), (0.0, "0"), (2.0e10, "2 × 10^10"), (100.0, "100"),
    (41252.96, "41,253"),
])
def test_numbers_have_sensible_digits(value: float, written: str) -> None:
    assert said(value) == written


@pytest.mark.parametrize(("question", "redshifts"), [
    ("z=6", (6,)), ("z ~ 7.5", (7.5,)), ("redshift six", (6,)), ("redshift of about 3", (3,)),
    ("z≈2 and z≃3", (2, 3)), ("between z=1 and 2", (1, 2)), ("0.5<z<1.5", (0.5, 1.5)),
    ("$z \\simeq 8.3$", (8.3,)), ("D_A(1.5)", (1.5,)), ("H(z=2)", (2,)), ("z=-0.5", (-0.5,)),
    ("at a redshift of 0.3", (0.3,)), ("z in [1, 2]", (1, 2)), ("z_s = 2", (2,)), ("Z=3?", (3,)),
    ("redshift 1 Gyr after the Big "
     "Bang", ()), ("what z is 10 Gpc", ()), ("redshifts 6 to 8", (6, 8)),
    ("z = 0.9 - 1.8", (0.9, 1.8)), ("a 10 kpc galaxy", ()), ("z is 4", (4,)),
])
def test_redshifts_as_people_write_them(question: str, redshifts: tuple[float, ...]) -> None:
    assert read_question(question).redshifts == redshifts


@pytest.mark.parametrize(("typed", "meant"), [
    ("ang. diam. "
     "dist.", "angular diameter distance"), ("angualr", "angular"), ("redshfit", "redshift"),
    ("lum dist", "luminosity distance"), ("unvierse", "universe"), ("megaparecs", "megaparsecs"),
    ("distant", "distant"), ("parameters", "parameters"), ("between", "between"),
    ("universal", "universal"), ("frequencies", "frequencies"), ("converted", "converted"),
])
def test_slips_of_the_keys_are_put_right_and_other_words_left(typed: str, meant: str) -> None:
    assert as_meant(typed) == meant


@pytest.mark.parametrize("name", KNOWN)
def test_each_cosmology_is_named_in_many_ways(name: str) -> None:
    letters, digits = name.rstrip("0123456789"), name[-2:].lstrip("P")
    ways = [name, f"{letters} {digits}", f"{letters}-{digits}", f"the {name} cosmology"]
    ways += [f"Planck 20{digits}", f"Planck20{digits} parameters"] if letters == "Planck" else [
        f"WMAP {digits}-year", f"{digits}-year WMAP"]
    for way in ways:
        found, left = named_cosmology(f"age at z = 6 in {way}")
        assert found.name == name and found.explicit and not found.given and digits not in left[14:]


@pytest.mark.parametrize(("question", "code"), [
    ("with H0 = 70, Om = 0.3", "FlatLambdaCDM(H0=70, Om0=0.3)"),
    ("for $\\Omega_m = 0.3$, $\\Omega_\\Lambda = 0.7$, $h=0.7$", "FlatLambdaCDM(H0=70, Om0=0.3)"),
    ("Omega_m=0.3 and H_0 = 70 km/s/Mpc", "FlatLambdaCDM(H0=70, Om0=0.3)"),
    ("(70, 0.3, 0.7)", "FlatLambdaCDM(H0=70, Om0=0.3)"),
    ("H0=70, Om=0.3, OL=0.6", "LambdaCDM(H0=70, Om0=0.3, Ode0=0.6)"),
    ("H0=70, Om=0.3, Ok=0.1", "LambdaCDM(H0=70, Om0=0.3, Ode0=0.6)"),
    ("H0=70, Om=0.3, w=-0.9", "FlatwCDM(H0=70, Om0=0.3, w0=-0.9)"),
    ("H0=70, Om=0.3, w0=-0.9, wa=0.1", "Flatw0waCDM(H0=70, Om0=0.3, w0=-0.9, wa=0.1)"),
    ("Einstein-de Sitter with H0 = 50", "FlatLambdaCDM(H0=50, Om0=1)"),
    ("EdS, h = 0.5", "FlatLambdaCDM(H0=50, Om0=1)"),
])
def test_a_cosmology_by_its_parameters(question: str, code: str) -> None:
    asked = read_question(f"age at z = 6 {question}")
    assert asked.cosmology.code == f"cosmo = {code}" and asked.redshifts == (6,)


@pytest.mark.parametrize(("written", "name"), [
    ("21 cm", "21 cm line"), ("21-cm line", "21 cm line"), ("HI line", "21 cm line"),
    ("Lyα", "Lyman alpha line"), ("Lyman-alpha", "Lyman alpha line"), ("Lya", "Lyman alpha line"),
    ("Hα", "H alpha line"), ("Halpha", "H alpha line"), ("H-beta", "H beta line"),
    ("[C II]", "[C II] 158 μm line"), ("[CII] 158um", "[C II] 158 μm line"),
    ("CO(3-2)", "CO(3-2) line"), ("CO J=1-0", "CO(1-0) line"), ("CO 2→1", "CO(2-1) line"),
    ("[OIII] 5007", "[O III] 5008 line"), ("[O III] 88 μm", "[O III] 88 μm line"),
    ("[O II]", "[O II] 3728 line"), ("Mg II", "Mg II 2800 line"), ("C IV", "C IV 1549 line"),
    ("Lyman limit", "Lyman limit"), ("[N II] 205", "[N II] 205 μm line"), ("Hγ", "H gamma line"),
])
def test_lines_by_name(written: str, name: str) -> None:
    line, left = line_in(f"where is {written} at z = 2")
    assert line is not None and line.name == name and left.endswith("at z = 2")


def test_lines_lie_where_light_is() -> None:
    for line in LINES:
        rest = (line.rest * eval(UNITS[line.unit].code, {"u": u})).to(u.m, u.spectral())
        assert 1e-10 < rest.value < 1
