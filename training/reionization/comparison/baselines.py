"""What a network has to beat: boosted trees on moments and power spectrum, on the same rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.reionization.summaries import BASELINE_NAMES, stack_summaries
from training.reionization.datasets.views import OBSERVATIONS, Views

__all__ = ["boosted_trees", "leaky_score"]

Floats = NDArray[np.floating]


def _features(views: Views, chosen: NDArray[np.int_]) -> Floats:
    return np.hstack([views.summaries[chosen, : len(BASELINE_NAMES)], views.conditions[chosen]])


def _trees(x: Floats, y: Floats) -> object:
    from sklearn.ensemble import HistGradientBoostingRegressor

    trees = HistGradientBoostingRegressor(
        max_iter=400, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=10,
        l2_regularization=1.0, random_state=0,
    )
    return trees.fit(x, y)


def boosted_trees(views: Views, train: NDArray[np.int_], test: NDArray[np.int_]
                  ) -> dict[str, Floats]:
    """Estimates of x_HI of the test rows for each kind of observation.

    For each kind there are trees trained on views of that kind and trees trained on all views; the
    mean of the two is taken.

    Args:
        views: of the set.
        train, test: rows of the set.

    Returns:
        For each kind, estimates in the order of ``views.where(test, kind)``.
    """
    x_hi = views.column("x_hi_mean").astype(float)
    every = views.where(train)
    together = _trees(_features(views, every), x_hi[every])
    estimates = {}
    for kind in OBSERVATIONS:
        own, asked = views.where(train, kind), views.where(test, kind)
        alone = _trees(_features(views, own), x_hi[own])
        x = _features(views, asked)
        both = alone.predict(x) + together.predict(x)  # type: ignore[attr-defined]
        estimates[kind] = np.clip(both / 2, 0, 1)
    return estimates


def leaky_score(views: Views, test: NDArray[np.int_], slices: int = 4) -> tuple[float, float]:
    """R2 of trees on single clean slices, split by slice (leaky) and by simulation (honest).

    Slices of a box share its x_HI and its structures: trained on some and tested on others, a model
    is asked what it has seen.

    Args:
        views: of the set.
        test: rows held out in the honest split.
        slices: of each box.
    """
    chosen = views.where(np.arange(len(views.boxes)), "clean")
    stacks = views.images[chosen, :slices].astype(np.float32)
    stacks *= views.scale[chosen, None, None, None]
    x = np.stack([stack_summaries(image[None]) for image in stacks.reshape(-1, 1, 64, 64)[:, 0]])
    x = np.hstack([x[:, : len(BASELINE_NAMES)], np.repeat(views.conditions[chosen, :1], slices, 0)])
    y = np.repeat(views.column("x_hi_mean")[chosen].astype(float), slices)
    of_test = np.repeat(np.isin(views.row[chosen], test), slices)
    shuffled = np.random.default_rng(0).permutation(of_test)

    def score(held_out: NDArray[np.bool_]) -> float:
        trees = _trees(x[~held_out], y[~held_out])
        error = trees.predict(x[held_out]) - y[held_out]  # type: ignore[attr-defined]
        return float(1 - np.mean(error**2) / np.var(y[held_out]))

    return score(shuffled), score(of_test)
