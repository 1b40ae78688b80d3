"""Hold the stand-in simulations against what is known.

    python -m training.hydrogen.evaluate_simulations --data DIR [--write]

Matter P(k) of a 200 Mpc/h box beside halofit, halo abundance beside Sheth & Tormen, log10 Sigma at
256 px beside the real IllustrisTNG LH maps, and simulations an hour over particle number. Prints
one JSON line last; --write publishes docs/simulations.json and docs/figures/simulations.png.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import fft

from training.evaluation.report import FIGURES, EvaluationConfig, publish, run
from training.hydrogen.datasets.held_out import partial_set
from training.hydrogen.datasets.maps import open_set
from training.hydrogen.simulation.cosmology import Cosmology
from training.hydrogen.simulation.gravity import Particles, paint, simulate_matter
from training.hydrogen.simulation.haloes import find_haloes
from training.hydrogen.simulation.sets import simulate_one

__all__ = ["REAL_MAPS", "halofit_ratio", "matter_power"]

Floats = NDArray[np.floating]
REAL_MAPS = {"mean": 4.785, "std": 1.011}
"""log10 Sigma of the real IllustrisTNG LH maps at 256 px (public CMD statistics)."""


@dataclass(frozen=True)
class SimulationsEvaluateConfig(EvaluationConfig):
    """What to measure.

    Args:
        data: folder of simulated maps (with LH).
        particles: a side, of the large box.
        pairs: boxes with fixed amplitudes that P(k) is averaged over.
    """

    data: Path
    particles: int = 128
    pairs: int = 2


def matter_power(particles: Particles, mesh_size: int, edges: Floats) -> tuple[Floats, Floats]:
    """(k, P) of the matter in bins of k: h/Mpc and (Mpc/h)^3, mass assignment deconvolved."""
    box = particles.box_size
    n = len(particles.positions)
    mesh = paint(particles.positions.reshape(-1, 3), np.ones(1, np.float32), box, mesh_size)
    modes = fft.rfftn(mesh * np.float32((mesh_size / n) ** 3))
    full = 2 * np.pi * fft.fftfreq(mesh_size, box / mesh_size)
    half = full[: mesh_size // 2 + 1].copy()
    half[-1] = abs(half[-1])
    sinc = [np.sinc(axis * box / mesh_size / 2 / np.pi) ** 2 for axis in (full, full, half)]
    window = sinc[0][:, None, None] * sinc[1][None, :, None] * sinc[2]
    k = np.sqrt(full[:, None, None] ** 2 + full[None, :, None] ** 2 + half**2)
    power = (np.abs(modes) / window) ** 2 * box**3 / mesh_size**6
    index = np.digitize(k, edges)
    means = [(k[index == i].mean(), power[index == i].mean()) for i in range(1, len(edges))]
    return np.array([m[0] for m in means]), np.array([m[1] for m in means])


def halofit(cosmology: Cosmology, k: Floats) -> Floats:
    """Non-linear P(k) at z = 0 in (Mpc/h)^3 (Takahashi et al. 2012, through CAMB)."""
    import camb

    h = cosmology.h
    parameters = camb.set_params(
        H0=100 * h,
        ombh2=cosmology.omega_b * h**2,
        omch2=(cosmology.omega_m - cosmology.omega_b) * h**2,
        mnu=0.0,
        ns=cosmology.n_s,
        As=2e-9,
        halofit_version="takahashi",
    )
    parameters.set_matter_power(redshifts=[0.0], kmax=20.0)
    amplitude = cosmology.sigma_8 / float(camb.get_results(parameters).get_sigma8_0())
    parameters.InitPower.set_params(As=2e-9 * amplitude**2, ns=cosmology.n_s)
    parameters.NonLinear = camb.model.NonLinear_both
    table_k, _, power = camb.get_results(parameters).get_matter_power_spectrum(
        minkh=1e-3, maxkh=10.0, npoints=400
    )
    return np.exp(np.interp(np.log(k), np.log(table_k), np.log(power[0])))


def halofit_ratio(
    n: int = 128, box_size: float = 200.0, pairs: int = 2, seed: int = 11
) -> tuple[Floats, Floats]:
    """(k, P / halofit) of particle-mesh boxes, 0.1 to 1.3 h/Mpc, Omega_m = 0.3, sigma_8 = 0.8."""
    cosmology = Cosmology(0.3, 0.8)
    edges = np.array([0.1, 0.16, 0.23, 0.32, 0.45, 0.57, 0.7, 0.95, 1.3])
    spectra = []
    for i in range(pairs):
        box = simulate_matter(cosmology, seed + i, n, box_size, fixed_amplitude=True)
        k, power = matter_power(box, 2 * n, edges)
        spectra.append(power)
    return k, np.mean(spectra, axis=0) / halofit(cosmology, k)


def abundance_ratio(seeds: int = 8) -> tuple[Floats, Floats, Floats]:
    """(mass, dn/dlnM measured, Sheth-Tormen) of haloes in 25 Mpc/h boxes, 1e11.3 to 1e13.3."""
    cosmology = Cosmology(0.3, 0.8)
    edges = np.geomspace(2e11, 2e13, 7)
    masses = np.concatenate(
        [find_haloes(simulate_matter(cosmology, 500 + s)).masses for s in range(seeds)]
    )
    counts = np.histogram(masses, edges)[0]
    centres = np.sqrt(edges[1:] * edges[:-1])
    measured = counts / (seeds * 25.0**3 * np.diff(np.log(edges)))
    return centres, measured, cosmology.halo_abundance(centres)


def cost_curve(sizes: tuple[int, ...] = (32, 48, 64, 96)) -> dict[int, float]:
    """CPU seconds of a simulation, from phases to maps, over particles a side."""
    parameters = np.array([0.3, 0.8, 1.0, 1.0])
    simulate_one(parameters, 0, 24)  # compile
    result = {}
    for n in sizes:
        start = time.process_time()
        simulate_one(parameters, 1, n)
        result[n] = time.process_time() - start
    return result


def evaluate(config: SimulationsEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    files = open_set(config.data, "LH")
    partial = config.why_partial(partial_set(config.data, "LH"))
    rng = np.random.default_rng(0)
    some = np.sort(rng.choice(len(files), min(len(files), 600), replace=False))
    log_sigma = np.log10(np.stack([files.maps[i] for i in some]))
    k, ratio = halofit_ratio(config.particles, pairs=config.pairs)
    mass, measured, expected = abundance_ratio()
    costs = cost_curve()
    cores = os.cpu_count() or 1
    metrics = {
        "halofit_worst_below_0.7": float(np.abs(ratio[k < 0.7] - 1).max()),
        "log_sigma_mean": float(log_sigma.mean()),
        "log_sigma_std": float(log_sigma.std()),
        "real_log_sigma_mean": REAL_MAPS["mean"],
        "real_log_sigma_std": REAL_MAPS["std"],
        "halo_abundance_ratio_median": float(np.median(measured / expected)),
        "simulations_an_hour": 3600 * cores / costs[64],
    }
    metrics |= {f"cpu_seconds_{n}": seconds for n, seconds in costs.items()}
    publish(
        metrics, write=config.write, partial=partial, numbers=FIGURES.parent / "simulations.json",
        figures={
            "simulations.png": lambda: _plot(k, ratio, mass, measured, expected, log_sigma)
        },
    )
    return metrics


def _plot(
    k: Floats, ratio: Floats, mass: Floats, measured: Floats, expected: Floats, log_sigma: Floats
) -> Figure:
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    left.axhspan(0.95, 1.05, color="tab:green", alpha=0.15, label="5%")
    left.plot(k, ratio, "o-")
    left.axvline(0.7, color="0.6", ls=":")
    left.set(xscale="log", xlabel="k [h/Mpc]", ylabel="P(k) / halofit", ylim=(0.6, 1.2))
    left.legend()
    middle.loglog(mass, measured, "o", label="8 boxes of 25 Mpc/h")
    middle.loglog(mass, expected, "-", label="Sheth & Tormen 1999")
    middle.set(xlabel=r"M [M$_\odot$/h]", ylabel=r"dn/dlnM [(Mpc/h)$^{-3}$]")
    middle.legend()
    right.hist(log_sigma.ravel(), 120, density=True, color="0.7")
    right.axvline(log_sigma.mean(), color="C0", label="mean, these simulations")
    right.axvline(REAL_MAPS["mean"], color="C1", ls="--", label="mean, IllustrisTNG")
    right.set(xlabel=r"log$_{10}\,\Sigma_{HI}$, 256 px", ylabel="PDF", yscale="log")
    right.legend()
    return figure


if __name__ == "__main__":
    run(evaluate, SimulationsEvaluateConfig, __doc__)
