"""Tension between two experiments is computed from the table of values, and only there."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from core.literature.assistant.answering.agreement import agreement
from core.literature.library.stored_questions import read_questions
from core.literature.library.values import Value, read_values

VALUES = {id: value for id, value in read_values().items() if value.names}
PAIRS = [(one, two) for one, two in combinations(VALUES.values(), 2)
         if one.symbol == two.symbol and one.numbers and two.numbers
         and not set(one.names) & set(two.names)]


def apart(one: Value, two: Value) -> float:
    """Standard deviations between two values, with the errors that face each other."""
    low, high = sorted((one.numbers, two.numbers))  # type: ignore[type-var]
    return (high[0] - low[0]) / math.hypot(low[2], high[1])


@pytest.mark.parametrize(("one", "two"), PAIRS[::9], ids=lambda value: value.id)
def test_any_two_values_are_set_against_each_other(one: Value, two: Value) -> None:
    names = (one.names[0], two.names[0])
    found = [agreement(f"Is the ${one.symbol}$ of {a} in tension with that of {b}?")
             for a, b in (names, names[::-1])]
    for each in found:
        assert each is not None and each.sigmas == pytest.approx(apart(one, two), rel=1e-3)
    sigmas = apart(one, two)
    assert found[0].verdict == ("no" if sigmas < 2 else "yes" if sigmas >= 3 else "")  # type: ignore[union-attr]


@pytest.mark.parametrize(("question", "verdict"), [
    ("Is KiDS-Legacy in tension with Planck?", "no"),
    ("Does KiDS-Legacy agree with Planck?", "yes"),
    ("is SH0ES consistent with the CMB", "no"),
    ("Are SH0ES and Planck in tension?", "yes"),
    ("Isn't the SH0ES H0 in conflict with Planck?", "yes"),
    ("How many sigma are SH0ES and Planck apart?", ""),
    ("ACT DR6 vs DESI tension", ""), ("DES Y6 tension with Planck in sigma", ""),
])
def test_the_verdict_is_on_what_was_asked(question: str, verdict: str) -> None:
    found = agreement(question)
    assert found is not None and found.verdict == verdict
    assert found.text.lower().startswith(verdict or "$")


def test_the_experiment_of_the_question_before_is_meant() -> None:
    alone = agreement("Is the S8 of KiDS-Legacy consistent with Planck?")
    assert agreement("Is S8 consistent with Planck?") is None
    after = agreement("Is S8 consistent with Planck?", "What S8 does KiDS-Legacy find?")
    assert after == alone


@pytest.mark.parametrize("question", [
    "Why does KiDS-1000 disagree with Planck?", "Is Planck consistent with zero curvature?",
    "Is the Hubble tension real?", "Is KiDS-Legacy in tension with Planck and ACT?",
    "Is Euclid in tension with Planck?", "Does SH0ES use Planck?", "What is the S8 tension?",
    "Is DES-Y9 in tension with Planck?", "Explain the tension of SH0ES with Planck",
])
def test_nothing_else_is_compared(question: str) -> None:
    assert agreement(question) is None


def test_what_the_library_answers_is_not_contradicted() -> None:
    """A stored yes or no that asks the same is what is computed too, or it is left open."""
    asked = [(stored, found) for stored in read_questions() if stored.answer
             and (found := agreement(stored.text)) is not None and found.verdict]
    against = [stored.text for stored, found in asked if stored.answer != found.verdict]
    assert len(asked) > 5 and not against


def test_errors_of_one_side_are_added_in_quadrature() -> None:
    value = Value("a", "", "", "70", ("3 \\pm 4",))
    assert value.numbers == (70, 5, 5)
    assert Value("a", "", "", "70", ("−1", "+2")).numbers == (70, 1, 2)
    assert Value("a", "", "", "0.1", limit="<").numbers is None
