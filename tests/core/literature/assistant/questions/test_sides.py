"""What is compared, each by itself."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.sides import sides
from core.literature.library.stored_questions import read_questions

FORMS = (
    "{a} vs {b}",
    "{a} versus {b}?",
    "What is the difference between {a} and {b}?",
    "Compare {a} with {b}",
    "compare {a} and {b} please",
    "whats the diff between {a} and {b}",
    "How does {a} differ from {b}?",
    "is {a} the same as {b}",
    "How do {a} and {b} differ?",
    "{a} or {b}, which is better?",
    "{a} vs {b}: which has the smaller error?",
    "Is {a} better than {b}?",
    "How is {a} related to {b}?",
    "What distinguishes {a} from {b}?",
    "{a} and {b} - what is the difference",
    "should I use {a} or {b}",
    "how does {a} compare to {b}",
    "Which is larger, {a} or {b}?",
)
PAIRS = (
    ("DESI", "Euclid"),
    ("inflation", "quintessence"),
    ("dark matter", "dark energy"),
    ("cosmic shear", "CMB lensing"),
    ("black holes", "neutron stars"),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pair", PAIRS)
def test_both_sides_are_found_in_every_form(form: str, pair: tuple[str, str]) -> None:
    assert sides(form.format(a=pair[0], b=pair[1])) == pair


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (
            "difference between warm and fuzzy dark matter",
            ("warm dark matter", "fuzzy dark matter"),
        ),
        ("difference between spec and photo surveys", ("spec surveys", "photo surveys")),
        ("a spectroscopic vs a photometric survey", ("spectroscopic survey", "photometric survey")),
        ("Planck vs SH0ES H0: how many sigma apart?", ("Planck H0", "SH0ES H0")),
        ("DESI DR1 vs DR2 BAO: what changed", ("DESI DR1 BAO", "DESI DR2 BAO")),
        (
            "E modes and B modes of the CMB: what produces each one?",
            ("E modes of the CMB", "B modes of the CMB"),
        ),
        ("KiDS vs DES vs HSC: area and depth", ("KiDS", "DES", "HSC")),
        (
            "How do open, closed and flat universes differ?",
            ("open universes", "closed universes", "flat universes"),
        ),
        ("difference between a galaxy and a galaxy cluster", ("galaxy", "galaxy cluster")),
        (
            "age of the universe at z=6 vs z=10",
            ("age of the universe at z=6", "age of the universe at z=10"),
        ),
        ("tau WMAP vs Planck", ("tau WMAP", "tau Planck")),
        ("ACT vs Planck S8", ("ACT S8", "Planck S8")),
        ("is a quasar the same as an AGN", ("quasar", "AGN")),
    ],
)
def test_what_one_side_says_for_both_is_given_to_each(
    question: str, found: tuple[str, ...]
) -> None:
    assert sides(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "What is dark energy?",
        "is dark energy a constant or does it vary?",
        "Is light a wave or a particle?",
        "Does dark matter interact with light?",
        "Is the universe expanding faster than light?",
        "How does inflation make the seeds of galaxies?",
        "Is it larger than 5 sigma?",
        "",
        "vs",
        "and or vs ?",
    ],
)
def test_other_questions_have_none(question: str) -> None:
    assert sides(question) == ()


def test_stored_comparisons_have_sides_and_definitions_none() -> None:
    questions = read_questions()[::7]
    compared = [question for question in questions if question.kind == "comparison"]
    assert sum(bool(sides(q.text)) for q in compared) > 0.8 * len(compared) > 50
    defined = [question for question in questions if question.kind == "definition"]
    assert sum(bool(sides(q.text)) for q in defined) < 0.03 * len(defined)


@pytest.mark.parametrize(
    "text", ["is a and b " * 4000, "which better, " * 3000, "vs " * 9000, "(" * 9000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    sides(text)
    assert time.perf_counter() - start < 0.5
