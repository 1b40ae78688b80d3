"""The solver of diffusion models, against data whose denoiser is known."""

import numpy as np
import pytest
import torch
from torch import Tensor

from core.networks.diffusion import (
    edm_coefficients,
    noise_levels,
    row_generators,
    solve,
    white_noise,
)

LEVELS = noise_levels(0.01, 80.0, 60)
SPREAD = 0.5


def _of_a_gaussian(x: Tensor, sigma: Tensor) -> Tensor:
    """The exact denoiser of data with standard deviation SPREAD."""
    s = sigma.view(-1, 1, 1, 1)
    return x * SPREAD**2 / (SPREAD**2 + s**2)


def _noise(seed: int = 0, n: int = 4) -> Tensor:
    return white_noise(row_generators(seed, 0, n), 32, torch.device("cpu"))


def test_levels_fall_to_zero_between_the_two_asked_for() -> None:
    assert LEVELS[0] == pytest.approx(80.0)
    assert LEVELS[-2] == pytest.approx(0.01)
    assert LEVELS[-1] == 0.0
    assert np.all(np.diff(LEVELS) < 0)
    with pytest.raises(ValueError, match="at least 1"):
        noise_levels(0.01, 80.0, 0)


def test_the_path_without_churn_is_the_exact_one_to_second_order() -> None:
    noise = _noise()
    # dx/dsigma = (x - D) / sigma scales x by SPREAD / sqrt(SPREAD^2 + sigma^2)
    exact = noise * 80.0 * SPREAD / np.sqrt(SPREAD**2 + 80.0**2)

    def error(steps: int) -> float:
        levels = noise_levels(0.01, 80.0, steps)
        found = solve(_of_a_gaussian, noise * levels[0], levels, lambda _: None)
        return float((found - exact).abs().max() / exact.abs().max())

    assert error(60) < 0.01
    assert error(30) / error(60) > 3.0


@pytest.mark.parametrize("churn", [0.5, 1.0])
def test_fresh_noise_leaves_the_variance_of_the_data(churn: float) -> None:
    generators = row_generators(1, 0, 4)

    def white() -> Tensor:
        return white_noise(generators, 32, torch.device("cpu"))

    start = white() * LEVELS[0]
    found = solve(_of_a_gaussian, start, LEVELS, lambda _: None, churn=churn, noise=white)
    assert float(found.std()) == pytest.approx(SPREAD, rel=0.05)
    assert abs(float((found * start).mean() / (found.std() * start.std()))) < 0.9
    with pytest.raises(ValueError, match="source of noise"):
        solve(_of_a_gaussian, start, LEVELS, lambda _: None, churn=churn)


def test_a_sample_of_a_seed_does_not_depend_on_the_batch() -> None:
    rows = white_noise(row_generators(3, 2, 4), 8, torch.device("cpu"))
    assert torch.equal(rows, white_noise(row_generators(3, 0, 4), 8, torch.device("cpu"))[2:])


def test_the_progress_ends_at_one() -> None:
    told: list[float] = []
    solve(_of_a_gaussian, _noise(n=1), LEVELS[-4:], told.append)
    assert told == sorted(told) and told[-1] == 1.0


def test_networks_see_unit_variance() -> None:
    sigma = torch.tensor([0.01, 1.0, 50.0])
    skip, out, scale, _ = edm_coefficients(sigma)
    assert torch.allclose(scale.square() * (1 + sigma**2), torch.ones(3))
    assert torch.allclose(out.square(), (1 - skip) ** 2 + skip**2 * sigma**2)
