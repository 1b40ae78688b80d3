"""Training HI-CDM from files: it learns, stops, goes on, and leaves a folder that loads."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.fields import CamelsMaps
from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.reference import SimulationBand
from training.hydrogen.calibrate_hi_cdm import fit_shifts
from training.hydrogen.evaluate_hi_cdm import response
from training.hydrogen.simulation.sets import SimulateConfig, simulate
from training.hydrogen.summarise import SummariseConfig, summarise
from training.hydrogen.train_hi_cdm import HICDMTrainConfig, train


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    simulate(SimulateConfig(folder, ("LH",), n_lh=6, particles=24, map_size=64, workers=2))
    return folder


def _config(data: Path, folder: Path, **changes) -> HICDMTrainConfig:
    settings = {
        "size": 16,
        "width": 16,
        "multipliers": (1, 2),
        "max_steps": 400,
        "minutes": 5.0,
        "threads": 1,
        "bfloat16": False,
        "learning_rate": 4e-3,
    }
    return HICDMTrainConfig(data, folder / "model", folder / "runs", **(settings | changes))


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["edm", "flow"])
def test_training_lowers_the_loss_and_leaves_a_model(data, tmp_path, objective):
    train(_config(data, tmp_path, objective=objective))
    lines = [json.loads(x) for x in (tmp_path / "runs" / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["loss"] < 0.97 * lines[0]["loss"]  # the noise of a line is 1%
    maps = HICDM.load(tmp_path / "model").sample(0.3, 0.8, 4)
    truth = np.log10(CamelsMaps.open(data / "LH").at_size(16))
    assert np.log10(maps).mean() == pytest.approx(float(truth.mean()), abs=float(truth.std()))
    assert "not CAMELS" in (tmp_path / "model" / "README.md").read_text()


@pytest.mark.slow
def test_training_goes_on_where_it_stopped(data, tmp_path):
    train(_config(data, tmp_path, max_steps=100))
    train(_config(data, tmp_path, max_steps=200))
    steps = [json.loads(x)["step"] for x in (tmp_path / "runs" / "log.jsonl").open()]
    assert steps == [100, 200]


def test_bands_of_the_simulations(data, tmp_path):
    band = summarise(SummariseConfig(data, tmp_path))
    again = SimulationBand.load(tmp_path)
    for one in (again.power_spectrum(0.3, 0.8), again.power_spectrum(0.3, 0.8, "delta")):
        assert np.all(one.low <= one.median) and np.all(one.median <= one.high)
        assert np.all(one.low > 0)
    density = again.pdf(0.3, 0.8)
    width = density.x[1] - density.x[0]
    assert (again.tables["density"].sum(axis=-1) * width) == pytest.approx(1, abs=0.02)
    assert again.config == band.config
    with pytest.raises(ValueError, match="trained range"):
        again.pdf(0.9, 0.8)


def test_response_of_a_known_power_law():
    cosmologies = np.array([(0.3, 0.8), (0.2, 0.8), (0.4, 0.8), (0.3, 0.7), (0.3, 0.9)])
    k = np.array([1.0, 2.0])

    def spectrum(i):
        omega_m, sigma_8 = cosmologies[i]
        return np.exp(3 * omega_m + 5 * sigma_8) * k**-1.5

    np.testing.assert_allclose(response(spectrum, cosmologies), [[3, 3], [5, 5]])


def test_calibration_recovers_a_known_distortion_of_the_pixels():
    rng = np.random.default_rng(0)
    centres = np.array([(a, b) for a in (-0.75, 0, 0.75) for b in (-0.75, 0, 0.75)])
    truth = [5 + 0.3 * a + rng.gamma(1.0, 1.0 + 0.1 * b, 40_000) for a, b in centres]
    spread = [5 + 1.2 * (pixels - 5) for pixels in truth]
    knots, shifts = fit_shifts(spread, truth, centres)
    for pixels, wanted, centre in zip(spread, truth, centres, strict=True):
        shift = shifts @ np.array([1.0, *centre])
        levels = (0.01, 0.5, 0.99, 0.999)
        found = np.quantile(pixels + np.interp(pixels, knots, shift), levels)
        np.testing.assert_allclose(found, np.quantile(wanted, levels), atol=0.25)
