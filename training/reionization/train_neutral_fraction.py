"""Train p(x_HI | 21 cm images, z, observation): five members, each without a fifth of the boxes.

    python -m training.reionization.train_neutral_fraction --data data/reionization
    python -m training.reionization.train_neutral_fraction --data DIR --folds 0 2 4   # one machine
    python -m training.reionization.train_neutral_fraction --data DIR --folds 1 3     # another

The data folder has set_a.h5 (:mod:`training.reionization.simulate`, or a file of that form made of
your own boxes). Member i never sees fold i of the training simulations, so five splits are measured
for the price of an ensemble. Once all members are there, the validation simulations set the
exponents that make intervals cover and the thresholds of the check for images unlike those of the
training, and core/weights/neutral_fraction is written. Goes on from its checkpoints after a kill.
Many processes or GPUs share each batch under
`accelerate launch --multi_gpu -m training.reionization.train_neutral_fraction --data DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from torch import Tensor

from core.networks.stack_network import StackNetwork
from core.reionization.neutral_fraction import (
    NeutralFraction,
    NeutralFractionConfig,
    x_hi_grid,
)
from training.evaluation.report import WEIGHTS
from training.processes import Processes
from training.reionization.datasets.batches import Inputs, fit_out_of_distribution, prepare
from training.reionization.datasets.box_set import FOLDS, fold_of_seed
from training.reionization.datasets.views import Views, load_views
from training.reionization.ensembles.tempering import exponents, temper_ensemble
from training.reionization.ensembles.training import (
    EnsembleTrainingConfig,
    Objective,
    load_member,
    train_members,
    train_trunk,
    with_images,
)

__all__ = ["NeutralFractionTrainConfig", "objective_of", "soft_target", "train"]

Floats = NDArray[np.floating]
TARGET_WIDTH = 0.012  # of the smoothed label: a bin, so that neighbours learn together


@dataclass(frozen=True)
class NeutralFractionTrainConfig(EnsembleTrainingConfig):
    """Command line.

    Attributes:
        data: folder with set_a.h5.
        statistics_minutes: of the network that sees moments and power spectrum alone.
        folds: which members to train now; the model is written once all five are there.
    """

    output: Path = WEIGHTS / "neutral_fraction"
    runs: Path = Path("runs/neutral_fraction")
    minutes: float = 1.5
    statistics_minutes: float = 1.5
    folds: tuple[int, ...] = tuple(range(FOLDS))


def soft_target(x_hi: Tensor, bins: int) -> Tensor:
    """(b,) -> (b, bins): a narrow Gaussian about each label."""
    grid = torch.from_numpy(x_hi_grid(bins)).float()
    weight = torch.exp(-0.5 * ((grid - x_hi[:, None]) / TARGET_WIDTH) ** 2)
    return weight / weight.sum(dim=1, keepdim=True)


def objective_of(rows: NDArray[np.int_], inputs: Inputs, bins: int) -> Objective:
    """Learn the density of x_HI on some views.

    Args:
        rows: views to train on.
        inputs: of all views.
        bins: of the density.
    """

    def loss(logits: Tensor, views: NDArray[np.int_]) -> Tensor:
        target = soft_target(torch.from_numpy(inputs.x_hi[views]), bins).to(logits.device)
        return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()

    return Objective(lambda rng, size: rows[rng.integers(len(rows), size=size)], loss)


def assemble(
    config: NeutralFractionTrainConfig, views: Views, inputs: Inputs,
    net_config: NeutralFractionConfig, processes: Processes,
) -> NeutralFraction | None:
    """The ensemble of the members, calibrated on the validation simulations and saved.

    Only the first of the processes does that; the others get None.
    """
    rows = np.flatnonzero(np.isin(views.row, views.boxes.rows("train")))
    statistics = train_trunk(
        config, "statistics", StackNetwork(net_config.statistics), inputs,
        objective_of(rows, inputs, net_config.bins), config.statistics_minutes,
        seed=config.seed, processes=processes,
    )
    if not processes.is_main:
        return None
    members = [load_member(config.runs, fold, net_config.network) for fold in range(FOLDS)]
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


def _card(config: NeutralFractionTrainConfig, views: Views) -> str:
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


def train(config: NeutralFractionTrainConfig) -> None:
    """Train the members asked for; write the model once all are there."""
    processes = config.begin()
    with processes.main_first():
        views = load_views(config.data / "set_a.h5")
    net_config = NeutralFractionConfig(data=views.boxes.simulator)
    if config.images:
        net_config = replace(net_config, network=with_images(net_config.network))
    inputs = prepare(views)
    rows, fold = np.isin(views.row, views.boxes.rows("train")), fold_of_seed(views.column("seed"))
    objectives = [
        objective_of(np.flatnonzero(rows & (fold != own)), inputs, net_config.bins)
        for own in range(FOLDS)
    ]
    missing = train_members(
        config, net_config.network, objectives, views, inputs, processes, config.folds
    )
    if missing and processes.is_main:
        print(f"Members {missing} are still to be trained; the model is written after them.")
    if not missing and assemble(config, views, inputs, net_config, processes):
        print(f"Written to {config.output}.")


if __name__ == "__main__":
    train(tyro.cli(NeutralFractionTrainConfig, description=__doc__))
