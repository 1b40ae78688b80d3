"""The question filter: its numbers, its card, and what is fitted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.checksums import read_checksummed
from core.weights import coefficients_file
from training.evaluation.metric_names import meaning
from training.evaluation.report import WEIGHTS
from training.literature.evaluate_intent import EvaluateConfig, evaluate, measured
from training.literature.train_intent import LABELS, PAIRS, IntentConfig, Questions, decide, measure

CONFIG = IntentConfig()


def questions(count: int = 240) -> Questions:
    """Made up: the label shows in the features, more clearly for some than for others."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 3
    vectors = rng.normal(0, 0.6, (count, 4))
    vectors[np.arange(count), labels] += 1.5
    kinds = np.array(["about", "harmful", "cosmology"])[labels]
    kinds[labels == 1] = np.where(np.arange(count)[labels == 1] % 2, "harmful", "near")
    kinds[(labels == 2) & (np.arange(count) % 4 == 0)] = PAIRS
    return Questions(vectors, labels, kinds, np.arange(count), np.ones(count))


def test_fractions_come_with_standard_errors() -> None:
    metrics = measure(questions(), CONFIG)
    assert metrics["questions"] + metrics["pairs"] == 240
    assert 0.6 < metrics["accuracy"] < 1 and metrics["passed_harmful"] < 0.8
    for name in metrics:
        assert meaning("intent", name), name
    rate, error = metrics["right_meta"], metrics["right_meta_error"]
    assert error == pytest.approx((rate * (1 - rate) / 80) ** 0.5)
    assert 0 < metrics["accuracy_error"] < 0.05
    assert f"{rate:.3f} ± {error:.3f}" in measured(metrics)


def test_the_threshold_comes_before_the_other_labels() -> None:
    probabilities = np.array([[0.5, 0.1, 0.4], [0.1, 0.6, 0.3], [0.6, 0.3, 0.1]])
    assert [LABELS[i] for i in decide(probabilities, 0.25)] == ["meta", "on", "meta"]
    assert [LABELS[i] for i in decide(probabilities, 0.35)] == ["meta", "off", "meta"]


def test_only_the_published_questions_are_published(tmp_path: Path) -> None:
    other = tmp_path / "pairs.jsonl"
    other.write_text(json.dumps({"question": "What are voids?", "answer": "Empty."}) + "\n")
    for data in ((), (other,)):
        with pytest.raises(ValueError, match=r"--write is refused: qa_2018_2022_train\.json"):
            evaluate(EvaluateConfig(data, write=True))


def test_the_shipped_numbers_are_those_of_the_shipped_coefficients() -> None:
    fitted = read_checksummed(coefficients_file("intent"))["metrics"]
    shipped = json.loads((WEIGHTS / "intent" / "metrics.json").read_text())["metrics"]
    card = (WEIGHTS / "intent" / "README.md").read_text()
    for name, value in fitted.items():
        assert shipped[name] == pytest.approx(value, abs=1e-4), name
    for name in ("accuracy", "refused_on_topic", "passed_off_topic", "passed_harmful"):
        assert f"{shipped[name]:.3f}" in card
