"""Exponential moving average of a network's weights, with a width that grows with training."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

__all__ = ["EMA"]


class EMA:
    r"""A running average of the weights that always spans the same fraction of the training.

    With the power-law profile of Karras et al. 2024 (arXiv:2312.02696, eq. 1),

    .. math:: \theta_t \leftarrow \beta_t \theta_{t-1} + (1 - \beta_t)\,\theta, \qquad
              \beta_t = (1 - 1/t)^{\gamma + 1},

    the average covers roughly the last :math:`t / (\gamma + 2)` steps, so nothing has to be tuned
    to the number of steps (unknown beforehand when training has a time budget).

    Args:
        model: network to follow; its buffers are copied, not averaged.
        gamma: 16.97 is a relative width of 5%, 6.94 of 10%.

    Example:
        >>> ema = EMA(net)
        >>> optimizer.step(); ema.update(net)
        >>> ema.model  # a copy of net with averaged weights, in eval mode
    """

    def __init__(self, model: nn.Module, gamma: float = 6.94) -> None:
        if gamma <= 0:
            raise ValueError(f"gamma is {gamma}; the width exponent of an EMA must be positive.")
        self.gamma = gamma
        self.step = 0
        self.model = copy.deepcopy(model).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights of ``model`` after an optimiser step."""
        self.step += 1
        weight = 1.0 - (1.0 - 1.0 / self.step) ** (self.gamma + 1.0)
        ours = [p.data for p in self.model.parameters()]
        theirs = [p.data for p in model.parameters()]
        torch._foreach_lerp_(ours, theirs, weight)
        for mine, new in zip(self.model.buffers(), model.buffers(), strict=True):
            mine.copy_(new)

    def state_dict(self) -> dict[str, Tensor | int | dict[str, Tensor]]:
        """Everything needed to go on after a restart."""
        return {"step": self.step, "model": self.model.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        """Restore what :meth:`state_dict` gave."""
        self.step = int(state["step"])
        self.model.load_state_dict(state["model"])
