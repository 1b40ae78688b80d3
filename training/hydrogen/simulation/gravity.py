"""Particle-mesh gravity in a periodic box: 2LPT start, FastPM steps.

Feng et al. 2016 (arXiv:1603.00476): kicks and drifts carry the exact linear growth, so that a few
steps reproduce large scales; the force is the gradient of the potential on a mesh twice as fine as
the particles. One FFT pair a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import fft

from training.hydrogen.simulation.cosmology import Cosmology

__all__ = ["Particles", "linear_modes", "paint", "simulate_matter"]

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Particles:
    """Equal-mass particles at z = 0.

    Attributes:
        positions: (n, n, n, 3) float32 in [0, box_size) Mpc/h, in Lagrangian order.
        displacements: (n, n, n, 3) float32, position minus lattice site (not wrapped).
        box_size: Mpc/h.
        mass: of one particle, Msun/h.
    """

    positions: Array
    displacements: Array
    box_size: float
    mass: float


def _wavenumbers(n: int, box_size: float) -> tuple[Array, Array, Array]:
    full = (2 * np.pi * fft.fftfreq(n, box_size / n)).astype(np.float32)
    half = (2 * np.pi * fft.rfftfreq(n, box_size / n)).astype(np.float32)
    return full[:, None, None], full[None, :, None], half[None, None, :]


def linear_modes(
    cosmology: Cosmology, n: int, box_size: float, seed: int, fixed_amplitude: bool = False
) -> NDArray[np.complex64]:
    """Fourier modes of the linear density contrast at z = 0, shape (n, n, n // 2 + 1).

    The phases depend on the seed alone: two cosmologies with one seed are matched. With
    `fixed_amplitude` every mode has exactly the mean power (Angulo & Pontzen 2016,
    arXiv:1603.05253), which takes most of the sample variance out of a measured P(k).
    """
    noise = np.random.default_rng(seed).standard_normal((n, n, n), dtype=np.float32)
    modes = fft.rfftn(noise)
    if fixed_amplitude:
        modes *= n**1.5 / np.maximum(np.abs(modes), 1e-6)
    kx, ky, kz = _wavenumbers(n, box_size)
    k = np.sqrt(kx**2 + ky**2 + kz**2).astype(np.float64)
    table_k = np.geomspace(2 * np.pi / box_size / 2, 2 * np.pi * n / box_size * 2, 512)
    table = np.log(cosmology.linear_power(table_k))
    power = np.exp(np.interp(np.log(np.maximum(k, table_k[0])), np.log(table_k), table))
    modes *= np.sqrt(power * n**3 / box_size**3)
    modes[0, 0, 0] = 0
    return modes.astype(np.complex64)


def _lagrangian(
    modes: NDArray[np.complex64], n: int, box_size: float
) -> tuple[list[Array], list[Array]]:
    """First and second order displacement fields at unit growth (D1 = 1, D2 = -3/7)."""
    k = _wavenumbers(n, box_size)
    k2 = k[0] ** 2 + k[1] ** 2 + k[2] ** 2
    k2[0, 0, 0] = 1
    potential = -modes / k2  # laplacian of phi1 = delta
    first = [-fft.irfftn(1j * k[i] * potential, (n, n, n)) for i in range(3)]
    hessian = {
        (i, j): fft.irfftn(-k[i] * k[j] * potential, (n, n, n))
        for i in range(3)
        for j in range(i, 3)
    }
    source = sum(
        hessian[i, i] * hessian[j, j] - hessian[i, j] ** 2
        for i in range(3)
        for j in range(i + 1, 3)
    )
    potential2 = -fft.rfftn(source) / k2
    second = [-3 / 7 * fft.irfftn(1j * k[i] * potential2, (n, n, n)) for i in range(3)]
    return first, second


@njit(cache=True, fastmath=True)
def paint(positions, weights, box_size, n):  # type: ignore[no-untyped-def]
    """Cloud-in-cell deposit of weighted particles (m, 3) on a periodic (n, n, n) mesh."""
    mesh = np.zeros((n, n, n), dtype=np.float32)
    scale = n / box_size
    for p in range(positions.shape[0]):
        x, y, z = positions[p, 0] * scale, positions[p, 1] * scale, positions[p, 2] * scale
        i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
        fx, fy, fz = x - i, y - j, z - k
        i0, j0, k0 = i % n, j % n, k % n
        i1, j1, k1 = (i + 1) % n, (j + 1) % n, (k + 1) % n
        w = weights[p % weights.shape[0]]
        a, b = w * (1 - fx), w * fx
        mesh[i0, j0, k0] += a * (1 - fy) * (1 - fz)
        mesh[i0, j0, k1] += a * (1 - fy) * fz
        mesh[i0, j1, k0] += a * fy * (1 - fz)
        mesh[i0, j1, k1] += a * fy * fz
        mesh[i1, j0, k0] += b * (1 - fy) * (1 - fz)
        mesh[i1, j0, k1] += b * (1 - fy) * fz
        mesh[i1, j1, k0] += b * fy * (1 - fz)
        mesh[i1, j1, k1] += b * fy * fz
    return mesh


@njit(cache=True, fastmath=True)
def _gradient(potential, box_size):  # type: ignore[no-untyped-def]
    """Minus the fourth-order finite-difference gradient, shape (n, n, n, 3)."""
    n = potential.shape[0]
    out = np.empty((n, n, n, 3), dtype=np.float32)
    c1 = np.float32(-2 / 3 * n / box_size)
    c2 = np.float32(1 / 12 * n / box_size)
    for i in range(n):
        ip, im, ipp, imm = (i + 1) % n, (i - 1) % n, (i + 2) % n, (i - 2) % n
        for j in range(n):
            jp, jm, jpp, jmm = (j + 1) % n, (j - 1) % n, (j + 2) % n, (j - 2) % n
            for k in range(n):
                kp, km, kpp, kmm = (k + 1) % n, (k - 1) % n, (k + 2) % n, (k - 2) % n
                out[i, j, k, 0] = c1 * (potential[ip, j, k] - potential[im, j, k]) + c2 * (
                    potential[ipp, j, k] - potential[imm, j, k]
                )
                out[i, j, k, 1] = c1 * (potential[i, jp, k] - potential[i, jm, k]) + c2 * (
                    potential[i, jpp, k] - potential[i, jmm, k]
                )
                out[i, j, k, 2] = c1 * (potential[i, j, kp] - potential[i, j, km]) + c2 * (
                    potential[i, j, kpp] - potential[i, j, kmm]
                )
    return out


@njit(cache=True, fastmath=True)
def _kick(momenta, positions, force, factor, box_size):  # type: ignore[no-untyped-def]
    """momenta += factor * force at the particles (cloud-in-cell), in place."""
    n = force.shape[0]
    scale = n / box_size
    for p in range(positions.shape[0]):
        x, y, z = positions[p, 0] * scale, positions[p, 1] * scale, positions[p, 2] * scale
        i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
        fx, fy, fz = x - i, y - j, z - k
        i0, j0, k0 = i % n, j % n, k % n
        i1, j1, k1 = (i + 1) % n, (j + 1) % n, (k + 1) % n
        w000, w001 = (1 - fx) * (1 - fy) * (1 - fz), (1 - fx) * (1 - fy) * fz
        w010, w011 = (1 - fx) * fy * (1 - fz), (1 - fx) * fy * fz
        w100, w101 = fx * (1 - fy) * (1 - fz), fx * (1 - fy) * fz
        w110, w111 = fx * fy * (1 - fz), fx * fy * fz
        for c in range(3):
            momenta[p, c] += factor * (
                w000 * force[i0, j0, k0, c]
                + w001 * force[i0, j0, k1, c]
                + w010 * force[i0, j1, k0, c]
                + w011 * force[i0, j1, k1, c]
                + w100 * force[i1, j0, k0, c]
                + w101 * force[i1, j0, k1, c]
                + w110 * force[i1, j1, k0, c]
                + w111 * force[i1, j1, k1, c]
            )


def _force(positions: Array, box_size: float, mesh_size: int) -> Array:
    """-grad laplacian^-1 delta on the mesh, shape (mesh, mesh, mesh, 3), Mpc/h."""
    ones = np.ones(1, dtype=np.float32)
    density = paint(positions, ones, box_size, mesh_size)
    density *= np.float32(mesh_size**3 / len(positions))
    modes = fft.rfftn(density, overwrite_x=True)
    kx, ky, kz = _wavenumbers(mesh_size, box_size)
    k2 = kx**2 + ky**2 + kz**2
    k2[0, 0, 0] = 1
    modes /= -k2
    modes[0, 0, 0] = 0
    potential = fft.irfftn(modes, (mesh_size,) * 3, overwrite_x=True)
    return _gradient(potential, np.float32(box_size))


def simulate_matter(
    cosmology: Cosmology,
    seed: int,
    n: int = 64,
    box_size: float = 25.0,
    *,
    mesh_factor: int = 2,
    steps: int = 15,
    a_start: float = 0.06,
    fixed_amplitude: bool = False,
) -> Particles:
    """Evolve n^3 particles from a_start to z = 0.

    Args:
        cosmology: the flat LCDM background.
        seed: random seed of the initial phases.
        n: particles a side.
        box_size: Mpc/h.
        mesh_factor: force mesh cells a particle spacing.
        steps: equal steps in the scale factor.
        a_start: scale factor of the 2LPT start.
        fixed_amplitude: see :func:`linear_modes`.
    """
    modes = linear_modes(cosmology, n, box_size, seed, fixed_amplitude)
    first, second = _lagrangian(modes, n, box_size)

    def momentum_growth(a: float) -> float:
        """a^3 E dD/da: the momentum of a Zel'dovich particle a unit displacement."""
        return float(a**2 * cosmology.hubble(a) * cosmology.growth(a) * cosmology.growth_rate(a))

    d1 = float(cosmology.growth(a_start))
    omega = float(cosmology.omega_m_at(a_start))
    d2 = d1**2 * omega ** (-1 / 143)
    rate2 = 2 * omega ** (6 / 11)
    p1 = momentum_growth(a_start)
    p2 = float(a_start**2 * cosmology.hubble(a_start) * d2 * rate2)

    mesh_size = n * mesh_factor
    # half a mesh cell off: on a mesh point the cloud-in-cell weights have a kink, which makes
    # spurious power while displacements are smaller than a cell
    sites = (np.arange(n) * (box_size / n) + 0.5 * box_size / mesh_size).astype(np.float32)
    displacement = np.empty((n, n, n, 3), dtype=np.float32)
    momenta = np.empty((n, n, n, 3), dtype=np.float32)
    for c in range(3):
        displacement[..., c] = d1 * first[c] + d2 * second[c]
        momenta[..., c] = p1 * first[c] + p2 * second[c]
    flat_momenta = momenta.reshape(-1, 3)  # a view
    lattice = np.stack(np.meshgrid(sites, sites, sites, indexing="ij"), axis=-1)

    def wrapped() -> Array:
        return np.mod(lattice + displacement, np.float32(box_size)).reshape(-1, 3)

    times = np.linspace(a_start, 1.0, steps + 1)
    positions = wrapped()
    for now, then in zip(times[:-1], times[1:], strict=True):
        middle = (now + then) / 2
        if now == times[0]:
            force = _force(positions, box_size, mesh_size)
        p_now, p_middle, p_then = (momentum_growth(a) for a in (now, middle, then))
        d_now, d_then = float(cosmology.growth(now)), float(cosmology.growth(then))
        _kick(flat_momenta, positions, force, np.float32((p_middle - p_now) / d_now), box_size)
        displacement += momenta * np.float32((d_then - d_now) / p_middle)
        positions = wrapped()
        force = _force(positions, box_size, mesh_size)
        _kick(flat_momenta, positions, force, np.float32((p_then - p_middle) / d_then), box_size)
    mass = cosmology.mean_density * box_size**3 / n**3
    return Particles(positions.reshape(n, n, n, 3), displacement, box_size, mass)
