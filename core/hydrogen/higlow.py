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

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.device import chosen_device
from core.hydrogen.parameters import check_parameters, scale_parameters
from core.networks.glow import Glow, GlowConfig
from core.weights import load_model, save_model

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


class HIGlow:
    """A trained conditional flow of 64 x 64 HI maps. Use :meth:`load`."""

    def __init__(self, config: HIGlowConfig, flow: Glow | None = None,
                 device: str | torch.device | None = None) -> None:
        self.config = config
        self._marginal = _Marginal(config.knots, config.values)
        self.device = torch.device(device or "cpu")
        self.flow = (flow if flow is not None else Glow(config.glow())).to(self.device).eval()

    @classmethod
    def load(cls, folder: str | Path | None = None, device: str | torch.device | None = None
             ) -> HIGlow:
        """The trained model (of ``core/weights/higlow`` by default).

        Args:
            folder: name or path of the folder.
            device: torch device; by default COSMODESK_DEVICE, else "cuda" where there is one.

        Raises:
            ModelNotFoundError, ValueError: see :func:`core.weights.load_model`.
        """
        tensors, config = load_model("higlow" if folder is None else folder, HIGlowConfig)
        flow = Glow(config.glow())
        flow.load_state_dict({k: _restored(k, v) for k, v in tensors.items()})
        return cls(config, flow, device or chosen_device())

    def save(self, folder: str | Path, card: str | None = None) -> None:
        """Write weights, config and card to ``folder``; :meth:`load` reads them back."""
        tensors = {k: v.detach().cpu().contiguous() for k, v in self.flow.state_dict().items()}
        tensors = {k: v.float() for k, v in tensors.items()}
        save_model(folder, tensors, self.config, card)

    @property
    def size(self) -> int:
        """Pixels a side."""
        return self.config.size

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

    def sample(
        self,
        omega_m: float,
        sigma_8: float,
        n: int = 1,
        seed: int = 0,
        *,
        temperature: float = 1.0,
        batch_size: int = 16,
        progress: Callable[[float], None] | None = None,
    ) -> Floats:
        """Draw maps at one cosmology.

        Map ``i`` of a seed depends neither on ``n`` nor on the batch, and the same seed at another
        cosmology gives the same structures, changed.

        Args:
            omega_m: in [0.1, 0.5].
            sigma_8: in [0.6, 1.0].
            n: number of maps.
            seed: a non-negative integer.
            temperature: factor on the noise, on top of the scale temperatures of the config.
            batch_size: maps at a time; memory grows with it and not with ``n``.
            progress: called with the fraction done.

        Returns:
            (n, 64, 64) float32, linear Sigma_HI in (Msun/h)/(Mpc/h)^2.

        Raises:
            ValueError: outside the trained range, or for n or seed below 0.
        """
        if n < 0 or seed < 0:
            raise ValueError(f"n = {n} and seed = {seed} must not be negative.")
        check_parameters(omega_m, sigma_8)
        return self.sample_each(
            np.full(n, omega_m), np.full(n, sigma_8), seed,
            temperature=temperature, batch_size=batch_size, progress=progress,
        )

    def sample_each(
        self,
        omega_m: ArrayLike,
        sigma_8: ArrayLike,
        seed: int = 0,
        *,
        first: int = 0,
        temperature: float = 1.0,
        batch_size: int = 16,
        progress: Callable[[float], None] | None = None,
    ) -> Floats:
        """Draw one map at each of many cosmologies; map ``i`` of a seed as :meth:`sample` has it.

        Args:
            omega_m, sigma_8: (n,) in the trained range.
            seed: a non-negative integer.
            first: number of the first map, so that a long row can be drawn in parts.
            temperature, batch_size, progress: see :meth:`sample`.

        Returns:
            (n, 64, 64) float32, linear Sigma_HI in (Msun/h)/(Mpc/h)^2.

        Raises:
            ValueError: outside the trained range.
        """
        check_parameters(omega_m, sigma_8)
        condition = scale_parameters(omega_m, sigma_8).to(self.device)
        n = len(condition)
        maps = np.empty((n, self.size, self.size), np.float32)
        temperatures = [temperature * t for t in self.config.temperatures]
        for start in range(0, n, batch_size):
            stop = min(start + batch_size, n)
            noise = self._noise(seed, range(first + start, first + stop))
            x = self.flow.sample(condition[start:stop], noise, temperatures)
            maps[start:stop] = self._physical(x)
            if progress is not None:
                progress(stop / n)
        return maps

    def _noise(self, seed: int, rows: range) -> list[Tensor]:
        shapes = self.flow.noise_shapes()
        sizes = [int(np.prod(shape)) for shape in shapes]
        # coarse scales first, so that a larger model would start from the same coarse structure
        draws = np.stack([
            np.random.default_rng([seed, i]).standard_normal(sum(sizes), np.float32) for i in rows
        ])
        parts = np.split(draws, np.cumsum(sizes[::-1])[:-1], axis=1)[::-1]
        return [
            torch.from_numpy(np.ascontiguousarray(part)).reshape(len(rows), *shape).to(self.device)
            for part, shape in zip(parts, shapes, strict=True)
        ]

    def _physical(self, x: Tensor) -> Floats:
        log_sigma = self._marginal.inverse(x[:, 0].double().cpu().numpy())
        return (10.0 ** np.clip(log_sigma, self.config.lowest, self.config.highest)).astype(
            np.float32
        )

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


def _restored(name: str, tensor: Tensor) -> Tensor:
    return tensor.bool() if name.endswith("initialised") else tensor.float()
