"""Train p(x_HI | 21 cm images, z, observation): five members, each without a fifth of the boxes.

    python -m training.reionization.train_neutral_fraction --data data/reionization --minutes 10
    python -m training.reionization.train_neutral_fraction --data DIR --folds 0 2 4   # one machine
    python -m training.reionization.train_neutral_fraction --data DIR --folds 1 3     # another

The data folder has set_a.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Member i never sees fold i of the training simulations, so five splits are measured
for the price of an ensemble. Once all members are there, the validation simulations set the
exponents that make intervals cover and the thresholds of the check for unfamiliar images, and
core/weights/neutral_fraction is written. Goes on from its checkpoints after a kill.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from scipy.optimize import minimize_scalar
from torch import Tensor

from core.networks.stack_network import StackNetwork
from core.reionization.familiarity import StackFamiliarity, check_kind
from core.reionization.neutral_fraction import NeutralFraction, NeutralFractionConfig, x_hi_grid
from core.reionization.summaries import stack_summaries
from training.loop import LoopConfig, run
from training.reionization.dataset import FOLDS, fold_of_seed
from training.reionization.views import KINDS, Views, load_views
from training.report import WEIGHTS

__all__ = [
    "TrainConfig",
    "assemble",
    "batch_of",
    "fit_familiarity",
    "load_member",
    "slice_inputs",
    "train_member",
    "train_statistics",
]

Floats = NDArray[np.floating]
TARGET_WIDTH = 0.012  # of the smoothed label: a bin, so that neighbours learn from each other


@dataclass(frozen=True)
class TrainConfig:
    """Command line.

    Attributes:
        data: folder with set_a.h5.
        output: model folder to write.
        runs: checkpoints and logs.
        minutes: wall-clock budget of each member, for the correction by the images.
        trunk_minutes: before that, of its path for the summaries alone.
        statistics_minutes: of the network that sees moments and power spectrum alone.
        folds: which members to train now; the model is written once all five are there.
        batch_size: stacks a step.
        slices: of sixteen that the network sees of a stack in a step.
        few: fraction of the steps with 1, 2, 4 or 16 slices alone, without the depth.
        learning_rate: peak.
        weight_decay: of AdamW.
        bfloat16: the network in bfloat16.
        threads: CPU threads (0: as many as torch likes).
        max_steps: stop a member after so many steps.
        seed: of initialisation and batches.
    """

    data: Path
    output: Path = WEIGHTS / "neutral_fraction"
    runs: Path = Path("runs/neutral_fraction")
    minutes: float = 10.0
    trunk_minutes: float = 1.0
    statistics_minutes: float = 1.5
    folds: tuple[int, ...] = tuple(range(FOLDS))
    batch_size: int = 24
    slices: int = 8
    few: float = 0.25
    learning_rate: float = 1.5e-3
    weight_decay: float = 2e-2
    bfloat16: bool = True
    threads: int = 1
    max_steps: int | None = None
    seed: int = 0


def slice_inputs(
    images: NDArray[np.float16], conditions: Floats, scales: Floats
) -> tuple[Floats, Floats]:
    """Summaries and conditions of fewer slices than a view has.

    Args:
        images: (b, s, n, n), s slices of each stack, normalised.
        conditions: (b, C) of the whole stacks.
        scales: (b,) mK of one unit of the images.

    Returns:
        (b, summaries), (b, C).
    """
    few = conditions.copy()
    few[:, -1] = np.log2(images.shape[1]) / 3 - 1
    stacks = images.astype(np.float32) * scales[:, None, None, None]
    stacks -= stacks.mean(axis=(2, 3), keepdims=True)
    return np.stack([stack_summaries(s) for s in stacks]), few


def batch_of(
    views: Views, rows: NDArray[np.int_], config: TrainConfig, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Images, summaries and conditions of a batch: some slices, flipped and shifted at random."""
    depth = views.images.shape[1]
    few = rng.uniform() < config.few
    count = int(rng.choice((1, 2, 4, 16))) if few else min(config.slices, depth)
    images = np.empty((len(rows), count, *views.images.shape[2:]), dtype=np.float16)
    for i, row in enumerate(rows):
        # a few slices of a stack are its neighbours, as somebody would have them
        start = rng.integers(depth)
        chosen = (start + np.arange(count)) % depth if few else rng.permutation(depth)[:count]
        stack = np.roll(views.images[row, chosen], rng.integers(0, 64, 2), axis=(1, 2))
        images[i] = stack[:, :: rng.choice((-1, 1)), :: rng.choice((-1, 1))]
    conditions, summaries = views.conditions[rows], views.summaries[rows]
    if few:
        summaries, conditions = slice_inputs(images, conditions, views.scale[rows])
    return (torch.from_numpy(images).float(), torch.from_numpy(summaries).float(),
            torch.from_numpy(conditions).float())


def soft_target(x_hi: Tensor, bins: int) -> Tensor:
    """(b,) -> (b, bins): a narrow Gaussian about each label."""
    grid = torch.from_numpy(x_hi_grid(bins)).float()
    weight = torch.exp(-0.5 * ((grid - x_hi[:, None]) / TARGET_WIDTH) ** 2)
    return weight / weight.sum(dim=1, keepdim=True)


def train_member(
    config: TrainConfig, fold: int, views: Views, net_config: NeutralFractionConfig
) -> None:
    """Train one member on the boxes outside its fold; weights go to the runs folder."""
    torch.manual_seed(config.seed + fold)
    folds = fold_of_seed(views.column("seed"))
    kept = np.isin(views.row, views.boxes.rows("train"))
    train, held_out = (np.flatnonzero(kept & s) for s in (folds != fold, folds == fold))
    held_out = held_out[np.random.default_rng(0).permutation(len(held_out))[:800]]
    x_hi = torch.from_numpy(views.column("x_hi_mean").astype(np.float32))
    net = StackNetwork(net_config.network)
    net.standardise(torch.from_numpy(views.summaries[train]).float())

    _train_trunk(config, fold, views, train, net, net_config.bins)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = train[rng.integers(len(train), size=config.batch_size)]
        batch = batch_of(views, rows, config, rng)
        with torch.autocast("cpu", torch.bfloat16, enabled=config.bfloat16):
            logits = model(*batch).float()
        target = soft_target(x_hi[rows], net_config.bins)
        return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()

    def evaluate(model: StackNetwork) -> dict[str, float]:
        ensemble = NeutralFraction(net_config, [model])
        parts = np.array_split(held_out, max(1, len(held_out) // 50))
        inputs = [(views.images[r], views.summaries[r], views.conditions[r]) for r in parts]
        both = np.concatenate([ensemble.raw(*i) for i in inputs])
        trunk = np.concatenate([ensemble.raw(None, *i[1:]) for i in inputs])
        model.train()
        truth, kind = x_hi[held_out].numpy(), views.kind[held_out]
        numbers = {}
        for name, density in (("rmse", both), ("rmse_summaries_alone", trunk)):
            error = (density / net_config.bins) @ ensemble.grid - truth
            for index, label in enumerate(KINDS):
                own = error[kind == index]
                numbers[f"{name}_{label}"] = float(np.sqrt(np.mean(own**2))) if len(own) else 0.0
        return numbers

    # the trunk, already trained, follows at a tenth of the pace
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for n, p in net.named_parameters() if not n.startswith("trunk")]},
            {"params": net.trunk.parameters(), "lr": config.learning_rate / 10},
        ],
        config.learning_rate, (0.9, 0.99), weight_decay=config.weight_decay,
    )
    schedule = LoopConfig(
        minutes=config.minutes, learning_rate=config.learning_rate,
        weight_decay=config.weight_decay, seed=config.seed + fold, log_steps=50,
        max_steps=config.max_steps, evaluate_seconds=0,
    )
    folder = config.runs / f"member_{fold}"
    ema = run(net, loss, schedule, folder, evaluate=evaluate, optimizer=optimizer)
    path = config.runs / f"member_{fold}.safetensors"
    temporary = path.with_suffix(".tmp")
    save_file({k: v.contiguous() for k, v in ema.model.state_dict().items()}, temporary)
    temporary.replace(path)


def _train_trunk(
    config: TrainConfig, fold: int, views: Views, train: NDArray[np.int_], net: StackNetwork,
    bins: int,
) -> None:
    """Train the path for the summaries, of whole boxes and of a few slices, in place."""
    rng = np.random.default_rng(fold)
    deep = views.summaries[train], views.conditions[train], train
    few = [(*_few(views, part, rng), part) for part in np.array_split(train, len(train) // 24)]
    s, c, rows = (
        np.concatenate([a, *b]) for a, b in zip(deep, zip(*few, strict=True), strict=True)
    )
    summaries, conditions = torch.from_numpy(s).float(), torch.from_numpy(c).float()
    x_hi = torch.from_numpy(views.column("x_hi_mean")[rows].astype(np.float32))
    shares = torch.tensor([1 - config.few, config.few]) / len(train)
    weights = shares.repeat_interleave(len(train))

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        i = torch.multinomial(weights, 256, replacement=True, generator=generator)
        logits = model(None, summaries[i], conditions[i])
        return -(soft_target(x_hi[i], bins) * logits.log_softmax(dim=1)).sum(dim=1).mean()

    schedule = LoopConfig(
        minutes=config.trunk_minutes, learning_rate=2e-3, weight_decay=3e-2, seed=fold,
        log_steps=500, max_steps=config.max_steps,
    )
    ema = run(net, loss, schedule, config.runs / f"trunk_{fold}")
    net.load_state_dict(ema.model.state_dict())


def _few(views: Views, rows: NDArray[np.int_], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Summaries and conditions of 1, 2, 4 or 16 slices of some views."""
    depth = views.images.shape[1]
    start, count = rng.integers(depth), int(rng.choice((1, 2, 4, 16)))
    chosen = (start + np.arange(count)) % depth
    return slice_inputs(
        views.images[rows][:, chosen], views.conditions[rows], views.scale[rows]
    )


def train_statistics(
    config: TrainConfig, views: Views, net_config: NeutralFractionConfig
) -> StackNetwork:
    """Train the network that sees moments and power spectrum alone, on all training boxes."""
    torch.manual_seed(config.seed)
    train = np.flatnonzero(np.isin(views.row, views.boxes.rows("train")))
    s, c, x_hi = (
        torch.from_numpy(np.asarray(a[train], dtype=np.float32))
        for a in (views.summaries[:, : net_config.statistics.summaries], views.conditions,
                  views.column("x_hi_mean"))
    )
    net = StackNetwork(net_config.statistics)
    net.standardise(s)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rows = torch.randint(len(s), (256,), generator=generator)
        target = soft_target(x_hi[rows], net_config.bins)
        logits = model(None, s[rows], c[rows])
        return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()

    schedule = LoopConfig(minutes=config.statistics_minutes, learning_rate=2e-3,
                          weight_decay=1e-2, log_steps=1000, max_steps=config.max_steps)
    ema = run(net, loss, schedule, config.runs / "statistics")
    return ema.model  # type: ignore[return-value]


def assemble(config: TrainConfig, views: Views, net_config: NeutralFractionConfig
             ) -> NeutralFraction:
    """The ensemble of the members, calibrated on the validation simulations and saved."""
    model = NeutralFraction(
        net_config,
        [load_member(config.runs, fold, net_config) for fold in range(FOLDS)],
        train_statistics(config, views, net_config),
    )
    rows = np.flatnonzero(np.isin(views.row, views.boxes.rows("validation")))
    images = np.concatenate([
        model.raw(views.images[r], views.summaries[r], views.conditions[r])
        for r in np.array_split(rows, max(1, len(rows) // 50))
    ])
    statistics = model.raw_statistics(views.summaries[rows], views.conditions[rows])
    model.config = replace(
        net_config,
        sharpen=_sharpen(images, views, rows),
        sharpen_statistics=_sharpen(statistics, views, rows),
    )
    model.familiarity = fit_familiarity(views, rows)
    model.save(config.output, _card(config, views))
    return model


def load_member(runs: Path, fold: int, net_config: NeutralFractionConfig) -> StackNetwork:
    """A trained member out of the runs folder."""
    net = StackNetwork(net_config.network)
    net.load_state_dict(load_file(runs / f"member_{fold}.safetensors"))
    return net.eval()


def _sharpen(raw: Floats, views: Views, rows: NDArray[np.int_]) -> tuple[float, float, float]:
    """For each kind of observation the exponent that gives the truth the largest density."""
    bins = raw.shape[1]
    truth = views.column("x_hi_mean")[rows].astype(float)
    place = np.minimum((truth * bins).astype(int), bins - 1)
    kinds = check_kind(views.conditions[rows])

    def best(kind: int) -> float:
        own = kinds == kind
        if own.sum() < 10:
            return 1.0

        def loss(log_exponent: float) -> float:
            p = np.maximum(raw[own], 1e-9).astype(float) ** np.exp(log_exponent)
            p /= p.mean(axis=1, keepdims=True)
            return -float(np.log(p[np.arange(own.sum()), place[own]]).mean())

        return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))

    return best(0), best(1), best(2)


def fit_familiarity(views: Views, held_out: NDArray[np.int_]) -> StackFamiliarity:
    """The check for unfamiliar images, thresholds set on the ``held_out`` views."""
    train = np.flatnonzero(np.isin(views.row, views.boxes.rows("train")))

    def inputs(rows: NDArray[np.int_], depth: str) -> tuple[Floats, Floats]:
        if depth == "stack":
            return views.conditions[rows], views.summaries[rows]
        summaries, conditions = slice_inputs(
            views.images[rows, :1], views.conditions[rows], views.scale[rows]
        )
        return conditions, summaries

    depths = ("slice", "stack")
    return StackFamiliarity.fit({d: inputs(train, d) for d in depths},
                                {d: inputs(held_out, d) for d in depths})


def _card(config: TrainConfig, views: Views) -> str:
    rows = views.boxes.rows("train")
    seeds = len(np.unique(views.boxes.columns["seed"][rows]))
    return f"""---
license: mit
tags: [cosmology, reionization, 21cm, simulation-based-inference]
---
# NeutralFraction

p(x_HI | 21 cm images, redshift, observation): the posterior of the box-mean neutral fraction from
one slice or a stack of slices of 128 Mpc a side, clean or as SKA-Low would see them (array, hours
and foreground wedge are inputs). An ensemble of {FOLDS} networks; prior uniform in x_HI.

## Data
{views.boxes.simulator}, const-zeta template, 64 cells and 128 Mpc a side, z from 7 to 10: {seeds}
training initial conditions, {len(rows)} boxes. Telescope effects by core.reionization.observation,
which follows tools21cm. Boxes with rare sources and small bubbles (log10 Tvir > 5, largest bubble
below 25 Mpc) are held out of training altogether.

## Training
`python -m training.reionization.train_neutral_fraction --data DIR --minutes {config.minutes:g}`:
each member {config.minutes:g} minutes without a fifth of the training simulations. Widths set on
validation simulations.

## Limits
One simulator, one cosmology, one source model with three parameters, saturated spin temperature:
x_HI of another universe comes out biased, see the numbers for the other simulator. Telescope noise
without calibration errors or residual foregrounds. The answer is the mean of the box, of which one
slice sees a part.

## Licence
MIT.
"""


def main(config: TrainConfig) -> None:
    """Train the members asked for; write the model once all are there."""
    if config.threads:
        torch.set_num_threads(config.threads)
    views = load_views(config.data / "set_a.h5")
    net_config = NeutralFractionConfig(data=views.boxes.simulator)
    config.runs.mkdir(parents=True, exist_ok=True)
    for fold in config.folds:
        if not (config.runs / f"member_{fold}.safetensors").exists():
            train_member(config, fold, views, net_config)
    missing = [f for f in range(FOLDS) if not (config.runs / f"member_{f}.safetensors").exists()]
    if missing:
        print(f"Members {missing} are still to be trained; the model is written after them.")
        return
    assemble(config, views, net_config)
    print(f"Written to {config.output}.")


if __name__ == "__main__":
    main(tyro.cli(TrainConfig, description=__doc__))
