"""HIGlow from maps to a model folder, and the distances it is measured by."""

import numpy as np
import pytest
import torch

from core.hydrogen.higlow import HIGlow
from tests.training.hydrogen.fixture import write_maps
from training.hydrogen import train_higlow
from training.hydrogen.comparison.distances import compare, fixed_cosmologies, open_set
from training.hydrogen.datasets.maps import augment, load_maps

COSMOLOGIES = ((0.2, 0.8), (0.4, 0.8))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    write_maps(folder / "LH", "LH", 60)
    write_maps(folder / "FIX", "FIX", 8, seed=1, fixed=COSMOLOGIES)
    return folder


def test_maps_are_split_by_simulation(data):
    training, held_out = (load_maps(data, "LH", split=s) for s in ("train", "validation"))
    assert not set(training.simulation) & set(held_out.simulation)
    assert len(training) + len(held_out) == 60 * 15
    assert len(np.unique(training.parameters[:15], axis=0)) == 1
    with pytest.raises(ValueError, match="TEST"):
        load_maps(data, "TEST")


def test_unfinished_simulations_are_left_out(data, tmp_path):
    write_maps(tmp_path, "LH", 6)
    np.save(tmp_path / "done.npy", np.array([True, True, False, True, False, False]))
    assert sorted(set(load_maps(tmp_path, "LH").simulation)) == [0, 1, 3]


def test_augmentation_keeps_pixels_and_power():
    x = torch.randn(8, 1, 16, 16)
    generator = torch.Generator().manual_seed(0)
    y = augment(x, generator)
    assert not torch.equal(x, y)
    assert torch.allclose(x.flatten(1).sort().values, y.flatten(1).sort().values)
    power = [torch.fft.fft2(v).abs().square().flatten(1).sort().values for v in (x, y)]
    assert torch.allclose(*power, rtol=1e-3, atol=1e-3)


def test_simulations_agree_with_themselves(data):
    simulated = fixed_cosmologies(data)
    assert [(c.omega_m, c.sigma_8) for c in simulated] == list(COSMOLOGIES)
    assert simulated[0].maps.shape == (8, 15, 64, 64)
    model = [c.maps.reshape(-1, 64, 64) for c in simulated]
    same = compare(model, simulated, halvings=4)
    assert same["pk_log_worst"] == pytest.approx(0, abs=1e-9) and same["pdf_over_floor"] < 1e-6
    assert 0 < same["floor_pk_log_median"] < 0.3
    louder = compare([m**1.2 for m in model], simulated, halvings=2)
    assert louder["pk_log_median"] == pytest.approx(0.44, abs=1e-4)
    with pytest.raises(ValueError, match="cosmologies"):
        compare(model[:1], simulated)
    with pytest.raises(ValueError, match="no HI maps"):
        open_set(data, "CV")


def test_training_makes_a_model_that_knows_the_parameters(data, tmp_path):
    arguments = train_higlow.HIGlowTrainConfig(
        data=data, output=tmp_path / "model", runs=tmp_path / "run", minutes=0.12,
        widths=(8, 8, 16, 16, 16), steps=2, blocks=1, bfloat16=False,
    )
    model = train_higlow.train(arguments)
    again = HIGlow.load(tmp_path / "model")
    assert again.config == model.config
    maps = np.log10(again.sample(0.3, 0.8, 8, seed=0))
    truth = load_maps(data, "LH").log_sigma
    assert np.isfinite(maps).all() and abs(maps.mean() - truth.mean()) < 0.6
    card = (tmp_path / "model" / "README.md").read_text()
    assert "not CAMELS" in card and "Toy" in card
