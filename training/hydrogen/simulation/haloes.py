"""Friends-of-friends haloes (Davis et al. 1985) on a periodic box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from training.hydrogen.simulation.gravity import Particles

__all__ = ["Haloes", "find_haloes"]


@dataclass(frozen=True)
class Haloes:
    """Resolved haloes of one box, heaviest first.

    Attributes:
        masses: (h,) Msun/h, friends-of-friends masses.
        centres: (h, 3) Mpc/h, centres of mass.
        membership: (particles,) index of the halo of each particle, -1 outside haloes.
    """

    masses: NDArray[np.float64]
    centres: NDArray[np.float64]
    membership: NDArray[np.int64]


@njit(cache=True)
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True, fastmath=True)
def _friends(positions, box_size, length, cells):  # type: ignore[no-untyped-def]
    """Label of the friends-of-friends group of each particle."""
    m = positions.shape[0]
    head = np.full(cells**3, -1, np.int32)
    following = np.empty(m, np.int32)
    parent = np.arange(m).astype(np.int32)
    index = np.empty((m, 3), np.int32)
    scale = cells / box_size
    for p in range(m):
        for c in range(3):
            index[p, c] = min(int(positions[p, c] * scale), cells - 1)
        cell = (index[p, 0] * cells + index[p, 1]) * cells + index[p, 2]
        following[p] = head[cell]
        head[cell] = p
    half = box_size / 2
    for p in range(m):
        for di in range(-1, 2):
            for dj in range(-1, 2):
                for dk in range(-1, 2):
                    i = (index[p, 0] + di) % cells
                    j = (index[p, 1] + dj) % cells
                    k = (index[p, 2] + dk) % cells
                    q = head[(i * cells + j) * cells + k]
                    while q > p:  # lists are in falling order: every pair is seen once
                        distance = 0.0
                        for c in range(3):
                            d = abs(positions[p, c] - positions[q, c])
                            if d > half:
                                d = box_size - d
                            distance += d * d
                        if distance < length * length:
                            a, b = _root(parent, p), _root(parent, q)
                            if a != b:
                                parent[max(a, b)] = min(a, b)
                        q = following[q]
    for p in range(m):
        parent[p] = _root(parent, p)
    return parent


def find_haloes(
    particles: Particles, mass_floor: float = 1.7e11, linking_length: float = 0.2
) -> Haloes:
    """Groups above a fixed mass.

    Args:
        particles: the box at z = 0.
        mass_floor: Msun/h, the same for every cosmology: a floor in particle number would move
            with Omega_m and make a false signal. The default is 20 particles of a 64^3 box at
            Omega_m = 0.5.
        linking_length: in mean particle spacings.

    Raises:
        ValueError: if a single particle is heavier than the floor.
    """
    if particles.mass > mass_floor:
        raise ValueError(
            f"A particle weighs {particles.mass:.2g} Msun/h, more than the smallest halo, "
            f"{mass_floor:.2g}; simulate with more particles (64 a side for 25 Mpc/h)."
        )
    positions = particles.positions.reshape(-1, 3)
    n = particles.positions.shape[0]
    box = particles.box_size
    length = linking_length * box / n
    labels = _friends(positions, box, length, int(2.5 * n))
    counts = np.bincount(labels, minlength=len(labels))
    roots = np.flatnonzero(counts * particles.mass >= mass_floor)
    roots = roots[np.argsort(-counts[roots], kind="stable")]
    lookup = np.full(len(labels), -1, dtype=np.int64)
    lookup[roots] = np.arange(len(roots))
    membership = lookup[labels]
    inside = membership >= 0
    member = membership[inside]
    origin = positions[roots]
    offset = positions[inside] - origin[member]
    offset -= box * np.round(offset / box)
    sums = np.stack(
        [np.bincount(member, offset[:, c], minlength=len(roots)) for c in range(3)], axis=1
    )
    centres = np.mod(origin + sums / np.maximum(counts[roots], 1)[:, None], box)
    masses = np.asarray(counts[roots] * particles.mass, dtype=np.float64)
    return Haloes(masses, centres.astype(np.float64), membership)
