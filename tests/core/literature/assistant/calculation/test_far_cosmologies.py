"""Cosmologies far from any measured are computed, with a sentence that says so; school questions;
gas and gravity against astropy's constants."""

from __future__ import annotations

import math

import astropy.units as u
import pytest
from astropy import constants
from astropy.cosmology import Planck18
from scipy.integrate import quad

from core.literature.assistant.calculation import Calculation, calculate


def found(question: str) -> Calculation:
    made = calculate(question)
    assert made is not None, question
    return made


@pytest.mark.parametrize("om", [1.05, 1.3, 2.0])
@pytest.mark.parametrize("z", [0.3, 1.0, 4.0])
def test_negative_dark_energy_is_computed_and_said(om: float, z: float) -> None:
    made = found(f"comoving distance to z={z} in flat LCDM with Omega_m = {om} and H0 = 70")
    exact = quad(lambda x: (om * (1 + x) ** 3 + 1 - om) ** -0.5, 0, z)[0] * 299792.458 / 70
    assert made.value == pytest.approx(exact, rel=2e-3)  # the CMB's photons are in it
    assert f"Flat with Omega_m = {om:g} means a negative dark energy density" in made.text


def test_an_open_universe_with_negative_dark_energy_is_computed() -> None:
    made = found("comoving distance to z=1 with Om=0.3 OL=-0.5 H0=70")
    exact = quad(lambda x: (0.3 * (1 + x) ** 3 + 1.2 * (1 + x) ** 2 - 0.5) ** -0.5, 0, 1)[0]
    assert made.value == pytest.approx(exact * 299792.458 / 70, rel=2e-3)
    assert "negative dark energy density" in made.text


@pytest.mark.parametrize(("asks", "says"), [
    ("comoving distance to z=1 with w=-0.2", "does not accelerate"),
    ("age of the universe with H0=7 and Om=0.3", "far above the age of any star"),
    ("age of the universe with H0=700 and Om=0.3", "less than the age of the oldest stars"),
    ("age at z=2 for H0=700, Om=0.3", "less than the age of the oldest stars"),
    ("Hubble time for H0 = 7", "far from every measurement"),
    ("luminosity distance to z=1 with H0=700", "far from every measurement"),
])
def test_what_no_measurement_allows_is_computed_with_a_warning(asks: str, says: str) -> None:
    assert says in found(asks).text


@pytest.mark.parametrize("cosmology", ["", " in WMAP5", " with H0=70, Om=0.3", " with w=-0.9",
                                       " with H0 = 73.04", " with Om=0.3, OL=0.6, H0=68"])
def test_usual_cosmologies_bring_no_warning(cosmology: str) -> None:
    text = found(f"age of the Universe at z=2{cosmology}").text
    assert not any(word in text for word in ("negative", "far from", "stars", "accelerate"))


@pytest.mark.parametrize("question", ["age at z=-1.5", "luminosity distance at z = -2"])
def test_a_redshift_below_minus_one_does_not_exist(question: str) -> None:
    with pytest.raises(ValueError, match="above -1"):
        calculate(question)


@pytest.mark.parametrize(("asks", "expected"), [
    ("how far is a galaxy at redshift 0.5", Planck18.comoving_distance(0.5).value),
    ("how long does light take from z=3 to us", Planck18.lookback_time(3).value),
    ("how long ago was redshift 2", Planck18.lookback_time(2).value),
    ("how hot was the CMB at z=1100", 2.7255 * 1101),
    ("how many times denser was the universe at z=10", 11.0**3),
    ("what fraction of its present age was the universe at z=1",
     (Planck18.age(1) / Planck18.age(0)).value),
    ("how fast does a galaxy 100 Mpc away recede", 100 * Planck18.H0.value),
    ("how far can a photon go in 1 Gyr", 1e9),
    ("how far does light travel in one year in km", (1 * u.lyr).to_value(u.km)),
    ("distance travelled at 300 km/s in 1 Gyr", (300 * u.km / u.s * u.Gyr).to_value(u.kpc)),
    ("how long does it take to cross 1 kpc at 200 km/s",
     (1 * u.kpc / (200 * u.km / u.s)).to_value(u.Myr)),
    ("5 sigma p value two-sided", math.erfc(5 / 2**0.5)),
    ("Schwarzschild radius of Sgr A* in km",
     (2 * constants.G * 4.3e6 * u.M_sun / constants.c**2).to_value(u.km)),
    ("escape velocity from a 1e12 Msun halo at 200 kpc",
     ((2 * constants.G * 1e12 * u.M_sun / (200 * u.kpc)) ** 0.5).to_value(u.km / u.s)),
    ("freefall time for density 1e-24 g/cm^3",
     ((3 * math.pi / (32 * constants.G * 1e-24 * u.g / u.cm**3)) ** 0.5).to_value(u.Myr)),
])
def test_school_words(asks: str, expected: float) -> None:
    assert found(asks).value == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("temperature", [10, 300])
@pytest.mark.parametrize("number", [0.5, 1e4])
def test_the_jeans_mass_is_that_of_a_sphere(temperature: float, number: float) -> None:
    gas = f"of {temperature} K gas with n = {number} cm^-3"
    mass = found(f"Jeans mass {gas} in kg").value * u.kg
    mu = 1.22 * constants.m_p
    rho = mu * number / u.cm**3
    radius = (3 * mass / (4 * math.pi * rho)) ** (1 / 3)
    energy = 3 * constants.k_B * temperature * u.K * mass / mu  # 2 K = -W: the virial theorem
    assert energy.to_value(u.J) == pytest.approx(
        (3 * constants.G * mass**2 / (5 * radius)).to_value(u.J), rel=1e-6)
    length = found(f"Jeans length {gas} in pc").value * u.pc
    sound = (constants.k_B * temperature * u.K / mu) ** 0.5
    assert length.to_value(u.pc) == pytest.approx(
        (sound * (math.pi / (constants.G * rho)) ** 0.5).to_value(u.pc), rel=1e-6)
