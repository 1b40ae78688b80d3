"""Train HIGlow: a conditional flow of 64 x 64 HI maps.

    python -m training.hydrogen.train_higlow --data DIR --minutes 45

Maximises the exact likelihood of the training simulations' maps with cyclic shifts, flips and
transposes as augmentation and a little noise against overfitting. Goes on from its checkpoint after
a kill; writes core/weights/higlow at the end. Many processes or GPUs share each batch under
`accelerate launch --multi_gpu -m training.hydrogen.train_higlow --data DIR`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from scipy.special import ndtr
from torch import Tensor

from core.fields import BOX_SIZE_MPC_H, OMEGA_M_RANGE, SIGMA_8_RANGE
from core.hydrogen.higlow import HIGlow, HIGlowConfig
from core.hydrogen.parameters import scale_parameters
from core.networks.glow import Glow
from core.statistics import power_spectrum
from training.config import TrainingConfig
from training.evaluation.report import WEIGHTS
from training.hydrogen.datasets.maps import MapSet, augment, load_maps
from training.loop import LoopConfig, run

__all__ = ["HIGlowTrainConfig", "train", "tune_temperatures"]

LOW, HIGH = np.transpose([OMEGA_M_RANGE, SIGMA_8_RANGE])


@dataclass(frozen=True)
class HIGlowTrainConfig(TrainingConfig):
    """Command line of the training.

    Attributes:
        data: folder of the maps (with LH, or an LH sub-folder).
        output: model folder to write.
        runs: folder of checkpoint and log.
        minutes: wall-clock budget.
        batch_size: maps a step, of all processes together.
        learning_rate: peak.
        noise: standard deviation of the noise added in training to the flow's input (unit
            variance).
        steps: Glow steps at each scale.
        widths: channels at each scale, finest first.
        blocks: residual blocks of the context networks.
        bfloat16: convolutions in bfloat16; the affine maths stays in float32.
        device: "cpu" or "cuda"; accelerate launch gives each process its own.
        limit: use so many simulations.
    """

    output: Path = WEIGHTS / "higlow"
    runs: Path = Path("runs/higlow")
    minutes: float = 45.0
    batch_size: int = 16
    learning_rate: float = 2e-3
    noise: float = 0.01
    steps: int = 6
    widths: tuple[int, ...] = (24, 40, 64, 64, 64)
    blocks: int = 2
    device: str = "cpu"
    limit: int | None = None


def _configuration(arguments: HIGlowTrainConfig, maps: MapSet) -> HIGlowConfig:
    values = np.linspace(-4.2, 4.2, 65)
    pixels = maps.log_sigma.ravel()[:: max(1, maps.log_sigma.size // 10_000_000)]
    return HIGlowConfig(
        mean=float(maps.log_sigma.mean(dtype=np.float64)),
        std=float(maps.log_sigma.std(dtype=np.float64)),
        knots=_increasing(np.quantile(pixels.astype(np.float64), ndtr(values))),
        values=tuple(values.tolist()),
        lowest=float(maps.log_sigma.min()),
        highest=float(maps.log_sigma.max()),
        temperatures=(1.0,) * len(arguments.widths),
        size=maps.log_sigma.shape[-1],
        steps=arguments.steps,
        widths=arguments.widths,
        blocks=arguments.blocks,
    )


def _increasing(knots: np.ndarray) -> tuple[float, ...]:
    """Quantiles of few pixels may coincide; keep them apart."""
    return tuple((np.maximum.accumulate(knots) + 1e-4 * np.arange(len(knots))).tolist())


def _inputs(model: HIGlow, maps: MapSet) -> tuple[Tensor, Tensor, np.ndarray]:
    """Inputs of the flow, conditions, and the log-Jacobian of the inputs."""
    parts = [
        model.encode(maps.log_sigma[i : i + 1000]) for i in range(0, len(maps), 1000)
    ]
    condition = scale_parameters(maps.parameters[:, 0], maps.parameters[:, 1])
    return torch.cat([p[0] for p in parts]), condition, np.concatenate([p[1] for p in parts])


def train(arguments: HIGlowTrainConfig) -> HIGlow:
    """Train and save; return the model."""
    processes = arguments.begin(arguments.device)
    share = processes.share(arguments.batch_size)
    maps = load_maps(arguments.data, "LH", split="train", limit=arguments.limit)
    held_out = load_maps(arguments.data, "LH", split="validation", limit=arguments.limit)
    config = _configuration(arguments, maps)
    model = HIGlow(config, device=processes.device)
    flow, device = model.flow, model.device
    x, condition, _ = _inputs(model, maps)
    # one fixed batch of validation maps, spread over its simulations
    some = np.linspace(0, len(held_out) - 1, min(len(held_out), 256)).astype(int)
    x_held_out, condition_held_out, jacobian = _inputs(model, held_out.subset(some))

    def autocast() -> torch.autocast:
        return torch.autocast(device.type, torch.bfloat16, enabled=arguments.bfloat16)

    def loss(model: Glow, step: int, generator: torch.Generator) -> Tensor:
        rows = torch.randint(len(x), (share,), generator=generator)
        batch = augment(x[rows], generator)
        batch = batch + arguments.noise * torch.randn(batch.shape, generator=generator)
        with autocast():
            log_prob = model.log_prob(batch.to(device), condition[rows].to(device))
        return -log_prob.mean() / batch[0].numel()

    def evaluate(model: Glow) -> dict[str, float]:
        with torch.no_grad():
            values = [
                model.log_prob(a.to(device), b.to(device))
                for a, b in zip(x_held_out.split(64), condition_held_out.split(64), strict=True)
            ]
        mean = float(torch.cat(values).mean()) + float(jacobian.mean())
        return {"validation": -mean / config.size**2}

    with torch.no_grad():  # actnorm starts from data, a whole batch of it
        first = torch.from_numpy(np.linspace(0, len(x) - 1, min(len(x), 256)).astype(int))
        flow.train()
        flow.log_prob(x[first].to(device), condition[first].to(device))
    schedule = LoopConfig(
        minutes=arguments.minutes, learning_rate=arguments.learning_rate,
        evaluate_seconds=300.0, seed=arguments.seed, clip=1.0,
        max_steps=arguments.max_steps,
    )
    ema = run(flow, loss, schedule, arguments.runs, evaluate=evaluate, processes=processes)
    model = HIGlow(config, ema.model, device)  # type: ignore[arg-type]
    if not processes.is_main:
        return model
    scores = evaluate(model.flow)
    model = tune_temperatures(model, held_out)
    model.save(arguments.output, card(arguments, maps, ema.step, scores, model.config))
    return model


def tune_temperatures(model: HIGlow, held_out: MapSet, rounds: int = 4) -> HIGlow:
    """Choose the temperature of each scale so that samples have the power of validation maps.

    The noise of a scale sets the power of its octave of k, so each temperature is moved by the
    square root of the ratio of powers there, within 15%, and the samples are drawn again.

    Args:
        model: trained flow.
        held_out: validation simulations; samples are drawn at their parameters.
        rounds: of drawing and moving.
    """
    config = model.config
    scales = len(config.temperatures)
    nyquist = np.pi * config.size / BOX_SIZE_MPC_H
    edges = np.array([0.25, *(nyquist * 1.001 / 2.0 ** np.arange(scales)[::-1])])
    truth = power_spectrum(held_out.log_sigma, k_edges=edges)[1].mean(axis=0)
    rows = [np.flatnonzero(held_out.simulation == i) for i in np.unique(held_out.simulation)]
    temperatures = np.ones(scales)
    for _ in range(rounds):
        model = HIGlow(
            replace(config, temperatures=tuple(temperatures.tolist())), model.flow, model.device
        )
        maps = []
        for i, r in enumerate(rows):
            omega_m, sigma_8 = np.clip(held_out.parameters[r[0]].astype(float), LOW, HIGH)
            maps.append(model.sample(omega_m, sigma_8, len(r), seed=i))
        found = power_spectrum(np.log10(np.concatenate(maps)), k_edges=edges)[1].mean(axis=0)
        ratio = (found / truth)[::-1]  # finest first, as the temperatures are
        print("power of samples over validation maps, finest octave first:", ratio.round(3))
        temperatures = np.clip(temperatures / np.sqrt(ratio), 0.85, 1.15)
    return model


def card(arguments: HIGlowTrainConfig, maps: MapSet, steps: int, scores: dict[str, float],
         config: HIGlowConfig) -> str:
    """The model card; evaluate_higlow adds the measured numbers."""
    simulations = len(np.unique(maps.simulation))
    temperatures = ", ".join(f"{t:.3f}" for t in config.temperatures)
    epochs = steps * arguments.batch_size / max(len(maps), 1)
    return f"""---
license: mit
tags: [cosmology, normalizing-flow, neutral-hydrogen]
---
# HIGlow

A conditional normalising flow p(map | Omega_m, sigma_8) of neutral-hydrogen surface-density maps,
64 x 64 pixels of a 25 Mpc/h periodic box, slabs of 5 Mpc/h, z = 0. Exact log-likelihood, exact
inverse, periodic convolutions. After HIGlow (Friedman & Hassan 2022, arXiv:2211.12724), on a Haar
pyramid (Yu, Derpanis & Brubaker 2020, arXiv:2010.13821).

## Data
Trained on the **{maps.suite}** suite: {simulations} simulations, {len(maps)} maps, Omega_m in
[0.1, 0.5], sigma_8 in [0.6, 1.0], astrophysics marginalised. CosmoDeskPM is a stand-in
simulation (particle-mesh gravity with painted hydrogen), **not CAMELS**: do not use these maps as
a prediction of IllustrisTNG or any hydrodynamical suite. Retrain on the real maps with the command
below.

## Training
`python -m training.hydrogen.train_higlow --data DIR --minutes {arguments.minutes:g}`:
{steps} steps of {arguments.batch_size} maps ({epochs:.1f} epochs) on {arguments.threads} CPU
thread(s), cyclic shifts, flips and transposes as augmentation, noise of {arguments.noise:g} (in
units of the flow's input), averaged weights. Negative log-likelihood on validation
simulations {scores["validation"]:.4f} nats a pixel. Samples are drawn with the noise of each scale
multiplied by {temperatures} (finest first), chosen so that their power matches that of the
validation simulations; the likelihood has no such factor.

## Limits
Parameters outside the trained box are refused. One slab at a time: maps of the same box are not
consistent with each other. Rare bright systems are less accurate than the typical field.

## Licence
MIT.
"""


if __name__ == "__main__":
    arguments = tyro.cli(HIGlowTrainConfig, description=__doc__)
    arguments.runs.mkdir(parents=True, exist_ok=True)
    (arguments.runs / "arguments.json").write_text(
        json.dumps({k: str(v) for k, v in vars(arguments).items()}, indent=1)
    )
    if not math.isfinite(arguments.minutes):
        raise SystemExit("--minutes must be a number.")
    train(arguments)
