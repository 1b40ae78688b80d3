"""The two kinds of network behind :mod:`core.reionization.radiation`."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.diffusion import edm_coefficients
from core.networks.unet import UNet
from core.reionization.radiation_inputs import RadiationConfig, SliceConditions

__all__ = ["Denoiser", "Emulator"]


class _Conditional(nn.Module):
    """A U-Net of a field and the channels of the density."""

    def __init__(
        self, config: RadiationConfig, width: int, multipliers: tuple[int, ...]
    ) -> None:
        super().__init__()
        shells = len(config.context)
        self.network = UNet(
            2 + shells, 3 + shells, width, tuple(multipliers), config.blocks, config.patch
        )

    def raw(self, field: Tensor, density: Tensor, noise: Tensor, condition: Tensor) -> Tensor:
        """(b, 1, n, n) of a field (b, 1, n, n) and a density (b, 1 + shells, n, n)."""
        return self.network(torch.cat([field, density], dim=1), noise, condition)[:, :1].float()


class Emulator(_Conditional):
    """The denoising U-Net of Masipa et al. 2023: the expected neutral fraction in one pass."""

    def __init__(self, config: RadiationConfig, strategy: str) -> None:
        super().__init__(config, config.emulator_width, config.emulator_multipliers)
        self.strategy = strategy

    def logits(self, field: Tensor, sigma: Tensor, density: Tensor, condition: Tensor) -> Tensor:
        """Logit of x_HI, (b, 1, n, n), given field = standardised x_HI + sigma * noise."""
        scale = (1 + sigma**2).rsqrt().view(-1, 1, 1, 1)
        prior = 4 * condition[:, 1].view(-1, 1, 1, 1)
        return prior + self.raw(field * scale, density, sigma.log() / 4, condition)

    def loss(self, x_hi: Tensor, conditions: SliceConditions, generator: torch.Generator) -> Tensor:
        """Cross-entropy of the neutral fraction (b, 1, n, n), each slice weighted by its mean."""
        b = len(x_hi)
        sigma = torch.full((b,), 100.0)
        noise = torch.randn(x_hi.shape, generator=generator).to(x_hi.device)
        if self.strategy == "map":  # from a hint to nothing but noise
            sigma = 10 ** (3 * torch.rand(b, generator=generator) - 1)
        sigma = sigma.to(x_hi.device)
        field = sigma.view(-1, 1, 1, 1) * noise * (self.strategy != "density")
        if self.strategy == "map":
            field = conditions.standardise(x_hi) + field
        answer = self.logits(field, sigma, conditions.density, conditions.condition)
        error = F.binary_cross_entropy_with_logits(answer, x_hi, reduction="none")
        x = conditions.level[:, 0]
        # rare islands and rare bubbles count as much as half-ionized slices
        return (error.mean(dim=(1, 2, 3)) * 0.4 / (4 * x * (1 - x) + 0.15)).mean()

    def answer(self, conditions: SliceConditions, noise: Tensor) -> Tensor:
        """Expected x_HI, (b, 1, n, n), without any knowledge of the ionization map.

        Args:
            conditions: what is known of each slice.
            noise: white noise (b, 1, n, n): what stands in for the noisy map, too.
        """
        sigma = torch.full((len(noise),), 100.0, device=noise.device)
        field = 100.0 * noise * (self.strategy != "density")
        return torch.sigmoid(self.logits(field, sigma, conditions.density, conditions.condition))


class Denoiser(_Conditional):
    """D(x; sigma | density) = c_skip x + c_out F(c_in x, c_noise), of standardised fields."""

    def __init__(self, config: RadiationConfig) -> None:
        super().__init__(config, config.width, config.multipliers)

    def forward(self, x: Tensor, sigma: Tensor, density: Tensor, condition: Tensor) -> Tensor:
        """Denoise x = field + sigma * noise, (b, 1, n, n)."""
        skip, out, scale, noise = edm_coefficients(sigma)
        shape = (-1, 1, 1, 1)
        raw = self.raw(scale.view(shape) * x, density, noise, condition)
        return skip.view(shape) * x + out.view(shape) * raw

    def loss(self, x_hi: Tensor, conditions: SliceConditions, generator: torch.Generator) -> Tensor:
        """EDM's weighted denoising error of the neutral fraction (b, 1, n, n)."""
        clean = conditions.standardise(x_hi)
        normal = torch.randn(len(clean), generator=generator).to(clean.device)
        sigma = (1.6 * normal).exp().clamp(0.005, 150.0)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = clean + sigma.view(-1, 1, 1, 1) * noise
        error = (self(noisy, sigma, conditions.density, conditions.condition) - clean).square()
        return (error.mean(dim=(1, 2, 3)) / edm_coefficients(sigma)[1].square()).mean()
