"""A pasted text stays at hand."""

from __future__ import annotations

import pytest

from core.literature.assistant.conversation.remembered import remembered

ABSTRACT = (
    "We present weak lensing measurements of 1,200 galaxy clusters observed over 45 nights with "
    "the Blanco 4 m telescope. We find a mean mass of (2.1 ± 0.3) x 10^14 Msun and "
    "S8 = 0.78 ± 0.02. We compare our results with Planck and find a 1.9 sigma tension. "
    "We rule out massless neutrinos at 95 per cent confidence.")
PASTED = [(ABSTRACT, "A summary.")]


@pytest.mark.parametrize("question", [
    "how many nights?", "which telescope?", "who are the authors?", "what do they rule out?",
    "and the error?", "which redshift range?", "so what code did they use?", "how many clusters?",
])
def test_what_names_nothing_else_is_asked_of_the_text(question: str) -> None:
    for history in (PASTED, [("What is a void?", "It is empty."), *PASTED]):
        found = remembered(question, history)
        assert found is not None and found.sure and found.given.text.startswith("We present")
    assert remembered(question, [("What is a void?", "It is empty.")]) is None


@pytest.mark.parametrize("question", [
    "What is the CMB?", "What are cosmic voids?", "dark energy", "How far is Andromeda?",
    "does it agree with DESI?", "Which telescope discovered the CMB?", "hi",
])
def test_what_is_about_something_else_is_not(question: str) -> None:
    assert remembered(question, PASTED) is None


def test_what_follows_a_question_to_the_library_follows_that_one() -> None:
    history = [*PASTED, ("What is the CMB?", "Light.")]
    assert remembered("how hot?", history) is None
    back = remembered("who are the authors?", history)
    assert back is not None and back.sure
    second = f"{ABSTRACT} Our code is public."
    newest = remembered("how many nights?", [*history, (second, "A summary.")])
    assert newest is not None and newest.given.text == second


def test_a_value_that_the_text_has_is_asked_of_it() -> None:
    assert remembered("What is S8?", PASTED) is not None
    assert remembered("What is n_s?", PASTED) is None
