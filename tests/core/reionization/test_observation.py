"""Properties of an observation, and numbers that tools21cm gave for the same input."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from scipy import fft, ndimage

from core.reionization.constants import BOX_SIZE_MPC, CELL_MPC
from core.reionization.observation import (
    CLEAN,
    MIN_WEDGE_SLICES,
    Observation,
    noise_rms,
    observe,
    resolution_mpc,
    wedge_slope,
)
from core.statistics import power_spectrum

N = 64
AA4, AA_STAR = Observation("aa4"), Observation("aa_star")
EMPTY = np.zeros((N, N, N), np.float32)


def box(seed: int = 0) -> np.ndarray:
    """A correlated box in mK with a mean, (N, N, N)."""
    noise = np.random.default_rng(seed).standard_normal((N, N, N))
    return 20 * ndimage.gaussian_filter(noise, 1.5, mode="wrap") + 8


def in_wedge(n_slices: int, redshift: float) -> np.ndarray:
    """Modes below the horizon, in the order of fftn; the formula written out again."""
    along = np.abs(fft.fftfreq(n_slices, CELL_MPC))[:, None, None]
    across = fft.fftfreq(N, CELL_MPC)
    return along < wedge_slope(redshift) * np.hypot(across[:, None], across[None]) * (1 - 1e-6)


@pytest.mark.parametrize(
    "observation", [CLEAN, AA4, AA_STAR, Observation(wedge=True), Observation("aa4", wedge=True)]
)
def test_every_slice_has_mean_zero_and_the_input_is_left_alone(observation: Observation) -> None:
    stack = box()
    before = stack.copy()
    seen = observe(stack, 8.0, observation)
    assert seen.dtype == np.float32
    assert seen.shape == stack.shape
    assert np.abs(seen.mean(axis=(1, 2))).max() < 1e-6
    np.testing.assert_array_equal(stack, before)
    # so the mean brightness cannot tell the neutral fraction
    np.testing.assert_allclose(observe(stack + 5, 8.0, observation), seen, atol=1e-4)


def test_clean_is_the_image_without_its_mean() -> None:
    stack = box()
    np.testing.assert_allclose(
        observe(stack, 8.0), stack - stack.mean(axis=(1, 2), keepdims=True), atol=1e-5
    )
    np.testing.assert_allclose(observe(stack[3], 8.0), observe(stack, 8.0)[3], atol=1e-6)
    np.testing.assert_allclose(observe(observe(stack, 8.0), 8.0), observe(stack, 8.0), atol=1e-5)


def test_the_seed_fixes_the_noise() -> None:
    assert np.array_equal(observe(EMPTY, 9.0, AA4, seed=3), observe(EMPTY, 9.0, AA4, seed=3))
    a, b = (observe(EMPTY, 9.0, AA4, seed=s) for s in (3, 4))
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.1


def test_noise_falls_with_the_square_root_of_time() -> None:
    short, long = (observe(EMPTY, 8.0, Observation("aa4", hours=h), seed=1) for h in (100, 10_000))
    np.testing.assert_allclose(short, 10 * long, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("redshift", [7.0, 8.0, 10.0])
@pytest.mark.parametrize(
    "observation", [AA4, AA_STAR, Observation("aa4", wedge=True), Observation("aa_star", 300.0)]
)
def test_the_computed_noise_is_that_of_the_images(
    redshift: float, observation: Observation
) -> None:
    drawn = [observe(EMPTY, redshift, observation, seed=s).std() for s in range(4)]
    assert np.mean(drawn) == pytest.approx(noise_rms(redshift, observation), rel=0.04)


def test_without_a_telescope_there_is_no_noise() -> None:
    assert noise_rms(8.0, CLEAN) == 0.0
    assert noise_rms(8.0, Observation(wedge=True)) == 0.0


# tools21cm 2.4.3: noise_map at int_time=120, 6 h a day, declination -30, 1000 h, 64 cells of 2 Mpc
# with our cosmology, then smooth_coeval at 2 km
TOOLS21CM_RMS = {
    ("aa_star", 7.0): 7.10, ("aa_star", 8.0): 5.54, ("aa_star", 9.0): 6.31, ("aa_star", 10.0): 7.06,
    ("aa4", 7.0): 4.85, ("aa4", 8.0): 3.78, ("aa4", 9.0): 4.24, ("aa4", 10.0): 4.68,
}  # fmt: skip


@pytest.mark.parametrize(("array", "redshift"), TOOLS21CM_RMS)
def test_noise_is_that_of_tools21cm(array: str, redshift: float) -> None:
    theirs = TOOLS21CM_RMS[array, redshift]
    assert noise_rms(redshift, Observation(array)) == pytest.approx(theirs, rel=0.05)  # type: ignore[arg-type]


def test_a_point_is_smeared_as_the_resolution_says() -> None:
    """Second moments of the image of a point: Gaussian and top-hat, as in smooth_coeval."""
    stack = EMPTY.copy()
    stack[32, 32, 32] = 1e6
    seen = observe(stack, 8.0, Observation("aa4", 10_000.0))
    seen = seen - observe(EMPTY, 8.0, Observation("aa4", 10_000.0))
    seen -= seen[32].min()
    x = (np.arange(N) - 32) * CELL_MPC
    inner = np.abs(x) <= 20
    image = seen[32][np.ix_(inner, inner)]
    gauss = (resolution_mpc(8.0) / np.sqrt(8 * np.log(2))) ** 2
    for axis, variance in ((1, gauss), (0, gauss + CELL_MPC**2 * (5**2 - 1) / 12)):
        profile = image.sum(axis=axis)
        assert (profile * x[inner] ** 2).sum() / profile.sum() == pytest.approx(variance, rel=0.05)
    depth = seen[:, 32, 32] > 0.5 * seen[32, 32, 32]
    assert depth.sum() == 5
    assert resolution_mpc(8.0) == pytest.approx(8.65, rel=0.01)


def test_the_wedge_has_the_slope_of_the_horizon() -> None:
    assert wedge_slope(8.0) == pytest.approx(3.5, abs=0.1)
    slopes = [wedge_slope(z) for z in (7, 8, 9, 10)]
    assert slopes == sorted(slopes)


@pytest.mark.parametrize("array", ["none", "aa4"])
@pytest.mark.parametrize(("n_slices", "redshift"), [(64, 7.0), (16, 8.0), (33, 10.0)])
def test_no_power_is_left_in_the_wedge(array: str, n_slices: int, redshift: float) -> None:
    seen = observe(box()[:n_slices], redshift, Observation(array, wedge=True))  # type: ignore[arg-type]
    power = np.abs(fft.fftn(seen.astype(float))) ** 2
    wedge = in_wedge(n_slices, redshift)
    assert wedge.mean() > 0.3
    assert power[wedge].sum() < 1e-9 * power.sum()


def test_outside_the_wedge_nothing_changes_and_a_second_cut_does_nothing() -> None:
    stack = box()
    once = observe(stack, 8.0, Observation(wedge=True))
    np.testing.assert_allclose(observe(once, 8.0, Observation(wedge=True)), once, atol=1e-5)
    outside = ~in_wedge(N, 8.0)
    outside[:, 0, 0] = False  # the means of the slices
    before, after = fft.fftn(stack), fft.fftn(once.astype(float))
    np.testing.assert_allclose(after[outside], before[outside], atol=2e-2)


def test_flips_of_the_sky_are_symmetries() -> None:
    """What the networks' augmentation rests on."""
    stack = box()
    quiet = Observation("aa4", 10_000.0, wedge=True)
    noise = observe(EMPTY, 8.0, quiet)
    signal = observe(stack, 8.0, quiet) - noise
    for turned, back in (
        (stack[:, ::-1], signal[:, ::-1]),
        (stack[:, :, ::-1], signal[:, :, ::-1]),
        (np.roll(stack, (3, -9), (1, 2)), np.roll(signal, (3, -9), (1, 2))),
    ):
        np.testing.assert_allclose(observe(turned, 8.0, quiet) - noise, back, atol=1e-4)


@pytest.mark.parametrize("n_slices", [1, 4, 16])
def test_few_slices_have_the_noise_of_many(n_slices: int) -> None:
    stack = EMPTY[0] if n_slices == 1 else EMPTY[:n_slices]
    rms = np.sqrt(np.mean([observe(stack, 8.0, AA4, seed=s).var() for s in range(60)]))
    assert rms == pytest.approx(noise_rms(8.0, AA4), rel=0.05)


def test_noise_does_not_depend_on_the_size_of_the_cells() -> None:
    """The same sky in finer cells has the same noise spectrum."""
    fine, coarse = noise_rms(8.0, AA4, cell_mpc=1.0), noise_rms(8.0, AA4)
    assert fine == pytest.approx(coarse, rel=0.15)  # the top-hat is a whole number of cells
    spectra = []
    for n, cell in ((N, 2.0), (2 * N, 1.0)):
        maps = np.stack([observe(np.zeros((n, n)), 8.0, AA4, seed=s, cell_mpc=cell)
                         for s in range(60)])
        spectra.append(power_spectrum(maps, BOX_SIZE_MPC, k_edges=[0.08, 0.12, 0.2])[1].mean(0))
    np.testing.assert_allclose(spectra[0], spectra[1], rtol=0.2)


def test_a_box_takes_milliseconds() -> None:
    observe(EMPTY, 8.0, AA4)
    times = []
    for seed in range(5):
        start = time.process_time()
        observe(EMPTY, 8.0, Observation("aa4", wedge=True), seed=seed)
        times.append(time.process_time() - start)
    assert min(times) < 0.06


def test_labels() -> None:
    assert CLEAN.describe() == "no telescope"
    assert Observation("aa_star", 500).describe() == "SKA-Low AA*, 500 h"
    assert Observation("aa4", wedge=True).describe() == "SKA-Low AA4, 1,000 h, wedge removed"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Observation("ska"), 'choose "none", "aa_star" or "aa4"'),  # type: ignore[arg-type]
        (lambda: Observation("aa4", hours=10), "from 100 to 10,000"),
        (lambda: Observation("aa4", hours=float("nan")), "from 100 to 10,000"),
        (lambda: observe(EMPTY, 11.0), "from 7 to 10"),
        (lambda: observe(EMPTY, float("nan")), "from 7 to 10"),
        (lambda: observe(EMPTY[0, :, :32], 8.0), "square image"),
        (lambda: observe(EMPTY[None], 8.0), "square image"),
        (lambda: observe(EMPTY[:0], 8.0), "real numbers"),
        (lambda: observe(EMPTY + 1j, 8.0), "real numbers"),
        (lambda: observe(EMPTY + np.nan, 8.0), "not finite"),
        (lambda: observe(EMPTY[:15], 8.0, Observation(wedge=True)), "at least 16 contiguous"),
        (lambda: observe(EMPTY[0], 8.0, Observation("aa4", wedge=True)), "one image came"),
        (lambda: observe(EMPTY, 8.0, AA4, seed=-1), "0 or more"),
        (lambda: observe(EMPTY, 8.0, AA4, cell_mpc=0), "from 0.1 to 16 Mpc"),
        (lambda: noise_rms(6.0, AA4), "from 7 to 10"),
    ],
)
def test_mistakes_get_one_sentence(call, words: str) -> None:  # noqa: ANN001
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert str(error.value).count(". ") == 0
    assert "\n" not in str(error.value)


def test_a_wedge_needs_no_more_than_the_slices_it_says() -> None:
    observe(EMPTY[:MIN_WEDGE_SLICES], 8.0, Observation(wedge=True))


@pytest.mark.slow
def test_against_tools21cm_itself(tmp_path: Path) -> None:
    pytest.importorskip("tools21cm")
    from training.reionization.check_observation import (
        CheckConfig,
        compare_noise,
        compare_smoothing,
    )

    config = CheckConfig(redshifts=(8.0,), int_time=600.0, realizations=4)
    metrics, _ = compare_noise(config)
    assert metrics["noise_rms_error"] < 0.1
    assert compare_smoothing(box(), 8.0)["smoothing_error"] < 0.01
