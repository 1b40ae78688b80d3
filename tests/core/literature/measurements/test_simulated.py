"""Values from mock data are marked, real ones never are; common quantities are read and written."""

from __future__ import annotations

import pytest

from core.literature.facets.facets import facets
from core.literature.measurements.extract import measurements
from core.literature.measurements.simulated import from_mocks
from core.literature.measurements.tension import tension
from core.literature.measurements.written import note_on, written
from core.literature.skim.sample import sample_batch

SAMPLE = {a.paper.id[-2:]: a.paper.abstract for a in sample_batch().announcements}
VALUE = r" We find $H_0 = 80.0 \pm 1.0$ km/s/Mpc."


def lines(abstract: str) -> list[str]:
    return [written(m) for m in measurements(abstract)]


@pytest.mark.parametrize("text", [
    "We stack 400 voids in mock catalogues of a survey.",
    "We measure the shear of 900 deg$^2$ of simulated images.",
    "We build a model for a synthetic sample of 90 supernovae.",
    "We analyse 40 simulated events of LIGO at design sensitivity.",
    "We cross-correlate mock SDSS spectra with galaxies.",
    "We compute the spectrum of 200 hydrodynamical simulations.",
    "We calibrate the signal of 210 simulated clusters with lensing.",
    "We fit DESI-like mock data.",
])
def test_values_from_made_data_are_marked_and_never_in_tension(text: str) -> None:
    assert from_mocks(text)
    (found,) = [m for m in measurements(text + VALUE) if m.quantity == "H0"]
    assert found.simulated and note_on(found) == "from mocks" and tension(found) is None


@pytest.mark.parametrize("text", [
    "We stack 400 voids. Mock catalogues give the covariance.",
    "We measure the shear of DES and validate the pipeline on simulated images.",
    "We test our method on mocks and apply it to the SDSS data.",
    "We train a network on simulations and apply it to real data.",
    "We observe 40 lenses. The selection is checked with simulated lenses.",
    "We model 31 lenses with free-form maps.",
    "We use the KiDS catalogue with a covariance from 900 simulations.",
])
def test_mocks_that_only_help_leave_a_real_value_real(text: str) -> None:
    assert not from_mocks(text)
    (found,) = [m for m in measurements(text + VALUE) if m.quantity == "H0"]
    assert not found.simulated and (tension(found) or 0) > 5


def test_the_sample_says_which_of_its_values_are_from_mocks() -> None:
    for id in ("02", "04", "05", "06", "11", "14", "15", "22"):
        values = [m for m in measurements(SAMPLE[id]) if m.minus is not None]
        assert all(m.simulated for m in values), id
    real = [m for m in measurements(SAMPLE["01"]) if m.minus is not None]
    assert real and not any(m.simulated for m in real)


@pytest.mark.parametrize(("text", "expected"), [
    (r"$A_{\rm ISW} = 1.2 \pm 0.4$", "A_ISW = 1.2 ± 0.4"),
    (r"$A_{\rm L} = 1.18 \pm 0.07$", "A_lens = 1.18 ± 0.07"),
    (r"$(1-b) = 0.74 \pm 0.05$", "1 − b = 0.74 ± 0.05"),
    (r"$f\sigma_8 = 0.45 \pm 0.02$", "fσ₈ = 0.45 ± 0.02"),
    (r"a galaxy bias of $1.9 \pm 0.1$", "bias = 1.9 ± 0.1"),
    (r"$|f_{\rm NL}| < 0.02$", "|fNL| < 0.02"),
    (r"haloes of $3 \times 10^{12}\,h^{-1}\,M_\odot$", "mass = 3×10¹² M☉/h"),
    (r"a mass limit of $2\times10^{14}\,M_\odot$", "mass > 2×10¹⁴ M☉"),
    (r"the least halo mass of $10^{9}\,M_\odot$", "mass > 10⁹ M☉"),
    (r"an upper limit of $10^{9}\,M_\odot$", "mass < 10⁹ M☉"),
    (r"$(4 \pm 2) \times 10^{10}\,M_\odot$", "mass = (4 ± 2)×10¹⁰ M☉"),
])
def test_common_results_are_read_and_written(text: str, expected: str) -> None:
    assert expected in lines(f"We find {text}.")


def test_both_ends_of_a_change_are_read() -> None:
    text = r"The bias of quasars matters. The bias rises from $1.9 \pm 0.1$ to $4.6 \pm 0.4$."
    assert lines(text) == ["bias = 1.9 ± 0.1", "bias = 4.6 ± 0.4"]


def test_an_amplitude_relative_to_theory_is_the_papers_own() -> None:
    text = r"The amplitude relative to theory is $A_{\rm ISW} = 1.2 \pm 0.4$."
    assert not measurements(text)[0].quoted


@pytest.mark.parametrize("text", [
    "The number falls if reionization ends at $z = 8$.",
    "It halves if it ends at $z = 8$ rather than $z = 6$.",
    "We ask whether galaxies at $z = 8$ would be seen.",
])
def test_a_redshift_in_a_condition_is_not_measured(text: str) -> None:
    assert all(m.assumed for m in measurements(text))
    assert not measurements("We see a galaxy at $z = 8$.")[0].assumed


@pytest.mark.parametrize(("joins", "label"), [
    ("adding the peaks gives", "power spectrum + peaks"),
    ("including peaks we find", "power spectrum + peaks"),
    ("combining with peaks gives", "power spectrum + peaks"),
    ("peaks give", "peaks"),
])
def test_what_is_added_is_named_with_what_it_is_added_to(joins: str, label: str) -> None:
    text = (r"The power spectrum alone gives $S_8 = 0.77 \pm 0.03$, and "
            rf"{joins} $S_8 = 0.76 \pm 0.02$.")
    assert [m.probe for m in measurements(text)] == ["power spectrum", label]


@pytest.mark.parametrize("text", [
    "No data of Planck are used.", "We do not use Planck maps.", "It works without Planck data.",
    "We use a network rather than Planck.", "These values are invented, to look like Planck's.",
    "Planck data are not used here.",
])
def test_a_survey_in_a_disclaimer_is_no_facet(text: str) -> None:
    assert facets("Voids", text)["survey"] == ()
    used = ("We use Planck and not only DESI.", "No deviation is found in Planck maps.")
    assert all("Planck" in facets("", one)["survey"] for one in used)
