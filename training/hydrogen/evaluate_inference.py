"""Measure the inference of (Omega_m, sigma_8) on held-out simulations.

    python -m training.hydrogen.evaluate_inference [--data DIR] [--quick | --write]

Without --data the held-out simulations are made in a temporary folder first, as those of the
training were; with --quick few of them, and standard errors stand beside the numbers. Prints one
JSON line last:

* **rmse_omega_m, rmse_sigma_8**: root-mean-square error of the posterior mean, field level;
  **rmse_pk_** given P(k) alone; **rmse_prior_** of the prior's mean; **ratio_** field over P(k).
* **coverage_68, coverage_95**: how often central intervals hold the truth, mean of the two
  parameters; also for one parameter, and **tarp_error**: largest distance of the TARP curve from
  the diagonal. **floor_coverage_68**: the standard error expected for so many simulations.
* **ood_caught**: share of maps unlike the training data that are flagged, the mean over the kinds
  in :mod:`training.hydrogen.datasets.out_of_distribution`; **ood_false_alarms**: share of held-out
  maps that are.
* **likelihood_**: the same for HIGlow's likelihood on a grid (fewer maps: some seconds each), with
  **likelihood_coverage_68_raw** without the exponent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from tqdm import tqdm

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE
from core.hydrogen.inference import PARAMETER_LABELS, HIInference
from core.posterior import Posterior, corner_figure, coverage, sbc_ranks, tarp
from training.evaluation.errors import jackknife, print_beside_card
from training.evaluation.report import WEIGHTS, EvaluationConfig, publish, run
from training.hydrogen.datasets.held_out import (
    QUICK,
    held_out_folder,
    partial_set,
)
from training.hydrogen.datasets.maps import MapSet, load_maps
from training.hydrogen.datasets.out_of_distribution import out_of_distribution_maps

__all__ = ["InferenceEvaluateConfig", "evaluate"]

Floats = NDArray[np.floating]
NAMES = ("omega_m", "sigma_8")
TARGETS = {
    "ratio_omega_m": 0.7,
    "ratio_sigma_8": 0.7,
    "coverage_68": 0.68,
    "coverage_95": 0.95,
    "ood_caught": 0.95,
    "ood_false_alarms": 0.05,
}


@dataclass(frozen=True)
class InferenceEvaluateConfig(EvaluationConfig):
    """What to measure.

    Args:
        data: folder with TEST maps (or LH, of which the validation simulations are taken);
            simulated afresh if not given.
        model: model folder.
        samples: of each posterior.
        likelihood_maps: maps for the likelihood; 0 to leave it out.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "hi_inference"
    samples: int = 1000
    likelihood_maps: int = 60


def evaluate(config: InferenceEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    config.why_partial()
    inference = HIInference.load(config.model)
    with held_out_folder(config.data, "TEST", config.quick) as data:
        partial = config.why_partial(partial_set(data, "TEST", "LH"))
        maps = _held_out(data)
    if config.quick:
        maps = maps.subset(np.isin(maps.simulation, np.unique(maps.simulation)[: QUICK["TEST"]]))
    truth = maps.parameters.astype(np.float64)
    field = inference.sample(maps.log_sigma, "field", config.samples)
    power = inference.sample(maps.log_sigma, "power_spectrum", config.samples)
    metrics = _posteriors(field, power, truth)
    simulations = len(np.unique(maps.simulation))
    metrics["floor_coverage_68"] = float(np.sqrt(0.68 * 0.32 / simulations))
    metrics["floor_coverage_95"] = float(np.sqrt(0.95 * 0.05 / simulations))
    known, alarms, seconds = _alarms(inference, maps, 100 if config.quick else 600)
    metrics |= _out_of_distribution(inference, maps, 8 if config.quick else 40)
    metrics |= {"ood_false_alarms": float(np.mean(alarms)), "seconds_per_check": seconds}
    likelihood, rows = None, np.empty(0, int)
    count = min(6 if config.quick else config.likelihood_maps, len(maps))
    if count:
        rows = np.linspace(0, len(maps) - 1, count).astype(int)
        likelihood, numbers = _likelihood(inference, maps.subset(rows), config.samples)
        metrics |= numbers
    if config.quick:
        errors = _errors(field, power, maps, maps.simulation[known], alarms)
        if likelihood is not None:
            errors |= _likelihood_errors(likelihood, truth[rows])
        print_beside_card(metrics, errors, config.model)
    words = f"{maps.suite}, {simulations} held-out simulations, {len(maps)} maps"
    publish(
        metrics, write=config.write, partial=partial, folder=config.model, model="HI inference",
        data=words, targets=TARGETS, measured=lambda: _measured(metrics, words),
        figures={
            "inference_recovery.png": lambda: _plot_recovery(field, power, truth),
            "inference_calibration.png": lambda: _plot_calibration(
                field, power, truth, likelihood, truth[rows]
            ),
            "inference_corner.png": lambda: _plot_corner(inference, maps),
        },
    )
    return metrics


def _posteriors(field: Floats, power: Floats, truth: Floats) -> dict[str, float]:
    """Errors and coverage of the posteriors from the field and from the power spectrum."""
    metrics = _accuracy(field, truth) | _calibration(field, truth)
    metrics |= {f"rmse_pk_{k.removeprefix('rmse_')}": v
                for k, v in _accuracy(power, truth).items() if k.startswith("rmse")}
    metrics |= {f"pk_{k}": v for k, v in _calibration(power, truth).items()}
    for i, name in enumerate(NAMES):
        low, high = (OMEGA_M_RANGE, SIGMA_8_RANGE)[i]
        metrics[f"rmse_prior_{name}"] = float(
            np.sqrt(np.mean((truth[:, i] - (low + high) / 2) ** 2))
        )
        metrics[f"ratio_{name}"] = metrics[f"rmse_{name}"] / metrics[f"rmse_pk_{name}"]
    return metrics


def _errors(
    field: Floats, power: Floats, maps: MapSet, checked: NDArray[np.int_],
    alarms: NDArray[np.bool_],
) -> dict[str, float]:
    """Standard errors over simulations.

    Args:
        field, power: (n, s, 2) samples.
        maps: n of them.
        checked: simulations of the maps that the check looked at.
        alarms: whether it flagged them.
    """
    simulations = np.unique(maps.simulation)
    truth = maps.parameters.astype(np.float64)

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        own = np.isin(maps.simulation, simulations[kept])
        flagged = alarms[np.isin(checked, simulations[kept])]
        return _posteriors(field[own], power[own], truth[own]) | {
            "ood_false_alarms": float(np.mean(flagged))
        }

    errors = jackknife(measure, len(simulations))
    # no alarm among few simulations does not mean that there is never one
    least = 1 / (len(simulations) + 2)
    return errors | {"ood_false_alarms": max(errors["ood_false_alarms"], least)}


def _likelihood_errors(samples: Floats, truth: Floats) -> dict[str, float]:
    """Standard errors over the maps, which are of different simulations."""

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        return _accuracy(samples[kept], truth[kept]) | _calibration(samples[kept], truth[kept])

    if len(samples) < 2:
        return {}
    return {f"likelihood_{k}": v for k, v in jackknife(measure, len(samples)).items()}


def _held_out(data: Path) -> MapSet:
    """TEST maps, or the validation simulations of LH where there is no TEST set."""
    try:
        return load_maps(data, "TEST")
    except ValueError:
        return load_maps(data, "LH", split="validation")


def _accuracy(samples: Floats, truth: Floats) -> dict[str, float]:
    error = np.sqrt(np.mean((samples.mean(axis=1) - truth) ** 2, axis=0))
    width = samples.std(axis=1).mean(axis=0)
    return {f"rmse_{n}": float(e) for n, e in zip(NAMES, error, strict=True)} | {
        f"width_{n}": float(w) for n, w in zip(NAMES, width, strict=True)
    }


def _calibration(samples: Floats, truth: Floats) -> dict[str, float]:
    both = coverage(samples, truth, (0.68, 0.95))
    levels, found = tarp(samples, truth)
    return {
        "coverage_68": float(both[0].mean()),
        "coverage_95": float(both[1].mean()),
        "coverage_68_omega_m": float(both[0, 0]),
        "coverage_68_sigma_8": float(both[0, 1]),
        "coverage_95_omega_m": float(both[1, 0]),
        "coverage_95_sigma_8": float(both[1, 1]),
        "tarp_error": float(np.abs(found - levels).max()),
    }


def _alarms(
    inference: HIInference, maps: MapSet, most: int
) -> tuple[NDArray[np.int_], NDArray[np.bool_], float]:
    """Held-out maps that were checked, whether they were flagged, and seconds a check."""
    rows = np.linspace(0, len(maps) - 1, min(len(maps), most)).astype(int)
    start = time.perf_counter()
    flagged = [inference.check(10.0 ** maps.log_sigma[i].astype(np.float64)).unlike_training
               for i in rows]
    return rows, np.array(flagged), (time.perf_counter() - start) / len(rows)


def _out_of_distribution(inference: HIInference, maps: MapSet, each: int) -> dict[str, float]:
    """How many maps unlike the training data are flagged, by kind."""
    sigma = 10.0 ** maps.log_sigma.astype(np.float64)
    caught = {
        f"ood_caught_{kind}": float(np.mean([inference.check(x).unlike_training for x in strange]))
        for kind, strange in out_of_distribution_maps(sigma, each, seed=0).items()
    }
    return {"ood_caught": float(np.mean(list(caught.values()))), **caught}


def _likelihood(inference: HIInference, maps: MapSet, n: int) -> tuple[Floats, dict[str, float]]:
    start = time.perf_counter()
    grids = [inference.log_likelihood(x) for x in tqdm(maps.log_sigma, desc="likelihood")]
    seconds = (time.perf_counter() - start) / len(grids)
    truth = maps.parameters.astype(np.float64)
    samples = np.stack([inference.sample_grid(g, n, i) for i, g in enumerate(grids)])
    raw = np.stack([inference.sample_grid(g, n, i, beta=1.0) for i, g in enumerate(grids)])
    numbers = _accuracy(samples, truth) | _calibration(samples, truth)
    numbers |= {f"{k}_raw": v for k, v in _calibration(raw, truth).items()
                if k in ("coverage_68", "coverage_95")}
    numbers |= {"seconds": seconds, "beta": inference.config.likelihood_beta}
    return samples, {f"likelihood_{k}": v for k, v in numbers.items()}


def _measured(m: dict[str, float], words: str) -> str:
    likelihood = "likelihood_rmse_omega_m" in m

    def row(name: str, key: str, pk: str | None) -> str:
        cells = [f"{m[key]:.3f}", f"{m[pk]:.3f}" if pk else ""]
        cells.append(f"{m['likelihood_' + key]:.3f}" if likelihood else "")
        return f"| {name} | " + " | ".join(cells) + " |"

    table = "\n".join([
        row("RMSE Omega_m", "rmse_omega_m", "rmse_pk_omega_m"),
        row("RMSE sigma_8", "rmse_sigma_8", "rmse_pk_sigma_8"),
        row("68% intervals cover", "coverage_68", "pk_coverage_68"),
        row("95% intervals cover", "coverage_95", "pk_coverage_95"),
    ])
    return f"""`python -m training.hydrogen.evaluate_inference --data DIR` on {words}.

| | field | P(k) only | HIGlow likelihood |
|---|---|---|---|
{table}

The prior alone has RMSE {m["rmse_prior_omega_m"]:.3f} and {m["rmse_prior_sigma_8"]:.3f}. Maps
unlike the training data are flagged in {m["ood_caught"]:.1%} of the cases (white noise, a photo,
other fields, wrong units), held-out maps in {m["ood_false_alarms"]:.1%}."""


def _plot_recovery(field: Floats, power: Floats, truth: Floats) -> Figure:
    """Posterior mean against truth, one point a simulation's first map."""
    figure = Figure(figsize=(9, 8.2), layout="constrained")
    axes = figure.subplots(2, 2)
    some = np.arange(0, len(truth), 15)
    for row, (name, samples) in enumerate((("map", field), ("P(k) alone", power))):
        for i, axis in enumerate(axes[row]):
            low, high = (OMEGA_M_RANGE, SIGMA_8_RANGE)[i]
            rmse = np.sqrt(np.mean((samples[:, :, i].mean(axis=1) - truth[:, i]) ** 2))
            axis.errorbar(truth[some, i], samples[some, :, i].mean(axis=1),
                          samples[some, :, i].std(axis=1), fmt=".", lw=0.6, color=f"C{row}")
            axis.plot([low, high], [low, high], "k-", lw=1)
            axis.set(xlim=(low, high), ylim=(low, high), xlabel=f"true {PARAMETER_LABELS[i]}",
                     ylabel=f"inferred {PARAMETER_LABELS[i]}")
            axis.set_title(f"from the {name}: RMSE {rmse:.3f}", fontsize=10)
    return figure


def _plot_calibration(field: Floats, power: Floats, truth: Floats, likelihood: Floats | None,
                      likelihood_truth: Floats) -> Figure:
    """TARP curves, and histograms of the ranks of simulation-based calibration."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    axes = figure.subplots(1, 3)
    axes[0].plot([0, 1], [0, 1], "k-", lw=1)
    curves = [("field", field, truth), ("P(k)", power, truth)]
    if likelihood is not None:
        curves.append(("likelihood", likelihood, likelihood_truth))
    for name, samples, true in curves:
        axes[0].plot(*tarp(samples, true), label=name)
    axes[0].set(xlabel="credibility", ylabel="expected coverage", title="TARP")
    axes[0].legend()
    for i, axis in enumerate(axes[1:]):
        for name, samples, true in curves:
            axis.hist(sbc_ranks(samples, true)[:, i], np.linspace(0, 1, 11), density=True,
                      histtype="step", label=name)
        axis.axhline(1, color="k", lw=1)
        axis.set(xlabel=f"rank of the true {PARAMETER_LABELS[i]}", ylim=(0, 2.2), title="SBC")
    return figure


def _plot_corner(inference: HIInference, maps: MapSet) -> Figure:
    """One held-out map, the nearest to the centre of the prior."""
    centre = np.abs(maps.parameters - np.array([0.3, 0.8])) / np.array([0.2, 0.2])
    i = int(np.argmin(centre.max(axis=1)))
    samples = inference.sample(maps.log_sigma[i : i + 1], "field", 8000)[0]
    posterior = Posterior(samples, PARAMETER_LABELS, maps.parameters[i].astype(float))
    figure = corner_figure(posterior, limits=[OMEGA_M_RANGE, SIGMA_8_RANGE])
    return figure


if __name__ == "__main__":
    run(evaluate, InferenceEvaluateConfig, __doc__)
