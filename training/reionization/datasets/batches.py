"""What networks of 21 cm images are trained on: batches of views, summaries, and the check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler
from core.reionization.summaries import stack_summaries
from training.reionization.datasets.views import Views

__all__ = [
    "Inputs",
    "batch_of",
    "fit_out_of_distribution",
    "prepare",
    "slice_inputs",
]

Floats = NDArray[np.floating]


def slice_inputs(
    images: NDArray[np.float16], conditions: Floats, scales: Floats
) -> tuple[Floats, Floats]:
    """Summaries and conditions of fewer slices than a view has.

    Args:
        images: (b, s, n, n), s slices of each stack, normalised.
        conditions: (b, C) of the whole stacks.
        scales: (b,) mK of one unit of the images.

    Returns:
        (b, summaries), (b, C).
    """
    few = conditions.copy()
    few[:, -1] = np.log2(images.shape[1]) / 3 - 1
    stacks = images.astype(np.float32) * scales[:, None, None, None]
    stacks -= stacks.mean(axis=(2, 3), keepdims=True)
    return np.stack([stack_summaries(s) for s in stacks]), few


def batch_of(
    views: Views, rows: NDArray[np.int_], slices: int, few: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Images, summaries and conditions of a batch: some slices, flipped and shifted at random.

    Args:
        views: of the set.
        rows: (b,) of them.
        slices: of each stack.
        few: probability that the batch has 1, 2, 4 or 16 slices alone, without the depth.
        rng: of all that is random.
    """
    depth = views.images.shape[1]
    alone = rng.uniform() < few
    count = int(rng.choice((1, 2, 4, 16))) if alone else min(slices, depth)
    images = np.empty((len(rows), count, *views.images.shape[2:]), dtype=np.float16)
    for i, row in enumerate(rows):
        # a few slices of a stack are its neighbours, as somebody would have them
        start = rng.integers(depth)
        chosen = (start + np.arange(count)) % depth if alone else rng.permutation(depth)[:count]
        stack = np.roll(views.images[row, chosen], rng.integers(0, 64, 2), axis=(1, 2))
        images[i] = stack[:, :: rng.choice((-1, 1)), :: rng.choice((-1, 1))]
    conditions, summaries = views.conditions[rows], views.summaries[rows]
    if alone:
        summaries, conditions = slice_inputs(images, conditions, views.scale[rows])
    return (torch.from_numpy(images).float(), torch.from_numpy(summaries).float(),
            torch.from_numpy(conditions).float())


@dataclass(frozen=True)
class Inputs:
    """What is trained on: whole boxes and, drawn once, a few slices of each.

    Attributes:
        scores: (2 n, summaries) of n views, and then of a few slices of each.
        conditions: (2 n, conditions).
        x_hi: (2 n,).
        scaler: that made the scores.
    """

    scores: NDArray[np.float32]
    conditions: NDArray[np.float32]
    x_hi: NDArray[np.float32]
    scaler: SummaryScaler


def prepare(views: Views) -> Inputs:
    """Scores of the summaries of all views; the scaler knows the training boxes alone."""
    rng = np.random.default_rng(0)
    every = np.arange(len(views))
    few = [_few(views, part, rng) for part in np.array_split(every, max(1, len(every) // 24))]
    summaries = np.concatenate([views.summaries, *(s for s, _ in few)])
    conditions = np.concatenate([views.conditions, *(c for _, c in few)])
    train = np.tile(np.isin(views.row, views.boxes.rows("train")), 2)
    scaler = SummaryScaler.fit(conditions[train], summaries[train])
    x_hi = np.tile(views.column("x_hi_mean").astype(np.float32), 2)
    return Inputs(scaler(conditions, summaries), conditions.astype(np.float32), x_hi, scaler)


def _few(views: Views, rows: NDArray[np.int_], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Summaries and conditions of 1, 2, 4 or 16 slices of some views."""
    depth = views.images.shape[1]
    start, count = rng.integers(depth), int(rng.choice((1, 2, 4, 16)))
    chosen = (start + np.arange(count)) % depth
    return slice_inputs(
        views.images[rows][:, chosen], views.conditions[rows], views.scale[rows]
    )


def fit_out_of_distribution(
    views: Views, held_out: NDArray[np.int_]
) -> StackOutOfDistributionCheck:
    """The check for images unlike the training data, thresholds set on ``held_out`` views."""
    train = np.flatnonzero(np.isin(views.row, views.boxes.rows("train")))

    def inputs(rows: NDArray[np.int_], depth: str) -> tuple[Floats, Floats]:
        if depth == "stack":
            return views.conditions[rows], views.summaries[rows]
        summaries, conditions = slice_inputs(
            views.images[rows, :1], views.conditions[rows], views.scale[rows]
        )
        return conditions, summaries

    depths = ("slice", "stack")
    return StackOutOfDistributionCheck.fit({d: inputs(train, d) for d in depths},
                                {d: inputs(held_out, d) for d in depths})
