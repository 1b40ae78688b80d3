"""Train HI-CDM: a conditional diffusion model of HI maps.

    python -m training.hydrogen.train_hi_cdm --data DIR --minutes 60

Works on any folder in the CMD layout, at any size that divides the maps' 256 pixels. Goes on from
its checkpoint after a kill; writes core/weights/hi_cdm at the end. On several GPUs:
`accelerate launch --multi_gpu -m training.hydrogen.train_hi_cdm --data DIR`.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
import tyro
from torch import Tensor

from core.hydrogen.hi_cdm import HICDM, Denoiser, HICDMConfig
from core.hydrogen.parameters import scale_parameters
from training.config import TrainingConfig
from training.evaluation.report import WEIGHTS
from training.hydrogen.datasets.maps import MapSet, augment, load_maps
from training.loop import LoopConfig, run

__all__ = ["HICDMTrainConfig", "train"]


@dataclass(frozen=True)
class HICDMTrainConfig(TrainingConfig):
    """How to train.

    Attributes:
        data: folder of the maps (with LH, or an LH sub-folder).
        output: model folder to write.
        runs: folder of the checkpoint and the log.
        minutes: wall-clock budget.
        size: pixels a side.
        objective: preconditioning of EDM, or flow matching.
        width: features of the network at its finest level.
        multipliers: features of the coarser levels over `width`.
        blocks: residual blocks a level.
        batch_size: maps a step, of all processes together.
        learning_rate: its peak.
        limit: use so many simulations.
    """

    output: Path = WEIGHTS / "hi_cdm"
    runs: Path = Path("runs/hi_cdm")
    minutes: float = 60.0
    size: int = 64
    objective: Literal["edm", "flow"] = "edm"
    width: int = 48
    multipliers: tuple[int, ...] = (1, 2, 4)
    blocks: int = 1
    batch_size: int = 8
    learning_rate: float = 8e-4
    limit: int | None = None
    _: KW_ONLY
    threads: int = 0


def train(config: HICDMTrainConfig) -> HICDM:
    """Train and save; return the model with averaged weights."""
    processes = config.begin()
    device, share = processes.device, processes.share(config.batch_size)
    maps = load_maps(config.data, "LH", size=config.size, split="train", limit=config.limit)
    model_config = HICDMConfig(
        size=config.size,
        mean=float(maps.log_sigma.mean(dtype=np.float64)),
        std=float(maps.log_sigma.std(dtype=np.float64)),
        lowest=float(maps.log_sigma.min()),
        highest=float(maps.log_sigma.max()),
        objective=config.objective,
        width=config.width,
        multipliers=config.multipliers,
        blocks=config.blocks,
    )
    clean = torch.from_numpy((maps.log_sigma - model_config.mean) / model_config.std)[:, None]
    condition = scale_parameters(maps.parameters[:, 0], maps.parameters[:, 1])

    def loss(denoiser: Denoiser, step: int, generator: torch.Generator) -> Tensor:
        rows = torch.randint(len(clean), (share,), generator=generator)
        batch = augment(clean[rows], generator).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
            return denoiser.loss(batch, condition[rows].to(device), generator)

    schedule = LoopConfig(
        minutes=config.minutes,
        learning_rate=config.learning_rate,
        seed=config.seed,
        log_steps=100,
        betas=(0.9, 0.99),
        max_steps=config.max_steps,
    )
    ema = run(Denoiser(model_config), loss, schedule, config.runs, processes=processes)
    model = HICDM(model_config, ema.model)  # type: ignore[arg-type]
    if processes.is_main:
        model.save(config.output, card(config, maps, ema.step))
    return model


def card(config: HICDMTrainConfig, maps: MapSet, steps: int) -> str:
    """The model card; evaluate_hi_cdm writes the numbers beside it."""
    simulations = len(np.unique(maps.simulation))
    epochs = steps * config.batch_size / max(len(maps), 1)
    return f"""---
license: mit
tags: [cosmology, diffusion, neutral-hydrogen]
---
# HI-CDM

A conditional diffusion model p(map | Omega_m, sigma_8) of neutral-hydrogen surface-density maps,
{config.size} x {config.size} pixels of a 25 Mpc/h periodic box, slabs of 5 Mpc/h, z = 0. Objective:
{config.objective}. Periodic U-Net, deterministic second-order sampler.

## Data
Trained on the **{maps.suite}** suite: {simulations} simulations, {len(maps)} maps, Omega_m in
[0.1, 0.5], sigma_8 in [0.6, 1.0], astrophysics marginalised. CosmoDeskPM is a stand-in
simulation (particle-mesh gravity with painted hydrogen), **not CAMELS**: do not use these maps as
a prediction of IllustrisTNG or any hydrodynamical suite. Retrain on the real maps with the command
below.

## Training
`python -m training.hydrogen.train_hi_cdm --data DIR --minutes {config.minutes:g}`: {steps} steps of
{config.batch_size} maps ({epochs:.1f} epochs), cyclic shifts, flips and transposes as augmentation,
averaged weights. Then
`python -m training.hydrogen.calibrate_hi_cdm --data DIR`: a rising function of each pixel, linear
in the parameters, brings the pixel distribution to that of the training simulations.

## Limits
Parameters outside the trained box are refused. One slab at a time: maps of the same box are not
consistent with each other. The brightest systems set the power of the linear field and are the
hardest part: see the numbers for the overdensity.

## Licence
MIT.
"""


if __name__ == "__main__":
    arguments = tyro.cli(HICDMTrainConfig, description=__doc__)
    train(replace(arguments, runs=arguments.runs.resolve()))
