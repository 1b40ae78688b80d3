"""Train the radiation emulators: density, mean neutral fraction and redshift to ionization fields.

    python -m training.reionization.train_radiation --data data/reionization

First the one-pass U-Nets of Masipa et al. 2023 (arXiv:2303.12065), one for each strategy and each
with the same budget, then the conditional diffusion model. Split by initial condition. Goes on from
its checkpoints after a kill; writes core/weights/radiation at the end. On several GPUs:
`accelerate launch --multi_gpu -m training.reionization.train_radiation --data DIR`.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro
from torch import Tensor

from core.reionization.ionization import match_mean
from core.reionization.radiation import Radiation
from core.reionization.radiation_inputs import STRATEGIES, RadiationConfig, SliceConditions
from core.reionization.radiation_networks import Denoiser, Emulator
from training.config import TrainingConfig
from training.evaluation.report import WEIGHTS
from training.loop import LoopConfig, run
from training.processes import Processes
from training.reionization.comparison.distances import best_smoothing, bins, power
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.datasets.slices import Slices, load_slices, normalisation

__all__ = ["RadiationTrainConfig", "card", "fit_contrast", "train"]


@dataclass(frozen=True)
class RadiationTrainConfig(TrainingConfig):
    """How to train.

    Attributes:
        data: folder with set_a.h5.
        output: model folder to write.
        runs: folder of the checkpoints and logs.
        minutes: wall-clock budget of the diffusion model.
        emulator_steps: of each one-pass network, the same for all so that they can be compared.
        emulator_minutes: the longest that each of them may take.
        slices: of each box.
        context: shells of neighbouring slices, see RadiationConfig.
        known: fraction of the training slices whose neighbours are seen.
        width: features of the diffusion model at its finest level.
        multipliers: features of its coarser levels over `width`.
        emulator_width: features of the one-pass networks.
        emulator_multipliers: of their coarser levels.
        batch_size: slices a step, of all processes together.
        learning_rate: its peak.
        limit: use so many boxes.
    """

    output: Path = WEIGHTS / "radiation"
    runs: Path = Path("runs/radiation")
    minutes: float = 35.0
    emulator_steps: int = 1200
    emulator_minutes: float = 20.0
    slices: int = 24
    context: tuple[tuple[int, ...], ...] = ((1, 2), (3, 4, 5, 6))
    known: float = 0.4
    width: int = 32
    multipliers: tuple[int, ...] = (1, 2, 4)
    emulator_width: int = 32
    emulator_multipliers: tuple[int, ...] = (1, 2, 2)
    batch_size: int = 8
    learning_rate: float = 8e-4
    limit: int | None = None
    _: KW_ONLY
    threads: int = 0


def train(config: RadiationTrainConfig) -> Radiation:
    """Train and save; return the models with averaged weights."""
    processes = config.begin()
    data = ReionizationSet.open(config.data / "set_a.h5")
    rows = np.random.default_rng(config.seed).permutation(data.rows("train"))[: config.limit]
    model_config = replace(
        normalisation(data, rows[:200], config.context),
        width=config.width,
        multipliers=config.multipliers,
        emulator_width=config.emulator_width,
        emulator_multipliers=config.emulator_multipliers,
    )
    slices = load_slices(data, np.sort(rows), config.slices, model_config, config.seed)
    validation = load_slices(data, data.rows("validation"), 6, model_config, config.seed)
    print(f"{len(rows)} boxes, {len(slices)} slices; {len(validation)} to choose by", flush=True)
    few = slices.take(np.arange(0, len(slices), max(1, len(slices) // 600)))
    model_config = replace(model_config, threshold_smoothing_mpc=best_smoothing(few))
    emulators: dict[str, Emulator] = {}
    scores: dict[str, float] = {}
    for strategy in STRATEGIES:
        arguments = (model_config, strategy)
        network, _ = _fit(config, Emulator, arguments, slices, strategy, processes)
        emulators[strategy] = network
        scores[strategy] = _error(model_config, network, strategy, validation)
        print(f"{strategy}: rms error of validation slices {scores[strategy]:.4f}", flush=True)
    model_config = replace(model_config, best=min(scores, key=scores.__getitem__))
    denoiser, steps = _fit(config, Denoiser, (model_config,), slices, "diffusion", processes)
    model = Radiation(model_config, denoiser, emulators)
    if not processes.is_main:
        return model
    model.config = replace(model_config, contrast=fit_contrast(model, validation))
    model.save(config.output, card(config, data, len(rows), slices, steps))
    return model


def _fit(
    config: RadiationTrainConfig,
    kind: Any,
    arguments: tuple[Any, ...],
    slices: Slices,
    name: str,
    processes: Processes,
) -> tuple[Any, int]:
    """One network, with averaged weights, and its steps; its first weights depend on the seed."""
    torch.manual_seed(config.seed)
    device, share = processes.device, processes.share(config.batch_size)

    def loss(network: Any, step: int, generator: torch.Generator) -> Tensor:
        x_hi, given = slices.batch(share, config.known, generator)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
            return network.loss(x_hi.to(device), given.to(device), generator)

    one_pass = name != "diffusion"
    schedule = LoopConfig(
        minutes=config.emulator_minutes if one_pass else config.minutes,
        learning_rate=config.learning_rate,
        seed=config.seed,
        log_steps=100,
        max_steps=config.max_steps or (config.emulator_steps if one_pass else None),
    )
    ema = run(kind(*arguments), loss, schedule, config.runs / name, processes=processes)
    return ema.model.cpu(), ema.step


def fit_contrast(model: Radiation, validation: Slices, most: int = 250) -> tuple[float, ...]:
    """The contrast at which samples have the power of validation slices, at means 0, 0.1 ... 1.

    In each bin of the mean neutral fraction the one with <ln P / P_sim> = 0 over k < 1 / Mpc, by
    bisection; linear between the bins.
    """
    order = np.linspace(0, len(validation) - 1, min(most, len(validation))).astype(int)
    slices = validation.take(np.unique(order))
    plain = Radiation(replace(model.config, contrast=()), model.denoiser, {})
    drawn = torch.from_numpy(plain.sample_each(slices.given(context=False), seed=2))[:, None]
    centres, found = [], []
    for members in bins(slices.mean):
        if len(members) < 10:
            continue
        target = torch.from_numpy(slices.mean[members].astype(np.float32))
        part, expected = drawn[torch.from_numpy(members)], power(slices.x_hi[members])
        low, high = 0.5, 3.0
        for _ in range(10):
            middle = (low + high) / 2
            moved = match_mean(part, target, torch.full_like(target, middle))[:, 0].numpy()
            below = np.log(power(moved) / expected).mean() < 0
            low, high = (middle, high) if below else (low, middle)
        centres.append(float(slices.mean[members].mean()))
        found.append((low + high) / 2)
    if not found:
        return ()
    return tuple(round(float(c), 3) for c in np.interp(np.linspace(0, 1, 11), centres, found))


def _error(
    config: RadiationConfig, network: Emulator, strategy: str, validation: Slices
) -> float:
    """RMS error of the expected field, of slices without their neighbours."""
    if not len(validation):
        return 0.0
    model = Radiation(config, Denoiser(config), {strategy: network})
    given: SliceConditions = validation.given(context=False)
    found = model.denoise_each(given, strategy)
    return float(np.sqrt(np.mean((found - validation.x_hi.astype(np.float32)) ** 2)))


def card(
    config: RadiationTrainConfig, data: ReionizationSet, boxes: int, slices: Slices, steps: int
) -> str:
    """The model card; evaluate_radiation writes the numbers beside it."""
    return f"""---
license: mit
tags: [cosmology, diffusion, reionization, 21cm]
---
# Radiation

Ionization fields from density fields, without sources: p(x_HI field | density, mean x_HI, z) on
slices of 64 x 64 cells of 2 Mpc. A conditional diffusion model draws fields; the denoising U-Net of
Masipa et al. 2023 (arXiv:2303.12065) in its three strategies (density; with white noise; with a
noisy ionization map) gives the expected field in one pass. Periodic U-Nets conditioned on the mean
neutral fraction and the redshift; neighbouring slices can be given and need not be.

The mean of each map is brought to what was asked by shifting logit(x_HI) of all its cells by one
number, after each denoising step and at the end; without it the mean is a little off (see
x_hi_error_uncorrected). At the end logit(x_HI) is also stretched by a contrast that depends on the
mean alone, fitted so that validation slices have the simulator's power. Both keep the order of the
cells.

## Data
{boxes} boxes of {data.simulator} (128 Mpc, 64^3 cells), {len(slices)} slices along three axes,
z in [7, 10], slices with a mean neutral fraction in [0.02, 0.98]; ionizing efficiency, minimum
virial temperature and largest bubble radius vary between boxes and are not inputs: the model
marginalises over them. Split by initial condition; the corner of rare sources with small bubbles is
in no training set.

## Training
`python -m training.reionization.train_radiation --data DIR`: {config.emulator_steps} steps of
{config.batch_size} slices for each one-pass network, {config.minutes:g} minutes ({steps} steps) for
the diffusion model, flips, quarter turns and cyclic shifts as augmentation, averaged weights.
Neighbours were shown with probability {config.known:g}.

## Limits
Trained on an excursion-set simulator: no recombinations, no spin-temperature or temperature
feedback beyond what 21cmFAST's const-zeta template has. Slices only: neighbouring slices drawn one
by one are not consistent with each other. Fully neutral or fully ionized slices are out of range.
Above x_HI of about 0.6 the spectrum of the samples is tilted: too little power on large scales, too
much on small ones. Rare sources with small bubbles (corner_), never trained on, come out worse.
Not faster than 21cmFAST's ionization step on a CPU: what it has that 21cmFAST lacks is samples,
gradients, and no need of a source model.

## Licence
MIT.
"""


if __name__ == "__main__":
    arguments = tyro.cli(RadiationTrainConfig, description=__doc__)
    train(replace(arguments, runs=arguments.runs.resolve()))
