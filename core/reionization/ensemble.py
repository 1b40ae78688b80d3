"""What the models of 21 cm images have in common: loading, preparing an image, checking it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.model import Model
from core.networks.stack_network import StackNetwork, average, load_members, member_tensors
from core.networks.states import part, prefixed, to_arrays, to_tensors
from core.out_of_distribution import OutOfDistributionResult
from core.reionization.constants import CELL_MPC
from core.reionization.network_inputs import NetworkInputs, PreparedImage
from core.reionization.observation import CLEAN, Observation
from core.reionization.out_of_distribution import StackOutOfDistributionCheck
from core.reionization.scaling import SummaryScaler

__all__ = ["Estimate", "ImageEnsemble"]

Floats = NDArray[np.floating]
Answer = TypeVar("Answer")
Config = TypeVar("Config")


@dataclass(frozen=True)
class Estimate(Generic[Answer]):
    """Everything that a model says of an image.

    Attributes:
        by_method: the answer of each of the model's methods.
        out_of_distribution: whether the image is like the training images.
    """

    by_method: Mapping[str, Answer]
    out_of_distribution: OutOfDistributionResult


class ImageEnsemble(Model[Config], Generic[Config, Answer]):
    """Networks that see images and their summaries, the scale of these, and a check.

    Whatever asks about an image takes the image with its redshift, observation and pixel scale, or
    what :meth:`prepare` made of them: preparing is most of the work, and is done once.

    Args:
        config: architecture and calibration.
        members: trained networks; all have a CNN, or none.
        scaler: of the summaries that they are given.
        out_of_distribution: the check for images unlike the training images.
    """

    methods: ClassVar[tuple[str, ...]]
    """What an answer can be based on; the networks' own comes first."""

    def __init__(
        self,
        config: Config,
        members: list[StackNetwork],
        scaler: SummaryScaler,
        out_of_distribution: StackOutOfDistributionCheck | None = None,
    ) -> None:
        self.config = config
        self.members = [net.eval() for net in members]
        self.scaler = scaler
        self.out_of_distribution = out_of_distribution

    @classmethod
    def _restore(cls, config: Any, tensors: dict[str, Tensor], device: str) -> Self:
        members = load_members(tensors, config.network, config.members)
        check = to_arrays(part(tensors, "familiarity."))
        return cls(
            config,
            [net.to(device) for net in members],
            SummaryScaler.from_state(to_arrays(part(tensors, "scaler."))),
            out_of_distribution=StackOutOfDistributionCheck.from_state(check) if check else None,
            **cls._own_parts(config, tensors, device),
        )

    def _tensors(self) -> dict[str, Tensor]:
        state = prefixed(self.scaler.state(), "scaler.")
        if self.out_of_distribution is not None:
            state |= prefixed(self.out_of_distribution.state(), "familiarity.")
        return member_tensors(self.members) | to_tensors(state) | self._own_tensors()

    @staticmethod
    def prepare(
        image: ArrayLike,
        redshift: float,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> PreparedImage:
        """The image in the shape of the networks, the same for every model of 21 cm images.

        Args and errors as for :meth:`core.reionization.network_inputs.PreparedImage.of`.
        """
        return PreparedImage.of(image, redshift, observation, cell_mpc)

    def estimate(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> Estimate[Answer]:
        """The answers of all methods and the check, the image prepared once.

        Args and errors as for :meth:`check`.
        """
        prepared = self._prepared(image, redshift, observation, cell_mpc)
        return Estimate(
            {method: self._answer(prepared.inputs, method) for method in self.methods},
            self.check(prepared),
        )

    def check(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None = None,
        observation: Observation = CLEAN,
        *,
        cell_mpc: float = CELL_MPC,
    ) -> OutOfDistributionResult:
        """Whether an image is like the training images.

        Args:
            image: (n, n) or (S, n, n) brightness temperature in mK as observed; or what
                :meth:`prepare` made of it, and then nothing else is needed.
            redshift: 7 to 10.
            observation: how it was observed.
            cell_mpc: side of a pixel in comoving Mpc.

        Raises:
            ValueError: for an image that cannot be read, a redshift outside the range, or a model
                that was saved without the check.
        """
        if self.out_of_distribution is None:
            raise ValueError("This model was saved without the out-of-distribution check.")
        prepared = self._prepared(image, redshift, observation, cell_mpc)
        return self.out_of_distribution.of_image(prepared)

    def _prepared(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None,
        observation: Observation,
        cell_mpc: float,
    ) -> PreparedImage:
        if isinstance(image, PreparedImage):
            return image
        if redshift is None:
            raise ValueError("The redshift of the image is missing; choose from 7 to 10.")
        return self.prepare(image, redshift, observation, cell_mpc=cell_mpc)

    def _asked(
        self,
        image: ArrayLike | PreparedImage,
        redshift: float | None,
        observation: Observation,
        cell_mpc: float,
        method: str,
    ) -> Answer:
        """The answer of one method.

        Raises:
            ValueError: for an unknown method, and as for :meth:`check`.
        """
        if method not in self.methods:
            names = ", ".join(self.methods)
            raise ValueError(f"There is no method {method!r}; choose from {names}.")
        prepared = self._prepared(image, redshift, observation, cell_mpc)
        return self._answer(prepared.inputs, method)

    def _network_answers(
        self,
        images: Floats | None,
        summaries: Floats,
        conditions: Floats,
        link: Callable[[Tensor], Tensor],
    ) -> NDArray[np.float32]:
        """``link`` of the networks' answers, averaged over flips and members.

        Without images, those of the members' paths for the summaries alone.
        """
        if self.members[0].config.cnn is None:
            images = None
        scores = self.scaler(conditions, summaries)
        return average(self.members, images, scores, conditions, link)

    @abstractmethod
    def _answer(self, inputs: NetworkInputs, method: str) -> Answer:
        """The calibrated answer, averaged over the passes."""

    @classmethod
    @abstractmethod
    def _own_parts(
        cls, config: Any, tensors: Mapping[str, Tensor], device: str
    ) -> dict[str, Any]:
        """What else the constructor takes, out of the tensors of a model folder."""

    @abstractmethod
    def _own_tensors(self) -> dict[str, Tensor]:
        """What to save of that."""
