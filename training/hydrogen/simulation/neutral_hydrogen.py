"""Neutral hydrogen at z = 0 painted on a dark-matter box, in maps of the CMD layout.

Three parts add up:

1. Resolved haloes: M_HI(M) = M_0 x^alpha exp(-x^-0.35), x = M / M_min, with 0.25 dex of scatter
   (Villaescusa-Navarro et al. 2018, arXiv:1804.09180, Table 1, FoF, z = 0). Part of it sits in a
   central exponential disc, the rest on the halo's particles as satellites do.
2. Haloes below the resolution, drawn as a Poisson process from the halo mass function of the
   cosmology, placed by their bias on the matter outside resolved haloes.
3. Diffuse gas: photoionization equilibrium with a uniform background and self-shielding
   (Rahmati et al. 2013, arXiv:1210.7808), on a density smoothed at the pressure scale.

Two nuisance parameters stand where CAMELS has supernova and AGN feedback: a_sn empties small
haloes and heats and smooths the gas around them, a_agn empties heavy haloes and heats dense gas.
They are effective, not a model of feedback.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import fft

from training.hydrogen.simulation.cosmology import Cosmology
from training.hydrogen.simulation.gravity import Particles, paint
from training.hydrogen.simulation.haloes import Haloes

__all__ = ["Feedback", "halo_hi_mass", "hi_maps", "neutral_fraction"]

Array = NDArray[np.float64]
HYDROGEN_FRACTION = 0.76
SLABS = 5


@dataclass(frozen=True)
class Feedback:
    """Nuisance parameters, each in [0.25, 4] with 1 as the fiducial value."""

    a_sn: float = 1.0
    a_agn: float = 1.0


def halo_hi_mass(mass: Array, feedback: Feedback) -> Array:
    """Mean HI mass (Msun/h) of haloes of the given mass (Msun/h)."""
    x = mass / (2.0e12 * feedback.a_sn**0.25)
    mean = 4.3e10 * x**0.24 * np.exp(-(x**-0.35))
    # the UV background empties what is too small to shield itself
    mean *= np.exp(-((7e10 * feedback.a_sn**0.25 / mass) ** 2))
    return mean / (1 + 0.5 * feedback.a_agn * (mass / 1e13) ** 0.5)


def neutral_fraction(contrast: Array, temperature: Array, cosmology: Cosmology) -> Array:
    """Neutral fraction of diffuse gas in photoionization equilibrium at z = 0.

    Args:
        contrast: gas density over the cosmic mean.
        temperature: kelvin.
        cosmology: gives the mean hydrogen density.
    """
    density = 8.63e-6 * cosmology.omega_b * cosmology.h**2 / 0.76 * HYDROGEN_FRACTION * contrast
    rate = 3.7e-14  # 1/s; between Haardt & Madau 2012 and the photon-underproduction fits
    shielding = 1.3e-3 * (rate / 1e-13) ** (2 / 3) * (temperature / 1e4) ** 0.17
    ratio = density / shielding
    shielded = 0.98 * (1 + ratio**1.64) ** -2.28 + 0.02 * (1 + ratio) ** -0.84
    lam = 315614.0 / temperature
    recombination = 1.269e-13 * lam**1.503 / (1 + (lam / 0.522) ** 0.47) ** 1.923
    collisional = (
        1.17e-10
        * np.sqrt(temperature)
        * np.exp(-157809.0 / temperature)
        / (1 + np.sqrt(temperature / 1e5))
    )
    a = recombination + collisional
    b = 2 * recombination + rate * shielded / density + collisional
    return 2 * recombination / (b + np.sqrt(b**2 - 4 * a * recombination))


@njit(cache=True, fastmath=True)
def _deposit(maps, positions, weights, box_size):  # type: ignore[no-untyped-def]
    """Cloud-in-cell deposit in the plane, nearest slab along the line of sight, three axes."""
    slabs, n = maps.shape[1], maps.shape[2]
    scale = n / box_size
    for p in range(positions.shape[0]):
        w = weights[p]
        if w <= 0:
            continue
        for axis in range(3):
            u = positions[p, (axis + 1) % 3] * scale - 0.5
            v = positions[p, (axis + 2) % 3] * scale - 0.5
            s = int(positions[p, axis] * slabs / box_size) % slabs
            i, j = int(np.floor(u)), int(np.floor(v))
            fu, fv = u - i, v - j
            i0, j0, i1, j1 = i % n, j % n, (i + 1) % n, (j + 1) % n
            maps[axis, s, i0, j0] += w * (1 - fu) * (1 - fv)
            maps[axis, s, i0, j1] += w * (1 - fu) * fv
            maps[axis, s, i1, j0] += w * fu * (1 - fv)
            maps[axis, s, i1, j1] += w * fu * fv


@njit(cache=True, fastmath=True)
def _interpolate(mesh, positions, box_size):  # type: ignore[no-untyped-def]
    """Cloud-in-cell value of the mesh at each position."""
    n = mesh.shape[0]
    scale = n / box_size
    out = np.empty(positions.shape[0], np.float32)
    for p in range(positions.shape[0]):
        x, y, z = positions[p, 0] * scale, positions[p, 1] * scale, positions[p, 2] * scale
        i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
        fx, fy, fz = x - i, y - j, z - k
        value = 0.0
        for a in range(2):
            wx = fx if a else 1 - fx
            for b in range(2):
                wy = fy if b else 1 - fy
                for c in range(2):
                    wz = fz if c else 1 - fz
                    value += wx * wy * wz * mesh[(i + a) % n, (j + b) % n, (k + c) % n]
        out[p] = value
    return out


def _refine(particles: Particles, factor: int) -> NDArray[np.float32]:
    """Positions on a Lagrangian lattice `factor` times finer (trilinear in the displacements).

    Matter between the particles is a sheet: this removes the lattice dots in voids.
    """
    n = particles.positions.shape[0]
    fine = particles.displacements
    for axis in range(3):  # pressure smoothing; takes away the ringing at the lattice's Nyquist
        fine = (2 * fine + np.roll(fine, 1, axis) + np.roll(fine, -1, axis)) / np.float32(4)
    for axis in range(3):
        following = np.roll(fine, -1, axis=axis)
        steps = [fine + (following - fine) * np.float32(s / factor) for s in range(factor)]
        fine = np.stack(steps, axis=axis + 1).reshape(
            tuple(fine.shape[i] * (factor if i == axis else 1) for i in range(3)) + (3,)
        )
    size = n * factor
    sites = np.arange(size, dtype=np.float32) * np.float32(particles.box_size / size)
    for axis in range(3):
        shape = [1, 1, 1]
        shape[axis] = size
        fine[..., axis] += sites.reshape(shape)
    return np.mod(fine, np.float32(particles.box_size)).reshape(-1, 3)


def _smooth(maps: NDArray[np.float32], length: float, box: float) -> NDArray[np.float32]:
    """Gaussian smoothing (Mpc/h) in the plane."""
    n = maps.shape[-1]
    k = 2 * np.pi * fft.fftfreq(n, box / n)
    g = np.exp(-0.5 * (k * length) ** 2)
    modes = fft.rfft2(maps) * (g[:, None] * g[None, : n // 2 + 1])
    tiny = np.float32(maps.mean() * 1e-6)
    return np.maximum(fft.irfft2(modes, maps.shape[-2:]), tiny).astype(np.float32)


def _twice_as_fine(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Periodic bilinear interpolation to half the pixel size; the sum is kept."""
    for axis in (-2, -1):
        before, after = np.roll(maps, 1, axis), np.roll(maps, -1, axis)
        pair = np.stack([3 * maps + before, 3 * maps + after], axis=maps.ndim + axis + 1)
        shape = list(maps.shape)
        shape[axis] *= 2
        maps = (pair.reshape(shape) / np.float32(8)).astype(np.float32)
    return maps


def _gas_contrast(
    positions: NDArray[np.float32], box_size: float, mesh_size: int, smoothing: float
) -> NDArray[np.float32]:
    """Gas density over the mean on a mesh: matter smoothed by a Gaussian (Mpc/h)."""
    ones = np.ones(1, dtype=np.float32)
    mesh = paint(positions, ones, box_size, mesh_size)
    mesh *= np.float32(mesh_size**3 / len(positions))
    k = (2 * np.pi * fft.fftfreq(mesh_size, box_size / mesh_size)).astype(np.float32)
    g = np.exp(-0.5 * (k * smoothing) ** 2)
    modes = fft.rfftn(mesh, overwrite_x=True)
    modes *= g[:, None, None] * g[None, :, None] * g[None, None, : mesh_size // 2 + 1]
    return np.maximum(fft.irfftn(modes, mesh.shape, overwrite_x=True), 1e-3)


def hi_maps(
    particles: Particles,
    haloes: Haloes,
    cosmology: Cosmology,
    feedback: Feedback,
    seed: int,
    size: int = 256,
) -> NDArray[np.float32]:
    """Paint the 15 maps of one simulation.

    Returns:
        (15, size, size) float32, HI surface density in (Msun/h) / (Mpc/h)^2; three axes by five
        slabs of 5 Mpc/h.
    """
    rng = np.random.default_rng([seed, 1])
    box = particles.box_size
    n = particles.positions.shape[0]
    coarse = particles.positions.reshape(-1, 3)
    maps = np.zeros((3, SLABS, size, size), dtype=np.float32)

    factor = 2
    positions = _refine(particles, factor)
    smoothing = 0.25 * feedback.a_sn**0.15
    contrast_mesh = _gas_contrast(positions, box, 2 * n, smoothing)
    contrast = _interpolate(contrast_mesh, positions, box)
    gas = np.zeros((3, SLABS, size // 2, size // 2), dtype=np.float32)
    _deposit(gas, positions, _diffuse(contrast, haloes, particles, cosmology, feedback), box)
    maps += _twice_as_fine(_smooth(gas, 0.18, box))  # pressure: nothing finer than 0.2 Mpc/h
    at_particles = _interpolate(contrast_mesh, coarse, box)
    _deposit(maps, *_small_haloes(coarse, at_particles, haloes, cosmology, feedback, box, rng), box)
    _deposit(maps, *_resolved_haloes(coarse, haloes, feedback, box, rng), box)
    return maps.reshape(3 * SLABS, size, size) * np.float32((size / box) ** 2)


def _diffuse(
    contrast: NDArray[np.float32],
    haloes: Haloes,
    particles: Particles,
    cosmology: Cosmology,
    feedback: Feedback,
) -> NDArray[np.float32]:
    """HI mass (Msun/h) of each fine gas particle; none inside resolved haloes."""
    n = particles.positions.shape[0]
    factor = round((len(contrast) / n**3) ** (1 / 3))
    table = np.geomspace(1e-3, 1e4, 400)
    temperature = np.minimum(8e3 * feedback.a_sn**0.1 * table**0.55, 6e4)
    temperature *= 1 + feedback.a_agn * np.maximum(table / 30, 0) ** 0.7
    fraction = neutral_fraction(table, temperature, cosmology)
    mass = HYDROGEN_FRACTION * cosmology.omega_b / cosmology.omega_m * particles.mass / factor**3
    weights = np.exp(np.interp(np.log(contrast), np.log(table), np.log(fraction))) * mass
    free = (haloes.membership < 0).reshape(n, n, n)
    for axis in range(3):
        free = np.repeat(free, factor, axis=axis)
    return (weights * free.ravel()).astype(np.float32)


def _small_haloes(
    coarse: NDArray[np.float32],
    contrast: NDArray[np.float32],
    haloes: Haloes,
    cosmology: Cosmology,
    feedback: Feedback,
    box: float,
    rng: np.random.Generator,
    mass_range: tuple[float, float] = (2e10, 1.7e11),
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Positions and HI masses of haloes too small for the particles."""
    edges = np.geomspace(*mass_range, 13)
    centres = np.sqrt(edges[1:] * edges[:-1])
    abundance = cosmology.halo_abundance(centres) * np.diff(np.log(edges)) * box**3
    bias = cosmology.halo_bias(centres)
    outside = np.flatnonzero(haloes.membership < 0)
    log_contrast = np.log(np.clip(contrast[outside], 0.05, 50))
    places, masses = [], []
    for mass, mean, b in zip(centres, abundance, bias, strict=True):
        count = rng.poisson(mean)
        cumulative = np.cumsum(np.exp((b - 1) * log_contrast))
        chosen = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
        places.append(coarse[outside[chosen]] + rng.normal(0, 0.1, (count, 3)))
        masses.append(halo_hi_mass(np.full(count, mass), feedback))
    hi = np.concatenate(masses)
    hi *= np.exp(rng.normal(0, 0.25 * np.log(10), len(hi)))
    return np.mod(np.concatenate(places), box).astype(np.float32), hi.astype(np.float32)


def _resolved_haloes(
    coarse: NDArray[np.float32],
    haloes: Haloes,
    feedback: Feedback,
    box: float,
    rng: np.random.Generator,
    disc_points: int = 64,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points that carry the HI of resolved haloes: central discs and satellites."""
    total = halo_hi_mass(haloes.masses, feedback)
    total *= np.exp(rng.normal(0, 0.25 * np.log(10), len(total)))
    central_part = 1 / (1 + (haloes.masses / 3e12) ** 0.6)
    # discs: exponential, inclined at random, scale length 3% of the virial radius
    virial = (3 * haloes.masses / (4 * np.pi * 200 * 2.775e11 * 0.3)) ** (1 / 3)
    radius = rng.gamma(2.0, 1.0, (len(total), disc_points)) * (0.03 * virial)[:, None]
    angle = rng.uniform(0, 2 * np.pi, radius.shape)
    basis = np.linalg.qr(rng.standard_normal((len(total), 3, 2)))[0] if len(total) else None
    if basis is None:
        return np.zeros((0, 3), np.float32), np.zeros(0, np.float32)
    plane = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    discs = haloes.centres[:, None] + np.einsum("hpc,hxc->hpx", plane, basis)
    disc_mass = np.repeat(total * central_part / disc_points, disc_points)
    members = np.flatnonzero(haloes.membership >= 0)
    halo = haloes.membership[members]
    share = np.exp(rng.normal(0, 2.5, len(members)))
    norm = np.bincount(halo, share, minlength=len(total))
    satellite_mass = (total * (1 - central_part) / norm)[halo] * share
    positions = np.concatenate([discs.reshape(-1, 3), coarse[members]])
    mass = np.concatenate([disc_mass, satellite_mass])
    return np.mod(positions, box).astype(np.float32), mass.astype(np.float32)
