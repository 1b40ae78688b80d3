"""Train p(AGN | 21 cm images, z, observation) on pairs of boxes with the neutral fraction matched.

    python -m training.reionization.train_sources --data data/reionization --minutes 8

The data folder has set_b.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Members differ in their seeds; each starts from the CNN of a member of
NeutralFraction if that model is there, which has learnt to see bubbles through noise already. A
batch has both boxes of every pair. The validation simulations set the temperatures that make
probabilities honest and the thresholds of the check for unfamiliar images. The classifiers for
comparison, given the power spectrum or the moments alone, are fitted on the same boxes. Goes on
from its checkpoints after a kill; writes core/weights/reionization_sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn import functional as F

from core.networks.stack_network import StackNetwork
from core.reionization.familiarity import check_kind
from core.reionization.neutral_fraction import NeutralFractionConfig
from core.reionization.sources import Method, Sources, SourcesConfig, Twin, twin_features
from core.weights import ModelNotFoundError, load_model
from training.loop import LoopConfig, run
from training.reionization import train_neutral_fraction as neutral_fraction
from training.reionization.dataset import ReionizationSet
from training.reionization.views import KINDS, Views, load_views
from training.report import WEIGHTS

__all__ = ["TrainConfig", "calibrate", "fit_twin", "open_set", "pairs_of", "raw_of", "train"]

Floats = NDArray[np.floating]
TWINS: tuple[Method, ...] = ("power_spectrum", "moments")


@dataclass(frozen=True)
class TrainConfig:
    """Command line.

    Attributes:
        data: folder with set_b.h5.
        output: model folder to write.
        runs: checkpoints and logs.
        start: folder of a trained NeutralFraction whose CNNs are the starting point; trained from
            nothing if there is none.
        minutes: wall-clock budget of each member, for the correction by the images.
        trunk_minutes: before that, of its path for the summaries alone.
        members: how many.
        batch_size: stacks a step, half galaxies and half AGN.
        slices: of sixteen that the network sees of a stack in a step.
        few: fraction of the steps with one, two or four slices alone.
        drawn: views of each box with a drawn observation, beside those that the metrics name.
        clean: fraction of a batch without a telescope; the rest is spread over the others.
        learning_rate: peak.
        weight_decay: of AdamW.
        bfloat16: the network in bfloat16.
        threads: CPU threads (0: as many as torch likes).
        max_steps: stop a member after so many steps.
        seed: of initialisation and batches.
        model: architecture.
    """

    data: Path
    output: Path = WEIGHTS / "reionization_sources"
    runs: Path = Path("runs/reionization_sources")
    start: Path = WEIGHTS / "neutral_fraction"
    minutes: float = 7.0
    trunk_minutes: float = 1.0
    members: int = 2
    batch_size: int = 24
    slices: int = 8
    few: float = 0.15
    drawn: int = 4
    clean: float = 0.4
    learning_rate: float = 1e-3
    weight_decay: float = 5e-2
    bfloat16: bool = True
    threads: int = 1
    max_steps: int | None = None
    seed: int = 0
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


def _starting_point(config: TrainConfig, member: int, net: StackNetwork) -> bool:
    """Give ``net`` the CNN of a NeutralFraction; False if there is none of its kind."""
    try:
        tensors, donor = load_model(config.start, NeutralFractionConfig)
    except ModelNotFoundError:
        return False
    if donor.network.cnn != net.config.cnn or net.cnn is None:
        return False
    prefix = f"member_{member % donor.members}.cnn."
    net.cnn.load_state_dict(
        {k.removeprefix(prefix): v.float() for k, v in tensors.items() if k.startswith(prefix)}
    )
    return True


def train_member(config: TrainConfig, member: int, views: Views) -> StackNetwork:
    """Train one member on the training initial conditions."""
    torch.manual_seed(config.seed + member)
    boxes = views.boxes
    pairs, table = pairs_of(boxes, boxes.rows("train")), _views_of_rows(views)
    slots = np.arange(table.shape[1])
    share = np.where(views.kind[table[pairs[0, 0]]] == list(KINDS).index("clean"), config.clean, 0)
    share = np.where(share > 0, share, (1 - config.clean) / (share == 0).sum())
    is_agn = torch.from_numpy(views.column("is_agn").astype(np.float32))
    net = StackNetwork(config.model.network)
    train = views.where(boxes.rows("train"))
    net.standardise(torch.from_numpy(views.summaries[train]).float())
    started = _starting_point(config, member, net)
    print(f"Member {member}: CNN from {config.start if started else 'nothing'}.")
    batching = neutral_fraction.TrainConfig(config.data, slices=config.slices, few=config.few)

    def draw(rng: np.random.Generator, size: int) -> NDArray[np.int_]:
        """Views of both boxes of some pairs."""
        chosen = pairs[rng.integers(len(pairs), size=size // 2)]
        return table[chosen, rng.choice(slots, p=share, size=len(chosen))[:, None]].ravel()

    _train_trunk(config, member, views, net, draw)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = draw(rng, config.batch_size)
        batch = neutral_fraction.batch_of(views, rows, batching, rng)
        with torch.autocast("cpu", torch.bfloat16, enabled=config.bfloat16):
            log_odds = model(*batch).float()[:, 0]
        return F.binary_cross_entropy_with_logits(log_odds, is_agn[rows])

    # the trunk, already trained, follows at a tenth of the pace
    groups: list[dict[str, Any]] = [
        {"params": [p for n, p in net.named_parameters() if not n.startswith("trunk")]},
        {"params": net.trunk.parameters(), "lr": config.learning_rate / 10},
    ]
    optimizer = torch.optim.AdamW(
        groups, config.learning_rate, (0.9, 0.99), weight_decay=config.weight_decay,
    )
    schedule = LoopConfig(
        minutes=config.minutes, learning_rate=config.learning_rate, log_steps=50,
        weight_decay=config.weight_decay, seed=config.seed + 100 * member,
        max_steps=config.max_steps, evaluate_seconds=config.minutes * 60 / 5,
        keep_best="validation",
    )
    ema = run(
        net, loss, schedule, config.runs / f"member_{member}",
        evaluate=_validation(config, views), optimizer=optimizer,
    )
    return ema.model.eval()  # type: ignore[return-value]


def _train_trunk(
    config: TrainConfig, member: int, views: Views, net: StackNetwork,
    draw: Callable[[np.random.Generator, int], NDArray[np.int_]],
) -> None:
    """Train the path for the summaries, of whole boxes and of a few slices, in place."""
    rng = np.random.default_rng(member)
    is_agn = torch.from_numpy(views.column("is_agn").astype(np.float32))
    s, c = (torch.from_numpy(np.asarray(a)).float() for a in (views.summaries, views.conditions))
    own = views.where(views.boxes.rows("train"))
    some = s.clone(), c.clone()
    for part in np.array_split(own, max(1, len(own) // 24)):
        start, count = rng.integers(views.images.shape[1]), int(rng.choice((1, 2, 4, 16)))
        chosen = (start + np.arange(count)) % views.images.shape[1]
        found = neutral_fraction.slice_inputs(
            views.images[part][:, chosen], views.conditions[part], views.scale[part]
        )
        for target, values in zip(some, found, strict=True):
            target[part] = torch.from_numpy(values).float()

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        own_rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = draw(own_rng, 256)
        cut = round(config.few * len(rows) / 2) * 2
        summaries = torch.cat([some[0][rows[:cut]], s[rows[cut:]]])
        conditions = torch.cat([some[1][rows[:cut]], c[rows[cut:]]])
        log_odds = model(None, summaries, conditions)[:, 0]
        return F.binary_cross_entropy_with_logits(log_odds, is_agn[rows])

    schedule = LoopConfig(
        minutes=config.trunk_minutes, learning_rate=2e-3, weight_decay=config.weight_decay,
        seed=config.seed + 100 * member, log_steps=500, max_steps=config.max_steps,
        evaluate_seconds=config.trunk_minutes * 60 / 12, keep_best="validation_trunk",
    )
    evaluate = _validation(config, views, trunk_alone=True)
    ema = run(net, loss, schedule, config.runs / f"trunk_{member}", evaluate=evaluate)
    net.load_state_dict(ema.model.state_dict())


def _validation(config: TrainConfig, views: Views, trunk_alone: bool = False
                ) -> Callable[[StackNetwork], dict[str, float]]:
    """Cross-entropy and accuracy of the validation boxes, clean and AA4, of trunk and network."""
    rows = views.where(views.boxes.rows("validation"))
    rows = rows[np.isin(views.kind[rows], [0, 1])]
    truth = views.column("is_agn")[rows].astype(bool)

    def evaluate(model: StackNetwork) -> dict[str, float]:
        single = Sources(config.model, [model])
        answers = {"_trunk": single.raw(None, views.summaries[rows], views.conditions[rows])}
        if not trunk_alone:
            answers[""] = raw_of(single, views, rows)
        model.train()
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


def fit_twin(views: Views, rows: NDArray[np.int_], held_out: NDArray[np.int_], method: Method
             ) -> Twin:
    """A logistic regression, its penalty chosen on held-out views.

    Args:
        views: of the set.
        rows: training views of one kind of observation.
        held_out: validation views of it.
        method: "power_spectrum" or "moments".
    """
    from sklearn.linear_model import LogisticRegression

    features = twin_features(views.summaries, views.conditions, method)
    truth = views.column("is_agn").astype(bool)
    blank = Twin.standardised(features[rows])
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
    if config.threads:
        torch.set_num_threads(config.threads)
    views = load_views(open_set(config.data), drawn=config.drawn)
    members = [train_member(config, i, views) for i in range(config.members)]
    settings = replace(config.model, members=config.members, data=views.boxes.simulator)
    model = Sources(settings, members)
    fit, held_out = (views.where(views.boxes.rows(s)) for s in ("train", "validation"))
    kinds = check_kind(views.conditions)
    model.twins = {
        method: [
            fit_twin(views, fit[kinds[fit] == k], held_out[kinds[held_out] == k], method)
            for k in range(3)
        ]
        for method in TWINS
    }
    truth = views.column("is_agn").astype(bool)[held_out]
    temperature = calibrate(raw_of(model, views, held_out), truth, kinds[held_out])
    model.config = replace(settings, temperature=temperature)
    model.familiarity = neutral_fraction.fit_familiarity(views, held_out)
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
networks (fixed summaries, corrected by a periodic residual CNN on each slice, pooled); beside them
logistic regressions given the power spectrum or the moments alone.

## Data
{views.boxes.simulator}, 64 cells and 128 Mpc a side, z from 7 to 10: {seeds} training initial
conditions, {len(rows)} boxes in pairs of galaxies and AGN with the same haloes, redshift and mean
neutral fraction. Slopes and lightest haloes of both kinds are drawn, so that power spectra often
coincide (training/reionization/sources_simulation.py). Prior: half and half.

## Training
`python -m training.reionization.train_sources --data DIR --minutes {config.minutes:g}`: each member
{config.trunk_minutes:g} + {config.minutes:g} minutes, from the CNN of NeutralFraction. Temperatures
set on validation simulations: {", ".join(f"{t:.2f}" for t in temperature)} (clean, observed,
without the wedge).

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
