"""Pairs: both forms of file, passages looked up, splits that do not drift."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.literature.fixture import PAIRS, VOIDS
from training.literature.questions.pairs import (
    Pair,
    kind_of,
    read_pairs,
    split_by_passage,
    write_pairs,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    assert read_pairs([tmp_path / "pairs.jsonl"]) == PAIRS


def test_the_published_form_is_read(tmp_path: Path) -> None:
    rows = [{"id": 7, "question": "Why?\n", "reference": "Because.", "abstract": VOIDS}]
    (tmp_path / "qa.json").write_text(json.dumps(rows))
    (pair,) = read_pairs([tmp_path / "qa.json"])
    assert pair == Pair("Why?", "Because.", VOIDS, None, "7")


def test_passages_and_sentences_are_looked_up(tmp_path: Path) -> None:
    (tmp_path / "qa.json").write_text(
        json.dumps([{"id": 7, "question": "Why?", "reference": "Because.", "abstract": VOIDS}])
    )
    line = {"question": "Denser?", "answer": "No.", "source": "7", "sentences": [1]}
    (tmp_path / "more.jsonl").write_text(json.dumps(line) + "\n")
    pair = read_pairs([tmp_path / "qa.json", tmp_path / "more.jsonl"])[1]
    assert pair.passage == VOIDS
    assert pair.sentence == "Void centres are emptier than in the mocks by 4 percent."
    with pytest.raises(ValueError, match="more.jsonl"):
        read_pairs([tmp_path / "more.jsonl"])


@pytest.mark.parametrize("text", ["{", '[{"question": "Why?"}]', "[3]"])
def test_a_file_without_pairs_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ValueError, match=r"bad\.json.*question"):
        read_pairs([tmp_path / "bad.json"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("Yes, it is.", "yes"), ("no", "no"), ("No. It is not", "no"), ("None of them.", "open"),
     ("Nothing", "open"), ("", "open"), ("Yes", "yes")],
)
def test_kind_is_the_first_word(answer: str, kind: str) -> None:
    assert kind_of(answer) == kind


def test_the_split_is_by_passage_and_does_not_drift() -> None:
    training, held = split_by_passage(PAIRS, 0.5, seed=1)
    assert not {p.passage for p in training} & {p.passage for p in held}
    assert len(training) + len(held) == len(PAIRS)
    fewer, _ = split_by_passage(PAIRS[:3], 0.5, seed=1)
    assert all(pair in training for pair in fewer)
    assert split_by_passage(PAIRS, 0.0) == (PAIRS, [])
    assert split_by_passage(PAIRS, 1.0)[0] == PAIRS[-1:]


def test_the_projects_own_questions_are_whole() -> None:
    folder = Path(__file__).parents[4] / "training" / "literature" / "data"
    pairs = read_pairs([folder / "primer_questions.jsonl"])
    assert len(pairs) > 900
    assert all(p.passage and p.sentence and p.sentence in p.passage for p in pairs)
    kinds = [p.kind for p in pairs]
    assert 0.6 < kinds.count("yes") / kinds.count("no") < 1.6
