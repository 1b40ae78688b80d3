"""How an answer is wanted: told apart from what it is about, whatever the wording."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.manner.asked import AS_USUAL, manner_of, only_manner
from core.literature.assistant.questions.meaning import understood

SUBJECTS = ["What is dark energy?", "explain the CMB", "how does lensing work",
            "why is the sky dark at night?", "Is the Universe flat?"]
PLAIN = ["to a 10 year old", "for a journalist", "like I'm five", "in plain English",
         "no formulas", "without any maths or jargon", "for my grandmother", "in simple terms",
         "to someone who knows no physics", "for the general public", "for a high school student"]
SHORT = {"in one sentence": 1, "in two sentences": 2, "briefly": 2, "in a nutshell": 1,
         "in 30 words": 1, "keep it short": 2, "in short": 2}
OTHER = ["with equations", "step by step"]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("wish", [*PLAIN, *SHORT, *OTHER])
def test_the_wish_is_taken_off_and_the_subject_stays(subject: str, wish: str) -> None:
    for text in (f"{subject.rstrip('?')} {wish}", f"{subject} {wish.capitalize()}.",
                 f"{subject.rstrip('?')}, {wish}?", f"{subject.rstrip('?')}, {wish} please"):
        rest, manner = manner_of(text)
        assert rest.rstrip("?.") == subject.rstrip("?"), text
        assert manner.plain == (wish in PLAIN), text
        assert manner.most == SHORT.get(wish, 3 if wish in PLAIN else 0), text
        assert manner.formulas == (wish == "with equations"), text
        assert manner.steps == (wish == "step by step"), text


@pytest.mark.parametrize("wish", [*PLAIN, *SHORT, *OTHER, "simpler", "explain that to a child",
                                  "can you say that without jargon?", "simpler please"])
def test_a_wish_alone_takes_up_the_question_before(wish: str) -> None:
    assert only_manner(wish)
    meaning = understood(wish, [("What is weak lensing?", "Weak lensing is ...")])
    assert meaning.text == "What is weak lensing?" and meaning.carries
    assert meaning.wants == ("" if wish in OTHER else "simpler")
    assert meaning.manner == manner_of(wish)[1]


@pytest.mark.parametrize("text", [
    "What is a simple harmonic oscillator?", "what are the Einstein equations",
    "Are there equations for reionization?", "how long is a short gamma-ray burst",
    "which telescopes are good for beginners", "What is the equation of state?",
    "perturbations with the equations of motion", "Is a 10 billion year old star metal-poor?",
    "What is the one-halo term?", "Who discovered the children of Saturn's rings?",
    "a sentence of the paper", "the public DESI data", "", "   ", "???",
])
def test_what_is_no_wish_is_left(text: str) -> None:
    assert manner_of(text) == (text, AS_USUAL)


def test_hostile_texts_are_read_in_no_time() -> None:
    start = time.perf_counter()
    for piece in ("to a ", "in one ", "no ", "and ", ", ", "for my little ", "( ", "explain "):
        manner_of((piece * 400)[:400])
        manner_of(piece * 3000)
    assert time.perf_counter() - start < 1.0
