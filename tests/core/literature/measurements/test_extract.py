"""Numbers of abstracts: every way of writing them, what must not be read, spans and robustness."""

from __future__ import annotations

import json
import random
import time

import pytest

from core.literature.measurements.extract import Measurement, in_words, measurements

HUBBLE = [
    r"$H_0 = 73.0 \pm 1.0$ km s$^{-1}$ Mpc$^{-1}$",
    r"$H_{0}=73.0\pm1.0\,\mathrm{km\,s^{-1}\,Mpc^{-1}}$",
    r"$\rm H_0=73.0 \pm 1.0 \ km \ s^{-1} \ Mpc^{-1}$",
    r"$H_{\rm 0} = (73.0\pm 1.0)\;{\rm km/s/Mpc}$",
    "H0 = 73.0 +/- 1.0 km/s/Mpc",
    "H0 = 73.0 +1.0-1.0 km / s / Mpc",
    "$H_0=73.0_{-1.0}^{+1.0}km/s/Mpc$",
    r"$H_0=73.0^{+1.0}_{-1.0}$~km~s$^{-1}$~Mpc$^{-1}$",
    "H0 = 73.0(10) km/s/Mpc",
    "a Hubble constant of $73.0\\pm1.0$ km/s/Mpc",
    "the Hubble constant ($H_0$) to be 73.0 ± 1.0 km/s/Mpc",
    r"$H_0 = 73.0 \pm 0.8\,({\rm stat}) \pm 0.6\,({\rm sys})$ km/s/Mpc",
    r"$h = 0.730 \pm 0.010$",
]


def only(text: str) -> Measurement:
    found = measurements(text)
    assert len(found) == 1, [in_words(m) for m in found]
    return found[0]


def read(text: str) -> list[str]:
    return [in_words(m) for m in measurements(text)]


@pytest.mark.parametrize("written", HUBBLE)
def test_a_value_is_the_same_however_it_is_written(written: str) -> None:
    m = only(f"From 42 objects we measure {written} in this work.")
    assert m.quantity == "H0" and m.unit == "km/s/Mpc" and m.relation == "=" and not m.assumed
    assert (m.value, m.minus, m.plus) == pytest.approx((73.0, 1.0, 1.0))


@pytest.mark.parametrize("scaling", [r"\sqrt{\Omega_{\rm m}/0.3}", r"(\Omega_m/0.3)^{0.5}",
                                     r" \left(\Omega_\mathrm{m}/0.3\right)^{1/2}"])
@pytest.mark.parametrize("name", ["", r"S_8 = ", r"S_{8}\equiv"])
def test_s8_is_read_through_its_definition(name: str, scaling: str) -> None:
    m = only(rf"We find ${name}\sigma_8{scaling} = 0.776^{{+0.032}}_{{-0.033}}$.")
    assert (m.quantity, m.value, m.minus, m.plus) == ("S8", 0.776, 0.033, 0.032)


@pytest.mark.parametrize("text", [
    r"$\sigma_8(\Omega_m/0.27)^{0.46} = 0.774\pm0.03$",
    r"$S'_8=\sigma_8(\Omega_{\rm m}/0.3)^{0.22}=0.721\pm 0.028$",
    r"$\sigma_8\Omega_m^{0.25} = 0.6\pm0.02$ and $\Omega_m^{0.6}\sigma_8 = 0.45\pm0.03$",
    r"$\Sigma_8 = 0.745 \pm 0.039$ and $b_1\sigma_8=0.9\pm0.1$",
    r"a difference $\Delta S_8 = 0.5 \pm 0.02$ and $\Delta N_{\rm eff} < 0.9$",
    r"we forecast $\sigma(S_8)=0.4$, $\sigma_{H_0} = 70$ km/s/Mpc and $\delta r<0.001$ tensor",
    r"$H_0 r_d = 100 \pm 5$ and $H(z) = 70\pm3$ km/s/Mpc",
    "improves $S_8$ by 1.2 times, $H_0$ to 50% and $\\sigma_8$ at 0.5%",
    r"$\Omega_m, \sigma_8 = 0.31\pm0.02$",
    "the redshifted 21 cm line, redshifts of 230 galaxies, redshift 21 cm maps",
    r"scales $r < 1$ $h^{-1}$Mpc for tensor modes and $10\,h^{-1}$ Mpc at $M_{\rm pl} = 2$",
    r"an optical depth with $\tau = 0.1$ Gyr",
    r"$10^2\,M_\odot\,{\rm yr}^{-1}$ and a few $10^{13} M_\odot$",
    r"at the $2\sigma$ confidence level, within $1\sigma$, $3\sigma$ errors and a 0.3$\sigma$ bias",
    "No dataset gives $H_0$ less than 71.6 km/s/Mpc",
    "values of $w < -1.3$ are ruled out",
    r"S8 = 3.2 \pm 0.1 and H0 = 0.7 \pm 0.1",
])
def test_what_is_not_a_value_of_the_quantity_is_left_out(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(("text", "expected"), [
    (r"$w_0$ = $-0.83^{+0.66}_{-0.31}$, $w_a$ = $-0.91^{+0.87}_{-0.46}$",
     ["w0 = −0.83 +0.66 −0.31", "wa = −0.91 +0.87 −0.46"]),
    (r"$(w_0, w_a) = (-0.8\pm0.1, -0.6\pm0.3)$", ["w0 = −0.8 ± 0.1", "wa = −0.6 ± 0.3"]),
    (r"$\Omega_m$ and $\sigma_8$ are $0.31\pm0.02$ and $0.80\pm0.03$, respectively",
     ["Omega_m = 0.31 ± 0.02", "sigma_8 = 0.80 ± 0.03"]),
    (r"$\sum m_\nu < 120$ meV", ["sum_mnu < 0.12 eV"]),
    (r"$-4<f_{\rm NL}<27$", ["f_NL = −4 to 27"]),
    (r"$f_{\rm NL}^{\rm equil} = -26 \pm 47$", ["f_NL equilateral = −26 ± 47"]),
    ("the tensor-to-scalar ratio $r<0.036$", ["r < 0.036"]),
    (r"$\ln(10^{10}A_s) = 3.044\pm0.014$", ["ln10^10As = 3.044 ± 0.014"]),
    (r"$\Omega_{\rm b}h^2=0.0224\pm0.0001$", ["Omega_b h2 = 0.0224 ± 0.0001"]),
    (r"$f\sigma_{8}(z_{\rm eff}=0.25) = 0.413\pm0.031$", ["f_sigma_8 = 0.413 ± 0.031"]),
    ("redshifts $0.2 < z < 0.7$, z ~ 6 and $z\\sim 8-10$",
     ["z = 0.2 to 0.7", "z ≈ 6", "z = 8 to 10"]),
    ("$20 > z > 5.5$, $z\\in[0,2]$, z = 1.5--2", ["z = 5.5 to 20", "z = 0 to 2", "z = 1.5 to 2"]),
    ("a redshift of 0.5; between redshift 0.78 and 1.43", ["z = 0.5", "z = 0.78 to 1.43"]),
    (r"halos of $10^{14}\,M_\odot$", ["mass = 1e+14 Msun"]),
    (r"$M_{200} = (1.2\pm0.3)\times10^{15}\,h^{-1} M_\odot$",
     ["mass = 1.2e+15 ± 3e+14 Msun/h"]),
    (r"$10^{14}\,{\rm M}_{\odot}<M_{500}<10^{15}\,{\rm M}_{\odot}$",
     ["mass = 1e+14 to 1e+15 Msun"]),
    (r"$\log(M_\star/M_\odot)>10$", ["mass > 1e+10 Msun"]),
    (r"a $4.2\sigma$ tension, detected at 5.3$\sigma$",
     ["significance = 4.2σ", "significance = 5.3σ"]),
])
def test_quantities_ranges_and_limits(text: str, expected: list[str]) -> None:
    assert read(f"We find {text}.") == expected


@pytest.mark.parametrize(("text", "assumed"), [
    ("Assuming $H_0 = 70 \\pm 1$ km/s/Mpc, we", True),
    ("We adopt a fiducial cosmology with $S_8 = 0.8$", True),
    ("Assuming a flat universe, we find $S_8 = 0.8 \\pm 0.1$", False),
    ("For our fiducial analysis, we get $S_8=0.789\\pm0.020$", False),
    ("a Gaussian prior on $\\Omega_m = 0.3\\pm0.02$", True),
    ("We forecast $S_8 = 0.80\\pm0.01$ for Euclid", True),
    ("$H_0=(70\\pm 5)$ km/s/Mpc is adopted", True),
    ("If $w = -0.9\\pm0.1$ then", True),
    ("consistent with $w=-1$", True),
    ("a phantom phase ($w < -1$)", True),
    ("a 14$\\sigma$ detection", False),
    ("We forecast a 14$\\sigma$ detection", True),
])
def test_values_that_are_not_measured_are_marked(text: str, assumed: bool) -> None:
    assert only(text + " at last.").assumed is assumed


@pytest.mark.parametrize(("text", "confidence", "error"), [
    (r"$w = -1.0 \pm 0.2$ (68% CL)", 0.68, 0.2),
    (r"$w = -1.0 \pm 0.196$ at 95\% confidence", 0.95, 0.1),
    (r"At 95% confidence, $w = -1.0 \pm 0.196$", 0.95, 0.1),
    (r"$w = -1.0 \pm 0.2$", None, 0.2),
    (r"$\log F > -0.89$ at the $3\sigma$ confidence interval and $w = -1.0 \pm 0.2$", None, 0.2),
])
def test_errors_are_one_sigma_whatever_confidence_is_stated(
    text: str, confidence: float | None, error: float
) -> None:
    m = measurements(f"We find {text}.")[-1]
    assert m.confidence == confidence and m.plus == pytest.approx(error, rel=1e-3)


def test_a_limit_keeps_its_confidence_and_errors_beside_it_stay() -> None:
    value, limit = measurements(
        r"Tensor modes: $r_{0.05}=0.014^{+0.010}_{-0.011}$ and $r_{0.05}<0.036$ at 95% confidence."
    )
    assert (value.minus, value.confidence) == (0.011, None)
    assert (limit.high, limit.confidence) == (0.036, 0.95)


@pytest.mark.parametrize("written", HUBBLE)
def test_the_span_is_the_text_with_its_braces_and_dollars(written: str) -> None:
    abstract = f"We measure {written}, and more."
    m = only(abstract)
    assert abstract[m.start : m.end] == m.text and m.text in abstract
    assert m.text.count("$") % 2 == 0 and m.text.count("{") == m.text.count("}")
    assert "73" in m.text or "0.73" in m.text


MESS = ["$", "{", "}", "\\", "^", "_", "±", "(", "9" * 30, " " * 50, "=", "\\sigma", "\x00", "10^",
        "<", "z", "H_0=", "\n", "~", "e99", "% CL", "\u202e", "𝛔", "--", "M_\\odot"]


def test_ten_thousand_damaged_strings_are_read_without_harm() -> None:
    source = " ".join(HUBBLE) + r" $\sigma_8\sqrt{\Omega_m/0.3}<0.8$ z = 0.2--0.5, $5\sigma$ hint"
    chance, began = random.Random(5), time.process_time()
    for _ in range(10_000):
        at = chance.randrange(len(source))
        text = list(source[at : at + 120])
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(text) + 1)
            text[place : place + chance.randint(0, 9)] = chance.choice(MESS) * chance.randint(0, 3)
        abstract = "".join(text)
        for m in measurements(abstract):
            assert abstract[m.start : m.end] == m.text != ""
            json.dumps(vars(m), allow_nan=False)
    assert time.process_time() - began < 20


@pytest.mark.parametrize("unit", [*MESS, "9.", "^{", "H_0,", "0<z", "5σ ", "+1-1", "68% CL ",
                                  "10^{14}M_\\odot ", "redshift 1-", " to be", "not ",
                                  "H_0=70±1 (95% CL) "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    began = time.process_time()
    measurements((unit * 60_000)[:60_000])
    assert time.process_time() - began < 3


def test_the_numbers_of_a_whole_abstract() -> None:
    abstract = (
        r"A combined analysis gives dark matter density $\Omega_c h^2 = 0.120\pm 0.001$, spectral "
        r"index $n_s = 0.965\pm 0.004$ and optical depth $\tau = 0.054\pm 0.007$ (in this abstract "
        r"we quote $68\,\%$ confidence regions). The angular scale is measured to $0.03\,\%$, with "
        r"$100\theta_*=1.0411\pm 0.0003$. Assuming the base-$\Lambda$CDM cosmology, the inferred "
        r"parameters are: $H_0 = (67.4\pm 0.5)$km/s/Mpc; $\Omega_m = 0.315\pm 0.007$; and "
        r"$\sigma_8 = 0.811\pm 0.006$. With BAO, $N_{\rm eff} = 2.99\pm 0.17$, and the neutrino "
        r"mass is tightly constrained to $\sum m_\nu< 0.12$eV."
    )
    assert read(abstract) == [
        "Omega_c h2 = 0.120 ± 0.001", "n_s = 0.965 ± 0.004", "tau = 0.054 ± 0.007",
        "H0 = 67.4 ± 0.5 km/s/Mpc", "Omega_m = 0.315 ± 0.007", "sigma_8 = 0.811 ± 0.006",
        "N_eff = 2.99 ± 0.17", "sum_mnu < 0.12 eV",
    ]
    assert not any(m.assumed for m in measurements(abstract))


def test_an_empty_abstract_has_no_numbers() -> None:
    assert measurements("") == [] and measurements("We present a theory.") == []
