"""HI-CDM: the sampler against exact answers, and the shipped model's promises."""

import numpy as np
import pytest
import torch

from core.fields import OMEGA_M_RANGE
from core.hydrogen.hi_cdm import HICDM, Denoiser, HICDMConfig
from core.hydrogen.reference import SimulationBand
from core.statistics import power_spectrum

TINY = HICDMConfig(size=16, width=16, multipliers=(1, 2), std=1.0, steps=8)


class GaussianDenoiser(torch.nn.Module):
    """The exact denoiser of white noise with standard deviation 2."""

    def forward(self, x, sigma, condition):
        return x * (4 / (4 + sigma**2)).view(-1, 1, 1, 1)


@pytest.fixture(scope="module")
def shipped():
    return HICDM.load()


@pytest.mark.parametrize("objective", ["edm", "flow"])
def test_a_denoiser_leaves_a_clean_map_alone(objective):
    denoiser = Denoiser(HICDMConfig(size=16, width=16, multipliers=(1, 2), objective=objective))
    x = torch.randn(2, 1, 16, 16)
    with torch.no_grad():
        torch.testing.assert_close(
            denoiser(x, torch.full((2,), 1e-4), torch.zeros(2, 2)), x, atol=1e-3, rtol=1e-3
        )


def test_the_sampler_is_second_order():
    model = HICDM(TINY, GaussianDenoiser())

    def spread(steps):
        return np.log10(model.sample(0.3, 0.8, 4, steps=steps)).std()

    exact = spread(400)
    assert exact == pytest.approx(2, rel=0.05)  # 1,024 pixels of noise
    errors = [abs(spread(steps) - exact) for steps in (10, 20, 40)]
    assert errors[1] < errors[0] / 2.8 and errors[2] < errors[1] / 2.8


def test_a_model_comes_back_as_it_was_saved(tmp_path):
    torch.manual_seed(1)
    model = HICDM(TINY, Denoiser(TINY))
    model.save(tmp_path, "card")
    again = HICDM.load(tmp_path)
    assert again.config == TINY
    np.testing.assert_allclose(
        np.log10(again.sample(0.3, 0.8)), np.log10(model.sample(0.3, 0.8)), atol=0.02
    )


def test_the_same_seed_gives_the_same_map_whatever_n(shipped):
    four = shipped.sample(0.3, 0.8, 4, seed=5, steps=3, batch_size=3)
    assert four.shape == (4, 64, 64) and four.dtype == np.float32 and np.all(four > 0)
    np.testing.assert_allclose(
        np.log10(shipped.sample(0.3, 0.8, 1, seed=5, steps=3)[0]), np.log10(four[0]), atol=1e-3
    )
    assert not np.allclose(four[0], four[1])
    assert not np.allclose(four[0], shipped.sample(0.3, 0.8, 1, seed=6, steps=3)[0])


@pytest.mark.parametrize(
    ("omega_m", "sigma_8"), [(0.05, 0.8), (0.6, 0.8), (0.3, 0.5), (0.3, 1.2), (np.nan, 0.8)]
)
def test_outside_the_trained_range_is_refused_with_the_range(shipped, omega_m, sigma_8):
    with pytest.raises(ValueError, match=r"0\.[16] to (0\.5|1\.0)"):
        shipped.sample(omega_m, sigma_8)


@pytest.mark.parametrize("bad", [{"n": 0}, {"seed": -1}, {"steps": -2}])
def test_impossible_requests_are_refused(shipped, bad):
    with pytest.raises(ValueError):
        shipped.sample(0.3, 0.8, **bad)


def test_moving_a_parameter_changes_the_same_structures(shipped):
    maps = [
        np.log10(shipped.sample(omega_m, 0.8, seed=2, steps=6)[0])
        for omega_m in np.linspace(0.25, 0.35, 3)
    ]
    other = np.log10(shipped.sample(0.3, 0.8, seed=3, steps=6)[0])

    def correlation(a, b):
        return np.corrcoef(a.ravel(), b.ravel())[0, 1]

    assert min(correlation(maps[0], maps[1]), correlation(maps[1], maps[2])) > 0.8
    assert correlation(maps[1], other) < 0.5
    assert not np.allclose(maps[0], maps[2])


def test_progress_runs_to_one(shipped):
    seen = []
    shipped.sample(
        *np.mean([OMEGA_M_RANGE, OMEGA_M_RANGE], axis=1)[:1],
        0.8,
        3,
        steps=2,
        batch_size=2,
        progress=seen.append,
    )
    assert seen == sorted(seen) and seen[-1] == 1.0


def test_generated_maps_lie_in_the_simulations_band(shipped):
    maps = shipped.sample(0.3, 0.8, 8, seed=1)
    k, power = power_spectrum(np.log10(maps), n_bins=20)
    band = SimulationBand.load().power_spectrum(0.3, 0.8)
    ratio = power.mean(axis=0) / np.interp(k, band.x, band.median)
    assert np.median(np.abs(ratio - 1)) < 0.3
