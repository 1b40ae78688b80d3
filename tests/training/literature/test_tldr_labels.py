"""The labels of acceptable sentences belong to texts that the repository does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.literature import DATA
from training.literature.evaluate_tldr import judged
from training.literature.tldr_labels import Labelled, name_of, read_labelled

LABELS = DATA / "tldr_labels.jsonl"


def test_the_labels_hold_no_text_and_a_third_is_for_the_test() -> None:
    rows = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    assert len({row["abstract"] for row in rows}) == len(rows) == 150
    assert sum(bool(row.get("test")) for row in rows) == 50
    for row in rows:
        assert set(row) <= {"abstract", "acceptable", "sentences", "test"}
        assert len(row["abstract"]) == 16
        assert row["acceptable"] and min(row["acceptable"]) >= 0
        assert max(row["acceptable"]) < row["sentences"]


def test_labels_are_found_by_the_text_and_refused_when_it_splits_otherwise(tmp_path: Path) -> None:
    text, labels, file = "One. Two.", tmp_path / "labels.jsonl", tmp_path / "abstracts.json"
    file.write_text(json.dumps([{"abstract": text}, {"abstract": "Unlabelled."}]), "utf-8")
    row = {"abstract": name_of(text), "acceptable": [1], "sentences": 2, "test": True}
    labels.write_text(json.dumps(row), "utf-8")
    assert read_labelled(labels, [file]) == [Labelled(text, frozenset({1}), True)]
    labels.write_text(json.dumps(row | {"sentences": 3}), "utf-8")
    with pytest.raises(ValueError, match="label it again"):
        read_labelled(labels, [file])
    labels.write_text(json.dumps(row | {"abstract": "0" * 16}), "utf-8")
    with pytest.raises(ValueError, match="None of these abstracts"):
        read_labelled(labels, [file])


def test_only_test_abstracts_are_judged() -> None:
    text = "Galaxies are old. We find that galaxies are bright."
    kept = Labelled(text, frozenset({0}), True)
    found = judged([kept, Labelled(text, frozenset({1}), False)])
    assert found["astronomy_judged"] == 1
    assert (found["lead_astronomy_top1"], found["last_astronomy_top1"]) == (100, 0)
    with pytest.raises(ValueError, match="test"):
        judged([Labelled(text, frozenset({0}), False)])
