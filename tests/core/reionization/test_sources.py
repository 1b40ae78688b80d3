"""Sources: a calibrated probability, the classifiers beside it, and what is said of strange input.
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import fft

from core.networks.residual_cnn import ResidualCNNConfig
from core.networks.stack_network import StackNetwork, StackNetworkConfig
from core.reionization.images import CONDITIONS, condition_vector, image_scale, prepare_images
from core.reionization.observation import CLEAN, Observation, observe
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler
from core.reionization.sources import (
    METHODS,
    BaselineClassifier,
    Sources,
    SourcesConfig,
    baseline_features,
)
from core.reionization.summaries import (
    MOMENT_NAMES,
    POWER_NAMES,
    SUMMARY_NAMES,
    stack_summaries,
)
from core.weights import load_model

SMALL = SourcesConfig(
    StackNetworkConfig(
        ResidualCNNConfig((8, 8), 1, 8, 1), len(SUMMARY_NAMES), len(CONDITIONS), 16, 1, 0.1
    ),
    members=2,
)


def _cube(seed: int = 0, n: int = 64) -> np.ndarray:
    """Bubbles in a red field, about as bright as the signal, (n, 64, 64) mK."""
    rng = np.random.default_rng(seed)
    k = np.hypot(fft.fftfreq(64)[:, None], fft.rfftfreq(64)[None]) + 1 / 64
    g = fft.irfft2(fft.rfft2(rng.standard_normal((n, 64, 64))) * k**-1.2, s=(64, 64))
    g /= g.std()
    return np.where(g > 0.5, 0.0, 20 * np.exp(0.4 * g))


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    nets = [StackNetwork(SMALL.network) for _ in range(SMALL.members)]
    rng = np.random.default_rng(0)
    s = np.stack([stack_summaries(prepare_images(_cube(i, 2))) for i in range(12)])
    c = np.stack([condition_vector(z, CLEAN, 2) for z in rng.uniform(7, 10, 12)])
    baselines = {}
    for method in METHODS[1:]:
        blank = BaselineClassifier.standardised(
            baseline_features(s, rng.normal(size=(12, len(CONDITIONS))), method)
        )
        baselines[method] = [
            replace(blank, weights=rng.normal(0, 0.1, blank.weights.shape)) for _ in range(3)
        ]
    table = np.stack([np.tile([0.5, 0.4, 7.0], (10, 1)) * (i + 1) / 3 for i in range(3)])
    return Sources(SMALL, nets, SummaryScaler.fit(c, s), baselines, None, table)


def test_a_probability_for_images_and_stacks(model):
    cube = _cube()
    for method in METHODS:
        for image in (cube[0], cube[:3], cube):
            assert 0 < model.probability(image, 8.0, method=method) < 1


def test_the_mean_of_a_slice_flips_and_the_order_of_slices_play_no_part(model):
    cube = _cube(1, 8)
    p = model.probability(cube, 8.0)
    levels = np.arange(8.0)[:, None, None]
    assert model.probability(cube + levels, 8.0) == pytest.approx(p, abs=1e-4)
    assert model.probability(cube[:, ::-1], 8.0) == pytest.approx(p, abs=1e-4)
    assert model.probability(cube[:, :, ::-1], 8.0) == pytest.approx(p, abs=1e-4)
    assert model.probability(cube[::-1], 8.0) == pytest.approx(p, abs=1e-4)


def test_the_observation_and_the_redshift_are_heard(model):
    cube = _cube(2)
    noisy = Observation("aa4", 1000)
    seen = observe(cube, 8.0, noisy, seed=1)
    assert model.probability(seen, 8.0, noisy) != model.probability(seen, 8.0, CLEAN)
    assert model.probability(cube, 8.0) != model.probability(cube, 9.5)


def test_temperatures_draw_towards_one_half_without_changing_the_verdict(model):
    cube = _cube(3, 4)
    stack = prepare_images(cube)[None]
    inputs = (
        stack / image_scale(8.0, CLEAN),
        stack_summaries(stack[0])[None],
        condition_vector(8.0, CLEAN, 4)[None],
    )
    hot = Sources(replace(SMALL, temperature=(4.0, 1.0, 1.0)), model.members, model.scaler)
    assert hot.log_odds(*inputs) == pytest.approx(model.log_odds(*inputs) / 4)


def test_a_prepared_image_gives_the_answers_of_the_image(model):
    cube = _cube(3, 5)
    prepared = model.prepare(cube, 8.0, Observation("aa4", 1000))
    for method in METHODS:
        p = model.probability(cube, 8.0, Observation("aa4", 1000), method=method)
        assert model.probability(prepared, method=method) == p
    with pytest.raises(ValueError, match="without the out-of-distribution check"):
        model.estimate(prepared)


def test_the_classifiers_see_only_their_own_features(model):
    s = stack_summaries(prepare_images(_cube(0, 2)))[None]
    c = condition_vector(8.0, CLEAN, 16)[None]
    images = np.zeros((1, 1, 64, 64))
    for method, own in (("power_spectrum", POWER_NAMES), ("moments", MOMENT_NAMES)):
        for i, name in enumerate(SUMMARY_NAMES):
            changed = s.copy()
            changed[0, i] += 0.01 * abs(changed[0, i]) + 0.001
            differs = model.log_odds(images, changed, c, method) != model.log_odds(
                images, s, c, method
            )
            assert bool(differs[0]) == (name in own)


def test_a_saved_model_answers_the_same(model, tmp_path):
    model.save(tmp_path)
    again = Sources.load(tmp_path)
    cube = _cube(4)
    for method in METHODS:
        assert again.probability(cube, 7.5, method=method) == pytest.approx(
            model.probability(cube, 7.5, method=method), abs=1e-4
        )
    for observation in (CLEAN, Observation("aa_star"), Observation("aa4", wedge=True)):
        edges, predicted, observed, counts = again.reliability(observation)
        assert len(edges) == 11 and np.all(np.diff(edges) > 0)
        expected = model.reliability(observation)
        for a, b in zip((predicted, observed, counts), expected[1:], strict=True):
            assert np.allclose(a, b)
    assert load_model(tmp_path, SourcesConfig)[1].members == 2


def test_errors_are_one_sentence(model):
    with pytest.raises(ValueError, match="square image"):
        model.probability(np.zeros((3, 4)), 8.0)
    with pytest.raises(ValueError, match="7 to 10"):
        model.probability(_cube(0, 1), 12.0)
    with pytest.raises(ValueError, match="no method"):
        model.probability(_cube(0, 1), 8.0, method="guess")
    with pytest.raises(ValueError, match="evaluate_sources"):
        Sources(SMALL, model.members, model.scaler).reliability()


def test_a_constant_image_is_flagged(model):
    seen = Sources(
        SMALL, model.members, model.scaler, out_of_distribution=StackOutOfDistributionCheck({}, {})
    )
    told = seen.check(np.full((64, 64), 3.0), 8.0)
    assert told.unlike_training and "constant" in told.reason
