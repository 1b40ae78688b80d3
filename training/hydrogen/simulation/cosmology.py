"""Background growth, linear power and halo abundance of flat LCDM, for the stand-in simulations.

The fixed parameters are those of CAMELS (Villaescusa-Navarro et al. 2021, arXiv:2010.00619):
Omega_b = 0.049, h = 0.6711, n_s = 0.9624, massless neutrinos. Lengths are comoving Mpc/h,
masses Msun/h.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import hyp2f1

__all__ = ["RHO_CRITICAL", "Cosmology"]

RHO_CRITICAL = 2.77536627e11
"""Critical density today in (Msun/h) / (Mpc/h)^3."""

Array = NDArray[np.float64]


TABLE = Path(__file__).with_name("linear_power.npz")


@lru_cache(maxsize=1)
def _transfer_table() -> tuple[Array, Array, Array]:
    """CAMB's linear P(k) shape on a grid of Omega_m: (omega_m (M,), ln k (K,), ln P (M, K)).

    Kept beside this file; `python -m training.hydrogen.simulation.cosmology` makes it again.
    """
    with np.load(TABLE) as stored:
        return stored["omegas"], stored["ln_k"], stored["ln_power"]


def _run_camb(omegas: Array) -> tuple[Array, Array, Array]:
    """The table, two seconds a row."""
    import camb

    rows = []
    h, omega_b = 0.6711, 0.049
    for omega_m in omegas:
        parameters = camb.set_params(
            H0=100 * h,
            ombh2=omega_b * h**2,
            omch2=(omega_m - omega_b) * h**2,
            mnu=0.0,
            omk=0.0,
            ns=0.9624,
            As=2e-9,
        )
        parameters.set_matter_power(redshifts=[0.0], kmax=80.0)
        parameters.NonLinear = camb.model.NonLinear_none
        k, _, power = camb.get_results(parameters).get_matter_power_spectrum(
            minkh=1e-4, maxkh=60.0, npoints=400
        )
        rows.append(np.log(power[0]))
    return omegas, np.log(k), np.array(rows)


@dataclass(frozen=True)
class Cosmology:
    """A flat LCDM cosmology.

    Args:
        omega_m: matter density today, 0.08 to 0.52.
        sigma_8: linear rms density contrast in 8 Mpc/h spheres today.
    """

    omega_m: float
    sigma_8: float
    omega_b: float = 0.049
    h: float = 0.6711
    n_s: float = 0.9624

    @property
    def mean_density(self) -> float:
        """Mean comoving matter density in (Msun/h) / (Mpc/h)^3."""
        return self.omega_m * RHO_CRITICAL

    def hubble(self, a: float | Array) -> Array:
        """H(a) / H0."""
        return np.sqrt(self.omega_m / np.asarray(a) ** 3 + 1 - self.omega_m)

    def omega_m_at(self, a: float | Array) -> Array:
        """Matter density parameter at scale factor a."""
        return self.omega_m / np.asarray(a) ** 3 / self.hubble(a) ** 2

    def growth(self, a: float | Array) -> Array:
        """Linear growth D(a), D(1) = 1."""

        def unnormalised(x: Array) -> Array:
            ratio = (self.omega_m - 1) / self.omega_m
            return x * hyp2f1(1 / 3, 1.0, 11 / 6, ratio * x**3)

        return unnormalised(np.asarray(a, dtype=float)) / unnormalised(np.asarray(1.0))

    def growth_rate(self, a: float | Array) -> Array:
        """f = dlnD / dlna, by central difference of the exact D."""
        a = np.asarray(a, dtype=float)
        step = 1e-4
        up, down = self.growth(a * (1 + step)), self.growth(a * (1 - step))
        return (np.log(up) - np.log(down)) / (np.log1p(step) - np.log1p(-step))

    def linear_power(self, k: Array) -> Array:
        """Linear P(k) at z = 0 in (Mpc/h)^3 for k in h/Mpc (CAMB's shape, sigma_8 imposed)."""
        omegas, ln_k, table = _transfer_table()
        position = np.interp(self.omega_m, omegas, np.arange(len(omegas)))
        low = min(int(position), len(omegas) - 2)
        weight = position - low
        shape = (1 - weight) * table[low] + weight * table[low + 1]
        power = np.exp(np.interp(np.log(np.maximum(k, 1e-10)), ln_k, shape))
        return power * (self.sigma_8**2 / _variance(np.exp(ln_k), np.exp(shape), np.array([8.0])))

    def sigma_mass(self, mass: Array) -> Array:
        """Linear rms contrast in spheres that hold the given mass (Msun/h), today."""
        k = np.geomspace(1e-4, 50.0, 600)
        radius = (3 * np.asarray(mass) / (4 * np.pi * self.mean_density)) ** (1 / 3)
        return np.sqrt(_variance(k, self.linear_power(k), radius))

    def halo_abundance(self, mass: Array) -> Array:
        """dn/dlnM in (Mpc/h)^-3 (Sheth & Tormen 1999, astro-ph/9901122)."""
        nu, dln_sigma = self._peak_height(mass)
        a, p, amplitude = 0.707, 0.3, 0.3222
        scaled = a * nu**2
        f = amplitude * np.sqrt(2 * scaled / np.pi) * (1 + scaled**-p) * np.exp(-scaled / 2)
        return self.mean_density / mass * f * np.abs(dln_sigma)

    def halo_bias(self, mass: Array) -> Array:
        """Linear bias of haloes (Sheth & Tormen 1999)."""
        nu, _ = self._peak_height(mass)
        a, p, delta_c = 0.707, 0.3, 1.686
        scaled = a * nu**2
        return 1 + (scaled - 1) / delta_c + 2 * p / delta_c / (1 + scaled**p)

    def _peak_height(self, mass: Array) -> tuple[Array, Array]:
        sigma = self.sigma_mass(mass)
        return 1.686 / sigma, np.gradient(np.log(sigma), np.log(mass))


def _variance(k: Array, power: Array, radius: Array) -> Array:
    """Variance in top-hat spheres of each radius (Mpc/h)."""
    x = np.outer(radius, k)
    window = np.where(
        x < 1e-2, 1 - x**2 / 10, 3 * (np.sin(x) - x * np.cos(x)) / np.maximum(x, 1e-6) ** 3
    )
    integrand = window**2 * power * k**3 / (2 * np.pi**2)
    return np.trapezoid(integrand, np.log(k), axis=-1)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    omegas, ln_k, ln_power = _run_camb(np.geomspace(0.08, 0.52, 14))
    np.savez_compressed(
        TABLE, omegas=omegas, ln_k=ln_k.astype(np.float32), ln_power=ln_power.astype(np.float32)
    )
