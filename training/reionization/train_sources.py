"""Train p(AGN | 21 cm images, z, observation) on pairs of boxes with the neutral fraction matched.

    python -m training.reionization.train_sources --data data/reionization

The data folder has set_b.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Members differ in their seeds and are given fixed summaries of the images; with
--images a CNN then learns to correct that by what it sees. A batch has both boxes of every pair.
The validation simulations set the temperatures that make probabilities honest and the thresholds of
the check for images unlike those of the training. The classifiers for comparison, given the power
spectrum or the moments alone, are fitted on the same boxes. Goes on from its checkpoints after a
kill; writes core/weights/reionization_sources. Many processes or GPUs share each batch under
`accelerate launch --multi_gpu -m training.reionization.train_sources --data DIR`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn import functional as F

from core.networks.stack_network import StackNetwork
from core.reionization.scaling import observation_kind
from core.reionization.sources import (
    BaselineClassifier,
    Method,
    Sources,
    SourcesConfig,
    baseline_features,
)
from training.evaluation.report import WEIGHTS
from training.reionization.datasets.batches import Inputs, fit_out_of_distribution, prepare
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.views import OBSERVATIONS, Views, load_views
from training.reionization.ensembles.training import (
    EnsembleTrainingConfig,
    Objective,
    load_member,
    train_members,
    with_images,
)

__all__ = [
    "SourcesTrainConfig",
    "calibrate",
    "check_sources",
    "fit_baseline",
    "objective_of",
    "pairs_of",
    "raw_of",
    "train",
]

Floats = NDArray[np.floating]
BASELINES: tuple[Method, ...] = ("power_spectrum", "moments")


@dataclass(frozen=True)
class SourcesTrainConfig(EnsembleTrainingConfig):
    """Command line.

    Attributes:
        data: folder with set_b.h5.
        members: how many.
        drawn: views of each box with a drawn observation, beside those that the metrics name.
        clean: fraction of a batch without a telescope; the rest is spread over the others.
        model: architecture.
    """

    output: Path = WEIGHTS / "reionization_sources"
    runs: Path = Path("runs/reionization_sources")
    minutes: float = 0.6
    image_minutes: float = 20.0
    few: float = 0.15
    learning_rate: float = 1e-3
    weight_decay: float = 5e-2
    members: int = 5
    drawn: int = 2
    clean: float = 0.4
    model: SourcesConfig = field(default_factory=SourcesConfig)


def check_sources(boxes: ReionizationSet) -> None:
    """Refuse a set without sources.

    Raises:
        ValueError: if it says nothing of galaxies and AGN.
    """
    missing = {"is_agn", "pair", "slope"} - set(boxes.columns)
    if missing:
        raise ValueError(
            f"{boxes.path} lacks {', '.join(sorted(missing))}; it has no pairs of sources."
        )


def pairs_of(boxes: ReionizationSet, rows: NDArray[np.int_]) -> NDArray[np.int_]:
    """(pairs, 2) rows among ``rows`` with one initial condition and neutral fraction: galaxies,
    AGN."""
    columns = boxes.columns
    by_key: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        key = int(columns["seed"][row]), int(columns["pair"][row])
        by_key.setdefault(key, [-1, -1])[int(columns["is_agn"][row])] = int(row)
    found = np.array([p for p in by_key.values() if min(p) >= 0], dtype=int)
    return found.reshape(-1, 2)


def _views_of_rows(views: Views) -> NDArray[np.int_]:
    """(rows, views of each) indices: the same observations in the same order for every row."""
    order = np.argsort(views.row, kind="stable")
    rows, counts = np.unique(views.row, return_counts=True)
    table = np.full((rows.max() + 1, counts.max()), -1)
    table[rows] = order.reshape(len(rows), -1)
    return table


def objective_of(config: SourcesTrainConfig, views: Views, inputs: Inputs) -> Objective:
    """Tell AGN from galaxies: batches of both boxes of some pairs, validated clean and AA4."""
    boxes = views.boxes
    pairs, table = pairs_of(boxes, boxes.rows("train")), _views_of_rows(views)
    slots = np.arange(table.shape[1])
    clean = views.kind[table[pairs[0, 0]]] == list(OBSERVATIONS).index("clean")
    share = np.where(clean, config.clean, (1 - config.clean) / (~clean).sum())
    is_agn = torch.from_numpy(views.column("is_agn").astype(np.float32))

    def draw(rng: np.random.Generator, size: int) -> NDArray[np.int_]:
        chosen = pairs[rng.integers(len(pairs), size=size // 2)]
        return table[chosen, rng.choice(slots, p=share, size=len(chosen))[:, None]].ravel()

    def loss(log_odds: Tensor, rows: NDArray[np.int_]) -> Tensor:
        truth = is_agn[rows].to(log_odds.device)
        return F.binary_cross_entropy_with_logits(log_odds[:, 0], truth)

    return Objective(draw, loss, _validation(config, views, inputs))


def _validation(config: SourcesTrainConfig, views: Views, inputs: Inputs
                ) -> Callable[[StackNetwork, bool], dict[str, float]]:
    """Cross-entropy and accuracy of validation boxes, clean and AA4, by summaries or by all."""
    rows = views.where(views.boxes.rows("validation"))
    rows = rows[np.isin(views.kind[rows], [0, 1])]
    truth = views.column("is_agn")[rows].astype(bool)

    def validate(model: StackNetwork, images: bool) -> dict[str, float]:
        model = copy.deepcopy(model).cpu()  # what it is measured by works there
        single = Sources(config.model, [model], inputs.scaler)
        if images:
            x = raw_of(single, views, rows)
        else:
            x = single.raw(None, views.summaries[rows], views.conditions[rows])
        numbers: dict[str, float] = {}
        losses = []
        for kind in (0, 1):
            own = views.kind[rows] == kind
            losses.append(_cross_entropy(x[own], truth[own]))
            numbers[f"accuracy_{kind}"] = float(np.mean((x[own] > 0) == truth[own]))
        return numbers | {"validation": losses[0] + 0.5 * losses[1]}

    return validate


def raw_of(model: Sources, views: Views, rows: NDArray[np.int_]) -> Floats:
    """Log-odds of some views before the calibration, (len(rows),)."""
    parts: list[Floats] = [np.empty(0)]
    for start in range(0, len(rows), 32):
        r = rows[start : start + 32]
        parts.append(model.raw(views.images[r], views.summaries[r], views.conditions[r]))
    return np.concatenate(parts)


def fit_baseline(views: Views, rows: NDArray[np.int_], held_out: NDArray[np.int_], method: Method
             ) -> BaselineClassifier:
    """A logistic regression, its penalty chosen on held-out views.

    Args:
        views: of the set.
        rows: training views of one kind of observation.
        held_out: validation views of it.
        method: "power_spectrum" or "moments".
    """
    from sklearn.linear_model import LogisticRegression

    features = baseline_features(views.summaries, views.conditions, method)
    truth = views.column("is_agn").astype(bool)
    blank = BaselineClassifier.standardised(features[rows])
    best, chosen = np.inf, blank
    for penalty in (0.01, 0.1, 1.0, 10.0, 100.0):
        fit = LogisticRegression(C=penalty, max_iter=3000, fit_intercept=False)
        fit.fit(blank.terms(features[rows]), truth[rows])
        fitted = replace(blank, weights=fit.coef_[0])
        loss = _cross_entropy(fitted.log_odds(features[held_out]), truth[held_out])
        if loss < best:
            best, chosen = loss, fitted
    return chosen


def _cross_entropy(log_odds: Floats, truth: NDArray[np.bool_]) -> float:
    return float(np.logaddexp(0.0, np.where(truth, -log_odds, log_odds)).mean())


def calibrate(raw: Floats, truth: NDArray[np.bool_], kinds: NDArray[np.int_]
              ) -> tuple[float, float, float]:
    """For each kind of observation the temperature with the least cross-entropy.

    Args:
        raw: (m,) log-odds.
        truth: (m,) whether AGN.
        kinds: (m,) 0 clean, 1 observed, 2 without the wedge.
    """

    def best(kind: int) -> float:
        own = kinds == kind
        if own.sum() < 10:
            return 1.0
        found = minimize_scalar(
            lambda t: _cross_entropy(raw[own] / np.exp(t), truth[own]),
            bounds=(-1.5, 2.5), method="bounded",
        )
        return float(np.exp(found.x))

    return best(0), best(1), best(2)


def train(config: SourcesTrainConfig) -> Sources | None:
    """Train, calibrate and save; the first of the processes gets the model."""
    processes = config.begin()
    check_sources(ReionizationSet.open(config.data / "set_b.h5"))
    with processes.main_first():
        views = load_views(config.data / "set_b.h5", drawn=config.drawn)
    if config.images:
        network = with_images(config.model.network)
        config = replace(config, model=replace(config.model, network=network))
    inputs = prepare(views)
    objectives = [objective_of(config, views, inputs)] * config.members
    train_members(config, config.model.network, objectives, views, inputs, processes)
    return assemble(config, views, inputs) if processes.is_main else None


def assemble(config: SourcesTrainConfig, views: Views, inputs: Inputs) -> Sources:
    """The ensemble and its baselines, calibrated on the validation simulations and saved."""
    members = [load_member(config.runs, i, config.model.network) for i in range(config.members)]
    settings = replace(config.model, members=config.members, data=views.boxes.simulator)
    model = Sources(settings, members, inputs.scaler)
    fit, held_out = (views.where(views.boxes.rows(s)) for s in ("train", "validation"))
    kinds = observation_kind(views.conditions)
    model.baselines = {
        method: [
            fit_baseline(views, fit[kinds[fit] == k], held_out[kinds[held_out] == k], method)
            for k in range(3)
        ]
        for method in BASELINES
    }
    truth = views.column("is_agn").astype(bool)[held_out]
    temperature = calibrate(raw_of(model, views, held_out), truth, kinds[held_out])
    model.config = replace(settings, temperature=temperature)
    model.out_of_distribution = fit_out_of_distribution(views, held_out)
    model.save(config.output, card(config, views, temperature))
    print(f"Written to {config.output}.")
    return model


def card(config: SourcesTrainConfig, views: Views, temperature: tuple[float, float, float]) -> str:
    """The model card; evaluate_sources adds the measured numbers."""
    rows = views.boxes.rows("train")
    seeds = len(np.unique(views.boxes.columns["seed"][rows]))
    return f"""---
license: mit
tags: [cosmology, reionization, 21cm, classification]
---
# Sources

p(AGN | 21 cm images, redshift, observation): whether galaxies or AGN made the bubbles, from one
slice or a stack of slices of 128 Mpc a side, clean or as SKA-Low would see them. {config.members}
networks on fixed summaries of the images (moments, quantiles, power spectra, smoothed too; in three
dimensions for a whole box){", corrected by a CNN" if config.images else ""}; beside
them logistic regressions given the power spectrum or the moments alone.

## Data
{views.boxes.simulator}.
64 cells and 128 Mpc a side, z from 7 to 10: {seeds} training initial conditions, {len(rows)} boxes
in pairs of galaxies and AGN with the same haloes, redshift and mean neutral fraction. Slopes and
lightest haloes of both kinds are drawn, so that power spectra often coincide
(training/reionization/simulation/source_models.py). Prior: half and half.

## Training
`python -m training.reionization.train_sources --data DIR`: each member {config.minutes:g} minutes,
weights of the lowest validation loss. Temperatures set on validation simulations:
{", ".join(f"{t:.2f}" for t in temperature)} (clean, observed, without the wedge).

## Limits
Two source models, each with two parameters, one cosmology, saturated spin temperature, one
excursion set: a universe lit by both, or by sources of another kind, is not described. Whatever the
image, the answer is about these two. Telescope noise without calibration errors or residual
foregrounds.

## Licence
MIT.
"""


if __name__ == "__main__":
    train(tyro.cli(SourcesTrainConfig, description=__doc__))
