"""Measure p(x_HI | 21 cm images) on simulations that no network has seen.

    python -m training.reionization.evaluate_neutral_fraction --data data/reionization
    python -m training.reionization.evaluate_neutral_fraction --quick

The data folder has set_a.h5, whose test split is used (or held_out.h5, used whole), and if they are
there corner.h5 (parameters outside the training range) and set_b.h5 (another source model). Beside
every R2 stands that of a baseline from moments and power spectrum trained on the same rows: the
better of boosted trees and a network. Errors are the scatter over five splits of the training
simulations, each with a member that did not see it. The last line printed is JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.reionization.neutral_fraction import NeutralFraction, credibility
from core.reionization.observation import observe
from core.statistics import phase_randomised
from training.evaluation.cards import add_measured
from training.evaluation.report import WEIGHTS, print_metrics, save_figure, write_metrics
from training.reionization.comparison.baselines import boosted_trees, leaky_score
from training.reionization.datasets.batches import slice_inputs
from training.reionization.datasets.box_set import FOLDS, ReionizationSet, fold_of_seed
from training.reionization.datasets.held_out import held_out_folder, held_out_rows, held_out_set
from training.reionization.datasets.views import OBSERVATIONS, Views, load_views

__all__ = ["EvaluateConfig", "evaluate"]

Floats = NDArray[np.floating]
TARGETS = {"r2_clean": 0.985, "r2_aa4": 0.90, "r2_aa_star": 0.85, "r2_aa4_wedge": 0.55,
           "coverage_68": 0.68, "coverage_95": 0.95}
WORDS = {"clean": "clean", "aa4": "AA4, 1,000 h", "aa_star": "AA*, 1,000 h",
         "aa4_wedge": "AA4, 1,000 h, wedge cut"}


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: folder of simulations; a few are simulated afresh if not given (needs 21cmFAST).
        model: model folder.
        rows: boxes of the corner, of the other simulator and of each split, at most.
        quick: a few boxes, under a minute; nothing is written.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "neutral_fraction"
    rows: int = 400
    quick: bool = False


def r2_score(truth: Floats, estimate: Floats) -> float:
    """1 - mean square error / variance of the truth."""
    truth = np.asarray(truth, dtype=float)
    return float(1 - np.mean((estimate - truth) ** 2) / np.var(truth))


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure, write plots, card and metrics.json (unless quick) and return the numbers."""
    model = NeutralFraction.load(config.model)
    with held_out_folder(config.data, config.quick) as data:
        boxes = held_out_set(data)
        rows = held_out_rows(boxes, 16 if config.quick else None)
        if config.quick:
            test = load_views(boxes.path, rows, workers=1)
            metrics, densities = _accuracy(model, test, rows)
        else:
            views = load_views(boxes.path)
            test = views
            metrics, densities = _accuracy(model, views, rows)
            metrics |= _splits(model, views, rows, config.rows)
            metrics["leaky_r2_clean_by_slice"], metrics["honest_r2_clean_by_slice"] = leaky_score(
                views, rows
            )
            for name, file in (("corner", "corner.h5"), ("other_simulator", "set_b.h5")):
                if (data / file).exists():
                    metrics |= _elsewhere(model, data / file, name, config.rows)
        metrics |= _out_of_distribution(model, test, rows)
        if not config.quick:
            plots = [_plot_recovery(model, test, densities, metrics),
                     _plot_calibration(model, test, densities)]
            seeds = len(np.unique(boxes.columns["seed"][rows]))
            words = f"{boxes.simulator}, {seeds} held-out initial conditions, {len(rows)} boxes"
            write_metrics(config.model, "NeutralFraction", metrics, TARGETS, words, plots)
            add_measured(config.model, _measured(metrics, words))
    return metrics


def _predict(model: NeutralFraction, views: Views, chosen: NDArray[np.int_], method: str = "images"
             ) -> Floats:
    parts = [
        model.predict(views.images[i], views.summaries[i], views.conditions[i], method)  # type: ignore[arg-type]
        for i in np.array_split(chosen, max(1, len(chosen) // 40))
    ]
    return np.concatenate(parts)


def _truth(views: Views, chosen: NDArray[np.int_]) -> Floats:
    return views.column("x_hi_mean")[chosen].astype(float)


def _mean(model: NeutralFraction, density: Floats) -> Floats:
    return density @ model.grid / model.config.bins


def _coverage(rank: Floats, level: float) -> float:
    return float(np.mean(np.abs(rank - 0.5) <= level / 2))


def _accuracy(model: NeutralFraction, views: Views, rows: NDArray[np.int_]
              ) -> tuple[dict[str, float], dict[str, tuple[NDArray[np.int_], Floats]]]:
    """Test-split numbers of the shipped ensemble for each kind of observation."""
    metrics: dict[str, float] = {}
    densities = {}
    all_ranks, all_truth, all_means = [], [], []
    for kind in OBSERVATIONS:
        chosen = views.where(rows, kind)
        truth = _truth(views, chosen)
        density = _predict(model, views, chosen)
        densities[kind] = (chosen, density)
        metrics[f"r2_{kind}"] = r2_score(truth, _mean(model, density))
        metrics[f"rmse_{kind}"] = float(np.sqrt(np.mean((_mean(model, density) - truth) ** 2)))
        statistics = _predict(model, views, chosen, "statistics")
        metrics[f"baseline_r2_{kind}"] = r2_score(truth, _mean(model, statistics))
        rank = credibility(density, truth)
        metrics[f"coverage_68_{kind}"] = _coverage(rank, 0.68)
        metrics[f"coverage_95_{kind}"] = _coverage(rank, 0.95)
        all_ranks.append(rank)
        all_truth.append(truth)
        all_means.append(_mean(model, density))
        if kind != "aa4_wedge":
            metrics[f"r2_{kind}_one_slice"] = _one_slice(model, views, chosen, truth)
    rank = np.concatenate(all_ranks)
    for level in (68, 95):
        metrics[f"coverage_{level}"] = _coverage(rank, level / 100)
        # quarters of the estimate have to be covered evenly; quarters of the truth cannot be where
        # the data say little, since the prior then draws estimates to the middle
        for name, parts in (("quartile", all_means), ("truth_quartile", all_truth)):
            values = np.concatenate(parts)
            edges = np.quantile(values, [0.25, 0.5, 0.75])
            for quarter in range(4):
                own = np.digitize(values, edges) == quarter
                metrics[f"coverage_{level}_{name}_{quarter + 1}"] = _coverage(
                    rank[own], level / 100
                )
    # intervals of one box through four observations go right or wrong together
    metrics["floor_coverage_68"] = float(np.sqrt(0.68 * 0.32 / len(rows)))
    metrics["floor_coverage_95"] = float(np.sqrt(0.95 * 0.05 / len(rows)))
    return metrics, densities


def _one_slice(model: NeutralFraction, views: Views, chosen: NDArray[np.int_], truth: Floats
               ) -> float:
    images = views.images[chosen, :1]
    summaries, conditions = slice_inputs(images, views.conditions[chosen], views.scale[chosen])
    return r2_score(truth, _mean(model, model.predict(images, summaries, conditions)))


def _splits(model: NeutralFraction, views: Views, test: NDArray[np.int_], limit: int
            ) -> dict[str, float]:
    """Baselines on the test rows, and both over five splits of the training simulations."""
    rng = np.random.default_rng(0)
    train = views.boxes.rows("train")
    fold = fold_of_seed(views.boxes.columns["seed"])
    metrics: dict[str, float] = {}
    scores: dict[str, list[float]] = {}
    estimates = boosted_trees(views, train, test)
    for kind, estimate in estimates.items():
        trees = r2_score(_truth(views, views.where(test, kind)), estimate)
        metrics[f"trees_r2_{kind}"] = trees
    for split in range(FOLDS):
        out = train[fold[train] == split]
        trees_on = boosted_trees(views, train[fold[train] != split], out)
        some = np.sort(rng.permutation(out)[:limit])
        member = NeutralFraction(model.config, [model.members[split]], model.scaler)
        for kind in OBSERVATIONS:
            chosen = views.where(some, kind)
            scores.setdefault(f"r2_{kind}", []).append(
                r2_score(_truth(views, chosen), _mean(model, _predict(member, views, chosen)))
            )
            scores.setdefault(f"baseline_r2_{kind}", []).append(
                r2_score(_truth(views, views.where(out, kind)), trees_on[kind])
            )
    for name, values in scores.items():
        metrics[f"{name}_splits"] = float(np.mean(values))
        metrics[f"{name}_std"] = float(np.std(values, ddof=1))
    return metrics


def _elsewhere(model: NeutralFraction, path: Path, name: str, limit: int) -> dict[str, float]:
    """Outside the training distribution: scores, coverage, and how often the check says so."""
    boxes = ReionizationSet.open(path)
    seeds = np.unique(boxes.columns["seed"])
    enough = max(1, limit * len(seeds) // len(boxes))
    some = seeds[np.linspace(0, len(seeds) - 1, min(enough, len(seeds))).astype(int)]
    rows = np.flatnonzero(np.isin(boxes.columns["seed"], some))
    views = load_views(path, rows, drawn=2)  # as the training of the sources does
    metrics = {}
    for kind in ("clean", "aa4"):
        chosen = views.where(rows, kind)
        density, truth = _predict(model, views, chosen), _truth(views, chosen)
        suffix = "" if kind == "clean" else f"_{kind}"
        metrics[f"r2_{name}{suffix}"] = r2_score(truth, _mean(model, density))
        statistics = _mean(model, _predict(model, views, chosen, "statistics"))
        metrics[f"baseline_r2_{name}{suffix}"] = r2_score(truth, statistics)
        metrics[f"bias_{name}{suffix}"] = float(np.mean(_mean(model, density) - truth))
        metrics[f"coverage_68_{name}{suffix}"] = _coverage(credibility(density, truth), 0.68)
        assert model.out_of_distribution is not None
        score = model.out_of_distribution.scores(
            views.conditions[chosen], views.summaries[chosen], "stack"
        )
        metrics[f"flagged_{name}{suffix}"] = float(np.mean(score > 1))
    return metrics


def _out_of_distribution(
    model: NeutralFraction, views: Views, rows: NDArray[np.int_]
) -> dict[str, float]:
    """How often held-out boxes are flagged, and inputs that are none."""
    check = model.out_of_distribution
    assert check is not None
    known = np.concatenate([views.where(rows, kind) for kind in OBSERVATIONS])
    alarms = check.scores(views.conditions[known], views.summaries[known], "stack") > 1
    metrics = {"ood_false_alarms": float(np.mean(alarms))}
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), 40)).astype(int)]
    for kind in ("clean", "aa4"):
        caught: dict[str, list[bool]] = {}
        for row in some:
            redshift = float(views.column("redshift")[views.row == row][0])
            cube = views.boxes.cube("brightness_temp", int(row))
            seen = observe(cube, redshift, OBSERVATIONS[kind], seed=int(row))
            for name, stack in unlike(seen, kind, int(row)).items():
                flag = model.check(stack, redshift, OBSERVATIONS[kind]).unlike_training
                caught.setdefault(name, []).append(flag)
        metrics |= {f"ood_caught_{name}_{kind}": float(np.mean(v)) for name, v in caught.items()}
    metrics["ood_caught"] = float(
        np.mean([v for k, v in metrics.items() if k.startswith("ood_caught_")])
    )
    return metrics


def unlike(seen: Floats, kind: str, seed: int) -> dict[str, Floats]:
    """Stacks unlike any training stack, made of one that is: wrong units, plain noise, ..."""
    rng = np.random.default_rng(seed)
    strange = {"units": seen / 1000, "noise": rng.normal(0, seen.std(), seen.shape)}
    if kind == "clean":
        return strange | {"twin": phase_randomised(seen, seed), "inverted": -seen}
    return strange | {"contrast": 3 * seen}


def _measured(m: dict[str, float], words: str) -> str:
    lines = "\n".join(
        f"| {WORDS[kind]} | {m[f'r2_{kind}']:.3f} | {m[f'baseline_r2_{kind}']:.3f} | "
        f"{m[f'trees_r2_{kind}']:.3f} | {m[f'r2_{kind}_splits']:.3f} +- {m[f'r2_{kind}_std']:.3f} |"
        f" {m[f'baseline_r2_{kind}_splits']:.3f} +- {m[f'baseline_r2_{kind}_std']:.3f} | "
        f"{m[f'coverage_68_{kind}']:.2f} / {m[f'coverage_95_{kind}']:.2f} |"
        for kind in OBSERVATIONS
    )
    elsewhere = ""
    if "r2_corner" in m:
        elsewhere += (
            f"\nIn the corner of parameters held out of training R2 is {m['r2_corner']:.3f} clean "
            f"({m['baseline_r2_corner']:.3f} baseline) and {m['r2_corner_aa4']:.3f} with AA4."
        )
    if "r2_other_simulator" in m:
        elsewhere += (
            f"\nOn another source model (haloes painted as galaxies or AGN) R2 is "
            f"{m['r2_other_simulator']:.3f} clean ({m['baseline_r2_other_simulator']:.3f} "
            f"baseline), mean error {m['bias_other_simulator']:+.3f}, 68% intervals cover "
            f"{m['coverage_68_other_simulator']:.2f}; {m['flagged_other_simulator']:.0%} are "
            "flagged as unlike the training data."
        )
    return f"""`python -m training.reionization.evaluate_neutral_fraction --data DIR` on {words};
whole boxes of 64 slices. R2 of the posterior mean for the box-mean x_HI; the baselines are given
moments and power spectrum of the same slices.

| observation | R2 | baseline, network | baseline, trees | one member, 5 splits | trees, 5 splits \
| 68% / 95% intervals cover |
|---|---|---|---|---|---|---|
{lines}
{elsewhere}

A split by slice instead of by simulation would print R2 = {m["leaky_r2_clean_by_slice"]:.3f} for
boosted trees on single clean slices (leaky); split by simulation the same trees have
{m["honest_r2_clean_by_slice"]:.3f}."""


def _plot_recovery(model: NeutralFraction, views: Views,
                   densities: dict[str, tuple[NDArray[np.int_], Floats]],
                   metrics: dict[str, float]) -> Path:
    figure = Figure(figsize=(13, 3.6), layout="constrained")
    for axis, (kind, (chosen, density)) in zip(figure.subplots(1, 4), densities.items(),
                                               strict=True):
        mean = _mean(model, density)
        std = np.sqrt(np.maximum(density @ model.grid**2 / model.config.bins - mean**2, 0))
        axis.errorbar(_truth(views, chosen), mean, std, fmt=".", lw=0.5, ms=3)
        axis.plot([0, 1], [0, 1], "k-", lw=1)
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="true mean neutral fraction")
        axis.set_title(f"{WORDS[kind]}: R² {metrics[f'r2_{kind}']:.3f}", fontsize=10)
    figure.axes[0].set_ylabel("posterior mean and deviation")
    return save_figure(figure, "neutral_fraction_recovery.png")


def _plot_calibration(model: NeutralFraction, views: Views,
                      densities: dict[str, tuple[NDArray[np.int_], Floats]]) -> Path:
    figure = Figure(figsize=(4.6, 4.2), layout="constrained")
    axis = figure.subplots()
    levels = np.linspace(0, 1, 51)
    axis.plot([0, 1], [0, 1], "k-", lw=1)
    for kind, (chosen, density) in densities.items():
        rank = credibility(density, _truth(views, chosen))
        axis.plot(levels, [_coverage(rank, v) for v in levels], label=WORDS[kind])
    axis.set(xlabel="credible level", ylabel="fraction of boxes inside", xlim=(0, 1), ylim=(0, 1))
    axis.legend(fontsize=8)
    return save_figure(figure, "neutral_fraction_calibration.png")


if __name__ == "__main__":
    print_metrics(evaluate(tyro.cli(EvaluateConfig, description=__doc__)))
