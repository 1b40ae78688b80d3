"""Facets: canonical names, whole words, the right case."""

from __future__ import annotations

import time

import pytest

from core.literature.facets.facets import FACETS, facets, names_in
from core.literature.facets.vocabulary import SURVEYS


def survey(text: str) -> tuple[str, ...]:
    return facets("", text)["survey"]


@pytest.mark.parametrize(("text", "names"), [
    ("Data of DESI DR1 and of DES Y3", ("DESI", "DES")),
    ("the Dark Energy Survey (DES-Y3)", ("DES",)),
    ("dark energy surveys such as DESI-like ones", ("DESI",)),
    ("the LSST of the Vera C. Rubin Observatory", ("Rubin LSST",)),
    ("{\\it Planck} and $Euclid$, \\textit{XMM-Newton}", ("Planck", "Euclid", "XMM-Newton")),
    ("ACT DR6 and SPT-3G", ("ACT", "SPT")),
    ("eBOSS and BOSS DR12", ("eBOSS", "BOSS")),
    ("unWISE galaxies; Pantheon+ and Pantheon", ("unWISE", "Pantheon+", "Pantheon")),
    ("Planck's maps; pre-Planck data", ("Planck",)),
    ("HSC-Y3 × BICEP/Keck", ("HSC", "BICEP/Keck")),
])
def test_surveys_by_their_canonical_names(text: str, names: tuple[str, ...]) -> None:
    assert survey(text) == names


@pytest.mark.parametrize("text", [
    "particles act on the exact factor and react", "Euclidean space", "the Planck mass and scale",
    "in Planck units, at the Planck length", "Fokker-Planck equation", "Max Planck Institute",
    "sub-Planckian fields", "DESCRIBE DESTINY and destroy", "a boss of the gaia hypothesis",
    "the quasar SDSS J1004+4112", "cluster SPT-CL J0546-5345",
    "classical wise roman lisa", "SPTX ACTION", "the Romans", "the union of rubin",
])
def test_words_that_only_look_like_surveys(text: str) -> None:
    assert survey(text) == ()


@pytest.mark.parametrize(("text", "facet", "name"), [
    ("IllustrisTNG300-1 and TNG100", "simulation", "IllustrisTNG"),
    ("the CAMELS suite", "simulation", "CAMELS"),
    ("the QUIJOTE simulations", "simulation", "Quijote"),
    ("MillenniumTNG", "simulation", "MillenniumTNG"),
    ("AbacusSummit", "simulation", "AbacusSummit"),
    ("cross-power spectra", "statistic", "power spectrum"),
    ("Bispectra of", "statistic", "bispectrum"),
    ("peak counts", "statistic", "peak counts"), ("2PCF", "statistic", "correlation function"),
    ("3$\\times$2pt", "statistic", "3x2pt"), ("baryon acoustic oscillations", "statistic", "BAO"),
    ("cosmic voids", "object", "voids"), ("clusters of galaxies", "object", "galaxy clusters"),
    ("21-cm signal", "object", "21 cm"), ("21\\,cm", "object", "21 cm"),
    ("CMB lensing maps", "object", "CMB lensing"),
    ("the $H_0$ tension", "object", "Hubble tension"),
    ("Ly$\\alpha$ forest", "object", "Lyman-alpha forest"),
    ("$f(R)$ models", "object", "modified gravity"),
])
def test_other_facets(text: str, facet: str, name: str) -> None:
    assert name in facets("", text)[facet]


def test_camels_the_animal_is_no_simulation_and_dark_energy_survey_no_dark_energy() -> None:
    found = facets("", "camels and the eagle; the Dark Energy Survey avoids tng")
    assert found["simulation"] == () and "dark energy" not in found["object"]


def test_title_counts_each_name_once_in_the_order_of_the_text() -> None:
    found = facets("Voids in DESI", "DESI voids, HSC voids and DESI again.")
    assert found["survey"] == ("DESI", "HSC") and found["object"] == ("voids",)
    assert tuple(found) == FACETS


def test_names_for_checking_a_summary() -> None:
    assert names_in("With Euclid and CAMELS we do better than Planck.") == {
        "Euclid", "CAMELS", "Planck"
    }
    assert names_in("We act wisely.") == frozenset()


def test_every_survey_is_found_by_its_own_first_spelling() -> None:
    plain = [name for name in SURVEYS if name.isalnum()]
    missing = [name for name in plain if name not in survey(f"We use {name} data.")]
    assert len(plain) > 40 and set(missing) <= {"CLASS", "FAST", "COSMOS", "PAU", "Roman", "REACH",
                                                "Union"}


@pytest.mark.parametrize("unit", ["Planck", "power ", "DES", "Sunyaev-", "(", "dark ", "2 "])
def test_long_hostile_text_takes_no_time(unit: str) -> None:
    began = time.process_time()
    facets(unit * 30_000, unit * 30_000)
    assert time.process_time() - began < 3
