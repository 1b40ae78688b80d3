"""A conditional U-Net on periodic maps (Ronneberger et al. 2015; Dhariwal & Nichol 2021)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.periodic import periodic_conv

__all__ = ["UNet"]


class _Block(nn.Module):
    """Two convolutions; the condition scales and shifts the normalised features (FiLM)."""

    def __init__(self, channels_in: int, channels_out: int, embedding: int) -> None:
        super().__init__()
        self.norm_in = nn.GroupNorm(min(16, channels_in // 4), channels_in)
        self.conv_in = periodic_conv(channels_in, channels_out)
        self.film = nn.Linear(embedding, 2 * channels_out)
        self.norm_out = nn.GroupNorm(min(16, channels_out // 4), channels_out)
        self.conv_out = periodic_conv(channels_out, channels_out)
        nn.init.zeros_(self.conv_out.weight)
        self.shortcut: nn.Module = nn.Identity()
        if channels_in != channels_out:
            self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        h = self.conv_in(F.silu(self.norm_in(x)))
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
        h = self.norm_out(h) * (1 + scale) + shift
        return self.shortcut(x) + self.conv_out(F.silu(h))


class _Attention(nn.Module):
    """Self-attention over the pixels of the coarsest level."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(min(16, channels // 4), channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor) -> Tensor:
        b, c, height, width = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, height * width)
        q, k, v = (part.transpose(-1, -2).contiguous() for part in qkv.unbind(1))
        h = F.scaled_dot_product_attention(q, k, v)
        return x + self.out(h.transpose(-1, -2).reshape(b, c, height, width))


class UNet(nn.Module):
    """Periodic U-Net with a vector condition and a noise level.

    The map is folded by `patch` (pixel unshuffle) before the first convolution and unfolded after
    the last: most of the work is at 1 / patch of the resolution.

    Args:
        channels: of the map.
        conditions: length of the condition vector.
        width: features at the finest level.
        multipliers: features at each level over `width`; each level halves the resolution.
        blocks: residual blocks a level on the way down (one more on the way up).
        patch: folding factor.

    Shapes: map (b, channels, n, n), noise (b,), condition (b, conditions) -> (b, channels, n, n);
    n a multiple of patch * 2^(levels - 1).
    """

    frequencies: Tensor

    def __init__(
        self,
        channels: int = 1,
        conditions: int = 2,
        width: int = 64,
        multipliers: tuple[int, ...] = (1, 2, 3),
        blocks: int = 2,
        patch: int = 2,
    ) -> None:
        super().__init__()
        self.patch = patch
        embedding = 4 * width
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(100.0), 16)))
        self.embed = nn.Sequential(
            nn.Linear(32 + conditions, embedding),
            nn.SiLU(),
            nn.Linear(embedding, embedding),
            nn.SiLU(),
        )
        folded = channels * patch**2
        self.head = periodic_conv(folded, width)
        self.down = nn.ModuleList()
        self.up = nn.ModuleList()
        skips, now = [width], width
        for level, multiplier in enumerate(multipliers):
            if level:
                self.down.append(nn.Conv2d(now, now, 2, stride=2))
                skips.append(now)
            for _ in range(blocks):
                self.down.append(_Block(now, width * multiplier, embedding))
                now = width * multiplier
                skips.append(now)
        self.middle = nn.ModuleList(
            [_Block(now, now, embedding), _Attention(now), _Block(now, now, embedding)]
        )
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for _ in range(blocks + 1):
                self.up.append(_Block(now + skips.pop(), width * multiplier, embedding))
                now = width * multiplier
            if level:
                self.up.append(nn.ConvTranspose2d(now, now, 2, stride=2))
        self.norm = nn.GroupNorm(min(16, now // 4), now)
        self.tail = periodic_conv(now, folded)
        nn.init.zeros_(self.tail.weight)

    def forward(self, x: Tensor, noise: Tensor, condition: Tensor) -> Tensor:
        phase = noise[:, None] * self.frequencies
        embedded = self.embed(torch.cat([phase.cos(), phase.sin(), condition], dim=1))
        h = self.head(F.pixel_unshuffle(x, self.patch))
        skips = [h]
        for layer in self.down:
            h = layer(h, embedded) if isinstance(layer, _Block) else layer(h)
            skips.append(h)
        for layer in self.middle:
            h = layer(h, embedded) if isinstance(layer, _Block) else layer(h)
        for layer in self.up:
            if isinstance(layer, _Block):
                h = layer(torch.cat([h, skips.pop()], dim=1), embedded)
            else:
                h = layer(h)
        return F.pixel_shuffle(self.tail(F.silu(self.norm(h))), self.patch)
