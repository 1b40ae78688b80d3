"""SciTLDR's format, the scores of the field, and a training that finds what is there to find."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from training.evaluation.metric_names import HEADLINES, meaning
from training.evaluation.report import run
from training.literature import evaluate_tldr
from training.literature.scitldr import Record, embedded, read_records, rouge, rouge1
from training.literature.train_tldr import Table, chosen, fit_order

ROWS = [
    {
        "source": ["Voids are empty.", "We weigh voids with lensing in this paper.", "It is fun."],
        "target": ["We weigh voids by lensing.", "Voids weighed."], "title": f"Voids {i}",
    }
    for i in range(3)
]  # fmt: skip


def file_of(rows: list[dict[str, object]], folder: Path, name: str = "x.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_records_are_read_as_the_product_sees_a_paper(tmp_path: Path) -> None:
    one, *_ = records = read_records(file_of(ROWS, tmp_path))
    assert len(records) == 3 and one.targets == tuple(ROWS[0]["target"])
    assert one.paper.abstract == " ".join(ROWS[0]["source"]) and one.paper.title == "Voids 0"
    single = read_records(file_of([{**ROWS[0], "target": "Only one."}], tmp_path))
    assert single[0].targets == ("Only one.",)


@pytest.mark.parametrize("bad", [{"source": [], "target": ["x"]}, {"source": ["x"]}, {"a": 1}, 3,
                                 {"source": ["x"], "target": []}])
def test_a_bad_line_is_named(tmp_path: Path, bad: object) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + json.dumps(bad) + "\n")
    with pytest.raises(ValueError, match="Line 2 of bad.jsonl"):
        read_records(path)


def test_the_target_of_the_best_rouge1_counts_for_all_three() -> None:
    targets = ("weigh voids carefully with light", "something else entirely")
    assert rouge("weighing voids carefully with a light", targets)[0] == pytest.approx(10 / 11)
    assert rouge("else entirely", targets) == rouge("else entirely", targets[1:])
    assert rouge1("else entirely", targets) == rouge("else entirely", targets)[0]
    assert rouge(targets[0], targets) == (1.0, 1.0, 1.0)


def test_the_order_finds_the_feature_that_matters() -> None:
    rng = np.random.default_rng(0)
    features, paper = rng.normal(size=(600, 5)), np.repeat(np.arange(100), 6)
    data = Table(features, 0.3 + 0.1 * features[:, 2] + rng.normal(0, 0.02, 600), paper)
    order = fit_order(data.of(np.arange(100) < 60), 0.03)
    held = data.of(np.arange(100) >= 60)
    best = held.rouge.reshape(-1, 6).max(1).mean()
    assert chosen(order(held.features), held).mean() > best - 0.03
    assert np.abs(order.weight).argmax() == 2


def test_embeddings_are_kept_and_extended(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    first = embedded(["voids", "stars", "voids"], cache)
    again = embedded(["stars", "gas"], cache)
    assert set(again) == {"voids", "stars", "gas"}
    assert np.array_equal(first["stars"], again["stars"])


def test_metrics_of_known_sentences() -> None:
    record = Record(
        evaluate_tldr.Paper("1", "Stars shine", "Voids are empty. We weigh voids."),
        ("Voids are empty.", "We weigh voids."), ("We weigh voids.",),
    )
    found = evaluate_tldr.Tldr(1, "We weigh voids.", 1.0, (0.0, 1.0))
    metrics = evaluate_tldr.measured([record], [found])
    assert metrics["rouge1"] == metrics["oracle_rouge1"] == metrics["faithfulness"] == 100
    assert metrics["lead_rouge1"] == pytest.approx(100 / 3) and metrics["title_rouge1"] == 0
    wrong = evaluate_tldr.Tldr(1, "We weigh 7 voids.", 1.0, (0.0, 1.0))
    made_up = evaluate_tldr.measured([record], [wrong])
    assert made_up["faithfulness"] == made_up["extractive"] == 0
    assert evaluate_tldr.is_faithful("We weigh voids.", record.paper)


def test_the_command_prints_one_json_line_last_and_writes_only_what_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(ROWS, tmp_path)
    monkeypatch.setattr(evaluate_tldr, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setattr(sys, "argv", ["x", "--data", str(path)])
    run(evaluate_tldr.evaluate, evaluate_tldr.EvaluateConfig, None)
    said = capsys.readouterr().out
    metrics = json.loads(said.splitlines()[-1])
    assert "Nothing was written" in said
    names = {p + n for p in ("", "lead_", "title_", "oracle_") for n in evaluate_tldr.ROUGES}
    assert names | {"faithfulness", "rouge1_error"} <= metrics.keys()
    assert metrics["faithfulness"] == metrics["extractive"] == 100
    assert metrics["lead_rouge1"] < metrics["rouge1"] <= metrics["oracle_rouge1"] + 20
    assert all(meaning("tldr", key) for key in metrics | dict.fromkeys(HEADLINES["tldr"]))
    for more in ([], ["--abstracts", str(path), "--astronomy", str(path)]):
        monkeypatch.setattr(sys, "argv", ["x", "--data", str(path), *more, "--write"])
        with pytest.raises(SystemExit, match="--write is refused"):
            run(evaluate_tldr.evaluate, evaluate_tldr.EvaluateConfig, None)
    assert list(tmp_path.iterdir()) == [path]


def test_the_path_without_and_with_kept_embeddings_agree(tmp_path: Path) -> None:
    papers = [r.paper for r in read_records(file_of(ROWS, tmp_path))]
    plain = evaluate_tldr.make_tldrs(papers, None)
    kept = evaluate_tldr.make_tldrs(papers, tmp_path / "v.npz")
    assert [t.text for t in plain] == [t.text for t in kept]
