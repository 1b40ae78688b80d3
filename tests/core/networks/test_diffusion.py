"""The solver of diffusion models, against data whose denoiser is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.networks.diffusion import (
    edm_coefficients,
    noise_levels,
    sample,
    solve,
    white_noise,
)
from core.networks.sampling import in_batches, row_generators

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
    cpu = torch.device("cpu")
    rows = white_noise(row_generators(3, 2, 4), 8, cpu)
    assert torch.equal(rows, white_noise(row_generators(3, 0, 4), 8, cpu)[2:])

    def draw(rows: range, progress: Callable[[float], None]) -> NDArray[np.float32]:
        generators = row_generators(3, rows.start, rows.stop)
        found = sample(_of_a_gaussian, generators, 8, LEVELS, progress, churn=1.0, device=cpu)
        return found.numpy()

    seen: list[float] = []
    whole = in_batches(5, 5, draw)
    np.testing.assert_allclose(in_batches(5, 2, draw, seen.append), whole, atol=1e-6)
    assert whole.shape == (5, 1, 8, 8)
    assert seen == sorted(seen) and seen[-1] == 1.0
    with pytest.raises(ValueError, match="batch_size is 0"):
        in_batches(5, 0, draw)


def test_the_progress_ends_at_one() -> None:
    told: list[float] = []
    solve(_of_a_gaussian, _noise(n=1), LEVELS[-4:], told.append)
    assert told == sorted(told) and told[-1] == 1.0


def test_networks_see_unit_variance() -> None:
    sigma = torch.tensor([0.01, 1.0, 50.0])
    skip, out, scale, _ = edm_coefficients(sigma)
    assert torch.allclose(scale.square() * (1 + sigma**2), torch.ones(3))
    assert torch.allclose(out.square(), (1 - skip) ** 2 + skip**2 * sigma**2)


def _by_diffusers(
    x: Tensor, steps: int, algorithm: str, generator: torch.Generator
) -> tuple[Tensor, list[float]]:
    """The samples and noise levels of another implementation of the same solver."""
    diffusers = pytest.importorskip("diffusers")
    scheduler = diffusers.EDMDPMSolverMultistepScheduler(
        sigma_min=0.02, sigma_max=60.0, sigma_data=1.0, algorithm_type=algorithm,
        lower_order_final=False,
    )
    scheduler.set_timesteps(steps)
    for time, sigma in zip(scheduler.timesteps, scheduler.sigmas, strict=False):
        each = sigma.expand(len(x))
        skip, out, _, _ = edm_coefficients(each)
        # it is given the raw output of a network, of which it makes the denoised field
        shape = (-1, 1, 1, 1)
        raw = (_not_linear(x, each) - skip.view(shape) * x) / out.view(shape)
        x = scheduler.step(raw, time, x, generator=generator).prev_sample
    return x, scheduler.sigmas.tolist()


def _not_linear(x: Tensor, sigma: Tensor) -> Tensor:
    """A smooth function, so that rounding stays small; the solver asks for no exact denoiser."""
    return torch.tanh(x / (1 + sigma.view(-1, 1, 1, 1).square()))


@pytest.mark.parametrize("steps", [8, 16, 40])
@pytest.mark.parametrize(("churn", "algorithm"), [(0.0, "dpmsolver++"), (1.0, "sde-dpmsolver++")])
def test_the_solver_goes_where_that_of_diffusers_goes(
    steps: int, churn: float, algorithm: str
) -> None:
    start = 60.0 * _noise(seed=7)
    theirs, sigmas = _by_diffusers(start, steps, algorithm, torch.Generator().manual_seed(3))
    levels = noise_levels(0.02, 60.0, steps)
    np.testing.assert_allclose(levels, sigmas, rtol=1e-4)
    generator = torch.Generator().manual_seed(3)
    ours = solve(
        _not_linear, start, levels, lambda _: None, churn=churn,
        noise=lambda: torch.randn(start.shape, generator=generator),
    )  # fmt: skip
    assert float(ours.std()) > 0.1  # it is no trivial answer
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
