"""Inference from maps to a model folder, on toy maps where the level tells Omega_m."""

import numpy as np
import pytest

from core.hydrogen.inference import HIInference
from tests.training.hydrogen.fixture import write_maps
from training.hydrogen import evaluate_inference, train_inference
from training.hydrogen.datasets.maps import load_maps
from training.hydrogen.datasets.out_of_distribution import out_of_distribution_maps


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    write_maps(folder / "LH", "LH", 60)
    write_maps(folder / "TEST", "TEST", 12, seed=7)
    return folder


@pytest.fixture(scope="module")
def arguments(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return train_inference.InferenceTrainConfig(
        data=data, output=folder / "model", runs=folder / "run", higlow=folder / "none",
        minutes=0.08, summary_minutes=0.04, channels=(8, 8, 8, 8), bfloat16=False,
    )


@pytest.fixture(scope="module")
def model(arguments):
    train_inference.train(arguments)
    return HIInference.load(arguments.output)


@pytest.mark.slow
def test_the_level_is_learnt_from_the_map_but_not_from_the_power_spectrum(model, data):
    maps = load_maps(data, "TEST")
    field, power = (
        model.sample(maps.log_sigma, m, 200).mean(axis=1) for m in ("field", "power_spectrum")
    )
    error = [np.sqrt(np.mean((p[:, 0] - maps.parameters[:, 0]) ** 2)) for p in (field, power)]
    assert error[0] < 0.7 * error[1]


def test_summaries_are_computed_once(model, arguments, data, monkeypatch):
    maps = load_maps(data, "LH", split="validation")
    path = arguments.runs / "summaries_validation.npz"
    kept = train_inference.cached_summaries(maps, path)
    monkeypatch.setattr(train_inference, "summaries", lambda x: 1 / 0)
    assert np.array_equal(train_inference.cached_summaries(maps, path), kept)
    with pytest.raises(ZeroDivisionError):
        train_inference.cached_summaries(maps.subset(np.arange(15)), path)


def test_evaluation_has_every_key(model, arguments, data, monkeypatch):
    monkeypatch.setattr(evaluate_inference, "_likelihood", lambda *a: (None, {}))
    numbers = evaluate_inference.evaluate(evaluate_inference.InferenceEvaluateConfig(
        data=data, model=arguments.output, samples=100, quick=True
    ))
    wanted = {"rmse_omega_m", "rmse_sigma_8", "rmse_pk_omega_m", "rmse_pk_sigma_8", "coverage_68",
              "coverage_95", "ood_caught", "ood_false_alarms", "ratio_omega_m", "ratio_sigma_8"}
    assert wanted <= set(numbers)
    assert all(np.isfinite(v) for v in numbers.values())


def test_exponent_widens_an_overconfident_likelihood(model):
    rng = np.random.default_rng(0)
    points = np.linspace(0, 1, 16)
    unit = rng.uniform(0.2, 0.8, size=(60, 2))
    centre = unit + 0.08 * rng.normal(size=unit.shape)
    # nine times too sharp in the exponent
    grids = np.stack([
        -4.5 * (((points[:, None] - a) / 0.08) ** 2 + ((points[None] - b) / 0.08) ** 2)
        for a, b in centre
    ])
    truth = np.array([0.1, 0.6]) + 0.4 * unit
    assert 0.05 < train_inference.likelihood_beta(model, grids, truth) < 0.25


def test_strange_maps_are_of_many_kinds(data):
    sigma = 10.0 ** load_maps(data, "TEST").log_sigma[:4].astype(float)
    kinds = out_of_distribution_maps(sigma, 2)
    assert len(kinds) > 10
    assert all(m.shape == (64, 64) and np.isfinite(m).all() for k in kinds.values() for m in k)
