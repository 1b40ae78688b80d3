"""What ships is written only with --write, and only from a whole measurement."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from training.evaluation import report
from training.evaluation.report import EvaluationConfig, publish, refuse_partial, run

CARD = "# Model\n\n## Measured\nOld.\n\n## Limits\nMany.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "WEIGHTS", tmp_path / "core" / "weights")
    monkeypatch.setattr(report, "FIGURES", tmp_path / "docs" / "figures")
    model = tmp_path / "core" / "weights" / "model"
    model.mkdir(parents=True)
    (model / "README.md").write_text(CARD)
    (model / "metrics.json").write_text("{}\n")
    return model


def publish_into(folder: Path | None, write: bool, partial: str = "") -> None:
    publish(
        {"accuracy": 0.123456789, "nothing": float("nan")}, write=write, partial=partial,
        folder=folder, model="Model", data="ten boxes", targets={"accuracy": 0.5},
        measured=lambda: "New.", figures={"plot.png": Figure},
    )


def files_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_without_write_nothing_is_touched_and_that_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(tmp_path)
    publish_into(folder, write=False)
    publish_into(folder, write=False, partial="--quick measures on few maps")
    assert files_of(tmp_path) == before
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Nothing was written: --write publishes it."
    assert "partial (--quick measures on few maps)" in second


def test_with_write_the_numbers_go_where_it_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_into(folder, write=True)
    stored = json.loads((folder / "metrics.json").read_text())
    assert stored["metrics"] == {"accuracy": 0.12346, "nothing": None}
    assert stored["plots"] == ["docs/figures/plot.png"] and stored["data"] == "ten boxes"
    assert (tmp_path / "docs" / "figures" / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "README.md").read_text() == CARD.replace("Old.", "New.")
    assert capsys.readouterr().out == (
        "Written: docs/figures/plot.png, core/weights/model/metrics.json, "
        "core/weights/model/README.md.\n"
    )


def test_a_partial_measurement_is_never_written(folder: Path, tmp_path: Path) -> None:
    before = files_of(tmp_path)
    with pytest.raises(ValueError, match="--write is refused: --limit 5 leaves questions out; "):
        publish_into(folder, write=True, partial="--limit 5 leaves questions out")
    assert files_of(tmp_path) == before
    refuse_partial(False, "anything")
    refuse_partial(True, "")


def test_another_model_folder_keeps_its_figures_to_itself(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "runs" / "model"
    publish_into(other, write=True)
    assert {p.name for p in other.iterdir()} == {"metrics.json", "plot.png"}
    assert not (tmp_path / "docs").exists()


def test_the_command_line_prints_json_last_or_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @dataclass(frozen=True)
    class Options(EvaluationConfig):
        limit: int = 0

    def evaluate(options: Options) -> dict[str, float]:
        partial = options.why_partial("--limit leaves questions out" if options.limit else "")
        publish({"x": 1.0}, write=options.write, partial=partial)
        return {"x": 1.0}

    monkeypatch.setattr(sys, "argv", ["evaluate", "--quick"])
    run(evaluate, Options, "Measure.")
    assert capsys.readouterr().out.splitlines()[-1] == '{"x": 1.0}'
    monkeypatch.setattr(sys, "argv", ["evaluate", "--quick", "--write"])
    with pytest.raises(SystemExit) as ended:
        run(evaluate, Options, "Measure.")
    assert ended.value.code == (
        "--write is refused: --quick measures on few data; only a whole measurement is published."
    )
    monkeypatch.setattr(sys, "argv", ["evaluate", "--limit", "5", "--write"])
    with pytest.raises(SystemExit, match="--write is refused: --limit leaves questions out;"):
        run(evaluate, Options, "Measure.")
