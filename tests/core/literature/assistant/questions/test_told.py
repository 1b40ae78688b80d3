"""What somebody tells beside a question is left out, and what the question needs is not."""

from __future__ import annotations

import pytest

from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.told import told

QUESTIONS = ["Do neutrinos have mass?", "Is gold made when neutron stars collide?",
             "Can galaxies recede faster than light?", "What is the Hubble constant?"]
ASIDES = ["my teacher told me that lol", "I thought nothing can.", "Thanks!",
          "I read it in the newspaper.", "In my class they said zero."]


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_aside_changes_nothing(question: str, aside: str) -> None:
    plain = understood(question)
    for text in (f"{question} {aside}", f"{aside.rstrip('.')}. {question}"):
        assert understood(text).text == plain.text
        assert understood(text).kind == plain.kind


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_no_aside_stays(question: str) -> None:
    more = f"{question} Like in the Milky Way at z = 2"
    assert told(question) is None and told(more) is None
    assert "Milky Way" in understood(more).text


@pytest.mark.parametrize("text", [
    "I fit the w0wa model to DESI data. Is it biased?", "My friend works on voids. Are they empty?",
])
def test_a_question_that_leans_on_what_stands_beside_it_keeps_it(text: str) -> None:
    assert told(text) is None


@pytest.mark.parametrize(
    "end", ["or is that just from movies", "or not", "or does it only look so"])
def test_the_other_way_at_the_end_is_cut(end: str) -> None:
    asked = "Is there a black hole in the Milky Way"
    assert understood(f"{asked} {end}?").text == f"{asked}?"
    assert "closed" in understood("Is the Universe open or closed?").text


def test_a_story_comes_to_its_question() -> None:
    story = "I am a student and my advisor works on voids, which I find hard to follow. " * 2
    found = told(f"{story} What is a void?")
    assert found is not None and found.question == "What is a void?"
