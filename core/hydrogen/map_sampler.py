"""What every generative model of HI maps has: p(map | Omega_m, sigma_8), loaded and asked alike."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from core.draws import check_draws
from core.hydrogen.parameters import check_parameters, scale_parameters
from core.model import Model
from core.networks.sampling import in_batches, row_generators
from core.progress import Progress

__all__ = ["MapSampler"]

Floats = NDArray[np.floating]


class _MapConfig(Protocol):
    """What the configuration of every sampler says."""

    @property
    def size(self) -> int: ...
    @property
    def lowest(self) -> float: ...
    @property
    def highest(self) -> float: ...


Config = TypeVar("Config", bound=_MapConfig)


class MapSampler(Model[Config]):
    """A trained network that draws maps. Use :meth:`load`, then :meth:`sample`.

    A subclass builds its network in :meth:`_build` and draws a batch of log10 Sigma in
    :meth:`_draw`, whose keywords are the ``settings`` of :meth:`sample`.

    Args:
        config: architecture and normalisation.
        network: trained; moved to the device, in evaluation mode.
        device: torch device; the CPU by default.
    """

    weights_dtype: ClassVar[torch.dtype]
    """Number format of the saved weights."""

    batch_size: ClassVar[int]
    """Maps at a time, unless another number is asked for."""

    def __init__(
        self, config: Config, network: nn.Module, device: str | torch.device | None = None
    ) -> None:
        self.config = config
        self.device = torch.device(device or "cpu")
        self._network = network.to(self.device).eval()

    @property
    def size(self) -> int:
        """Pixels a side."""
        return self.config.size

    def sample(
        self,
        omega_m: float,
        sigma_8: float,
        n: int = 1,
        seed: int = 0,
        *,
        batch_size: int | None = None,
        progress: Progress | None = None,
        **settings: Any,
    ) -> NDArray[np.float32]:
        """Draw maps at one cosmology.

        Map ``i`` of a seed depends neither on ``n`` nor on the batch, and the same seed at another
        cosmology gives the same structures, changed.

        Args:
            omega_m: matter density parameter, 0.1 to 0.5.
            sigma_8: amplitude of matter fluctuations, 0.6 to 1.0.
            n: number of maps, at least 1.
            seed: noise seed, 0 or larger.
            batch_size: maps at a time; memory grows with it.
            progress: called with the fraction done.
            settings: of the model's own sampler; see the class.

        Returns:
            (n, size, size) float32, linear HI surface density in (Msun/h)/(Mpc/h)^2 at z = 0, of a
            slab 5 Mpc/h thick and 25 Mpc/h wide.

        Raises:
            ValueError: outside the trained range, for n below 1 or a negative seed.
        """
        check_draws(n, seed)
        return self.sample_each(
            np.full(n, omega_m), np.full(n, sigma_8), seed,
            batch_size=batch_size, progress=progress, **settings,
        )  # fmt: skip

    def sample_each(
        self,
        omega_m: ArrayLike,
        sigma_8: ArrayLike,
        seed: int = 0,
        *,
        first: int = 0,
        batch_size: int | None = None,
        progress: Progress | None = None,
        **settings: Any,
    ) -> NDArray[np.float32]:
        """Draw one map at each of many cosmologies; map ``i`` of a seed as :meth:`sample` has it.

        Args:
            omega_m, sigma_8: (n,) in the trained range.
            seed: noise seed, 0 or larger.
            first: number of the first map, so that a long row can be drawn in parts.
            batch_size, progress, settings: see :meth:`sample`.

        Returns:
            (n, size, size) float32, see :meth:`sample`.

        Raises:
            ValueError: as for :meth:`sample`.
        """
        check_parameters(omega_m, sigma_8)
        conditions = scale_parameters(omega_m, sigma_8)
        check_draws(len(conditions), seed)

        def draw(rows: range, part: Progress) -> NDArray[np.float32]:
            condition = conditions[rows.start : rows.stop].to(self.device)
            generators = row_generators(seed, first + rows.start, first + rows.stop)
            log_sigma = self._draw(condition, generators, part, **settings)
            return np.power(
                10.0, np.clip(log_sigma, self.config.lowest, self.config.highest)
            ).astype(np.float32)

        return in_batches(len(conditions), batch_size or self.batch_size, draw, progress)

    @classmethod
    def _restore(cls, config: Config, tensors: dict[str, Tensor], device: str) -> Self:
        network = cls._build(config)
        network.load_state_dict(tensors)  # copies into the numbers that the network has
        return cls(config, network, device)

    def _tensors(self) -> dict[str, Tensor]:
        state = self._network.state_dict()
        return {name: tensor.to(self.weights_dtype) for name, tensor in state.items()}

    @classmethod
    @abstractmethod
    def _build(cls, config: Any) -> nn.Module:
        """The network before its weights are read."""

    @abstractmethod
    def _draw(
        self,
        condition: Tensor,
        generators: list[np.random.Generator],
        progress: Progress,
    ) -> Floats:
        """log10 Sigma of a batch, (b, size, size).

        Args:
            condition: (b, 2), parameters scaled to [-1, 1], on the device.
            generators: b of them, which the noise comes from.
            progress: called with the fraction of the batch that is done.
        """
