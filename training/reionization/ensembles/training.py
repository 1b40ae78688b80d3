"""The training of ensembles of networks of 21 cm images: what the members have in common.

A member (:class:`core.networks.stack_network.StackNetwork`) first learns its path for the fixed
summaries, its trunk, from whole boxes and from a few slices of them. With a CNN it then learns to
correct that by what it sees in the images; the trunk follows at a tenth of the pace. What is
learned, and from which views, is an :class:`Objective`. Members go to the runs folder one by one,
so that a killed run, or another machine, goes on with those that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor

from core.files import write_whole
from core.networks.residual_cnn import ResidualCNNConfig
from core.networks.stack_network import StackNetwork, StackNetworkConfig
from training.config import TrainingConfig
from training.loop import LoopConfig, run
from training.processes import Processes
from training.reionization.datasets.batches import Inputs, batch_of
from training.reionization.datasets.views import Views

__all__ = [
    "EnsembleTrainingConfig",
    "Objective",
    "load_member",
    "missing_members",
    "train_member",
    "train_members",
    "train_trunk",
    "with_images",
]

CNN = ResidualCNNConfig((16, 48, 96, 128), 1, 64, 1)
"""Of the networks that see the images."""

TRUNK_BATCH = 256
TRUNK_LEARNING_RATE = 2e-3
EVALUATIONS = {"summaries": 12, "images": 4}
"""In the course of a training."""


@dataclass(frozen=True)
class EnsembleTrainingConfig(TrainingConfig):
    """Command line.

    Attributes:
        output: model folder to write.
        runs: checkpoints, logs and trained members.
        minutes: wall-clock budget of each member, for its path for the summaries.
        images: whether a CNN that sees the images corrects that. It needs a GPU or patience.
        image_minutes: wall-clock budget of each member for that.
        batch_size: stacks a step with images, of all processes together.
        slices: of sixteen that the network sees of a stack in a step.
        few: fraction of the training with 1, 2, 4 or 16 slices alone, without the depth.
        learning_rate: peak, with images.
        weight_decay: of AdamW.
    """

    output: Path
    runs: Path
    minutes: float
    images: bool = False
    image_minutes: float = 30.0
    batch_size: int = 24
    slices: int = 8
    few: float = 0.25
    learning_rate: float = 1.5e-3
    weight_decay: float = 1e-1


@dataclass(frozen=True)
class Objective:
    """What the members of an ensemble learn.

    Attributes:
        draw: (rng, b) -> (b,) the views of a batch.
        loss: ((b, o) outputs of the network, (b,) views) -> the mean loss.
        validate: (network, whether it sees images) -> numbers for the log, the lowest
            "validation" of which is kept; None to keep the weights at the end.
    """

    draw: Callable[[np.random.Generator, int], NDArray[np.int_]]
    loss: Callable[[Tensor, NDArray[np.int_]], Tensor]
    validate: Callable[[StackNetwork, bool], dict[str, float]] | None = None


def with_images(network: StackNetworkConfig) -> StackNetworkConfig:
    """A network that sees images, with the CNN that it has or :data:`CNN`."""
    return network if network.cnn is not None else replace(network, cnn=CNN)


def train_members(
    config: EnsembleTrainingConfig, network: StackNetworkConfig, objectives: list[Objective],
    views: Views, inputs: Inputs, processes: Processes, only: Iterable[int] | None = None,
) -> list[int]:
    """Train the members that are not in the runs folder yet; return those that are missing then.

    Args:
        config: of the training.
        network: of every member.
        objectives: of each member.
        views: of the set.
        inputs: of all views.
        processes: that train together; the first of them has the members on its disk.
        only: members to train now; all by default.
    """
    wanted = set(range(len(objectives)) if only is None else only)
    for member in missing_members(config.runs, len(objectives), processes):
        if member not in wanted:
            continue
        net = train_member(config, member, network, objectives[member], views, inputs, processes)
        if processes.is_main:
            _save_member(config.runs, member, net)
    return missing_members(config.runs, len(objectives), processes)


def missing_members(runs: Path, count: int, processes: Processes) -> list[int]:
    """Members that the first process does not have on its disk."""
    lacking = [member for member in range(count) if not _member_path(runs, member).exists()]
    return list(processes.from_main(bytes(lacking)))


def load_member(runs: Path, member: int, network: StackNetworkConfig) -> StackNetwork:
    """A trained member out of the runs folder."""
    net = StackNetwork(network)
    net.load_state_dict(load_file(_member_path(runs, member)))
    return net.eval()


def _save_member(runs: Path, member: int, net: StackNetwork) -> None:
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    write_whole(_member_path(runs, member), save(tensors))


def _member_path(runs: Path, member: int) -> Path:
    return runs / f"member_{member}.safetensors"


def train_member(
    config: EnsembleTrainingConfig, member: int, network: StackNetworkConfig,
    objective: Objective, views: Views, inputs: Inputs, processes: Processes | None = None,
) -> StackNetwork:
    """Train one member: its path for the summaries, and the correction by images if it has one."""
    processes = processes or Processes()
    torch.manual_seed(config.seed + member)
    net, seed = StackNetwork(network), config.seed + 100 * member
    name = f"member_{member}"
    net = train_trunk(
        config, name, net, inputs, objective, config.minutes, seed=seed, processes=processes
    )
    if net.cnn is not None:
        net = _train_correction(config, name, net, views, inputs, objective, seed, processes)
    return net.cpu().eval()


def train_trunk(
    config: EnsembleTrainingConfig, name: str, net: StackNetwork, inputs: Inputs,
    objective: Objective, minutes: float, *, seed: int = 0, processes: Processes | None = None,
) -> StackNetwork:
    """Train the path that sees the scores of the summaries; return the network on the CPU.

    Args:
        config: of the training.
        name: of the run.
        net: as many of the scores as it has room for are given to it, the first ones.
        inputs: of all views.
        objective: what is learned.
        minutes: budget.
        seed: random seed of the batches.
        processes: that train it together.
    """
    processes = processes or Processes()
    device, share = processes.device, processes.share(TRUNK_BATCH)
    scores = torch.from_numpy(np.ascontiguousarray(inputs.scores[:, : net.config.summaries]))
    conditions = torch.from_numpy(inputs.conditions)
    # in pairs, as the sources draw them: these see a few slices alone
    few = (np.arange(share) < round(config.few * share / 2) * 2) * (len(scores) // 2)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        views = objective.draw(_rng(generator), share)
        i = torch.from_numpy(views + few)
        return objective.loss(model(None, scores[i].to(device), conditions[i].to(device)), views)

    schedule = LoopConfig(
        minutes=minutes, learning_rate=TRUNK_LEARNING_RATE, weight_decay=config.weight_decay,
        seed=seed, log_steps=1000, max_steps=config.max_steps,
        **_validated(objective, "summaries", minutes),
    )
    average = run(
        net, loss, schedule, config.runs / f"{name}_summaries",
        evaluate=_evaluate(objective, images=False), processes=processes,
    )
    net.load_state_dict(average.model.state_dict())
    return net.cpu()


def _train_correction(
    config: EnsembleTrainingConfig, name: str, net: StackNetwork, views: Views, inputs: Inputs,
    objective: Objective, seed: int, processes: Processes,
) -> StackNetwork:
    """Train the correction by the images; the trained trunk follows at a tenth of the pace."""
    device, share = processes.device, processes.share(config.batch_size)

    def loss(model: StackNetwork, step: int, generator: torch.Generator) -> Tensor:
        rng = _rng(generator)
        rows = objective.draw(rng, share)
        images, summaries, conditions = batch_of(views, rows, config.slices, config.few, rng)
        scores = torch.from_numpy(inputs.scaler(conditions.numpy(), summaries.numpy()))
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
            outputs = model(images.to(device), scores.to(device), conditions.to(device))
        return objective.loss(outputs.float(), rows)

    schedule = LoopConfig(
        minutes=config.image_minutes, learning_rate=config.learning_rate,
        weight_decay=config.weight_decay, seed=seed, log_steps=50, max_steps=config.max_steps,
        **_validated(objective, "images", config.image_minutes),
    )
    average = run(
        net, loss, schedule, config.runs / f"{name}_images",
        evaluate=_evaluate(objective, images=True),
        optimizer=_trunk_behind(net, config.learning_rate, config.weight_decay),
        processes=processes,
    )
    net.load_state_dict(average.model.state_dict())
    return net


def _rng(generator: torch.Generator) -> np.random.Generator:
    """numpy's, from the generator of a step."""
    return np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))


def _validated(objective: Objective, part: str, minutes: float) -> dict[str, Any]:
    """How often the loop validates, and by what it keeps the best."""
    if objective.validate is None:
        return {}
    return {"evaluate_seconds": minutes * 60 / EVALUATIONS[part], "keep_best": "validation"}


def _evaluate(objective: Objective, images: bool) -> Callable[[Any], dict[str, float]] | None:
    validate = objective.validate
    return None if validate is None else lambda net: validate(net, images)


def _trunk_behind(
    net: StackNetwork, learning_rate: float, weight_decay: float
) -> torch.optim.Optimizer:
    """AdamW for the correction; the trunk at a tenth of the rate."""
    groups: list[dict[str, Any]] = [
        {"params": [p for n, p in net.named_parameters() if not n.startswith("trunk")]},
        {"params": net.trunk.parameters(), "lr": learning_rate / 10},
    ]
    return torch.optim.AdamW(groups, learning_rate, (0.9, 0.99), weight_decay=weight_decay)
