"""The evaluation end to end, with a backend that always says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.training.literature.fixture import PAIRS
from training.evaluation.metric_names import meaning
from training.literature import evaluate_cosmogemma as stage
from training.literature.questions.pairs import write_pairs


class Parrot:
    """Says "Luminous red galaxies." to everything and likes short options."""

    name, context = "parrot", 4096

    def stream(self, prompt: str, **_: object) -> Iterator[str]:
        yield from (" Luminous", " red", " galaxies.")

    def log_likelihoods(
        self, prompt: str, continuations: Sequence[str]
    ) -> list[tuple[float, int]]:
        asked = prompt.count("Question:")
        return [(-asked * float(len(c)), len(c.split())) for c in continuations]

    def first_token(self, prompt: str, words: Sequence[str]) -> list[float]:
        return [0.1] * len(words)

    def count_tokens(self, text: str) -> int:
        return len(text.split())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stage, "open_backend", lambda *a, **k: Parrot())
    monkeypatch.setattr(
        stage.CosmoGemma, "load", lambda *_, library: stage.CosmoGemma(library, Parrot())
    )
    pairs = [pair for pair in PAIRS if pair.passage]
    rows = [
        {"question": p.question, "reference": p.answer, "abstract": p.passage,
         "cosmogemma_2b_answer": "Yes."}
        for p in pairs
    ]
    (tmp_path / "questions.json").write_text(json.dumps(rows))
    write_pairs(tmp_path / "corpus.jsonl", pairs)
    return tmp_path


def test_every_row_is_measured(data: Path) -> None:
    numbers = stage.evaluate(
        stage.EvaluateConfig(
            data / "questions.json", (data / "corpus.jsonl",), choices=3,
            answers=data / "answers.jsonl",
        )
    )
    assert numbers["questions"] == 5
    assert 1.0 >= numbers["recall_5"] >= numbers["recall_1"] >= 0.4
    for prefix in ("", "closed_", "base_"):
        assert numbers[f"{prefix}accuracy"] == pytest.approx(0.2)  # the one on galaxies
    assert numbers["original_yes_no_balanced"] == numbers["always_yes_yes_no_balanced"] == 0.5
    assert numbers["copied_open_accuracy"] >= 0.5
    assert 0.0 <= numbers["citation_support"] <= 1.0
    assert {"mcq_easy", "mcq_hard", "base_mcq_easy", "base_mcq_hard"} <= set(numbers)
    assert all(meaning("cosmogemma", name) for name in numbers)
    lines = (data / "answers.jsonl").read_text().splitlines()
    assert len(lines) == 5 and json.loads(lines[0])["ours"] == "Luminous red galaxies."


def test_a_limit_and_no_baselines(data: Path) -> None:
    numbers = stage.evaluate(
        stage.EvaluateConfig(data / "questions.json", limit=2, choices=0, baselines=False)
    )
    assert numbers["questions"] == 2
    assert not any(key.startswith("base_") for key in numbers)


@pytest.mark.parametrize(("changes", "why"), [
    ({"limit": 2}, "--limit"), ({"choices": 3}, "multiple-choice"), ({"baselines": False}, "base"),
    ({}, "qa_2023_dev.json and qa_2023_train.json"),
])
def test_nothing_partial_is_published(data: Path, changes: dict[str, Any], why: str) -> None:
    config = stage.EvaluateConfig(data / "questions.json", model=data, write=True, **changes)
    with pytest.raises(ValueError, match=f"--write is refused: .*{why}"):
        stage.evaluate(config)
    assert not (data / "metrics.json").exists()


@pytest.mark.parametrize("hard", [False, True])
def test_quizzes_have_one_right_option_among_four(hard: bool) -> None:
    for quiz, truth in stage.make_quizzes(PAIRS, 10, hard):
        assert len(set(quiz.options)) == len(quiz.letters) == 4
        (pair,) = [p for p in PAIRS if p.question == quiz.question]
        assert quiz.options[truth] == pair.answer
    assert stage.make_quizzes(PAIRS, 10, hard) == stage.make_quizzes(PAIRS, 10, hard)
