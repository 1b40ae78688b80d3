"""Parameters, neutrinos, epochs, boxes, BAO, instruments, errors: known numbers, in many words."""

from __future__ import annotations

import contextlib
import io
import math

import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM, Flatw0waCDM, Planck18
from scipy.stats import norm

from core.literature.assistant.calculation import Calculation, calculate

LCDM = FlatLambdaCDM(H0=70, Om0=0.3)
_MPC_M, _MSUN_KG, _C, _G = 3.0857e22, 1.98841e30, 2.99792458e8, 6.6743e-11
_DD, _DS = (Planck18.angular_diameter_distance(z).value for z in (0.5, 1))
_DDS = _DS - Planck18.comoving_distance(0.5).value / 2  # flat space
RHO = 2.77536627e11  # h^2 M_sun / Mpc^3, critical density today

WAYS: dict[str, tuple[float, str, tuple[str, ...]]] = {
    "critical surface density": (
        _C**2 / (4 * math.pi * _G) * _DS / (_DD * _DDS) / _MPC_M / _MSUN_KG * (_MPC_M / 1e6) ** 2,
        "Msun/pc^2", (
            "critical surface density for a lens at z=0.5 and source z=1",
            r"$\Sigma_{\rm crit}$ for z_l = 0.5 and z_s = 1?", "Sigma_cr lens z=0.5, source z=1",
            "What is the lensing critical density for a source at redshift 1 behind z = 0.5?")),
    "Einstein radius": (
        math.degrees(math.sqrt(4 * _G * 1e12 * _MSUN_KG / _C**2 * _DDS / (_DD * _DS) / _MPC_M))
        * 3600, "arcsec", (
            "Einstein radius of a 1e12 Msun lens at z=0.5 for a source at z=1",
            "how large is the Einstein ring of 10^12 solar masses, lens z = 0.5, source z = 1?",
            "theta_E for M = 1e12 Msun, z_l=0.5, z_s=1")),
    "S_8": (0.76 * math.sqrt(0.28 / 0.3), "", (
        r"if sigma8=0.76 and $\Omega_m$=0.28, what is $S_8$", "S8 for σ_8=0.76, Ω_m = 0.28",
        "sigma_8 = 0.76, Om=0.28 -> S8?", "compute S_8 given sigma8 of 0.76 and Omega_m of 0.28",
        "What S8 do I get from sigma8 0.76 and matter density 0.28?")),
    "sigma_8": (0.815 / math.sqrt(0.32 / 0.3), "", (
        "S8=0.815 and Om=0.32, what's sigma8?", "convert S_8 = 0.815 to sigma_8 with Om = 0.32",
        r"what is $\sigma_8$ given $S_8=0.815$ and $\Omega_m = 0.32$",
        "which sigma8 corresponds to S8 = 0.815 for Omega_m = 0.32?",
        "sigma8 if S8 is 0.815 and Omega_m is 0.32")),
    "Omega_m": (0.143 / 0.674**2, "", (
        "Omega_m h^2 = 0.143 and h=0.674, what is Omega_m", "ω_m = 0.143, h=0.674 → Ω_m",
        r"$\Omega_m h^2 = 0.143$, $h=0.674$: $\Omega_m$?", "Omega_m for Omega_m h2=0.143, H0=67.4",
        "Omega_m? Omega_m h^2 = 0.143, H0 = 67.4 km/s/Mpc")),
    "Omega_b h^2": (0.049 * 0.67**2, "", (
        "omega_b = 0.049, h = 0.67, what is omega_b h^2?", "Ω_b=0.049, h=0.67 → Ω_b h^2",
        "Omega_b h^2 for Omega_b = 0.049 and H0 = 67", "what's ombh2 for Omega_b=0.049, h=0.67",
        "compute Omega_b h2 with Omega_b=0.049 and h = 0.67")),
    "h": (math.sqrt(0.1424 / 0.315), "", (
        "if Omega_m h^2=0.1424 and Omega_m=0.315 what is h?",
        "which H0 follows from Omega_m h^2 = 0.1424 and Omega_m = 0.315")),
    "baryon fraction": (0.0224 / 0.143, "", (
        "baryon fraction for Omega_b h^2 = 0.0224 and Omega_m h^2 = 0.143",
        "Omega_b/Omega_m if ombh2 = 0.0224 and ommh2 = 0.143")),
    "Omega_nu h^2": (0.12 / 93.14, "", (
        "sum m_nu = 0.12 eV -> Omega_nu h^2 = ?", r"$\sum m_\nu = 0.12$ eV, $\Omega_\nu h^2$?",
        "what is Omega_nu h^2 for a sum of neutrino masses of 120 meV",
        "neutrino mass sum 0.12 eV: Omega_nu h2", "Ω_ν h² for Σm_ν = 0.12 eV")),
    "sum of neutrino masses": (0.00064 * 93.14, "eV", (
        "Omega_nu h^2 = 0.00064, what's the sum of the neutrino masses",
        r"$\Omega_\nu h^2 = 0.00064$ → $\sum m_\nu$?",
        "sum of neutrino masses for Omega_nu h^2 = 0.00064 in eV")),
    "redshift of the onset of acceleration": ((2 * 0.7 / 0.3) ** (1 / 3) - 1, "", (
        "at which z did the expansion begin to accelerate for Om = 0.3?",
        "redshift where q=0 for Om=0.3 and H0=70",
        "when did acceleration begin for Om = 0.3, h=0.7",
        "calculate the redshift of the onset of acceleration for Om=0.3")),
    "redshift of matter-dark energy equality": ((0.7 / 0.3) ** (1 / 3) - 1, "", (
        "when do matter and dark energy have equal density for Om=0.3?",
        "redshift where Omega_m = Omega_Lambda for Om0 = 0.3",
        "matter-Lambda equality with Om=0.3, which z")),
    "deceleration parameter": (0.5 * 0.3 - 0.7, "", (
        "q0 for Om = 0.3", "deceleration parameter today with Om=0.3", "q(z=0) for Om=0.3")),
    "particle mass": (0.3 * RHO * (500 / 1024) ** 3, "M_sun/h", (
        "500 Mpc/h box with 1024^3 particles, Omega_m 0.3: particle mass?",
        "mass resolution of a 0.5 Gpc/h simulation with 1024³ particles for Om=0.3",
        "particle mass for L = 500 h^-1 Mpc box, N = 1024 x 1024 x 1024, Om = 0.3",
        "how heavy is a particle in a box of 500 Mpc/h with 1024 particles per side, Om=0.3",
        "what's the mass of a particle in a 500 Mpc/h box with 1024^3 particles in Msun/h, Om=.3")),
    "nyquist wavenumber": (math.pi * 256 / 500, "h/Mpc", (
        "Nyquist wavenumber of 256^3 grid in a 500 Mpc/h box",
        "k_Nyq of a 500 Mpc/h box with 256 cells a side",
        "k_max for 256^3 cells in a box of 500 Mpc/h")),
    "fundamental wavenumber": (2 * math.pi / 1000, "1/Mpc", (
        "fundamental mode of a 1 Gpc box", "smallest k in a box of 1000 Mpc", "k_min of a 1 Gpc "
                                                                              "box")),
    "size of a cell": (0.5, "Mpc", (
        "cell size of a 300 Mpc box with 600^3 cells",
        "pixel size of a 300 Mpc map with 600 pixels a side",
        "interparticle spacing of 600^3 particles in 300 Mpc")),
    "number of sigma": (5.6 / math.hypot(0.5, 1.0), "", (
        "67.4+-0.5 vs 73.0+-1.0, how many sigma", "Are 67.4 ± 0.5 and 73.0 ± 1.0 consistent?",
        "how many sigma between H0 = 67.4 ± 0.5 and H0 = 73 ± 1 km/s/Mpc?",
        r"tension between $67.4\pm0.5$ and $73.0 \pm 1.0$", "67.4(5) and 73.0 +/- 1.0 in sigma",
        "Planck 67.4 +- 0.5 km/s/Mpc and SH0ES 73.0 +- 1.0 km/s/Mpc: significance?")),
    "weighted mean": ((67.4 / 0.25 + 69.8 / 2.89) / (1 / 0.25 + 1 / 2.89), "", (
        "weighted mean of 67.4 ± 0.5 and 69.8 ± 1.7", "combine 67.4+-0.5 and 69.8+-1.7")),
    "probability": (2 * norm.sf(3), "", (
        "what p-value is 3 sigma", "convert 3 sigma to a probability", "3σ as p-value")),
    "D_M/r_d": (float(Planck18.comoving_distance(0.7).value) / 147, "", (
        "D_M/r_d at z = 0.7 with r_d=147 Mpc", "$D_M(0.7)/r_d$ for rd = 147 Mpc",
        "what is DM/rd at z=0.7 for r_d = 147 Mpc", "dm/rd z=0.7, rd = 147")),
    "distance of a parallax": (100.0, "pc", (
        "parallax 10 mas -> distance", "how far is a star with a parallax of 0.01 arcsec",
        "what distance is a parallax of ten milliarcseconds?")),
    "distance of a modulus": (100.0, "Mpc", (
        "distance modulus 35 -> distance?", "mu = 35, how far in Mpc?",
        "apparent magnitude 15 and absolute magnitude -20, what is the distance?")),
    "distance modulus": (5 * math.log10(4e6), "", (
        "distance modulus of 40 Mpc", "what is the distance modulus for d = 40 Mpc")),
    "wavenumber": (0.0674, "1/Mpc", (
        "k=0.1 h/Mpc with h=0.674 -> in 1/Mpc? and which wavelength 2pi/k in Mpc",
        "convert k = 0.1 h/Mpc to Mpc^-1 and a wavelength for h = 0.674")),
    "wavenumber of a multipole": (1000 / float(Planck18.comoving_distance(1).value), "1/Mpc", (
        "what k does ell = 1000 correspond to at z = 1", "l = 1000 at z=1 in 1/Mpc by Limber",
        "which wavenumber is multipole 1000 at redshift 1?")),
    "angular resolution": (math.degrees(0.299792458 / 0.15 / 1e3) * 60 , "arcmin", (
        "lambda/D for a 1 km array at 150 MHz",
        "angular resolution of an array with a 1 km baseline at 150 MHz",
        "resolution of a 1000 m interferometer at 0.15 GHz")),
    "redshift range of a band": (1420.405751768 / 50 - 1, "", (
        "which redshifts can HERA observe in 21 cm?", "at which z does HERA see the 21 cm line",
        "what redshift range does HERA cover with 21cm")),
}
QUESTIONS = [(kind, question) for kind, (_, _, ways) in WAYS.items() for question in ways]


def asked(question: str) -> Calculation:
    found = calculate(question)
    assert found is not None, question
    return found


def value(question: str) -> float:
    return asked(question).value


def printed(code: str) -> float:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "<shown>", "exec"), {})
    return float(out.getvalue())


@pytest.mark.parametrize(("kind", "question"), QUESTIONS)
def test_the_number_is_the_known_one(kind: str, question: str) -> None:
    found, (right, unit, _) = asked(question), WAYS[kind]
    assert found.quantity == kind and found.unit == unit
    assert found.value == pytest.approx(right, rel=2e-3)


@pytest.mark.parametrize("kind", WAYS)
def test_the_code_prints_the_number_and_the_text_says_it(kind: str) -> None:
    found = asked(WAYS[kind][2][0])
    assert printed(found.code) == pytest.approx(found.value, rel=1e-9)
    assert found.text.endswith(".") and "{" not in found.text and found.unit in found.text
    assert found.cosmology in found.text


@pytest.mark.parametrize(("there", "back", "numbers"), [
    ("S8 for sigma8 = {} and Om = 0.29", "sigma8 for S8 = {} and Om = 0.29", (0.7, 0.81)),
    ("Omega_c for Omega_c h^2 = {} and h = 0.7",
     "Omega_c h^2 for Omega_c = {} and h = 0.7", (0.1, 0.13)),
    ("Omega_nu h^2 for sum m_nu = {} eV", "sum m_nu in eV for Omega_nu h^2 = {}", (0.06, 0.5)),
    ("parallax of {} pc in mas", "distance in pc of a parallax of {} mas", (1.3, 8000)),
    ("distance modulus of {} Mpc", "distance in Mpc of distance modulus {}", (0.05, 900)),
    ("p-value of {} sigma, what is it", "how many sigma is p = {}", (1, 2.5)),
    ("wavenumber of multipole {} at z = 0.8 in 1/Mpc", "multipole of k = {} 1/Mpc at z=0.8",
     (30, 2000)),
])
def test_there_and_back_is_where_it_began(
    there: str, back: str, numbers: tuple[float, ...]
) -> None:
    for number in numbers:
        between = value(there.format(repr(number)))
        assert value(back.format(repr(between))) == pytest.approx(number, rel=1e-6)


def test_published_numbers_come_out() -> None:
    # Planck 2018 VI (A&A 641, A6), table 2, last column: z_eq = 3387 ± 21, k_eq = 0.010339
    equality = asked("z_eq in Planck18")
    assert equality.value == pytest.approx(3387, abs=21) and "0.0103" in equality.text
    # Omega_m h^2 of the same, z_* aside: eta from omega_b h^2 = 0.02242 is 6.14e-10
    assert value("baryon-to-photon ratio for omega_b h^2 = 0.02242") == pytest.approx(
        6.14e-10, rel=3e-3)
    # Pillepich et al. 2018: TNG300-1-Dark, 205 Mpc/h and 2500^3, 7.0e7 M_sun a particle
    assert value("particle mass in Msun of a 205 Mpc/h box, 2500^3 particles, Om=0.3089, "
                 "h=0.6774") == pytest.approx(7.0e7, rel=0.01)
    # DESI 2024 VI (arXiv:2404.03002), LRG at z = 0.51: D_M/r_d = 13.62 ± 0.25 measured
    assert value("D_M/r_d at z=0.51") == pytest.approx(13.62, abs=0.5)
    # Lesgourgues & Pastor 2006: k_fs = 0.8 h/Mpc for 1 eV today
    assert value("free-streaming wavenumber of a neutrino of 1 eV at z=0") == pytest.approx(
        0.8, rel=0.05)


def test_acceleration_begins_where_w_of_z_says() -> None:
    cosmology = Flatw0waCDM(H0=67, Om0=0.32, w0=-0.7, wa=-1.0)
    z = value("when did acceleration begin for w0 = -0.7, wa=-1.0, Om=0.32, H0=67")
    w = cosmology.w(z)
    assert float(cosmology.Om(z) + (1 + 3 * w) * cosmology.Ode(z)) == pytest.approx(0, abs=1e-4)
    assert value("deceleration parameter at z = 200 with Om=0.3, H0=70") == pytest.approx(
        0.5, abs=0.05)  # matter, with a little radiation


@pytest.mark.parametrize("z", [0.3, 1.5, 8.0])
def test_distances_over_the_ruler_are_those_of_astropy(z: float) -> None:
    with_h = " with r_d = 147 Mpc, H0=70, Om=0.3"
    across = float(LCDM.comoving_transverse_distance(z).value)
    along = 299792.458 / float(LCDM.H(z).value)
    assert value(f"D_M/r_d at z={z}{with_h}") == pytest.approx(across / 147)
    assert value(f"D_H/r_d at z={z}{with_h}") == pytest.approx(along / 147)
    assert value(f"D_V/r_d at z={z}{with_h}") == pytest.approx(
        np.cbrt(z * along * across**2) / 147)
    assert value(f"Alcock-Paczynski parameter at z={z} with H0=70, Om=0.3") == pytest.approx(
        across / along)


def test_an_instrument_resolves_what_its_wavelength_allows() -> None:
    one = value("resolution of a 2.4 m telescope at 500 nm in arcsec")
    assert one == pytest.approx(1.22 * 500e-9 / 2.4 * 206264.8, rel=1e-5)
    apart = value("what baseline do I need to resolve 1 arcmin at z=8 in 21 cm")
    assert apart == pytest.approx(0.2110611 * 9 / (math.pi / 10800), rel=1e-5)
    k = value("what k_perp in 1/Mpc does a 100 m baseline probe at z=8")
    assert k == pytest.approx(2 * math.pi * 100 / (0.2110611 * 9) / float(
        Planck18.comoving_distance(8).value), rel=1e-4)
    thin = value("comoving depth of 0.01 MHz bandwidth at z = 8 in 21 cm")
    edges = [1420.405751768 / (1420.405751768 / 9 + d) - 1 for d in (0.005, -0.005)]
    near, far = (float(Planck18.comoving_distance(edge).value) for edge in edges)
    assert thin == pytest.approx(far - near, rel=1e-4)


def test_errors_that_face_each_other_count() -> None:
    found = asked(r"how many sigma between $0.766^{+0.020}_{-0.014}$ and $0.834 \pm 0.016$")
    assert found.value == pytest.approx((0.834 - 0.766) / math.hypot(0.020, 0.016))
    other = asked("how many sigma between 0.9 +0.020 -0.014 and 0.834 ± 0.016")
    assert other.value == pytest.approx((0.9 - 0.834) / math.hypot(0.014, 0.016))
    assert value("w0 = -0.827 ± 0.063, how many sigma from -1") == pytest.approx(0.173 / 0.063)


def test_a_physical_density_with_h_makes_a_cosmology() -> None:
    assert value("age for Omega_m h^2 = 0.147 and h = 0.7") == pytest.approx(
        float(LCDM.age(0).value), rel=1e-4)


def test_a_default_that_was_taken_is_named() -> None:
    assert "(of Planck18)" in asked("S8 with sigma8 = 0.83").text
    assert "no redshift was given" in asked("k_fs of a neutrino of 0.1 eV").text
    assert "assumed" in asked("resolution of a 65 km baseline array at z = 8").text


@pytest.mark.parametrize(("question", "says"), [
    ("particle mass in a 500 Mpc/h box", "1024"), ("Nyquist wavenumber of a 500 Mpc/h box", "1024"),
    ("resolution of a 25 m dish", "wavelength"), ("parallax of -3 mas, distance", "above zero"),
    ("S8 for sigma8=-0.8 and Om=0.3", "sigma_8"), ("Omega_nu h^2 for m_nu = -1 eV", "above zero"),
    ("how many sigma between 1.0 ± 0 and 2.0 ± 0", "error"), ("D_M/r_d at z=0", "above 0"),
    ("when does the universe start accelerating in EdS", "does not begin"),
    ("redshift of matter-dark energy equality in EdS", "never"),
    ("z_eq for Omega_m h^2 = 7", "between 0 and 2"), ("at which z does DESI see 21 cm", "never"),
    ("particle mass of 64^3 particles in a box of -100 Mpc", "above zero"),
])
def test_what_is_missing_or_cannot_be_is_said_in_a_sentence(question: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        calculate(question)
    message = str(caught.value)
    assert message.endswith(".") and message[0].isupper() and "\n" not in message


@pytest.mark.parametrize(("question", "first", "second"), [
    ("comoving and luminosity distance to z=2", "comoving distance to z=2",
     "luminosity distance to z=2"),
    ("What is the age of the universe at z=2? And the luminosity distance?", "age at z=2",
     "luminosity distance to z=2"),
    ("H(z) and the critical density at z = 0.5", "H(z) at z=0.5", "critical density at z=0.5"),
    ("virial radius and virial temperature of a 1e12 Msun halo at z=2",
     "virial radius of 1e12 Msun at z=2", "virial temperature of a 1e12 Msun halo at z=2"),
    ("500 Mpc/h box with 1024^3 particles: particle mass and Nyquist wavenumber?",
     "particle mass of 1024^3 particles in a 500 Mpc/h box",
     "Nyquist wavenumber of 1024^3 particles in a 500 Mpc/h box"),
])
def test_two_quantities_of_one_question_are_both_given(
    question: str, first: str, second: str
) -> None:
    found, one, two = asked(question), asked(first), asked(second)
    assert found.text == f"{one.text} {two.text}" and found.value == one.value
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(found.code, "<shown>", "exec"), {})
    assert [float(line) for line in out.getvalue().split()] == pytest.approx(
        [one.value, two.value], rel=1e-9)


@pytest.mark.parametrize(("question", "before", "same_as"), [
    ("and for Om = 0.25?", "S8 for sigma8 = 0.8 and Om=0.3", "S8 for sigma8=0.8, Om=0.25"),
    ("and with 512^3?", "500 Mpc/h box with 1024^3 particles, particle mass?",
     "particle mass of 512^3 particles in a 500 Mpc/h box"),
    ("and for 0.06 eV?", "sum m_nu = 0.12 eV -> Omega_nu h^2?",
     "Omega_nu h^2 for sum m_nu = 0.06 eV"),
    ("and with H0 = 74?", "age at z=6 with H0=70, Om=0.3", "age at z=6 with H0=74, Om=0.3"),
    ("and in Planck15?", "age at z=6 with H0=70, Om=0.3", "age at z=6 in Planck15"),
])
def test_a_follow_up_keeps_what_it_does_not_change(
    question: str, before: str, same_as: str
) -> None:
    found = calculate(question, before)
    assert found is not None and found.value == pytest.approx(value(same_as), rel=1e-12)
