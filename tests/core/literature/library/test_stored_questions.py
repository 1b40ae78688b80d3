"""The questions stored with the passages: whole, in people's words, found again."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from core.literature.library.primer import read_primer
from core.literature.library.stored_questions import (
    StoredQuestions,
    question_vectors,
    read_questions,
    stored_questions,
)
from core.literature.text.embedding import embed
from core.literature.text.text import sentences

PASSAGES = {passage.id: sentences(passage.text) for passage in read_primer()}
QUESTIONS = read_questions()


def test_every_passage_has_six_questions_of_two_kinds_or_more() -> None:
    of_passage = defaultdict(list)
    for question in QUESTIONS:
        of_passage[question.passage].append(question)
    assert set(of_passage) == set(PASSAGES)
    for passage, asked in of_passage.items():
        assert len({question.text for question in asked}) >= 6, passage
        assert len({question.kind for question in asked}) >= 2, passage


def test_the_sentences_that_answer_exist_and_a_yes_or_no_is_one() -> None:
    for question in QUESTIONS:
        assert question.sentences, question
        assert max(question.sentences) < len(PASSAGES[question.passage]), question
        assert bool(question.answer) == (question.kind == "yes_no"), question
    verdicts = Counter(question.answer for question in QUESTIONS if question.answer)
    assert 0.3 < verdicts["no"] / verdicts.total() < 0.7


def test_the_vectors_beside_them_are_theirs() -> None:
    some = QUESTIONS[:: len(QUESTIONS) // 12]
    wanted = embed([question.text for question in some])
    assert (question_vectors(some) * wanted).sum(1).min() > 0.995


@pytest.mark.parametrize("place", [0, len(QUESTIONS) // 2, len(QUESTIONS) - 1])
def test_a_question_asked_as_it_stands_is_found_first(place: int) -> None:
    asked = QUESTIONS[place]
    best, *_ = stored_questions().nearest(asked.text, most=3)
    assert best.question.text == asked.text and best.score == pytest.approx(1.5, abs=0.02)
    assert asked.text not in [match.question.text for match in stored_questions().nearest(
        asked.text, most=3, without=[place])] or QUESTIONS.count(asked) > 1


def test_none_are_nearest_where_there_are_none() -> None:
    assert StoredQuestions([], np.empty((0, 384), np.float32)).nearest("What is dark matter?") == []
