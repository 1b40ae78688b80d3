"""Boxes on disk, splits, views, and training end to end on toy boxes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.networks.residual_cnn import ResidualCNNConfig
from core.networks.stack_network import StackNetworkConfig
from core.reionization.images import CONDITIONS
from core.reionization.neutral_fraction import NeutralFraction, NeutralFractionConfig
from core.reionization.summaries import BASELINE_NAMES, DEEP_NAMES, SUMMARY_NAMES
from tests.training.reionization.fixture import chosen_seeds, toy_rows, write_toy_set
from training.reionization import train_neutral_fraction
from training.reionization.datasets.batches import slice_inputs
from training.reionization.datasets.box_set import (
    FOLDS,
    ReionizationSet,
    fold_of_seed,
    in_corner,
    split_of_seed,
)
from training.reionization.datasets.views import OBSERVATIONS, RANDOM, load_views
from training.reionization.evaluate_neutral_fraction import NeutralFractionEvaluateConfig, evaluate
from training.reionization.simulation.boxes import assemble, parts_folder, write_shard
from training.reionization.simulation.design import draw_parameters, zeta_for
from training.reionization.train_neutral_fraction import NeutralFractionTrainConfig

TINY = NeutralFractionConfig(
    network=StackNetworkConfig(
        ResidualCNNConfig((4, 8), 1, 8, 1), len(SUMMARY_NAMES), len(CONDITIONS), 16, 20
    ),
    statistics=StackNetworkConfig(None, len(BASELINE_NAMES), len(CONDITIONS), 16, 20),
    bins=20,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reionization")
    write_toy_set(path)
    load_views(path / "set_a.h5", workers=2)
    return path


def test_splits_are_a_function_of_the_seed_and_folds_lie_in_the_train_split() -> None:
    seeds = np.arange(4000)
    split, fold = split_of_seed(seeds), fold_of_seed(seeds)
    shares = {name: np.mean(split == name) for name in ("train", "validation", "test")}
    assert shares["train"] == pytest.approx(0.78, abs=0.02)
    assert shares["test"] == pytest.approx(0.15, abs=0.02)
    assert ((fold >= 0) == (split == "train")).all()
    assert np.ptp([np.mean(fold == f) for f in range(FOLDS)]) < 0.03
    assert (split_of_seed(seeds[::-1])[::-1] == split).all()


def test_parameters_follow_from_the_seed_and_corner_rows_are_in_the_corner() -> None:
    assert draw_parameters("set_a", 5) == draw_parameters("set_a", 5)
    assert draw_parameters("set_a", 5) != draw_parameters("set_a", 6)
    rows = [r for seed in range(30) for r in draw_parameters("corner", seed)]
    assert in_corner([r["log10_tvir"] for r in rows], [r["r_bubble_mpc"] for r in rows]).all()


def test_a_lower_neutral_fraction_takes_a_higher_efficiency() -> None:
    zetas = [zeta_for(x, 8.0, 4.6, 30.0) for x in (0.9, 0.6, 0.3, 0.05)]
    assert np.all(np.diff(zetas) > 0)
    assert zeta_for(0.5, 9.5, 4.6, 30.0) > zeta_for(0.5, 7.5, 4.6, 30.0)


def test_a_set_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = write_toy_set(tmp_path, [3, 1])
    boxes = ReionizationSet.open(path)
    assert len(boxes) == 2 and list(boxes.columns["seed"]) == [1, 3]
    np.testing.assert_array_equal(boxes.cubes("x_hi", [1])[0], toy_rows(3)[0]["x_hi"])
    assert boxes.columns["x_hi_mean"][0] == pytest.approx(boxes.cube("x_hi", 0).mean(), abs=1e-3)


def test_a_file_that_is_no_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.h5").write_bytes(b"no HDF5")
    with pytest.raises(ValueError, match="damaged"):
        ReionizationSet.open(tmp_path / "bad.h5")
    with pytest.raises(ValueError, match="simulate"):
        ReionizationSet.open(tmp_path / "absent.h5")
    with pytest.raises(ValueError, match="no simulation"):
        assemble(tmp_path / "empty.h5", {})


def test_a_half_written_shard_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "set_a.h5"
    shard = write_shard(parts_folder(path), 1, toy_rows(1))
    shard.with_name(".00000002.npz.x.part").write_bytes(shard.read_bytes()[:1000])
    assert assemble(path, {"simulator": "toy"}) == 1


def test_views_hold_every_kind_and_the_whole_box_is_summarised(folder: Path) -> None:
    views = load_views(folder / "set_a.h5")
    assert views.images.shape[1:] == (16, 64, 64)
    assert set(views.kind) == {RANDOM, *range(len(OBSERVATIONS))}
    assert np.isfinite(views.summaries).all() and views.summaries.shape[1] == len(SUMMARY_NAMES)
    few, _ = slice_inputs(
        views.images[:2, :4], views.conditions[:2], views.scale[:2]
    )
    assert np.isnan(few[:, -len(DEEP_NAMES) :]).all()
    assert np.isfinite(few[:, : -len(DEEP_NAMES)]).all()


@pytest.mark.slow
def test_training_end_to_end_goes_on_after_a_stop(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_neutral_fraction, "NeutralFractionConfig", lambda **k: replace(TINY))
    config = NeutralFractionTrainConfig(
        folder, tmp_path / "model", tmp_path / "runs", minutes=1, statistics_minutes=1,
        images=True, image_minutes=1, batch_size=4, max_steps=2, folds=(0, 1),
    )
    train_neutral_fraction.train(config)
    assert not (tmp_path / "model").exists()
    first = (tmp_path / "runs" / "member_0.safetensors").stat().st_mtime_ns
    train_neutral_fraction.train(replace(config, folds=tuple(range(FOLDS))))
    assert (tmp_path / "runs" / "member_0.safetensors").stat().st_mtime_ns == first
    model = NeutralFraction.load(tmp_path / "model")
    assert len(model.members) == FOLDS
    assert "toy" in (tmp_path / "model" / "README.md").read_text()
    metrics = evaluate(NeutralFractionEvaluateConfig(folder, tmp_path / "model", quick=True))
    assert {"r2_clean", "baseline_r2_clean", "coverage_68", "ood_caught"} <= set(metrics)
    assert not (tmp_path / "model" / "metrics.json").exists()


def test_targets_are_narrow_and_centred() -> None:
    target = train_neutral_fraction.soft_target(torch.tensor([0.3, 0.98]), 100)
    grid = (np.arange(100) + 0.5) / 100
    torch.testing.assert_close(target.sum(dim=1), torch.ones(2))
    assert (target.numpy() @ grid)[0] == pytest.approx(0.3, abs=1e-3)


def test_seeds_of_the_toy_set_cover_every_split() -> None:
    assert set(split_of_seed(chosen_seeds())) == {"train", "validation", "test"}
