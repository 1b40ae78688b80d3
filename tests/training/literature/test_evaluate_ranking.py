"""What the ranking is measured by, and what it is fitted by."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.literature.ranking.relevance import FEATURES, load_relevance_model
from training.evaluation.metric_names import meaning
from training.literature.evaluate_ranking import EvaluateConfig, auc, main, ndcg
from training.literature.ranking_corpus import (
    LIKES,
    SETTINGS,
    TOPICS,
    Item,
    fitted_topics,
    read_items,
    readers,
    topics_of,
)
from training.literature.train_ranking import BY_HAND, fit

SUBJECTS = {
    "cosmic voids": ("void", "underdense regions", "size function of voids", "void lensing"),
    "reionization": ("reionization", "21 cm signal", "ionized bubbles", "neutral hydrogen"),
    "supernovae": ("supernova", "standard candles", "Hubble diagram", "light curves"),
}


def _corpus() -> list[dict]:
    rng = np.random.default_rng(0)
    rows = []
    for number in range(36):
        topic = list(SUBJECTS)[number % 3]
        said = rng.choice(SUBJECTS[topic], 2, replace=False)
        rows.append({
            "id": f"x{number}", "title": f"On {said[0]}", "topics": [topic],
            "abstract": f"In work {number} we study the {said[0]} and the {said[1]} of the sky.",
            "published": f"2023-01-{1 + number % 28:02d}",
        })  # fmt: skip
    return rows


def _write(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_ndcg_and_auc_of_known_orders() -> None:
    wanted = np.array([True, False, True, False, False])
    assert ndcg(wanted, np.array([5.0, 1, 4, 2, 3])) == pytest.approx(1)
    assert ndcg(wanted, np.array([5.0, 4, 3, 2, 1])) == pytest.approx(1.5 / (1 + 1 / np.log2(3)))
    assert ndcg(wanted, np.array([1.0, 4, 2, 5, 3]), most=2) == 0
    assert auc(wanted, np.array([5.0, 1, 4, 2, 3])) == 1
    assert auc(wanted, np.zeros(5)) == 0.5


def test_own_papers_are_measured_to_the_last_line(tmp_path: Path) -> None:
    metrics = main(EvaluateConfig((_write(tmp_path / "own.jsonl", _corpus()),), seeds=2))
    assert metrics["papers"] == 36 and metrics["topics"] == 3
    for name in ("ndcg10", "auc"):
        assert metrics[name] > 0.9 > metrics[f"random_{name}"]
        assert 0 <= metrics[f"recency_{name}"] <= 1
        for setting in SETTINGS[1:]:
            assert metrics[f"{name}_{setting}"] > 0.7
            assert 0 < metrics[f"tfidf_{name}_{setting}"] <= 1
    assert metrics["ndcg10_gain"] == pytest.approx(metrics["ndcg10"] - metrics["tfidf_ndcg10"])
    assert all(0 <= metrics[f"{name}_error"] < 0.5 for name in ("ndcg10", "auc", "auc_named"))
    assert all(meaning("ranking", name) for name in metrics)
    json.dumps(metrics, allow_nan=False)
    with pytest.raises(ValueError, match=r"--write is refused: qa_2023_train\.json"):
        main(EvaluateConfig((tmp_path / "own.jsonl",), write=True))
    with pytest.raises(ValueError, match="--write is refused: the card's 20 readers"):
        main(EvaluateConfig((tmp_path / "own.jsonl",), seeds=2, write=True))


def test_two_topics_that_fill_the_corpus_and_one_that_does(tmp_path: Path) -> None:
    rows = [row for row in _corpus() if row["topics"] != ["supernovae"]]
    metrics = main(EvaluateConfig((_write(tmp_path / "two.jsonl", rows),), seeds=1))
    assert "ndcg10_two_topics" not in metrics and metrics["auc"] > 0.7
    one = [row for row in rows if row["topics"] == ["reionization"]]
    with pytest.raises(ValueError, match="of others too"):
        main(EvaluateConfig((_write(tmp_path / "one.jsonl", one),), seeds=1))


def test_equal_abstracts_count_once_and_files_are_checked(tmp_path: Path) -> None:
    rows = _corpus()
    path = _write(tmp_path / "own.jsonl", rows)
    again = _write(tmp_path / "again.jsonl", rows[:10])
    assert len(read_items([path, again])) == len(rows)
    for bad in ("{", "[]", '{"abstract": "x"}', '{"abstract": "x", "topics": "voids"}'):
        (tmp_path / "bad.jsonl").write_text(bad)
        with pytest.raises(ValueError, match=r"bad\.jsonl"):
            read_items([tmp_path / "bad.jsonl"])
    (tmp_path / "other.json").write_text('[{"abstract": "Not one of ours."}]')
    with pytest.raises(ValueError, match=r"other\.json"):
        read_items([tmp_path / "other.json"])
    few = _write(tmp_path / "few.jsonl", rows[:9])
    with pytest.raises(ValueError, match="10 papers"):
        main(EvaluateConfig((few,)))


def test_readers_like_their_topic_and_are_not_shown_what_they_judged() -> None:
    items = [Item(r["id"], r["title"], r["abstract"], tuple(r["topics"])) for r in _corpus()]
    rivals = np.random.default_rng(0).random((36, 36))
    for setting in SETTINGS:
        for reader in readers(items, topics_of(items), setting, 4, rivals):
            assert reader.wanted[list(reader.liked)].all()
            assert not reader.wanted[list(reader.disliked)].any()
            assert not reader.ranked[[*reader.liked, *reader.disliked]].any()
            assert len(set(reader.liked)) == len(reader.liked)
            expected = {"two_topics": 2 * LIKES, "name_only": 0}.get(setting, LIKES)
            assert len(reader.liked) == expected
            assert bool(reader.interests) == (setting in ("named", "name_only"))
            assert bool(reader.disliked) == (setting == "disliked")


def test_the_fit_finds_the_weights_and_none_is_negative() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20_000, len(FEATURES)))
    features[:, [FEATURES.index(name) for name in BY_HAND]] = 0
    truth = np.array([2.0, -1, 0, 1, 0.5, 0, 0, 0])
    chance = 1 / (1 + np.exp(1 - features @ truth))
    weights, bias = fit(features, rng.random(len(features)) < chance, 1e-6)
    assert (weights[[FEATURES.index(n) for n in FEATURES if n not in BY_HAND]] >= 0).all()
    assert weights[0] == pytest.approx(1.8, abs=0.2) and weights[3] == pytest.approx(0.9, abs=0.2)
    assert {name: weights[FEATURES.index(name)] for name in BY_HAND} == BY_HAND
    assert bias < 0


def test_the_shipped_mix_was_fitted_on_half_of_the_topics() -> None:
    rows = [json.loads(line) for line in TOPICS.read_text().splitlines()]
    assert all(set(row) == {"sha256", "topics"} and len(row["sha256"]) == 16 for row in rows)
    items = [Item("", "", row["sha256"], tuple(row["topics"])) for row in rows]
    topics = topics_of(items)
    assert fitted_topics() == set(topics[::2]) and len(topics) == 23
    weights = dict(zip(FEATURES, load_relevance_model().weights, strict=True))
    assert all((w <= 0) == (name in BY_HAND) for name, w in weights.items())
