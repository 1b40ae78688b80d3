"""Calibration: a known leaning and a known temperature are found again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from training.literature.calibrate_cosmogemma import fit_bias, fit_temperature


@pytest.mark.parametrize("leaning", [-2.0, 0.0, 1.5])
@pytest.mark.parametrize("share_of_yes", [0.2, 0.5, 0.8])
def test_a_leaning_is_set_right_whatever_the_share_of_yes(
    leaning: float, share_of_yes: float
) -> None:
    rng = np.random.default_rng(1)
    is_yes = rng.random(4000) < share_of_yes
    odds = np.where(is_yes, 1.0, -1.0) + rng.normal(0.0, 1.5, 4000) + leaning
    assert fit_bias(odds, is_yes) == pytest.approx(-leaning, abs=0.15)


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0])
def test_a_temperature_is_found_again(temperature: float) -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(0.0, 2.0 * temperature, (3000, 4))
    right = [int(rng.choice(4, p=softmax(s / temperature))) for s in scores]
    assert fit_temperature(list(scores), right) == pytest.approx(temperature, rel=0.1)
