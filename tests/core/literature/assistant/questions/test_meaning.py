"""A question is read in English, as it was meant, standing alone."""

from __future__ import annotations

import pytest

from core.literature.assistant.questions.meaning import understood
from core.literature.library.stored_questions import read_questions

PLAIN = [question for question in read_questions()[::600] if question.text[:1].isupper()]
FIRST = [("What is the BAO scale?", "147 Mpc.")]


def test_plain_questions_stand_alone_and_are_read_the_same_after_another() -> None:
    same = []
    for question in PLAIN:
        found = understood(question.text)
        assert found.text and not found.wants and not found.notice and not found.carries
        same.append(understood(question.text, FIRST) == found)
    assert len(same) > 20 and sum(same) > 0.95 * len(same)


def test_kinds_are_those_of_the_stored_questions() -> None:
    asked = read_questions()[::500]
    right = [understood(question.text).kind == question.kind for question in asked]
    assert sum(right) > 0.75 * len(right)


@pytest.mark.parametrize(("typed", "said"), [
    ("wat is the habble constnt", "what is the hubble constant"),
    ("can EDE fix the S8 tension?", "can early dark energy fix the S8 tension?"),
    ("hi, wats the EoR", "what is the epoch of reionization"),
])
def test_it_is_greeted_respelled_and_written_out(typed: str, said: str) -> None:
    assert understood(typed).text == said


@pytest.mark.parametrize(("follow", "wants"), [
    ("tell me more", "more"), ("simpler please", "simpler"), ("which papers?", "papers"),
    ("thx!!", "thanks"), ("who are you?", "about"), ("and how is it measured?", ""),
])
def test_what_is_wanted_goes_with_what_was_asked(follow: str, wants: str) -> None:
    found = understood(follow, FIRST)
    assert found.wants == wants
    assert found.carries == ("BAO scale" in found.text) == (wants not in ("thanks", "about"))


def test_only_the_last_turns_are_remembered() -> None:
    others = [(question.text, "So.") for question in PLAIN[:6]]
    assert "BAO" not in understood("how is it measured?", [*FIRST, *others]).text
    assert "BAO" in understood("how is it measured?", [*others, *FIRST]).text


@pytest.mark.parametrize("question", ["Was ist dunkle Energie?", "¿Qué es la energía oscura?",
                                      "Qu'est-ce que l'énergie noire ?"])
def test_another_language_is_put_into_english_and_said_so(question: str) -> None:
    found = understood(question)
    assert "dark energy" in found.text.lower() and "English" in found.notice
    assert found.kind == "definition"


def test_a_language_that_cannot_be_read_is_admitted() -> None:
    found = understood("ダークエネルギーとは何ですか")
    assert found.notice and not found.wants


def test_a_story_is_its_question_with_its_terms() -> None:
    found = understood(
        "I am a second-year student in a group on weak lensing. My advisor told me that baryonic "
        "feedback matters for it and I did not dare to ask. Can you tell me what the Jeans mass is?"
    )
    assert "Jeans mass" in found.text and "weak lensing" in found.text
    assert "advisor" not in found.text and len(found.text.split()) < 30


def test_the_sides_of_a_comparison_are_apart() -> None:
    found = understood("What is the difference between a quasar and a pulsar?")
    assert found.kind == "comparison" and len(found.sides) == 2
    assert not understood("What is a quasar?").sides
