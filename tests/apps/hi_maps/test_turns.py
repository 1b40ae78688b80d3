"""Many maps are drawn a few a turn, and are the maps that one turn would give."""

from __future__ import annotations

import numpy as np

from apps.hi_maps import models
from apps.shared.compute.executor import model_executor


def test_maps_of_several_turns_are_those_of_one() -> None:
    fractions: list[float] = []
    drawn = models.draw("HIGlow", 0.31, 0.81, 6, 5, fractions.append)
    whole = models._open_higlow().sample(0.31, 0.81, 6, 5)
    np.testing.assert_allclose(np.log10(drawn.maps), np.log10(whole), atol=1e-3)
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    sizes = {size for kind, size in model_executor().queue._expected._seconds
             if kind == "HIGlow sample_each"}
    assert {2.0, 4.0} <= sizes
