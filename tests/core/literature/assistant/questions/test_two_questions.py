"""Two questions in one are told apart, and the second stands alone."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.two_questions import second_question
from core.literature.library.stored_questions import read_questions

THINGS = ["the BAO scale", "the optical depth", "the Hubble constant", "dark matter"]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(("form", "kept"), [
    ("What is {} and how is it measured?", "measured"),
    ("What is {}, and why do we need it?", "need"),
    ("What is {}? Who discovered it?", "discovered"), ("Explain {} and why it matters", "matters"),
])
def test_the_second_takes_its_subject_from_the_first(thing: str, form: str, kept: str) -> None:
    second = second_question(form.format(thing))
    assert kept in second and thing.split()[-1] in second


def test_a_second_question_on_something_new_is_on_the_same_subject() -> None:
    assert second_question("Define S_8 and say what the pivot is.") == "what the pivot is of S_8?"


def test_what_is_compared_or_listed_is_one_question() -> None:
    for text in ("What is the difference between what BAO and how supernovae measure?",
                 "How do stars form and die?", "What are BAO and RSD?", "Compare DES and KiDS"):
        assert second_question(text) == ""


def test_few_stored_questions_are_two() -> None:
    texts = [question.text for question in read_questions()[::40]]
    two = [text for text in texts if second_question(text)]
    assert len(two) < 0.03 * len(texts)
    assert all(" and " in text or "?" in text[:-1] for text in two)


@pytest.mark.parametrize("text", ["and what " * 5000, "what? " * 5000, "is " * 9000])
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    second_question(text)
    assert time.process_time() - start < 1.0
