"""Maps that are not maps like the training maps: what the check has to catch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.fields import column_density
from core.statistics import phase_randomised

__all__ = ["out_of_distribution_maps"]

Floats = NDArray[np.floating]


def out_of_distribution_maps(sigma: Floats, each: int, seed: int = 0) -> dict[str, list[Floats]]:
    """Maps of each kind, some made from held-out maps, some from nothing.

    Args:
        sigma: (n, N, N) held-out maps, linear.
        each: maps of every kind.
        seed: random seed of everything random.
    """
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(sigma), each)
    maps = sigma[rows]
    log = np.log10(maps)
    n = sigma.shape[-1]
    mean, std = log.mean(), log.std()
    kinds: dict[str, list[Floats]] = {
        "white_noise": [rng.standard_normal((n, n)) for _ in rows],
        "white_noise_log": [10 ** (mean + std * rng.standard_normal((n, n))) for _ in rows],
        "shuffled_pixels": [rng.permutation(m.ravel()).reshape(n, n) for m in maps],
        "photo": [_photo(rng, n) for _ in rows],
        "photo_scaled": [_photo(rng, n) / 255 * 10**8 + 10**4 for _ in rows],
        "gaussian_twin": [10 ** phase_randomised(x, i) for i, x in enumerate(log)],
        "matter": [_matter(rng, n) for _ in rows],
        "log_units": list(log),
        "column_density": [10 ** column_density(m) for m in maps],
        "log_column_density": [column_density(m) for m in maps],
        "overdensity": [m / m.mean() for m in maps],
        "thousand_times": [m * 1e3 for m in maps],
        "ten_times": [m * 10 for m in maps],
        "tenth": [m / 10 for m in maps],
        "smoothed": [_smooth(m, 1.5) for m in maps],
    }
    return kinds


def _photo(rng: np.random.Generator, n: int) -> Floats:
    """What a camera sees, grey values 1 to 255: a sky gradient, overlapping objects, grain."""
    y, x = np.mgrid[0:n, 0:n] / n
    image = 200 - 80 * y + 20 * x
    for _ in range(rng.integers(6, 20)):
        cx, cy, size = rng.uniform(size=3) * [1, 1, 0.25]
        grey, slope = rng.uniform(20, 240), rng.uniform(-60, 60)
        if rng.uniform() < 0.5:
            inside = np.hypot(x - cx, y - cy) < size
        else:
            inside = (np.abs(x - cx) < size) & (np.abs(y - cy) < size * rng.uniform(0.3, 2))
        image = np.where(inside, grey + slope * (x - cx) / (size + 0.01), image)
    return np.clip(image + rng.normal(0, 3, (n, n)), 1, 255).round()


def _wave(n: int) -> Floats:
    return np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None]) * 2 * np.pi


def _matter(rng: np.random.Generator, n: int) -> Floats:
    """A log-normal surface density of all matter: (1 + delta) times the mean of a slab."""
    k = np.maximum(_wave(n), 2 * np.pi / n)
    g = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((n, n))) * k**-0.9, s=(n, n))
    g *= rng.uniform(0.6, 1.1) / g.std()
    mean = 2.775e11 * rng.uniform(0.1, 0.5) * 5.0
    return mean * np.exp(g - g.var() / 2)


def _smooth(sigma: Floats, pixels: float) -> Floats:
    """Convolved with a Gaussian beam."""
    n = sigma.shape[-1]
    beam = np.exp(-0.5 * (_wave(n) * pixels) ** 2)
    return np.maximum(np.fft.irfft2(np.fft.rfft2(sigma) * beam, s=(n, n)), sigma.min())
