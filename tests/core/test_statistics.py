"""Numerical facts that the statistics have to reproduce."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import fft, stats

from core.statistics import (
    bispectrum,
    log_field,
    moments,
    overdensity,
    pdf,
    peak_counts,
    phase_randomised,
    power_spectrum,
    wasserstein,
)

L = 25.0
N = 64


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def lognormal(n_maps: int = 3, seed: int = 0) -> np.ndarray:
    """Positive correlated maps."""
    k = np.hypot(fft.fftfreq(N)[:, None], fft.rfftfreq(N)[None]) * N
    field = fft.irfft2(fft.rfft2(noise(n_maps, N, N, seed=seed)) / (1 + k) ** 1.2, s=(N, N))
    return np.exp(1.5 * field / field.std())


@pytest.mark.parametrize("n", [16, 33, 64])
def test_parseval(n: int) -> None:
    """All modes together hold the variance: sum of P / L^2 over modes."""
    field = noise(5, n, n)
    edges = [1e-6, 2 * np.pi / L * n]  # one bin with every mode but the mean
    _, p = power_spectrum(field, L, k_edges=edges)
    np.testing.assert_allclose(p[:, 0] * (n * n - 1) / L**2, field.var(axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize(("kx", "ky"), [(3, 0), (0, 5), (4, 3), (32, 0), (0, 32), (-6, 8)])
def test_plane_wave_lands_in_its_bin_with_its_power(kx: int, ky: int) -> None:
    x = np.arange(N) / N
    amplitude = 2.5
    wave = amplitude * np.cos(2 * np.pi * (kx * x[:, None] + ky * x[None]))
    modulus = 2 * np.pi / L * np.hypot(kx, ky)
    edges = 2 * np.pi / L * (np.arange(34) + 0.5)
    k, p = power_spectrum(wave, L, k_edges=edges)
    hit = int(np.argmax(p))
    assert edges[hit] <= modulus < edges[hit + 1]
    assert np.delete(p, hit).max() < 1e-20
    freq = fft.fftfreq(N, 1 / N)
    modes = np.hypot(freq[:, None], freq[None]) * 2 * np.pi / L
    n_modes = ((modes >= edges[hit]) & (modes < edges[hit + 1])).sum()
    np.testing.assert_allclose(p[hit] * n_modes / L**2, wave.var(), rtol=1e-10)
    assert abs(k[hit] - modulus) < 2 * np.pi / L


def test_white_noise_is_flat() -> None:
    sigma = 3.0
    k, p = power_spectrum(sigma * noise(400, N, N), L)
    np.testing.assert_allclose(p.mean(axis=0), sigma**2 * (L / N) ** 2, rtol=0.05)
    np.testing.assert_allclose(p.mean(), sigma**2 * (L / N) ** 2, rtol=0.01)
    assert np.all(np.diff(k) > 0)
    assert k[0] == pytest.approx(2 * np.pi / L) and k[-1] <= np.pi * N / L


@pytest.mark.parametrize("n_bins", [1, 5, 24, 200])
@pytest.mark.parametrize("n", [8, 9, 64])
def test_default_bins_are_never_empty_and_reach_nyquist(n: int, n_bins: int) -> None:
    k, p = power_spectrum(noise(n, n), L, n_bins)
    assert 1 <= len(k) <= n_bins and np.isfinite(p).all() and (p > 0).all()
    # a wave at Nyquist is seen
    wave = np.cos(2 * np.pi * (n // 2) * np.arange(n) / n)[:, None] * np.ones(n)
    assert power_spectrum(wave, L, n_bins)[1][-1] > 0


def test_power_spectrum_leading_axes_shift_and_mean() -> None:
    maps = noise(2, 3, N, N)
    k, p = power_spectrum(maps)
    assert p.shape == (2, 3, len(k))
    np.testing.assert_allclose(p[1, 2], power_spectrum(maps[1, 2])[1])
    np.testing.assert_allclose(p, power_spectrum(np.roll(maps, (5, 9), (-2, -1)) + 7)[1])
    np.testing.assert_allclose(p, power_spectrum(maps.swapaxes(-1, -2))[1])


def test_power_spectrum_refuses() -> None:
    with pytest.raises(ValueError, match="square"):
        power_spectrum(np.ones((4, 8)))
    with pytest.raises(ValueError, match="no mode"):
        power_spectrum(np.ones((8, 8)), L, k_edges=[0.26, 0.27, 1.0])
    with pytest.raises(ValueError, match="increasing"):
        power_spectrum(np.ones((8, 8)), L, k_edges=[1.0, 0.5])


def test_fields() -> None:
    maps = lognormal()
    delta = overdensity(maps)
    np.testing.assert_allclose(delta.mean(axis=(1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(delta, overdensity(17 * maps))
    np.testing.assert_allclose(10 ** log_field(maps), maps)
    with pytest.raises(ValueError):
        log_field(-maps)
    with pytest.raises(ValueError):
        overdensity(maps - maps.mean())


def test_pdf_integrates_to_one() -> None:
    maps = log_field(lognormal())
    edges = np.linspace(maps.min() - 1e-9, maps.max() + 1e-9, 41)
    density = pdf(maps, edges)
    assert density.shape == (3, 40)
    np.testing.assert_allclose((density * np.diff(edges)).sum(axis=-1), 1)
    np.testing.assert_allclose(pdf(maps, edges[:11])[0], density[0, :10])


def test_moments_match_scipy() -> None:
    maps = lognormal()
    found = moments(maps)
    flat = maps.reshape(3, -1)
    np.testing.assert_allclose(found.mean, flat.mean(axis=1))
    np.testing.assert_allclose(found.std, flat.std(axis=1))
    np.testing.assert_allclose(found.skewness, stats.skew(flat, axis=1))
    np.testing.assert_allclose(found.kurtosis, stats.kurtosis(flat, axis=1))
    assert moments(np.ones((8, 8))).kurtosis == 0


def test_wasserstein_of_a_shift_is_the_shift() -> None:
    a = noise(1000)
    assert wasserstein(a, a + 0.3) == pytest.approx(0.3)
    assert wasserstein(a, a[::-1]) == 0


def test_twin_has_the_same_spectrum_and_mean_and_random_phases() -> None:
    field = log_field(lognormal())
    twin = phase_randomised(field, seed=4)
    np.testing.assert_allclose(power_spectrum(twin)[1], power_spectrum(field)[1], rtol=1e-10)
    np.testing.assert_allclose(np.abs(fft.rfft2(twin)), np.abs(fft.rfft2(field)), rtol=1e-7)
    np.testing.assert_allclose(twin.mean(axis=(1, 2)), field.mean(axis=(1, 2)), atol=1e-12)
    assert abs(np.corrcoef(field.ravel(), twin.ravel())[0, 1]) < 0.5
    np.testing.assert_array_equal(twin, phase_randomised(field, seed=4))
    assert not np.allclose(twin, phase_randomised(field, seed=5))


@pytest.mark.parametrize("n", [31, 32])
def test_twin_of_a_skewed_field_is_gaussian(n: int) -> None:
    field = np.random.default_rng(0).lognormal(0, 1, (20, n, n))
    np.testing.assert_allclose(power_spectrum(phase_randomised(field, seed=9))[1],
                               power_spectrum(field)[1], rtol=1e-10)
    assert moments(field).skewness.mean() > 3
    assert abs(moments(phase_randomised(field, seed=9)).skewness.mean()) < 0.3


def test_bispectrum_by_brute_force() -> None:
    """The filtered sum equals a sum over every closed triangle of modes."""
    n = 8
    field = noise(n, n, seed=3)
    f = fft.fft2(field)
    freq = np.round(fft.fftfreq(n, 1 / n)).astype(int)
    centre, width = 1.2, 1.5  # in fundamental modes
    shell = [(a, b) for a in freq for b in freq if abs(np.hypot(a, b) - centre) <= width / 2
             and (a, b) != (0, 0)]
    products = [
        f[a] * f[b] * f[-a[0] - b[0], -a[1] - b[1]]
        for a in shell for b in shell if (-a[0] - b[0], -a[1] - b[1]) in shell
    ]
    expected = np.mean(products).real * L**4 / n**6
    b, _ = bispectrum(field, [centre * 2 * np.pi / L], L)
    np.testing.assert_allclose(b, expected, rtol=1e-10)


def test_bispectrum_of_gaussian_and_skewed_fields() -> None:
    k, n = [2.0, 4.0], 150
    gaussian = noise(n, N, N)
    _, q = bispectrum(gaussian, k, L)
    assert np.all(np.abs(q.mean(axis=0)) < 5 * q.std(axis=0) / np.sqrt(n))
    skewed = gaussian + 0.5 * (gaussian**2 - 1)
    _, q = bispectrum(skewed, k, L)
    assert q.mean(axis=0)[1] > 8 * q.std(axis=0)[1] / np.sqrt(n)
    q = bispectrum(phase_randomised(skewed, seed=9), k, L)[1]
    assert np.all(np.abs(q.mean(axis=0)) < 5 * q.std(axis=0) / np.sqrt(n))


@pytest.mark.parametrize("k", [0.1, 5.0, np.nan])
def test_bispectrum_refuses_wavenumbers_that_wrap(k: float) -> None:
    with pytest.raises(ValueError, match="h/Mpc"):
        bispectrum(noise(N, N), [k], L)


def test_peaks() -> None:
    field = np.zeros((2, 16, 16))
    field[0, 0, 0], field[0, 8, 8], field[0, 8, 9] = 1.0, 3.0, 2.0
    np.testing.assert_array_equal(peak_counts(field, [0.5, 2.5, 5.0]), [[2, 1, 0], [0, 0, 0]])
    shifted = np.roll(field, (15, 3), (-2, -1))
    np.testing.assert_array_equal(peak_counts(shifted, [0.5]), peak_counts(field, [0.5]))
