"""What the pages ask of core: maps of a model, the simulations' band, posteriors.

Models load on first use and stay. Drawn maps are kept for a while, so that going back to a slider
position, or a second visitor opening the first page, costs nothing.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from apps.shared import checks
from apps.shared.checks import MAX_SEED
from apps.shared.compute.executor import queued
from apps.shared.compute.gpu import lend
from apps.shared.compute.requests import current_ticket
from apps.shared.downloads import MetadataEntry, weights_entry
from core.fields import (
    BOX_SIZE_MPC_H,
    OMEGA_M_RANGE,
    SIGMA_8_RANGE,
    SIGMA_UNITS,
    SLAB_MPC_H,
    coarsen,
)

if TYPE_CHECKING:
    from core.hydrogen.hi_cdm import HICDM
    from core.hydrogen.higlow import HIGlow
    from core.hydrogen.inference import HIInference
    from core.hydrogen.reference import SimulationBand
    from core.out_of_distribution import OutOfDistributionResult
    from core.posterior import Posterior

__all__ = [
    "COLOUR_LIMITS",
    "FOLDERS",
    "MAX_MAPS",
    "MAX_SEED",
    "METHODS",
    "MODELS",
    "PARAMETER_NAMES",
    "SIZE",
    "Drawn",
    "band",
    "draw",
    "out_of_distribution",
    "is_loaded",
    "posterior",
    "to_model_size",
]

Floats = NDArray[np.floating]
Progress = Callable[[float], None]

MODELS = ("HI-CDM", "HIGlow")
FOLDERS = {"HI-CDM": "hi_cdm", "HIGlow": "higlow"}
METHODS = {
    "field": "the whole field (neural posterior)",
    "power_spectrum": "its power spectrum alone (neural posterior)",
    "likelihood": "the whole field (HIGlow's likelihood)",
}
PARAMETER_NAMES = {"omega_m": "Ωₘ", "sigma_8": "σ₈"}
RANGES = {"omega_m": OMEGA_M_RANGE, "sigma_8": SIGMA_8_RANGE}
MAX_MAPS = 16
MAPS_A_TURN = 4
SIZE = 64
COLOUR_LIMITS = (2.8, 9.2)
"""log10 Sigma at the ends of every colour bar, the same everywhere so that maps can be compared."""

_KEPT_DRAWS = 64


@dataclass(frozen=True)
class Drawn:
    """Maps of a model and what made them.

    Attributes:
        maps: (n, 64, 64) linear Sigma_HI in (Msun/h)/(Mpc/h)^2.
        model, omega_m, sigma_8: what was drawn.
        seed: noise seed.
    """

    maps: Floats
    model: str
    omega_m: float
    sigma_8: float
    seed: int

    @property
    def name(self) -> str:
        """A file name without ending."""
        model = FOLDERS[self.model]
        return (
            f"{model}_Om{self.omega_m:.3f}_s8{self.sigma_8:.3f}_seed{self.seed}_n{len(self.maps)}"
        )

    def facts(self) -> list[MetadataEntry]:
        """Provenance for a download."""
        return [
            MetadataEntry("omega_m", "OMEGA_M", self.omega_m, "matter density parameter"),
            MetadataEntry("sigma_8", "SIGMA_8", self.sigma_8, "amplitude of matter fluctuations"),
            MetadataEntry("model", "MODEL", self.model, "generative model of CosmoDesk"),
            MetadataEntry("seed", "SEED", self.seed, "seed of the draw"),
            MetadataEntry("n_maps", "NMAPS", len(self.maps), "maps of this seed"),
            weights_entry(FOLDERS[self.model]),
            MetadataEntry("field", "FIELD", "HI surface density", "neutral hydrogen"),
            MetadataEntry("units", "UNITS", SIGMA_UNITS, "linear, comoving"),
            MetadataEntry("redshift", "REDSHIFT", 0.0, ""),
            MetadataEntry(
                "box_size_mpc_h", "BOXSIZE", BOX_SIZE_MPC_H, "[Mpc/h] side of the periodic map"
            ),
            MetadataEntry("slab_mpc_h", "SLAB", SLAB_MPC_H, "[Mpc/h] depth projected"),
            MetadataEntry(
                "trained_on", "TRAINSET", "CosmoDeskPM stand-in simulation", "not CAMELS"
            ),
        ]


_loaded: set[str] = set()


def is_loaded(model: str) -> bool:
    """Whether the model was used before; the first use takes some seconds longer."""
    return model in _loaded


@functools.cache
def _open_hi_cdm() -> HICDM:
    from core.hydrogen.hi_cdm import HICDM

    return HICDM.load()


@functools.cache
def _open_higlow() -> HIGlow:
    from core.hydrogen.higlow import HIGlow

    return HIGlow.load()


_OPENERS: dict[str, Callable[[], Any]] = {
    "HI-CDM": lend(_open_hi_cdm, ("sample", "sample_each"), duration=60),
    "HIGlow": lend(_open_higlow, ("sample", "sample_each"), duration=20),
}


def _sampler(model: str) -> Any:
    opened = _OPENERS[model]()
    _loaded.add(model)
    return queued(opened, model)


@functools.cache
def band() -> SimulationBand:
    """The simulations' statistics."""
    from core.hydrogen.reference import SimulationBand

    return SimulationBand.load()


@functools.cache
def _inference() -> HIInference:
    from core.hydrogen.inference import HIInference

    inference = HIInference.load(device="cpu")
    inference.open_higlow = _open_higlow  # which the page of generated maps has, too
    return inference


_by_likelihood = lend(_inference, ("posterior",), duration=30)
"""The likelihood is HIGlow's, on its device; the estimators are small and stay on the CPU."""


def open_all() -> None:
    """Open every model, on its device."""
    for model in MODELS:
        _sampler(model)
    _inference().higlow.size  # noqa: B018  it opens at its first use
    band()


class _Draws:
    """The last draws; map i of a seed does not depend on n, so more maps serve for fewer."""

    def __init__(self, size: int) -> None:
        self._kept: LRUCache[tuple, Floats] = LRUCache(size)
        self._lock = threading.Lock()

    def get(self, key: tuple, n: int) -> Floats | None:
        with self._lock:
            maps = self._kept.get(key)
            return None if maps is None or len(maps) < n else maps[:n]

    def put(self, key: tuple, maps: Floats) -> None:
        with self._lock:
            self._kept[key] = maps


_draws = _Draws(_KEPT_DRAWS)


def draw(
    model: str,
    omega_m: float,
    sigma_8: float,
    n: int = 1,
    seed: int = 1,
    progress: Progress | None = None,
) -> Drawn:
    """Maps of a model; the same arguments give the same maps.

    Args:
        model: one of :data:`MODELS`.
        omega_m, sigma_8: within the trained range.
        n: 1 to 16.
        seed: 0 to 2^31 - 1.
        progress: called with the fraction done.

    Raises:
        ValueError: one sentence naming what is wrong and what would be right.
    """
    checks.one_of("model", model, MODELS)
    omega_m, sigma_8 = (
        checks.number(name, value, *RANGES[name], why="outside the trained range")
        for name, value in (("omega_m", omega_m), ("sigma_8", sigma_8))
    )
    n = checks.whole("number of maps", n, 1, MAX_MAPS)
    seed = checks.seed(seed)
    key = (model, omega_m, sigma_8, seed)
    maps = _draws.get(key, n)
    if maps is None:
        maps = _sampled(_sampler(model), (omega_m, sigma_8), n, seed, progress)
        _draws.put(key, maps)
    return Drawn(maps, model, omega_m, sigma_8, seed)


def _sampled(
    model: Any, cosmology: tuple[float, float], n: int, seed: int, progress: Progress | None
) -> Floats:
    """A few maps a turn, so that a request for one map comes between those of one for many."""
    if n <= MAPS_A_TURN:
        return model.sample(*cosmology, n, seed, progress=progress)
    ticket, parts = current_ticket(), []
    for first in range(0, n, MAPS_A_TURN):
        count = min(MAPS_A_TURN, n - first)
        ticket.turns_left = -(-(n - first - count) // MAPS_A_TURN)

        def part(fraction: float, done: int = first, of: int = count) -> None:
            if progress is not None:
                progress((done + fraction * of) / n)

        omega_m, sigma_8 = (np.full(count, value) for value in cosmology)
        parts.append(model.sample_each(omega_m, sigma_8, seed, first=first, progress=part))
    return np.concatenate(parts)


def to_model_size(sigma: Floats) -> Floats:
    """A square linear map of 64 pixels a side, or of a multiple, as the models take it.

    Raises:
        ValueError: for another size, or for values that are not above zero.
    """
    side = sigma.shape[-1]
    if side % SIZE or side < SIZE:
        raise ValueError(
            f"The map has {side} x {side} pixels; {SIZE} x {SIZE} or a multiple of it, such as "
            f"{4 * SIZE} x {4 * SIZE}, is needed, because the models know that resolution alone."
        )
    coarse = coarsen(sigma, SIZE) if side > SIZE else sigma
    bad = int(np.count_nonzero(~(coarse > 0)))
    if bad:
        raise ValueError(
            f"The map holds {bad} of {coarse.size} values that are not above zero; the linear "
            f"surface density in {SIGMA_UNITS} is needed, which is positive everywhere."
        )
    return coarse


def posterior(
    sigma: Floats, method: str, seed: int = 0, n: int = 4000, progress: Progress | None = None
) -> Posterior:
    """p(Omega_m, sigma_8 | map) by one of :data:`METHODS`."""
    checks.one_of("method", method, tuple(METHODS))
    inference = _by_likelihood() if method == "likelihood" else _inference()
    return queued(inference, f"inference {method}").posterior(
        sigma, method=method, n=n, seed=seed, progress=progress  # type: ignore[arg-type]
    )


def out_of_distribution(sigma: Floats) -> OutOfDistributionResult:
    """Whether a map is like those the models learned from."""
    return queued(_inference(), "inference").check(sigma)


def example_files() -> list[Path]:
    """Held-out simulated maps shipped with the app."""
    return sorted((Path(__file__).parent / "examples").glob("*.npz"))
