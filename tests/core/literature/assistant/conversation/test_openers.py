"""Greetings and openings."""

from __future__ import annotations

import pytest

from core.literature.assistant.conversation.openers import greeted, opening
from core.literature.library.stored_questions import read_questions


@pytest.mark.parametrize("text", [
    "hi", "hello there!", "Good morning", "how are you?", "hey, how's it going?",
])
def test_a_greeting_is_greeted_in_a_line(text: str) -> None:
    assert 0 < len(greeted(text)) < 150
    assert not greeted(f"{text} what is a pulsar?")


@pytest.mark.parametrize("text", [
    "tell me something interesting", "surprise me", "a fun fact", "what should I learn first?",
    "Tell me a cool fact about space",
])
def test_an_opening_is_a_question_that_stands_alone(text: str) -> None:
    found = opening(text, 0)
    assert found is not None and found.question.endswith("?") and found.lead
    assert opening(f"{text} on voids", 0) is None


def test_each_surprise_is_another() -> None:
    found = [opening("surprise me", turn) for turn in range(8)]
    assert len({one.question for one in found if one is not None}) > 6


def test_no_stored_question_is_an_opening_or_a_greeting() -> None:
    asked = [question.text for question in read_questions()[::7]]
    assert [text for text in asked if greeted(text) or opening(text, 0)] == []
