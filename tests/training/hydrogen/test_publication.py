"""Model maps beside fixed cosmologies: what a short measurement prints, and what is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.hydrogen.fixture import write_maps
from training.evaluation.report import EvaluationConfig
from training.hydrogen.comparison.distances import FixedSet, compare, fixed_set
from training.hydrogen.comparison.publication import MapComparison
from training.hydrogen.evaluate_higlow import _plot_spectra

COSMOLOGIES = ((0.2, 0.8), (0.4, 0.8))


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> FixedSet:
    data = tmp_path_factory.mktemp("maps")
    write_maps(data / "FIX", "FIX", 4, seed=1, fixed=COSMOLOGIES)
    return fixed_set(EvaluationConfig(quick=True), data, 64)


def published(fixed: FixedSet, folder: Path, config: EvaluationConfig) -> dict[str, float]:
    folder.mkdir(exist_ok=True)
    generated = [c.maps.reshape(-1, 64, 64)[::3] for c in fixed.cosmologies]
    metrics = compare(generated, fixed.cosmologies)
    MapComparison("Model", folder, fixed, generated).publish(
        config, metrics, compare, targets={}, measured=lambda m, words: words,
        plot_spectra=_plot_spectra,
    )
    return metrics


def test_a_quick_run_prints_standard_errors_and_writes_nothing(
    fixed: FixedSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = published(fixed, tmp_path / "model", EvaluationConfig(quick=True))
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()
             if line.startswith(("pk_", "pdf_"))}
    value, error = map(float, lines["pk_log_median"])
    assert value == pytest.approx(metrics["pk_log_median"], rel=1e-3) and 0 < error < 1
    assert not list((tmp_path / "model").iterdir())
    with pytest.raises(ValueError, match="--write is refused: --quick measures on few data"):
        fixed_set(EvaluationConfig(quick=True, write=True), tmp_path, 64)


def test_other_maps_than_the_cards_are_not_written(fixed: FixedSet, tmp_path: Path) -> None:
    other = replace(fixed, partial="Toy FIX is no set that a card is about")
    with pytest.raises(ValueError, match="--write is refused: Toy FIX is no set"):
        published(other, tmp_path / "model", EvaluationConfig(write=True))
    assert not list((tmp_path / "model").iterdir())


def test_a_whole_set_is_written_with_its_figures(fixed: FixedSet, tmp_path: Path) -> None:
    published(replace(fixed, partial=""), tmp_path / "model", EvaluationConfig(write=True))
    names = {path.name for path in (tmp_path / "model").iterdir()}
    assert names == {"metrics.json", "model_maps.png", "model_spectra.png"}
    stored = json.loads((tmp_path / "model" / "metrics.json").read_text())
    assert stored["data"] == "Toy, 2 fixed cosmologies of 4 simulations, 20 model maps each"
    assert np.isfinite(stored["metrics"]["pk_log_median"])
