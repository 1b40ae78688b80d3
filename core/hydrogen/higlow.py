"""HIGlow: neutral-hydrogen maps and their exact likelihood from a conditional Glow.

Follows Friedman & Hassan 2022 (arXiv:2211.12724): a normalising flow p(map | Omega_m, sigma_8) of
64 x 64 maps of log10 Sigma_HI. The flow here runs on a Haar pyramid, see
:mod:`core.networks.glow`. The astrophysical parameters of the simulations are marginalised: they
varied in the training set and the flow never saw them.

Example:
    >>> model = HIGlow.load()
    >>> maps = model.sample(0.3, 0.8, n=4, seed=1)      # (4, 64, 64) in (Msun/h)/(Mpc/h)^2
    >>> model.log_prob(maps, 0.3, 0.8)                  # (4,) nats
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.hydrogen.map_sampler import MapSampler
from core.hydrogen.parameters import check_parameters, scale_parameters
from core.networks.glow import Glow, GlowConfig
from core.progress import Progress

__all__ = ["HIGlow", "HIGlowConfig"]

Floats = NDArray[np.floating]
_FAR = 40.0


@dataclass(frozen=True)
class HIGlowConfig:
    """Architecture and normalisation, saved beside the weights.

    Attributes:
        mean, std: of log10 Sigma over the training maps, x = (log10 Sigma - mean) / std.
        knots, values: of the map of log10 Sigma that makes single pixels Gaussian; the flow works
            on its result, densities are given for x.
        lowest, highest: range of log10 Sigma in the training maps; samples are clipped to it.
        temperatures: factor on the noise at each scale, finest first, used by default.
        size, coarsest, steps, widths, blocks: see :class:`core.networks.glow.GlowConfig`.
    """

    mean: float = 0.0
    std: float = 1.0
    knots: tuple[float, ...] = (-1.0, 1.0)
    values: tuple[float, ...] = (-1.0, 1.0)
    lowest: float = -np.inf
    highest: float = np.inf
    temperatures: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    size: int = 64
    coarsest: int = 4
    steps: int = 8
    widths: tuple[int, ...] = (32, 48, 64, 64, 64)
    blocks: int = 2

    def glow(self) -> GlowConfig:
        """The architecture alone."""
        return GlowConfig(self.size, self.coarsest, 2, self.steps, tuple(self.widths), self.blocks)


class _Marginal:
    """The monotone, piecewise-linear map that makes single pixels of the training maps Gaussian.

    Hydrogen has a long tail of bright systems; the couplings of a flow are affine and do better on
    a field whose one-point distribution is already normal. The map is exact both ways.
    """

    def __init__(self, knots: tuple[float, ...], values: tuple[float, ...]) -> None:
        x, y = np.asarray(knots), np.asarray(values)
        slopes = np.diff(y) / np.diff(x)
        # straight on beyond the first and last knot
        self.x = np.concatenate([[x[0] - _FAR / slopes[0]], x, [x[-1] + _FAR / slopes[-1]]])
        self.y = np.concatenate([[y[0] - _FAR], y, [y[-1] + _FAR]])
        self.log_slopes = np.log(np.diff(self.y) / np.diff(self.x))

    def forward(self, log_sigma: Floats) -> Floats:
        return np.interp(log_sigma, self.x, self.y)

    def inverse(self, y: Floats) -> Floats:
        return np.interp(y, self.y, self.x)

    def log_derivative(self, log_sigma: Floats) -> Floats:
        """ln dy / dlog10(Sigma) at each pixel."""
        piece = np.searchsorted(self.x, log_sigma) - 1
        return self.log_slopes[np.clip(piece, 0, len(self.log_slopes) - 1)]


class HIGlow(MapSampler[HIGlowConfig]):
    """A trained conditional flow of 64 x 64 HI maps. Use :meth:`load`.

    :meth:`sample` takes one setting of its own, ``temperature``: a factor on the noise, on top of
    the temperatures of the scales in the config; 1 by default.
    """

    folder = "higlow"
    config_class = HIGlowConfig
    weights_dtype = torch.float32
    batch_size = 16

    def __init__(
        self,
        config: HIGlowConfig,
        flow: Glow | None = None,
        device: str | torch.device | None = None,
    ) -> None:
        self.flow = flow if flow is not None else Glow(config.glow())
        super().__init__(config, self.flow, device)
        self._marginal = _Marginal(config.knots, config.values)

    @classmethod
    def _build(cls, config: HIGlowConfig) -> Glow:
        return Glow(config.glow())

    def _log_sigma(self, maps: ArrayLike) -> Floats:
        array = np.asarray(maps)
        if array.ndim == 2:
            array = array[None]
        if array.ndim != 3 or array.shape[1:] != (self.size, self.size):
            raise ValueError(
                f"The maps have shape {np.shape(maps)}; HIGlow takes (n, {self.size}, {self.size})."
            )
        if not np.all(np.isfinite(array) & (array > 0)):
            raise ValueError(
                "The maps hold values that are not positive and finite; give linear Sigma_HI in "
                "(Msun/h)/(Mpc/h)^2."
            )
        return np.log10(array.astype(np.float64))

    def encode(self, log_sigma: ArrayLike) -> tuple[Tensor, Floats]:
        """log10 Sigma (n, N, N) -> the flow's input (n, 1, N, N) and ln|d input / dx| (n,)."""
        values = np.asarray(log_sigma, dtype=np.float64)
        y = torch.from_numpy(self._marginal.forward(values).astype(np.float32))[:, None]
        slopes = self._marginal.log_derivative(values) + np.log(self.config.std)
        return y, slopes.sum(axis=(1, 2))

    def _draw(
        self,
        condition: Tensor,
        generators: list[np.random.Generator],
        progress: Progress,
        temperature: float = 1.0,
    ) -> Floats:
        temperatures = [temperature * t for t in self.config.temperatures]
        x = self.flow.sample(condition, self._noise(generators), temperatures)
        progress(1.0)
        return self._marginal.inverse(x[:, 0].double().cpu().numpy())

    def _noise(self, generators: list[np.random.Generator]) -> list[Tensor]:
        """Unit Gaussian noise of each scale, finest first, a row from each generator."""
        shapes = self.flow.noise_shapes()
        sizes = [int(np.prod(shape)) for shape in shapes]
        # coarse scales first, so that a larger model would start from the same coarse structure
        draws = np.stack([g.standard_normal(sum(sizes), np.float32) for g in generators])
        parts = np.split(draws, np.cumsum(sizes[::-1])[:-1], axis=1)[::-1]
        return [
            torch.from_numpy(np.ascontiguousarray(part))
            .reshape(len(generators), *shape)
            .to(self.device)
            for part, shape in zip(parts, shapes, strict=True)
        ]

    @torch.no_grad()
    def log_prob(self, maps: ArrayLike, omega_m: ArrayLike, sigma_8: ArrayLike,
                 batch_size: int = 64) -> Floats:
        r"""Log-density of maps at given parameters.

        The density is that of the normalised field :math:`x = (\log_{10}\Sigma - m)/s`, all 4,096
        pixels of it. For the density of log10 Sigma subtract 4096 ln(s); differences between
        parameters at the same map need no correction.

        Args:
            maps: (n, 64, 64) or (64, 64), linear Sigma_HI.
            omega_m: scalar or (n,), in [0.1, 0.5].
            sigma_8: scalar or (n,), in [0.6, 1.0].
            batch_size: maps at a time.

        Returns:
            (n,) nats.

        Raises:
            ValueError: on a wrong shape, values that are not positive, or parameters outside the
                trained range.
        """
        x, jacobian = self.encode(self._log_sigma(maps))
        check_parameters(omega_m, sigma_8)
        condition = scale_parameters(omega_m, sigma_8).expand(len(x), -1)
        out = []
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            values = self.flow.log_prob(x[rows].to(self.device), condition[rows].to(self.device))
            out.append(values.double().cpu().numpy())
        return jacobian + np.concatenate([*out, np.empty(0)])
