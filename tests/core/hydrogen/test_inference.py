"""Inference: summaries, estimators, the grid, and what is said of strange maps."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE
from core.hydrogen.estimator import Estimator, EstimatorConfig, to_box, to_unbounded
from core.hydrogen.higlow import HIGlow
from core.hydrogen.inference import HIInference, HIInferenceConfig
from core.hydrogen.out_of_distribution import MapOutOfDistributionCheck
from core.hydrogen.structures import STRUCTURE_NAMES, structures
from core.hydrogen.summaries import POWER_NAMES, SUMMARY_NAMES, power_summaries, summaries

SMALL = EstimatorConfig(channels=(8, 8, 8, 8), width=16, transforms=1, hidden=8)
SMALL_FIXED = EstimatorConfig(cnn=False, width=16, transforms=1, hidden=8)
SMALL_POWER = EstimatorConfig(len(POWER_NAMES), False, width=16, transforms=1, hidden=8)


def _maps(n: int, seed: int = 0) -> np.ndarray:
    """log10 of fields with a red spectrum and a bright tail."""
    rng = np.random.default_rng(seed)
    k = np.hypot(np.fft.fftfreq(64)[:, None], np.fft.rfftfreq(64)[None]) + 1 / 64
    g = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((n, 64, 64))) * k**-0.8, s=(64, 64))
    g /= g.std(axis=(1, 2), keepdims=True)
    level = rng.normal(4.6, 0.1, (n, 1, 1))
    return level + 0.5 * g + np.where(g > 1.5, 3 * (g - 1.5), 0)


@pytest.fixture(scope="module")
def untrained():
    torch.manual_seed(0)
    s = summaries(_maps(250))
    config = HIInferenceConfig(mean=5.0, std=1.5, cnn=SMALL, fixed=SMALL_FIXED,
                               power_spectrum=SMALL_POWER)
    nets = {n: Estimator(getattr(config, n)) for n in ("cnn", "fixed", "power_spectrum")}
    return HIInference(config, nets, MapOutOfDistributionCheck.fit(s[:180], s[180:], 0.02))


@pytest.fixture(scope="module")
def shipped():
    return HIInference.load()


def test_summaries_do_not_see_where_or_which_way():
    x = _maps(2)
    turned = np.roll(x, (7, 20), axis=(1, 2)).transpose(0, 2, 1)[:, ::-1]
    a, b = summaries(x), summaries(turned)
    assert a.shape == (2, len(SUMMARY_NAMES)) and len(set(SUMMARY_NAMES)) == len(SUMMARY_NAMES)
    fixed = len(SUMMARY_NAMES) - len(STRUCTURE_NAMES)
    assert np.abs(a - b)[:, :fixed].max() < 0.05  # sub-sampling in the scattering leaves a little
    assert np.abs(a - b)[:, : len(POWER_NAMES)].max() < 1e-6
    # blocks of the smoothing fall elsewhere, unless the shift is by whole blocks
    assert np.allclose(structures(x), structures(np.roll(x, (16, 32), axis=(1, 2))), atol=1e-6)


def test_structures_of_strange_maps_are_finite():
    for level in (-3.0, 5.0, 20.0):
        assert np.isfinite(structures(level + 0.01 * _maps(1))).all()


def test_power_summaries_do_not_see_units():
    x = _maps(2)
    assert np.allclose(power_summaries(x), power_summaries(x + 3), atol=1e-8)


def test_box_and_line():
    unit = torch.linspace(-0.999, 0.999, 21)
    assert torch.allclose(to_box(to_unbounded(unit)), unit, atol=1e-5)
    assert to_box(torch.tensor([-50.0, 50.0])).abs().max() <= 1


def test_posterior_stays_in_the_prior(untrained):
    sigma = 10 ** _maps(1)[0]
    for method in ("field", "power_spectrum"):
        posterior = untrained.posterior(sigma, method, n=500, seed=1)
        assert posterior.samples.shape == (500, 2)
        for column, (low, high) in zip(
            posterior.samples.T, (OMEGA_M_RANGE, SIGMA_8_RANGE), strict=True
        ):
            assert low <= column.min() and column.max() <= high
        again = untrained.posterior(sigma, method, n=500, seed=1)
        assert np.array_equal(posterior.samples, again.samples)


def test_larger_maps_are_averaged(untrained):
    sigma = 10 ** _maps(1)[0]
    large = np.repeat(np.repeat(sigma, 4, axis=0), 4, axis=1)
    a, b = (untrained.posterior(m, n=200).samples for m in (sigma, large))
    assert np.allclose(a, b, atol=1e-4)


def test_widening(untrained):
    sigma = 10 ** _maps(1)[0]
    wide = copy.copy(untrained)
    wide.config = replace(untrained.config, widen_field=1.3)
    low, high = np.transpose([OMEGA_M_RANGE, SIGMA_8_RANGE])
    spread = []
    for model in (untrained, wide):
        unit = (model.posterior(sigma, n=2000).samples - low) / (high - low) * 2 - 1
        spread.append(float(to_unbounded(torch.from_numpy(unit)).std()))
    assert spread[1] / spread[0] == pytest.approx(1.3, rel=0.05)


def test_grid_gives_back_a_gaussian(untrained):
    points = np.linspace(0, 1, 16)
    grid = -0.5 * (((points[:, None] - 0.4) / 0.1) ** 2 + ((points[None] - 0.6) / 0.15) ** 2)
    samples = untrained.sample_grid(grid * 4, 20000, seed=0, beta=0.25)
    assert samples.mean(axis=0) == pytest.approx([0.1 + 0.4 * 0.4, 0.6 + 0.4 * 0.6], abs=0.002)
    assert samples.std(axis=0) == pytest.approx([0.04, 0.06], rel=0.05)


@pytest.mark.parametrize("bad, words", [
    (np.ones((2, 64, 64)), "shape"),
    (np.ones((64, 32)), "square"),
    (np.ones((100, 100)), "64"),
    (np.full((64, 64), np.nan), "NaN"),
    (np.zeros((64, 64)), "positive"),
])
def test_bad_maps_get_one_sentence(untrained, bad, words):
    with pytest.raises(ValueError, match=words) as caught:
        untrained.posterior(bad)
    assert "\n" not in str(caught.value)


def test_unknown_method_and_no_samples(untrained):
    sigma = 10 ** _maps(1)[0]
    with pytest.raises(ValueError, match="choose from field"):
        untrained.posterior(sigma, "oracle")
    with pytest.raises(ValueError, match="n is 0"):
        untrained.posterior(sigma, n=0)


def test_familiar_and_strange(untrained):
    known = [untrained.check(10**x).unlike_training for x in _maps(40, seed=9)]
    assert np.mean(known) < 0.2
    x = _maps(1, seed=5)[0]
    rng = np.random.default_rng(0)
    strange = {
        "positive": rng.standard_normal((64, 64)),
        "units": 10 ** (x + 8),
        "constant": np.ones((64, 64)),
        "power": 10 ** rng.permutation(x.ravel()).reshape(64, 64),
    }
    for word, sigma in strange.items():
        answer = untrained.check(sigma)
        assert answer.unlike_training and answer.score > answer.threshold
        assert word in answer.reason and answer.reason.endswith(".")


def test_save_and_load(untrained, tmp_path):
    untrained.save(tmp_path / "model", card="# An estimator")
    again = HIInference.load(tmp_path / "model")
    assert again.config == untrained.config
    sigma = 10 ** _maps(1)[0]
    for method in ("field", "power_spectrum"):
        a, b = (m.posterior(sigma, method, n=50).samples for m in (untrained, again))
        assert np.allclose(a, b)
    assert again.check(sigma).score == pytest.approx(untrained.check(sigma).score, rel=1e-3)


def test_shipped_model_recovers_the_parameters_of_model_maps(shipped):
    """HIGlow's maps are near enough to simulations for a sanity check far below the accuracy."""
    flow = HIGlow.load()
    means = []
    for omega_m in (0.17, 0.43):
        maps = flow.sample(omega_m, 0.8, n=12, seed=0)
        means.append(np.mean([shipped.posterior(m, n=300).mean[0] for m in maps]))
    assert means[1] - means[0] > 0.1


def test_shipped_model_says_what_is_wrong(shipped):
    flow = HIGlow.load()
    sigma = flow.sample(0.3, 0.8, n=1, seed=1)[0].astype(np.float64)
    for strange in (np.log10(sigma), sigma * 10**7.92, np.random.default_rng(0).random((64, 64))):
        assert shipped.check(strange).unlike_training


def test_likelihood_on_the_shipped_flow(shipped):
    sigma = HIGlow.load().sample(0.3, 0.8, n=1, seed=1)[0]
    seen = []
    posterior = shipped.posterior(sigma, "likelihood", n=500, progress=seen.append)
    assert posterior.samples.shape == (500, 2) and seen[-1] == 1.0
    assert posterior.samples[:, 0].min() >= 0.1 and posterior.samples[:, 1].max() <= 1.0
