"""The radiation emulators: sampler and corrections against exact answers, and refusals."""

from pathlib import Path

import numpy as np
import pytest
import torch

from core.reionization.bubbles import cross_correlation, free_paths
from core.reionization.ionization import match_mean, threshold_field
from core.reionization.radiation import Radiation
from core.reionization.radiation_inputs import (
    STRATEGIES,
    RadiationConfig,
    SliceConditions,
    density_channels,
)
from core.reionization.radiation_networks import Denoiser, Emulator
from core.statistics import power_spectrum

EXAMPLES = Path(__file__).parents[3] / "apps" / "reionization" / "examples"
TINY = RadiationConfig(
    size=16, width=16, multipliers=(1, 2), emulator_width=16, emulator_multipliers=(1, 2), steps=6,
    spread=(0.1, 0.1), context=((1, 2), (3,)),
)


class GaussianDenoiser(torch.nn.Module):
    """The exact denoiser of white noise with standard deviation 1/2."""

    def forward(self, x, sigma, density, condition):
        return x * (0.25 / (0.25 + sigma**2)).view(-1, 1, 1, 1)


def _tiny(config=TINY):
    torch.manual_seed(0)
    emulators = {name: Emulator(config, name) for name in config.strategies}
    model = Radiation(config, Denoiser(config), emulators)
    for network in (model.denoiser, *emulators.values()):  # wake the layers that start at zero
        for parameter in network.parameters():
            torch.nn.init.normal_(parameter, std=0.05)
    return model


def _density(*shape, seed=0):
    return np.expm1(0.25 * np.random.default_rng(seed).standard_normal(shape) - 0.03)


@pytest.fixture(scope="module")
def tiny():
    return _tiny()


@pytest.fixture(scope="module")
def shipped():
    return Radiation.load()


@pytest.mark.parametrize("churn", [0.0, 1.0])
def test_the_sampler_draws_from_the_exact_distribution(churn):
    config = RadiationConfig(size=16, spread=(0.1, 0.1), steps=60, churn=churn, sigma_min=0.005)
    model = Radiation(config, GaussianDenoiser(), {})
    x_hi = np.full(16, 0.5)
    given = SliceConditions.of(torch.zeros(16, 1, 16, 16), 0.0, x_hi, 8.0, config)
    fields = model.sample_each(given, match=False)
    assert fields.mean() == pytest.approx(0.5, abs=0.005)
    assert fields.std() == pytest.approx(0.05, rel=0.06)  # 4,096 cells of noise


def test_a_denoiser_leaves_a_clean_field_alone(tiny):
    x = torch.randn(2, 1, 16, 16)
    given = SliceConditions.of(torch.randn(2, 3, 16, 16), 1.0, np.array([0.3, 0.6]), 8.0, TINY)
    with torch.no_grad():
        found = tiny.denoiser(x, torch.full((2,), 1e-4), given.density, given.condition)
    torch.testing.assert_close(found, x, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("target", [0.02, 0.4, 0.98])
def test_the_correction_meets_the_mean_and_keeps_the_order(target):
    fields = torch.rand(3, 1, 16, 16, generator=torch.Generator().manual_seed(1)) ** 4
    moved = match_mean(fields, torch.full((3,), target))
    torch.testing.assert_close(moved.mean(dim=(1, 2, 3)), torch.full((3,), target), atol=1e-4,
                               rtol=0)
    assert moved.min() >= 0 and moved.max() <= 1
    order = fields.clamp(1e-3, 1 - 1e-3).flatten(1).argsort(dim=1)
    assert torch.all(moved.flatten(1).gather(1, order).diff(dim=1) >= 0)


def test_a_mean_that_is_right_is_left_alone():
    fields = 0.1 + 0.8 * torch.rand(1, 1, 16, 16)
    torch.testing.assert_close(
        match_mean(fields, fields.mean().view(1)), fields, atol=1e-3, rtol=0
    )


def test_samples_have_the_mean_that_was_asked_and_do_not_depend_on_n(tiny):
    density = _density(16, 16)
    seen = []
    many = tiny.sample(density, 0.3, 8.0, n=10, seed=4, progress=seen.append)
    assert many.shape == (10, 16, 16) and many.dtype == np.float32
    assert many.min() >= 0 and many.max() <= 1
    np.testing.assert_allclose(many.mean(axis=(1, 2)), 0.3, atol=1e-3)
    np.testing.assert_allclose(tiny.sample(density, 0.3, 8.0, n=1, seed=4)[0], many[0], atol=1e-3)
    assert not np.allclose(many[0], many[1], atol=0.02)
    assert not np.allclose(many[0], tiny.sample(density, 0.3, 8.0, seed=5)[0], atol=0.02)
    assert seen == sorted(seen) and seen[-1] == 1.0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_expected_field_is_one_answer_with_the_mean_that_was_asked(tiny, strategy):
    given = SliceConditions.of(torch.randn(2, 3, 16, 16), 0.0, np.array([0.3, 0.6]), 8.0, TINY)
    found = tiny.denoise_each(given, strategy)
    np.testing.assert_allclose(found.mean(axis=(1, 2)), [0.3, 0.6], atol=1e-3)
    np.testing.assert_array_equal(found, tiny.denoise_each(given, strategy))


def test_one_slice_and_its_neighbours(tiny):
    stack = _density(7, 16, 16)
    channels, known = density_channels(stack, TINY)
    assert known and channels.shape == (3, 16, 16)
    np.testing.assert_allclose(channels[0], np.log1p(stack[3]), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        channels[2], np.log1p(stack[[0, 6]]).mean(axis=0), rtol=1e-4, atol=1e-6
    )
    alone, known = density_channels(stack[3], TINY)
    assert not known and np.all(alone[1:] == 0)
    assert not np.allclose(tiny.denoise(stack, 0.5, 8.0), tiny.denoise(stack[3], 0.5, 8.0))


def test_a_model_comes_back_as_it_was_saved(tiny, tmp_path):
    tiny.save(tmp_path, "card")
    again = Radiation.load(tmp_path)
    assert again.config == TINY
    density = _density(16, 16)
    np.testing.assert_allclose(
        again.sample(density, 0.5, 8.0), tiny.sample(density, 0.5, 8.0), atol=0.02
    )


@pytest.mark.parametrize(
    ("density", "x_hi", "redshift", "says"),
    [
        (np.zeros((16, 15)), 0.5, 8.0, "16 x 16"),
        (np.zeros((4, 16, 16)), 0.5, 8.0, "odd number"),
        (np.zeros((3, 16, 16)), 0.5, 8.0, "at least 7"),
        (np.full((16, 16), np.nan), 0.5, 8.0, "finite"),
        (np.ones((16, 16)), 0.5, 8.0, "mean density - 1"),
        (np.full((16, 16), -1.2), 0.5, 8.0, "mean density - 1"),
        (np.zeros((16, 16)), 0.0, 8.0, r"0\.02 to 0\.98"),
        (np.zeros((16, 16)), np.nan, 8.0, r"0\.02 to 0\.98"),
        (np.zeros((16, 16)), 0.5, 12.0, "7 to 10"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_right(tiny, density, x_hi, redshift, says):
    for call in (tiny.sample, tiny.denoise):
        with pytest.raises(ValueError, match=says):
            call(density, x_hi, redshift)


@pytest.mark.parametrize("bad", [{"n": 0}, {"seed": -1}, {"steps": -2}])
def test_impossible_requests_are_refused(tiny, bad):
    with pytest.raises(ValueError):
        tiny.sample(np.zeros((16, 16)), 0.5, 8.0, **bad)


def test_the_baseline_ionizes_the_densest_cells():
    density = _density(3, 64, 64)
    fields = threshold_field(density, 0.37, 0.0)
    assert fields.shape == density.shape and set(np.unique(fields)) == {0.0, 1.0}
    np.testing.assert_allclose(fields.mean(axis=(1, 2)), 0.37, atol=1 / 4096)
    assert np.all(density[0][fields[0] == 0].min() >= density[0][fields[0] == 1].max())
    smooth = threshold_field(density, 0.37, 4.0)
    k, rough = power_spectrum(fields, 128.0)
    assert power_spectrum(smooth, 128.0)[1][..., -1].mean() < 0.5 * rough[..., -1].mean()


def test_free_paths_of_a_disc():
    y, x = np.mgrid[:64, :64]
    field = (np.hypot(y - 30, x - 34) > 12).astype(float)
    # the mean distance from a random point of a disc to its edge is 8 R / (3 pi)
    found = free_paths(field, 20_000, cell_mpc=2.0)
    assert found.mean() == pytest.approx(8 * 24 / (3 * np.pi), rel=0.04)
    moved = free_paths(np.roll(field, (40, 40), (0, 1)), 20_000, cell_mpc=2.0)
    assert moved.mean() == pytest.approx(found.mean(), rel=0.03)


def test_free_paths_without_edges():
    assert np.all(free_paths(np.zeros((64, 64)), 10, cell_mpc=2.0) == 128)
    assert free_paths(np.ones((64, 64)), 10).size == 0


def test_cross_correlation_of_related_fields():
    a, b = np.random.default_rng(0).standard_normal((2, 50, 64, 64))
    edges = np.linspace(0.1, 1.5, 6)
    k, same = cross_correlation(a, 3 * a + 1, 128.0, edges)
    np.testing.assert_allclose(same, 1)
    np.testing.assert_allclose(cross_correlation(a, -a, 128.0, edges)[1], -1)
    assert np.abs(cross_correlation(a, b, 128.0, edges)[1]).max() < 0.05
    half = cross_correlation(a, a + b, 128.0, edges)[1]
    np.testing.assert_allclose(half, np.sqrt(0.5), atol=0.03)
    assert np.all(np.diff(k) > 0) and k[0] > 0.1
    assert np.all(cross_correlation(a, np.zeros_like(a), 128.0, edges)[1] == 0)


@pytest.mark.parametrize("name", ["box_2", "box_3"])
def test_the_shipped_model_finds_the_bubbles_of_held_out_boxes(shipped, name):
    with np.load(EXAMPLES / f"{name}.npz") as example:
        stack = example["density"].astype(np.float32)
        truth = example["x_hi"].astype(np.float32)
        redshift = float(example["redshift"])
    x_hi = float(truth.mean())
    drawn = shipped.sample(stack, x_hi, redshift, n=2, seed=1)
    np.testing.assert_allclose(drawn.mean(axis=(1, 2)), x_hi, atol=0.001)
    middle = stack[len(stack) // 2]
    alone = shipped.denoise(middle, x_hi, redshift)

    def correlation(field):
        return np.corrcoef(field.ravel(), truth.ravel())[0, 1]

    best = max(correlation(threshold_field(middle, x_hi, s)) for s in (0.0, 2.0, 4.0, 6.0))
    assert min(correlation(field) for field in drawn) > 0.4
    assert correlation(alone) > best  # from the same slice
    k, power = power_spectrum(drawn, 128.0, n_bins=8)
    ratio = power.mean(axis=0) / power_spectrum(truth, 128.0, n_bins=8)[1]
    assert np.median(np.abs(np.log(ratio[k < 1]))) < 0.5


def test_more_is_known_with_the_neighbours_and_the_samples_say_so(shipped):
    with np.load(EXAMPLES / "box_2.npz") as example:
        stack = example["density"].astype(np.float32)
        x_hi, redshift = float(example["x_hi"].mean()), float(example["redshift"])
    spread = [
        shipped.sample(density, x_hi, redshift, n=4, seed=1, steps=8).std(axis=0).mean()
        for density in (stack[len(stack) // 2], stack)
    ]
    assert 0 < spread[1] < spread[0]
