"""Intervals, calibration and the corner plot."""

import numpy as np
import pytest

from core.posterior import Posterior, corner_figure, coverage, sbc_ranks, tarp


@pytest.fixture(scope="module")
def calibrated():
    """Truths drawn from their own posteriors, 400 problems of two parameters."""
    rng = np.random.default_rng(0)
    centre = rng.uniform(size=(400, 2))
    truth = centre + 0.1 * rng.normal(size=centre.shape)
    return centre[:, None] + 0.1 * rng.normal(size=(400, 500, 2)), truth


def test_interval_of_a_gaussian():
    samples = np.random.default_rng(1).normal([1.0, 2.0], [0.1, 0.3], size=(20000, 2))
    posterior = Posterior(samples, ("a", "b"))
    assert posterior.mean == pytest.approx([1, 2], abs=0.01)
    assert posterior.std == pytest.approx([0.1, 0.3], rel=0.03)
    low, high = posterior.interval(0.6827)[1]
    assert (low, high) == pytest.approx((1.7, 2.3), abs=0.02)


def test_calibrated_posteriors_cover(calibrated):
    found = coverage(*calibrated)
    assert found.shape == (2, 2)
    assert found[0] == pytest.approx([0.68, 0.68], abs=0.07)
    assert found[1] == pytest.approx([0.95, 0.95], abs=0.04)
    levels, expected = tarp(*calibrated)
    assert np.abs(levels - expected).max() < 0.08
    assert sbc_ranks(*calibrated).mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.05)


def test_narrow_and_shifted_posteriors_are_noticed(calibrated):
    samples, truth = calibrated
    narrow = samples.mean(axis=1, keepdims=True) + 0.4 * (
        samples - samples.mean(axis=1, keepdims=True)
    )
    assert coverage(narrow, truth)[0].max() < 0.5
    levels, expected = tarp(samples + 0.15, truth)
    assert np.abs(levels - expected).max() > 0.1


def test_lists_of_posteriors_are_taken(calibrated):
    samples, truth = calibrated
    posteriors = [Posterior(s, ("a", "b")) for s in samples]
    assert np.array_equal(coverage(posteriors, truth), coverage(samples, truth))


def test_wrong_shapes_are_refused(calibrated):
    with pytest.raises(ValueError, match="names"):
        Posterior(np.zeros((5, 2)), ("a",))
    with pytest.raises(ValueError, match="truth"):
        Posterior(np.zeros((5, 2)), ("a", "b"), truth=np.zeros(3))
    with pytest.raises(ValueError, match="level"):
        Posterior(np.zeros((5, 2)), ("a", "b")).interval(68)
    with pytest.raises(ValueError, match="do not fit"):
        coverage(calibrated[0], calibrated[1][:3])


@pytest.mark.parametrize("truth", [None, (0.3, 0.8)])
def test_corner_figure(tmp_path, truth):
    rng = np.random.default_rng(0)
    posterior = Posterior(rng.normal([0.3, 0.8], 0.03, size=(4000, 2)), ("a", "b"))
    figure = corner_figure(posterior, truth)
    figure.savefig(tmp_path / "corner.png")
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert len(shown) == 3
    lines = [line for line in shown[0].lines if line.get_color() == "#b91c1c"]
    assert len(lines) == (0 if truth is None else 1)


def test_corner_of_a_posterior_without_width(tmp_path):
    posterior = Posterior(np.full((100, 2), 0.5), ("a", "b"))
    corner_figure(posterior).savefig(tmp_path / "corner.png")


def _drawn(corner_of: np.ndarray, limits: list[tuple[float, float]]) -> list:
    """The axes of our corner plot that are seen: a marginal, the two parameters, a marginal."""
    figure = corner_figure(Posterior(corner_of, ("a", "b")), limits=limits)
    return [ax for ax in figure.axes if ax.get_visible()]


@pytest.fixture(scope="module")
def bent():
    """Samples of a banana, and limits around them."""
    a, noise = np.random.default_rng(3).normal(size=(2, 20_000))
    samples = np.stack([0.3 + 0.05 * a, 0.8 + 0.03 * (a**2 - 1) + 0.02 * noise], axis=1)
    low, high = samples.min(axis=0) - 0.05, samples.max(axis=0) + 0.05
    return samples, list(zip(low, high, strict=True))


def test_regions_are_those_of_the_package_corner(bent):
    corner = pytest.importorskip("corner")
    from matplotlib.contour import QuadContourSet
    from matplotlib.figure import Figure

    samples, limits = bent
    theirs = Figure().subplots()
    corner.hist2d(
        *samples.T, bins=50, range=limits, levels=(0.68, 0.95), smooth=1.5, ax=theirs,
        plot_datapoints=False, plot_density=False, no_fill_contours=True, new_fig=False,
    )  # fmt: skip
    ours = _drawn(samples, limits)[1]
    found, expected = (
        [s for s in ax.get_children() if isinstance(s, QuadContourSet) and not s.filled][-1]
        for ax in (ours, theirs)
    )
    np.testing.assert_allclose(found.levels, expected.levels, rtol=0.05)  # one cell more or less
    for own, other in zip(found.get_paths(), expected.get_paths(), strict=True):
        for side in (np.min, np.max):
            np.testing.assert_allclose(
                side(own.vertices, axis=0), side(other.vertices, axis=0), atol=0.005
            )


def test_marginals_and_intervals_are_those_of_the_package_corner(bent):
    corner = pytest.importorskip("corner")
    samples, limits = bent
    axes = corner.corner(samples, bins=60, range=limits, smooth1d=1.5, plot_contours=False,
                         plot_density=False).axes
    shown = _drawn(samples, limits)
    panels = zip((shown[0], shown[2]), (axes[0], axes[3]), limits, strict=True)
    for ours, theirs, (low, high) in panels:
        density, counts = ours.lines[0].get_ydata(), theirs.lines[0].get_ydata()[::2]
        lost = density * len(samples) * (high - low) / 60 - counts
        # it smooths counts in whole numbers, and so loses up to one sample a bin
        assert lost.min() > -0.01 and lost.max() < 1.01
    expected = [corner.quantile(column, [0.16, 0.84]) for column in samples.T]
    np.testing.assert_allclose(Posterior(samples, ("a", "b")).interval(0.68), expected)
