"""What the models of 21 cm images have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.networks.stack_network import StackNetwork, average, member_tensors
from core.networks.states import part, prefixed, to_arrays, to_tensors
from core.out_of_distribution import OutOfDistributionResult
from core.reionization.constants import CELL_MPC
from core.reionization.observation import CLEAN, Observation
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler

__all__ = ["ImageEnsemble"]

Floats = NDArray[np.floating]


class ImageEnsemble:
    """Networks that see images and their summaries, the scale of these, and a check.

    Args:
        members: trained networks; all have a CNN, or none.
        scaler: of the summaries that they are given.
        familiarity: the check for unfamiliar images.
    """

    def __init__(
        self,
        members: list[StackNetwork],
        scaler: SummaryScaler,
        out_of_distribution: StackOutOfDistributionCheck | None = None,
    ) -> None:
        self.members = [net.eval() for net in members]
        self.scaler = scaler
        self.out_of_distribution = out_of_distribution

    def check(
        self,
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> OutOfDistributionResult:
        """Whether an image is like the training images.

        Args:
            image: (n, n) or (S, n, n) brightness temperature in mK as observed.
            redshift: 7 to 10.
            observation: how it was observed.
            cell_mpc: side of a pixel in comoving Mpc.
        """
        if self.out_of_distribution is None:
            raise ValueError("This model was saved without the check of familiarity.")
        return self.out_of_distribution.of_image(image, redshift, observation, cell_mpc)

    def _answers(
        self,
        images: Floats | None,
        summaries: Floats,
        conditions: Floats,
        link: Callable[[Tensor], Tensor],
    ) -> NDArray[np.float32]:
        """``link`` of the answers, averaged over flips and members.

        Without images, those of the members' paths for the summaries alone.
        """
        if self.members[0].config.cnn is None:
            images = None
        scores = self.scaler(conditions, summaries)
        return average(self.members, images, scores, conditions, link)

    def _tensors(self) -> dict[str, Tensor]:
        """What to save of members, scaler and check."""
        state = prefixed(self.scaler.state(), "scaler.")
        if self.out_of_distribution is not None:
            state |= prefixed(self.out_of_distribution.state(), "familiarity.")
        return member_tensors(self.members) | to_tensors(state)


def scaler_and_check(
    saved: Mapping[str, Tensor],
) -> tuple[SummaryScaler, StackOutOfDistributionCheck | None]:
    """Out of the tensors of a model folder; the check is None if it was saved without."""
    check = to_arrays(part(saved, "familiarity."))
    return (
        SummaryScaler.from_state(to_arrays(part(saved, "scaler."))),
        StackOutOfDistributionCheck.from_state(check) if check else None,
    )
