"""Scores: what must come out for answers that are right, wrong, empty or always the same."""

from __future__ import annotations

from core.literature.text.text import TermWeights
from tests.training.literature.fixture import PAIRS
from training.literature.questions.scoring import is_right, score_answers

WEIGHTS = TermWeights.of([p.passage for p in PAIRS if p.passage])


def test_the_references_themselves_score_full_marks() -> None:
    scores = score_answers(PAIRS, [p.answer for p in PAIRS], WEIGHTS)
    for key in ("accuracy", "open_accuracy", "yes_no_accuracy", "yes_no_balanced"):
        assert scores[key] == 1.0
    assert scores["bleu"] > 99 and scores["chrf"] > 99 and scores["rouge_l"] > 99
    assert scores["cosine"] > 0.999


def test_always_yes_is_half_right_when_balanced() -> None:
    scores = score_answers(PAIRS, ["Yes"] * len(PAIRS), WEIGHTS)
    assert scores["yes_no_balanced"] == 0.5
    assert scores["open_accuracy"] == 0.0
    assert scores["yes_no_accuracy"] == 2 / 3


def test_empty_answers_are_wrong() -> None:
    scores = score_answers(PAIRS, [""] * len(PAIRS), WEIGHTS)
    assert scores["accuracy"] == 0.0 and scores["rouge_l"] == 0.0


def test_repeating_the_question_earns_nothing() -> None:
    sirens = PAIRS[3]
    assert not is_right(sirens, sirens.question, WEIGHTS)
    assert is_right(sirens, "It is the orbit's inclination", WEIGHTS)


def test_a_no_question_wants_a_no() -> None:
    assert is_right(PAIRS[1], "No.", WEIGHTS)
    assert not is_right(PAIRS[1], "Void centres are emptier by 4 percent", WEIGHTS)
    assert not is_right(PAIRS[1], "Yes, they are.", WEIGHTS)
