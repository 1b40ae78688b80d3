"""The questions and ideas written for the project fit the primer that they point into."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.literature.text.text import sentences, words
from training.literature.questions.pairs import kind_of, passages_by_source

ROOT = Path(__file__).parents[3]
QUESTIONS = ROOT / "training/literature/data/primer_questions.jsonl"
IDEAS = ROOT / "training/literature/data/ideas.jsonl"
TEST_QUESTIONS = ROOT / "tests/data/literature/primer_test_questions.jsonl"


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def primer() -> dict[str, list[str]]:
    return {source: sentences(text) for source, text in passages_by_source([]).items()}


def test_training_questions_point_at_sentences_that_exist(primer: dict[str, list[str]]) -> None:
    for row in rows(QUESTIONS):
        found = primer[row["source"]]
        assert row["sentences"] and all(0 <= i < len(found) for i in row["sentences"])
        assert kind_of(row["answer"]) == row["kind"]


def test_the_sentences_pointed_at_hold_the_answer(primer: dict[str, list[str]]) -> None:
    held = []
    for row in rows(QUESTIONS):
        wanted = set(words(row["answer"])) - {"no"}
        text = " ".join(primer[row["source"]][i] for i in row["sentences"])
        held.append(len(wanted & set(words(text))) / max(len(wanted), 1))
    assert sum(held) / len(held) > 0.7


def test_ideas_point_at_sentences_that_exist(primer: dict[str, list[str]]) -> None:
    ideas = rows(IDEAS)
    assert len(ideas) >= 160
    for row in ideas:
        assert len(row["sources"]) == len(row["sentences"]) == 2
        for source, chosen in zip(row["sources"], row["sentences"], strict=True):
            assert chosen == sorted(set(chosen))
            if source.startswith("primer:"):
                assert max(chosen) < len(primer[source])
        assert 30 <= len(row["idea"].split()) <= 70


def test_no_two_ideas_begin_alike() -> None:
    begins = [" ".join(row["idea"].split()[:6]).lower() for row in rows(IDEAS)]
    assert len(set(begins)) == len(begins)


def test_test_questions_are_balanced_and_kept_apart(primer: dict[str, list[str]]) -> None:
    tests, trained = rows(TEST_QUESTIONS), rows(QUESTIONS)
    kinds = [row["kind"] for row in tests]
    assert (kinds.count("open"), kinds.count("yes"), kinds.count("no")) == (50, 25, 25)
    assert {row["source"] for row in tests} <= set(primer)
    assert all(kind_of(row["answer"]) == row["kind"] for row in tests)
    of_source: dict[str, list[set[str]]] = {}
    for row in trained:
        of_source.setdefault(row["source"], []).append(set(words(row["question"])))
    for row in tests:
        asked = set(words(row["question"]))
        for known in of_source[row["source"]]:
            assert len(asked & known) <= 0.6 * len(asked | known), row["question"]
