"""Train p(AGN | 21 cm images, z, observation) on pairs of boxes with the neutral fraction matched.

    python -m training.reionization.train_sources --data data/reionization

The data folder has set_b.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Members differ in their seeds and are given fixed summaries of the images; with
--images a CNN then learns to correct that by what it sees. A batch has both boxes of every pair.
The validation simulations set the temperatures that make probabilities honest and the thresholds of
the check for unfamiliar images. The classifiers for comparison, given the power spectrum or the
moments alone, are fitted on the same boxes. Goes on from its checkpoints after a kill; writes
core/weights/reionization_sources. Many processes or GPUs share each batch under
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
from training.config import TrainingConfig
from training.evaluation.report import WEIGHTS
from training.loop import LoopConfig, run
from training.processes import Processes
from training.reionization.datasets.batches import (
    CNN,
    Inputs,
    batch_of,
    fit_out_of_distribution,
    prepare,
    trunk_behind,
)
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.views import OBSERVATIONS, Views, load_views

__all__ = ["TrainConfig", "calibrate", "fit_baseline", "open_set", "pairs_of", "raw_of", "train"]

Floats = NDArray[np.floating]
TWINS: tuple[Method, ...] = ("power_spectrum", "moments")


@dataclass(frozen=True)
class TrainConfig(TrainingConfig):
    """Command line.

    Attributes:
        data: folder with set_b.h5.
        output: model folder to write.
        runs: checkpoints and logs.
        minutes: wall-clock budget of each member, for its path for the summaries.
        images: whether a CNN that sees the images corrects that. It needs a GPU or patience.
        image_minutes: wall-clock budget of each member for that.
        members: how many.
        batch_size: stacks a step of all processes together, half galaxies and half AGN.
        slices: of sixteen that the network sees of a stack in a step.
        few: fraction of the steps with one, two or four slices alone.
        drawn: views of each box with a drawn observation, beside those that the metrics name.
        clean: fraction of a batch without a telescope; the rest is spread over the others.
        learning_rate: peak.
        weight_decay: of AdamW.
        model: architecture.
    """

    output: Path = WEIGHTS / "reionization_sources"
    runs: Path = Path("runs/reionization_sources")
    minutes: float = 0.6
    images: bool = False
    image_minutes: float = 20.0
    members: int = 5
    batch_size: int = 24
    slices: int = 8
    few: float = 0.15
    drawn: int = 2
    clean: float = 0.4
    learning_rate: float = 1e-3
    weight_decay: float = 5e-2
    model: SourcesConfig = field(default_factory=SourcesConfig)


def open_set(folder: Path) -> Path:
    """The file of the boxes in a data folder.

    Raises:
        ValueError: if it is not there or has no sources.
    """
    path = folder / "set_b.h5"
    if not path.is_file():
        raise ValueError(
            f"There is no {path}; make it with python -m training.reionization.simulate --sets "
            "set_b, which needs 21cmFAST."
        )
    missing = {"is_agn", "pair", "slope"} - set(ReionizationSet.open(path).columns)
    if missing:
        raise ValueError(f"{path} lacks {', '.join(sorted(missing))}; it has no pairs of sources.")
    return path


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


def train_member(
    config: TrainConfig, member: int, views: Views, inputs: Inputs,
    processes: Processes | None = None,
) -> StackNetwork:
    """Train one member on the training initial conditions."""
    torch.manual_seed(config.seed + member)
    processes = processes or Processes()
    device, size = processes.device, processes.share(config.batch_size)
    boxes = views.boxes
    pairs, table = pairs_of(boxes, boxes.rows("train")), _views_of_rows(views)
    slots = np.arange(table.shape[1])
    share = np.where(
        views.kind[table[pairs[0, 0]]] == list(OBSERVATIONS).index("clean"), config.clean, 0
    )
    share = np.where(share > 0, share, (1 - config.clean) / (share == 0).sum())
    is_agn = torch.from_numpy(views.column("is_agn").astype(np.float32))
    net = StackNetwork(config.model.network)

    def draw(rng: np.random.Generator, size: int) -> NDArray[np.int_]:
        """Views of both boxes of some pairs."""
        chosen = pairs[rng.integers(len(pairs), size=size // 2)]
        return table[chosen, rng.choice(slots, p=share, size=len(chosen))[:, None]].ravel()

    validate = _validation(config, views, inputs)
    _train_trunk(config, member, net, inputs, is_agn, draw, validate, processes)
    if net.cnn is None:
        return net.cpu().eval()

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = draw(rng, size)
        images, summaries, conditions = batch_of(views, rows, config.slices, config.few, rng)
        scores = torch.from_numpy(inputs.scaler(conditions.numpy(), summaries.numpy()))
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
            seen = (images.to(device), scores.to(device), conditions.to(device))
            log_odds = model(*seen).float()[:, 0]
        return F.binary_cross_entropy_with_logits(log_odds, is_agn[rows].to(device))

    optimizer = trunk_behind(net, config.learning_rate, config.weight_decay)
    schedule = LoopConfig(
        minutes=config.image_minutes, learning_rate=config.learning_rate, log_steps=50,
        weight_decay=config.weight_decay, seed=config.seed + 100 * member,
        max_steps=config.max_steps, evaluate_seconds=config.image_minutes * 60 / 4,
        keep_best="validation",
    )
    ema = run(
        net, loss, schedule, config.runs / f"member_{member}",
        evaluate=validate, optimizer=optimizer, processes=processes,
    )
    return ema.model.cpu().eval()  # type: ignore[return-value]


def _train_trunk(
    config: TrainConfig, member: int, net: StackNetwork, inputs: Inputs,
    is_agn: Tensor, draw: Callable[[np.random.Generator, int], NDArray[np.int_]],
    validate: Callable[..., dict[str, float]], processes: Processes,
) -> None:
    """Train the path for the summaries, of whole boxes and of a few slices, in place."""
    scores, conditions = torch.from_numpy(inputs.scores), torch.from_numpy(inputs.conditions)
    device, share = processes.device, processes.share(256)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = draw(rng, share)
        some = np.arange(share) < round(config.few * share / 2) * 2  # these see a few slices alone
        i = torch.from_numpy(rows + some * len(is_agn))
        log_odds = model(None, scores[i].to(device), conditions[i].to(device))[:, 0]
        return F.binary_cross_entropy_with_logits(log_odds, is_agn[rows].to(device))

    schedule = LoopConfig(
        minutes=config.minutes, learning_rate=2e-3, weight_decay=config.weight_decay,
        seed=config.seed + 100 * member, log_steps=500, max_steps=config.max_steps,
        evaluate_seconds=config.minutes * 60 / 12, keep_best="validation_summaries",
    )
    average = run(
        net, loss, schedule, config.runs / f"summaries_{member}",
        evaluate=lambda model: validate(model, images=False), processes=processes,
    )
    net.load_state_dict(average.model.state_dict())


def _validation(config: TrainConfig, views: Views, inputs: Inputs
                ) -> Callable[..., dict[str, float]]:
    """Cross-entropy and accuracy of validation boxes, clean and AA4, by summaries and by all."""
    rows = views.where(views.boxes.rows("validation"))
    rows = rows[np.isin(views.kind[rows], [0, 1])]
    truth = views.column("is_agn")[rows].astype(bool)

    def evaluate(model: StackNetwork, images: bool = True) -> dict[str, float]:
        model = copy.deepcopy(model).cpu()  # what it is measured by works there
        single = Sources(config.model, [model], inputs.scaler)
        answers = {"_summaries": single.raw(None, views.summaries[rows], views.conditions[rows])}
        if images:
            answers[""] = raw_of(single, views, rows)
        numbers: dict[str, float] = {}
        for name, x in answers.items():
            losses = []
            for kind in (0, 1):
                own = views.kind[rows] == kind
                losses.append(_cross_entropy(x[own], truth[own]))
                numbers[f"accuracy{name}_{kind}"] = float(np.mean((x[own] > 0) == truth[own]))
            numbers[f"validation{name}"] = losses[0] + 0.5 * losses[1]
        return numbers

    return evaluate


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
        twin = replace(blank, weights=fit.coef_[0])
        loss = _cross_entropy(twin.log_odds(features[held_out]), truth[held_out])
        if loss < best:
            best, chosen = loss, twin
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


def train(config: TrainConfig) -> Sources:
    """Train, calibrate and save; return the model."""
    processes = config.begin()
    with processes.main_first():
        views = load_views(open_set(config.data), drawn=config.drawn)
    if config.images and config.model.network.cnn is None:
        network = replace(config.model.network, cnn=CNN)
        config = replace(config, model=replace(config.model, network=network))
    inputs = prepare(views)
    members = [train_member(config, i, views, inputs, processes) for i in range(config.members)]
    settings = replace(config.model, members=config.members, data=views.boxes.simulator)
    model = Sources(settings, members, inputs.scaler)
    if not processes.is_main:
        return model
    fit, held_out = (views.where(views.boxes.rows(s)) for s in ("train", "validation"))
    kinds = observation_kind(views.conditions)
    model.baselines = {
        method: [
            fit_baseline(views, fit[kinds[fit] == k], held_out[kinds[held_out] == k], method)
            for k in range(3)
        ]
        for method in TWINS
    }
    truth = views.column("is_agn").astype(bool)[held_out]
    temperature = calibrate(raw_of(model, views, held_out), truth, kinds[held_out])
    model.config = replace(settings, temperature=temperature)
    model.out_of_distribution = fit_out_of_distribution(views, held_out)
    model.save(config.output, card(config, views, temperature))
    print(f"Written to {config.output}.")
    return model


def card(config: TrainConfig, views: Views, temperature: tuple[float, float, float]) -> str:
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
    train(tyro.cli(TrainConfig, description=__doc__))
