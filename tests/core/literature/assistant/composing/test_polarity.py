"""Which way questions point."""

from __future__ import annotations

import time
from itertools import combinations

import pytest

from core.literature.assistant.composing.polarity import directions, same_way
from core.literature.library.stored_questions import read_questions

YES_NO = [question.text for question in read_questions() if question.answer][::40]
PAIRS = [
    ("enhance", "suppress"), ("increase", "decrease"), ("strengthen", "weaken"),
    ("accelerate", "decelerate"), ("boost", "damp"), ("raise", "lower"), ("attract", "repel"),
]
FORMS = ["Do neutrinos {} structure?", "Can feedback {} the power spectrum?", "Does it {} the gas?"]


def test_a_question_points_its_own_way() -> None:
    assert len(YES_NO) > 40
    assert all(same_way(text, text) for text in YES_NO)


def test_pointing_the_same_way_is_mutual() -> None:
    for one, other in combinations(YES_NO[:20], 2):
        assert same_way(one, other) == same_way(other, one)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("plus", "minus"), PAIRS)
def test_opposites_differ_and_a_negation_turns_a_question_round(
    form: str, plus: str, minus: str
) -> None:
    up, down = form.format(plus), form.format(minus)
    assert not same_way(up, down)
    assert not same_way(up, up.replace(plus, f"not {plus}"))
    assert not same_way(down, down.replace(minus, f"never {minus}"))
    (axes, negated), (others, _) = directions(up), directions(down)
    assert not negated and axes.keys() == others.keys()
    assert [axes[axis] for axis in axes if axes[axis] != others[axis]] == [1]


@pytest.mark.parametrize("text", YES_NO[::6])
def test_two_negations_are_none(text: str) -> None:
    assert directions(f"Not never: {text}") == directions(f"Thus: {text}")
    assert directions(f"Not: {text}")[1] != directions(f"Thus: {text}")[1]


def test_both_directions_at_once_are_none() -> None:
    found, _ = directions("Does it increase or decrease?")
    assert set(found.values()) == {0}


@pytest.mark.parametrize(("one", "other"), [
    ("Is the expansion accelerating?", "Is the expansion always accelerating?"),
    ("Are all galaxies spirals?", "Are galaxies spirals?"),
    ("Is dark matter cold?", "Is dark matter exactly cold?"),
])
def test_a_wider_claim_is_another_one(one: str, other: str) -> None:
    assert not same_way(one, other) and not same_way(other, one)


def test_what_stands_in_brackets_and_before_the_last_sentence_does_not_count() -> None:
    asked = "Do neutrinos suppress structure?"
    assert directions(f"I am not sure. {asked}") == directions(asked)
    assert directions("Do neutrinos (not photons) suppress structure?") == directions(asked)


@pytest.mark.parametrize("text", ["(" * 40_000, "not " * 20_000, ". a" * 20_000, "in" * 40_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    directions(text)
    assert time.process_time() - start < 0.5
