"""make results: what has its data is measured again, what has not is named."""

from __future__ import annotations

import dataclasses
import subprocess
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from training.evaluation import measure
from training.evaluation.measure import MeasureConfig, evaluations, main


@pytest.fixture
def config(tmp_path: Path) -> MeasureConfig:
    return MeasureConfig(papers=(tmp_path / "papers",), **{
        field.name: tmp_path / field.name for field in dataclasses.fields(MeasureConfig)
        if field.name not in ("only", "list", "papers", "write")
    })


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        commands.append(command[2:])
        return SimpleNamespace(returncode=int("evaluate_higlow" in command[2]))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(measure.results, "main", lambda: 0)
    return commands


def test_every_measured_model_has_an_evaluation_that_is_there(config: MeasureConfig) -> None:
    known = {each.name for each in evaluations(config)}
    weights = measure.ROOT / "core" / "weights"
    assert {path.parent.name for path in weights.glob("*/metrics.json")} <= known
    for each in evaluations(config):
        assert find_spec(f"training.{each.module}") is not None


def test_what_lacks_its_data_is_named_and_left(
    config: MeasureConfig, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(config) == 0 and ran == [["training.literature.evaluate_judge"]]
    said = capsys.readouterr().out
    for each in evaluations(config):
        if each.name == "yes_no_judge":  # its data come with the code
            continue
        assert f"{each.name}: not measured again, for want of " in said


def test_what_has_its_data_runs_and_a_failure_stops_nothing(
    config: MeasureConfig, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    config.hydrogen.mkdir()
    config.papers[0].touch()
    assert main(config) == 1
    assert [command[0].rsplit("_", 1)[1] for command in ran] == [
        "simulations", "cdm", "higlow", "inference", "judge", "ranking"
    ]
    assert ran[0][1:] == ["--data", str(config.hydrogen)]
    assert "Failed, their old numbers stand: higlow." in capsys.readouterr().out
    ran.clear()
    assert main(dataclasses.replace(config, only=("hi_cdm",))) == 0 and len(ran) == 1
    ran.clear()
    assert main(dataclasses.replace(config, list=True)) == 0 and ran == []


def test_all_publish_or_none_does(config: MeasureConfig) -> None:
    assert not any("--write" in each.arguments for each in evaluations(config))
    asked = evaluations(dataclasses.replace(config, write=True))
    assert all("--write" in each.arguments for each in asked)


def test_a_name_that_is_none_is_refused(config: MeasureConfig) -> None:
    with pytest.raises(ValueError, match="no higloo; choose from simulations, hi_cdm"):
        main(dataclasses.replace(config, only=("higloo",)))
