"""What holds for any number: inverse pairs, limits, and laws that are known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM, Planck18
from scipy.integrate import quad

from core.literature.assistant.calculation import calculate


def value(question: str) -> float:
    found = calculate(question)
    assert found is not None, question
    return found.value


REDSHIFTS = (0.05, 0.7, 3.0, 9.5)
COSMOLOGIES = ("", " in WMAP7", " with H0 = 70, Om = 0.3", " in EdS",
               " with Om = 0.3, OL = 0.6, H0 = 68", " with w0 = -0.9, wa = 0.2")


@pytest.mark.parametrize("cosmology", COSMOLOGIES)
@pytest.mark.parametrize(("there", "back"), [
    ("age in Gyr at z = {}", "redshift {} Gyr after the Big Bang"),
    ("look-back time in Gyr to z = {}", "redshift of a look-back time of {} Gyr"),
    ("comoving distance to z = {} in Mpc", "redshift at a comoving distance of {} Mpc"),
    ("luminosity distance to z = {} in Mpc", "what redshift has a luminosity distance of {} Mpc"),
    ("distance modulus at z = {}", "what redshift has a distance modulus of {}"),
    ("light-travel distance to z={} in Gly", "redshift at a light-travel distance of {} Gly"),
])
def test_the_redshift_of_a_distance_or_time_is_the_one_it_came_from(
    there: str, back: str, cosmology: str
) -> None:
    for z in REDSHIFTS:
        number = value(there.format(z) + cosmology)
        assert value(back.format(repr(number)) + cosmology) == pytest.approx(z, rel=1e-5)


@pytest.mark.parametrize(("there", "back", "numbers"), [
    ("angle of {} kpc at z = 1.3 in arcsec", "how many kpc is {} arcsec at z=1.3", (3, 700)),
    ("angle of {} comoving Mpc at z = 1.3 in arcmin",
     "how many comoving Mpc is {} arcmin at z=1.3", (3, 90)),
    ("frequency of 21 cm in MHz from z = {}", "redshift of 21 cm at {} MHz", (0.2, 8, 25)),
    ("Lyman alpha from z={} in nm", "redshift of Lyman alpha at {} nm", (0.2, 3, 12)),
    ("scale factor at z={}", "redshift of scale factor {}", (0.5, 4, 1100)),
    ("CMB temperature at z={} in K", "at what redshift was the CMB {} K", (0.5, 10, 1100)),
    ("multipole of {} arcmin", "l = {} as an angle in arcmin", (1, 60, 600)),
    ("virial temperature of {} Msun at z=9 in K",
     "halo mass with a virial temperature of {} K at z=9", (1e7, 3e9, 1e12)),
    ("virial velocity of {} Msun at z=2", "mass of a halo with virial velocity {} km/s at z=2",
     (1e9, 3e13)),
    ("r200c of {} Msun at z=0.4 in "
     "kpc", "mass of a halo with r200c = {} kpc at z=0.4", (1e9, 3e13)),
    ("Eddington luminosity of {} Msun in erg/s",
     "black hole mass of an Eddington luminosity of {} erg/s", (10, 1e9)),
    ("{} AB mag in uJy", "{} uJy in AB mag", (20, 27.5)),
    ("apparent magnitude of absolute magnitude {} at z=2",
     "absolute magnitude of apparent magnitude {} at z=2", (-22, -18.5)),
    ("flux of {} erg/s at z = 3 in erg/s/cm^2", "luminosity of {} erg/s/cm^2 at z = 3 in erg/s",
     (1e42, 1e46)),
    ("redshift of {} km/s", "velocity in km/s of z = {}", (300, 30000, 290000)),
    ("velocity in Hubble flow at {} Mpc", "how far is a galaxy receding at {} km/s", (10, 200)),
    ("wavenumber of {} Mpc/h in h/Mpc", "length scale of k = {} h/Mpc in Mpc/h", (8, 150)),
    ("convert {} Mpc/h to Mpc", "convert {} Mpc to Mpc/h", (5, 150)),
    ("convert {} keV to K", "convert {} K to keV", (0.1, 12)),
    ("convert {} GHz to mm", "convert {} mm to GHz", (1.4, 350)),
    ("convert {} GeV to g", "convert {} g to GeV", (1, 1e5)),
    ("convert {} deg^2 to sr", "convert {} sr to deg^2", (1, 41252)),
])
def test_there_and_back_is_where_it_began(
    there: str, back: str, numbers: tuple[float, ...]
) -> None:
    for number in numbers:
        between = value(there.format(repr(number)))
        assert value(back.format(repr(between))) == pytest.approx(number, rel=1e-6)


@pytest.mark.parametrize("z", REDSHIFTS)
def test_distances_are_those_of_their_definitions(z: float) -> None:
    comoving = value(f"transverse comoving distance to z={z}")
    assert value(f"luminosity distance to z={z}") == pytest.approx(comoving * (1 + z))
    assert value(f"angular diameter distance to z={z}") == pytest.approx(comoving / (1 + z))
    assert value(f"look-back time to z={z}") + value(f"age in Gyr at z={z}") == pytest.approx(
        value("age in Gyr at z=0"))
    parts = (value(f"Omega_{name} at z={z} with H0=70, Om=0.3") for name in ("m", "Lambda"))
    assert sum(parts) == pytest.approx(1)
    assert value(f"Hubble distance at z={z}") * value(f"H at z={z}") == pytest.approx(299792.458)


@pytest.mark.parametrize("z", REDSHIFTS)
def test_growth_is_exact_where_it_is_known(z: float) -> None:
    assert value(f"growth factor at z={z} in EdS") == pytest.approx(1 / (1 + z), rel=1e-5)
    cosmology = FlatLambdaCDM(H0=70, Om0=0.3)

    def heath(at: float) -> float:  # D of matter and Lambda alone (Heath 1977, MNRAS 179, 351)
        return cosmology.efunc(at) * quad(
            lambda a: (a * cosmology.efunc(1 / a - 1)) ** -3, 1e-8, 1 / (1 + at))[0]

    grown = value(f"growth factor at z={z} with H0=70, Om=0.3")
    assert grown == pytest.approx(heath(z) / heath(0), rel=1e-4)
    rate, approximate = value(f"growth rate at z={z}"), float(Planck18.Om(z)) ** 0.55
    assert rate == pytest.approx(approximate, rel=0.01)
    assert value(f"f sigma8 at z={z}") == pytest.approx(
        rate * 0.8102 * value(f"growth factor at z={z}"), rel=1e-6)


def test_the_sound_horizon_is_plancks_and_both_ways_agree() -> None:
    fit = value("sound horizon in Planck18")
    assert fit == pytest.approx(147.09, abs=0.3)  # Planck 2018 VI, table 2
    assert value("sound horizon at z = 1059.9") == pytest.approx(fit, rel=3e-3)


def test_a_halo_holds_its_mass_within_its_radius() -> None:
    radius = value("r200m of 1e13 Msun at z=1 in Mpc")
    mean = 200 * float(Planck18.Om(1) * Planck18.critical_density(1).to_value("Msun/Mpc3"))
    assert 4 / 3 * np.pi * radius**3 * mean == pytest.approx(1e13, rel=1e-6)
    eds = value("virial radius of 1e13 Msun at z=1 in EdS in Mpc")
    within = value("critical density at z=1 in EdS in Msun/Mpc^3") * 18 * math.pi**2
    assert 4 / 3 * np.pi * eds**3 * within == pytest.approx(1e13, rel=1e-6)


def test_volumes_add_up() -> None:
    parts = value("volume from z=0 to z=1 in Gpc^3") + value("volume between z=1 and z=2 in Gpc^3")
    assert parts == pytest.approx(value("volume to z=2 in Gpc^3"))
    half = value("volume to z=2 in 20626.48 deg^2 in Gpc^3")
    assert half == pytest.approx(value("volume to z=2 in Gpc^3") / 2, rel=1e-6)


def test_radiation_is_there_where_it_matters() -> None:
    found = calculate("age at z=1100 with H0=67.66, Om=0.3097")
    assert found is not None and "T_CMB" in found.text
    assert found.value == pytest.approx(value("age at z = 1100"), rel=0.02)
