"""Histories have to fall with time, hold the truth, and give Planck's optical depth."""

from __future__ import annotations

import numpy as np
import pytest

from core.posterior import Posterior
from core.reionization.history import (
    PLANCK_TAU,
    History,
    optical_depth,
    reionization_history,
)


def at(mean: float, std: float = 0.03, n: int = 4000, seed: int = 0) -> Posterior:
    samples = np.random.default_rng(seed).normal(mean, std, (n, 1))
    return Posterior(np.clip(samples, 0, 1), ("x_HI",))


def tanh(redshift: np.ndarray, middle: float = 7.67, width: float = 0.5) -> np.ndarray:
    """The history of Planck's analysis (Lewis 2008)."""
    y = (1 + redshift) ** 1.5
    step = 1.5 * np.sqrt(1 + middle) * width
    return (1 - np.tanh(((1 + middle) ** 1.5 - y) / step)) / 2


def width_68(history: History) -> np.ndarray:
    return history.high_68 - history.low_68


def test_optical_depth_of_planck() -> None:
    z = np.linspace(4, 30, 2000)
    assert optical_depth(z, tanh(z)) == pytest.approx(PLANCK_TAU[0], rel=0.02)
    # CAMB 2.0.5 with the same middle and cosmology (helium at 3.5)
    assert optical_depth(z, tanh(z)) == pytest.approx(0.0545, rel=0.01)


def test_earlier_reionization_scatters_more() -> None:
    z = np.linspace(4, 30, 500)
    depths = optical_depth(z, np.stack([tanh(z, middle) for middle in (6, 7, 8, 9, 10)]))
    assert depths.shape == (5,)
    assert np.all(np.diff(depths) > 0)
    assert optical_depth(z, np.ones(500)) == pytest.approx(optical_depth(z[:2], np.ones(2)))


@pytest.mark.parametrize("first", [3.0, 4.0, 5.0])
def test_optical_depth_does_not_depend_on_where_the_grid_starts(first: float) -> None:
    z = np.linspace(first, 30, 4000)
    assert optical_depth(z, tanh(z)) == pytest.approx(0.0545, rel=0.01)


def test_the_bands_hold_the_history_the_images_came_from() -> None:
    redshifts = np.array([7.0, 7.5, 8.0, 9.0, 10.0])
    truth = tanh(redshifts, middle=8.0, width=0.9)
    history = reionization_history(
        redshifts, [at(x, 0.02, seed=i) for i, x in enumerate(truth)]
    )
    whole = tanh(history.redshift, middle=8.0, width=0.9)
    inside = (history.redshift >= 7) & (history.redshift <= 10)
    held = (history.low_95 - 0.02 <= whole) & (whole <= history.high_95 + 0.02)
    assert held[inside].mean() > 0.95
    depth = optical_depth(history.redshift, whole)
    assert abs(history.tau.mean() - depth) < 2 * history.tau.std() + 0.001
    assert history.midpoint.mean() == pytest.approx(8.0, abs=0.15)
    assert history.ordered > 0.9


def test_histories_fall_with_time_from_neutral_to_ionized() -> None:
    history = reionization_history([10, 7, 8, 9], [at(0.9), at(0.2), at(0.5), at(0.55)])
    for line in (
        history.median, history.low_68, history.high_68, history.low_95, history.high_95
    ):
        assert np.all(np.diff(line) >= -1e-12)
        assert 0 <= line[0] < 1e-9
        assert 0.95 < line[-1] <= 1
    order = [history.low_95, history.low_68, history.median, history.high_68, history.high_95]
    assert np.all(np.diff(order, axis=0) >= 0)


def test_more_images_narrow_the_band() -> None:
    truth = {7.0: 0.1, 7.5: 0.3, 8.0: 0.5, 8.5: 0.65, 9.0: 0.75, 10.0: 0.88}
    few = reionization_history([7, 10], [at(truth[7.0]), at(truth[10.0])])
    many = reionization_history(list(truth), [at(x) for x in truth.values()])
    between = (few.redshift > 7.2) & (few.redshift < 9.8)
    assert width_68(many)[between].mean() < 0.7 * width_68(few)[between].mean()
    assert many.tau.std() < few.tau.std()


def test_order_in_time_is_information() -> None:
    """Two broad posteriors that overlap narrow each other."""
    broad = [at(0.5, 0.15, seed=1), at(0.5, 0.15, seed=2)]
    history = reionization_history([7.9, 8.1], broad)
    grid = np.abs(history.redshift - 7.9).argmin()
    assert history.median[grid] < 0.47
    assert width_68(history)[grid] < 0.28
    assert history.ordered == pytest.approx(0.5, abs=0.05)


def test_the_same_redshift_twice_is_one_better_measurement() -> None:
    once = reionization_history([8], [at(0.5, 0.08)])
    twice = reionization_history([8, 8], [at(0.5, 0.08, seed=1), at(0.5, 0.08, seed=2)])
    grid = np.abs(once.redshift - 8).argmin()
    assert width_68(twice)[grid] == pytest.approx(width_68(once)[grid] / np.sqrt(2), rel=0.1)


def test_contradicting_images_are_told() -> None:
    history = reionization_history([7, 9], [at(0.9, 0.02), at(0.1, 0.02)])
    assert history.ordered < 0.01
    assert np.all(np.diff(history.median) >= -1e-12)


def test_the_same_seed_gives_the_same_histories() -> None:
    a, b, c = (reionization_history([8], [at(0.5)], n=100, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(a.tau, b.tau)
    assert not np.array_equal(a.tau, c.tau)
    assert a.tau.shape == (100,)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reionization_history([7, 8], [at(0.5)]), "as many of the one"),
        (lambda: reionization_history([], []), "one or more are needed"),
        (lambda: reionization_history([5], [at(0.5)]), "outside 6.5 to 15"),
        (lambda: reionization_history([np.nan], [at(0.5)]), "outside 6.5 to 15"),
        (
            lambda: reionization_history([8], [Posterior(np.zeros((5, 2)), ("a", "b"))]),
            "x_HI alone",
        ),
        (lambda: reionization_history([8], [at(0.5)], n=0), "n is 0; at least 1"),
        (lambda: optical_depth([5, 4], [0, 0]), "increasing"),
        (lambda: optical_depth([1, 4], [0, 0]), "from 3 upwards"),
        (lambda: optical_depth([4, 5], [0, 0, 0]), "do not fit"),
    ],
)
def test_mistakes_get_one_sentence(call, words: str) -> None:  # noqa: ANN001
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert "\n" not in str(error.value)


def test_the_midpoint_lies_between_the_points_of_the_grid() -> None:
    from core.reionization.history import GRID, _half

    curves = np.clip((GRID[None] - np.array([[7.013], [8.222]])) / 2 + 0.5, 0, 1)
    np.testing.assert_allclose(_half(curves), [7.013, 8.222], atol=1e-6)
