"""A small residual network that turns a periodic image into a summary vector."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.periodic import periodic_conv

__all__ = ["ResidualCNN", "ResidualCNNConfig"]


class _Block(nn.Module):
    """Two periodic convolutions beside a skip, with group normalisation."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.one = periodic_conv(inputs, outputs, stride=stride)
        self.two = periodic_conv(outputs, outputs)
        self.norm_one = nn.GroupNorm(max(1, outputs // 16), outputs)
        self.norm_two = nn.GroupNorm(max(1, outputs // 16), outputs)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm_two(self.two(F.silu(self.norm_one(self.one(x)))))
        skip = F.avg_pool2d(x, self.stride) if self.stride > 1 else x
        return F.silu(y + self.skip(skip))


@dataclass(frozen=True)
class ResidualCNNConfig:
    """Architecture.

    Attributes:
        channels: of each stage; the image is halved before each but the first.
        blocks: residual blocks a stage.
        outputs: length of the summary.
        inputs: channels of the image.
    """

    channels: tuple[int, ...] = (16, 32, 64, 96)
    blocks: int = 1
    outputs: int = 32
    inputs: int = 1


class ResidualCNN(nn.Module):
    """Image (B, C, N, N) -> summary (B, outputs).

    Periodic convolutions and a mean over pixels at the end: a cyclic shift of the image by a
    multiple of the total stride leaves the summary as it is. The mean features of every stage go to
    the head, small structures beside large ones.

    Example:
        >>> ResidualCNN(ResidualCNNConfig())(torch.zeros(2, 1, 64, 64)).shape
        torch.Size([2, 32])
    """

    def __init__(self, config: ResidualCNNConfig) -> None:
        super().__init__()
        self.config = config
        channels = tuple(config.channels)
        # the first halving comes at once: most of the cost of a network is at full resolution
        self.stem = nn.Conv2d(config.inputs, channels[0], 4, 2, padding=1, padding_mode="circular")
        stages: list[nn.Module] = []
        before = channels[0]
        for i, width in enumerate(channels):
            blocks = [_Block(before, width, 2 if i else 1)]
            blocks += [_Block(width, width, 1) for _ in range(config.blocks - 1)]
            stages.append(nn.Sequential(*blocks))
            before = width
        self.stages = nn.ModuleList(stages)
        self.head = nn.Sequential(
            nn.Linear(sum(channels), 128), nn.SiLU(), nn.Linear(128, config.outputs)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        pooled = []
        for stage in self.stages:
            x = stage(x)
            pooled.append(x.float().mean(dim=(2, 3)))
        return self.head(torch.cat(pooled, dim=1))
