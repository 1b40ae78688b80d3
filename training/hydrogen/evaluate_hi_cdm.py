"""Measure HI-CDM against the simulations at fixed cosmologies.

    python -m training.hydrogen.evaluate_hi_cdm [--data DIR] [--quick | --write]

Without --data the fixed cosmologies are simulated into a temporary folder first, as those of the
training were; with --quick few of them, and standard errors stand beside the numbers. Prints one
JSON line last; see :mod:`training.hydrogen.comparison.distances` for what each distance means. Also
here:

* **response_worst**: d ln P / d parameter by central differences between the fixed cosmologies,
  for the log field and the overdensity; rms over k of (model - simulations) over the rms of the
  simulations' response; the worst of the four. response_bin is the worst single bin, over the same
  rms.
* **bispectrum_median**: relative deviation of the mean equilateral reduced bispectrum of the log
  field.
* **plain_**: the network without the calibration of its pixel distribution.
* **seconds_per_map**: one map, alone; seconds_for_16 a batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.fields import BOX_SIZE_MPC_H
from core.hydrogen.hi_cdm import HICDM
from core.statistics import bispectrum, log_field, power_spectrum
from training.evaluation.report import WEIGHTS, EvaluationConfig, run
from training.hydrogen.comparison.distances import (
    K_EDGES,
    FixedCosmology,
    compare,
    fixed_set,
    spectra,
)
from training.hydrogen.comparison.publication import MapComparison

__all__ = ["HICDMEvaluateConfig", "evaluate"]

Floats = NDArray[np.floating]
TARGETS = {
    "pk_log_median": 0.05,
    "pk_log_worst": 0.15,
    "pk_delta_median": 0.05,
    "pk_delta_worst": 0.15,
    "pk_scatter_median": 0.2,
    "pdf_over_floor": 1.5,
    "response_worst": 0.2,
    "seconds_per_map": 1.5,
    "seconds_for_16": 12.0,
}
QUICK_MAPS = 12
B_K = np.array([0.75, 1.5, 3.0])  # h/Mpc


@dataclass(frozen=True)
class HICDMEvaluateConfig(EvaluationConfig):
    """What to measure.

    Args:
        data: folder with FIX (or CV) maps; simulated afresh if not given.
        model: model folder.
        maps: model maps at each cosmology.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "hi_cdm"
    maps: int = 240


def evaluate(config: HICDMEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    model = HICDM.load(config.model)
    fixed = fixed_set(config, config.data, model.size)
    simulated = fixed.cosmologies
    maps = QUICK_MAPS if config.quick else config.maps
    generated = [model.sample(c.omega_m, c.sigma_8, maps, seed=1) for c in simulated]
    metrics = _distances(generated, simulated)
    if model.config.knots:
        metrics |= _without_calibration(model, simulated, maps)
    metrics |= _timing(model)
    MapComparison("HI-CDM", config.model, fixed, generated).publish(
        config, metrics, _distances, targets=TARGETS, measured=_measured, plot_spectra=_plot_spectra
    )
    return metrics


def _distances(generated: list[Floats], simulated: list[FixedCosmology]) -> dict[str, float]:
    """All that compares maps with maps."""
    return (
        compare(generated, simulated)
        | _response(generated, simulated)
        | _bispectrum(generated, simulated)
    )


def _without_calibration(
    model: HICDM, simulated: list[FixedCosmology], maps: int
) -> dict[str, float]:
    """The main numbers of the network alone, from a fifth of the maps."""
    plain = HICDM(replace(model.config, knots=(), shifts=()), model.denoiser)
    generated = [plain.sample(c.omega_m, c.sigma_8, max(2, maps // 5), seed=1) for c in simulated]
    numbers = compare(generated, simulated, halvings=1)
    names = ("pk_log_median", "pk_log_worst", "pk_delta_median", "pdf_over_floor")
    return {f"plain_{name}": numbers[name] for name in names}


def _measured(metrics: dict[str, float], data: str) -> str:
    """The section of the card: every target beside its floor."""
    lines = [
        f"On {data}; fractions, not percent.",
        "",
        "| | measured | target | floor |",
        "|---|---|---|---|",
    ]
    for name, target in TARGETS.items():
        if name not in metrics:  # a set of one cosmology has no response
            continue
        floor = metrics.get(f"floor_{name}")
        shown = "" if floor is None else f"{floor:.3g}"
        lines.append(f"| {name} | {metrics[name]:.3g} | {target:g} | {shown} |")
    plain = ", ".join(f"{k} {v:.3g}" for k, v in metrics.items() if k.startswith("plain_"))
    if plain:
        lines += ["", f"Without the calibration of the pixel distribution: {plain}."]
    return "\n".join(lines)


def _timing(model: HICDM) -> dict[str, float]:
    model.sample(0.3, 0.8, 1, steps=2)
    result = {}
    for name, n in (("seconds_per_map", 1), ("seconds_for_16", 16)):
        start = time.perf_counter()
        model.sample(0.3, 0.8, n)
        result[name] = time.perf_counter() - start
    return result


def response(spectrum: Callable[[int], Floats], cosmologies: Floats) -> Floats:
    """d ln P / d parameter (2, B) by central differences about the middle cosmology.

    Args:
        spectrum: mean P(k) of the cosmology of that index.
        cosmologies: (c, 2); per parameter the rows that share the other parameter's median.
    """
    rows = []
    for parameter in (0, 1):
        other = cosmologies[:, 1 - parameter]
        along = np.flatnonzero(np.isclose(other, np.median(other)))
        low = along[np.argmin(cosmologies[along, parameter])]
        high = along[np.argmax(cosmologies[along, parameter])]
        step = cosmologies[high, parameter] - cosmologies[low, parameter]
        if step <= 0:
            raise ValueError("The fixed cosmologies do not vary both parameters one at a time.")
        rows.append((np.log(spectrum(high)) - np.log(spectrum(low))) / step)
    return np.array(rows)


def _response(generated: list[Floats], simulated: list[FixedCosmology]) -> dict[str, float]:
    cosmologies = np.array([(c.omega_m, c.sigma_8) for c in simulated])
    if len(simulated) < 3:
        return {}
    found, floor, bins = [], [], []
    for field in ("log", "delta"):
        ours = [spectra(m, field).mean(axis=0) for m in generated]
        theirs = [spectra(c.maps, field) for c in simulated]

        def curve(part: slice, theirs: list[Floats] = theirs) -> Floats:
            return response(lambda i: theirs[i][part].mean(axis=(0, 1)), cosmologies)

        model = response(lambda i, ours=ours: ours[i], cosmologies)  # type: ignore[misc]
        truth = curve(slice(None))
        scale = np.sqrt((truth**2).mean(axis=1))
        found += list(np.sqrt(((model - truth) ** 2).mean(axis=1)) / scale)
        bins += list(np.abs(model - truth).max(axis=1) / scale)
        halves = curve(slice(0, None, 2)) - curve(slice(1, None, 2))
        floor += list(np.sqrt((halves**2).mean(axis=1)) / scale)
    names = ("log_omega_m", "log_sigma_8", "delta_omega_m", "delta_sigma_8")
    each = {f"response_{name}": float(x) for name, x in zip(names, found, strict=True)}
    return each | {
        "response_worst": float(max(found)),
        "floor_response_worst": float(max(floor)),
        "response_bin": float(max(bins)),
    }


def _bispectrum(generated: list[Floats], simulated: list[FixedCosmology]) -> dict[str, float]:
    def mean(maps: Floats) -> Floats:
        flat = log_field(maps.reshape(-1, *maps.shape[-2:]))
        return bispectrum(flat, B_K, BOX_SIZE_MPC_H)[1].mean(axis=0)

    found, floor = [], []
    for ours, cosmology in zip(generated, simulated, strict=True):
        truth = mean(cosmology.maps)
        found.append(np.abs(mean(ours) / truth - 1))
        halves = [mean(cosmology.maps[i::2]) for i in (0, 1)]
        floor.append(np.abs(halves[0] / halves[1] - 1))
    return {
        "bispectrum_median": float(np.median(found)),
        "floor_bispectrum_median": float(np.median(floor)),
    }


def _plot_spectra(generated: list[Floats], simulated: list[FixedCosmology]) -> Figure:
    """P(k) of both fields and the PDF at each cosmology, model over simulations."""
    figure = Figure(figsize=(3.1 * len(simulated), 8), layout="constrained")
    axes = figure.subplots(3, len(simulated), sharey="row", squeeze=False)
    k = power_spectrum(log_field(generated[0][:1]), BOX_SIZE_MPC_H, k_edges=K_EDGES)[0]
    bins = np.linspace(3, 12, 60)
    for column, (ours, c) in enumerate(zip(generated, simulated, strict=True)):
        axes[0, column].set_title(rf"$\Omega_m$={c.omega_m:g}, $\sigma_8$={c.sigma_8:g}")
        for row, field in enumerate(("log", "delta")):
            theirs = spectra(c.maps, field)
            truth = theirs.mean(axis=(0, 1))
            error = theirs.mean(axis=1).std(axis=0) / len(c.maps) ** 0.5 / truth
            axis = axes[row, column]
            axis.fill_between(k, 1 - error, 1 + error, color="0.8", label="error of the mean")
            axis.axhspan(0.95, 1.05, color="tab:green", alpha=0.12, label="5%")
            axis.plot(k, spectra(ours, field).mean(axis=0) / truth, "C0o-", ms=3, label="HI-CDM")
            axis.set(xscale="log", ylim=(0.6, 1.4), xlabel="k [h/Mpc]")
        axis = axes[2, column]
        axis.hist(log_field(c.maps).ravel(), bins, density=True, color="0.8", label="simulations")
        axis.hist(
            log_field(ours).ravel(), bins, density=True, histtype="step", color="C0", label="HI-CDM"
        )
        axis.set(yscale="log", xlabel=r"log$_{10}\,\Sigma_{HI}$")
    axes[0, 0].set_ylabel("P model / simulations, log field")
    axes[1, 0].set_ylabel("the same, overdensity")
    axes[2, 0].set_ylabel("PDF")
    axes[0, 0].legend(fontsize=7)
    axes[2, 0].legend(fontsize=7)
    return figure


if __name__ == "__main__":
    run(evaluate, HICDMEvaluateConfig, __doc__)
