"""Whose a number is, all values of a quantity with their probes, units, errors and distances."""

from __future__ import annotations

import itertools
import re
import time

import pytest

from core.literature.measurements.extract import Measurement, in_words, measurements, repeated
from core.literature.measurements.tension import FLAG_ABOVE, is_stated, tension
from tests.core.literature.measurements.number_cases import CASES, UNITS, Case

NO_PARAMETERS = ("z", "mass", "significance")


def parameters(text: str) -> list[Measurement]:
    return [m for m in measurements(text) if m.quantity not in NO_PARAMETERS]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_papers_own_values_and_no_others(case: Case) -> None:
    found = parameters(case.text)
    assert sorted(in_words(m) for m in found if not m.assumed) == sorted(case.own)
    assert set(case.others) <= {in_words(m) for m in found if m.assumed}
    for m in found:
        assert case.text[m.start : m.end] == m.text
        assert m.assumed or not m.quoted
        assert tension(m) is None or not m.assumed


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("before", ["$H_0 = 70.0 \\pm 1.4$ ", "a Hubble constant of 70.0 ± 1.4 ",
                                    "for the Hubble constant from lenses 70.0 ± 1.4 "])
def test_every_spelling_of_the_unit(before: str, unit: str) -> None:
    (m,) = parameters(f"We measure {before}{unit} here.")
    assert in_words(m) == "H0 = 70.0 ± 1.4 km/s/Mpc"
    assert re.search("[Mm](?:pc|ega)", m.text)


COMPARED = [
    "lower than the Planck value of {}", "compared with {} from KiDS", "in tension with {} of DES",
    "while the SH0ES result is {}", "versus {} in the literature", "unlike the earlier {}",
    "away from {} as measured by ACT", "which differs from the published {}",
    "instead of {}", "in disagreement with {}", "higher than the previously reported value, {}",
    "in contrast to {}", "(Planck: {})", "relative to the CMB prediction of {}",
]  # fmt: skip
VALUES = [r"$S_8=0.90\pm0.01$", r"$\Omega_m = 0.40\pm0.01$", r"$H_0 = 80.0\pm1.0$ km/s/Mpc",
          r"$n_s = 0.90^{+0.01}_{-0.01}$", r"$\sigma_8 = 0.90(1)$"]


@pytest.mark.parametrize(("phrase", "value"), list(itertools.product(COMPARED, VALUES)))
def test_what_a_result_is_compared_with_is_quoted_and_never_in_tension(
    phrase: str, value: str
) -> None:
    own = VALUES[0].replace("0.90", "0.80") if "S_8" not in value else r"$\Omega_m=0.30\pm0.01$"
    first, *rest = parameters(f"From our maps we find {own}, {phrase.format(value)}.")
    assert not first.assumed and [(m.quoted, m.assumed) for m in rest] == [(True, True)]
    assert tension(rest[0]) is None
    (alone,) = parameters(f"From our maps we find {value}.")
    assert not alone.quoted and (tension(alone) or 0) > FLAG_ABOVE


@pytest.mark.parametrize(("text", "probes"), [
    (r"We find $H_0 = 72.9\pm1.1$ (Cepheids), $69.9\pm1.7$ (TRGB) and $71.5\pm2.0$ (JAGB) "
     r"km/s/Mpc.",
     ["Cepheids", "TRGB", "JAGB"]),
    (r"We get $S_8=0.77\pm0.02$ from shear and $S_8=0.79\pm0.03$ from clustering.",
     ["shear", "clustering"]),
    (r"We get $S_8=0.77\pm0.02$, $0.79\pm0.03$ and $0.78\pm0.02$ for shear, clustering and 3x2pt, "
     r"respectively.", ["shear", "clustering", "3x2pt"]),
    (r"DESI alone gives $\Omega_m=0.295\pm0.015$; adding Planck, we obtain "
     r"$\Omega_m=0.307\pm0.005$.",
     ["DESI", "DESI + Planck"]),
    (r"With masers, we find $H_0=73.9\pm3.0$ km/s/Mpc. In flat $w$CDM, we find $H_0=72\pm4$ "
     r"km/s/Mpc.",
     ["masers", "flat wCDM"]),
    (r"We measure $H_0=70\pm2$ km/s/Mpc (68\% CL) and $w=-1.0\pm0.1$ (stat).", ["", ""]),
])  # fmt: skip
def test_each_value_names_what_it_comes_from(text: str, probes: list[str]) -> None:
    found = parameters(text)
    assert [m.probe for m in found] == probes
    if all(probes):
        assert repeated(found) == {found[0].quantity}
        assert in_words(found[0], probe=True).endswith(f"({probes[0]})")
    assert not any("(" in in_words(m) for m in found)


@pytest.mark.parametrize(("text", "sigma", "against"), [
    (r"We find $S_8=0.77\pm0.02$, in $2.2\sigma$ tension with Planck.", 2.2, "Planck"),
    (r"We find $S_8=0.77\pm0.02$. This is $3.1\sigma$ lower than the Planck value.", 3.1, "Planck"),
    (r"$H_0=74.0\pm1.4$ km/s/Mpc, 4.4 sigma away from the CMB.", 4.4, "CMB"),
    (r"$S_8=0.80\pm0.02$ differs from Planck by 1.3$\sigma$.", 1.3, "Planck"),
    (r"The amplitude $S_8=0.77\pm0.02$ disagrees with Planck at the 2.7$\sigma$ level.", 2.7,
     "Planck"),
])
def test_the_distance_that_the_paper_states_is_preferred(
    text: str, sigma: float, against: str
) -> None:
    m = parameters(text)[0]
    assert m.stated and (m.stated.sigma, m.stated.against) == (sigma, against)
    assert is_stated(m) and tension(m) == sigma
    own = {m.quantity: (m.value or 0.0, 1.0)}
    assert not is_stated(m, own) and tension(m, own) == 0


def test_a_stated_agreement_is_the_most_that_the_distance_can_be() -> None:
    m = parameters(r"We find $S_8=0.77\pm0.015$, which agrees with Planck within $1.5\sigma$.")[0]
    assert m.stated and m.stated.agrees and not is_stated(m) and tension(m) == 1.5
    near = parameters(r"We find $S_8=0.83\pm0.03$, which agrees with Planck within $1.5\sigma$.")[0]
    assert (tension(near) or 0) < 0.2


def test_a_distance_from_something_else_says_nothing_of_planck() -> None:
    m = parameters(r"$H_0=67.0\pm1.0$ km/s/Mpc is $4.2\sigma$ below the SH0ES value.")[0]
    assert m.stated and m.stated.against == "SH0ES"
    assert not is_stated(m) and (tension(m) or 0) < 1


@pytest.mark.parametrize("unit", ["H_0=70±1 and ", "et al. ", "the Planck ", "(±1%", "km s-1 ",
                                  "compared with ", "S_8=0.8±0.1 (A), ", "2σ from Planck "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    began = time.process_time()
    measurements((unit * 20_000)[:20_000])
    assert time.process_time() - began < 3
