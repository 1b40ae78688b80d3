"""The flow is what it says: invertible, with the right Jacobian, periodic."""

import math

import pytest
import torch

from core.networks.glow import Glow, GlowConfig, InvertibleConv, haar_merge, haar_split

SMALL = GlowConfig(size=8, coarsest=2, conditions=2, steps=3, widths=(8, 8, 8), blocks=1)


def _flow(config: GlowConfig = SMALL, noise: float = 0.1) -> Glow:
    """A flow with random weights: at initialisation the couplings do nothing."""
    torch.manual_seed(0)
    flow = Glow(config)
    flow.train()
    with torch.no_grad():
        flow.log_prob(torch.randn(64, 1, config.size, config.size), torch.zeros(64, 2))
        for parameter in flow.parameters():
            parameter += noise * torch.randn_like(parameter)
    return flow.eval()


def test_haar_is_a_rotation_and_its_inverse():
    x = torch.randn(3, 1, 8, 8, dtype=torch.float64)
    low, details = haar_split(x)
    assert torch.allclose(haar_merge(low, details), x)
    assert torch.allclose(low.square().sum() + details.square().sum(), x.square().sum())
    assert torch.allclose(low[:, 0, 0, 0], x[:, 0, :2, :2].sum(dim=(1, 2)) / 2)


def test_convolution_inverts_and_knows_its_determinant():
    layer = InvertibleConv(5)
    with torch.no_grad():
        layer.log_diagonal += 0.3 * torch.randn(5)
        layer.lower += 0.3 * torch.randn(5, 5)
        x = torch.randn(2, 5, 3, 3)
        z, log_det = layer(x)
        assert torch.allclose(layer.inverse(z), x, atol=1e-4)
        assert torch.allclose(torch.linalg.slogdet(layer.weight())[1] * 9, log_det, atol=1e-4)


@pytest.mark.parametrize("size", [8, 64])
def test_inverse_is_exact(size):
    config = SMALL if size == 8 else GlowConfig(steps=4, widths=(16, 16, 16, 16, 16))
    flow = _flow(config, noise=0.05)
    x, condition = torch.randn(4, 1, size, size), torch.rand(4, 2) * 2 - 1
    with torch.no_grad():
        noise, _ = flow(x, condition)
        assert float((flow.inverse(noise, condition) - x).abs().max()) < 1e-4
        back, _ = flow(flow.inverse(noise, condition), condition)
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in zip(noise, back, strict=True))


def test_density_has_the_right_jacobian():
    flow = _flow().double()
    condition = torch.tensor([[0.3, -0.5]], dtype=torch.float64)
    x = torch.randn(64, dtype=torch.float64)

    def noise(flat: torch.Tensor) -> torch.Tensor:
        return torch.cat([z.flatten() for z in flow(flat.reshape(1, 1, 8, 8), condition)[0]])

    jacobian = torch.autograd.functional.jacobian(noise, x)
    z = noise(x)
    expected = -0.5 * (z.square().sum() + 64 * math.log(2 * math.pi))
    expected = expected + torch.linalg.slogdet(jacobian)[1]
    found = flow.log_prob(x.reshape(1, 1, 8, 8), condition)[0]
    # networks take their float32 path in the affine parameters
    assert float((found - expected).detach()) == pytest.approx(0.0, abs=1e-4)


def test_parameters_change_the_density():
    flow = _flow()
    x = torch.randn(2, 1, 8, 8)
    with torch.no_grad():
        a = flow.log_prob(x, torch.tensor([[-1.0, 0.0]]).expand(2, -1))
        b = flow.log_prob(x, torch.tensor([[1.0, 0.0]]).expand(2, -1))
    assert not torch.allclose(a, b)


def test_sample_follows_its_noise():
    flow = _flow()
    noise = [torch.randn(3, *shape) for shape in flow.noise_shapes()]
    condition = torch.zeros(3, 2)
    a, b = flow.sample(condition, noise), flow.sample(condition, noise)
    assert a.shape == (3, 1, 8, 8) and torch.equal(a, b)
    calm = flow.sample(condition, noise, temperature=0.0)
    assert torch.allclose(calm[0], calm[1], atol=1e-5)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="power of two"):
        Glow(GlowConfig(size=48, widths=(8, 8, 8, 8)))
    with pytest.raises(ValueError, match="widths"):
        Glow(GlowConfig(size=64, widths=(8, 8)))
