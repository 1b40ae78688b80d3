"""Train p(x_HI | 21 cm images, z, observation): five members, each without a fifth of the boxes.

    python -m training.reionization.train_neutral_fraction --data data/reionization
    python -m training.reionization.train_neutral_fraction --data DIR --folds 0 2 4   # one machine
    python -m training.reionization.train_neutral_fraction --data DIR --folds 1 3     # another

The data folder has set_a.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Member i never sees fold i of the training simulations, so five splits are measured
for the price of an ensemble. Once all members are there, the validation simulations set the
exponents that make intervals cover and the thresholds of the check for unfamiliar images, and
core/weights/neutral_fraction is written. Goes on from its checkpoints after a kill. Many processes
or GPUs share each batch under
`accelerate launch --multi_gpu -m training.reionization.train_neutral_fraction --data DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.networks.stack_network import StackNetwork
from core.reionization.neutral_fraction import (
    NeutralFraction,
    NeutralFractionConfig,
    x_hi_grid,
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
from training.reionization.datasets.box_set import FOLDS, fold_of_seed
from training.reionization.datasets.views import Views, load_views
from training.reionization.ensembles.tempering import exponents, temper_ensemble

__all__ = [
    "TrainConfig",
    "assemble",
    "load_member",
    "train",
    "train_member",
    "train_summaries",
]

Floats = NDArray[np.floating]
TARGET_WIDTH = 0.012  # of the smoothed label: a bin, so that neighbours learn together


@dataclass(frozen=True)
class TrainConfig(TrainingConfig):
    """Command line.

    Attributes:
        data: folder with set_a.h5.
        output: model folder to write.
        runs: checkpoints and logs.
        minutes: wall-clock budget of each member, for its path for the summaries.
        images: whether a CNN that sees the images corrects that. It needs a GPU or patience.
        image_minutes: wall-clock budget of each member for that.
        statistics_minutes: of the network that sees moments and power spectrum alone.
        folds: which members to train now; the model is written once all five are there.
        batch_size: stacks a step, of all processes together.
        slices: of sixteen that the network sees of a stack in a step.
        few: fraction of the steps with 1, 2, 4 or 16 slices alone, without the depth.
        learning_rate: peak.
        weight_decay: of AdamW.
    """

    output: Path = WEIGHTS / "neutral_fraction"
    runs: Path = Path("runs/neutral_fraction")
    minutes: float = 1.5
    images: bool = False
    image_minutes: float = 30.0
    statistics_minutes: float = 1.5
    folds: tuple[int, ...] = tuple(range(FOLDS))
    batch_size: int = 24
    slices: int = 8
    few: float = 0.25
    learning_rate: float = 1.5e-3
    weight_decay: float = 1e-1


def soft_target(x_hi: Tensor, bins: int) -> Tensor:
    """(b,) -> (b, bins): a narrow Gaussian about each label."""
    grid = torch.from_numpy(x_hi_grid(bins)).float()
    weight = torch.exp(-0.5 * ((grid - x_hi[:, None]) / TARGET_WIDTH) ** 2)
    return weight / weight.sum(dim=1, keepdim=True)


def train_member(
    config: TrainConfig, fold: int, views: Views, inputs: Inputs,
    net_config: NeutralFractionConfig, processes: Processes | None = None,
) -> None:
    """Train one member on the boxes outside its fold; weights go to the runs folder."""
    torch.manual_seed(config.seed + fold)
    train = np.isin(views.row, views.boxes.rows("train"))
    train &= fold_of_seed(views.column("seed")) != fold
    net = StackNetwork(net_config.network)
    processes = processes or Processes()
    net = train_summaries(
        config, f"member_{fold}", net, inputs, train, config.minutes, fold, processes
    )
    if config.images:
        net = _train_images(config, fold, views, inputs, np.flatnonzero(train), net, processes)
    if not processes.is_main:
        return
    path = config.runs / f"member_{fold}.safetensors"
    temporary = path.with_suffix(".tmp")
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, temporary)
    temporary.replace(path)


def train_summaries(
    config: TrainConfig, name: str, net: StackNetwork, inputs: Inputs, train: NDArray[np.bool_],
    minutes: float, seed: int = 0, processes: Processes | None = None,
) -> StackNetwork:
    """Train a network, or its path, that sees the scores of the summaries.

    Args:
        config: of the training.
        name: of the run.
        net: as many of the scores as it has room for are given to it, the first ones.
        inputs: of all views.
        train: (n,) which views to use.
        minutes: budget.
        seed: of the batches.
        processes: that train it together.
    """
    processes = processes or Processes()
    device, share = processes.device, processes.share(256)
    rows = np.flatnonzero(np.tile(train, 2))
    own = slice(0, net.config.summaries)
    scores, conditions, x_hi = (
        torch.from_numpy(np.ascontiguousarray(a[rows]))
        for a in (inputs.scores[:, own], inputs.conditions, inputs.x_hi)
    )
    shares = torch.tensor([1 - config.few, config.few]).repeat_interleave(len(rows) // 2)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        i = torch.multinomial(shares, share, replacement=True, generator=generator)
        logits = model(None, scores[i].to(device), conditions[i].to(device))
        target = soft_target(x_hi[i], net.config.outputs).to(device)
        return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()

    schedule = LoopConfig(
        minutes=minutes, learning_rate=2e-3, weight_decay=config.weight_decay, seed=seed,
        log_steps=1000, max_steps=config.max_steps,
    )
    average = run(net, loss, schedule, config.runs / f"{name}_summaries", processes=processes)
    net.load_state_dict(average.model.state_dict())
    return net.cpu()


def _train_images(
    config: TrainConfig, fold: int, views: Views, inputs: Inputs, train: NDArray[np.int_],
    net: StackNetwork, processes: Processes,
) -> StackNetwork:
    """Train the correction by the images; the other path follows at a tenth of the pace."""
    device, share = processes.device, processes.share(config.batch_size)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        rows = train[rng.integers(len(train), size=share)]
        images, summaries, conditions = batch_of(views, rows, config.slices, config.few, rng)
        scores = torch.from_numpy(inputs.scaler(conditions.numpy(), summaries.numpy()))
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
            seen = (images.to(device), scores.to(device), conditions.to(device))
            logits = model(*seen).float()
        target = soft_target(torch.from_numpy(inputs.x_hi[rows]), net.config.outputs).to(device)
        return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()

    optimizer = trunk_behind(net, config.learning_rate, config.weight_decay)
    schedule = LoopConfig(
        minutes=config.image_minutes, learning_rate=config.learning_rate,
        seed=config.seed + fold, log_steps=50, max_steps=config.max_steps,
    )
    folder = config.runs / f"member_{fold}_images"
    average = run(net, loss, schedule, folder, optimizer=optimizer, processes=processes)
    net.load_state_dict(average.model.state_dict())
    return net.cpu()


def assemble(
    config: TrainConfig, views: Views, inputs: Inputs, net_config: NeutralFractionConfig,
    processes: Processes | None = None,
) -> NeutralFraction | None:
    """The ensemble of the members, calibrated on the validation simulations and saved.

    Only the first of the processes does that; the others get None.
    """
    statistics = train_summaries(
        config, "statistics", StackNetwork(net_config.statistics), inputs,
        np.isin(views.row, views.boxes.rows("train")), config.statistics_minutes,
        processes=processes,
    )
    if processes is not None and not processes.is_main:
        return None
    members = [load_member(config.runs, fold, net_config) for fold in range(FOLDS)]
    model = NeutralFraction(net_config, members, inputs.scaler, statistics)
    rows = np.flatnonzero(np.isin(views.row, views.boxes.rows("validation")))
    plain = model.raw_statistics(views.summaries[rows], views.conditions[rows])
    model.config = replace(
        net_config,
        sharpen=temper_ensemble(model, views, rows),
        sharpen_statistics=exponents(plain, views, rows, by_estimate=False),
    )
    model.out_of_distribution = fit_out_of_distribution(views, rows)
    model.save(config.output, _card(config, views))
    return model


def load_member(runs: Path, fold: int, net_config: NeutralFractionConfig) -> StackNetwork:
    """A trained member out of the runs folder."""
    net = StackNetwork(net_config.network)
    net.load_state_dict(load_file(runs / f"member_{fold}.safetensors"))
    return net.eval()


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


def train(config: TrainConfig) -> None:
    """Train the members asked for; write the model once all are there."""
    processes = config.begin()
    with processes.main_first():
        views = load_views(config.data / "set_a.h5")
    net_config = NeutralFractionConfig(data=views.boxes.simulator)
    if config.images and net_config.network.cnn is None:
        network = replace(net_config.network, cnn=CNN)
        net_config = replace(net_config, network=network)
    inputs = prepare(views)
    config.runs.mkdir(parents=True, exist_ok=True)
    for fold in _missing(config, processes):
        if fold in config.folds:
            train_member(config, fold, views, inputs, net_config, processes)
    missing = _missing(config, processes)
    if missing and processes.is_main:
        print(f"Members {missing} are still to be trained; the model is written after them.")
    if not missing and assemble(config, views, inputs, net_config, processes):
        print(f"Written to {config.output}.")


def _missing(config: TrainConfig, processes: Processes) -> list[int]:
    """Members that the first process does not have on its disk."""
    there = [(config.runs / f"member_{fold}.safetensors").exists() for fold in range(FOLDS)]
    return list(processes.from_main(bytes(fold for fold in range(FOLDS) if not there[fold])))


if __name__ == "__main__":
    train(tyro.cli(TrainConfig, description=__doc__))
