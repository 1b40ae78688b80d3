"""What the image networks are given for an image or a stack somebody has."""

from __future__ import annotations

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
from core.reionization.observation import Observation
from core.reionization.summaries import stack_summaries

__all__ = ["NetworkInputs", "network_inputs"]

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

    @property
    def depth(self) -> str:
        """ "stack" for a whole box, "slice" for less: which check of familiarity applies."""
        return "slice" if np.isnan(self.summaries).any() else "stack"


def network_inputs(
    image: ArrayLike, redshift: float, observation: Observation, cell_mpc: float = CELL_MPC
) -> NetworkInputs:
    """From what somebody has to what the networks see.

    The summaries of a stack of 64 slices, a whole box, are those of all its slices and so in three
    dimensions; of less, they are those of the (at most 16) slices of a pass.

    Raises:
        ValueError: see :func:`core.reionization.images.prepare_images`.
    """
    stack = prepare_images(image, cell_mpc)
    stacks = interleaved(stack)
    whole = len(stack) == N_CELLS
    seen = N_CELLS if whole else stacks.shape[1]
    if whole:
        summaries = np.repeat(stack_summaries(stack)[None], len(stacks), axis=0)
    else:
        summaries = np.stack([stack_summaries(s) for s in stacks])
    condition = condition_vector(redshift, observation, seen)
    return NetworkInputs(
        stacks / image_scale(redshift, observation),
        summaries,
        np.repeat(condition[None], len(stacks), axis=0),
    )
