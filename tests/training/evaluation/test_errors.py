"""Standard errors of measured numbers, beside those of the card."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.evaluation.errors import jackknife, print_beside_card
from training.evaluation.whole import first_reason, missing_files, missing_seeds


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    x = np.random.default_rng(0).normal(size=40)
    found = jackknife(lambda kept: {"mean": float(x[kept].mean())}, len(x))
    assert found["mean"] == pytest.approx(x.std(ddof=1) / 40**0.5)


def test_a_number_that_some_parts_lack_has_no_error() -> None:
    found = jackknife(lambda kept: {"a": 1.0} | ({"b": 2.0} if 0 in kept else {}), 3)
    assert found == {"a": 0.0}


def test_the_card_stands_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "metrics.json").write_text(json.dumps({"metrics": {"coverage_68": 0.7}}))
    print_beside_card({"coverage_68": 0.73, "seconds": 2.0}, {"coverage_68": 0.04}, tmp_path)
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["coverage_68", "0.73", "0.04", "0.7"]
    assert second.split() == ["seconds", "2"]


def test_a_whole_set_may_have_more_and_not_less(tmp_path: Path) -> None:
    assert missing_seeds("set_a", [3, 1, 2, 2, 9], [1, 2, 3]) == ""
    assert missing_seeds("set_a", [1], [1, 2, 3]) == "set_a lacks 2 of its 3 initial conditions"
    path = tmp_path / "any name"
    path.write_text("text")
    digest = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    assert missing_files([path], {"dev.jsonl": digest}) == ""
    assert missing_files([], {"dev.jsonl": digest}).startswith("dev.jsonl as the card knows it")
    assert first_reason("", "second", "third") == "second" and first_reason("") == ""
