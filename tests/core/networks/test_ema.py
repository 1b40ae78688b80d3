"""The average of the weights is the one of Karras et al. 2024, step by step."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.networks.ema import EMA


class Network(nn.Module):
    """Two parameters and a buffer, moved by hand."""

    count: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.register_buffer("count", torch.zeros((), dtype=torch.long))

    def move(self, generator: torch.Generator) -> None:
        """A step of some training."""
        with torch.no_grad():
            for parameter in self.parameters():
                parameter += torch.randn(parameter.shape, generator=generator)
        self.count += 1


@pytest.mark.parametrize("gamma", [6.94, 16.97])
def test_the_average_is_the_sum_with_the_weights_of_the_paper(gamma: float) -> None:
    net, generator = Network(), torch.Generator().manual_seed(1)
    ema, expected = EMA(net, gamma), torch.zeros_like(net.layer.weight, dtype=torch.float64)
    for step in range(1, 60):
        net.move(generator)
        ema.update_parameters(net)
        beta = (1 - 1 / step) ** (gamma + 1)
        expected = beta * expected + (1 - beta) * net.layer.weight.detach().double()
    averaged = ema.model.layer.weight
    torch.testing.assert_close(averaged.double(), expected, rtol=1e-5, atol=1e-5)
    assert ema.step == int(ema.model.count) == 59  # a buffer is copied
    assert not averaged.requires_grad and not ema.model.training


def test_an_average_goes_on_from_its_state() -> None:
    net, generator = Network(), torch.Generator().manual_seed(2)
    ema = EMA(net)
    for _ in range(5):
        net.move(generator)
        ema.update_parameters(net)
    again = EMA(Network())
    again.load_state_dict(ema.state_dict())
    for _ in range(3):
        net.move(generator)
        ema.update_parameters(net)
        again.update_parameters(net)
    assert again.step == 8
    assert torch.equal(again.model.layer.weight, ema.model.layer.weight)
