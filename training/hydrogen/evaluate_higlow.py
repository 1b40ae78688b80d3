"""Measure HIGlow against the simulations at fixed cosmologies.

    python -m training.hydrogen.evaluate_higlow [--data DIR] [--quick | --write]

Without --data the fixed cosmologies are simulated into a temporary folder first, as those of the
training were; with --quick few of them, and standard errors stand beside the numbers. Prints one
JSON line last; see :mod:`training.hydrogen.comparison.distances` for what each distance means. Also
here:

* **inverse_error**: largest |x - f^-1(f(x))| over the simulated maps, in the flow's input;
* **nats_per_pixel**: mean negative log-density of the simulated maps, normalised field;
* **seconds_per_map**: in batches of 16.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from numpy.typing import NDArray

from core.fields import BOX_SIZE_MPC_H
from core.hydrogen.higlow import HIGlow
from core.hydrogen.parameters import scale_parameters
from core.statistics import log_field, power_spectrum
from training.evaluation.report import WEIGHTS, EvaluationConfig, run
from training.hydrogen.comparison.distances import (
    K_EDGES,
    FixedCosmology,
    compare,
    fixed_set,
    spectra,
)
from training.hydrogen.comparison.publication import MapComparison

__all__ = ["HIGlowEvaluateConfig", "evaluate", "inverse_error"]

Floats = NDArray[np.floating]
QUICK_MAPS = 48
TARGETS = {"pk_log_median": 0.3, "pk_log_worst": 0.3, "inverse_error": 1e-4}


@dataclass(frozen=True)
class HIGlowEvaluateConfig(EvaluationConfig):
    """What to measure.

    Args:
        data: folder with FIX (or CV) maps; simulated afresh if not given.
        model: model folder.
        maps: model maps at each cosmology.
        temperature: factor on the noise of the samples, beside the model's own.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "higlow"
    maps: int = 360
    temperature: float = 1.0


@torch.no_grad()
def inverse_error(model: HIGlow, maps: Floats, omega_m: float, sigma_8: float) -> float:
    """Largest error of the flow's inverse on linear maps (n, N, N)."""
    x, _ = model.encode(np.log10(maps))
    condition = scale_parameters(omega_m, sigma_8).expand(len(x), -1)
    noise, _ = model.flow(x, condition)
    return float((model.flow.inverse(noise, condition) - x).abs().max())


def evaluate(config: HIGlowEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    model = HIGlow.load(config.model)
    own = "" if config.temperature == 1 else "--temperature is not the model's own"
    fixed = fixed_set(config, config.data, model.size, own)
    simulated = fixed.cosmologies
    maps = QUICK_MAPS if config.quick else config.maps
    start = time.perf_counter()
    generated = [
        model.sample(c.omega_m, c.sigma_8, maps, seed=1, temperature=config.temperature)
        for c in simulated
    ]
    seconds = (time.perf_counter() - start) / (maps * len(simulated))
    metrics = compare(generated, simulated) | _densities(model, simulated, config.quick)
    metrics["seconds_per_map"] = seconds
    MapComparison("HIGlow", config.model, fixed, generated).publish(
        config, metrics, compare, targets=TARGETS, measured=_measured, plot_spectra=_plot_spectra
    )
    return metrics


def _densities(model: HIGlow, simulated: list[FixedCosmology], quick: bool) -> dict[str, float]:
    """The flow's inverse and log-density on the simulated maps."""
    errors, densities = [], []
    for c in simulated:
        maps = c.maps[: 2 if quick else 8].reshape(-1, *c.maps.shape[2:])
        errors.append(inverse_error(model, maps[::3], c.omega_m, c.sigma_8))
        densities.append(-model.log_prob(maps, c.omega_m, c.sigma_8).mean() / model.size**2)
    return {"inverse_error": max(errors), "nats_per_pixel": float(np.mean(densities))}


def _measured(m: dict[str, float], words: str) -> str:
    rows = [
        ("mean P(k) of log10 Sigma, median deviation", "pk_log_median"),
        ("the same, worst bin and cosmology", "pk_log_worst"),
        ("mean P(k) of the overdensity, median deviation", "pk_delta_median"),
        ("scatter of P(k) between maps, median deviation", "pk_scatter_median"),
        ("PDF, Wasserstein distance over its floor", "pdf_over_floor"),
    ]
    lines = [f"| {name} | {m[key]:.3f} | {m['floor_' + key]:.3f} |" for name, key in rows]
    table = "\n".join(lines)
    return f"""`python -m training.hydrogen.evaluate_higlow --data DIR` on {words};
0.3 < k < 8 h/Mpc. The floor is the same distance between two halves of the simulations.

| | HIGlow | floor |
|---|---|---|
{table}

Inverse exact to {m["inverse_error"]:.1g}; {m["seconds_per_map"]:.3f} s a map."""


def _plot_spectra(generated: list[Floats], simulated: list[FixedCosmology]) -> Figure:
    """P(k) of the log field at each cosmology, and its ratio to the simulations."""
    figure = Figure(figsize=(3.1 * len(simulated), 5.5), layout="constrained")
    axes = figure.subplots(2, len(simulated), sharey="row", squeeze=False)
    k = power_spectrum(log_field(generated[0][:1]), BOX_SIZE_MPC_H, k_edges=K_EDGES)[0]
    for column, (ours, c) in enumerate(zip(generated, simulated, strict=True)):
        theirs = spectra(c.maps, "log")
        truth = theirs.mean(axis=(0, 1))
        low, high = np.quantile(theirs.reshape(-1, len(k)), [0.16, 0.84], axis=0)
        model = spectra(ours, "log").mean(axis=0)
        error = theirs.mean(axis=1).std(axis=0) / len(c.maps) ** 0.5 / truth
        top, bottom = axes[:, column]
        top.fill_between(k, low, high, color="0.85", label="68% of simulated maps")
        top.plot(k, truth, "k-", lw=1, label="simulations, mean")
        top.plot(k, model, "C1o-", ms=3, label="HIGlow, mean")
        top.set(xscale="log", yscale="log")
        top.set_title(rf"$\Omega_m$={c.omega_m:g}, $\sigma_8$={c.sigma_8:g}")
        bottom.fill_between(k, 1 - error, 1 + error, color="0.8", label="error of the mean")
        bottom.axhspan(0.7, 1.3, color="tab:green", alpha=0.12, label="30%")
        bottom.plot(k, model / truth, "C1o-", ms=3)
        bottom.set(xscale="log", ylim=(0.5, 1.5), xlabel="k [h/Mpc]")
        for axis in (top, bottom):
            axis.xaxis.set_minor_formatter(NullFormatter())
            axis.set_xticks([0.5, 1, 2, 5], ["0.5", "1", "2", "5"])
    axes[0, 0].set_ylabel(r"P(k) of log$_{10}\Sigma$ [(Mpc/h)$^2$]")
    axes[1, 0].set_ylabel("HIGlow / simulations")
    axes[0, 0].legend(fontsize=7)
    axes[1, 0].legend(fontsize=7)
    return figure


if __name__ == "__main__":
    run(evaluate, HIGlowEvaluateConfig, __doc__)
