"""The names that an answer has to be about."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.names import names_in, names_lacking


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What S8 does KiDS-Legacy find?", ("kids-legacy",)),
        ("DESI DR2 vs SH0ES", ("desi", "dr2", "sh0es")),
        ("the 2027 Rubin paper", ("2027", "rubin")),
        ("masses of GW150914", ("gw150914",)),
        ("how heavy is sgr A*", ("sgra*",)),
        ("planck 2018 omega_m", ("planck", "2018")),
        ("H0 from the TRGB", ("trgb",)),
        ("DES Year 3 $S_8$", ("des", "y3")),
        ("NGC 4258, M31", ("ngc4258", "m31")),
        ("the third data release of Gaia", ("dr3", "gaia")),
        ("Pantheon+ and Union3", ("pantheon+", "union3")),
        ("Zorblax survey results", ("zorblax",)),
        ("Who was Vera Rubin?", ("vera", "rubin")),
    ],
)
def test_names_in_one_form(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "What Is Dark Energy",
        "1000 galaxies over 2000 Mpc",
        "What is S8 at z=10 in Gyr?",
        "Sum m_nu < 0.12 eV",
        "is a Gaussian likelihood ok?",
        r"$H_0$ and $\Omega_m$ in LCDM",
        "",
        "Please explain redshift. Thanks",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert names_in(text) == ()


@pytest.mark.parametrize(
    ("question", "answer", "lacking"),
    [
        ("Did DESI DR3 see it?", "DESI DR2 prefers evolving dark energy.", ("dr3",)),
        ("What did KiDS-Legacy find?", "DES Y3 + KiDS-1000 gives 0.79.", ("kids-legacy",)),
        ("What did the 2027 Rubin paper find?", "Rubin will start in 2025.", ("2027",)),
        ("What will LSST find?", "The Vera C. Rubin Observatory will find supernovae.", ()),
        ("What did DES Y3 find?", "The Dark Energy Survey's Year 3 analysis finds 0.776.", ()),
        ("What is BAO?", "Baryon acoustic oscillations are a feature.", ()),
        ("JWST early galaxies", "The James Webb Space Telescope found them.", ()),
        ("What is the Hubble constant?", "H0 is 73 km/s/Mpc.", ()),
    ],
)
def test_an_answer_about_another_lacks_the_name(
    question: str, answer: str, lacking: tuple[str, ...]
) -> None:
    assert names_lacking(question, answer) == lacking


def test_a_text_lacks_none_of_its_own_names() -> None:
    for text in (
        "DESI DR2 and KiDS-Legacy in 2025",
        "Sgr A* by GRAVITY",
        "Planck PR4, BK18, Stage IV",
    ):
        assert names_lacking(text, text) == ()


@pytest.mark.parametrize(
    "text", ["A1-" * 5000, "NGC " * 5000, "$" * 5000, "DR" * 5000, "x" * 50_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    names_in("warm up DESI")
    start = time.perf_counter()
    names_in(text)
    assert time.perf_counter() - start < 1.0
