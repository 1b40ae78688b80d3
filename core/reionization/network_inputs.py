"""From an image or a stack to what the image networks are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.reionization.constants import CELL_MPC, N_CELLS
from core.reionization.images import (
    condition_vector,
    image_scale,
    interleaved,
    prepare_images,
)
from core.reionization.observation import CLEAN, Observation
from core.reionization.summaries import stack_summaries

__all__ = ["NetworkInputs", "PreparedImage", "network_inputs"]

Floats = NDArray[np.floating]


class NetworkInputs(NamedTuple):
    """Inputs of m passes whose answers are averaged.

    Attributes:
        images: (m, S, 64, 64), S at most 16, over :func:`core.reionization.images.image_scale`.
        summaries: (m, summaries).
        conditions: (m, conditions).
    """

    images: Floats
    summaries: Floats
    conditions: Floats


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """An image or a stack, brought into the shape of the networks once. Made by :meth:`of`.

    Attributes:
        stack: (S, 64, 64) mK in cells of 2 Mpc, the mean of each slice removed.
        redshift: of the image.
        observation: how it was observed.
        inputs: of the networks.
    """

    stack: NDArray[np.float32]
    redshift: float
    observation: Observation
    inputs: NetworkInputs

    @classmethod
    def of(
        cls,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        cell_mpc: float = CELL_MPC,
    ) -> PreparedImage:
        """From an image with what has to be known of it.

        Args:
            image: (n, n) or (S, n, n) brightness temperature in mK as observed (see
                :func:`core.reionization.observation.observe`); means of slices play no part.
            redshift: 7 to 10.
            observation: how it was observed.
            cell_mpc: side of a pixel in comoving Mpc, at most 4.

        Raises:
            ValueError: for an image that cannot be used (see
                :func:`core.reionization.images.prepare_images`) or a redshift outside the range.
        """
        stack = prepare_images(image, cell_mpc)
        inputs = network_inputs(stack, redshift, observation)
        return cls(stack, redshift, observation, inputs)

    @property
    def is_box(self) -> bool:
        """Whether it is a whole box deep; the check for unusual input has one kind for each."""
        return len(self.stack) == N_CELLS


def network_inputs(
    stack: NDArray[np.float32],
    redshift: float,
    observation: Observation,
    passes: int | None = None,
) -> NetworkInputs:
    """Of a stack (S, 64, 64) that :func:`core.reionization.images.prepare_images` gave.

    The summaries of a stack of 64 slices, a whole box, are those of all its slices and so in three
    dimensions; of less, they are those of the (at most 16) slices of a pass.

    Args:
        stack: mK.
        redshift, observation: of the stack.
        passes: the first passes alone; all of them by default.

    Raises:
        ValueError: for a redshift outside 7 to 10.
    """
    stacks = interleaved(stack)[:passes]
    whole = len(stack) == N_CELLS
    condition = condition_vector(redshift, observation, N_CELLS if whole else stacks.shape[1])
    if whole:
        summaries = np.repeat(stack_summaries(stack)[None], len(stacks), axis=0)
    else:
        summaries = np.stack([stack_summaries(s) for s in stacks])
    return NetworkInputs(
        stacks / image_scale(redshift, observation),
        summaries,
        np.repeat(condition[None], len(stacks), axis=0),
    )
