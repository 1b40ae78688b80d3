"""Train the inference of (Omega_m, sigma_8) from HI maps, field-level and from P(k) alone.

    python -m training.hydrogen.train_inference --data DIR --minutes 20

All estimators see the same simulations, maximise the same likelihood of the true parameters and
stop where the loss on held-out simulations is lowest. The validation simulations also set the
widths of the posteriors, the thresholds of the check for maps unlike those of the training and the
exponent on HIGlow's likelihood. Goes on from its checkpoints after a kill; writes
core/weights/hi_inference. `--calibrate-only` repeats only the last part, for instance after HIGlow
was trained again. Many processes or GPUs share each batch under
`accelerate launch --multi_gpu -m training.hydrogen.train_inference --data DIR`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE
from core.files import whole_file
from core.hydrogen.estimator import (
    Estimator,
    EstimatorConfig,
    map_channels,
    to_box,
    to_unbounded,
)
from core.hydrogen.higlow import HIGlow
from core.hydrogen.inference import METHODS, HIInference, HIInferenceConfig, Method
from core.hydrogen.out_of_distribution import MapOutOfDistributionCheck
from core.hydrogen.parameters import scale_parameters
from core.hydrogen.structures import STRUCTURE_NAMES
from core.hydrogen.summaries import DIFFUSE_LIMIT, POWER_NAMES, SUMMARY_NAMES, summaries
from core.posterior import coverage
from core.weights import ModelNotFoundError
from training.config import TrainingConfig
from training.evaluation.report import WEIGHTS
from training.hydrogen.datasets.maps import MapSet, augment, load_maps
from training.loop import LoopConfig, run
from training.processes import Processes

__all__ = ["InferenceTrainConfig", "cached_summaries", "calibrate", "train"]

Floats = NDArray[np.floating]
LEVELS = (0.68, 0.95)
LOW, HIGH = np.transpose([OMEGA_M_RANGE, SIGMA_8_RANGE])


@dataclass(frozen=True)
class InferenceTrainConfig(TrainingConfig):
    """Command line of the training.

    Attributes:
        data: folder of the maps (with LH, or an LH sub-folder).
        output: model folder to write.
        runs: folder of checkpoints, logs and the cached summaries.
        higlow: model folder of HIGlow, for the exponent on its likelihood.
        minutes: wall-clock budget of the estimator with a CNN.
        summary_minutes: of each of the two with fixed summaries alone (all of them, and P(k)).
        batch_size: maps a step, of all processes together.
        learning_rate: peak.
        weight_decay: of AdamW.
        channels: of the CNN's stages.
        dropout: in the trunk.
        bfloat16: the CNN in bfloat16.
        limit: use so many simulations.
        likelihood_maps: validation maps that set the exponent of the likelihood.
        calibrate_only: load the trained estimators from ``output`` and only calibrate them.
    """

    output: Path = WEIGHTS / "hi_inference"
    runs: Path = Path("runs/hi_inference")
    higlow: Path = WEIGHTS / "higlow"
    minutes: float = 20.0
    summary_minutes: float = 4.0
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    channels: tuple[int, ...] = (24, 48, 96, 128)
    dropout: float = 0.2
    limit: int | None = None
    likelihood_maps: int = 40
    calibrate_only: bool = False


def cached_summaries(maps: MapSet, path: Path) -> Floats:
    """The fixed summaries of every map, (n, S), from ``path`` if they are those of these maps."""
    # cheap but enough to notice another set, another order or a changed simulation
    key = np.array([len(maps), maps.log_sigma[:, 0, 0].astype(np.float64).sum(),
                    maps.log_sigma[:, -1, 7].astype(np.float64).std(), len(SUMMARY_NAMES)])
    if path.exists():
        with np.load(path) as stored:
            if np.array_equal(stored["key"], key):
                return stored["values"]
    starts = range(0, len(maps), 50)
    parts = [summaries(maps.log_sigma[i : i + 50]) for i in tqdm(starts, desc="summaries")]
    values = np.concatenate(parts)
    with whole_file(path) as file:
        np.savez(file, key=key, values=values)
    return values


def _targets(maps: MapSet) -> Tensor:
    return scale_parameters(maps.parameters[:, 0], maps.parameters[:, 1])


def _log_prob(net: Estimator, base: HIInferenceConfig, theta: Tensor, stats: Tensor, x: Tensor,
              bfloat16: bool) -> Tensor:
    """ln of posterior over prior; only the CNN and the trunk run in bfloat16."""
    device = net.centre.device
    theta, stats, x = theta.to(device), stats.to(device), x.to(device)
    maps = map_channels(x, base.mean, base.std, DIFFUSE_LIMIT) if net.config.cnn else None
    with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16 and net.config.cnn):
        context = net.context(stats, maps)
    return net.log_prob_given(theta, context.float())


@torch.no_grad()
def _held_out_log_prob(net: Estimator, base: HIInferenceConfig, maps: MapSet, s: Floats) -> Tensor:
    stats = torch.from_numpy(s[:, : net.config.summaries]).float()
    parts = zip(_targets(maps).split(150), stats.split(150),
                torch.from_numpy(maps.log_sigma).split(150), strict=True)
    return torch.cat([_log_prob(net, base, *part, False).cpu() for part in parts])


def _stacking_share(one: Tensor, other: Tensor) -> float:
    """Weight of ``one`` with which a mixture of two densities is best on held-out maps.

    Args:
        one, other: (n,) log-densities of the true parameters.
    """
    shares = torch.linspace(0.01, 0.99, 99)[:, None]
    mixed = torch.logaddexp(shares.log() + one, (1 - shares).log() + other).mean(dim=1)
    return float(shares[int(mixed.argmax()), 0])


def _train_estimator(
    name: str, config: EstimatorConfig, arguments: InferenceTrainConfig, minutes: float,
    base: HIInferenceConfig, sets: list[tuple[MapSet, Floats]], processes: Processes,
) -> Estimator:
    torch.manual_seed(arguments.seed)
    net = Estimator(config)
    (training, s), (held_out, s_held_out) = sets
    stats = torch.from_numpy(s[:, : config.summaries]).float()
    net.centre.copy_(stats.mean(0))
    net.spread.copy_(stats.std(0) + 1e-6)
    theta, x = _targets(training), torch.from_numpy(training.log_sigma)

    def log_prob(model: Estimator, theta: Tensor, stats: Tensor, x: Tensor) -> Tensor:
        return _log_prob(model, base, theta, stats, x, arguments.bfloat16)

    def loss(model: Estimator, step: int, generator: torch.Generator) -> Tensor:
        share = processes.share(arguments.batch_size)
        rows = torch.randint(len(x), (share,), generator=generator)
        maps = augment(x[rows][:, None], generator)[:, 0] if config.cnn else x[rows]
        return -log_prob(model, theta[rows], stats[rows], maps).mean()

    def evaluate(model: Estimator) -> dict[str, float]:
        return {"validation": -float(_held_out_log_prob(model, base, held_out, s_held_out).mean())}

    schedule = LoopConfig(
        minutes=minutes, learning_rate=arguments.learning_rate, seed=arguments.seed,
        weight_decay=arguments.weight_decay, evaluate_seconds=minutes * 60 / 30,
        keep_best="validation", log_steps=100, clip=5.0, max_steps=arguments.max_steps,
    )
    ema = run(
        net, loss, schedule, arguments.runs / name, evaluate=evaluate, processes=processes
    )
    return ema.model.cpu()  # type: ignore[return-value]


def _widen(inference: HIInference, maps: MapSet, method: Method) -> float:
    """The factor on the width of posteriors with which intervals cover best."""
    inference.config = replace(inference.config, widen_field=1.0, widen_power_spectrum=1.0)
    unit = 2 * (inference.sample(maps.log_sigma, method, 400) - LOW) / (HIGH - LOW) - 1
    y = to_unbounded(torch.from_numpy(unit))
    mean = y.mean(dim=1, keepdim=True)
    truth = 2 * (maps.parameters.astype(np.float64) - LOW) / (HIGH - LOW) - 1
    widths = np.linspace(0.9, 1.5, 13)
    errors = []
    for width in widths:
        found = coverage(to_box(mean + width * (y - mean)).numpy(), truth, LEVELS)
        errors.append(float(np.abs(found.mean(axis=1) - LEVELS).sum()))
    return float(widths[int(np.argmin(errors))])


def likelihood_beta(inference: HIInference, grids: Floats, truth: Floats) -> float:
    """The exponent on the likelihood with which intervals cover best.

    Args:
        inference: with HIGlow.
        grids: (m, G, G) log-likelihoods of validation maps.
        truth: (m, 2).
    """
    betas = np.geomspace(0.02, 1.5, 30)
    errors = []
    for beta in betas:
        samples = np.stack([inference.sample_grid(g, 400, i, beta) for i, g in enumerate(grids)])
        found = coverage(samples, truth, LEVELS)
        errors.append(float(np.abs(found.mean(axis=1) - LEVELS).sum()))
    return float(betas[int(np.argmin(errors))])


def _cached_grids(
    inference: HIInference, log_sigma: Floats, arguments: InferenceTrainConfig
) -> Floats:
    """Log-likelihoods of maps on the grid of parameters, kept for this HIGlow and these maps."""
    config = json.loads((arguments.higlow / "config.json").read_text())
    key = np.array([config["_meta"]["sha256"], str(float(log_sigma.sum(dtype=np.float64)))])
    path = arguments.runs / "likelihood_validation.npz"
    if path.exists():
        with np.load(path) as stored:
            if np.array_equal(stored["key"], key):
                return stored["grids"]
    grids = np.stack([inference.log_likelihood(x) for x in tqdm(log_sigma, desc="likelihood")])
    with whole_file(path) as file:
        np.savez(file, key=key, grids=grids)
    return grids


def calibrate(
    inference: HIInference, held_out: MapSet, arguments: InferenceTrainConfig
) -> dict[str, float]:
    """Set widths and exponent on validation simulations, in place; return what was chosen."""
    field, power = (_widen(inference, held_out, m) for m in METHODS[:2])
    chosen = {
        "cnn_share": inference.config.cnn_share,
        "widen_field": field,
        "widen_power_spectrum": power,
    }
    inference.config = replace(inference.config, widen_field=field, widen_power_spectrum=power)
    try:
        inference.higlow = HIGlow.load(arguments.higlow)
    except ModelNotFoundError as error:
        print(f"The likelihood was not calibrated: {error}")
        return chosen
    count = min(arguments.likelihood_maps, len(held_out))
    rows = np.linspace(0, len(held_out) - 1, count).astype(int)
    grids = _cached_grids(inference, held_out.log_sigma[rows], arguments)
    beta = likelihood_beta(inference, grids, held_out.parameters[rows].astype(np.float64))
    inference.config = replace(inference.config, likelihood_beta=beta)
    return chosen | {"likelihood_beta": beta}


def train(arguments: InferenceTrainConfig) -> HIInference:
    """Train, calibrate and save; return the model."""
    processes = arguments.begin()
    held_out = load_maps(arguments.data, "LH", split="validation", limit=arguments.limit)
    training = load_maps(arguments.data, "LH", split="train", limit=arguments.limit)
    with processes.main_first():
        s = cached_summaries(training, arguments.runs / "summaries_train.npz")
        s_held_out = cached_summaries(held_out, arguments.runs / "summaries_validation.npz")
    if arguments.calibrate_only:
        inference = HIInference.load(arguments.output)
        inference.out_of_distribution = MapOutOfDistributionCheck.fit(s, s_held_out)
    else:
        sets = [(training, s), (held_out, s_held_out)]
        inference = _estimate(arguments, sets, processes)
        if processes.is_main:
            inference.save(arguments.output)
    if not processes.is_main:
        return inference
    chosen = calibrate(inference, held_out, arguments)
    inference.save(arguments.output, card(arguments, training, held_out, chosen))
    return inference


def _estimate(
    arguments: InferenceTrainConfig, sets: list[tuple[MapSet, Floats]], processes: Processes
) -> HIInference:
    """Train both estimators and measure the training maps."""
    (training, s), (_, s_held_out) = sets
    config = HIInferenceConfig(
        mean=float(training.log_sigma.mean(dtype=np.float64)),
        std=float(training.log_sigma.std(dtype=np.float64)),
        size=training.log_sigma.shape[-1],
        # the CNN finds structures by itself; beside fewer fixed summaries it learns to
        cnn=EstimatorConfig(
            len(SUMMARY_NAMES) - len(STRUCTURE_NAMES), True, arguments.channels,
            dropout=arguments.dropout,
        ),
        fixed=EstimatorConfig(
            len(SUMMARY_NAMES), False, arguments.channels, dropout=arguments.dropout
        ),
        power_spectrum=EstimatorConfig(
            len(POWER_NAMES), False, arguments.channels, dropout=arguments.dropout
        ),
    )
    budgets = {"power_spectrum": arguments.summary_minutes, "fixed": arguments.summary_minutes,
               "cnn": arguments.minutes}
    nets = {
        name: _train_estimator(
            name, getattr(config, name), arguments, minutes, config, sets, processes
        )
        for name, minutes in budgets.items()
    }
    cnn, fixed = (
        _held_out_log_prob(nets[n], config, sets[1][0], s_held_out) for n in ("cnn", "fixed")
    )
    config = replace(config, cnn_share=_stacking_share(cnn, fixed))
    return HIInference(config, nets, MapOutOfDistributionCheck.fit(s, s_held_out))


def card(
    arguments: InferenceTrainConfig, training: MapSet, held_out: MapSet, chosen: dict[str, float]
) -> str:
    """The model card; evaluate_inference adds the measured numbers."""
    n_train, n_held_out = (len(np.unique(m.simulation)) for m in (training, held_out))
    settings = ", ".join(f"{k} {v:.3g}" for k, v in chosen.items())
    return f"""---
license: mit
tags: [cosmology, simulation-based-inference, neutral-hydrogen]
---
# HI inference

p(Omega_m, sigma_8 | map) for one 64 x 64 map of neutral-hydrogen surface density (25 Mpc/h, slab of
5 Mpc/h, z = 0), by neural posterior estimation: a mixture of two neural spline flows, one given a
periodic residual CNN and fixed summaries (power spectra, one-point distribution, wavelet
scattering), one more fixed summaries (also of peaks, voids and smoothed maps) and no CNN. Beside it
the same estimator given only P(k) of the log field and of the overdensity, without the mean level,
and a check whether a map is like the training maps.

## Data
Trained on the **{training.suite}** suite: {n_train} simulations, {len(training)} maps; with
{n_held_out} others for validation (split by initial-condition seed). Flat prior on Omega_m in
[0.1, 0.5] and sigma_8 in [0.6, 1.0], astrophysics marginalised. CosmoDeskPM is a stand-in
simulation (particle-mesh gravity with painted hydrogen), **not CAMELS**: posteriors for real or
hydrodynamical maps are not to be trusted. Retrain on the real maps with the command below.

## Training
`python -m training.hydrogen.train_inference --data DIR --minutes {arguments.minutes:g}`: shifts,
flips and transposes as augmentation, weights of the lowest validation loss. Chosen on the
validation simulations: {settings} (cnn_share: weight of the flow with the CNN; widen: factor on
the width of posteriors; likelihood_beta: exponent on the likelihood of HIGlow).

## Limits
One map at a time; maps of one simulation are not independent. The posterior near the edge of the
prior's box is cut by it. The check finds maps unlike the training maps in level, power or texture;
it cannot find a difference that no summary of it shows.

## Licence
MIT.
"""


if __name__ == "__main__":
    train(tyro.cli(InferenceTrainConfig, description=__doc__))
