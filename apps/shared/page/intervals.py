"""A posterior in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["intervals", "item", "plain"]


def intervals(posterior: Any, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Mean, standard deviation and central 68% and 95% intervals of each parameter.

    Args:
        posterior: a core.posterior.Posterior.
        names: of its parameters, as a program should find them.
    """
    wide, wider = np.asarray(posterior.interval(0.68)), np.asarray(posterior.interval(0.95))
    return {
        name: {
            "mean": float(posterior.mean[i]), "std": float(posterior.std[i]),
            "interval_68": [float(v) for v in wide[i]],
            "interval_95": [float(v) for v in wider[i]],
        }
        for i, name in enumerate(names)
    }


def item(symbol: str, found: dict[str, Any], truth: float | None) -> str:
    """One parameter as an item of a list in HTML: the intervals, and where the truth lies."""
    low, high = found["interval_68"]
    lower, higher = found["interval_95"]
    known = ""
    if truth is not None:
        where = ("inside the 68% interval" if low <= truth <= high else
                 "inside the 95% interval" if lower <= truth <= higher else
                 "outside the 95% interval")
        known = f"<br><small>Truth {truth:.3f}: {where}.</small>"
    return (
        f"<li><strong>{symbol} = {found['mean']:.3f}</strong>: 68% interval {low:.3f} to "
        f"{high:.3f}, 95% interval {lower:.3f} to {higher:.3f}.{known}</li>"
    )


def plain(found: dict[str, dict[str, Any]]) -> str:
    """The 68% intervals in a line for who listens: no signs, no TeX."""
    return ", ".join(
        f"{name.replace('_', ' ')} {d['interval_68'][0]:.3f} to {d['interval_68'][1]:.3f} at 68%"
        for name, d in found.items()
    )
