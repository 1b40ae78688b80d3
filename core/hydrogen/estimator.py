"""Neural posterior estimation: a summary of the map and a flow over the parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import zuko
from torch import Tensor, nn

from core.networks.residual_cnn import ResidualCNN, ResidualCNNConfig

__all__ = ["Estimator", "EstimatorConfig", "map_channels", "to_box", "to_unbounded"]

_EDGE = 1e-5


@dataclass(frozen=True)
class EstimatorConfig:
    """Architecture of one estimator.

    Attributes:
        summaries: number of fixed summaries it is given.
        cnn: whether it sees the map too.
        channels, blocks: of :class:`core.networks.residual_cnn.ResidualCNNConfig`.
        width: of the trunk that joins summaries and CNN.
        transforms, hidden: of the neural spline flow.
        dropout: in the trunk, in training.
    """

    summaries: int = 331
    cnn: bool = True
    channels: tuple[int, ...] = (24, 48, 96, 128)
    blocks: int = 1
    width: int = 128
    transforms: int = 3
    hidden: int = 64
    dropout: float = 0.1


def to_unbounded(unit: Tensor) -> Tensor:
    """Parameters scaled to [-1, 1] -> the real line, where the flat prior is a unit Gaussian."""
    return torch.special.ndtri(((unit.double() + 1) / 2).clamp(_EDGE, 1 - _EDGE)).float()


def to_box(unbounded: Tensor) -> Tensor:
    """Inverse of :func:`to_unbounded`; always inside the prior's box."""
    return (torch.special.ndtr(unbounded.double()) * 2 - 1).float()


def map_channels(log_sigma: Tensor, mean: float, std: float, diffuse_limit: float) -> Tensor:
    """What the CNN sees: all of the field, and the diffuse gas at higher contrast.

    Args:
        log_sigma: (B, N, N).
        mean, std: of the training maps.
        diffuse_limit: log10 Sigma at which the second channel saturates.

    Returns:
        (B, 2, N, N).
    """
    whole = ((log_sigma - mean) / std).clamp(-6, 6)
    diffuse = (log_sigma.clamp(max=diffuse_limit) - diffuse_limit + 0.8).clamp(-6, 6)
    return torch.stack([whole, diffuse], dim=1)


class Estimator(nn.Module):
    """q(Omega_m, sigma_8 | map): a neural spline flow (Durkan et al. 2019, arXiv:1906.04032).

    The flow acts on parameters mapped from the prior's box to the real line, so no sample can
    leave the box, and with an untrained flow the posterior is the prior.

    Example:
        >>> net = Estimator(EstimatorConfig())
        >>> net.log_prob(theta, summaries, maps).shape    # theta (B, 2) in [-1, 1]
        torch.Size([32])
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, config: EstimatorConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("centre", torch.zeros(config.summaries))
        self.register_buffer("spread", torch.ones(config.summaries))
        self.cnn: ResidualCNN | None = None
        inputs = config.summaries
        if config.cnn:
            cnn = ResidualCNNConfig(tuple(config.channels), config.blocks, 32, inputs=2)
            self.cnn = ResidualCNN(cnn)
            inputs += cnn.outputs
        self.trunk = nn.Sequential(
            nn.Linear(inputs, config.width), nn.SiLU(), nn.Dropout(config.dropout),
            nn.Linear(config.width, config.width), nn.SiLU(), nn.Dropout(config.dropout),
            nn.Linear(config.width, 16),
        )
        self.flow = zuko.flows.NSF(
            2, context=16, transforms=config.transforms, bins=8,
            hidden_features=(config.hidden, config.hidden),
        )

    def context(self, summaries: Tensor, maps: Tensor | None = None) -> Tensor:
        """(B, 16) what the flow is conditioned on.

        Args:
            summaries: (B, S) as computed, not standardised.
            maps: (B, 2, N, N) of :func:`map_channels`; needed if the estimator has a CNN.
        """
        x = ((summaries - self.centre) / self.spread).clamp(-8, 8)
        if self.cnn is not None:
            assert maps is not None
            x = torch.cat([x, self.cnn(maps)], dim=1)
        return self.trunk(x)

    def log_prob(self, unit: Tensor, summaries: Tensor, maps: Tensor | None = None) -> Tensor:
        """ln of posterior over prior at parameters (B, 2) in [-1, 1]; 0 for the prior itself."""
        return self.log_prob_given(unit, self.context(summaries, maps))

    def log_prob_given(self, unit: Tensor, context: Tensor) -> Tensor:
        """:meth:`log_prob` from the context."""
        y = to_unbounded(unit)
        # the prior is a unit Gaussian in y
        prior = -0.5 * (y**2 + math.log(2 * math.pi)).sum(dim=1)
        return self.flow(context).log_prob(y) - prior

    @torch.no_grad()
    def sample(self, n: int, summaries: Tensor, maps: Tensor | None = None, seed: int = 0
               ) -> Tensor:
        """(n, B, 2) samples on the real line; :func:`to_box` makes parameters of them.

        Args:
            n: samples a map.
            summaries, maps: see :meth:`context`.
            seed: noise seed; the same seed gives the same samples.
        """
        flow = self.flow(self.context(summaries, maps))
        noise = torch.randn(n, len(summaries), 2, generator=torch.Generator().manual_seed(seed))
        return flow.transform.inv(noise.to(summaries.device))
