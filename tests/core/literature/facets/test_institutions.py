"""A name of an instrument, survey or collaboration is no topic; the same words alone are."""

from __future__ import annotations

import time

import pytest

from core.literature.facets.facets import facets
from core.literature.facets.institutions import without_names

NAMES = [
    "Dark Energy Spectroscopic Instrument", "Dark Energy Survey", "Dark Energy Camera",
    "Dark Energy Camera Legacy Survey", "LSST Dark Energy Science Collaboration",
    "Dark Matter Particle Explorer", "Dark Energy Survey Supernova Program",
    "Hobby-Eberly Telescope Dark Energy Experiment", "Dark Energy Task Force",
    "Cosmology Large Angular Scale Surveyor", "South Pole Telescope", "Atacama Cosmology Telescope",
    "Gravitational-wave Transient Catalog", "Gravitational-Wave Transient Catalogue",
    "Laser Interferometer Gravitational-Wave Observatory", "Gravitational Wave Open Science Center",
    "North American Nanohertz Observatory for Gravitational Waves",
    "Kamioka Gravitational Wave Detector", "Institute for Gravitational Wave Astronomy",
    "IceCube Neutrino Observatory", "Deep Underground Neutrino Experiment",
    "Jiangmen Underground Neutrino Observatory", "Karlsruhe Tritium Neutrino Experiment",
    "Carnegie Supernova Project", "Supernova Legacy Survey", "Supernova Cosmology Project",
    "Nearby Supernova Factory", "High-z Supernova Search Team", "Foundation Supernova Survey",
    "Supernovae and H0 for the Equation of State of dark energy",
    "Baryon Oscillation Spectroscopic Survey", "Hydrogen Epoch of Reionization Array",
    "Experiment to Detect the Global EoR Signature",
    "Precision Array for Probing the Epoch of Reionization",
    "Canadian Hydrogen Intensity Mapping Experiment", "CHIME/FRB Collaboration",
    "Hydrogen Intensity and Real-time Analysis eXperiment", "CO Mapping Array Project",
    "Baryon Acoustic Oscillations from Integrated Neutral Gas Observations",
    "Background Imaging of Cosmic Extragalactic Polarization", "CMB-S4",
    "Cosmic Microwave Background-Stage 4", "Primordial Inflation Explorer", "Einstein Telescope",
    "Dark Cosmology Centre", "Cosmic Dawn Center", "Strong Lensing Legacy Survey",
    "Weak Lensing Working Group", "TNG-Cluster", "Horizon-AGN", "Time-Delay COSMOgraphy",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_alone_is_no_topic(name: str) -> None:
    for title, abstract in [
        ("", f"We analyse spectra of the {name} with care."), (f"Results of the {name}", ""),
        (f"First Results of the {name}: Maps", f"The {name} observed for a year."),
    ]:  # fmt: skip
        found = facets(title, abstract)
        assert found["object"] == () and found["statistic"] == (), (title, abstract)


@pytest.mark.parametrize(("title", "abstract", "topics"), [
    ("", "We use the Dark Energy Survey to constrain dark energy.", ("dark energy",)),
    ("Dark Energy from a Galaxy Cluster Survey", "", ("dark energy", "galaxy clusters")),
    ("Weak Lensing with the South Pole Telescope", "", ("weak lensing",)),
    ("", "Neutrinos and the Simons Observatory.", ("neutrinos",)),
    ("", "Dark energy surveys will find many voids.", ("dark energy", "voids")),
    ("", "Supernovae of the Zwicky Transient Facility.", ("supernovae",)),
    ("", "Gravitational waves in the Gravitational-wave Transient Catalog.",
     ("gravitational waves",)),
    ("", "CMB lensing with CMB-S4.", ("CMB lensing",)),
    ("Primordial Black Holes (PBHs) and Fast Radio Bursts (FRBs)", "",
     ("primordial black holes", "fast radio bursts")),
    ("", "Early dark energy in DESI, the Dark Energy Spectroscopic Instrument.",
     ("early dark energy",)),
    ("", "A survey of galaxy clusters. A camera sees dark matter.", ("galaxy clusters",
                                                                     "dark matter")),
])
def test_the_same_words_outside_a_name_are_topics(
    title: str, abstract: str, topics: tuple[str, ...]
) -> None:
    assert facets(title, abstract)["object"] == topics


@pytest.mark.parametrize(("name", "survey"), [
    ("Dark Energy Spectroscopic Instrument", "DESI"), ("Dark Energy Survey", "DES"),
    ("Gravitational-wave Transient Catalog", "LIGO/Virgo/KAGRA"), ("CMB-S4", "CMB-S4"),
    ("Dark Energy Camera Legacy Survey", "Dark Energy Camera"),
])
def test_it_is_the_survey_that_it_names(name: str, survey: str) -> None:
    assert facets("", f"With the {name} we look.")["survey"] == (survey,)


def test_the_length_stays() -> None:
    text = "Dark Energy Survey, Cosmic Shear Team and Planck: dark energy."
    assert len(without_names(text)) == len(text)
    assert without_names(text).endswith(": dark energy.")


@pytest.mark.parametrize("unit", ["Dark ", "Dark Energy ", "Survey ", "A-", "Of of for ",
                                  "Hydrogen Intensity "])
def test_long_hostile_text_takes_no_time(unit: str) -> None:
    began = time.process_time()
    without_names(unit * 4000)
    assert time.process_time() - began < 3
