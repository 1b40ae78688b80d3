"""Histories held against boxes whose neutral fractions are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.posterior import Posterior
from core.reionization.observation import Observation
from tests.core.reionization.fixture import toy_box
from training.evaluation import report
from training.reionization import evaluate_history
from training.reionization.evaluate_history import SEEN, HistoryEvaluateConfig, evaluate
from training.reionization.simulation.boxes import assemble, parts_folder, write_shard

TRUTH = {7.0: 0.15, 7.5: 0.35, 8.0: 0.5, 8.5: 0.62, 9.0: 0.72, 9.5: 0.8, 10.0: 0.86}


class Oracle:
    """Posteriors around the truth, moved by ``error`` standard deviations."""

    def __init__(self, error: float) -> None:
        self.error = error
        self.asked: list[float] = []

    def posterior(self, image: np.ndarray, redshift: float, observation: Observation) -> Posterior:
        assert image.shape == (64, 64, 64) and np.abs(image.mean(axis=(1, 2))).max() < 1e-4
        assert observation == Observation("aa4")
        self.asked.append(redshift)
        rng = np.random.default_rng(len(self.asked))
        centre = TRUTH[redshift] + 0.02 * self.error
        return Posterior(np.clip(rng.normal(centre, 0.02, (2000, 1)), 0, 1), ("x_HI",))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    for seed in (1, 2):
        rows = []
        for redshift, x_hi in TRUTH.items():
            cubes = dict(zip(("density", "x_hi", "brightness_temp"), toy_box(x_hi, seed, redshift),
                             strict=True))
            rows.append({k: v.astype(np.float16) for k, v in cubes.items()}
                        | {"seed": seed, "redshift": redshift, "x_hi_mean": x_hi})
        write_shard(parts_folder(folder / "history.h5"), seed, rows)
    assemble(folder / "history.h5", {"simulator": "a toy"})
    return folder


def run(data: Path, error: float, monkeypatch: pytest.MonkeyPatch, **options: bool
        ) -> tuple[dict[str, float], Oracle, list[Figure]]:
    oracle, figures = Oracle(error), []
    monkeypatch.setattr(evaluate_history.NeutralFraction, "load", lambda folder: oracle)
    draw = evaluate_history.draw
    monkeypatch.setattr(evaluate_history, "draw", lambda c: figures.append(draw(c)) or figures[-1])
    monkeypatch.setattr(report, "FIGURES", data / "figures")
    return evaluate(HistoryEvaluateConfig(data, **options)), oracle, figures


def test_good_posteriors_give_bands_that_hold(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate_history, "partial_set", lambda boxes, name: "")
    metrics, oracle, figures = run(data, 0.0, monkeypatch, write=True)
    assert sorted(oracle.asked) == sorted([*SEEN, *SEEN])  # nothing in between is looked at
    assert metrics["histories"] == 2
    assert metrics["between_coverage_95"] == 1
    assert metrics["between_rmse"] < 0.05
    assert metrics["tau_rmse"] < metrics["tau_std"] < metrics["planck_tau_std"]
    assert len(figures) == 1 and (data / "figures" / "history.png").is_file()


def test_wrong_posteriors_are_found_out(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, _, figures = run(data, 6.0, monkeypatch, quick=True)
    assert metrics["between_coverage_68"] < 0.4
    assert metrics["between_rmse"] > 0.08
    assert not figures


def test_fewer_histories_than_the_set_has_are_measured_but_not_published(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, figures = run(data, 0.0, monkeypatch)
    assert not figures
    assert "history lacks 6 of its 6 initial conditions" in capsys.readouterr().out
    with pytest.raises(ValueError, match="--write is refused: history lacks 6 of its 6 "):
        run(data, 0.0, monkeypatch, write=True)
