"""What the training simulations show at a cosmology: the band to hold a generated map against.

Every map of the training suite left its power spectra and its PDF; a band is taken over the maps of
the simulations nearest in (Omega_m, sigma_8), so it holds sample variance and astrophysics alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.fields import OMEGA_M_RANGE, SIGMA_8_RANGE
from core.hydrogen.parameters import check_parameters
from core.model import Model

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Band", "SimulationBand", "SimulationBandConfig"]

Floats = NDArray[np.floating]


class Band(NamedTuple):
    """A statistic over maps: abscissa, median, 16th and 84th percentile."""

    x: Floats
    median: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class SimulationBandConfig:
    """What the table was made from.

    Attributes:
        suite: simulation suite.
        simulations: how many.
        neighbours: simulations a band is taken over.
    """

    suite: str
    simulations: int
    neighbours: int = 24


class SimulationBand(Model[SimulationBandConfig]):
    """Bands of P(k) and of the PDF of log10 Sigma_HI, at 64 pixels a side.

    Args:
        config: what the table was made from.
        tables: parameters (s, 2); k (B,) in h/Mpc; log_power and delta_power (s, m, B), log10 of
            P(k) in (Mpc/h)^2 of the log field and of the overdensity of each map; edges (E + 1,) of
            log10 Sigma; density (s, m, E), PDF a dex.
    """

    folder = "hi_statistics"
    config_class = SimulationBandConfig

    def __init__(self, config: SimulationBandConfig, tables: dict[str, Floats]) -> None:
        self.config = config
        self.tables = tables

    @classmethod
    def _restore(
        cls, config: SimulationBandConfig, tensors: dict[str, Tensor], device: str
    ) -> SimulationBand:
        """A table is read and not computed: the device plays no part."""
        return cls(config, {name: t.float().numpy() for name, t in tensors.items()})

    def _tensors(self) -> dict[str, Tensor]:
        import torch

        exact = ("parameters", "k", "edges")  # the others lose nothing in half precision
        tensors = {k: torch.from_numpy(np.asarray(v, np.float32)) for k, v in self.tables.items()}
        return {k: t if k in exact else t.half() for k, t in tensors.items()}

    def power_spectrum(
        self, omega_m: float, sigma_8: float, field: Literal["log", "delta"] = "log"
    ) -> Band:
        """P(k) in (Mpc/h)^2 over k in h/Mpc, of log10 Sigma ("log") or Sigma/mean - 1 ("delta")."""
        if field not in ("log", "delta"):
            raise ValueError(f'field is {field!r}; choose "log" or "delta".')
        values = 10.0 ** self._near(omega_m, sigma_8, f"{field}_power")
        return self._band(self.tables["k"], values)

    def pdf(self, omega_m: float, sigma_8: float) -> Band:
        """PDF a dex of log10 Sigma, at the centres of the bins."""
        edges = self.tables["edges"]
        values = self._near(omega_m, sigma_8, "density")
        return self._band((edges[1:] + edges[:-1]) / 2, values)

    def _near(self, omega_m: float, sigma_8: float, table: str) -> Floats:
        """Rows of the maps of the nearest simulations, (maps, columns)."""
        check_parameters(omega_m, sigma_8)
        width = np.array([np.ptp(OMEGA_M_RANGE), np.ptp(SIGMA_8_RANGE)])
        offset = (self.tables["parameters"] - np.array([omega_m, sigma_8])) / width
        nearest = np.argsort((offset**2).sum(axis=1))[: self.config.neighbours]
        rows = self.tables[table][nearest]
        return rows.reshape(-1, rows.shape[-1])

    @staticmethod
    def _band(x: Floats, values: Floats) -> Band:
        low, median, high = np.percentile(values, [16, 50, 84], axis=0)
        return Band(x, median, low, high)
