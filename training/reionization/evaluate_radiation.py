"""Measure the radiation emulators on boxes whose initial conditions were held out.

    python -m training.reionization.evaluate_radiation [--data DIR] [--quick | --write]

Prints tables, and one JSON line last. One field is drawn for each slice of the test split, given
its density, mean neutral fraction and redshift, and compared with the simulator's own in five bins
of the mean neutral fraction:

* **pk_ratio_median, pk_ratio_worst**: |<P> / <P_sim> - 1| of x_HI over ten bins of k < 1 / Mpc in
  every bin of x_HI; floor_ is the same between two halves of the test boxes.
* **r_k**: cross-correlation with the simulator's field, median over those bins; r_k_0.1, r_k_0.3,
  r_k_0.8 at that k in 1 / Mpc over all slices.
* **bubble_path_error, bubble_distance**: mean free path of ionized regions, |ratio - 1|, median
  over the bins; and the mean Wasserstein distance of ln(path).
* **x_hi_error**: largest |mean x_HI - asked|; x_hi_error_uncorrected the mean of it without the
  shift that corrects it.
* **threshold_**: the densest cells ionized at matched x_HI, the density smoothed as suits training
  slices best; **unet_density_, unet_noise_, unet_map_**: the one-pass network by strategy;
  **context_**: with the neighbouring slices given; **corner_**: parameters outside training;
  **twin_**: the simulator's own spectrum with random phases.
* **seconds**: one slice, CPU seconds; seconds_box 64 slices; unet_seconds_box in one pass;
  simulator_seconds the ionization step of 21cmFAST for a box, timed here if it is installed, else
  as last measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.reionization.constants import BOX_SIZE_MPC, N_CELLS
from core.reionization.ionization import threshold_field
from core.reionization.radiation import Radiation
from core.reionization.radiation_inputs import STRATEGIES
from core.statistics import phase_randomised, power_spectrum
from training.evaluation.errors import jackknife, print_beside_card
from training.evaluation.report import WEIGHTS, EvaluationConfig, publish, run
from training.reionization.comparison.distances import K_EDGES, X_EDGES, Comparison, bins, compare
from training.reionization.comparison.figures import plot_fields, plot_statistics
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.held_out import (
    held_out_folder,
    held_out_rows,
    held_out_set,
    partial_set,
)
from training.reionization.datasets.slices import Slices, load_slices

__all__ = ["RadiationEvaluateConfig", "evaluate", "simulator_seconds"]

Floats = NDArray[np.floating]
TARGETS = {"pk_ratio_median": 0.1, "pk_ratio_worst": 0.1, "x_hi_error": 0.02}


@dataclass(frozen=True)
class RadiationEvaluateConfig(EvaluationConfig):
    """What to measure.

    Args:
        data: folder of simulations; a few are simulated afresh if not given (needs 21cmFAST).
        model: model folder.
        slices: of each test box.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "radiation"
    slices: int = 2


def evaluate(config: RadiationEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    config.why_partial()
    model = Radiation.load(config.model)
    with held_out_folder(config.data, quick=config.quick) as folder:
        return _evaluate(config, model, folder)


def _evaluate(config: RadiationEvaluateConfig, model: Radiation, folder: Path) -> dict[str, float]:
    data = held_out_set(folder)
    partial = config.why_partial(partial_set(data))
    rows = held_out_rows(data, 24 if config.quick else None)
    per_row = 3 if config.quick else config.slices
    slices = load_slices(data, rows, per_row, model.config, seed=1)
    if not len(slices):
        raise ValueError(
            f"{data.path} holds no slice of a held-out box with x_HI from 0.02 to 0.98; give a "
            "larger set."
        )
    if config.quick:
        slices = slices.take(np.arange(0, len(slices), max(1, len(slices) // 24)))
    sampled = model.sample_each(slices.given(context=False), seed=1)
    kinds: dict[str, Comparison] = {"": compare(sampled, slices)}
    fields = {"sample": sampled}
    smoothing = model.config.threshold_smoothing_mpc
    density = slices.overdensity()
    fields["threshold"] = np.stack(
        [threshold_field(d, m, smoothing) for d, m in zip(density, slices.mean, strict=True)]
    )
    kinds["threshold_"] = compare(fields["threshold"], slices)
    for strategy in STRATEGIES:
        answer = model.denoise_each(slices.given(context=False), strategy)
        kinds[f"unet_{strategy}_"] = compare(answer, slices)
        if strategy == model.config.best:
            fields["U-Net"] = answer
    metrics = {f"{name}{k}": v for name, c in kinds.items() for k, v in c.numbers.items()}
    if model.config.context:
        metrics |= _extra(model, slices, "context_", context=True)
    metrics |= _corner(folder / "corner.h5", config, model, 1 if config.quick else per_row)
    metrics |= _phase_randomised(slices)
    metrics |= _floor(data, slices)
    raw = model.sample_each(slices.given(context=False).part(0, 32), seed=1, match=False)
    error = raw.mean(axis=(1, 2)) - slices.mean[:32]
    metrics["x_hi_error_uncorrected"] = float(np.abs(error).mean())
    metrics["threshold_smoothing_mpc"] = smoothing
    metrics |= timing(model, slices)
    metrics["simulator_seconds"] = simulator_seconds() or _last_time(config.model)
    _tables(kinds)
    seeds = np.asarray(data.seed)[slices.row]
    if config.quick:
        print_beside_card(metrics, _errors(sampled, slices, seeds), config.model)
    words = (
        f"{data.simulator}, {len(np.unique(slices.row))} boxes of {len(np.unique(seeds))} "
        f"held-out initial conditions, {len(slices)} slices"
    )
    publish(
        metrics, write=config.write, partial=partial, folder=config.model, model="Radiation",
        data=words, targets=TARGETS, measured=lambda: _measured(metrics, words),
        figures={
            "radiation_statistics.png": lambda: plot_statistics(kinds, X_EDGES),
            "radiation_maps.png": lambda: plot_fields(slices, fields),
        },
    )
    return metrics


def _errors(sampled: Floats, slices: Slices, seeds: NDArray[np.int_]) -> dict[str, float]:
    """Standard errors of the samples' numbers over initial conditions."""
    every = np.unique(seeds)
    if len(every) < 2:
        return {}

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        own = np.flatnonzero(np.isin(seeds, every[kept]))
        return compare(sampled[own], slices.take(own)).numbers

    return jackknife(measure, len(every))


def _extra(model: Radiation, slices: Slices, name: str, context: bool) -> dict[str, float]:
    """The main numbers of samples in another situation."""
    found = compare(model.sample_each(slices.given(context), seed=1), slices).numbers
    kept = ("pk_ratio_median", "pk_ratio_worst", "r_k", "rmse", "bubble_path_error")
    return {f"{name}{key}": found[key] for key in kept}


def _corner(
    path: Path, config: RadiationEvaluateConfig, model: Radiation, per_row: int
) -> dict[str, float]:
    """Boxes of rare sources and small bubbles, which are in no training set."""
    if not path.is_file():
        return {}
    data = ReionizationSet.open(path)
    rows = data.rows("all", corner=True)[: 6 if config.quick else 60]
    slices = load_slices(data, rows, per_row, model.config, seed=1)
    return _extra(model, slices, "corner_", context=False) if len(slices) else {}


def _phase_randomised(slices: Slices) -> dict[str, float]:
    """What the same power spectrum with random phases would score: ratio 1, and nothing else."""
    fields = np.stack([phase_randomised(m, seed=i) for i, m in enumerate(slices.x_hi)])
    numbers = compare(fields, slices).numbers
    return {f"twin_{k}": numbers[k] for k in ("pk_ratio_median", "r_k", "bubble_distance")}


def _floor(data: ReionizationSet, slices: Slices, halvings: int = 10) -> dict[str, float]:
    """The deviation of P(k) between random halves of the test initial conditions."""
    seeds = np.asarray(data.seed)[slices.row]
    power = power_spectrum(slices.x_hi, BOX_SIZE_MPC, k_edges=K_EDGES)[1]
    rng = np.random.default_rng(0)
    median, worst = [], []
    for _ in range(halvings):
        chosen = np.isin(seeds, rng.permutation(np.unique(seeds))[::2])
        found = []
        for members in bins(slices.mean):
            one, two = members[chosen[members]], members[~chosen[members]]
            if len(one) and len(two):
                found.append(np.abs(power[one].mean(axis=0) / power[two].mean(axis=0) - 1))
        if found:
            median.append(np.median(found))
            worst.append(np.max(found))
    if not median:
        return {}
    return {
        "floor_pk_ratio_median": float(np.mean(median)),
        "floor_pk_ratio_worst": float(np.mean(worst)),
    }


def timing(model: Radiation, slices: Slices) -> dict[str, float]:
    """Seconds of one slice and of the 64 slices of a box."""
    order = np.arange(N_CELLS) % len(slices)
    box = slices.take(order).given(context=False)
    model.sample_each(box.part(0, 1), steps=2)
    return {
        "seconds": _timed(lambda: model.sample_each(box.part(0, 1))),
        "seconds_box": _timed(lambda: model.sample_each(box)),
        "unet_seconds_box": _timed(lambda: model.denoise_each(box)),
    }


def _timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process, which other work on the machine does not change; on a GPU wall
    time."""
    clock = time.perf_counter if torch.cuda.is_available() else time.process_time
    start = clock()
    work()
    return clock() - start


def simulator_seconds(repeats: int = 3) -> float | None:
    """21cmFAST's ionization step of a box of 64^3 cells on one thread; None if not installed.

    The median over ``repeats`` ionizing efficiencies; initial conditions and the density at that
    redshift are made before and do not count.
    """
    try:
        import py21cmfast as p21
    except ImportError:
        return None
    p21.config["ignore_R_BUBBLE_MAX_error"] = True
    base = p21.InputParameters.from_template(
        ["const-zeta"], random_seed=1, HII_DIM=N_CELLS, BOX_LEN=BOX_SIZE_MPC,
        HIRES_TO_LOWRES_FACTOR=2, N_THREADS=1, M_MIN_in_Mass=False, R_BUBBLE_MAX=30.0,
    )
    conditions = p21.compute_initial_conditions(inputs=base)
    matter = p21.perturb_field(redshift=8.0, initial_conditions=conditions)
    found = []
    for i in range(repeats):
        inputs = base.evolve_input_structs(HII_EFF_FACTOR=20.0 + 5 * i)
        found.append(_timed(lambda inputs=inputs: p21.compute_ionization_field(  # type: ignore[misc]
            inputs=inputs, perturbed_field=matter, initial_conditions=conditions
        )))
    return float(np.median(found))


def _last_time(folder: Path) -> float:
    """simulator_seconds as the last evaluation with 21cmFAST at hand measured it."""
    path = folder / "metrics.json"
    stored = json.loads(path.read_text())["metrics"] if path.is_file() else {}
    value = stored.get("simulator_seconds")
    print("21cmFAST is not installed: simulator_seconds is that of the last full evaluation.")
    return float("nan") if value is None else float(value)


def _tables(kinds: dict[str, Comparison]) -> None:
    """r(k) of every kind, then P(k) of the samples by x_HI, for people."""
    k = kinds[""].k
    print("k [1/Mpc]      " + " ".join(f"{x:6.2f}" for x in k))
    for name, comparison in kinds.items():
        line = " ".join(f"{x:6.3f}" for x in comparison.r_all)
        print(f"r {name.rstrip('_') or 'sample':13s}{line}")
    for low, high, row in zip(X_EDGES[:-1], X_EDGES[1:], kinds[""].ratio, strict=True):
        print(f"P x {low:.2f}-{high:.2f}  " + " ".join(f"{x:6.3f}" for x in row))


def _measured(metrics: dict[str, float], data: str) -> str:
    """The section of the card: model, baselines and ablation side by side."""
    columns = {
        "diffusion": "", "threshold": "threshold_", "U-Net: density": "unet_density_",
        "with noise": "unet_noise_", "with noisy map": "unet_map_", "with neighbours": "context_",
        "corner": "corner_",
    }
    columns = {k: v for k, v in columns.items() if f"{v}r_k" in metrics}
    rows = ("pk_ratio_median", "pk_ratio_worst", "r_k", "r_k_0.1", "r_k_0.3", "r_k_0.8",
            "bubble_path_error", "bubble_distance", "x_hi_error", "rmse")
    lines = [f"On {data}.", "", "| | " + " | ".join(columns) + " |",
             "|---|" + "---|" * len(columns)]
    for row in rows:
        values = [metrics.get(f"{prefix}{row}") for prefix in columns.values()]
        lines.append(f"| {row} | " + " | ".join(
            "" if v is None else f"{v:.3g}" for v in values) + " |")
    return "\n".join([
        *lines, "",
        f"Two halves of the test boxes differ by {metrics['floor_pk_ratio_median']:.3g} in the "
        f"median and {metrics['floor_pk_ratio_worst']:.3g} at worst. Means before correction are "
        f"off by {metrics['x_hi_error_uncorrected']:.3g} on average. Threshold: density smoothed "
        f"over {metrics['threshold_smoothing_mpc']:g} Mpc, chosen on training slices.", "",
        f"CPU seconds: {metrics['seconds']:.3g} a slice, {metrics['seconds_box']:.3g} for 64 "
        f"slices, {metrics['unet_seconds_box']:.3g} for 64 in one pass; 21cmFAST's ionization "
        f"step takes {metrics['simulator_seconds']:.3g} for a box.",
    ])


if __name__ == "__main__":
    run(evaluate, RadiationEvaluateConfig, __doc__)
