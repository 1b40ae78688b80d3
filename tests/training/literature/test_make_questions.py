"""Questions from abstracts, from end to end: the good is kept, and the years lie apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.literature.fake_server import serving
from tests.training.literature.questions.helpers import config_for, well
from training.literature.make_questions import make
from training.literature.questions.pairs import read_pairs


def test_pairs_have_their_sentence_and_the_splits_share_nothing(tmp_path: Path) -> None:
    with serving(well) as server:
        metrics = make(config_for(tmp_path, server.url))
    train, test = (read_pairs([tmp_path / "out" / f"{n}.jsonl"]) for n in ("train", "test"))
    assert len(server.prompts) == 12  # neither other years nor other categories
    assert {p.source[:2] for p in train if p.source} == {"20"}
    assert {p.source[:2] for p in test if p.source} == {"23"}
    for pair in [*train, *test]:
        assert pair.sentence and pair.passage and pair.sentence in pair.passage
        assert pair.sentence.startswith("We find that the")
    for name, pairs in (("train", train), ("test", test)):
        kinds = [p.kind for p in pairs]
        assert kinds.count("yes") == kinds.count("no") == metrics[f"{name}_yes"] > 2
        assert kinds.count("open") == metrics[f"{name}_open"] == 6
    texts = [p.question for p in [*train, *test]]
    assert len(set(texts)) == len(texts)


def test_every_choice_has_the_right_answer_and_wrong_ones_of_its_kind(tmp_path: Path) -> None:
    with serving(well) as server:
        metrics = make(config_for(tmp_path, server.url))
    lines = (tmp_path / "out" / "choice_train.jsonl").read_text().splitlines()
    answers = {p.question: p.answer for p in read_pairs([tmp_path / "out" / "train.jsonl"])}
    assert len(lines) == metrics["train_choice"] > 0
    for row in map(json.loads, lines):
        assert len(set(row["options"])) == 4
        assert row["options"]["ABCD".index(row["letter"])] == answers[row["question"]]


def test_what_cannot_be_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    with serving(well) as server:
        for wrong, message in (
            ({"train_years": (2018, 2023)}, "overlap"),
            ({"train_years": (2022, 2018)}, "overlap"),
            ({"snapshot": None}, "--snapshot or --library"),
            ({"categories": ("cs.CV",)}, "No abstract"),
            ({"per_minute": 0.0}, "requests a minute"),
        ):
            with pytest.raises(ValueError, match=message):
                make(config_for(tmp_path, server.url, **wrong))
        broken = tmp_path / "broken.json"
        broken.write_text('{"id": "2001.00001"}\n')
        with pytest.raises(ValueError, match="Line 1 of .*broken"):
            make(config_for(tmp_path, server.url, snapshot=broken))
    with pytest.raises(ValueError, match="--server"):
        make(config_for(tmp_path, ""))
    assert not server.prompts
