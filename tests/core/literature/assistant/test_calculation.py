"""Numbers asked for in the chat: each kind in five ways, and the code shown gives the number."""

from __future__ import annotations

import contextlib
import io
import math
import re
import subprocess
import sys

import pytest

from core.literature.assistant.calculation import Calculation, calculate

KINDS = {
    "comoving distance": (
        "What is the comoving distance to z=2 in Planck 2018 cosmology?", "how far is z=2",
        "Could you please tell me the distance to redshift two?", "D_C(z = 2)",
        "how many Mpc away is a galaxy at $z \\approx 2$"),
    "luminosity distance": (
        "luminosity distance at z = 1.5", "d_L(1.5)", "DL for redshift 1.5, please",
        "what's the luminosity distance of a quasar at z~1.5?",
        "compute the luminosity distance to redshift one point five"),
    "angular diameter distance": (
        "angular diameter distance to z = "
        "1", "D_A(z=1)", "What is the angular-diameter distance at "
        "redshift 1?", "hi, angular diameter distance z 1", "d_a at redshift one"),
    "transverse comoving distance": (
        "transverse comoving distance to z=0.51", "D_M(0.51)", "what is D_M at z = 0.51?",
        "comoving transverse... no, transverse comoving distance at redshift 0.51",
        "give me d_M for z = .51"),
    "light-travel distance": (
        "light travel distance to z = 6", "light-travel distance at redshift six",
        "What is the distance the light travelled from z = 6?", "lookback distance z=6",
        "the light-travelled distance for z=6 please"),
    "distance modulus": (
        "distance modulus at z = 0.5", "mu(0.5)", "What's the distance modulus to redshift 0.5?",
        "distance-modulus z=.5", "compute the distance modulus for a supernova at z = 0.5"),
    "age of the Universe": (
        "What was the age of the universe at z = 6?", "how old was the universe at redshift six",
        "what's the age at z = 6", "t(z=6)", "At z=6, how long after the Big Bang was it?"),
    "look-back time": (
        "look-back time to z = 3", "lookback time z=3", "how long ago was redshift three?",
        "how far back in time is z=3", "how many years ago did the light of z = 3 leave, in Gyr"),
    "time between redshifts": (
        "how much time passed between z=10 and z=6?", "time between redshift 10 and 6",
        "How long from z = 10 to z = 6?", "how much older was the universe at z=6 than at z=10?",
        "time elapsed from redshift ten to redshift six"),
    "Hubble parameter": (
        "H(z) at z = 2.3", "H(2.3)", "Hubble parameter at redshift 2.3", "expansion rate at z=2.3",
        "how fast was the universe expanding at z = 2.3?"),
    "E(z)": ("E(z) at "
             "z=2", "E(2)", "E(z=2)", "what is H/H0 at z = 2", "the expansion function at z=2"),
    "Hubble "
    "time": ("Hubble time at z=1", "what is the Hubble time at redshift one?", "hubble time z=1",
                    "inverse Hubble parameter at z = 1", "give me the Hubble-time for z=1"),
    "Hubble distance": ("Hubble distance at z=1", "Hubble radius z = 1", "D_H(1)",
                        "what was the Hubble length at redshift 1?", "c/H(z) at z=1"),
    "critical density": (
        "critical density at z = 6 in g/cm^3", "rho_crit(z=6)", "ρ_c(6)",
        "What was the critical density of the Universe at redshift six?",
        "critical mass density, z=6, please"),
    "mean matter density": (
        "mean matter density at z=3", "matter density at redshift three", "rho_m(3)",
        "what is the average matter density at z = 3", "background density at z=3"),
    "matter density parameter Omega_m": (
        "Omega_m at z=3", "What's Ω_m(z) at z = 3?", "matter density parameter at redshift 3",
        "$\\Omega_m(z=3)$", "matter fraction at z=3"),
    "growth factor": (
        "growth factor at z=1", "linear growth factor D(z=1)", "D(1)",
        "What is the linear growth factor at redshift one?", "growth function z = 1"),
    "growth rate": ("growth rate at z=0.5", "f(z=0.5)", "growth rate f at redshift 0.5",
                    "what is the linear growth rate for z = .5?", "rate of growth at z=0.5"),
    "f sigma_8": ("f sigma8 at z = "
                  "0.57", "fsigma8(0.57)", "$f\\sigma_8(z=0.57)$", "fσ8 at redshift 0.57",
                  "what's f*sigma_8 at z=0.57?"),
    "sigma_8": ("sigma8 at z=1", "σ8(z=1)", "$\\sigma_8(1)$", "what is sigma_8 at redshift one?",
                "value of sigma 8 at z=1"),
    "comoving volume": (
        "comoving volume between z = 1 and 2 over 100 "
        "deg^2", "volume from z=1 to z=2 in 100 square "
        "degrees", "comoving volume for 1<z<2 and 100 sq deg", "how large is the volume between "
        "redshift 1 and 2 in 100 deg2", "What volume does 100 deg² hold for z = 1-2?"),
    "differential comoving volume": (
        "differential comoving volume at z=1", "dV/dz at z = 1", "dVc/dz at z=1",
        "differential volume element at redshift 1", "comoving volume per unit redshift at z=1"),
    "angular size": (
        "what angle is 1 Mpc at z = 1", "What angle does one megaparsec subtend at redshift 1?",
        "angular size of 1 Mpc at z=1", "how large does a 1 Mpc cluster appear on the sky at z=1",
        "1 Mpc at z=1 in arcmin"),
    "size of an angle": (
        "how big is 10 arcsec at z=2", "what length is 10\" at redshift 2?",
        "physical size of ten arcseconds at z = 2", "10 arcsec at z=2 in kpc",
        "convert 10 arcsec to kpc at redshift 2"),
    "observed frequency": (
        "Convert a redshift of 9 to the observed frequency of the 21 cm line.",
        "21cm frequency at z=9", "at what frequency is the 21-cm line seen from redshift nine",
        "HI line from z = 9: which frequency?", "where is 21 cm observed for z=9 in MHz"),
    "observed wavelength": (
        "observed wavelength of Lyman alpha at z = 3.5", "where does Ly-a fall at z=3.5?",
        "Lyα at redshift 3.5 in Å", "at what wavelength do we see Lya from z = 3.5",
        "Lyman-alpha 1216 Å emitted at z=3.5, observed where?"),
    "scale factor": ("scale factor at z = "
                     "3", "a(z=3)", "what was the scale factor at redshift three",
                     "convert z=3 to scale factor", "how big was the universe at z=3"),
    "CMB temperature": ("CMB temperature at "
                        "z=1100", "T_CMB(1100)", "how hot was the CMB at z = 1100?",
                        "temperature of the cosmic microwave background at redshift 1100",
                        "T_cmb at z=1100"),
    "sound horizon at the drag epoch": (
        "sound horizon in "
        "WMAP9", "What is the sound horizon for WMAP9?", "r_d in the WMAP9 cosmology",
        "comoving sound horizon, WMAP 9-year", "BAO scale in WMAP9"),
    "r_vir": ("virial radius of a 1e12 Msun halo at z = "
              "2", "r_vir for 10^12 solar masses at redshift 2",
              "what's the virial radius of 10¹² M⊙ at z=2?", "Rvir of 1E12 M_sun, z=2",
              "virial radius for log M = 12 at z = 2"),
    "r200c": ("r200c of 1e14 Msun at "
              "z=0.5", "R200 for 1e14 Msun at z=0.5", "r_200c of 10^14 M_sun, z=0.5",
              "what is R_{200c} of $10^{14} M_\\odot$ at z = "
              "0.5", "r200 of 1e14 solar masses z=0.5"),
    "virial velocity": ("virial velocity of 1e12 Msun at z=1", "v_vir for 1e12 Msun at z = 1",
                        "circular velocity of a 10^12 M_sun halo at redshift 1",
                        "v_vir of 1e12 solar masses z=1",
                        "virial velocity, M = 1e12 Msun, z=1"),
    "virial "
    "temperature": ("virial temperature of 1e8 Msun at z=10", "T_vir of 10^8 M_sun at redshift 10",
                           "Tvir for 1e8 solar masses at z = "
                           "10", "what is the virial temperature of a "
                           "1e8 Msun halo at z=10?", "virial temperature for M=1e8 Msun, z~10"),
    "halo mass": ("halo mass with virial temperature 1e4 K at "
                  "z=10", "what mass has T_vir = 10^4 K at z=10",
                  "atomic cooling halo mass at z = 10", "minimum mass for atomic cooling at z=10",
                  "mass of a halo with a virial temperature of 10,000 K at redshift ten"),
    "Schwarzschild radius": (
        "Schwarzschild radius of 1e9 solar masses", "event horizon of a 10^9 Msun black hole",
        "how big is a 1e9 Msun black "
        "hole", "what's the schwarzschild radius for a billion solar masses",
        "radius of a black hole of 1e9 M_sun"),
    "Eddington luminosity": (
        "Eddington luminosity of 10^8 "
        "Msun", "L_Edd for 1e8 solar masses", "what is the Eddington limit of "
        "a 1e8 Msun black hole", "eddington luminosity, M=1e8 Msun", "L_edd of 1e8 M⊙ in erg/s"),
    "multipole": ("multipole of 1 "
                  "degree", "which l is 1 deg?", "what multipole does 1° correspond to",
                  "ell for one degree", "convert 1 degree to multipole"),
    "angle of a "
    "multipole": ("what angle is l = 200", "multipole 200 as an angle", "ell = 200 angle",
                             "angular scale of multipole 200", "what angular scale is ℓ=200"),
    "scale of a wavenumber": ("k = 0.1 h/Mpc scale", "what length is k=0.1 h/Mpc",
                              "which scale does k = 0.1 h Mpc^-1 correspond to",
                              "wavelength of k=0.1 h/Mpc", "size of 0.1 h/Mpc"),
    "flux density": ("AB magnitude 25 in µJy", "convert 25 AB mag to microjansky",
                     "25 mag AB to "
                     "uJy", "what flux in μJy is m_AB = 25?", "how many uJy is 25 ABmag"),
    "AB magnitude": ("1 µJy in AB "
                     "mag", "convert 1 uJy to AB magnitude", "AB magnitude of 1 microjansky",
                     "what AB mag is 1 μJy", "1 uJy to mag"),
    "apparent magnitude": (
        "apparent magnitude of M = -21 at z=1", "M_UV = -21 at z=1, what is the apparent magnitude",
        "convert absolute magnitude -21 to apparent at z = "
        "1", "what apparent magnitude has an absolute "
        "magnitude of -21 at redshift 1", "apparent mag for absolute mag -21, z=1"),
    "absolute magnitude": (
        "absolute magnitude of an m = 24.5 galaxy at z = "
        "6", "what absolute magnitude is m=24.5 at z=6",
        "absolute magnitude of apparent magnitude 24.5 at redshift "
        "6", "apparent mag 24.5 at z=6 to "
        "absolute", "convert apparent magnitude 24.5 at z = 6 to absolute magnitude"),
    "flux": ("flux of 1e44 erg/s at z = "
             "2", "what flux has a luminosity of 10^44 erg/s at redshift 2",
             "observed flux of L = 1e44 erg s^-1 at z=2", "luminosity 1e44 erg/s at z=2 to flux",
             "1e44 erg/s at z = 2 in erg/s/cm^2"),
    "luminosity": ("luminosity of 1e-17 erg/s/cm^2 at z = "
                   "6", "what luminosity is 10^-17 erg s^-1 cm^-2 at "
                   "redshift "
                   "6", "flux 1e-17 erg/s/cm2 at z=6 to "
                        "luminosity", "luminosity of a source at z=6 "
                   "with flux 1e-17 erg/cm^2/s", "1e-17 erg/s/cm^2 at z=6 in erg/s"),
    "velocity": ("velocity of "
                 "z=0.1", "recession velocity at redshift 0.1", "convert z = 0.1 to km/s",
                 "how fast does z=0.1 recede", "what speed is redshift 0.1"),
    "velocity by Hubble's law": (
        "how fast does a galaxy at 100 Mpc recede", "recession velocity at 100 Mpc",
        "velocity of a galaxy 100 Mpc away", "Hubble's law: velocity at 100 Mpc",
        "what is the recession speed of something 100 megaparsecs away"),
    "distance by Hubble's law": (
        "distance of a galaxy receding at 3,000 "
        "km/s", "how far is a galaxy with velocity 3000 km/s",
        "Hubble's law distance for 3000 "
        "km/s", "a galaxy recedes at 3000 km s^-1, how far away is it?",
        "what distance does 3000 km/s correspond to"),
    "conversion": ("convert 3 Mpc to light years", "3 Mpc in ly", "how many light years are 3 Mpc",
                   "what is 3 Mpc in light-years?", "three megaparsecs in light years"),
}
WAYS = [(kind, question) for kind, questions in KINDS.items() for question in questions]


def asked(question: str, before: str = "") -> Calculation:
    found = calculate(question, before)
    assert found is not None, question
    return found


def printed(code: str) -> float:
    """What a reader of the page gets who runs the code shown."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "<shown>", "exec"), {})
    return float(out.getvalue())


@pytest.mark.parametrize("kind", KINDS)
def test_five_ways_of_asking_give_one_number(kind: str) -> None:
    found = [asked(question) for question in KINDS[kind]]
    assert {c.quantity for c in found} == {kind}
    assert {c.unit for c in found} == {found[0].unit}
    assert [c.value for c in found] == pytest.approx([found[0].value] * 5, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_prints_the_number(kind: str) -> None:
    found = asked(KINDS[kind][0])
    assert printed(found.code) == pytest.approx(found.value, rel=1e-9)
    assert len(found.code.splitlines()) <= 18


def test_the_code_is_a_program_of_its_own() -> None:
    found = asked("virial radius of 1e14 Msun/h at z = 1 in WMAP7 in Mpc/h")
    command = [sys.executable, "-c", found.code]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(run.stdout) == pytest.approx(found.value, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_holds_the_number_its_unit_and_the_cosmology(kind: str) -> None:
    found = asked(KINDS[kind][0])
    sentences = re.findall(r"[.](?= [A-Z]|$)", found.text)
    assert 1 <= len(sentences) <= 4 and found.text.endswith(".")
    assert found.unit in found.text and "{" not in found.text and "nan" not in found.text
    text = re.sub(r"(?<!× )\b10\^", "1 × 10^", found.text)
    numbers = [float(f"{m[1].replace(',', '')}e{m[2] or 0}") for m in re.finditer(
        r"(-?\d[\d,]*\.?\d*)(?: × 10\^(-?\d+))?", text)]
    two_places = 6e-3 if "magnitude" in kind else 0.0
    assert any(math.isclose(one, found.value, rel_tol=2e-3, abs_tol=two_places)
               for one in numbers), text
    if found.cosmology:
        assert found.cosmology in found.text
        assert "H0 = " in found.cosmology and "Om = " in found.cosmology


@pytest.mark.parametrize(("question", "value", "unit"), [
    ("comoving distance to z=1 with H0 = 70, Om = 0.3", 3303.83, "Mpc"),
    ("age at z=6", 0.9293, "Gyr"),
    ("age of the universe at z=0 in WMAP9", 13.769, "Gyr"),
    ("how old would the universe be in Einstein-de Sitter with H0 = 70?", 9.3119, "Gyr"),
    ("what redshift is 1 Gyr after the Big Bang", 5.6659, ""),
    ("frequency of the 21 cm line from z = 9", 142.0406, "MHz"),
    ("critical density at z=0 in h^2 Msun/Mpc^3", 2.7754e11, "h^2 M_sun/Mpc^3"),
    ("Schwarzschild radius of 1 Msun in km", 2.9532, "km"),
    ("1 pc in ly", 3.26156, "ly"),
    ("1 keV in K", 1.16045e7, "K"),
    ("1 eV in nm", 1239.842, "nm"),
    ("redshift of 0.6 c", 1.0, ""),
    ("growth rate at z=0.5 in EdS", 1.0, ""),
    ("growth factor at z=3 in EdS", 0.25, ""),
    ("100 Mpc/h in Mpc with h = 0.7", 142.857, "Mpc"),
    ("AB magnitude of 3631 Jy", 0.0, ""),
])
def test_known_values(question: str, value: float, unit: str) -> None:
    found = asked(question)
    assert found.value == pytest.approx(value, rel=3e-4, abs=1e-3) and found.unit == unit


@pytest.mark.parametrize(("question", "before", "same_as"), [
    ("and at z = 8?", "What was the age of the universe at z = 6?", "age at z = 8"),
    ("and with WMAP9?", "What was the age of the universe at z = 6?", "age at z=6 in WMAP9"),
    ("what about redshift ten", "luminosity distance to z=2", "luminosity distance to z = 10"),
    ("and 10?", "age at z=6", "age at z=10"),
    ("in light years?", "comoving distance to z=1", "comoving distance to z=1 in ly"),
    ("and the look-back time?", "age at z=4", "look-back time to z=4"),
    ("and for 1e13 "
     "Msun?", "virial radius of 1e12 Msun at z=1", "virial radius of 1e13 Msun at z=1"),
    ("And for 1e13?", "virial radius of 1e12 Msun at z=1", "virial radius of 1e13 Msun at z=1"),
    ("how about 20 arcsec", "how big is 10 arcsec at z=2", "how big is 20 arcsec at z=2"),
    ("how about H alpha?", "where is Lyman alpha observed at z = 2", "where is H alpha at z = 2"),
    ("and at z = 3 in comoving units?", "how big is 10 arcsec at z = 2 in kpc",
     "comoving size of 10 arcsec at z=3 in kpc"),
    ("what is its virial temperature", "virial radius of 1e12 Msun at z=2",
     "virial temperature of 1e12 Msun at z=2"),
    ("same with H0 = 74", "how old was the universe at z=2", "age at z=2 for H0 = 74"),
])
def test_a_follow_up_goes_on_with_the_question_before_it(
    question: str, before: str, same_as: str
) -> None:
    found, same = asked(question, before), asked(same_as)
    assert (found.value, found.unit, found.cosmology) == (same.value, same.unit, same.cosmology)


@pytest.mark.parametrize("question", [
    "What is dark energy?", "why?", "thanks", "What is the luminosity distance?", "explain that",
    "And what is dark matter?", "How is it measured?", "What is reionization at z = 8?",
])
def test_another_question_after_a_calculation_is_another_question(question: str) -> None:
    assert calculate(question, "age at z = 6") is None


def test_a_follow_up_of_no_calculation_is_none() -> None:
    assert calculate("and at z=2?", "How does dark matter cluster?") is None
    assert calculate("and at z=2?") is None
