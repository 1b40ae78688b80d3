"""What might be asked next was not asked, is well put, and differs."""

from __future__ import annotations

import pytest

from core.literature.assistant.composing.next_questions import next_questions
from core.literature.library.stored_questions import Match
from tests.core.literature.assistant.composing.found import match, source

ASKED = "What is dark energy?"
OTHERS = [
    match("How is dark energy measured?", score=0.9, kind="how"),
    match("Why is dark energy needed?", score=0.8, kind="why"),
    match("Why do people want dark energy?", score=0.7, kind="why"),
    match("Who named dark energy?", score=0.6, kind="who_when"),
    match("When was the name found?", score=0.5, kind="who_when", passage="two"),
]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 9])
def test_there_are_at_most_so_many_the_most_like_first_and_one_of_a_kind(most: int) -> None:
    found = next_questions(ASKED, [source(1, *OTHERS[::-1])], most)
    one_of_a_kind = [other.question.text for other in OTHERS if other is not OTHERS[2]]
    assert list(found) == one_of_a_kind[:most]


@pytest.mark.parametrize("text", [
    "What is dark energy?", "Dark energy: what is it?", "how is it measured then?", "Why so?",
    "Tell me how it is measured", "",
])
def test_the_same_and_the_badly_put_are_left_out(text: str) -> None:
    assert next_questions(ASKED, [source(1, match(text, score=0.9))]) == ()


def test_what_is_as_good_as_the_question_asked_is_left_out() -> None:
    same = match("How large is its share of all energy?", score=1.2, kind="value")
    assert next_questions(ASKED, [source(1, same)]) == ()


def test_nothing_found_suggests_nothing() -> None:
    assert next_questions(ASKED, []) == next_questions(ASKED, [source(1)]) == ()


@pytest.mark.parametrize("other", OTHERS)
def test_what_was_asked_before_is_not_suggested_again(other: Match) -> None:
    for before in (other.question.text, other.question.text.lower().rstrip("?")):
        found = next_questions(ASKED, [source(1, *OTHERS)], 9, before=[before])
        assert other.question.text not in found and found


def test_a_rewording_of_the_question_is_not_suggested() -> None:
    for text in ("What is meant by dark energy?", "What exactly is dark energy, please?"):
        assert next_questions(ASKED, [source(1, match(text, score=0.9))]) == ()
