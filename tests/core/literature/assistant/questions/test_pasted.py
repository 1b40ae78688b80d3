"""A pasted text is read; a long question is not."""

from __future__ import annotations

import time

import pytest

from core.literature.assistant.questions.pasted import pasted
from core.literature.assistant.questions.told import told
from core.literature.library.primer import read_primer
from core.literature.library.stored_questions import read_questions

ABSTRACT = (
    "We present constraints from a joint analysis of cosmic shear and galaxy clustering using "
    "1000 deg^2 of "
    "imaging. In flat LCDM we find S8 = 0.776 +- 0.017. Our result is 1.9 sigma lower than "
    "Planck. We "
    "marginalise over intrinsic alignments with the TATT model."
)
OTHER = (
    "This paper reports the detection of the kinematic Sunyaev-Zel'dovich effect at 13 sigma from "
    "ACT DR6 maps. "
    "The gas profile is more extended than the dark matter, and exceeds the prediction of the "
    "simulation."
)
STORY = (
    "I am a second-year PhD student working on weak lensing with HSC data and my advisor asked me "
    "to look into "
    "whether baryonic feedback lowers S8. I have read that kSZ measurements suggest strong "
    "feedback. I am confused. "
    "Can you tell me what the evidence is on both sides?"
)


@pytest.mark.parametrize("text", [ABSTRACT, OTHER])
@pytest.mark.parametrize(
    ("form", "sentences"),
    [
        ("Summarise this in two sentences: {}", 2),
        ("TL;DR of the following\n\n{}", 1),
        ("{}\n\ntl;dr?", 1),
        ("Can you summarize the following abstract in 3 bullet points?\n{}", 3),
        ("{} Summarize.", 3),
        ("In one sentence, what is the main result?\n\n{}", 1),
        ("{}\nSummarise the above in 50 words", 2),
        ("translate this into plain english: {}", 3),
        ("Give me the gist of this abstract: {}", 3),
    ],
)
def test_a_summary_of_so_many_sentences(text: str, form: str, sentences: int) -> None:
    found = pasted(form.format(text))
    assert found is not None and found.text == text
    assert (found.wants, found.sentences) == ("summary", sentences)


@pytest.mark.parametrize("text", [ABSTRACT, OTHER])
@pytest.mark.parametrize(
    "asked", ["What model did they use and does it matter?", "How large is the sample?"]
)
@pytest.mark.parametrize(
    "form",
    [
        "{text} {asked}",
        "{asked} {text}",
        "{text}\n\n{asked}",
        "{asked}\n{text}",
        "Abstract: {text} Question: {asked}",
        "Question: {asked}\nText: {text}",
        '"{text}" {asked}',
        "Here is an abstract. {text} {asked}",
    ],
)
def test_a_question_before_or_after(text: str, asked: str, form: str) -> None:
    found = pasted(form.format(text=text, asked=asked))
    assert found is not None
    assert (found.text, found.question, found.wants, found.sentences) == (text, asked, "answer", 0)


@pytest.mark.parametrize(
    "form", ["is this right? '{}'", 'Is this correct: "{}"', "{} Is this true?"]
)
def test_a_claim_is_checked(form: str) -> None:
    claim = "Dark energy clusters strongly in haloes. It makes galaxies rotate faster than alone."
    found = pasted(form.format(claim))
    assert found is not None and found.wants == "check"
    assert found.text == claim


def test_an_abstract_alone_is_to_be_summarised() -> None:
    found = pasted(ABSTRACT + " " + OTHER)
    assert found is not None and (found.wants, found.question) == ("summary", "")


@pytest.mark.parametrize(
    "question",
    [
        STORY,
        "What is dark energy?",
        "Summarise what is known about dark energy",
        "What does 'dark energy' mean?",
        "Give me a summary of inflation: what it is, why it is needed, and what the evidence for "
        "it is",
        "Which is true of dark matter? A) it shines B) it clusters C) it is hot D) it is charged",
        "",
        "Compare DESI and Euclid: which has more galaxies and which is deeper at redshift one and "
        "above?",
    ],
)
def test_a_question_is_no_pasted_text(question: str) -> None:
    assert pasted(question) is None


def test_stored_questions_are_none_and_passages_with_an_order_are() -> None:
    assert not any(pasted(question.text) for question in read_questions()[::20])
    for passage in read_primer()[::100]:
        found = pasted(f"Summarise this in two sentences: {passage.text}")
        assert found is not None and found.text == passage.text and found.sentences == 2


def test_a_story_has_its_question_and_its_terms() -> None:
    found = told(STORY)
    assert found is not None
    assert found.question == "What the evidence is on both sides?"
    assert {"kSZ", "weak lensing", "S8"} <= set(found.terms)
    assert "weak lensing" in found.text
    assert told("What is dark energy?") is None


@pytest.mark.parametrize(
    "text",
    [
        "' " * 10_000,
        '"' * 20_000,
        "We find " * 2500,
        "Summarise " * 2000 + ":",
        ". " * 10_000,
        "a) b) " * 3000,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    pasted(text)
    told(text)
    assert time.perf_counter() - start < 1.5
