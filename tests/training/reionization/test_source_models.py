"""Set B: sources on haloes, and the excursion set that turns them into bubbles."""

import numpy as np
import pytest
from scipy import fft

from training.reionization.simulation.source_models import (
    Bubbles,
    agn_rates,
    bubble_radii,
    galaxy_rates,
    paint,
    shift_along_los,
    simulate_sources,
)

CELL = 2.0


def _density(n: int = 24, seed: int = 0) -> np.ndarray:
    """A lognormal field with most of its power on large scales."""
    k = fft.fftfreq(n)
    k = np.sqrt(k[:, None, None] ** 2 + k[None, :, None] ** 2 + k[None, None, : n // 2 + 1] ** 2)
    white = np.random.default_rng(seed).standard_normal((n, n, n))
    g = fft.irfftn(fft.rfftn(white) * (k + 1 / n) ** -1.5, s=(n, n, n))
    rho = np.exp(0.7 * g / g.std())
    return rho / rho.mean() - 1


@pytest.mark.parametrize("target", [0.05, 0.5, 0.95])
def test_the_mean_neutral_fraction_is_the_one_asked_for(target):
    density = _density()
    x_hi = Bubbles(density, CELL).ionize((1 + density) ** 2, target)
    assert abs(x_hi.mean() - target) < 0.005
    assert x_hi.min() >= 0 and x_hi.max() <= 1


def test_dense_places_are_ionized_first():
    density = _density()
    x_hi = Bubbles(density, CELL).ionize((1 + density) ** 2, 0.5)
    assert np.corrcoef(density.ravel(), x_hi.ravel())[0, 1] < -0.3


def test_one_source_makes_one_ball_wherever_it_is():
    n = 24
    photons = np.zeros((n, n, n))
    photons[0, 3, n - 1] = 1.0  # at a corner: the ball goes on at the other side
    uniform = Bubbles(np.zeros((n, n, n)), CELL)
    x_hi = uniform.ionize(photons, 0.9)
    place = np.argwhere(x_hi < 0.5)
    offset = (place - [0, 3, n - 1] + n // 2) % n - n // 2
    distance = np.sqrt((offset**2).sum(axis=1))
    radius = (3 * 0.1 * n**3 / (4 * np.pi)) ** (1 / 3)
    assert distance.max() < radius + 1.5
    assert abs(len(place) / n**3 - 0.1) < 0.01
    moved = uniform.ionize(np.roll(photons, (5, 6, 7), (0, 1, 2)), 0.9)
    assert np.allclose(moved, np.roll(x_hi, (5, 6, 7), (0, 1, 2)), atol=1e-4)


def test_the_amplitude_of_the_photons_plays_no_part():
    density = _density()
    photons = (1 + density) ** 3
    bubbles = Bubbles(density, CELL)
    assert np.allclose(
        bubbles.ionize(photons, 0.4), bubbles.ionize(1e12 * photons, 0.4), atol=1e-4
    )


def test_what_cannot_be_ionized_is_said():
    n = 8
    bubbles = Bubbles(np.zeros((n, n, n)), CELL)
    with pytest.raises(ValueError, match="no source"):
        bubbles.ionize(np.zeros((n, n, n)), 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        bubbles.ionize(np.ones((n, n, n)), 1.0)


def test_radii_fall_from_the_largest_bubble_to_a_cell():
    radii = bubble_radii(2.0, 50.0)
    assert radii[0] == 50.0 and radii[-1] == pytest.approx(2.0)
    assert np.all(np.diff(radii) < 0) and (radii[1:] / radii[:-1]).min() > 0.89


def test_steep_slopes_favour_heavy_haloes_and_light_ones_are_dark():
    masses = np.array([1e9, 1e10, 1e11])
    flat, steep = galaxy_rates(masses, 0.0), galaxy_rates(masses, 1.0)
    assert flat[2] / flat[1] == pytest.approx(10, rel=1e-3)
    assert steep[2] / steep[1] == pytest.approx(100, rel=1e-3)
    assert galaxy_rates(masses, 0.0, 5e9)[0] == 0


def test_agn_are_few_and_more_often_lit_in_heavy_haloes():
    masses = np.repeat([1e9, 2e10, 1e12], 20_000)
    lit = agn_rates(masses, 0.0, 1e10, np.random.default_rng(0)) > 0
    light, middle, heavy = lit.reshape(3, -1).mean(axis=1)
    assert light == 0
    assert middle == pytest.approx((2e10 / 2.19e12) ** 0.904 + 0.0231, abs=0.005)
    assert heavy == pytest.approx((1e12 / 2.19e12) ** 0.904 + 0.0231, abs=0.02)


def test_painting_keeps_every_photon_and_wraps():
    rng = np.random.default_rng(1)
    rates = rng.uniform(size=100)
    positions = rng.uniform(0, 128, (100, 3))
    grid = paint(positions, rates, 128.0, 16)
    assert grid.sum() == pytest.approx(rates.sum())
    assert np.array_equal(grid, paint(positions + [128.0, 0, -128.0], rates, 128.0, 16))


def test_redshift_space_keeps_the_sum_and_moves_whole_cells():
    field = np.random.default_rng(2).uniform(size=(4, 4, 16))
    assert np.allclose(shift_along_los(field, np.zeros_like(field)), field, atol=1e-6)
    assert np.allclose(shift_along_los(field, np.full_like(field, 3.0)), np.roll(field, 3, -1),
                       atol=1e-6)
    shift = np.random.default_rng(3).normal(size=field.shape)
    assert np.allclose(shift_along_los(field, shift).sum(-1), field.sum(-1), rtol=1e-5)


@pytest.mark.slow
def test_pairs_share_all_but_the_source():
    pytest.importorskip("py21cmfast")
    rows = simulate_sources(3, pairs=1)
    galaxies, agn = rows
    assert (galaxies["is_agn"], agn["is_agn"]) == (False, True)
    assert np.array_equal(galaxies["density"], agn["density"])
    assert galaxies["redshift"] == agn["redshift"]
    assert abs(galaxies["x_hi_mean"] - agn["x_hi_mean"]) < 0.007
    again = simulate_sources(3, pairs=1)
    assert all(np.array_equal(a[k], b[k]) for a, b in zip(rows, again, strict=True) for k in a)
