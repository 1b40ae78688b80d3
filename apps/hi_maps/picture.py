"""What the front page shows of the HI maps: two maps of a universe that changes with the day."""

from __future__ import annotations

import numpy as np

from apps.hi_maps import models
from apps.hi_maps.state import PARAMETERS
from apps.shared.figures.maps import COLOUR_MAP
from apps.shared.page import links
from apps.shared.page.picture import Picture, day_number, pixels

__all__ = ["draw"]


def draw() -> Picture:
    """Two maps by HIGlow; the day decides the universe and the seed."""
    seed = day_number()
    generator = np.random.default_rng(seed)
    omega_m, sigma_8 = (round(float(generator.uniform(*models.RANGES[name])), 3)
                        for name in ("omega_m", "sigma_8"))
    drawn = models.draw("HIGlow", omega_m, sigma_8, 2, seed)
    values = {"omega_m": omega_m, "sigma_8": sigma_8, "model": "HIGlow", "n": 2, "seed": seed}
    return Picture(
        f"Generated today by HIGlow: two maps of neutral hydrogen for Ωₘ = {omega_m:g} and "
        f"σ₈ = {sigma_8:g}.",
        f"tab=generate&{links.write(PARAMETERS['generate'], values)}",
        image=pixels([(np.log10(one), models.COLOUR_LIMITS, COLOUR_MAP) for one in drawn.maps]),
    )
