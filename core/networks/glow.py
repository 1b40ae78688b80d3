"""Conditional Glow on a Haar pyramid of periodic square images: exact density, exact inverse.

The image is split by the orthonormal Haar transform into a low-pass image of half the size and
three detail images, again and again down to 4 x 4 (Wavelet Flow, Yu, Derpanis & Brubaker 2020,
arXiv:2010.13821). At every scale a stack of Glow steps (actnorm, invertible 1x1 convolution, affine
coupling; Kingma & Dhariwal 2018, arXiv:1807.03039) maps the details to Gaussian noise given the
low-pass image and the parameters, so

.. math:: p(x | c) = p(x_4 | c)\\, \\prod_l p(d_l \\mid \\mathrm{low}_l, c).

Every convolution is periodic. The squeeze of Glow is the Haar transform here: the half of the
variables that Glow factors out at a scale are the details, which keeps large scales explicit and
makes the power spectrum easy to learn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.periodic import periodic_conv

__all__ = ["Glow", "GlowConfig", "InvertibleConv", "haar_merge", "haar_split"]

_LIMIT = 6.0  # networks see their inputs clipped here; the maths of the flow is never clipped


def haar_split(x: Tensor) -> tuple[Tensor, Tensor]:
    """Orthonormal Haar transform: (B, 1, N, N) -> low (B, 1, N/2, N/2), details (B, 3, N/2, N/2).

    The transform is a rotation, so densities need no Jacobian.
    """
    a, b = x[..., ::2, ::2], x[..., ::2, 1::2]
    c, d = x[..., 1::2, ::2], x[..., 1::2, 1::2]
    details = torch.cat([a - b + c - d, a + b - c - d, a - b - c + d], dim=1)
    return (a + b + c + d) / 2, details / 2


def haar_merge(low: Tensor, details: Tensor) -> Tensor:
    """Inverse of :func:`haar_split`."""
    h, v, g = details.unbind(1)
    m = low[:, 0]
    a, b = (m + h + v + g) / 2, (m - h + v - g) / 2
    c, d = (m + h - v - g) / 2, (m - h - v + g) / 2
    top = torch.stack([a, b], dim=-1).flatten(-2)
    bottom = torch.stack([c, d], dim=-1).flatten(-2)
    return torch.stack([top, bottom], dim=-2).flatten(-3, -2)[:, None]


class ActNorm(nn.Module):
    """Per-channel shift and scale that make the first batch zero mean and unit variance."""

    initialised: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(channels, 1, 1))
        self.log_scale = nn.Parameter(torch.zeros(channels, 1, 1))
        self.register_buffer("initialised", torch.tensor(False))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        if self.training and not bool(self.initialised):
            with torch.no_grad():
                self.shift.copy_(-x.mean(dim=(0, 2, 3), keepdim=True)[0])
                deviation = x.std(dim=(0, 2, 3), keepdim=True)[0]
                self.log_scale.copy_(-torch.log(deviation + 1e-6))
                self.initialised.fill_(True)
        pixels = x.shape[-1] * x.shape[-2]
        return (x + self.shift) * self.log_scale.exp(), self.log_scale.sum() * pixels

    def inverse(self, z: Tensor) -> Tensor:
        return z * torch.exp(-self.log_scale) - self.shift


class InvertibleConv(nn.Module):
    """Invertible 1x1 convolution, W = P L (U + diag(s)), with log|det W| = sum log|s|."""

    permutation: Tensor
    sign: Tensor

    def __init__(self, channels: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        rotation = torch.linalg.qr(torch.randn(channels, channels, generator=generator))[0]
        p, lower, upper = torch.linalg.lu(rotation)
        diagonal = torch.diagonal(upper)
        self.register_buffer("permutation", p)
        self.register_buffer("sign", torch.sign(diagonal))
        self.lower = nn.Parameter(lower.tril(-1))
        self.upper = nn.Parameter(upper.triu(1))
        self.log_diagonal = nn.Parameter(torch.log(diagonal.abs()))

    def weight(self) -> Tensor:
        """The matrix W, (C, C)."""
        eye = torch.eye(len(self.sign), dtype=self.lower.dtype, device=self.lower.device)
        diagonal = torch.diag(self.sign * self.log_diagonal.exp())
        return self.permutation @ (self.lower.tril(-1) + eye) @ (self.upper.triu(1) + diagonal)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        pixels = x.shape[-1] * x.shape[-2]
        return torch.einsum("ij,bjhw->bihw", self.weight(), x), self.log_diagonal.sum() * pixels

    def inverse(self, z: Tensor) -> Tensor:
        inverse = torch.linalg.inv(self.weight().double()).to(z.dtype)
        return torch.einsum("ij,bjhw->bihw", inverse, z)


class AffineCoupling(nn.Module):
    """Scale and shift half of the channels by a network of the other half and the context.

    The log-scale is bounded, |log s| < ``bound``, so that samples far from the data stay finite.
    """

    def __init__(self, channels: int, width: int, kernel: int, bound: float = 2.0) -> None:
        super().__init__()
        self.kept, self.bound = channels // 2, bound
        self.first = periodic_conv(self.kept, width, kernel)
        self.second = periodic_conv(width, width, 1)
        self.last = periodic_conv(width, 2 * (channels - self.kept), kernel)
        nn.init.zeros_(self.last.weight)
        assert self.last.bias is not None
        nn.init.zeros_(self.last.bias)

    def _affine(self, kept: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        # a value far outside the data must not push the network where it was never trained
        hidden = F.silu(self.first(kept.clamp(-_LIMIT, _LIMIT)) + context)
        hidden = F.silu(self.second(hidden))
        raw, shift = self.last(hidden).float().chunk(2, dim=1)
        return self.bound * torch.tanh(raw / self.bound), shift

    def forward(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        kept, changed = x[:, : self.kept], x[:, self.kept :]
        log_scale, shift = self._affine(kept, context)
        changed = changed * log_scale.exp() + shift
        return torch.cat([kept, changed], dim=1), log_scale.sum(dim=(1, 2, 3))

    def inverse(self, z: Tensor, context: Tensor) -> Tensor:
        kept, changed = z[:, : self.kept], z[:, self.kept :]
        log_scale, shift = self._affine(kept, context)
        return torch.cat([kept, (changed - shift) * torch.exp(-log_scale)], dim=1)


class _Scale(nn.Module):
    """Glow steps over the variables of one scale, with a conditional Gaussian prior."""

    def __init__(self, channels: int, features: int, width: int, steps: int, kernel: int) -> None:
        super().__init__()
        self.steps = steps
        self.norms = nn.ModuleList(ActNorm(channels) for _ in range(steps))
        self.mixes = nn.ModuleList(InvertibleConv(channels) for _ in range(steps))
        self.couplings = nn.ModuleList(
            AffineCoupling(channels, width, kernel) for _ in range(steps)
        )
        # the context of every coupling at once
        self.project = periodic_conv(features, width * steps, 1)
        self.prior = periodic_conv(features, 2 * channels, 1)
        nn.init.zeros_(self.prior.weight)
        assert self.prior.bias is not None
        nn.init.zeros_(self.prior.bias)

    def _prior(self, features: Tensor) -> tuple[Tensor, Tensor]:
        mean, raw = self.prior(features).float().chunk(2, dim=1)
        return mean, 2.0 * torch.tanh(raw / 2.0)

    def forward(self, x: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """(noise (B, C, H, W), log-density (B,)) of the variables ``x`` of this scale."""
        context = self.project(features).chunk(self.steps, dim=1)
        total = x.new_zeros(len(x))
        for norm, mix, coupling, c in zip(self.norms, self.mixes, self.couplings, context,
                                          strict=True):
            x, log_det = norm(x)
            total = total + log_det
            x, log_det = mix(x)
            total = total + log_det
            x, log_det = coupling(x, c)
            total = total + log_det
        mean, log_std = self._prior(features)
        z = (x - mean) * torch.exp(-log_std)
        gaussian = -0.5 * (z**2 + math.log(2 * math.pi)) - log_std
        return z, total + gaussian.sum(dim=(1, 2, 3))

    def inverse(self, z: Tensor, features: Tensor) -> Tensor:
        context = self.project(features).chunk(self.steps, dim=1)
        mean, log_std = self._prior(features)
        x = z * log_std.exp() + mean
        for i in reversed(range(self.steps)):
            x = self.couplings[i].inverse(x, context[i])  # type: ignore[operator]
            x = self.mixes[i].inverse(x)  # type: ignore[operator]
            x = self.norms[i].inverse(x)  # type: ignore[operator]
        return x


class _Features(nn.Module):
    """Features of the low-pass image and the parameters that the details are conditioned on."""

    def __init__(self, inputs: int, width: int, conditions: int, blocks: int) -> None:
        super().__init__()
        self.first = periodic_conv(inputs, width)
        self.blocks = nn.ModuleList(
            nn.ModuleList([periodic_conv(width, width), periodic_conv(width, width)])
            for _ in range(blocks)
        )
        self.film = nn.Sequential(
            nn.Linear(conditions, 64), nn.SiLU(), nn.Linear(64, 2 * width * (blocks + 1))
        )

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        film = self.film(condition)[..., None, None].chunk(len(self.blocks) + 1, dim=1)
        scale, shift = film[0].chunk(2, dim=1)
        x = self.first(x) * (1 + scale) + shift
        for block, f in zip(self.blocks, film[1:], strict=True):
            scale, shift = f.chunk(2, dim=1)
            hidden = block[0](F.silu(x)) * (1 + scale) + shift  # type: ignore[index]
            x = x + block[1](F.silu(hidden))  # type: ignore[index]
        return F.silu(x)


@dataclass(frozen=True)
class GlowConfig:
    """Architecture. Scales run from the finest details to the coarsest.

    Attributes:
        size: pixels a side, a power of two times ``coarsest``.
        coarsest: side of the last low-pass image, modelled as ``coarsest**2`` channels of one
            pixel.
        conditions: number of parameters.
        steps: Glow steps at each scale.
        widths: channels of the coupling networks and of the context features at each scale,
            finest first; one more than there are scales, the last for the coarsest image.
        blocks: residual blocks of the context network at each scale.
    """

    size: int = 64
    coarsest: int = 4
    conditions: int = 2
    steps: int = 8
    widths: tuple[int, ...] = (32, 48, 64, 64, 64)
    blocks: int = 2

    @property
    def scales(self) -> int:
        """Number of Haar splits."""
        return int(math.log2(self.size // self.coarsest))


class Glow(nn.Module):
    """Normalising flow p(x | c) of periodic images x (B, 1, N, N) given parameters c (B, P).

    Example:
        >>> flow = Glow(GlowConfig())
        >>> x = flow.sample(torch.zeros(4, 2))     # (4, 1, 64, 64)
        >>> flow.log_prob(x, torch.zeros(4, 2))    # (4,) nats
    """

    def __init__(self, config: GlowConfig) -> None:
        super().__init__()
        self.config = config
        scales = config.scales
        if config.coarsest * 2**scales != config.size:
            raise ValueError(
                f"size {config.size} is not {config.coarsest} times a power of two."
            )
        if len(config.widths) != scales + 1:
            raise ValueError(f"{len(config.widths)} widths for {scales + 1} scales.")
        base = config.coarsest**2
        self.features = nn.ModuleList()
        self.details = nn.ModuleList()
        for i in range(scales):
            above = config.widths[i + 1] if i + 1 < scales else 0
            self.features.append(
                _Features(1 + above, config.widths[i], config.conditions, config.blocks)
            )
            self.details.append(_Scale(3, config.widths[i], config.widths[i], config.steps, 3))
        width = config.widths[-1]
        self.base_features = nn.Sequential(
            nn.Linear(config.conditions, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()
        )
        self.base = _Scale(base, width, width, config.steps, 1)

    def _context(self, lows: list[Tensor], condition: Tensor, scale: int,
                 coarser: Tensor | None) -> Tensor:
        # the mean of the pixels, rather than the Haar coefficient that grows by 2 a level
        low = (lows[scale] / 2 ** (scale + 1)).clamp(-_LIMIT, _LIMIT)
        if coarser is not None:
            low = torch.cat([low.to(coarser.dtype), F.interpolate(coarser, scale_factor=2)], dim=1)
        return self.features[scale](low, condition)

    def _base_features(self, condition: Tensor) -> Tensor:
        return self.base_features(condition)[..., None, None]

    def forward(self, x: Tensor, condition: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Noise and log-density scale by scale, finest first, the coarsest image last."""
        lows, details = [], []
        for _ in range(self.config.scales):
            x, detail = haar_split(x)
            lows.append(x)
            details.append(detail)
        noise, densities = [], []
        z, density = self.base(x.reshape(len(x), -1, 1, 1), self._base_features(condition))
        noise.append(z)
        densities.append(density)
        context = None
        for scale in reversed(range(self.config.scales)):
            context = self._context(lows, condition, scale, context)
            z, density = self.details[scale](details[scale], context)
            noise.append(z)
            densities.append(density)
        return noise[::-1], densities[::-1]

    def log_prob(self, x: Tensor, condition: Tensor) -> Tensor:
        """log p(x | c) in nats, (B,)."""
        return torch.stack(self.forward(x, condition)[1]).sum(0)

    def inverse(self, noise: list[Tensor], condition: Tensor) -> Tensor:
        """The image (B, 1, N, N) of the noise that :meth:`forward` gives."""
        side = self.config.coarsest
        x = self.base.inverse(noise[-1], self._base_features(condition))  # type: ignore[operator]
        x = x.reshape(len(x), 1, side, side)
        context = None
        for scale in reversed(range(self.config.scales)):
            context = self._context({scale: x}, condition, scale, context)  # type: ignore[arg-type]
            detail = self.details[scale].inverse(noise[scale], context)  # type: ignore[operator]
            x = haar_merge(x, detail)
        return x

    def noise_shapes(self) -> list[tuple[int, int, int]]:
        """Shapes (C, H, W) of the noise, finest first."""
        sides = [self.config.size // 2 ** (i + 1) for i in range(self.config.scales)]
        return [(3, side, side) for side in sides] + [(self.config.coarsest**2, 1, 1)]

    @torch.no_grad()
    def sample(self, condition: Tensor, noise: list[Tensor] | None = None,
               temperature: float | list[float] = 1.0) -> Tensor:
        """Draw one image for each row of ``condition``.

        Args:
            condition: (B, P).
            noise: unit Gaussian noise in the shapes of :meth:`noise_shapes`; drawn if None.
            temperature: factor on the noise, one for all scales or one a scale.
        """
        n = len(condition)
        if noise is None:
            noise = [torch.randn(n, *shape) for shape in self.noise_shapes()]
        if not isinstance(temperature, list):
            temperature = [temperature] * len(noise)
        noise = [t * z.to(condition) for t, z in zip(temperature, noise, strict=True)]
        return self.inverse(noise, condition)
