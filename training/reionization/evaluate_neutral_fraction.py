"""Measure p(x_HI | 21 cm images) on simulations that no network has seen.

    python -m training.reionization.evaluate_neutral_fraction --data data/reionization [--write]
    python -m training.reionization.evaluate_neutral_fraction --quick

The data folder has set_a.h5, whose test split is used (or held_out.h5, used whole), and if they are
there corner.h5 (parameters outside the training range) and set_b.h5 (another source model). Beside
every R2 stands that of a baseline from moments and power spectrum trained on the same rows: the
better of boosted trees and a network. Errors are the scatter over five splits of the training
simulations, each with a member that did not see it. The last line printed is JSON. With --quick a
few boxes are measured, and standard errors stand beside the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.reionization.neutral_fraction import NeutralFraction, credibility
from core.reionization.observation import observe
from core.statistics import phase_randomised
from training.evaluation.errors import jackknife, print_beside_card
from training.evaluation.report import WEIGHTS, EvaluationConfig, publish, run
from training.reionization.comparison.baselines import boosted_trees, leaky_score
from training.reionization.datasets.batches import slice_inputs
from training.reionization.datasets.box_set import FOLDS, ReionizationSet, fold_of_seed
from training.reionization.datasets.held_out import (
    held_out_folder,
    held_out_rows,
    held_out_set,
    is_fresh,
    partial_set,
)
from training.reionization.datasets.views import OBSERVATIONS, Views, load_views

__all__ = ["NeutralFractionEvaluateConfig", "evaluate"]

Floats = NDArray[np.floating]
TARGETS = {"r2_clean": 0.985, "r2_aa4": 0.90, "r2_aa_star": 0.85, "r2_aa4_wedge": 0.55,
           "coverage_68": 0.68, "coverage_95": 0.95}
WORDS = {"clean": "clean", "aa4": "AA4, 1,000 h", "aa_star": "AA*, 1,000 h",
         "aa4_wedge": "AA4, 1,000 h, wedge cut"}


@dataclass(frozen=True)
class NeutralFractionEvaluateConfig(EvaluationConfig):
    """Command line.

    Attributes:
        data: folder of simulations; a few are simulated afresh if not given (needs 21cmFAST).
        model: model folder.
        rows: boxes of the corner, of the other simulator and of each split, at most.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "neutral_fraction"
    rows: int = 400


def r2_score(truth: Floats, estimate: Floats) -> float:
    """1 - mean square error / variance of the truth."""
    truth = np.asarray(truth, dtype=float)
    return float(1 - np.mean((estimate - truth) ** 2) / np.var(truth))


def evaluate(config: NeutralFractionEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them if that is asked for."""
    config.why_partial()
    model = NeutralFraction.load(config.model)
    with held_out_folder(config.data, quick=config.quick) as data:
        boxes = held_out_set(data)
        partial = config.why_partial(partial_set(boxes))
        rows = held_out_rows(boxes, 16 if config.quick else None)
        views = load_views(boxes.path, rows, workers=1) if config.quick else load_views(boxes.path)
        answers = _answers(model, views, rows)
        metrics = _accuracy(answers, len(rows)) | _one_slice(model, views, rows)
        if config.quick:
            print_beside_card(metrics, _errors(answers), config.model)
        else:
            metrics |= _beside_others(model, views, rows, config.rows)
            metrics |= _other_sets(model, data, config.rows)
        metrics |= _out_of_distribution(model, views, rows)
        seeds = len(np.unique(boxes.columns["seed"][rows]))
        words = f"{boxes.simulator}, {seeds} held-out initial conditions, {len(rows)} boxes"
        publish(
            metrics, write=config.write, partial=partial, folder=config.model,
            model="NeutralFraction", data=words, targets=TARGETS,
            measured=lambda: _measured(metrics, words),
            figures={
                "neutral_fraction_recovery.png": lambda: _plot_recovery(answers, metrics),
                "neutral_fraction_calibration.png": lambda: _plot_calibration(answers),
            },
        )
    return metrics


@dataclass(frozen=True)
class Answers:
    """The ensemble's answers for one kind of observation.

    Attributes:
        truth: (n,) x_HI of the boxes.
        seed: (n,) of their initial conditions.
        mean, std: (n,) of the posteriors.
        rank: (n,) credibility of the truth.
        baseline: (n,) mean of the posteriors from moments and power spectrum.
    """

    truth: Floats
    seed: NDArray[np.generic]
    mean: Floats
    std: Floats
    rank: Floats
    baseline: Floats

    def take(self, index: NDArray[np.bool_]) -> Answers:
        """Some of the boxes."""
        return Answers(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


def _answers(model: NeutralFraction, views: Views, rows: NDArray[np.int_]) -> dict[str, Answers]:
    """The answers for each kind of observation."""
    found = {}
    for kind in OBSERVATIONS:
        chosen = views.where(rows, kind)
        truth, density = _truth(views, chosen), _predict(model, views, chosen)
        mean = _mean(model, density)
        std = np.sqrt(np.maximum(density @ model.grid**2 / model.config.bins - mean**2, 0))
        baseline = _mean(model, _predict(model, views, chosen, "statistics"))
        found[kind] = Answers(truth, views.column("seed")[chosen], mean, std,
                              credibility(density, truth), baseline)
    return found


def _errors(answers: dict[str, Answers]) -> dict[str, float]:
    """Standard errors over initial conditions."""
    seeds = np.unique(next(iter(answers.values())).seed)

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        some = {kind: one.take(np.isin(one.seed, seeds[kept])) for kind, one in answers.items()}
        return _accuracy(some, len(kept))

    return jackknife(measure, len(seeds))


def _beside_others(
    model: NeutralFraction, views: Views, rows: NDArray[np.int_], limit: int
) -> dict[str, float]:
    """Baselines that are fitted on the training rows; none where no network was trained on any."""
    if is_fresh(views.boxes):
        return {}
    leaky, honest = leaky_score(views, rows)
    return _splits(model, views, rows, limit) | {
        "leaky_r2_clean_by_slice": leaky, "honest_r2_clean_by_slice": honest
    }


def _other_sets(model: NeutralFraction, data: Path, limit: int) -> dict[str, float]:
    """Boxes outside the training distribution, where they are in the folder."""
    metrics: dict[str, float] = {}
    for name, file in (("corner", "corner.h5"), ("other_simulator", "set_b.h5")):
        if (data / file).exists():
            metrics |= _elsewhere(model, data / file, name, limit)
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


def _accuracy(answers: dict[str, Answers], boxes: int) -> dict[str, float]:
    """Test-split numbers of the shipped ensemble for each kind of observation."""
    metrics: dict[str, float] = {}
    for kind, one in answers.items():
        metrics[f"r2_{kind}"] = r2_score(one.truth, one.mean)
        metrics[f"rmse_{kind}"] = float(np.sqrt(np.mean((one.mean - one.truth) ** 2)))
        metrics[f"baseline_r2_{kind}"] = r2_score(one.truth, one.baseline)
        metrics[f"coverage_68_{kind}"] = _coverage(one.rank, 0.68)
        metrics[f"coverage_95_{kind}"] = _coverage(one.rank, 0.95)
    rank = np.concatenate([one.rank for one in answers.values()])
    # quarters of the estimate have to be covered evenly; quarters of the truth cannot be where
    # the data say little, since the prior then draws estimates to the middle
    quarters = {
        "quartile": np.concatenate([one.mean for one in answers.values()]),
        "truth_quartile": np.concatenate([one.truth for one in answers.values()]),
    }
    for level in (68, 95):
        metrics[f"coverage_{level}"] = _coverage(rank, level / 100)
        for name, values in quarters.items():
            quarter_of = np.digitize(values, np.quantile(values, [0.25, 0.5, 0.75]))
            for quarter in range(4):
                metrics[f"coverage_{level}_{name}_{quarter + 1}"] = _coverage(
                    rank[quarter_of == quarter], level / 100
                )
    # intervals of one box through four observations go right or wrong together
    metrics["floor_coverage_68"] = float(np.sqrt(0.68 * 0.32 / boxes))
    metrics["floor_coverage_95"] = float(np.sqrt(0.95 * 0.05 / boxes))
    return metrics


def _one_slice(model: NeutralFraction, views: Views, rows: NDArray[np.int_]) -> dict[str, float]:
    """Scores of single slices, of the observations that keep the signal on the line of sight."""
    metrics = {}
    for kind in ("clean", "aa4", "aa_star"):
        chosen = views.where(rows, kind)
        images = views.images[chosen, :1]
        summaries, conditions = slice_inputs(images, views.conditions[chosen], views.scale[chosen])
        mean = _mean(model, model.predict(images, summaries, conditions))
        metrics[f"r2_{kind}_one_slice"] = r2_score(_truth(views, chosen), mean)
    return metrics


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


def _plot_recovery(answers: dict[str, Answers], metrics: dict[str, float]) -> Figure:
    figure = Figure(figsize=(13, 3.6), layout="constrained")
    for axis, (kind, one) in zip(figure.subplots(1, 4), answers.items(), strict=True):
        axis.errorbar(one.truth, one.mean, one.std, fmt=".", lw=0.5, ms=3)
        axis.plot([0, 1], [0, 1], "k-", lw=1)
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="true mean neutral fraction")
        axis.set_title(f"{WORDS[kind]}: R² {metrics[f'r2_{kind}']:.3f}", fontsize=10)
    figure.axes[0].set_ylabel("posterior mean and deviation")
    return figure


def _plot_calibration(answers: dict[str, Answers]) -> Figure:
    figure = Figure(figsize=(4.6, 4.2), layout="constrained")
    axis = figure.subplots()
    levels = np.linspace(0, 1, 51)
    axis.plot([0, 1], [0, 1], "k-", lw=1)
    for kind, one in answers.items():
        axis.plot(levels, [_coverage(one.rank, v) for v in levels], label=WORDS[kind])
    axis.set(xlabel="credible level", ylabel="fraction of boxes inside", xlim=(0, 1), ylim=(0, 1))
    axis.legend(fontsize=8)
    return figure


if __name__ == "__main__":
    run(evaluate, NeutralFractionEvaluateConfig, __doc__)
