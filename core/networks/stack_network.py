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
