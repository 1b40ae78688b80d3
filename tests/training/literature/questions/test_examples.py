"""Examples: the sentence that answers is there, or the answer is that it is not."""

from __future__ import annotations

import random

import pytest

from core.literature.language_model.prompts import SILENT, grounded_prompt, plain_prompt
from tests.training.literature.fixture import PAIRS, VOIDS, WAVES
from training.literature.questions.examples import PassageExtractor, closed_book, grounded, ideas

WITH_PASSAGE = [pair for pair in PAIRS if pair.passage]


@pytest.fixture(scope="module")
def extractor() -> PassageExtractor:
    return PassageExtractor([VOIDS, WAVES])


@pytest.mark.parametrize("seed", range(4))
def test_answers_can_be_read_in_their_context(extractor: PassageExtractor, seed: int) -> None:
    examples = grounded(WITH_PASSAGE, extractor, random.Random(seed), together=2, silent=1.0)
    answers = {plain_prompt(p.question): p for p in WITH_PASSAGE}
    for example in examples:
        pair = answers[example.prompt]
        assert pair.sentence is not None
        if example.answer == SILENT:
            assert pair.sentence not in example.context
        else:
            assert example.answer == pair.answer
            assert pair.sentence in example.context
    asked = [e.prompt for e in examples if e.answer != SILENT]
    assert sorted(asked) == sorted(answers)


def test_some_questions_are_left_unanswered(extractor: PassageExtractor) -> None:
    examples = grounded(WITH_PASSAGE, extractor, random.Random(0), alone=1.0, silent=1.0)
    assert sum(e.answer == SILENT for e in examples) >= 2
    none = grounded(WITH_PASSAGE, extractor, random.Random(0), alone=1.0, silent=0.0)
    assert all(e.answer != SILENT for e in none)


def test_context_and_prompt_are_the_prompt_that_is_asked_later(extractor: PassageExtractor) -> None:
    (example, *_) = grounded(WITH_PASSAGE[:1], extractor, random.Random(0), alone=1.0, silent=0.0)
    text = example.context.removeprefix("[1] ").rstrip()
    assert example.context + example.prompt == grounded_prompt(PAIRS[0].question, [text])


def test_closed_book_has_no_context() -> None:
    assert [e.context for e in closed_book(PAIRS)] == [""] * len(PAIRS)


def test_ideas_are_made_of_the_sentences_named() -> None:
    row = {"sources": ["voids", "waves"], "sentences": [[0], [1, 3]], "idea": "Weigh voids."}
    unknown = {"sources": ["voids", "lost"], "sentences": [[0], [0]], "idea": "Lost."}
    (example,) = ideas([row, unknown], {"voids": VOIDS, "waves": WAVES})
    assert example.answer == "Weigh voids."
    assert "1,200 cosmic voids" in example.prompt and "inclination" in example.prompt
    assert "Fifty events" not in example.prompt
