"""Is an HI map like those the networks were trained on? See :mod:`core.out_of_distribution`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.hydrogen.summaries import SUMMARY_NAMES
from core.out_of_distribution import OutOfDistributionCheck, named_columns

__all__ = ["GROUPS", "MapOutOfDistributionCheck"]

Floats = NDArray[np.floating]

GROUPS: dict[str, list[int]] = {
    "level": named_columns(SUMMARY_NAMES, "mean", "log mean", "quantile"),
    "one-point distribution": named_columns(
        SUMMARY_NAMES, "mean", "std", "skewness", "kurtosis", "quantile"
    ),
    "power spectrum": named_columns(SUMMARY_NAMES, "log P_log"),
    "small-scale power": [i for i in named_columns(SUMMARY_NAMES, "log P_log") if i % 12 >= 8],
    "texture": named_columns(SUMMARY_NAMES, "s1", "s2", "diffuse s1", "diffuse s2"),
    "everything": [i for i, n in enumerate(SUMMARY_NAMES) if not n.startswith("structure")],
}
"""Columns of the summaries that each group looks at."""

_MEDIAN = SUMMARY_NAMES.index("quantile 0.5")
_STD = SUMMARY_NAMES.index("std")
_POWER = GROUPS["power spectrum"]


class MapOutOfDistributionCheck(OutOfDistributionCheck):
    """The check with the summaries of HI maps."""

    groups = GROUPS

    def _reason(self, s: Floats, ratios: Floats) -> str:
        low, middle, high = self.typical
        if not low[_MEDIAN] - 0.3 <= s[_MEDIAN] <= high[_MEDIAN] + 0.3:
            return (
                f"The level is off: the median of log10 Sigma is {s[_MEDIAN]:.1f}, while training "
                f"maps have {low[_MEDIAN]:.1f} to {high[_MEDIAN]:.1f}; check the units."
            )
        if not 0.7 * low[_STD] <= s[_STD] <= 1.3 * high[_STD]:
            return (
                f"The contrast is off: log10 Sigma varies by {s[_STD]:.2f} dex, while training "
                f"maps vary by {low[_STD]:.2f} to {high[_STD]:.2f}; check that the map is linear."
            )
        off = (s[_POWER] - middle[_POWER]) / (high[_POWER] - low[_POWER] + 1e-9)
        worst = int(np.argmax(np.abs(off)))
        if abs(off[worst]) > 0.75:
            factor = float(np.exp(np.clip(s[_POWER] - middle[_POWER], -20, 20)[worst]))
            where = ("large", "middle", "small")[min(worst // 4, 2)]
            return (
                f"The power on {where} scales is off: {factor:.2g} times that of a typical "
                "training map."
            )
        group = list(self.groups)[int(np.argmax(ratios))]
        if group in ("level", "one-point distribution"):
            return (
                "The distribution of pixel values has another shape than that of any training map."
            )
        return (
            "The texture is off: structures are arranged in a way that no training map shows, "
            "whatever the level and the power."
        )
