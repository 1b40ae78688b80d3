"""Standard errors of measured numbers, and how a short measurement compares with the card's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["calibration_error", "jackknife", "print_beside_card", "reliability"]


def jackknife(
    measure: Callable[[NDArray[np.int_]], Mapping[str, float]], groups: int
) -> dict[str, float]:
    """Standard errors by leaving out one group of the data at a time (Tukey 1958).

    Args:
        measure: the numbers of some of the groups, given their indices.
        groups: simulations, since the maps of one are not independent; at least two.

    Example:
        >>> x = np.array([1.0, 2.0, 4.0])
        >>> error = jackknife(lambda kept: {"mean": x[kept].mean()}, 3)["mean"]
        >>> bool(np.isclose(error, x.std(ddof=1) / 3**0.5))
        True
    """
    every = np.arange(groups)
    parts = [measure(np.delete(every, i)) for i in every]
    names = [name for name in parts[0] if all(name in part for part in parts)]
    values = np.array([[part[name] for name in names] for part in parts])
    errors = np.sqrt((groups - 1) * values.var(axis=0))
    return dict(zip(names, errors.tolist(), strict=True))


def calibration_error(
    probability: NDArray[np.floating[Any]], truth: NDArray[np.bool_], bins: int = 10
) -> float:
    """Expected calibration error over equal bins of the probability."""
    table = reliability(probability, truth, bins)
    return float(np.sum(table[:, 2] * np.abs(table[:, 0] - table[:, 1])) / max(len(truth), 1))


def reliability(
    probability: NDArray[np.floating[Any]], truth: NDArray[np.bool_], bins: int = 10
) -> NDArray[np.float64]:
    """(bins, 3): mean probability, fraction that is true, number."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    middle = (np.arange(bins) + 0.5) / bins
    columns = [
        np.where(counts > 0, np.bincount(place, w, bins) / np.maximum(counts, 1), middle)
        for w in (probability, truth.astype(float))
    ]
    return np.stack([*columns, counts.astype(float)], axis=1)


def print_beside_card(
    metrics: Mapping[str, float], errors: Mapping[str, float], folder: Path | None = None
) -> None:
    """A table for people: each number, its standard error, and what metrics.json has.

    Args:
        metrics: what was measured.
        errors: standard errors of some of them.
        folder: of the model, if the numbers belong to one.
    """
    path = None if folder is None else folder / "metrics.json"
    card = json.loads(path.read_text())["metrics"] if path and path.is_file() else {}
    print(f"{'':34s}{'measured':>10s}   {'standard error':>14s}{'card':>10s}")
    for name, value in metrics.items():
        error = f"{errors[name]:14.3g}" if name in errors else " " * 14
        known = f"{card[name]:10.4g}" if card.get(name) is not None else ""
        print(f"{name:34s}{value:10.4g}   {error}{known}")
