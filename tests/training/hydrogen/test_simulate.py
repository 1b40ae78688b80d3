"""The stand-in simulations: gravity, haloes, hydrogen and the files they leave."""

import json
import os

import numpy as np
import pytest
from scipy import fft

from core.fields import CamelsMaps
from core.statistics import power_spectrum
from training.hydrogen.datasets.maps import simulation_seeds
from training.hydrogen.evaluate_simulations import REAL_MAPS, halofit_ratio, matter_power
from training.hydrogen.simulation.cosmology import Cosmology
from training.hydrogen.simulation.design import SUITE, design
from training.hydrogen.simulation.gravity import linear_modes, simulate_matter
from training.hydrogen.simulation.haloes import find_haloes
from training.hydrogen.simulation.neutral_hydrogen import Feedback, halo_hi_mass, neutral_fraction
from training.hydrogen.simulation.sets import SetFiles, SimulateConfig, simulate, simulate_one

CENTRE = Cosmology(0.3, 0.8)
FIDUCIAL = np.array([0.3, 0.8, 1.0, 1.0])


@pytest.fixture(scope="module")
def maps_by_cosmology():
    """Maps of four seeds at the centre and a step down and up in each parameter, same seeds."""
    rows = {
        "centre": (0.3, 0.8),
        "low_om": (0.2, 0.8),
        "high_om": (0.4, 0.8),
        "low_s8": (0.3, 0.65),
        "high_s8": (0.3, 0.95),
    }
    return {
        name: np.concatenate(
            [simulate_one(np.array([*row, 1.0, 1.0]), seed, 48, 64) for seed in range(4)]
        )
        for name, row in rows.items()
    }


def test_growth_is_the_scale_factor_in_an_einstein_de_sitter_universe():
    cosmology = Cosmology(1.0 - 1e-9, 0.8)
    a = np.array([0.1, 0.3, 0.7, 1.0])
    np.testing.assert_allclose(cosmology.growth(a), a, rtol=1e-6)
    np.testing.assert_allclose(cosmology.growth_rate(a), 1.0, rtol=1e-4)


def test_growth_is_slower_with_dark_energy():
    assert CENTRE.growth(0.5) > 0.5
    assert CENTRE.growth_rate(1.0) == pytest.approx(0.3**0.55, rel=0.02)


def test_linear_power_has_the_sigma_8_asked_for():
    k = np.geomspace(1e-4, 50, 4000)
    x = 8 * k
    window = 3 * (np.sin(x) - x * np.cos(x)) / x**3
    variance = np.trapezoid(window**2 * CENTRE.linear_power(k) * k**3 / (2 * np.pi**2), np.log(k))
    assert variance**0.5 == pytest.approx(0.8, rel=2e-3)


def test_linear_modes_have_the_linear_power_and_matched_phases():
    n, box = 32, 100.0
    a = linear_modes(CENTRE, n, box, 3)
    b = linear_modes(Cosmology(0.2, 0.7), n, box, 3)
    phase = (a[1:4, 1:4, 1:4] * b[1:4, 1:4, 1:4].conj()) / np.abs(a * b)[1:4, 1:4, 1:4]
    np.testing.assert_allclose(phase, 1, atol=1e-4)
    fixed = linear_modes(CENTRE, n, box, 3, fixed_amplitude=True)
    k = 2 * np.pi * fft.fftfreq(n, box / n)[2]
    power = np.abs(fixed[2, 0, 0]) ** 2 * box**3 / n**6
    assert power == pytest.approx(CENTRE.linear_power(np.array([k]))[0], rel=1e-3)


def test_small_fluctuations_grow_linearly_to_today():
    n, box = 32, 100.0
    quiet = Cosmology(0.3, 0.05)
    particles = simulate_matter(quiet, 5, n, box, fixed_amplitude=True)
    edges = np.array([0.06, 0.13, 0.2, 0.3])
    _, power = matter_power(particles, 2 * n, edges)
    axis = 2 * np.pi * fft.fftfreq(n, box / n)
    k = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis**2).ravel()
    index = np.digitize(k, edges)
    expected = [quiet.linear_power(k[index == i]).mean() for i in (1, 2, 3)]
    np.testing.assert_allclose(power, expected, rtol=0.05)


@pytest.mark.slow
def test_matter_power_is_within_five_percent_of_halofit():
    k, ratio = halofit_ratio()
    np.testing.assert_allclose(ratio[k < 0.7], 1, atol=0.05)


@pytest.mark.slow
def test_haloes_keep_one_mass_floor_in_every_cosmology():
    for omega_m in (0.15, 0.45):
        haloes = find_haloes(simulate_matter(Cosmology(omega_m, 0.9), 2, 64))
        assert haloes.masses.min() >= 1.7e11
        assert haloes.masses.min() < 2.1e11  # reaches down to the floor, whatever the particle mass
        assert np.all(np.diff(haloes.masses) <= 0)
        counts = np.bincount(haloes.membership[haloes.membership >= 0])
        particle = haloes.masses[0] / counts[0]
        np.testing.assert_allclose(counts * particle, haloes.masses, rtol=1e-6)


def test_particles_heavier_than_the_smallest_halo_are_refused():
    with pytest.raises(ValueError, match="more particles"):
        find_haloes(simulate_matter(CENTRE, 0, 12))


@pytest.mark.slow
def test_halo_abundance_is_near_sheth_and_tormen():
    masses = np.concatenate(
        [find_haloes(simulate_matter(CENTRE, 40 + s, 64)).masses for s in range(4)]
    )
    edges = np.array([3e11, 1e12, 5e12])
    measured = np.histogram(masses, edges)[0] / (4 * 25.0**3)
    fine = np.geomspace(edges[0], edges[-1], 200)
    density = CENTRE.halo_abundance(fine)
    expected = [
        np.trapezoid(np.where((fine >= a) & (fine < b), density, 0), np.log(fine))
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    ]
    np.testing.assert_allclose(measured / expected, 1, atol=0.35)


def test_hydrogen_is_ionized_in_voids_and_self_shielded_when_dense():
    contrast = np.geomspace(0.1, 1e6, 50)
    fraction = neutral_fraction(contrast, np.full(50, 1e4), CENTRE)
    assert np.all(np.diff(fraction) > 0)
    assert fraction[0] < 1e-5
    assert 0.9 < fraction[-1] <= 1


def test_halo_hydrogen_rises_with_mass_and_falls_with_feedback():
    mass = np.geomspace(5e10, 1e13, 20)
    quiet = halo_hi_mass(mass, Feedback())
    assert np.all(np.diff(quiet) > 0)
    assert np.all(halo_hi_mass(mass, Feedback(4.0, 1.0)) < quiet)
    assert np.all(halo_hi_mass(mass, Feedback(1.0, 4.0)) < quiet)
    assert np.all(quiet < 0.1 * mass)


@pytest.mark.slow
def test_maps_are_positive_and_close_to_the_real_ones():
    maps = np.concatenate([simulate_one(FIDUCIAL, seed, 64, 256) for seed in (1, 2)])
    assert maps.shape == (30, 256, 256) and maps.dtype == np.float32
    assert np.all(maps > 0)
    # the full set is held to 0.15 and 15% (docs/simulations.json); a box or two scatter more
    log_sigma = np.log10(maps)
    assert log_sigma.mean() == pytest.approx(REAL_MAPS["mean"], abs=0.3)
    assert log_sigma.std() == pytest.approx(REAL_MAPS["std"], rel=0.35)


@pytest.mark.slow
def test_power_answers_to_the_parameters_in_the_known_sense(maps_by_cosmology):
    def power(name):
        k, p = power_spectrum(np.log10(maps_by_cosmology[name]))
        return p[:, (k > 0.5) & (k < 3)].mean(axis=0)

    assert np.all(power("high_s8") > power("low_s8"))
    assert np.all(power("high_om") > power("low_om"))


def test_the_same_seed_gives_the_same_maps():
    a, b = (simulate_one(FIDUCIAL, 7, 32, 64) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, simulate_one(FIDUCIAL, 8, 32, 64))


def test_the_design_fills_the_prior_and_shares_no_seed_between_sets():
    parameters, seeds = design("LH", 100)
    assert parameters.shape == (100, 6)
    low, high = parameters.min(axis=0), parameters.max(axis=0)
    assert 0.1 <= low[0] < 0.105 and 0.495 < high[0] <= 0.5
    assert 0.6 <= low[1] < 0.605 and 0.995 < high[1] <= 1.0
    assert np.all(parameters[:, 2:4] >= 0.25) and np.all(parameters[:, 2:4] <= 4)
    # one row in each hundredth of every range: a Latin hypercube
    assert len(np.unique(np.floor((parameters[:, 0] - 0.1) / 0.004 + 1e-9))) >= 99
    others = {s for name in ("TEST", "FIX") for s in design(name, 100)[1].tolist()}
    assert not others & set(seeds.tolist())


def test_a_set_is_written_in_the_cmd_layout_and_goes_on_after_a_kill(tmp_path):
    config = SimulateConfig(tmp_path, ("TEST",), n_test=2, particles=24, map_size=64, workers=1)
    simulate(config)
    maps = CamelsMaps.open(tmp_path / "TEST", dataset="TEST")
    assert maps.suite == SUITE and maps.maps.shape == (30, 64, 64)
    before = np.array(maps.maps)
    # as if the second simulation had never been finished
    flags = tmp_path / "TEST" / "done.npy"
    np.save(flags, np.array([True, False]))
    broken = np.lib.format.open_memmap(next((tmp_path / "TEST").glob("Maps*.npy")), mode="r+")
    broken[15:] = 0
    broken.flush()
    simulate(config)
    np.testing.assert_array_equal(np.load(next((tmp_path / "TEST").glob("Maps*.npy"))), before)
    assert np.load(flags).all()
    manifest = json.loads((tmp_path / "TEST" / "manifest.json").read_text())
    assert len(manifest["seeds"]) == 2 and "not CAMELS" in manifest["note"]
    # the split of a set is a function of these seeds, so training has to find them
    np.testing.assert_array_equal(simulation_seeds(maps), design("TEST", 2)[1])


def test_files_that_were_being_made_when_a_run_was_killed_do_not_stop_the_next(
    tmp_path, monkeypatch
):
    def killed(*_):
        raise KeyboardInterrupt

    config = SimulateConfig(tmp_path, map_size=8)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", killed)
        SetFiles(tmp_path, "TEST", 2, config)
    assert not list(tmp_path.glob("*.npy"))
    files = SetFiles(tmp_path, "TEST", 2, config)
    files.write(1, np.ones((15, 8, 8), np.float32))
    files.save()
    again = SetFiles(tmp_path, "TEST", 2, config)
    assert again.flags.tolist() == [False, True]
    assert again.maps.sum() == 15 * 64 and again.maps.dtype == np.float32


@pytest.mark.slow
def test_a_cluster_is_used_by_its_address(tmp_path):
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        config = SimulateConfig(
            tmp_path,
            ("TEST",),
            n_test=4,
            particles=24,
            map_size=64,
            scheduler=cluster.scheduler_address,
        )
        simulate(config)
    maps = np.load(next((tmp_path / "TEST").glob("Maps*.npy")))
    parameters, seeds = design("TEST", 4)
    np.testing.assert_array_equal(maps[45:60], simulate_one(parameters[3], int(seeds[3]), 24, 64))
