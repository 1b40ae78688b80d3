"""Words that nobody knows are read as the nearest known one; the others stay."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.spelling import respelled
from core.literature.library.stored_questions import read_questions

FREQUENT = """
    hubble recombination acceleration luminosity supernova neutrino gravitational cosmological
    reionization temperature spectrum simulation background constant expansion universe
"""
WORDS = FREQUENT.split()


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("slip", ["dropped", "doubled", "swapped", "vowel"])
def test_one_slip_in_a_term_is_mended(word: str, slip: str) -> None:
    middle = next(i for i in range(1, len(word) - 1) if word[i] in "aeiou")
    typed = {
        "dropped": word[:middle] + word[middle + 1 :],
        "doubled": word[:middle] + word[middle] + word[middle:],
        "swapped": word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :],
        "vowel": word[:middle] + ("o" if word[middle] != "o" else "a") + word[middle + 1 :],
    }[slip]
    found = respelled(f"what is the {typed} in cosmology")
    assert word in found.text.split()
    assert found.changed == ((typed, word),)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat is the habble constnt", "what is the hubble constant"),
        (
            "difference bewteen dark mater and dark enrgy?",
            "difference between dark matter and dark energy?",
        ),
        (
            "wats the diff btw a galaxy and a galaxy cluster",
            "what is the difference between a galaxy and a galaxy cluster",
        ),
        ("how r u", "how are you"),
        ("what r quasars", "what are quasars"),
        ("omega_m from plank 2018", "omega_m from planck 2018"),
        ("darkmatter halos", "dark matter halos"),
        ("super nova red shift", "supernova redshift"),
        ("Hubbel tension", "Hubble tension"),
        ("at what freq", "at what frequency"),
        ("angular diameter dist to z=1090", "angular diameter distance to z=1090"),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    assert respelled(typed).text == meant


@pytest.mark.parametrize(
    "question",
    [
        "What is the best pizza in Naples?",
        "limit on r from BICEP/Keck (BK18)?",
        "what u band magnitude",
        "what r does BICEP find?",
        "Did Efstathiou and Zwicky meet?",
        "XQZTR vs QWRTZ",
        r"What is $\Omega_{mattr}$ and \sigmma?",
        "polarised reionisation spectra",
        "r200c z=0.5 1e14 Msun",
        "the stages of the suns life",
        "a plan for the gala",
        "see https://exmaple.org/constnt",
        "",
    ],
)
def test_names_numbers_and_formulae_stay(question: str) -> None:
    assert respelled(question).text == question
    assert not respelled(question).changed


def test_stored_questions_are_spelt_as_they_are() -> None:
    some = [question.text for question in read_questions()[::60]]
    changed = [
        text
        for text in some
        if any(
            a.lower() not in ("whats", "pls", "u", "wat", "diff")
            for a, _ in respelled(text).changed
        )
    ]
    assert len(changed) <= 0.01 * len(some)


def test_spelling_twice_changes_nothing_more() -> None:
    for text in ("wat is recombintion of a qasar", "evnt horizn of a blck hole"):
        once = respelled(text).text
        assert respelled(once).text == once


def test_it_is_fast() -> None:
    respelled("warm up the indx")
    start = time.perf_counter()
    for text in ("hydrodinamical simulatons", "graviational lenssing of qasars", "angualr diamter"):
        respelled(text)
    respelled("constnt " * 5000)
    assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize(("typed", "meant"), [
    ("wat is teh reionisaton epok", "what is the reionisation epoch"),
    ("wats dark mater", "what is dark matter"),
    ("hw old is teh univers", "how old is the universe"),
    ("explane inflaton pls", "explain inflaton please"),
    ("gravitashunal lensing", "gravitational lensing"),
    ("y is the univers expandng", "why is the universe expanding"),
    ("nuclear fyzics", "nuclear physics"), ("wot r blak holes", "what are black holes"),
    ("hubbel tenshun", "hubble tension"), ("barion akoustic osilations",
                                           "baryon acoustic oscillations"),
    ("primordal nukleosinthesis", "primordial nucleosynthesis"),
    ("standerd candels", "standard candles"),
])  # fmt: skip
def test_words_typed_by_ear_are_read(typed: str, meant: str) -> None:
    assert respelled(typed).text == meant


@pytest.mark.parametrize("text", [
    "inflaton", "candels survey", "y = mx", "hw12", "is y correlated with x", "camb vs class",
    "coda simulation", "big bang vs steady state", "eagle simulation", "curvaton", "dilaton",
    "quintom", "the neutralino and the sneutrino", "desi bao", "swift vs gadget4",
])
def test_terms_stay_as_they_are(text: str) -> None:
    assert respelled(text).text == text
