"""Cosmological parameters from one HI map: p(Omega_m, sigma_8 | map).

Three methods on the same footing, the same flat prior (Omega_m in [0.1, 0.5], sigma_8 in
[0.6, 1.0]), with the astrophysics of the training simulations marginalised:

* ``field``: neural posterior estimation from the map itself; a mixture of two estimators, one with
  a CNN beside fixed summaries and one with the fixed summaries alone;
* ``power_spectrum``: the same estimator given only P(k) of the log field and of the overdensity;
* ``likelihood``: Bayes' theorem with the exact likelihood of HIGlow on a grid.

Example:
    >>> inference = HIInference.load()
    >>> posterior = inference.posterior(sigma_map)
    >>> posterior.mean, posterior.interval(0.68)
    >>> inference.check(sigma_map).reason
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RectBivariateSpline
from torch import Tensor

from core.draws import check_draws
from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE, coarsen
from core.hydrogen.estimator import Estimator, EstimatorConfig, map_channels, to_box
from core.hydrogen.higlow import HIGlow
from core.hydrogen.out_of_distribution import MapOutOfDistributionCheck
from core.hydrogen.summaries import (
    DIFFUSE_LIMIT,
    POWER_NAMES,
    power_summaries,
    summaries,
)
from core.model import Model
from core.networks.states import part, prefixed, to_arrays, to_tensors
from core.out_of_distribution import OutOfDistributionResult
from core.posterior import Posterior
from core.progress import Progress

__all__ = ["METHODS", "PARAMETER_LABELS", "HIInference", "HIInferenceConfig", "Method"]

Floats = NDArray[np.floating]
Method = Literal["field", "power_spectrum", "likelihood"]
METHODS: tuple[Method, ...] = ("field", "power_spectrum", "likelihood")
PARAMETER_LABELS = (r"$\Omega_m$", r"$\sigma_8$")
_LOW = np.array([OMEGA_M_RANGE[0], SIGMA_8_RANGE[0]])
_HIGH = np.array([OMEGA_M_RANGE[1], SIGMA_8_RANGE[1]])
_FINE = 96  # cells a side that the likelihood is interpolated to


@dataclass(frozen=True)
class HIInferenceConfig:
    """Architecture and calibration, saved beside the weights.

    Attributes:
        mean, std: of log10 Sigma over the training maps.
        size: pixels a side that the networks work at.
        cnn, fixed, power_spectrum: architecture of the estimators; the first two make the
            field-level posterior.
        cnn_share: weight of the estimator with the CNN in the field-level posterior, chosen on
            validation simulations (stacking).
        widen_field, widen_power_spectrum: factor on the width of their posteriors, chosen on
            validation simulations.
        likelihood_beta: exponent on HIGlow's likelihood, chosen on validation simulations so that
            intervals cover.
        likelihood_grid: points a side of the grid of parameters.
    """

    mean: float = 0.0
    std: float = 1.0
    size: int = 64
    cnn: EstimatorConfig = EstimatorConfig()
    fixed: EstimatorConfig = EstimatorConfig(cnn=False)
    power_spectrum: EstimatorConfig = EstimatorConfig(summaries=len(POWER_NAMES), cnn=False)
    cnn_share: float = 0.5
    widen_field: float = 1.0
    widen_power_spectrum: float = 1.0
    likelihood_beta: float = 1.0
    likelihood_grid: int = 10


class HIInference(Model[HIInferenceConfig]):
    """Trained estimators of the parameters. Use :meth:`load`, then :meth:`posterior`.

    Args:
        config: architecture and calibration.
        estimators: trained networks "cnn", "fixed" and "power_spectrum".
        out_of_distribution: the check for maps unlike the training maps.
        device: of the estimators; the CPU by default.

    Attributes:
        open_higlow: opens the flow of ``method="likelihood"`` at its first use; by default the
            shipped one on the same device.
    """

    folder = "hi_inference"
    config_class = HIInferenceConfig

    def __init__(
        self,
        config: HIInferenceConfig,
        estimators: dict[str, Estimator],
        out_of_distribution: MapOutOfDistributionCheck,
        device: str | torch.device | None = None,
    ) -> None:
        self.config = config
        self.device = torch.device(device or "cpu")
        self.estimators = {name: net.to(self.device).eval() for name, net in estimators.items()}
        self.out_of_distribution = out_of_distribution
        self.open_higlow: Callable[[], HIGlow] = partial(HIGlow.load, device=device)

    @classmethod
    def _restore(
        cls, config: HIInferenceConfig, tensors: dict[str, Tensor], device: str
    ) -> HIInference:
        nets = {}
        for kind in ("cnn", "fixed", "power_spectrum"):
            nets[kind] = Estimator(getattr(config, kind))
            nets[kind].load_state_dict(part(tensors, f"{kind}."))
        check = to_arrays(part(tensors, "familiarity."))
        return cls(config, nets, MapOutOfDistributionCheck.from_state(check), device)

    def _tensors(self) -> dict[str, Tensor]:
        tensors = to_tensors(prefixed(self.out_of_distribution.state(), "familiarity."))
        for name, net in self.estimators.items():
            tensors |= prefixed(net.state_dict(), f"{name}.")
        return tensors

    @cached_property
    def higlow(self) -> HIGlow:
        """The flow behind ``method="likelihood"``, opened at its first use."""
        return self.open_higlow()

    def log_sigma(self, sigma: ArrayLike) -> Floats:
        """A linear map of any fitting size, (Msun/h)/(Mpc/h)^2 -> its (64, 64) log10 Sigma.

        Raises:
            ValueError: unless it is one square map of 64, 128, 256, ... pixels a side with
                positive, finite values.
        """
        array = self._square(sigma)
        if not np.all(array > 0):
            raise ValueError(
                "The map holds values that are not positive; give linear Sigma_HI in "
                "(Msun/h)/(Mpc/h)^2."
            )
        return np.log10(coarsen(array, self.config.size))

    def _square(self, sigma: ArrayLike) -> Floats:
        array = np.asarray(sigma, dtype=np.float64)
        size = self.config.size
        if array.ndim != 2 or array.shape[0] != array.shape[1] or array.shape[0] % size:
            raise ValueError(
                f"The map has shape {array.shape}; one square map of {size}, {2 * size} or "
                f"{4 * size} pixels a side is needed."
            )
        if array.size == 0 or not np.all(np.isfinite(array)):
            raise ValueError("The map holds NaN or infinite values; fill or remove them.")
        return array

    def check(self, sigma: ArrayLike) -> OutOfDistributionResult:
        """Whether a map is like the training maps; takes some ten milliseconds.

        Args:
            sigma: as for :meth:`posterior`; values that are not positive are an answer here, not
                an error.

        Raises:
            ValueError: for a wrong shape or values that are not finite.
        """
        array = self._square(sigma)
        if not np.all(array > 0):
            share = float(np.mean(array <= 0))
            return OutOfDistributionResult(
                float("inf"), 1.0, True,
                f"{share:.0%} of the pixels are not positive, which a surface density never is; "
                "check that the map is linear and in (Msun/h)/(Mpc/h)^2.",
            )
        x = np.log10(coarsen(array, self.config.size))
        if np.ptp(x) < 1e-6:
            return OutOfDistributionResult(float("inf"), 1.0, True,
                               "The map is constant; there is no structure to infer from.")
        return self.out_of_distribution(summaries(x))

    def posterior(
        self,
        sigma: ArrayLike,
        method: Method = "field",
        n: int = 4000,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Posterior:
        """Samples of p(Omega_m, sigma_8 | map).

        Args:
            sigma: (64, 64), (128, 128), (256, 256), ... linear Sigma_HI of a 25 Mpc/h box and a
                5 Mpc/h slab at z = 0, in (Msun/h)/(Mpc/h)^2; averaged to 64 pixels.
            method: "field", "power_spectrum" or "likelihood" (some seconds).
            n: number of samples, at least 1.
            seed: noise seed, 0 or larger; the same seed gives the same samples.
            progress: called with the fraction done ("likelihood" only).

        Returns:
            :class:`core.posterior.Posterior` of Omega_m and sigma_8.

        Raises:
            ValueError: for a map that cannot be read, an unknown method, n below 1 or a negative
                seed.
        """
        if method not in METHODS:
            raise ValueError(f"There is no method {method!r}; choose from {', '.join(METHODS)}.")
        check_draws(n, seed)
        x = self.log_sigma(sigma)
        if method == "likelihood":
            samples = self.sample_grid(self.log_likelihood(x, progress), n, seed)
        else:
            samples = self.sample(x[None], method, n, seed)[0]
        return Posterior(samples, PARAMETER_LABELS)

    def sample(self, log_sigma: Floats, method: Method, n: int, seed: int = 0,
               batch_size: int = 64) -> Floats:
        """Samples for many maps at once with one of the estimators, (maps, n, 2).

        Args:
            log_sigma: (maps, 64, 64) log10 Sigma in (Msun/h)/(Mpc/h)^2.
            method: "field" or "power_spectrum".
            n: samples a map.
            seed: noise seed; the samples of a map depend on the batch that it is in, too.
            batch_size: maps at a time.
        """
        check_draws(n, seed)
        out = np.empty((len(log_sigma), n, 2))
        for start in range(0, len(log_sigma), batch_size):
            rows = slice(start, start + batch_size)
            unit = self._unit_samples(log_sigma[rows], method, n, seed + start)
            out[rows] = _LOW + (unit.transpose(0, 1).double().numpy() + 1) / 2 * (_HIGH - _LOW)
        return out

    def _unit_samples(self, x: Floats, method: Method, n: int, seed: int) -> Tensor:
        """(n, maps, 2) in [-1, 1]; the estimators of the field level mixed in random order."""
        compute = power_summaries if method == "power_spectrum" else summaries
        stats = torch.from_numpy(compute(x)).float().to(self.device)
        maps = map_channels(torch.from_numpy(np.asarray(x)).float().to(self.device),
                            self.config.mean, self.config.std, DIFFUSE_LIMIT)
        if method == "power_spectrum":
            counts = {"power_spectrum": n}
        else:
            by_cnn = round(self.config.cnn_share * n)
            counts = {"cnn": by_cnn, "fixed": n - by_cnn}
        parts = []
        for i, (name, count) in enumerate(counts.items()):
            if count:
                net = self.estimators[name]
                sees = maps if net.config.cnn else None
                own = stats[:, : net.config.summaries]
                parts.append(net.sample(count, own, sees, seed=len(counts) * seed + i).cpu())
        y = torch.cat(parts)
        y = y[torch.randperm(n, generator=torch.Generator().manual_seed(seed))]
        widen = getattr(self.config, f"widen_{method}")
        mean = y.mean(dim=0, keepdim=True)
        return to_box(mean + widen * (y - mean))

    def log_likelihood(self, log_sigma: Floats, progress: Progress | None = None
                       ) -> Floats:
        """HIGlow's ln p(map | Omega_m, sigma_8) on the grid, (G, G), Omega_m first; no tempering.

        Args:
            log_sigma: (64, 64).
            progress: called with the fraction done.
        """
        g = self.config.likelihood_grid
        omega_m, sigma_8 = (np.linspace(a, b, g) for a, b in (OMEGA_M_RANGE, SIGMA_8_RANGE))
        sigma = 10.0 ** np.asarray(log_sigma, dtype=np.float64)
        rows = []
        for i, value in enumerate(omega_m):
            maps = np.broadcast_to(sigma, (g, *sigma.shape))
            rows.append(self.higlow.log_prob(maps, np.full(g, value), sigma_8))
            if progress is not None:
                progress((i + 1) / g)
        return np.stack(rows)

    def sample_grid(self, log_likelihood: Floats, n: int, seed: int = 0,
                    beta: float | None = None) -> Floats:
        """Samples (n, 2) of the flat-prior posterior of a grid of log-likelihoods.

        Args:
            log_likelihood: (G, G), Omega_m first, nats.
            n: number of samples.
            seed: noise seed, 0 or larger.
            beta: exponent on the likelihood; the calibrated one by default.
        """
        check_draws(n, seed)
        g = len(log_likelihood)
        power = self.config.likelihood_beta if beta is None else beta
        points = np.linspace(0, 1, g)
        spline = RectBivariateSpline(points, points, log_likelihood - log_likelihood.max())
        cells = (np.arange(_FINE) + 0.5) / _FINE
        values = power * spline(cells, cells)
        weights = np.exp(values - values.max()).ravel()
        rng = np.random.default_rng(seed)
        cell = rng.choice(_FINE**2, size=n, p=weights / weights.sum())
        unit = (np.stack(np.divmod(cell, _FINE), axis=1) + rng.uniform(size=(n, 2))) / _FINE
        return _LOW + unit * (_HIGH - _LOW)
