"""Measure p(AGN | 21 cm images) on initial conditions that no network has seen.

    python -m training.reionization.evaluate_sources --data data/reionization [--write]
    python -m training.reionization.evaluate_sources --quick

The data folder has set_b.h5, whose test split is used; without one boxes are simulated afresh,
which needs 21cmFAST; with --quick few, and standard errors stand beside the numbers. Every number
stands beside that of classifiers which are given the power spectrum alone (**pk_**) or the moments
alone (**moments_**) of the same slices of the same boxes: logistic regressions with products, and,
where the training boxes are in the folder, boosted trees; the better of the two on the test boxes
is printed. The last line is JSON:

* **accuracy**: clean boxes of 64 slices; accuracy_observed AA4 1000 h, accuracy_aa_star,
  accuracy_aa4_wedge; accuracy_one_slice of a single clean slice; accuracy_std is the error of the
  accuracy from resampling the initial conditions; accuracy_x_hi_1 to _5 in five equal bins of the
  mean neutral fraction.
* **accuracy_hard**: clean images of the pairs whose power spectra nearly coincide: root mean square
  difference of ln P below HARD_DISTANCE over twelve bins from the fundamental mode to Nyquist, with
  hard_fraction, the fraction of the pairs that are such, and accuracy_hard_observed.
* **calibration_error**: expected, over ten bins of probability, clean; calibration_error_observed;
  log_loss and auc likewise.
* **false_alarms**: test images that the check calls unlike the training data.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.reionization.constants import BOX_SIZE_MPC, X_HI_RANGE
from core.reionization.scaling import observation_kind
from core.reionization.sources import METHODS, RELIABILITY_BINS, Method, Sources, baseline_features
from core.reionization.summaries import BASELINE_NAMES, MOMENT_NAMES
from core.statistics import power_spectrum
from training.evaluation.errors import (
    calibration_error,
    jackknife,
    print_beside_card,
    reliability,
)
from training.evaluation.report import WEIGHTS, EvaluationConfig, publish, run
from training.reionization.datasets.batches import slice_inputs
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.held_out import (
    held_out_folder,
    held_out_rows,
    held_out_set,
    is_fresh,
    partial_set,
)
from training.reionization.datasets.views import OBSERVATIONS, Views, load_views
from training.reionization.train_sources import check_sources, pairs_of

__all__ = [
    "SourcesEvaluateConfig",
    "calibration_error",
    "evaluate",
    "hard_pairs",
    "reliability_table",
]

Floats = NDArray[np.floating]
TARGETS = {"accuracy": 0.95}
HARD_DISTANCE = 0.25
"""Of ln P, root mean square over the bins."""

PREFIX = {"images": "", "power_spectrum": "pk_", "moments": "moments_"}
SUFFIX = {"clean": "", "aa4": "_observed", "aa_star": "_aa_star", "aa4_wedge": "_aa4_wedge"}
WORDS = {"clean": "clean", "aa4": "AA4, 1,000 h", "aa_star": "AA*, 1,000 h",
         "aa4_wedge": "AA4, 1,000 h, wedge cut"}
LABELS = {"images": "images", "power_spectrum": "power spectrum", "moments": "moments"}
X_HI_EDGES: Floats = np.linspace(*X_HI_RANGE, 6)


@dataclass(frozen=True)
class SourcesEvaluateConfig(EvaluationConfig):
    """Command line.

    Attributes:
        data: folder with set_b.h5; a few boxes are simulated if not given (needs 21cmFAST).
        model: model folder.
        drawn: as in training, so that the same views are read.
    """

    data: Path | None = None
    model: Path = WEIGHTS / "reionization_sources"
    drawn: int = 2


def evaluate(config: SourcesEvaluateConfig) -> dict[str, float]:
    """Measure and return the numbers; publish them, and the reliability, if that is asked for."""
    config.why_partial()
    model = Sources.load(config.model)
    with held_out_folder(config.data, "set_b", config.quick) as data:
        boxes = held_out_set(data, "set_b")
        check_sources(boxes)
        partial = config.why_partial(partial_set(boxes, "set_b"))
        rows = held_out_rows(boxes)
        if config.quick:
            seeds = boxes.columns["seed"][rows]
            rows = rows[np.isin(seeds, np.unique(seeds)[:5])]
        views = _load(boxes, rows, config)
        kinds = ("clean", "aa4") if config.quick else tuple(OBSERVATIONS)
        chosen = {kind: views.where(rows, kind) for kind in kinds}
        log_odds = {
            kind: {m: _log_odds(model, views, chosen[kind], m) for m in METHODS} for kind in kinds
        }
        if not config.quick and not is_fresh(boxes):
            _better_baselines(log_odds, views, boxes.rows("train"), chosen)
        hard = hard_pairs(views, rows)
        metrics = _of_answers(log_odds, views, chosen, hard) | _alarms(model, views, chosen)
        metrics["hard_fraction"] = hard.size / max(len(rows), 1)
        metrics["hard_boxes"] = float(hard.size)
        one = _log_odds(model, views, chosen["clean"], "images", slices=1)
        truth = _is_agn(views, chosen["clean"])
        metrics["accuracy_one_slice"] = float(np.mean((one > 0) == truth))
        if config.quick:
            errors = _errors(log_odds, views, chosen, hard)
            print_beside_card(metrics, errors, config.model)
        table = reliability_table(log_odds, views, chosen) if not config.quick else np.empty(0)
        if config.write:
            model.reliability_table = table
            model.save(config.model)
        count = len(np.unique(boxes.columns["seed"][rows]))
        words = f"{boxes.simulator}, {count} held-out initial conditions, {len(rows)} boxes"
        publish(
            metrics, write=config.write, partial=partial, folder=config.model, model="Sources",
            data=words, targets=TARGETS, measured=lambda: _measured(metrics, words),
            figures={
                "reionization_sources_accuracy.png": lambda: _plot_accuracy(
                    log_odds, views, chosen, table
                ),
                "reionization_sources_pairs.png": lambda: _plot_pairs(
                    log_odds["clean"], views, chosen["clean"], hard
                ),
            },
        )
    return metrics


def _load(boxes: ReionizationSet, rows: NDArray[np.int_], config: SourcesEvaluateConfig) -> Views:
    """The views of the training where they were made; else those of the metrics alone."""
    if is_fresh(boxes):
        return load_views(boxes.path, drawn=0)
    if not config.quick:
        return load_views(boxes.path, drawn=config.drawn)
    made = boxes.path.with_suffix(f".views{config.drawn}").exists()
    return load_views(boxes.path, rows, drawn=config.drawn if made else 0, workers=1)


def _of_answers(log_odds: dict[str, dict[Method, Floats]], views: Views,
                chosen: dict[str, NDArray[np.int_]], hard: NDArray[np.int_]) -> dict[str, float]:
    """All numbers that follow from the log-odds."""
    return _accuracies(log_odds, views, chosen, hard) | _calibrations(log_odds, views, chosen)


def _errors(log_odds: dict[str, dict[Method, Floats]], views: Views,
            chosen: dict[str, NDArray[np.int_]], hard: NDArray[np.int_]) -> dict[str, float]:
    """Standard errors over initial conditions."""
    seed = {kind: views.column("seed")[test] for kind, test in chosen.items()}
    seeds = np.unique(np.concatenate(list(seed.values())))

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        own = {kind: np.isin(seed[kind], seeds[kept]) for kind in chosen}
        some = {kind: {m: x[own[kind]] for m, x in log_odds[kind].items()} for kind in chosen}
        return _of_answers(some, views, {k: test[own[k]] for k, test in chosen.items()}, hard)

    return jackknife(measure, len(seeds))


def _is_agn(views: Views, chosen: NDArray[np.int_]) -> NDArray[np.bool_]:
    return views.column("is_agn")[chosen].astype(bool)


def _log_odds(model: Sources, views: Views, chosen: NDArray[np.int_], method: Method,
              slices: int | None = None) -> Floats:
    """Calibrated log-odds of some views, (len(chosen),)."""
    parts: list[Floats] = [np.empty(0)]
    for start in range(0, len(chosen), 32):
        i = chosen[start : start + 32]
        images, summaries, conditions = views.images[i], views.summaries[i], views.conditions[i]
        if slices is not None:
            images = images[:, :slices]
            summaries, conditions = slice_inputs(images, conditions, views.scale[i])
        parts.append(model.log_odds(images, summaries, conditions, method))
    return np.concatenate(parts)


def _better_baselines(log_odds: dict[str, dict[Method, Floats]], views: Views,
                  train: NDArray[np.int_], chosen: dict[str, NDArray[np.int_]]) -> None:
    """Replace the classifiers for comparison by boosted trees wherever these are better."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    for kind, test in chosen.items():
        own, truth = views.where(train, kind), _is_agn(views, test)
        for method in METHODS[1:]:
            features = baseline_features(views.summaries, views.conditions, method)
            trees = HistGradientBoostingClassifier(
                max_iter=300, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=10,
                l2_regularization=1.0, random_state=0,
            ).fit(features[own], _is_agn(views, own))
            p = np.clip(trees.predict_proba(features[test])[:, 1], 1e-6, 1 - 1e-6)
            found, before = np.log(p / (1 - p)), log_odds[kind][method]
            if np.mean((found > 0) == truth) > np.mean((before > 0) == truth):
                log_odds[kind][method] = found


def hard_pairs(views: Views, rows: NDArray[np.int_], distance: float = HARD_DISTANCE
               ) -> NDArray[np.int_]:
    """Rows in pairs whose clean power spectra nearly coincide.

    Args:
        views: of the set.
        rows: to look among.
        distance: largest root-mean-square difference of ln P over the bins.
    """
    clean = views.where(np.arange(len(views.boxes)), "clean")
    power = np.full((len(views.boxes), len(BASELINE_NAMES) - len(MOMENT_NAMES)), np.nan)
    power[views.row[clean]] = views.summaries[clean, len(MOMENT_NAMES) : len(BASELINE_NAMES)]
    pairs = pairs_of(views.boxes, rows)
    apart = np.sqrt(np.mean((power[pairs[:, 0]] - power[pairs[:, 1]]) ** 2, axis=1))
    return np.sort(pairs[apart < distance].ravel())


def _accuracies(log_odds: dict[str, dict[Method, Floats]], views: Views,
                chosen: dict[str, NDArray[np.int_]], hard: NDArray[np.int_]) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for kind, test in chosen.items():
        truth = _is_agn(views, test)
        seeds, x_hi = views.column("seed")[test], views.column("x_hi_mean")[test]
        in_hard = np.isin(views.row[test], hard)
        bins = np.clip(np.digitize(x_hi.astype(float), X_HI_EDGES[1:-1]), 0, 4)
        for method in METHODS:
            right = (log_odds[kind][method] > 0) == truth
            name = f"{PREFIX[method]}accuracy"
            metrics[name + SUFFIX[kind]] = float(right.mean())
            if kind in ("clean", "aa4") and in_hard.any():
                metrics[f"{name}_hard{SUFFIX[kind]}"] = float(right[in_hard].mean())
            if kind == "clean":
                metrics[f"{name}_std"] = _error(right, seeds)
                if in_hard.any():
                    metrics[f"{name}_hard_std"] = _error(right[in_hard], seeds[in_hard])
                for b in range(5):
                    if (bins == b).any():
                        metrics[f"{name}_x_hi_{b + 1}"] = float(right[bins == b].mean())
    return metrics


def _error(right: NDArray[np.bool_], seeds: NDArray[np.generic]) -> float:
    """Standard error of a mean over boxes, resampling initial conditions."""
    _, group = np.unique(seeds, return_inverse=True)
    hits, counts = np.bincount(group, right), np.bincount(group)
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(counts), size=(500, len(counts)))
    return float(np.std(hits[drawn].sum(axis=1) / counts[drawn].sum(axis=1)))


def _probability(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-log_odds))


def reliability_table(log_odds: dict[str, dict[Method, Floats]], views: Views,
                      chosen: dict[str, NDArray[np.int_]]) -> Floats:
    """(3, bins, 3) as :class:`core.reionization.sources.Sources` keeps it, from the test boxes."""
    every = np.concatenate([log_odds[k]["images"] for k in chosen])
    rows = np.concatenate(list(chosen.values()))
    truth, kinds = _is_agn(views, rows), observation_kind(views.conditions[rows])
    tables = [reliability(_probability(every[kinds == k]), truth[kinds == k], RELIABILITY_BINS)
              for k in range(3)]
    return np.stack(tables)


def _calibrations(log_odds: dict[str, dict[Method, Floats]], views: Views,
                  chosen: dict[str, NDArray[np.int_]]) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for kind in [k for k in ("clean", "aa4") if k in chosen]:
        truth = _is_agn(views, chosen[kind])
        for method in METHODS:
            x, name = log_odds[kind][method], PREFIX[method]
            metrics[f"{name}calibration_error{SUFFIX[kind]}"] = calibration_error(
                _probability(x), truth
            )
            metrics[f"{name}log_loss{SUFFIX[kind]}"] = float(
                np.logaddexp(0, np.where(truth, -x, x)).mean()
            )
            metrics[f"{name}auc{SUFFIX[kind]}"] = float(
                np.mean(x[truth][:, None] > x[~truth][None])
            )
    return metrics


def _alarms(model: Sources, views: Views, chosen: dict[str, NDArray[np.int_]]) -> dict[str, float]:
    if model.out_of_distribution is None:
        return {}
    rows = np.concatenate(list(chosen.values()))
    scores = model.out_of_distribution.scores(
        views.conditions[rows], views.summaries[rows], "stack"
    )
    return {"false_alarms": float(np.mean(scores > 1))}


def _measured(m: dict[str, float], words: str) -> str:
    def line(label: str, key: str) -> str:
        return f"| {label} | " + " | ".join(
            f"{m[f'{p}{key}']:.3f}" for p in ("", "pk_", "moments_")
        ) + " |"

    lines = [line(WORDS[kind], f"accuracy{SUFFIX[kind]}") for kind in OBSERVATIONS]
    if "accuracy_hard" in m:
        lines.insert(1, line("clean, spectra nearly coincide", "accuracy_hard"))
    lines += [
        line(f"clean, x_HI {a:.2f} to {b:.2f}", f"accuracy_x_hi_{i + 1}")
        for i, (a, b) in enumerate(zip(X_HI_EDGES[:-1], X_HI_EDGES[1:], strict=True))
        if f"accuracy_x_hi_{i + 1}" in m
    ]
    return f"""`python -m training.reionization.evaluate_sources --data DIR` on
{words}, half galaxies and half AGN; 64 slices a box. Accuracy, beside classifiers given the power
spectrum or the moments of the same slices alone (the better of logistic regression and boosted
trees):

| test boxes | images | power spectrum | moments |
|---|---|---|---|
{chr(10).join(lines)}

The error of the accuracy is {m["accuracy_std"]:.3f}; spectra nearly coincide (ln P apart by less
than {HARD_DISTANCE:g}) for {m["hard_fraction"]:.0%} of the boxes. Expected calibration error
{m["calibration_error"]:.3f} clean, {m["calibration_error_observed"]:.3f} observed. One clean slice
alone: {m["accuracy_one_slice"]:.3f}."""


def _plot_accuracy(log_odds: dict[str, dict[Method, Floats]], views: Views,
                   chosen: dict[str, NDArray[np.int_]], table: Floats) -> Figure:
    """Accuracy over x_HI clean and observed, and the reliability diagram."""
    figure = Figure(figsize=(12.5, 3.9), layout="constrained")
    axes = figure.subplots(1, 3)
    middle = (X_HI_EDGES[1:] + X_HI_EDGES[:-1]) / 2
    for axis, kind in zip(axes, ("clean", "aa4"), strict=False):
        test = chosen[kind]
        truth, x_hi = _is_agn(views, test), views.column("x_hi_mean")[test].astype(float)
        bins = np.clip(np.digitize(x_hi, X_HI_EDGES[1:-1]), 0, 4)
        for method in METHODS:
            right = (log_odds[kind][method] > 0) == truth
            values = [right[bins == b].mean() if (bins == b).any() else np.nan for b in range(5)]
            axis.plot(middle, values, "o-", label=f"{LABELS[method]}: {right.mean():.3f}")
        axis.axhline(0.5, color="0.6", ls=":", lw=1)
        axis.set(xlabel="mean neutral fraction", ylabel="accuracy", ylim=(0.4, 1.02),
                 title=WORDS[kind])
        axis.legend(fontsize=8)
    axes[2].plot([0, 1], [0, 1], "k-", lw=1)
    for values, name in zip(table, ("clean", "observed", "without the wedge"), strict=True):
        some = values[values[:, 2] >= 3]
        axes[2].plot(some[:, 0], some[:, 1], "o-", label=name)
    axes[2].set(xlabel="probability of AGN stated", ylabel="fraction that were AGN",
                xlim=(0, 1), ylim=(0, 1), title="reliability")
    axes[2].legend(fontsize=8)
    return figure


def _plot_pairs(log_odds: dict[Method, Floats], views: Views, test: NDArray[np.int_],
                hard: NDArray[np.int_]) -> Figure:
    """Three pairs: galaxies, AGN, their power spectra and what was said of them."""
    boxes = views.boxes
    pairs = pairs_of(boxes, views.row[test])
    first = np.isin(pairs[:, 0], hard)
    if first.any():
        pairs = pairs[first]
    x_hi = boxes.columns["x_hi_mean"][pairs[:, 0]].astype(float)
    said = dict(zip(views.row[test].tolist(), _probability(log_odds["images"]), strict=True))
    figure = Figure(figsize=(10, 9.2), layout="constrained")
    axes = figure.subplots(3, 3)
    for line, wanted in zip(axes, (0.25, 0.5, 0.75), strict=True):
        pair = pairs[int(np.abs(x_hi - wanted).argmin())]
        for axis, row, kind in zip(line, pair, ("galaxies", "AGN"), strict=False):
            cube = boxes.cube("brightness_temp", int(row))
            axis.imshow(cube[32], vmin=0, vmax=45, cmap="viridis", origin="lower",
                        extent=(0, BOX_SIZE_MPC, 0, BOX_SIZE_MPC))
            axis.set_title(f"{kind}: p(AGN) = {said[int(row)]:.2f}", fontsize=10)
            k, power = power_spectrum(cube - cube.mean(axis=(1, 2), keepdims=True), BOX_SIZE_MPC)
            line[2].loglog(k, power.mean(axis=0), label=kind)
        line[0].set_ylabel(f"x_HI {boxes.columns['x_hi_mean'][pair[0]]:.2f}   [Mpc]")
        line[2].set(xlabel="k [1/Mpc]", ylabel=r"$P(k)$ [mK$^2$ Mpc$^2$]")
        line[2].legend(fontsize=8)
    return figure


if __name__ == "__main__":
    run(evaluate, SourcesEvaluateConfig, __doc__)
