"""What the front page shows of the reionization: a density, and the bubbles drawn into it."""

from __future__ import annotations

import numpy as np

from apps.reionization import figures
from apps.reionization.inputs import examples
from apps.reionization.pages import ionize
from apps.reionization.state import PARAMETERS
from apps.shared.page import links
from apps.shared.page.picture import Picture, day_number, pixels

__all__ = ["draw"]


def draw() -> Picture:
    """A held-out density and a sample of its ionization; the day decides which, and the seed."""
    seed = day_number()
    number = seed % len(examples("box_")) + 1
    given = ionize.choose({"source": "example", "example": number})
    x_hi = 0.5 if given.x_hi is None else float(given.x_hi.mean())
    x_hi = round(float(np.clip(x_hi, *ionize.X_HI_RANGE)), 3)
    drawn = ionize.draw(given, x_hi, 1, seed)
    density = np.log10(1 + np.maximum(given.middle, -0.99))
    values = {"source": "example", "example": number, "x_hi": x_hi, "n": 1, "seed": seed}
    return Picture(
        f"Generated today by the diffusion model: ionized bubbles in a density field at redshift "
        f"{given.redshift:.2f}, with {100 * x_hi:.0f}% of the hydrogen still neutral.",
        f"tab=ionize&{links.write(PARAMETERS['ionize'], values)}",
        image=pixels([
            (density, figures.image_limits(density), figures.DENSITY["colours"]),
            (drawn.samples[0], (0.0, 1.0), figures.IONIZATION["colours"]),
        ]),
    )
