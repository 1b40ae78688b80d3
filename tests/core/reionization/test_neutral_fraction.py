"""p(x_HI | images): what goes in, what comes out, and that the shipped model knows its trade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.networks.residual_cnn import ResidualCNNConfig
from core.networks.stack_network import StackNetwork, StackNetworkConfig
from core.reionization.images import CONDITIONS, condition_vector, image_scale, prepare_images
from core.reionization.network_inputs import NetworkInputs, network_inputs
from core.reionization.neutral_fraction import (
    METHODS,
    NeutralFraction,
    NeutralFractionConfig,
)
from core.reionization.observation import CLEAN, Observation, observe
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler
from core.reionization.summaries import BASELINE_NAMES, SUMMARY_NAMES, stack_summaries
from tests.core.reionization.fixture import toy_box

AA4 = Observation("aa4", 1000)


def _tiny() -> NeutralFraction:
    torch.manual_seed(0)
    cnn = ResidualCNNConfig((4, 8), 1, 8, 1)
    config = NeutralFractionConfig(
        network=StackNetworkConfig(cnn, len(SUMMARY_NAMES), len(CONDITIONS), 16, 20),
        statistics=StackNetworkConfig(None, len(BASELINE_NAMES), len(CONDITIONS), 16, 20),
        members=2,
        bins=20,
    )
    rng = np.random.default_rng(0)
    rows = [condition_vector(z, o, 16) for z in np.linspace(7, 10, 60)
            for o in (CLEAN, AA4, Observation(wedge=True))]
    conditions = np.stack(rows).astype(float)
    summaries = rng.normal(size=(len(conditions), len(SUMMARY_NAMES)))
    both = {depth: (conditions, summaries) for depth in ("slice", "stack")}
    nets = [StackNetwork(config.network) for _ in range(2)]
    for net in nets:  # as if trained: it begins without a correction
        assert net.correction is not None
        torch.nn.init.normal_(net.correction[-1].weight, std=0.1)
    return NeutralFraction(
        config, nets, SummaryScaler.fit(conditions, summaries), StackNetwork(config.statistics),
        StackOutOfDistributionCheck.fit(both, both, 0.05),
    )


@pytest.fixture(scope="module")
def tiny() -> NeutralFraction:
    return _tiny()


@pytest.fixture(scope="module")
def shipped() -> NeutralFraction:
    return NeutralFraction.load()


@pytest.mark.parametrize(
    ("image", "cell", "words"),
    [
        (np.zeros((64, 32)), 2.0, "square"),
        (np.zeros((2, 2, 64, 64)), 2.0, "square"),
        (np.zeros((70, 64, 64)), 2.0, "64"),
        (np.zeros((64, 64)), 1.0, "covers 64 Mpc"),
        (np.zeros((64, 64)), 9.0, "outside"),
        (np.full((64, 64), np.nan), 2.0, "NaN"),
    ],
)
def test_an_image_that_cannot_be_used_is_refused_in_a_sentence(image, cell, words) -> None:
    with pytest.raises(ValueError, match=words):
        prepare_images(image, cell)


def test_a_finer_image_of_the_same_sky_gives_nearly_the_same_stack() -> None:
    coarse = toy_box(0.5)[2][:4]
    fine = np.repeat(np.repeat(coarse, 2, axis=1), 2, axis=2)
    again = prepare_images(fine, 1.0)
    assert again.shape == (4, 64, 64)
    assert np.corrcoef(again.ravel(), prepare_images(coarse).ravel())[0, 1] > 0.95


def test_summaries_follow_the_brightness_and_ignore_shifts_and_flips() -> None:
    stack = prepare_images(toy_box(0.5)[2][::4])
    plain = stack_summaries(stack)
    same = stack_summaries(np.roll(stack, (5, 9), axis=(1, 2))[:, ::-1])
    np.testing.assert_allclose(plain, same, rtol=2e-3, atol=2e-3)
    twice = stack_summaries(2 * stack)
    assert twice[0] - plain[0] == pytest.approx(np.log(4), abs=1e-3)
    np.testing.assert_allclose(twice[1:3], plain[1:3], rtol=1e-3)


def test_the_order_of_the_slices_does_not_matter() -> None:
    torch.manual_seed(1)
    net = StackNetwork(StackNetworkConfig(ResidualCNNConfig((4, 8), 1, 8, 1), 3, 2, 16, 5)).eval()
    x, s, c = torch.randn(2, 6, 64, 64), torch.randn(2, 3), torch.randn(2, 2)
    torch.testing.assert_close(net(x, s, c), net(x[:, torch.randperm(6)], s, c))


def test_densities_integrate_to_one_and_flips_do_not_change_them(tiny: NeutralFraction) -> None:
    image = toy_box(0.4)[2]
    grid, density = tiny.density(image[:8], 8.0)
    assert density.mean() == pytest.approx(1) and len(grid) == 20
    flipped = tiny.density(image[:8, ::-1, ::-1], 8.0)[1]
    np.testing.assert_allclose(density, flipped, rtol=1e-3)


def test_the_same_seed_gives_the_same_samples(tiny: NeutralFraction) -> None:
    image = toy_box(0.4)[2][0]
    one, two = (tiny.posterior(image, 8.0, n=50, seed=3).samples for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert (one >= 0).all() and (one <= 1).all()


@pytest.mark.parametrize("arguments", [{"redshift": 6.0}, {"n": 0}, {"method": "tea leaves"}])
def test_a_wrong_question_is_refused(tiny: NeutralFraction, arguments: dict) -> None:
    with pytest.raises(ValueError):
        tiny.posterior(toy_box(0.4)[2][0], **{"redshift": 8.0, **arguments})


def test_a_sharper_exponent_narrows_the_density(tiny: NeutralFraction) -> None:
    image = toy_box(0.4)[2][:4]
    config = replace(tiny.config, sharpen=((3.0,) * 4, (1.0,) * 4, (1.0,) * 4))
    sharp = NeutralFraction(config, tiny.members, tiny.scaler)
    wide, narrow = tiny.density(image, 8.0)[1], sharp.density(image, 8.0)[1]
    assert narrow.max() > wide.max()


def test_saved_and_loaded_it_answers_the_same(tiny: NeutralFraction, tmp_path) -> None:
    tiny.save(tmp_path / "model", "# card")
    again = NeutralFraction.load(tmp_path / "model")
    image = toy_box(0.4)[2][:4]
    np.testing.assert_allclose(again.density(image, 8.0)[1], tiny.density(image, 8.0)[1], rtol=1e-5)
    assert again.check(image, 8.0).score == pytest.approx(tiny.check(image, 8.0).score, rel=1e-4)


def test_saliency_is_a_map_of_the_sky(tiny: NeutralFraction) -> None:
    box = toy_box(0.4)[2]
    moved = tiny.saliency(box[:2], 8.0, patch=32)
    assert moved.shape == (64, 64) and moved.min() >= 0 and moved.max() > 0
    with pytest.raises(ValueError, match="patch"):
        tiny.saliency(box[0], 8.0, patch=7)


@pytest.mark.parametrize("slices", [1, 20, 64])
def test_a_prepared_image_gives_the_answers_of_the_image(
    tiny: NeutralFraction, slices: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = observe(toy_box(0.4)[2], 8.0, AA4, seed=1)[:slices]
    prepared = tiny.prepare(image, 8.0, AA4)
    everything = tiny.estimate(prepared)
    for method in METHODS:
        grid, density = tiny.density(image, 8.0, AA4, method=method)
        np.testing.assert_array_equal(tiny.density(prepared, method=method)[1], density)
        np.testing.assert_array_equal(everything.by_method[method], density)
    assert everything.out_of_distribution == tiny.check(prepared) == tiny.check(image, 8.0, AA4)
    np.testing.assert_array_equal(
        tiny.posterior(prepared, n=20, seed=3).samples,
        tiny.posterior(image, 8.0, AA4, n=20, seed=3).samples,
    )
    np.testing.assert_array_equal(
        tiny.saliency(prepared, patch=32), tiny.saliency(image, 8.0, AA4, patch=32)
    )
    count = [0]

    def counted(*given: object, **named: object) -> NetworkInputs:
        count[0] += 1
        return network_inputs(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("core.reionization.network_inputs.network_inputs", counted)
    tiny.estimate(image, 8.0, AA4)
    assert count == [1]
    with pytest.raises(ValueError, match="redshift of the image is missing"):
        tiny.density(image)


def test_saliency_is_that_of_images_with_a_patch_at_the_mean(tiny: NeutralFraction) -> None:
    image = prepare_images(toy_box(0.4)[2][:3])
    expected, window = np.zeros((64, 64)), np.arange(32)

    def mean(stack: np.ndarray) -> float:
        grid, density = tiny.density(stack, 8.0)
        return float(density @ grid / len(grid))

    for down in range(0, 64, 16):
        for across in range(0, 64, 16):
            rows, columns = (window + down) % 64, (window + across) % 64
            blotted = image.copy()
            blotted[:, rows[:, None], columns] = 0.0
            expected[rows[:, None], columns] += abs(mean(blotted) - mean(image)) / 4
    np.testing.assert_allclose(tiny.saliency(image, 8.0, patch=32), expected, atol=1e-5)


def test_scores_say_how_unusual_a_summary_is_for_its_observation() -> None:
    rng = np.random.default_rng(0)
    conditions = np.stack([condition_vector(z, o, 64) for z in rng.uniform(7, 10, 200)
                           for o in (CLEAN, AA4)]).astype(float)
    noisy = conditions[:, 2] > 0
    summaries = np.where(noisy, 100, 1)[:, None] * (5 + rng.normal(size=(400, 3)))
    scores = SummaryScaler.fit(conditions, summaries)(conditions, summaries)
    for kind in (noisy, ~noisy):
        np.testing.assert_allclose(scores[kind].std(axis=0), 1, atol=0.05)
        np.testing.assert_allclose(scores[kind].mean(axis=0), 0, atol=0.05)


def test_noise_raises_the_scale_of_an_image() -> None:
    assert image_scale(8.0, AA4) > image_scale(8.0, CLEAN)
    assert image_scale(8.0, Observation("aa4", 100)) > image_scale(8.0, AA4)


def test_shipped_estimates_rise_with_the_neutral_fraction(shipped: NeutralFraction) -> None:
    means = [shipped.posterior(toy_box(x, seed=2)[2], 8.0).mean[0] for x in (0.1, 0.5, 0.9)]
    assert means[0] < means[1] < means[2]


def test_shipped_intervals_widen_with_noise(shipped: NeutralFraction) -> None:
    boxes = [toy_box(x, seed=3)[2] for x in (0.3, 0.5, 0.7)]

    def width(observation: Observation) -> float:
        seen = [observe(box, 8.0, observation, seed=1) for box in boxes]
        return float(np.mean([shipped.posterior(s, 8.0, observation).std[0] for s in seen]))

    long, short = (width(Observation("aa_star", hours)) for hours in (10_000, 100))
    wedge = width(Observation("aa_star", 100, wedge=True))
    assert long < short < wedge


def test_shipped_check_flags_what_is_no_image_of_the_sky(shipped: NeutralFraction) -> None:
    rng = np.random.default_rng(0)
    assert shipped.check(rng.normal(0, 5, (16, 64, 64)), 8.0).unlike_training
    wrong_units = shipped.check(toy_box(0.5)[2] / 1000, 8.0)
    assert wrong_units.unlike_training and "mK" in wrong_units.reason
    assert shipped.check(np.ones((64, 64)), 8.0).unlike_training


def test_shipped_posterior_does_not_hang_on_the_last_digits_of_a_file(
    shipped: NeutralFraction,
) -> None:
    seen = observe(toy_box(0.5, seed=4)[2], 8.0, AA4, seed=1)
    exact = shipped.posterior(seen, 8.0, AA4)
    rounded = shipped.posterior(seen.astype(np.float16), 8.0, AA4)
    assert abs(exact.mean[0] - rounded.mean[0]) < 0.2 * exact.std[0]
