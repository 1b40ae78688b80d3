"""Training and measuring the classifier of sources, on a small set of fields made here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import fft

from core.networks.residual_cnn import ResidualCNNConfig
from core.networks.stack_network import StackNetworkConfig
from core.reionization.images import CONDITIONS, condition_vector, image_scale, prepare_images
from core.reionization.sources import METHODS, Sources, SourcesConfig
from core.reionization.summaries import SUMMARY_NAMES, stack_summaries
from training.reionization.datasets.batches import prepare
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.views import OBSERVATIONS, RANDOM, Views
from training.reionization.ensembles.training import train_member
from training.reionization.evaluate_sources import (
    calibration_error,
    hard_pairs,
    reliability_table,
)
from training.reionization.train_sources import (
    SourcesTrainConfig,
    calibrate,
    check_sources,
    fit_baseline,
    objective_of,
    pairs_of,
    raw_of,
    train,
)

SMALL = SourcesConfig(
    StackNetworkConfig(
        ResidualCNNConfig((8, 8), 1, 8, 1), len(SUMMARY_NAMES), len(CONDITIONS), 16, 1, 0.1
    ),
    members=1,
)
SLICES = 3


def _stack(rng: np.random.Generator, is_agn: bool) -> np.ndarray:
    """A red field; that of AGN is redder and more skewed."""
    k = np.hypot(fft.fftfreq(64)[:, None], fft.rfftfreq(64)[None]) + 1 / 64
    white = fft.rfft2(rng.standard_normal((SLICES, 64, 64)))
    g = fft.irfft2(white * k ** (-1.4 if is_agn else -1.1), s=(64, 64))
    g /= g.std()
    return np.exp(0.8 * g) if is_agn else g


@pytest.fixture(scope="module")
def views():
    rng = np.random.default_rng(0)
    seeds, pairs = 40, 1
    columns = {
        "seed": np.repeat(500_001 + np.arange(seeds), 2 * pairs),
        "pair": np.tile(np.repeat(np.arange(pairs), 2), seeds),
        "is_agn": np.tile([False, True], seeds * pairs),
        "redshift": np.full(2 * seeds * pairs, 8.0),
        "x_hi_mean": np.repeat(rng.uniform(0.02, 0.98, seeds * pairs), 2),
        "slope": np.zeros(2 * seeds * pairs),
    }
    boxes = ReionizationSet(Path("set_b.h5"), columns, "fields made by a test")
    parts = []
    for row in range(len(boxes)):
        for kind in (*range(len(OBSERVATIONS)), RANDOM):
            observation = list(OBSERVATIONS.values())[kind]
            stack = prepare_images(5 * _stack(rng, bool(columns["is_agn"][row])))
            scale = image_scale(8.0, observation)
            parts.append(
                (
                    (stack / scale).astype(np.float16), np.float32(scale),
                    condition_vector(8.0, observation, SLICES), stack_summaries(stack), row, kind,
                )
            )
    arrays = [np.stack(values) for values in zip(*parts, strict=True)]
    return Views(*arrays, boxes)


def test_pairs_are_galaxies_then_agn_of_one_seed(views):
    boxes = views.boxes
    pairs = pairs_of(boxes, np.arange(len(boxes)))
    assert len(pairs) == len(boxes) // 2
    assert not boxes.columns["is_agn"][pairs[:, 0]].any()
    assert boxes.columns["is_agn"][pairs[:, 1]].all()
    assert np.array_equal(boxes.columns["seed"][pairs[:, 0]], boxes.columns["seed"][pairs[:, 1]])
    assert len(pairs_of(boxes, pairs[:, 0])) == 0  # one of two is no pair


def test_a_member_trains_and_goes_on(views, tmp_path):
    config = SourcesTrainConfig(
        tmp_path, runs=tmp_path, minutes=5, max_steps=3, batch_size=4,
        image_minutes=5, bfloat16=False, model=SMALL,
    )
    inputs = prepare(views)
    objective = objective_of(config, views, inputs)
    net = train_member(config, 0, SMALL.network, objective, views, inputs)
    rows = np.arange(6)
    first = raw_of(Sources(SMALL, [net], inputs.scaler), views, rows)
    assert first.shape == (6,) and np.all(np.isfinite(first))
    # the budget is spent: nothing is trained anew
    again = train_member(config, 0, SMALL.network, objective, views, inputs)
    second = raw_of(Sources(SMALL, [again], inputs.scaler), views, rows)
    assert np.allclose(second, first, atol=1e-5)


def test_the_classifiers_for_comparison_learn(views):
    boxes = views.boxes
    rows = views.where(boxes.rows("train"), "clean")
    held_out = views.where(np.concatenate([boxes.rows("validation"), boxes.rows("test")]), "clean")
    truth = views.column("is_agn")[held_out].astype(bool)
    for method in METHODS[1:]:
        baselines = [fit_baseline(views, rows, held_out, method)] * 3
        model = Sources(SMALL, [], prepare(views).scaler, {method: baselines})
        log_odds = model.log_odds(
            views.images[held_out], views.summaries[held_out], views.conditions[held_out], method
        )
        assert np.mean((log_odds > 0) == truth) > 0.8


def test_the_temperature_cures_too_much_confidence():
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, 20_000)
    truth = rng.uniform(size=len(honest)) < 1 / (1 + np.exp(-honest))
    kinds = np.repeat([0, 1], 10_000)
    found = calibrate(np.where(kinds == 0, 3 * honest, 0.5 * honest), truth, kinds)
    assert found[0] == pytest.approx(3, rel=0.1) and found[1] == pytest.approx(0.5, rel=0.1)
    assert found[2] == 1.0  # nothing to go by
    assert calibration_error(1 / (1 + np.exp(-honest)), truth) < 0.02
    assert calibration_error(1 / (1 + np.exp(-3 * honest)), truth) > 0.05


def test_hard_pairs_are_those_with_the_same_spectrum(views):
    rows = np.arange(len(views.boxes))
    assert len(hard_pairs(views, rows, 0.0)) == 0
    assert len(hard_pairs(views, rows, 1e9)) == len(rows)
    same = replace(views, summaries=np.repeat(views.summaries[:1], len(views), axis=0))
    assert np.array_equal(hard_pairs(same, rows, 1e-6), rows)


def test_the_reliability_table_counts_every_image(views):
    chosen = {kind: views.where(np.arange(10), kind) for kind in OBSERVATIONS}
    log_odds = {kind: {"images": np.linspace(-4, 4, len(c))} for kind, c in chosen.items()}
    table = reliability_table(log_odds, views, chosen)
    assert table.shape == (3, 10, 3)
    assert table[:, :, 2].sum(axis=1).tolist() == [10, 20, 10]
    assert np.all((table[:, :, :2] >= 0) & (table[:, :, :2] <= 1))


def test_a_missing_set_is_said(tmp_path):
    with pytest.raises(ValueError, match="set_b"):
        train(SourcesTrainConfig(tmp_path))


def test_a_set_without_pairs_of_sources_is_refused(views):
    columns = {n: c for n, c in views.boxes.columns.items() if n not in ("pair", "slope")}
    with pytest.raises(ValueError, match="lacks pair, slope; it has no pairs of sources"):
        check_sources(replace(views.boxes, columns=columns))
