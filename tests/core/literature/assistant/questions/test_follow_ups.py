"""A follow-up carries the subject of the question before it."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.follow_ups import Standalone, standalone
from core.literature.library.stored_questions import read_questions


def last(*asked: str) -> Standalone:
    """The last of some questions, after the others."""
    return standalone(asked[-1], [(question, "An answer.") for question in asked[:-1]])


SUBJECTS = {
    "What is the BAO scale?": "the BAO scale",
    "What is cosmic inflation?": "cosmic inflation",
    "what is reionization": "reionization",
    "Explain the halo mass function": "the halo mass function",
    "When does LISA launch?": "LISA",
    "who discovered the CMB?": "the CMB",
    "How old is the Universe?": "the Universe",
}
PRONOUNS = {
    "And how is it measured?": "How is {} measured?",
    "does that change with mass?": "Does {} change with mass?",
    "who found that?": "Who found {}?",
    "what is it used for?": "What is {} used for?",
    "is this related to the optical depth?": "Is {} related to the optical depth?",
    "ok, but why is it important?": "Why is {} important?",
    "can you detect it with Euclid?": "Can you detect {} with Euclid?",
}


@pytest.mark.parametrize("first", SUBJECTS)
@pytest.mark.parametrize("then", PRONOUNS)
def test_a_pronoun_is_the_subject(first: str, then: str) -> None:
    found = last(first, then)
    assert found.text == PRONOUNS[then].format(SUBJECTS[first])
    assert found.carries and found.subject == SUBJECTS[first]


@pytest.mark.parametrize("first", SUBJECTS)
@pytest.mark.parametrize(
    ("then", "wants"),
    [
        ("Can you explain that in more detail please?", "more"),
        ("more", "more"),
        ("tell me more", "more"),
        ("go on", "more"),
        ("simpler please", "simpler"),
        ("explain it like I'm five", "simpler"),
        ("I don't understand", "simpler"),
        ("which papers?", "papers"),
        ("references?", "papers"),
        ("where can I read more about this?", "papers"),
        ("are you sure?", "papers"),
    ],
)
def test_what_is_wanted_of_the_same_answer(first: str, then: str, wants: str) -> None:
    found = last(first, then)
    assert (found.text, found.carries, found.wants) == (first, True, wants)


@pytest.mark.parametrize(
    "said",
    [
        "thanks!",
        "thx that helped a lot!!",
        "ok cool, thank you",
        "great",
        "perfect, thanks for the explanation",
        "got it",
    ],
)
def test_thanks_are_not_looked_up_and_keep_the_subject(said: str) -> None:
    assert last("What is a quasar?", said) == Standalone("", False, "thanks", "a quasar")
    assert last("What is the CMB?", said, "how old is it?").text == "How old is the CMB?"


@pytest.mark.parametrize(
    "new",
    [
        "ok. What is a quasar?",
        "and what are the fingers of god then?",
        "What is dark energy and how do we know it exists?",
        "BAO?",
        "Is it possible that neutrinos are the dark matter?",
        "Which planets have rings?",
        "thanks! what is a pulsar?",
        "Why did Spitzer stop working at its coldest?",
    ],
)
def test_a_new_subject_drops_the_old(new: str) -> None:
    found = last("What is the BAO scale?", new)
    assert not found.carries and "BAO scale" not in found.text


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            ("What is the BAO scale?", "And how is it measured?", "Why is it a standard ruler?"),
            "Why is the BAO scale a standard ruler?",
        ),
        (("What is the BAO scale?", "and for neutrinos?"), "What is the BAO scale for neutrinos?"),
        (
            ("What is the BAO scale?", "what about at higher redshift"),
            "What is the BAO scale at higher redshift?",
        ),
        (
            ("What does Planck 2018 find for Omega_m?", "and DESI (bao only)?"),
            "What does DESI (bao only) find for Omega_m?",
        ),
        (
            ("Planck constraint on local fNL?", "what will SPHEREx get?"),
            "What will SPHEREx get for local fNL?",
        ),
        (
            ("How old is the Universe at z=10.6?", "and at z=14.32?"),
            "How old is the Universe at z=14.32?",
        ),
        (
            ("r200c of a 1e14 Msun halo at z=0.5", "same mass but z=0?"),
            "R200c of a 1e14 Msun halo at z=0?",
        ),
        (("What is strong lensing?", "and weak?"), "What is weak lensing?"),
        (("What is the mass of the sun?", "and of the earth?"), "What is the mass of the earth?"),
        (("What S8 does KiDS-Legacy find?", "and DES Y3?"), "What S8 does DES Y3 find?"),
        (("difference between tSZ and kSZ", "how is the latter measured?"), "How is kSZ measured?"),
        (
            ("Compare DESI and Euclid", "which one has more galaxies?"),
            "Which of DESI or Euclid has more galaxies?",
        ),
        (("Who was Fritz Zwicky?", "when did he die?"), "When did Fritz Zwicky die?"),
        (("Is the Universe flat?", "why?"), "Why is the Universe flat?"),
        (("What is a quasar?", "how bright are they?"), "How bright are quasars?"),
        (("What is a galaxy cluster?", "how massive?"), "How massive is a galaxy cluster?"),
        (
            ("did BICEP2 detect primordial gravitational waves?", "so what's the upper limit now?"),
            "What's the upper limit now for primordial gravitational waves?",
        ),
        (("CAMB", "vs CLASS"), "CAMB vs CLASS"),
        (("What is Euclid?", "and compared with Roman?"), "Euclid vs Roman"),
        (("What is LISA?", "when does it launch?", "and LIGO?"), "When does LIGO launch?"),
    ],
)
def test_what_is_left_out_comes_from_before(asked: tuple[str, ...], text: str) -> None:
    assert last(*asked).text == text


def test_without_a_history_a_question_is_itself() -> None:
    for question in ("And how is it measured?", "more", "What is the CMB?", ""):
        found = standalone(question)
        assert found.text == question and not found.carries


def test_questions_that_stand_alone_do_so_after_any_other() -> None:
    some = [question.text for question in read_questions()[::40]]
    leaning = [text for text in some if last("What is the BAO scale?", text).carries]
    assert len(leaning) < 0.015 * len(some)


@pytest.mark.parametrize(
    "text", ["it " * 5000, "and " * 5000, "thanks " * 5000, "that's which of " * 900]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    last("What is the BAO scale?", text, text)
    assert time.perf_counter() - start < 1.5
