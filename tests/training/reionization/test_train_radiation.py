"""Training the radiation emulators from a file, and measuring them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import Identity

from core.reionization.ionization import threshold_field
from core.reionization.radiation import Radiation
from core.reionization.radiation_inputs import STRATEGIES, RadiationConfig
from training.checkpoint import load_checkpoint
from training.loop import CHECKPOINT
from training.reionization import evaluate_radiation as evaluation
from training.reionization.comparison.distances import best_smoothing, compare
from training.reionization.datasets.box_set import ReionizationSet, split_of_seed
from training.reionization.datasets.slices import Slices, load_slices, normalisation
from training.reionization.evaluate_radiation import RadiationEvaluateConfig, evaluate
from training.reionization.simulation.boxes import assemble, parts_folder, write_shard
from training.reionization.train_radiation import RadiationTrainConfig, fit_contrast, train


def _box(seed: int, n: int, x_hi: float) -> dict:
    """A log-normal density whose densest places are ionized."""
    rng = np.random.default_rng(seed)
    frequency = np.fft.fftfreq(n)
    k = np.sqrt(sum(f**2 for f in np.meshgrid(frequency, frequency, frequency, indexing="ij")))
    smooth = np.fft.ifftn(np.fft.fftn(rng.standard_normal((n, n, n))) / (k + 0.1)).real
    smooth /= smooth.std()
    neutral = smooth < np.quantile(smooth, x_hi)
    return {
        "density": np.expm1(0.3 * smooth - 0.045).astype(np.float16),
        "x_hi": neutral.astype(np.float16),
        "brightness_temp": (27 * neutral).astype(np.float16),
        "seed": seed,
        "redshift": float(rng.uniform(7, 10)),
        "x_hi_mean": x_hi,
        "log10_tvir": 4.5,
        "r_bubble_mpc": 40.0,
    }


def _write(folder: Path, n: int) -> Path:
    path = folder / "set_a.h5"
    split = split_of_seed(np.arange(200))
    for name, count in (("train", 4), ("validation", 1), ("test", 2)):
        for seed in np.flatnonzero(split == name)[:count]:
            rows = [_box(int(seed), n, x) for x in (0.35, 0.65)]
            write_shard(parts_folder(path), int(seed), rows)
    assemble(path, {"simulator": "a toy"})
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return _write(tmp_path_factory.mktemp("small"), 32)


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    return _write(tmp_path_factory.mktemp("full"), 64)


def _config(data: Path, folder: Path, **changes) -> RadiationTrainConfig:
    settings = {
        "width": 16, "multipliers": (1, 2), "emulator_width": 16, "emulator_multipliers": (1, 2),
        "max_steps": 80, "batch_size": 4, "minutes": 5.0, "emulator_minutes": 5.0, "threads": 1,
        "slices": 12, "bfloat16": False, "learning_rate": 4e-3, "context": ((1,),), "known": 0.5,
    }
    return RadiationTrainConfig(data, folder / "model", folder / "runs", **(settings | changes))


@pytest.mark.slow
def test_training_learns_and_leaves_a_model(small, tmp_path):
    train(_config(small, tmp_path))
    model = Radiation.load(tmp_path / "model")
    assert model.config.best in STRATEGIES and model.config.size == 32
    data = ReionizationSet.open(small / "set_a.h5")
    slices = load_slices(data, data.rows("test"), 6, model.config, seed=2)
    truth = slices.x_hi.astype(np.float32)
    flat = np.sqrt(np.mean((truth - slices.mean[:, None, None]) ** 2))
    for strategy in STRATEGIES:
        expected = model.denoise_each(slices.given(context=True), strategy)
        assert np.sqrt(np.mean((truth - expected) ** 2)) < 0.8 * flat, strategy
    drawn = model.sample_each(slices.given(context=True))
    assert np.corrcoef(drawn.ravel(), truth.ravel())[0, 1] > 0.3
    card = (tmp_path / "model" / "README.md").read_text()
    assert "a toy" in card and "## Limits" in card


def test_training_goes_on_where_it_stopped(small, tmp_path):
    first = train(_config(small, tmp_path, max_steps=3))
    again = train(_config(small, tmp_path, max_steps=3, learning_rate=1.0))  # nothing left to do
    for name, tensor in first.denoiser.state_dict().items():
        torch.testing.assert_close(again.denoiser.state_dict()[name], tensor)
    saved = load_checkpoint(tmp_path / "runs" / "map" / CHECKPOINT)
    assert saved["step"] == 3


def test_slices_are_what_their_boxes_hold(small):
    data = ReionizationSet.open(small / "set_a.h5")
    rows = data.rows("train")
    config = normalisation(data, rows, ((1,),))
    slices = load_slices(data, rows, 6, config)
    assert len(slices) <= 6 * len(rows) and set(slices.row) <= set(rows)
    for i in (0, len(slices) - 1):
        cube = data.cube("x_hi", slices.row[i])
        found = [
            (axis, j)
            for axis in range(3)
            for j in range(32)
            if np.array_equal(np.moveaxis(cube, axis, 0)[j], slices.x_hi[i])
        ]
        axis, j = found[0]
        along = np.moveaxis(data.cube("density", slices.row[i]), axis, 0)
        np.testing.assert_allclose(slices.overdensity()[i], along[j], atol=0.01)
        beside = np.log1p(along[[j - 1, (j + 1) % 32]]).mean(axis=0)
        scaled = (beside - config.density_mean) / config.density_std
        np.testing.assert_allclose(slices.channels[i, 1], scaled, atol=0.01)
    assert slices.mean == pytest.approx(slices.x_hi.mean(axis=(1, 2), dtype=float))


def test_batches_move_density_and_field_together_and_hide_the_neighbours(small):
    data = ReionizationSet.open(small / "set_a.h5")
    slices = load_slices(
        data, data.rows("train"), 6, normalisation(data, data.rows("train"), ((1,),))
    )
    x_hi, given = slices.batch(32, 0.5, torch.Generator().manual_seed(0))
    logs = given.density[:, 0].numpy()
    ionized = x_hi[:, 0].numpy() < 0.5
    assert logs[ionized].mean() > logs[~ionized].mean() + 1  # the densest cells, after all
    torch.testing.assert_close(x_hi.mean(dim=(1, 2, 3)), given.level[:, 0], atol=1e-3, rtol=0)
    seen = given.condition[:, 3]
    assert 0 < seen.sum() < 32
    assert torch.all((given.density[:, 1].abs().amax(dim=(1, 2)) > 0) == (seen > 0))


def _slices(n: int = 12) -> Slices:
    boxes = [_box(s, 64, x) for s, x in ((1, 0.3), (2, 0.7))]
    x_hi = np.concatenate([box["x_hi"][:n] for box in boxes])
    channels = np.log1p(np.concatenate([box["density"][:n] for box in boxes]))[:, None]
    mean = x_hi.mean(axis=(1, 2), dtype=float)
    return Slices(channels, x_hi, mean, np.full(len(mean), 8.0), np.repeat([0, 1], n),
                  RadiationConfig())


def test_the_simulator_compared_with_itself_is_perfect():
    slices = _slices()
    numbers = compare(slices.x_hi.astype(float), slices).numbers
    assert numbers["r_k"] == pytest.approx(1) and numbers["r_k_0.3"] == pytest.approx(1)
    for name in ("pk_ratio_median", "pk_ratio_worst", "bubble_path_error", "bubble_distance",
                 "x_hi_error", "rmse"):
        assert numbers[name] == pytest.approx(0, abs=1e-3)


def test_a_wrong_field_is_seen_to_be_wrong():
    slices = _slices()
    shuffled = slices.x_hi[:, ::-1].astype(float)  # the right spectrum, bubbles in wrong places
    numbers = compare(shuffled, slices).numbers
    assert numbers["pk_ratio_median"] < 0.01 and numbers["bubble_path_error"] < 0.1
    assert numbers["r_k"] < 0.5
    rough = np.stack(
        [threshold_field(np.random.default_rng(i).standard_normal((64, 64)), m, 0.0)
         for i, m in enumerate(slices.mean)]
    )
    numbers = compare(rough, slices).numbers
    assert numbers["pk_ratio_median"] > 0.3 and numbers["bubble_path_error"] > 0.1


@pytest.mark.slow
def test_evaluation_measures_everything_it_promises(full, tmp_path, monkeypatch):
    train(_config(full, tmp_path, max_steps=4, slices=6))
    folder = tmp_path / "model"
    monkeypatch.setattr(evaluation, "simulator_seconds", lambda: None)
    monkeypatch.setattr("training.evaluation.report.FIGURES", tmp_path / "figures")
    with pytest.raises(ValueError, match="--write is refused: set_a lacks "):
        evaluate(RadiationEvaluateConfig(full, model=folder, slices=3, write=True))
    assert not (folder / "metrics.json").exists()
    monkeypatch.setattr(evaluation, "partial_set", lambda boxes: "")
    metrics = evaluate(RadiationEvaluateConfig(full, model=folder, slices=3, write=True))
    wanted = {"pk_ratio_median", "pk_ratio_worst", "r_k", "x_hi_error"}
    for prefix in ("", "threshold_", *(f"unet_{s}_" for s in STRATEGIES)):
        assert {f"{prefix}{name}" for name in wanted} <= set(metrics)
    assert {"seconds", "simulator_seconds", "context_r_k", "twin_r_k"} <= set(metrics)
    assert metrics["x_hi_error"] < 0.001 and abs(metrics["twin_r_k"]) < 0.3
    assert metrics["twin_pk_ratio_median"] < 1e-6
    stored = json.loads((folder / "metrics.json").read_text())
    assert stored["metrics"]["r_k"] == pytest.approx(metrics["r_k"], rel=1e-3)
    assert "## Measured" in (folder / "README.md").read_text()
    assert len(list(folder.glob("*.png"))) == 2  # of a model that does not ship
    assert not (tmp_path / "figures").exists()


def test_a_set_without_held_out_boxes_is_refused(full, tmp_path, monkeypatch):
    monkeypatch.setattr(ReionizationSet, "rows", lambda *a, **k: np.empty(0, int))
    monkeypatch.setattr(Radiation, "load", lambda *a: Radiation(RadiationConfig(), Identity(), {}))
    with pytest.raises(ValueError, match="larger set"):
        evaluate(RadiationEvaluateConfig(full))


def test_the_baseline_gets_the_smoothing_that_suits_it():
    slices = _slices()
    made = [threshold_field(d, m, 4.0)
            for d, m in zip(slices.overdensity(), slices.mean, strict=True)]
    assert best_smoothing(replace(slices, x_hi=np.stack(made).astype(np.float16))) == 4.0


def test_the_contrast_undoes_a_known_loss_of_contrast():
    slices = _slices(24)
    soft = 0.05 + 0.9 * slices.x_hi.astype(np.float32)

    class Washed(Radiation):
        def sample_each(self, given, seed=0, **_):
            return 1 / (1 + ((1 - soft) / soft) ** 0.5)

    model = Washed(RadiationConfig(), Identity(), {})
    sharp = replace(slices, x_hi=soft.astype(np.float16))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.reionization.train_radiation.Radiation", Washed)
        found = fit_contrast(model, sharp)
    np.testing.assert_allclose(found, 2.0, atol=0.1)
