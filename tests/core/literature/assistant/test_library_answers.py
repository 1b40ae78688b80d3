"""What is answered without the language model, and how a conversation goes on."""

from __future__ import annotations

import pytest

from core.literature.assistant.cosmogemma import CosmoGemma
from core.literature.assistant.intent import ABOUT, UNCLEAR
from core.literature.assistant.library_answers import THANKS
from core.literature.assistant.reply import Reply
from core.literature.library.library import Library
from tests.core.literature.assistant.test_cosmogemma import Scripted


@pytest.fixture(scope="module")
def model(primer_library: Library) -> CosmoGemma:
    return CosmoGemma(primer_library, Scripted("The model should not be asked."))


def ask(model: CosmoGemma, question: str, *before: str) -> Reply:
    return list(model.ask(question, history=[(asked, "It is so.") for asked in before]))[-1]


def test_the_library_answers_its_questions_and_the_model_is_not_asked(model: CosmoGemma) -> None:
    reply = ask(model, "How old is the Universe?")
    assert reply.how == "quoted" and "13.8" in reply.text and reply.next_questions
    sentences = {(s.number, i): text for s in reply.sources for i, text in enumerate(s.sentences)}
    assert all(sentences[c.number, c.sentence] in reply.text for c in reply.citations)
    assert not model.backend.prompts  # type: ignore[attr-defined]


@pytest.mark.parametrize(("question", "words"), [
    ("age of the universe at z = 6", "Gyr"), ("what angle is 1 Mpc at z = 1", "arcmin"),
    ("convert 3 parsec to light years", "ly"),
])
def test_a_number_is_computed_with_its_code(model: CosmoGemma, question: str, words: str) -> None:
    reply = ask(model, question)
    assert reply.how == "computed" and words in reply.text and "astropy" in reply.code


@pytest.mark.parametrize(("question", "title"), [
    ("dark matter vs dark energy", "Dark matter and dark energy"),
    ("scalar vs tensor perturbations", "Scalar and tensor"),
    ("Chandra vs XMM-Newton", "Chandra, XMM"),
])
def test_a_passage_on_both_comes_before_one_on_each(
    model: CosmoGemma, question: str, title: str
) -> None:
    reply = ask(model, question)
    assert reply.composed is not None
    first = reply.composed.parts[0].number
    assert next(s for s in reply.sources if s.number == first).paper.title.startswith(title)


@pytest.mark.parametrize("question", [
    "WEAVE vs 4MOST", "KiDS vs UNIONS", "is M200 the same as Mvir",
])
def test_things_of_the_field_may_be_compared(model: CosmoGemma, question: str) -> None:
    assert ask(model, question).state == "done"


@pytest.mark.parametrize("question", [
    "how do I compute P(k) with CAMB", "python code for a comoving distance",
])
def test_a_recipe_has_its_python_to_copy(model: CosmoGemma, question: str) -> None:
    reply = ask(model, question)
    assert reply.how == "quoted" and reply.code.count("\n") > 1
    compile(reply.code, "recipe", "exec")


def test_a_pronoun_without_anything_before_it_is_asked_about(model: CosmoGemma) -> None:
    assert ask(model, "what is its value?").text == UNCLEAR


@pytest.mark.parametrize(("question", "words"), [
    ("how many galaxies?", "2.3 million"), ("What limits the highest-redshift bin?", "shot noise"),
    ("What tracers and which CMB lensing map?", "ACT DR6"), ("how many sigma?", "2.3"),
])
def test_a_pasted_text_is_read_as_it_stands(model: CosmoGemma, question: str, words: str) -> None:
    pasted = ("We present the cross-correlation of 2.3 million DESI luminous red galaxies in four "
              "redshift bins with CMB lensing maps from ACT DR6. The amplitude is 2.3 sigma lower "
              "than in the primary CMB. We find no evidence for residual foregrounds. Shot noise "
              "dominates the highest-redshift bin. What is measured?")
    assert words in ask(model, question, pasted).text.lower().replace("act dr6", "ACT DR6")


def test_ideas_are_a_list_of_projects(model: CosmoGemma) -> None:
    reply = ask(model, "Please list three ideas for a project on cosmic voids")
    assert reply.how == "ideas" and all(f"**{n}. " in reply.text for n in (1, 2, 3))


@pytest.mark.parametrize("thanks", ["thanks", "ok great, thank you!", "thx"])
def test_thanks_is_thanked_and_not_looked_up(model: CosmoGemma, thanks: str) -> None:
    assert ask(model, thanks, "What is dark energy?").text == THANKS


@pytest.mark.parametrize("follow", ["in more detail please", "tell me more", "elaborate"])
def test_more_goes_on_with_the_same(model: CosmoGemma, follow: str) -> None:
    first, more = ask(model, "What is dark energy?"), ask(model, follow, "What is dark energy?")
    assert more.sources[0].paper.id == first.sources[0].paper.id
    assert len(more.text) > len(first.text)


def test_the_papers_behind_an_answer_are_named(model: CosmoGemma) -> None:
    reply = ask(model, "which papers is that from?", "What is the BAO scale?")
    assert "arXiv:" in reply.text and reply.sources


def test_misspelt_and_foreign_questions_are_read(model: CosmoGemma) -> None:
    assert "Hubble" in ask(model, "wat is the habble constnt").text
    german = ask(model, "Was ist dunkle Energie?")
    assert "English" in german.notice and "energy" in german.text
    assert ask(model, "Что такое тёмная энергия?").text


def test_a_pasted_abstract_is_read_and_not_searched_for(model: CosmoGemma) -> None:
    abstract = ("We present a catalogue of 4,321 quiet dwarfs found in a new imaging survey. We "
                "measure their sizes and colours with forced photometry. We find that most of them "
                "form no stars. We conclude that their gas was stripped by their neighbours.")
    reply = ask(model, f"Summarise this abstract in two sentences: {abstract}")
    assert reply.how == "quoted" and {c.number for c in reply.citations} == {1}
    assert "quiet dwarfs" in reply.sources[0].paper.abstract
    assert len(reply.citations) == 2


def test_names_that_the_answer_lacks_are_said(model: CosmoGemma) -> None:
    reply = ask(model, "What H0 does the Zorblax telescope measure?")
    assert "Zorblax" in reply.text.split(".")[0]


@pytest.mark.parametrize("talk", [
    "hi! who are you and what can u do", "can you help me with my homework?", "ok, who r u",
    "what language model do you use",
])
@pytest.mark.parametrize("before", [(), ("What is a pulsar?",)])
def test_the_assistant_tells_of_itself(
    model: CosmoGemma, talk: str, before: tuple[str, ...]
) -> None:
    reply = ask(model, talk, *before)
    assert reply.text == ABOUT and reply.how == "fixed" and not reply.sources


def test_what_only_looks_like_talk_is_looked_up(model: CosmoGemma) -> None:
    for question in ("hi mass function", "fine structure constant", "hi, what is a pulsar?"):
        reply = ask(model, question)
        assert reply.how == "quoted" and reply.sources
    assert "pulsar" in reply.text and "eutral hydrogen" not in reply.text
