"""Passages bear on a question by their stored questions and by name."""

from __future__ import annotations

import numpy as np
import pytest

from core.literature.assistant.stored_relevance import Bearing, StoredRelevance, stored_relevance
from core.literature.library.primer import Passage, read_primer
from core.literature.library.stored_questions import (
    StoredQuestion,
    StoredQuestions,
    stored_questions,
)

TEXTS = ["What is the BAO scale?", "How is weak lensing seen?", "Why is the sky dark?"]
PASSAGES = [
    Passage("bao", "t", "Baryon acoustic oscillations", "Sound.", aliases=("BAO", "BAO scale")),
    Passage("wl", "t", "Weak lensing", "Light bends.", aliases=("cosmic shear",)),
    Passage("olbers", "t", "Olbers' paradox", "It is dark.", aliases=("t-SNE", "X")),
]
"""Three passages, each with one question on an axis of its own."""


@pytest.fixture(scope="module")
def relevance() -> StoredRelevance:
    questions = [StoredQuestion(passage.id, text, "definition", (0,))
                 for passage, text in zip(PASSAGES, TEXTS, strict=True)]
    return StoredRelevance(StoredQuestions(questions, np.eye(3, 384, dtype=np.float32)), PASSAGES)


def axis(i: int) -> np.ndarray:
    return np.eye(1, 384, i, dtype=np.float32)[0]


@pytest.mark.parametrize("i", range(3))
def test_a_stored_question_leads_to_its_passage(relevance: StoredRelevance, i: int) -> None:
    found = relevance.of(TEXTS[i], axis(i))
    best = max(found, key=lambda id: found[id].relevance)
    assert best == PASSAGES[i].id and found[best].matches[0].score == pytest.approx(1.5)
    for bearing in found.values():
        scores = [match.score for match in bearing.matches]
        assert scores == sorted(scores, reverse=True) and 0 <= bearing.named <= 1
        assert all(match.question.passage == id for id, one in found.items()
                   for match in one.matches)


def test_a_name_that_is_all_of_the_question_is_whole(relevance: StoredRelevance) -> None:
    for asked, id in (("BAO?", "bao"), ("what is cosmic shear", "wl"), ("weak lensing", "wl")):
        assert relevance.of(asked, axis(9))[id].named == pytest.approx(1.0)
    part = relevance.of("weak lensing by voids and filaments", axis(9))["wl"].named
    assert 0 < part < 1


def test_half_a_name_and_names_of_one_letter_are_none(relevance: StoredRelevance) -> None:
    assert relevance.of("weak", axis(9))["wl"].named == 0
    assert relevance.of("SNE", axis(9))["olbers"].named == 0
    assert relevance.of("x", axis(9))["olbers"].named == 0


def test_matches_and_names_add_up() -> None:
    assert Bearing().relevance == 0
    assert Bearing(named=1.0).relevance > Bearing(named=0.5).relevance > 0


def test_without_passages_nothing_bears_on_anything() -> None:
    empty = StoredRelevance(StoredQuestions([], np.empty((0, 384), np.float32)), [])
    assert empty.of("What is dark energy?", axis(0)) == {}


def test_titles_of_the_primer_find_their_passage() -> None:
    passages = read_primer()[::100]
    right = []
    for passage in passages:
        found = stored_relevance().of(f"What is {passage.title}?", axis(0) * 0)
        right.append(passage.id in found and found[passage.id].named > 0.9)
    assert len(right) > 15 and sum(right) > 0.9 * len(right)
    assert stored_relevance() is stored_relevance()


def test_the_stored_vectors_find_their_own_question() -> None:
    stored = stored_questions()
    for i in range(0, len(stored.questions), 3000):
        question = stored.questions[i]
        found = stored_relevance().of(question.text, stored._vectors[i])
        nearest = found[question.passage].matches[0]
        assert nearest.question == question and nearest.cosine > 0.99
