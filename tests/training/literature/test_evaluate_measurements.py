"""The evaluation of numbers counts right, wrong and missed ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from core.literature.measurements.extract import measurements
from training.literature import evaluate_measurements as module
from training.literature.evaluate_measurements import EvaluateConfig, evaluate, key_of, read_labels

ABSTRACT = r"We find $S_8 = 0.76 \pm 0.02$ and, assuming $H_0 = 70$ km/s/Mpc, $w < -0.5$ at z = 3."


def files(folder: Path, numbers: list[dict[str, object]]) -> tuple[Path, Path]:
    data, labels = folder / "data.json", folder / "labels.jsonl"
    data.write_text(json.dumps([{"abstract": ABSTRACT}, {"abstract": ABSTRACT}, {}]))
    name = hashlib.sha256(ABSTRACT.encode()).hexdigest()[:12]
    labels.write_text(json.dumps({"abstract": name, "numbers": numbers}) + "\n")
    return data, labels


def scores(
    folder: Path, numbers: list[dict[str, object]], patch: pytest.MonkeyPatch
) -> dict[str, float]:
    data, labels = files(folder, numbers)
    patch.setattr(module, "read_labels", lambda: read_labels(labels))
    return evaluate(EvaluateConfig((data,)))


TRUE: list[dict[str, object]] = [
    {"quantity": "S8", "relation": "=", "value": 0.76, "minus": 0.02, "plus": 0.02,
     "assumed": False},
    {"quantity": "H0", "relation": "~", "value": 70, "assumed": True},
    {"quantity": "w", "relation": "<", "high": -0.5},
    {"quantity": "z", "relation": "=", "value": 3},
]


def test_all_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = scores(tmp_path, TRUE, monkeypatch)
    assert found["precision"] == found["recall"] == found["assumed_right"] == 1.0
    assert found["precision_error"] == 0.0
    assert (found["numbers"], found["parameter_numbers"]) == (4, 3)


def test_wrong_errors_and_missed_numbers_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = {"quantity": "r", "relation": "<", "high": 0.1}
    found = scores(tmp_path, [{**TRUE[0], "plus": 0.03}, *TRUE[1:], missed], monkeypatch)
    assert (found["precision"], found["recall"]) == (3 / 4, 3 / 5)
    assert found["recall_error"] == pytest.approx((0.6 * 0.4 / 5) ** 0.5)
    assert found["parameter_precision"] == 2 / 3


def test_other_abstracts_are_refused(tmp_path: Path) -> None:
    data, _ = files(tmp_path, [])
    with pytest.raises(ValueError, match="labelled"):
        evaluate(EvaluateConfig((data,)))


def test_the_labels_hold_numbers_and_no_text() -> None:
    labels = read_labels()
    assert len(labels) == 127 and all(len(name) == 12 for name in labels)
    for number in (n for numbers in labels.values() for n in numbers):
        assert isinstance(number.pop("quantity"), str) and number.pop("relation") in "=~<>range"
        assert all(isinstance(value, int | float) for value in number.values()) and number


def test_a_reading_and_its_label_have_the_same_key() -> None:
    found = measurements(ABSTRACT)
    assert [key_of(m) for m in found] == [key_of(label) for label in TRUE]
