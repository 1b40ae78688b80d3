"""Questions back at an answer."""

from __future__ import annotations

import pytest

from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.questions.turns.judgements import is_turn, turned
from core.literature.library.stored_questions import read_questions

SUBJECTS = ["the Hubble constant", "S8", "cosmic voids"]


@pytest.mark.parametrize("text", [
    "So which one is right?", "which would you trust?", "which of these is least biased?",
    "who is right?", "is that a lot?", "which one should I believe?", "which is more accurate?",
])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_judgement_carries_the_subject(text: str, subject: str) -> None:
    found = turned(text, subject)
    assert found is not None and found.judges and subject in found.text
    assert turned(text, "") is None
    assert understood(text, [(f"How are {subject} measured?", "So.")]).wants == "judgement"


@pytest.mark.parametrize("text", ["why do they disagree?", "so what?", "can you give an example?",
                                  "but why do these differ?", "why does it matter?"])
def test_a_question_back_carries_the_subject(text: str) -> None:
    found = turned(text, "dark energy")
    assert found is not None and not found.judges and "dark energy" in found.text


def test_no_stored_question_is_a_question_back() -> None:
    assert [q.text for q in read_questions()[::5] if is_turn(q.text)] == []


@pytest.mark.parametrize(("text", "subject"), [
    ("which papers should I read on reionization history?", "reionization history"),
    ("recommend papers about dark energy", "dark energy"), ("which papers measure H0?", "H0"),
])
@pytest.mark.parametrize("history", [(), (("What is a void?", "It is empty."),)])
def test_papers_on_a_subject_are_on_that_subject(
    text: str, subject: str, history: tuple[tuple[str, str], ...]
) -> None:
    found = understood(text, history)
    assert found.wants == "papers" and found.text.lower() == subject.lower()
