"""Citations: the sentence that says so, and none that was not retrieved."""

from __future__ import annotations

import random
import re

import pytest

from core.literature.assistant.citations import SUPPORTED, cite, support, without_unknown_citations
from core.literature.assistant.retrieval import Source
from core.literature.library.primer import read_primer
from core.literature.text.paper import Paper
from core.literature.text.text import TermWeights, sentences

PASSAGES = read_primer()
WEIGHTS = TermWeights.of(p.text for p in PASSAGES)


def source(number: int, text: str, id: str = "2301.01234", references: tuple = ()) -> Source:
    parts = tuple(sentences(text))
    return Source(number, Paper(id, "Title", text, references=references), parts, (0,), 1.0)


BAO = source(
    1, "Sound waves left a preferred scale of about 147 Mpc. The peak was found in 2005 by SDSS. "
    "Surveys measure distances in units of the sound horizon.", "primer:bao", ("1807.06209",),
)
VOIDS = source(2, "Voids are underdense regions. Their lensing signal is weak and negative.")


def test_each_sentence_of_the_answer_finds_its_own() -> None:
    answer = "The preferred scale is about 147 Mpc. The lensing signal of voids is negative."
    found = cite(answer, [BAO, VOIDS], WEIGHTS)
    assert [(c.number, c.sentence) for c in found] == [(1, 0), (2, 1)]
    assert all(SUPPORTED <= c.support <= 1 for c in found)


def test_the_same_sentence_is_cited_once() -> None:
    answer = "The peak was found by SDSS. It was found in 2005 by SDSS."
    assert [(c.number, c.sentence) for c in cite(answer, [BAO], WEIGHTS)] == [(1, 1)]


@pytest.mark.parametrize(
    "answer", ["", "Yes.", "No", "The Moon is made of green cheese.", "[1]", "$x$"]
)
def test_nothing_is_cited_for_nothing(answer: str) -> None:
    assert cite(answer, [BAO, VOIDS], WEIGHTS) == []
    assert cite("The peak was found in 2005 by SDSS.", [], WEIGHTS) == []


def test_a_wrong_number_costs_support() -> None:
    sentence = BAO.sentences[0]
    right = support("The scale is 147 Mpc.", sentence, WEIGHTS)
    wrong = support("The scale is 152 Mpc.", sentence, WEIGHTS)
    assert right == 1.0
    assert wrong < 0.7 * right


def test_copied_sentences_of_the_primer_are_tied_to_themselves() -> None:
    rng = random.Random(0)
    for passage in rng.sample(PASSAGES, 40):
        others = rng.sample(PASSAGES, 2)
        sources = [source(i, p.text) for i, p in enumerate([*others, passage], 1)]
        index = rng.randrange(len(sources[2].sentences))
        (found, *_) = cite(sources[2].sentences[index], sources, WEIGHTS)
        cited = sources[found.number - 1].sentences[found.sentence]
        assert cited == sources[2].sentences[index]
        assert found.support == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("As shown [1], and [2].", "As shown [1], and [2]."),
        ("As shown [7].", "As shown."),
        ("As shown [1, 7] and [3; 9].", "As shown [1] and."),
        ("The interval $[3, 4]$ and [0, 5] stay, and [0.1, 0.9].",) * 2,
        ("See arXiv:2301.01234v2 and 1807.06209.",) * 2,
        ("See arXiv:2305.99999v1.", "See."),
        ("See (arXiv:2305.99999) for it.", "See for it."),
        ("See https://arxiv.org/abs/2305.99999v2 now.", "See now."),
        ("See http://www.arxiv.org/pdf/astro-ph/9805201.pdf now.", "See now."),
        ("See hep-th/9901001 and astro-ph.CO/0501171.", "See and."),
        ("Planck: 67.36 +/- 0.54, 1234.5678 Mpc, 2113.12345 K, and/or 1/2000000.",) * 2,
        ("In 2005 [", "In 2005 ["),
        ("", ""),
    ],
)
def test_only_what_was_retrieved_can_be_cited(text: str, wanted: str) -> None:
    assert without_unknown_citations(text, [BAO, VOIDS]) == wanted


def test_without_sources_no_citation_is_left() -> None:
    rng = random.Random(1)
    for _ in range(300):
        pieces = [
            rng.choice(["word", "[1]", "[12, 3]", "arXiv:2301.01234", "(2005.11401v3)", "and"])
            for _ in range(6)
        ]
        left = without_unknown_citations(" ".join(pieces), [])
        assert not re.search(r"\[\d|\d{4}\.\d{5}", left)
        assert left.split() == [p for p in pieces if p in ("word", "and")]
