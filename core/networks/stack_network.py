"""A network for a stack of images: the same CNN on every slice, pooled, with fixed summaries."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.networks.residual_cnn import ResidualCNN, ResidualCNNConfig

__all__ = ["StackNetwork", "StackNetworkConfig"]


@dataclass(frozen=True)
class StackNetworkConfig:
    """Architecture.

    Attributes:
        cnn: of the network that sees each slice; None for one that sees the summaries alone.
        summaries: how many fixed summaries come beside the images.
        conditions: length of the condition vector.
        width: of the head.
        outputs: length of the answer.
        dropout: in the head.
    """

    cnn: ResidualCNNConfig | None = ResidualCNNConfig((16, 48, 96, 128), 1, 64, 1)
    summaries: int = 0
    conditions: int = 5
    width: int = 192
    outputs: int = 1
    dropout: float = 0.1


class StackNetwork(nn.Module):
    """Images (b, S, n, n), summaries (b, summaries), conditions (b, conditions) -> (b, outputs).

    The order of the slices does not matter (Deep Sets, Zaheer et al. 2017, arXiv:1703.06114): the
    mean and the standard deviation of the slices' features go to the head. Summaries are
    standardised by buffers set with :meth:`standardise`; one that is not a number counts as usual.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, config: StackNetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.cnn = ResidualCNN(config.cnn) if config.cnn else None
        features = config.cnn.outputs if config.cnn else 0
        self.register_buffer("centre", torch.zeros(config.summaries))
        self.register_buffer("spread", torch.ones(config.summaries))
        inputs = 2 * features + config.summaries + config.conditions
        self.head = nn.Sequential(
            nn.Linear(inputs, config.width), nn.SiLU(), nn.Dropout(config.dropout),
            nn.Linear(config.width, config.width), nn.SiLU(), nn.Dropout(config.dropout),
            nn.Linear(config.width, config.outputs),
        )

    def standardise(self, summaries: Tensor) -> None:
        """Take mean and standard deviation of (rows, summaries) of the training rows."""
        self.centre.copy_(summaries.mean(dim=0))
        self.spread.copy_(summaries.std(dim=0) + 1e-6)

    def forward(self, images: Tensor, summaries: Tensor, conditions: Tensor) -> Tensor:
        fixed = torch.nan_to_num((summaries - self.centre) / self.spread, nan=0.0).clamp(-6, 6)
        inputs = [fixed, conditions]
        if self.cnn is not None:
            b, s, n, _ = images.shape
            each = self.cnn(images.reshape(b * s, 1, n, n)).float().reshape(b, s, -1)
            spread = each.std(dim=1, correction=0) if s > 1 else torch.zeros_like(each[:, 0])
            inputs = [each.mean(dim=1), spread, *inputs]
        return self.head(torch.cat(inputs, dim=1))
