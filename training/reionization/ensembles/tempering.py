"""Exponents on the densities of x_HI, so that their intervals cover on other simulations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.reionization.neutral_fraction import (
    NeutralFraction,
    credibility,
    tempered,
    x_hi_grid,
)
from core.reionization.scaling import observation_kind
from training.reionization.datasets.box_set import FOLDS, fold_of_seed
from training.reionization.datasets.views import Views

__all__ = ["Table", "exponents", "temper_ensemble"]

Floats = NDArray[np.floating]
Table = tuple[tuple[float, ...], ...]


def _raw(model: NeutralFraction, views: Views, rows: NDArray[np.int_]) -> Floats:
    return np.concatenate([
        model.raw(views.images[r], views.summaries[r], views.conditions[r])
        for r in np.array_split(rows, max(1, len(rows) // 50))
    ])


def temper_ensemble(model: NeutralFraction, views: Views, validation: NDArray[np.int_]) -> Table:
    """Exponents by kind and estimate from each member on its fold; their level on validation."""
    folds = fold_of_seed(views.column("seed"))
    train = np.isin(views.row, views.boxes.rows("train"))
    rows = [np.flatnonzero(train & (folds == fold)) for fold in range(FOLDS)]
    raw = [
        _raw(NeutralFraction(model.config, [member], model.scaler), views, own)
        for member, own in zip(model.members, rows, strict=True)
    ]
    table = np.array(exponents(np.concatenate(raw), views, np.concatenate(rows)))
    whole, kind = _raw(model, views, validation), observation_kind(views.conditions[validation])
    truth = views.column("x_hi_mean")[validation].astype(float)
    levels = np.geomspace(0.6, 1.8, 45)
    misses = [_miss(tempered(whole, kind, level * table), truth) for level in levels]
    table *= levels[int(np.argmin(misses))]
    return tuple(tuple(float(e) for e in row) for row in table)


def _miss(density: Floats, truth: Floats) -> float:
    """How far central intervals of all levels are from covering as they should."""
    away = 2 * np.abs(credibility(density, truth) - 0.5)
    return float(sum(abs(np.mean(away <= v) - v) for v in np.arange(0.1, 1.0, 0.05)))


def exponents(
    raw: Floats, views: Views, rows: NDArray[np.int_], by_estimate: bool = True
) -> Table:
    """For each kind of observation, and quarter of the estimate, the exponent that covers best."""
    truth = views.column("x_hi_mean")[rows].astype(float)
    kinds = observation_kind(views.conditions[rows])
    quarter = np.minimum((4 * raw @ x_hi_grid(raw.shape[1]) / raw.shape[1]).astype(int), 3)
    choices = np.geomspace(0.3, 12.0, 60)

    def best(kind: int, part: int) -> float:
        own = (kinds == kind) & ((quarter == part) | (not by_estimate))
        if own.sum() < 30:
            own = kinds == kind
        if own.sum() < 10:
            return 1.0
        none = np.zeros(own.sum(), dtype=int)
        misses = [_miss(tempered(raw[own], none, np.full((1, 4), e)), truth[own]) for e in choices]
        return float(choices[int(np.argmin(misses))])

    return tuple(tuple(best(kind, part) for part in range(4)) for kind in range(3))
