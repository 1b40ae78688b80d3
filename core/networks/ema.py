"""Exponential moving average of a network's weights, with a width that grows with training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

__all__ = ["EMA"]


def _power_law(gamma: float) -> Callable[[Any, Any, Tensor | int], None]:
    """What moves the averages towards the weights after ``averaged`` steps."""

    def move(averages: list[Tensor], weights: list[Tensor], averaged: Tensor | int) -> None:
        step = int(averaged) + 1
        torch._foreach_lerp_(averages, weights, 1.0 - (1.0 - 1.0 / step) ** (gamma + 1.0))

    return move


class EMA(AveragedModel):
    r"""A running average of the weights that always spans the same fraction of the training.

    With the power-law profile of Karras et al. 2024 (arXiv:2312.02696, eq. 1),

    .. math:: \theta_t \leftarrow \beta_t \theta_{t-1} + (1 - \beta_t)\,\theta, \qquad
              \beta_t = (1 - 1/t)^{\gamma + 1},

    the average covers roughly the last :math:`t / (\gamma + 2)` steps, so nothing has to be tuned
    to the number of steps (unknown beforehand when training has a time budget). The rest is torch's
    ``AveragedModel``: ``update_parameters`` after every step, ``state_dict`` to go on after a
    restart.

    Args:
        model: network to follow; its buffers are copied, not averaged.
        gamma: above 0; 16.97 is a relative width of 5%, 6.94 of 10%.

    Raises:
        ValueError: for gamma of 0 or less.

    Example:
        >>> ema = EMA(net)
        >>> optimizer.step(); ema.update_parameters(net)
        >>> ema.model  # a copy of net with averaged weights, in eval mode
    """

    def __init__(self, model: nn.Module, gamma: float = 6.94) -> None:
        if gamma <= 0:
            raise ValueError(f"gamma is {gamma}; the width exponent of an EMA must be positive.")
        super().__init__(model, multi_avg_fn=_power_law(gamma))
        self.eval().requires_grad_(False)

    @property
    def model(self) -> nn.Module:
        """The averaged network."""
        return self.module

    @property
    def step(self) -> int:
        """How many steps went into the average."""
        return int(self.n_averaged)
