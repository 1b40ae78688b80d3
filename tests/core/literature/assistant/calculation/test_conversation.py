"""Chains of questions: each goes on with what those before it gave."""

from __future__ import annotations

import contextlib
import io

import astropy.cosmology
import astropy.units as u
import pytest
from astropy.cosmology import FlatLambdaCDM, FlatwCDM, Planck15, Planck18

from core.literature.assistant.calculation import Calculation, calculate


def last(*questions: str) -> Calculation:
    found = calculate(questions[-1], questions[:-1])
    assert found is not None, questions
    return found


@pytest.mark.parametrize("z", [0.4, 7.0])
@pytest.mark.parametrize("first", ["light travel distance to z={}", "how far is redshift {}",
                                   "how hot was the CMB at z = {}", "look-back time to z={}"])
def test_a_redshift_is_carried_through_a_chain(first: str, z: float) -> None:
    chain = [first.format(z), "how old was the universe then?"]
    assert last(*chain).value == pytest.approx(Planck18.age(z).to_value(u.Gyr))
    chain += ["thanks!", "how big is 10 kpc there?"]
    angle = (10 * u.kpc * Planck18.arcsec_per_kpc_proper(z)).to_value(u.arcsec)
    assert last(*chain).value == pytest.approx(angle)
    chain += ["and in arcmin?"]
    assert last(*chain).value == pytest.approx(angle / 60)


@pytest.mark.parametrize(("one", "two"), [("and if Omega_m = {}?", "with w={}?"),
                                          ("with Om = {}", "and w0 = {}?"),
                                          ("what about Omega_m={}", "same but with w = {}")])
def test_parameters_are_changed_one_after_another(one: str, two: str) -> None:
    chain = ["Age of the universe for H0=73 Om=0.3"]
    assert last(*chain).value == pytest.approx(FlatLambdaCDM(73, 0.3).age(0).to_value(u.Gyr))
    chain += [one.format(0.4)]
    assert last(*chain).value == pytest.approx(FlatLambdaCDM(73, 0.4).age(0).to_value(u.Gyr))
    chain += [two.format(-0.9)]
    dark = FlatwCDM(H0=73, Om0=0.4, w0=-0.9)
    assert last(*chain).value == pytest.approx(dark.age(0).to_value(u.Gyr))
    chain += ["at z=2?"]
    assert last(*chain).value == pytest.approx(dark.age(2).to_value(u.Gyr))


@pytest.mark.parametrize("name", ["Planck15", "WMAP9", "WMAP5"])
@pytest.mark.parametrize("how", ["for {}?", "same but with {}", "and in {}?", "now use {}"])
def test_another_cosmology_changes_nothing_else(name: str, how: str) -> None:
    found = last("Comoving distance to z=1", "and the luminosity distance?", how.format(name))
    known = getattr(astropy.cosmology, name)
    assert found.value == pytest.approx(known.luminosity_distance(1).to_value(u.Mpc))
    assert name in found.cosmology


@pytest.mark.parametrize(("asks", "expected"), [
    ("angular diameter distance?", Planck18.angular_diameter_distance(2).value),
    ("distance modulus?", Planck18.distmod(2).value),
    ("look-back time", Planck18.lookback_time(2).value),
    ("and the scale factor?", 1 / 3),
    ("how long did its light take?", Planck18.lookback_time(2).value),
    ("what was the CMB temperature then?", 3 * 2.7255),
])
def test_a_quantity_alone_is_that_of_the_same_redshift(asks: str, expected: float) -> None:
    assert last("luminosity distance to z=2", asks).value == pytest.approx(expected, rel=1e-4)


def test_a_list_of_redshifts_gives_each() -> None:
    chain = ["luminosity distance to z=1 in Planck15", "and z = 2, 3 and 4?"]
    found = last(*chain)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(found.code, {})
    each = Planck15.luminosity_distance([2, 3, 4]).to_value(u.Mpc)
    assert [float(line) for line in out.getvalue().split()] == pytest.approx(list(each))
    chain += ["in Mpc/h"]
    assert last(*chain).value == pytest.approx(each[0] * Planck15.h)


def test_the_redshift_of_an_answer_is_the_next_ones() -> None:
    first = "what redshift is 1 Gyr after the big bang?"
    z = last(first).value
    assert last(first, "what was the CMB temperature then?").value == pytest.approx(
        2.7255 * (1 + z), rel=1e-4)
    assert last(first, "and 2 Gyr?").value < z


def test_now_is_redshift_zero() -> None:
    found = last("critical density at z=1", "in g/cm^3", "and today in WMAP9?")
    known = astropy.cosmology.WMAP9.critical_density0.to_value(u.g / u.cm**3)
    assert found.value == pytest.approx(known)


def test_a_mistake_may_be_put_right() -> None:
    assert last("age at z=-3", "sorry, z=3").value == pytest.approx(Planck18.age(3).value)


@pytest.mark.parametrize("question", [
    "and what is dark energy?", "why?", "what about inflation?", "how do we know that?", "really?",
    "and what did galaxies look like then?", "so the first stars formed there?", "tell me more",
    "how many galaxies were there then?", "and then what happened?", "who found that?",
    "what is the distance modulus?", "is it expanding?", "dark matter?", "thanks", "in English?",
    "and for neutrinos?", "which papers say so?", "what else was there then?", "and the CMB?",
])
@pytest.mark.parametrize("before", ["age of the universe at z=3", "comoving distance to z=1 in ly",
                                    "20 km/s/Mpc times 50 Mpc",
                                    "virial radius of 1e12 Msun at z=1"])
def test_what_asks_for_no_number_gets_none_after_a_calculation(question: str, before: str) -> None:
    assert calculate(question, [before]) is None


@pytest.mark.parametrize("question", ["and at z=4?", "in Gyr", "with H0 = 70?"])
def test_another_subject_begins_anew(question: str) -> None:
    assert calculate(question, ["age of the universe at z=3", "What is a quasar?"]) is None
