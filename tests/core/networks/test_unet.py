"""The U-Net lives on a torus."""

import pytest
import torch

from core.networks.periodic import periodic_conv
from core.networks.unet import UNet


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    net = UNet(width=16, multipliers=(1, 2), blocks=1)
    for parameter in net.parameters():  # wake the layers that start at zero
        torch.nn.init.normal_(parameter, std=0.05)
    return net.eval()


@pytest.mark.parametrize("size", [16, 32])
def test_shape_is_kept_at_any_size(net, size):
    x = torch.randn(2, 1, size, size)
    assert net(x, torch.zeros(2), torch.zeros(2, 2)).shape == x.shape


@torch.no_grad()
def test_a_shifted_map_gives_the_shifted_answer(net):
    x = torch.randn(1, 1, 32, 32)
    noise, condition = torch.ones(1), torch.ones(1, 2)
    shift = (4, -8)  # a multiple of the coarsest pixel
    moved = net(torch.roll(x, shift, (2, 3)), noise, condition)
    torch.testing.assert_close(
        moved, torch.roll(net(x, noise, condition), shift, (2, 3)), atol=1e-5, rtol=1e-4
    )


@torch.no_grad()
def test_noise_level_and_condition_matter(net):
    x = torch.randn(1, 1, 16, 16)
    base = net(x, torch.zeros(1), torch.zeros(1, 2))
    assert not torch.allclose(base, net(x, torch.ones(1), torch.zeros(1, 2)))
    assert not torch.allclose(base, net(x, torch.zeros(1), torch.ones(1, 2)))


@torch.no_grad()
def test_a_periodic_convolution_commutes_with_every_shift():
    conv = periodic_conv(2, 3)
    x = torch.randn(1, 2, 9, 9)
    torch.testing.assert_close(
        conv(torch.roll(x, (3, -2), (2, 3))), torch.roll(conv(x), (3, -2), (2, 3))
    )
