"""Many samples in batches, sample ``i`` of a seed the same whatever the batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, of_part

__all__ = ["in_batches", "row_generators"]


def row_generators(seed: int, start: int, stop: int) -> list[np.random.Generator]:
    """One generator a sample, so that sample i of a seed does not depend on the batch.

    Args:
        seed: noise seed, 0 or larger.
        start, stop: numbers of the first sample and of the one after the last.
    """
    return [np.random.default_rng([seed, i]) for i in range(start, stop)]


def in_batches(
    total: int,
    batch_size: int,
    draw: Callable[[range, Progress], NDArray[np.float32]],
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Draw ``total`` samples a batch at a time, so that memory does not grow with their number.

    Args:
        total: number of samples, at least 1.
        batch_size: most samples a batch, at least 1.
        draw: called with the rows of a batch and the progress of that batch; returns an array
            with one sample a row.
        progress: called with the fraction of the whole that is done.

    Returns:
        (total, ...) float32.

    Raises:
        ValueError: for a batch size below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; at least 1 is needed.")
    starts = range(0, total, batch_size)
    return np.concatenate([
        draw(range(start, min(start + batch_size, total)), of_part(progress, index, len(starts)))
        for index, start in enumerate(starts)
    ])
