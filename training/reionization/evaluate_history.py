"""Hold histories of reionization against simulated ones that no network has seen.

    python -m training.reionization.evaluate_history --data data/reionization [--write]
    python -m training.reionization.evaluate_history --quick

The data folder has history.h5: the same initial conditions at seven redshifts. Histories are drawn
from the observed images at z = 7, 8, 9 and 10; the truth at 7.5, 8.5 and 9.5, of which they know
nothing, shows whether the bands hold. The optical depth is compared with that of the true values at
all seven redshifts, completed by the same prior. Prints one JSON line last; --write publishes
docs/figures/history.png. With --quick two histories are drawn, and standard errors stand beside the
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from core.posterior import Posterior
from core.reionization.history import PLANCK_TAU, History, reionization_history
from core.reionization.neutral_fraction import NeutralFraction
from core.reionization.observation import Array, Observation, observe
from training.evaluation.errors import jackknife, print_beside_card
from training.evaluation.report import WEIGHTS, EvaluationConfig, publish, run
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.held_out import partial_set

__all__ = ["HistoryEvaluateConfig", "evaluate"]

SEEN = (7.0, 8.0, 9.0, 10.0)


@dataclass(frozen=True)
class HistoryEvaluateConfig(EvaluationConfig):
    """Command line.

    Args:
        data: folder with history.h5.
        model: model folder of NeutralFraction.
        array: telescope of the images; 1,000 h.
    """

    data: Path = Path("data/reionization")
    model: Path = WEIGHTS / "neutral_fraction"
    array: Array = "aa4"


@dataclass(frozen=True)
class Case:
    """One initial condition: what was true, and the histories drawn from its images."""

    redshift: Any
    x_hi: Any
    seen: dict[float, Posterior]
    history: History
    true_tau: Any

    def band(self, name: str, redshift: float) -> float:
        """A line of the history at a redshift."""
        return float(np.interp(redshift, self.history.redshift, getattr(self.history, name)))


def measure(model: NeutralFraction, boxes: ReionizationSet, seed: int, observation: Observation
            ) -> Case:
    """Observe the boxes of one initial condition and draw histories."""
    rows = np.flatnonzero(boxes.columns["seed"] == seed)
    redshift, x_hi = boxes.columns["redshift"][rows], boxes.columns["x_hi_mean"][rows]
    seen = {}
    for row, z in zip(rows, redshift, strict=True):
        if np.min(np.abs(np.array(SEEN) - z)) < 1e-6:
            cube = boxes.cube("brightness_temp", int(row))
            image = observe(cube, float(z), observation, seed=int(row))
            seen[float(z)] = model.posterior(image, float(z), observation)
    known = [Posterior(np.full((100, 1), x), ("x_HI",)) for x in x_hi]
    truth = reionization_history(redshift, known).tau
    return Case(redshift, x_hi, seen, reionization_history(list(seen), list(seen.values())), truth)


def draw(cases: list[Case]) -> Figure:
    """Bands, the posteriors they came from and the truth, for up to six histories."""
    shown = cases[:6]
    figure = Figure(figsize=(11, 3.1 * -(-len(shown) // 3)), layout="constrained")
    axes = figure.subplots(-(-len(shown) // 3), 3, squeeze=False).ravel()
    for axis, case in zip(axes, shown, strict=False):
        h = case.history
        axis.fill_between(h.redshift, h.low_95, h.high_95, color="C0", alpha=0.2, lw=0, label="95%")
        axis.fill_between(h.redshift, h.low_68, h.high_68, color="C0", alpha=0.4, lw=0, label="68%")
        axis.plot(h.redshift, h.median, "C0")
        for z, posterior in case.seen.items():
            low, high = posterior.interval(0.68)[0]
            axis.plot([z, z], [low, high], "k-", lw=2)
        axis.plot(case.redshift, case.x_hi, "C3o", ms=4, label="simulation")
        axis.set(xlim=(5, 15), ylim=(-0.02, 1.02), xlabel="z", ylabel=r"$\bar{x}_{\rm HI}$")
        axis.set_title(rf"$\tau$ = {h.tau.mean():.4f} $\pm$ {h.tau.std():.4f}, "
                       f"true {case.true_tau.mean():.4f}", fontsize=9)
    for axis in axes[len(shown):]:
        axis.axis("off")
    axes[0].legend(fontsize=8, loc="lower right")
    return figure


def evaluate(config: HistoryEvaluateConfig) -> dict[str, float]:
    """Coverage of the bands where there is no image, and errors of the optical depth."""
    config.why_partial()
    model = NeutralFraction.load(config.model)
    boxes = ReionizationSet.open(config.data / "history.h5")
    partial = config.why_partial(partial_set(boxes, "history"))
    seeds = np.unique(boxes.columns["seed"])[: 2 if config.quick else None]
    observation = Observation(config.array)
    cases = [measure(model, boxes, int(seed), observation) for seed in seeds]
    metrics = _numbers(cases)
    if config.quick and len(cases) > 1:
        errors = jackknife(lambda kept: _numbers([cases[i] for i in kept]), len(cases))
        print_beside_card(metrics, errors)
    publish(metrics, write=config.write, partial=partial,
            figures={"history.png": lambda: draw(cases)})
    return metrics


def _numbers(cases: list[Case]) -> dict[str, float]:
    held: dict[str, list[bool]] = {"68": [], "95": []}
    widths, errors = [], []
    for case in cases:
        for z, x in zip(case.redshift, case.x_hi, strict=True):
            if float(z) in case.seen:
                continue
            for level, inside in held.items():
                low, high = case.band(f"low_{level}", z), case.band(f"high_{level}", z)
                inside.append(low <= x <= high)
            widths.append(case.band("high_68", z) - case.band("low_68", z))
            errors.append(case.band("median", z) - x)
    tau_errors = [case.history.tau.mean() - case.true_tau.mean() for case in cases]
    return {
        "histories": len(cases),
        "between_coverage_68": float(np.mean(held["68"])),
        "between_coverage_95": float(np.mean(held["95"])),
        "between_width_68": float(np.mean(widths)),
        "between_rmse": float(np.sqrt(np.mean(np.square(errors)))),
        "tau_rmse": float(np.sqrt(np.mean(np.square(tau_errors)))),
        "tau_std": float(np.mean([case.history.tau.std() for case in cases])),
        "planck_tau_std": PLANCK_TAU[1],
    }


if __name__ == "__main__":
    run(evaluate, HistoryEvaluateConfig, __doc__)
