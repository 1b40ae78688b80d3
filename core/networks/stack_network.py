"""A network for a stack of images: the same CNN on every slice, pooled, with fixed summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.residual_cnn import ResidualCNN, ResidualCNNConfig
from core.networks.states import part, prefixed

__all__ = [
    "StackNetwork",
    "StackNetworkConfig",
    "average",
    "load_members",
    "load_network",
    "member_tensors",
]

@dataclass(frozen=True)
class StackNetworkConfig:
    """Architecture.

    Attributes:
        cnn: of the network that sees each slice; None for one that sees the summaries alone.
        summaries: how many fixed summaries come beside the images.
        conditions: length of the condition vector.
        width: of the two heads.
        outputs: length of the answer.
        dropout: in the heads.
    """

    cnn: ResidualCNNConfig | None = ResidualCNNConfig((16, 48, 96, 128), 1, 64, 1)
    summaries: int = 0
    conditions: int = 5
    width: int = 192
    outputs: int = 1
    dropout: float = 0.2


class StackNetwork(nn.Module):
    """Images (b, S, n, n), summaries (b, summaries), conditions (b, conditions) -> (b, outputs).

    Two paths are added: one sees the summaries alone and is quickly trained, the other corrects it
    with what a CNN finds in the images (at first nothing: its last layer begins at zero). The order
    of the slices does not matter (Deep Sets, Zaheer et al. 2017, arXiv:1703.06114): mean and
    standard deviation of their features go on. Summaries are standardised by buffers set with
    :meth:`standardise`; one that is not a number counts as usual.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, config: StackNetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("centre", torch.zeros(config.summaries))
        self.register_buffer("spread", torch.ones(config.summaries))
        known = config.summaries + config.conditions
        self.trunk = _head(known, config)
        self.cnn = self.correction = None
        if config.cnn:
            self.cnn = ResidualCNN(config.cnn)
            self.correction = _head(known + 2 * config.cnn.outputs, config)
            for parameter in self.correction[-1].parameters():
                nn.init.zeros_(parameter)

    def standardise(self, summaries: Tensor) -> None:
        """Take mean and standard deviation of (rows, summaries) of the training rows."""
        self.centre.copy_(summaries.mean(dim=0))
        self.spread.copy_(summaries.std(dim=0) + 1e-6)

    def forward(self, images: Tensor | None, summaries: Tensor, conditions: Tensor) -> Tensor:
        """The answer; without images, that of the summaries alone."""
        fixed = torch.nan_to_num((summaries - self.centre) / self.spread, nan=0.0).clamp(-6, 6)
        known = torch.cat([fixed, conditions], dim=1)
        # small differences of the summaries matter: never in bfloat16
        with torch.autocast(known.device.type, enabled=False):
            answer = self.trunk(known.float())
        if self.cnn is None or self.correction is None or images is None:
            return answer
        b, s, n, _ = images.shape
        each = self.cnn(images.reshape(b * s, 1, n, n)).float().reshape(b, s, -1)
        spread = each.std(dim=1, correction=0) if s > 1 else torch.zeros_like(each[:, 0])
        return answer + self.correction(torch.cat([each.mean(dim=1), spread, known], dim=1))


def _head(inputs: int, config: StackNetworkConfig) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, config.width), nn.SiLU(), nn.Dropout(config.dropout),
        nn.Linear(config.width, config.width), nn.SiLU(), nn.Dropout(config.dropout),
        nn.Linear(config.width, config.outputs),
    )


def average(
    members: Sequence[StackNetwork],
    images: NDArray[np.floating] | None,
    summaries: NDArray[np.floating],
    conditions: NDArray[np.floating],
    link: Callable[[Tensor], Tensor] = lambda answer: answer,
) -> NDArray[np.float32]:
    """Mean over members, and over the four flips of the images, of ``link(answer)``.

    Args:
        members: trained networks in evaluation mode, on one device.
        images: (m, S, n, n), or None for the answer of the summaries alone.
        summaries: (m, summaries).
        conditions: (m, conditions).
        link: from the networks' answers (m, outputs) to what is averaged.

    Returns:
        (m, ...) float32.
    """
    device = members[0].centre.device

    def tensor(array: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.asarray(array, dtype=np.float32)).to(device)

    s, c = tensor(summaries), tensor(conditions)
    seen: list[Tensor | None] = [None]
    if images is not None:
        x = tensor(images)
        seen = [x, x.flip(-1), x.flip(-2), x.flip((-1, -2))]
    with torch.inference_mode():
        answers = [link(net(view, s, c)) for net in members for view in seen]
    return (sum(answers[1:], answers[0]) / len(answers)).cpu().numpy()


def member_tensors(members: Sequence[StackNetwork]) -> dict[str, Tensor]:
    """Weights of an ensemble to save; :func:`load_members` reads them back."""
    named: dict[str, Tensor] = {}
    for index, net in enumerate(members):
        named |= prefixed(net.state_dict(), f"member_{index}.")
    return named


def load_members(
    tensors: Mapping[str, Tensor], config: StackNetworkConfig, count: int
) -> list[StackNetwork]:
    """The networks of an ensemble out of the tensors of a model folder."""
    return [load_network(tensors, config, f"member_{index}.") for index in range(count)]


def load_network(
    tensors: Mapping[str, Tensor], config: StackNetworkConfig, prefix: str
) -> StackNetwork:
    """One network out of those tensors of a model folder whose names begin with ``prefix``."""
    net = StackNetwork(config)
    net.load_state_dict(part(tensors, prefix))
    return net
