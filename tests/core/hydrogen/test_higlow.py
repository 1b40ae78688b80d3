"""HIGlow's promises, on an untrained flow and on the one that ships."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.hydrogen.higlow import HIGlow, HIGlowConfig
from core.hydrogen.parameters import scale_parameters

KNOTS = (2.0, 4.0, 5.0, 8.0, 12.0)
VALUES = (-3.0, -1.0, 0.0, 1.0, 3.0)
TINY = HIGlowConfig(
    mean=5.0, std=1.5, knots=KNOTS, values=VALUES, lowest=2.0, highest=12.0,
    temperatures=(1.0, 1.0, 1.0), size=16, steps=2, widths=(8, 8, 8), blocks=1,
)


@pytest.fixture(scope="module")
def tiny():
    torch.manual_seed(0)
    model = HIGlow(TINY)
    with torch.no_grad():
        for parameter in model.flow.parameters():
            parameter += 0.05 * torch.randn_like(parameter)
    return model


@pytest.fixture(scope="module")
def shipped():
    return HIGlow.load()


def test_samples_are_maps(tiny):
    maps = tiny.sample(0.3, 0.8, n=5, seed=3, batch_size=2)
    assert maps.shape == (5, 16, 16) and maps.dtype == np.float32
    assert np.isfinite(maps).all() and maps.min() >= 99.9 and maps.max() <= 1.001e12


def test_a_map_depends_on_its_seed_and_place_only(tiny):
    many = tiny.sample(0.3, 0.8, n=5, seed=3, batch_size=5)
    assert np.allclose(tiny.sample(0.3, 0.8, n=2, seed=3, batch_size=1), many[:2], rtol=1e-3)
    assert np.array_equal(tiny.sample(0.3, 0.8, n=5, seed=3, batch_size=5), many)
    assert not np.allclose(tiny.sample(0.3, 0.8, n=5, seed=4), many, rtol=0.1)


def test_same_seed_keeps_structures_across_parameters(tiny):
    a, b = (np.log10(tiny.sample(o, 0.8, n=1, seed=1)[0]).ravel() for o in (0.25, 0.35))
    assert 0.8 < np.corrcoef(a, b)[0, 1] < 1.0 - 1e-9


def test_progress_ends_at_one(tiny):
    seen = []
    tiny.sample(0.3, 0.8, n=5, batch_size=2, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) == 3


@pytest.mark.parametrize("omega_m, sigma_8, name", [
    (0.05, 0.8, "omega_m"), (0.6, 0.8, "omega_m"), (0.3, 1.2, "sigma_8"), (0.3, np.nan, "sigma_8"),
])
def test_parameters_outside_the_range_are_refused(tiny, omega_m, sigma_8, name):
    with pytest.raises(ValueError, match=f"{name}.*from 0"):
        tiny.sample(omega_m, sigma_8)
    with pytest.raises(ValueError, match=name):
        tiny.log_prob(np.full((16, 16), 1e5), omega_m, sigma_8)


def test_maps_that_are_no_maps_are_refused(tiny):
    with pytest.raises(ValueError, match="shape"):
        tiny.log_prob(np.ones((3, 8, 8)), 0.3, 0.8)
    with pytest.raises(ValueError, match="positive"):
        tiny.log_prob(np.zeros((16, 16)), 0.3, 0.8)
    with pytest.raises(ValueError, match="seed is -1"):
        tiny.sample(0.3, 0.8, seed=-1)


def test_density_is_that_of_the_normalised_field(tiny):
    """The marginal map's Jacobian: the density integrates to that of a shifted map."""
    maps = tiny.sample(0.3, 0.8, n=3, seed=1)
    x, jacobian = tiny.encode(np.log10(maps.astype(np.float64)))
    step = 1e-5
    moved, _ = tiny.encode(np.log10(maps.astype(np.float64)) + step * TINY.std)
    numeric = np.log((moved - x).double().numpy() / step)[:, 0].sum(axis=(1, 2))
    assert jacobian == pytest.approx(numeric, rel=0.2)
    condition = scale_parameters(0.3, 0.8).expand(3, -1)
    with torch.no_grad():
        flow = tiny.flow.log_prob(x, condition).numpy()
    assert tiny.log_prob(maps, 0.3, 0.8) == pytest.approx(flow + jacobian, rel=1e-4)
    each = tiny.log_prob(maps, [0.3, 0.2, 0.3], [0.8, 0.8, 0.8])
    assert each[0] == pytest.approx(tiny.log_prob(maps[:1], 0.3, 0.8)[0], rel=1e-4)


def test_save_and_load(tiny, tmp_path):
    tiny.save(tmp_path / "model", card="# A flow")
    again = HIGlow.load(tmp_path / "model")
    assert again.config == tiny.config
    assert np.array_equal(again.sample(0.2, 0.9, 2, 5), tiny.sample(0.2, 0.9, 2, 5))


def test_temperature_calms_the_maps(tiny):
    cold = HIGlow(replace(TINY, temperatures=(0.1, 0.1, 0.1)), tiny.flow)
    spread = [np.log10(m.sample(0.3, 0.8, 8, 1)).std(axis=0).mean() for m in (tiny, cold)]
    assert spread[1] < 0.5 * spread[0]


def test_shipped_model_inverts_exactly(shipped):
    maps = shipped.sample(0.3, 0.8, n=4, seed=0)
    x, _ = shipped.encode(np.log10(maps.astype(np.float64)))
    condition = scale_parameters(0.3, 0.8).expand(4, -1)
    with torch.no_grad():
        noise, _ = shipped.flow(x, condition)
        assert float((shipped.flow.inverse(noise, condition) - x).abs().max()) < 1e-4


def test_shipped_model_tells_cosmologies_apart(shipped):
    """Maps are likelier under their own parameters than under distant ones."""
    for own, other in (((0.2, 0.7), (0.45, 0.95)), ((0.45, 0.95), (0.2, 0.7))):
        maps = shipped.sample(*own, n=4, seed=2)
        assert (shipped.log_prob(maps, *own) - shipped.log_prob(maps, *other)).mean() > 0
