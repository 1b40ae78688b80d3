"""Convolutions on a torus: what leaves one edge of a simulation box comes in at the other."""

from __future__ import annotations

from torch import nn

__all__ = ["periodic_conv"]


def periodic_conv(
    channels_in: int, channels_out: int, kernel: int = 3, stride: int = 1
) -> nn.Conv2d:
    """A 2D convolution with circular padding.

    Args:
        channels_in, channels_out: of the map.
        kernel: side of the kernel, odd.
        stride: 1 keeps the size of the map, 2 halves it.
    """
    return nn.Conv2d(
        channels_in, channels_out, kernel, stride, padding=kernel // 2, padding_mode="circular"
    )
