"""Plain and short answers: few sentences, without formulas where that can be, of the source."""

from __future__ import annotations

import pytest

from core.literature.assistant.composing.plain import effort, formulas
from core.literature.assistant.library_answers import quoted_answer
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.retrieval import Retriever
from core.literature.library.library import Library

SUBJECTS = ["Explain the CMB", "What is inflation", "what is dark energy", "What is a void",
            "How old is the Universe", "Why is the night sky dark", "What is weak lensing",
            "What is the Hubble tension", "How do galaxies form", "Is the Universe flat"]


@pytest.fixture(scope="module")
def retriever(primer_library: Library) -> Retriever:
    return Retriever(primer_library)


def sentences(retriever: Retriever, question: str) -> list[str]:
    meaning = understood(question)
    reply = quoted_answer(meaning, retriever, tuple(retriever.search(meaning.text)))
    assert reply.composed is not None
    known = {source.number: source.sentences for source in reply.sources}
    return [known[part.number][i] for part in reply.composed.parts for i in part.sentences]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_plain_answer_is_short_and_no_harder_than_the_usual_one(
    retriever: Retriever, subject: str
) -> None:
    usual = sentences(retriever, f"{subject}?")
    plain = sentences(retriever, f"{subject} to a 10 year old, no formulas?")
    assert 1 <= len(plain) <= 3
    assert sum(map(effort, plain)) <= sum(map(effort, usual))
    assert sum(map(formulas, plain[1:])) == 0  # one only in a sentence that has to be there


@pytest.mark.parametrize("subject", SUBJECTS)
def test_one_sentence_is_the_one_that_answers_first(retriever: Retriever, subject: str) -> None:
    one = sentences(retriever, f"{subject} in one sentence?")
    assert len(one) == 1
    assert len(sentences(retriever, f"{subject}? briefly")) <= 2


def test_with_equations_there_are_more(retriever: Retriever) -> None:
    for subject in ("What is the power spectrum", "What is the Friedmann equation"):
        asked = sentences(retriever, f"{subject}, with equations?")
        assert sum(map(formulas, asked)) >= 1


@pytest.mark.parametrize(("sentence", "count"), [
    (r"The age is $13.797 \pm 0.023$ Gyr.", 0), (r"The scale is $8\,h^{-1}$ Mpc.", 0),
    (r"A mass of $10^{14}\,M_\odot$ at $z \approx 0.5$.", 0), (r"The parameter $H_0$ is high.", 0),
    (r"The age is $t_0 = \int_0^1 da/(aH)$.", 1), (r"It falls as $k^{-3}\ln^2 k$.", 1),
    (r"The radius $(aH)^{-1}$ and $S_8 = \sigma_8\sqrt{\Omega_m/0.3}$.", 2), ("No formula.", 0),
])
def test_numbers_and_symbols_are_no_formulas(sentence: str, count: int) -> None:
    assert formulas(sentence) == count
