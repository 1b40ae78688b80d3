"""Composed answers: the library's own sentences, as the kind of question needs them."""

from __future__ import annotations

import pytest

from core.literature.assistant.composing.compose import Composed, compose
from core.literature.assistant.composing.next_questions import next_questions
from core.literature.assistant.composing.polarity import same_way
from core.literature.assistant.library_answers import quoted_answer, sides_found
from core.literature.assistant.questions.follow_ups import Wants
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.retrieval import Retriever, Source
from core.literature.library.library import Library
from core.literature.library.stored_questions import read_questions

STORED = read_questions()


@pytest.fixture(scope="module")
def retriever(primer_library: Library) -> Retriever:
    return Retriever(primer_library)


def answered(
    retriever: Retriever, question: str, wants: Wants = ""
) -> tuple[Composed, tuple[Source, ...]]:
    meaning = understood(question)
    sources = tuple(retriever.search(meaning.text))
    sources, sides = sides_found(meaning, sources, retriever)
    return compose(meaning.text, meaning.kind, sources, sides, wants=wants), sources


@pytest.mark.parametrize("question", [
    "What is dark energy?", "how old is the universe", "Why is the night sky dark?",
    "Can massive neutrinos suppress structure growth?", "List probes of dark energy",
    "What is the difference between warm and fuzzy dark matter?", "Who discovered the CMB?",
])
def test_every_sentence_is_one_of_its_source_and_the_answer_is_short(
    retriever: Retriever, question: str
) -> None:
    answer, sources = answered(retriever, question)
    by_number = {source.number: source for source in sources}
    for part in answer.parts:
        said = [by_number[part.number].sentences[i] for i in part.sentences]
        assert part.text == " ".join(said) and len(set(part.sentences)) == len(part.sentences)
    assert 8 <= len(answer.text.split()) <= 190


def test_a_definition_opens_with_the_sentence_that_defines(retriever: Retriever) -> None:
    defining = [q for q in STORED if q.kind == "definition" and q.sentences[0] == 0][::400]
    opened = [answered(retriever, q.text)[0].parts[0].sentences[0] == 0 for q in defining]
    assert len(opened) > 4 and sum(opened) > 0.8 * len(opened)


def test_a_stored_verdict_opens_its_answer(retriever: Retriever) -> None:
    asked = [q for q in STORED if q.answer][::400]
    right = [answered(retriever, q.text)[0].verdict == q.answer for q in asked]
    assert len(asked) > 8 and sum(right) > 0.9 * len(right)


@pytest.mark.parametrize(("one", "other"), [
    ("Do massive neutrinos suppress structure growth?",
     "Do massive neutrinos enhance structure growth?"),
    ("Is the expansion of the Universe accelerating?",
     "Is the expansion of the Universe decelerating?"),
    ("Is dark energy constant?", "Is dark energy not constant?"),
    ("Did galaxies form before the CMB?", "Did galaxies form after the CMB?"),
])
def test_opposite_questions_never_get_the_same_verdict(
    retriever: Retriever, one: str, other: str
) -> None:
    assert same_way(one, one) and not same_way(one, other)
    verdicts = [answered(retriever, question)[0].verdict for question in (one, other)]
    assert verdicts[0] != verdicts[1] or verdicts == ["", ""]


@pytest.mark.parametrize("question", [
    "KiDS vs HSC", "What is the difference between a quasar and a pulsar?",
    "Compare LOFAR, HERA and the SKA",
])
def test_a_comparison_speaks_of_every_side(retriever: Retriever, question: str) -> None:
    answer, _ = answered(retriever, question)
    for side in understood(question).sides:
        assert side.lower().split()[-1].rstrip("s") in answer.text.lower()


def test_more_says_more_and_simpler_says_it_in_fewer_signs(retriever: Retriever) -> None:
    question = "What is the matter power spectrum?"
    usual, more, simpler = (answered(retriever, question, wants)[0].text
                            for wants in ("", "more", "simpler"))
    assert len(more) > len(usual)
    assert simpler.count("$") <= usual.count("$") and len(simpler) < len(more)


def test_what_can_be_asked_next_was_not_asked(retriever: Retriever) -> None:
    question = "What is dark energy?"
    found = next_questions(question, retriever.search(question))
    assert len(found) == len(set(found)) == 3 and question not in found
    assert all(text.endswith("?") for text in found)


@pytest.mark.parametrize("question", ["What is dark energy?", "What is the BAO scale?"])
def test_more_says_what_was_not_said(retriever: Retriever, question: str) -> None:
    first, sources = answered(retriever, question)
    more = compose(question, "definition", sources, wants="more", shown=first.text)
    told = {(part.number, place) for part in first.parts for place in part.sentences}
    new = {(part.number, place) for part in more.parts for place in part.sentences}
    assert new and not new & told
    everything = " ".join(" ".join(source.sentences) for source in sources)
    again = compose(question, "definition", sources, wants="more", shown=everything)
    assert not again.parts  # nothing is said twice


def test_sides_of_one_passage_are_told_once(retriever: Retriever) -> None:
    answer, _ = answered(retriever, "cusp vs core in dark matter halos")
    said = [(part.number, place) for part in answer.parts for place in part.sentences]
    assert len(said) == len(set(said))


def test_a_second_question_adds_its_sentences(retriever: Retriever) -> None:
    for question in ("What is the optical depth and how is it measured?",
                     "What is dark matter? Who discovered it?"):
        meaning = understood(question)
        sources = tuple(retriever.search(meaning.text))
        reply = quoted_answer(meaning, retriever, sources)
        first = compose(meaning.text, meaning.kind, sources)
        assert meaning.second and reply.composed is not None
        told = [(part.number, place) for part in reply.composed.parts for place in part.sentences]
        assert len(told) == len(set(told)) >= sum(len(part.sentences) for part in first.parts)
        numbers = {source.number for source in reply.sources}
        assert {number for number, _ in told} <= numbers
