"""Convolutions on a torus: what leaves one edge of a simulation box comes in at the other."""

from __future__ import annotations

from torch import nn

__all__ = ["periodic_conv"]


def periodic_conv(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Conv2d:
    """A 2D convolution with circular padding that keeps the size of the map."""
    return nn.Conv2d(
        channels_in, channels_out, kernel, padding=kernel // 2, padding_mode="circular"
    )
