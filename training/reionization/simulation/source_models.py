r"""Set B: the same haloes lit by galaxies or by AGN, with the mean neutral fraction matched.

One initial condition gives pairs of boxes, one ionized by galaxies and one by AGN, that share the
density field, the redshift and the mean neutral fraction, so that none of these gives the source
away. The steps:

1. 21cmFAST: initial conditions, density and velocity at one redshift, and its halo catalogue (Lu
   et al. 2024: haloes sampled from the conditional mass function, placed by 2LPT), M > 1e9 Msun.
2. Ionizing rates. Galaxies (Hassan et al. 2016, arXiv:1510.04280):
   :math:`R \propto M (M/M_0)^C \exp[-(M_0/M)^3]`, :math:`M_0 = 9.37\times10^7` Msun. AGN (Hassan et
   al. 2018, arXiv:1705.05398): black holes :math:`M_{BH} \propto V_c^5` with
   :math:`V_c \propto M^{1/3}`, luminosity :math:`\propto M_{BH}^{1+C}`, each lit with the
   probability :math:`(M/2.19\times10^{12})^{0.904} + 0.0231`, drawn halo by halo. Only haloes above
   a minimum mass shine: for galaxies it stands for photo-heating and feedback, for AGN for the
   lightest halo that has grown a black hole. Amplitudes, and the dependence on redshift at one
   redshift, cancel in step 4.
3. Excursion set, central-cell variant: a cell is ionized where, within some sphere around it, the
   photons outnumber the baryons. Spheres from 50 Mpc down to a cell; what is not ionized then is
   partly ionized by its own photons.
4. The amplitude of the rate is bisected until the box mean of x_HI is the one asked for.
5. Brightness temperature for a spin temperature far above the CMB's, in redshift space.

The slopes C and the minimum masses are drawn from ranges in which both kinds of source can light
few large bubbles or many small ones. In initial conditions with a seed below ``MATCHED_FROM`` both
populations of a pair are drawn independently; from there on a pair is, of four populations drawn of
each kind, the two whose power spectra are closest, so that spectra nearly coincide. What stays
different is that galaxies light every density peak and AGN leave most dark. Only step 1 is shared
with Set A, whose sources are a smooth function of the density: these boxes also serve to test
networks of Set A outside their simulator.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from core.statistics import power_spectrum

__all__ = [
    "AGN_SLOPES",
    "Bubbles",
    "GALAXY_SLOPES",
    "agn_rates",
    "bubble_radii",
    "galaxy_rates",
    "paint",
    "shift_along_los",
    "simulate_sources",
]

Floats = NDArray[np.floating]

GALAXY_SLOPES = (0.0, 1.4)
"""Range of C of the galaxies."""
AGN_SLOPES = (-0.6, 0.4)
"""Range of C of the AGN."""
GALAXY_MASSES = (1e9, 1e10)
"""Range of the lightest halo with a galaxy, Msun, log-uniform."""
AGN_MASSES = (3e9, 3e10)
"""Range of the lightest halo with a black hole, Msun, log-uniform."""
MINIMUM_MASS = 1e9
"""Msun, of the halo catalogue."""
MATCHED_FROM = 500_101
"""Seeds from here on have pairs whose power spectra are matched."""
MATCHED_GALAXY_SLOPES = (0.3, 1.6)
MATCHED_GALAXY_MASSES = (4e9, 2e10)
"""Galaxies of matched pairs: the part of the ranges, and a little beyond, with large bubbles."""
CANDIDATES = 4
"""Populations of each kind drawn for a matched pair, of which the closest two are taken."""
LARGEST_BUBBLE_MPC = 50.0
TOLERANCE = 0.003
"""Of the box-mean neutral fraction."""

_CUTOFF_MASS = 9.37e7


def galaxy_rates(masses: Floats, slope: float, minimum_mass: float = MINIMUM_MASS) -> Floats:
    """Ionizing photons of galaxies, up to a constant.

    Args:
        masses: (h,) Msun.
        slope: C; the rate goes as M^(1 + C).
        minimum_mass: Msun; lighter haloes are dark.
    """
    m = np.asarray(masses, dtype=np.float64)
    x = m / _CUTOFF_MASS
    return np.where(m >= minimum_mass, x ** (1.0 + slope) * np.exp(-(x**-3.0)), 0.0)


def agn_rates(
    masses: Floats, slope: float, minimum_mass: float, rng: np.random.Generator
) -> Floats:
    """Ionizing photons of AGN, up to a constant; zero where no AGN is lit.

    Args:
        masses: (h,) Msun.
        slope: C; the rate goes as M_BH^(1 + C), M_BH as M^(5/3).
        minimum_mass: Msun; lighter haloes have no black hole.
        rng: decides which black holes shine.
    """
    m = np.asarray(masses, dtype=np.float64)
    duty = (m / 2.19e12) ** 0.904 + 0.0231
    lit = (rng.uniform(size=len(m)) < duty) & (m >= minimum_mass)
    return np.where(lit, (m / 1e11) ** (5.0 / 3.0 * (1.0 + slope)), 0.0)


def paint(positions_mpc: Floats, rates: Floats, box_size: float, n: int) -> Floats:
    """Sum of the rates in each cell, (n, n, n) float64.

    Args:
        positions_mpc: (h, 3) in [0, box_size]; periodic.
        rates: (h,).
        box_size: Mpc.
        n: cells a side.
    """
    cell = np.floor(np.asarray(positions_mpc) * (n / box_size)).astype(np.int64) % n
    index = (cell[:, 0] * n + cell[:, 1]) * n + cell[:, 2]
    total: Floats = np.bincount(index, rates, n**3).astype(np.float64)
    return total.reshape(n, n, n)


def bubble_radii(cell_mpc: float, largest_mpc: float = LARGEST_BUBBLE_MPC) -> Floats:
    """Radii of the spheres in Mpc, falling by 10% from the largest to about one cell."""
    count = int(np.ceil(np.log(largest_mpc / cell_mpc) / np.log(1.1)))
    return largest_mpc * (cell_mpc / largest_mpc) ** (np.arange(count + 1) / count)


@lru_cache(maxsize=64)
def _sphere(radius: float, n: int) -> NDArray[np.complex64]:
    """Transform of a sphere of unit sum, radius in cells, its surface one cell thick.

    Made in real space: unlike the analytic window it is positive everywhere, so no photon is
    negative, and it has no 0/0 at k = 0.
    """
    d = fft.fftfreq(n, 1 / n)
    r = np.sqrt(d[:, None, None] ** 2 + d[None, :, None] ** 2 + d[None, None] ** 2)
    weight = np.clip(radius + 0.5 - r, 0.0, 1.0)
    return fft.rfftn((weight / weight.sum()).astype(np.float32))


class Bubbles:
    """The excursion set on one density field, for any number of source populations.

    Central-cell variant (Furlanetto et al. 2004; Mesinger et al. 2011, arXiv:1003.3878).

    Args:
        density: (n, n, n) overdensity, above -1.
        cell_mpc: Mpc.
    """

    def __init__(self, density: Floats, cell_mpc: float) -> None:
        self.shape = density.shape
        baryons = 1.0 + np.asarray(density, dtype=np.float32)
        transform = fft.rfftn(baryons)
        self.spheres = [
            _sphere(float(radius / cell_mpc), len(baryons)) for radius in bubble_radii(cell_mpc)
        ]
        self.baryons = [
            np.maximum(fft.irfftn(transform * sphere, s=self.shape), 0.01)
            for sphere in self.spheres
        ]
        self.own = np.maximum(baryons, 0.01)

    def ionize(self, photons: Floats, x_hi: float) -> Floats:
        """Neutral fraction of each cell, its box mean as asked for.

        Args:
            photons: (n, n, n) >= 0, ionizing photons of each cell; the amplitude is bisected.
            x_hi: wanted mean, in (0, 1).

        Returns:
            (n, n, n) float32 in [0, 1].

        Raises:
            ValueError: for a mean that no amplitude gives, because some of the box is further
                than 50 Mpc from any source.
        """
        if not 0.0 < x_hi < 1.0:
            raise ValueError(f"The mean neutral fraction is {x_hi}; it lies between 0 and 1.")
        mean = float(photons.mean())
        if not mean > 0:
            raise ValueError("There is no source in the box; use a larger box or a later redshift.")
        light = (np.asarray(photons) / mean).astype(np.float32)
        transform = fft.rfftn(light)
        own = light / self.own  # photons per baryon of the cell itself
        largest = own.copy()  # and of the sphere around it where that is largest
        for sphere, baryons in zip(self.spheres, self.baryons, strict=True):
            inside = fft.irfftn(transform * sphere, s=self.shape)
            np.maximum(largest, inside / baryons, out=largest)

        def neutral(amplitude: float) -> Floats:
            partly = 1.0 - np.minimum(np.float32(amplitude) * own, 1.0)
            return np.where(np.float32(amplitude) * largest >= 1.0, np.float32(0.0), partly)

        low, high = -8.0, 8.0  # ln of the amplitude, in photons per baryon of the box
        for _ in range(40):
            middle = (low + high) / 2
            cells = neutral(np.exp(middle))
            found = float(cells.mean(dtype=np.float64))
            if abs(found - x_hi) < TOLERANCE:
                return cells
            low, high = (middle, high) if found > x_hi else (low, middle)
        raise ValueError(
            f"No amplitude of these sources gives a mean neutral fraction of {x_hi:.3f}; the "
            f"nearest is {found:.3f}."
        )


def _haloes(seed: int, redshift: float, n: int, box_size: float) -> tuple[Any, Any, Floats, Floats]:
    """(21cmFAST inputs, its perturbed field, halo masses in Msun, halo positions in Mpc)."""
    import py21cmfast as p21

    inputs = p21.InputParameters.from_template(
        ["const-zeta"], random_seed=seed, HII_DIM=n, BOX_LEN=box_size, HIRES_TO_LOWRES_FACTOR=2,
        N_THREADS=1, SOURCE_MODEL="CHMF-SAMPLER", SAMPLER_MIN_MASS=MINIMUM_MASS,
        M_MIN_in_Mass=True, HMF="ST",
    )
    initial = p21.compute_initial_conditions(inputs=inputs)
    field = p21.perturb_field(redshift=redshift, inputs=inputs, initial_conditions=initial)
    catalogue = p21.perturb_halo_catalog(
        inputs=inputs, initial_conditions=initial,
        halo_catalog=p21.determine_halo_catalog(
            redshift=redshift, inputs=inputs, initial_conditions=initial
        ),
    )
    masses = catalogue.get("halo_masses")
    real = masses > 0
    return inputs, field, masses[real], catalogue.get("halo_coords")[real]


def shift_along_los(field: Floats, shift: Floats, subcells: int = 4) -> Floats:
    """Move what is in each cell along the last axis, by cloud in cell; the sum is kept.

    The same scheme as 21cmFAST's apply_rsds (whose general interpolator takes ten times as long):
    each cell is cut into sub-cells, the shift is interpolated to them.

    Args:
        field: (..., n), periodic.
        shift: (..., n) in cells, at the centres of the cells.
        subcells: of each cell.
    """
    n = field.shape[-1]
    offset = (np.arange(subcells) + 0.5) / subcells - 0.5  # centres, from that of the cell
    behind, ahead = np.roll(shift, 1, axis=-1), np.roll(shift, -1, axis=-1)
    towards = np.where(offset < 0, behind[..., None], ahead[..., None])
    moved = shift[..., None] + np.abs(offset) * (towards - shift[..., None])
    # positions in units of sub-cells
    place = np.arange(n * subcells) + subcells * moved.reshape(*shift.shape[:-1], -1)
    left = np.floor(place)
    weight = place - left
    amount = np.repeat(field, subcells, axis=-1) / subcells
    lines = np.arange(amount[..., 0].size)[:, None] * n
    total = np.zeros(field.size)
    for side, share in ((0, 1.0 - weight), (1, weight)):
        cell = ((left.astype(np.int64) + side) % (n * subcells)) // subcells
        index = (lines + cell.reshape(len(lines), -1)).ravel()
        total += np.bincount(index, (amount * share).ravel(), field.size)
    return total.reshape(field.shape).astype(np.float32)


def _brightness(x_hi: Floats, density: Floats, redshift: float, shift: Floats, inputs: Any
                ) -> Floats:
    """mK in redshift space, last axis along the line of sight; 21cmFAST's formula."""
    cosmology = inputs.cosmo_params
    h2 = cosmology.hlittle**2
    level = 27.0 * cosmology.OMb * h2 / 0.023
    level *= np.sqrt(0.15 / (cosmology.OMm * h2) * (1.0 + redshift) / 10.0)
    return shift_along_los(level * x_hi * (1.0 + density), shift)


def simulate_sources(
    seed: int,
    pairs: int = 4,
    *,
    n: int = 64,
    box_size: float = 128.0,
    redshift_range: tuple[float, float] = (7.0, 10.0),
    x_hi_range: tuple[float, float] = (0.02, 0.98),
) -> list[dict[str, Any]]:
    """All boxes of one initial condition: a galaxy box and an AGN box for each pair.

    Args:
        seed: of 21cmFAST's initial conditions and haloes, and of everything drawn here.
        pairs: how many; each has its own mean neutral fraction (the range is shared out evenly
            among the pairs) and its own slopes.
        n: cells a side.
        box_size: Mpc.
        redshift_range: one redshift is drawn for the initial condition.
        x_hi_range: of the mean neutral fraction.

    Returns:
        2 * pairs rows, galaxies and AGN alternating. Each has density (overdensity), x_hi and
        brightness_temp (mK, redshift space) as (n, n, n) float16, line of sight first, and seed,
        redshift, x_hi_mean (measured), is_agn, slope, minimum_mass (Msun) and pair.
    """
    rng = np.random.default_rng([int(seed), 21])
    matched = seed >= MATCHED_FROM
    redshift = float(rng.uniform(*redshift_range))
    order = rng.permutation(pairs)
    targets = x_hi_range[0] + (order + rng.uniform(size=pairs)) / pairs * np.ptp(x_hi_range)
    inputs, field, masses, positions = _haloes(int(seed), redshift, n, box_size)
    density = field.get("density")
    # velocities are comoving Mpc/s; 1/H in seconds
    hubble = float(inputs.cosmo_params.cosmo.H(redshift).to_value("1/s"))
    shift = field.get("velocity_z") / hubble * (n / box_size)
    bubbles = Bubbles(density, box_size / n)

    slopes = MATCHED_GALAXY_SLOPES if matched else GALAXY_SLOPES, AGN_SLOPES
    lightest = MATCHED_GALAXY_MASSES if matched else GALAXY_MASSES, AGN_MASSES

    def draw(is_agn: bool, target: float) -> dict[str, Any]:
        """One population and the neutral fraction it leaves."""
        slope = float(rng.uniform(*slopes[is_agn]))
        mass = float(np.exp(rng.uniform(*np.log(lightest[is_agn]))))
        rates = (
            agn_rates(masses, slope, mass, rng) if is_agn else galaxy_rates(masses, slope, mass)
        )
        x_hi = bubbles.ionize(paint(positions, rates, box_size, n), target)
        return {"x_hi": x_hi, "is_agn": is_agn, "slope": slope, "minimum_mass": mass}

    rows = []
    for pair, target in enumerate(targets):
        kinds = [
            [draw(is_agn, target) for _ in range(CANDIDATES if matched else 1)]
            for is_agn in (False, True)
        ]
        for population in _closest(kinds[0], kinds[1], density):
            x_hi = population["x_hi"]
            brightness = _brightness(x_hi, density, redshift, shift, inputs)
            cubes = {"density": density, "x_hi": x_hi, "brightness_temp": brightness}
            rows.append(
                population
                | {k: np.moveaxis(v, -1, 0).astype(np.float16) for k, v in cubes.items()}
                | {
                    "seed": int(seed), "redshift": redshift, "pair": pair,
                    "x_hi_mean": float(x_hi.mean()),
                }
            )
    return rows


def _closest(
    galaxies: list[dict[str, Any]], agn: list[dict[str, Any]], density: Floats
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two populations whose images have the closest power spectra (rms of ln P)."""
    one, other = (
        np.stack([_log_power(p["x_hi"] * (1.0 + density)) for p in kind])
        for kind in (galaxies, agn)
    )
    apart = np.mean((one[:, None] - other[None]) ** 2, axis=-1)
    i, j = np.unravel_index(int(apart.argmin()), apart.shape)
    return galaxies[int(i)], agn[int(j)]


def _log_power(cube: Floats) -> Floats:
    stack = np.moveaxis(cube, -1, 0)[::4]
    stack = stack - stack.mean(axis=(1, 2), keepdims=True)
    return np.log(power_spectrum(stack, 1.0, n_bins=12)[1].mean(axis=0))
