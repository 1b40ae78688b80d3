"""Model maps beside simulated maps: one definition of every distance, used by every evaluation.

Maps are compared at fixed cosmologies, where many simulations share (Omega_m, sigma_8) and differ
in their initial conditions and astrophysics. Beside each distance stands its *floor*: the same
distance between two disjoint halves of the simulations (split by simulation, never by map),
averaged over random halvings. A half has half the simulations, so the floor is about sqrt(2)
larger than what two full sets would give, and a perfect model stays below it.

* **P(k) deviation**: |<P_model> / <P_sim> - 1| for the mean over maps, in 12 logarithmic bins of
  0.3 < k < 8 h/Mpc, at every cosmology; the median and the worst of all of them.
* **scatter**: the same for the standard deviation of P(k) between maps.
* **PDF**: the 1D Wasserstein distance of the pixels of log10 Sigma, mean over cosmologies, divided
  by its floor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.fields import BOX_SIZE_MPC_H
from core.statistics import log_field, overdensity, power_spectrum
from training.evaluation.errors import jackknife
from training.evaluation.report import EvaluationConfig
from training.hydrogen.datasets.held_out import QUICK, held_out_folder, partial_set
from training.hydrogen.datasets.maps import open_set

__all__ = [
    "K_EDGES",
    "FixedCosmology",
    "FixedSet",
    "compare",
    "fixed_cosmologies",
    "fixed_set",
    "matched_errors",
    "mean_deviation",
    "spectra",
]

Floats = NDArray[np.floating]

K_EDGES: Floats = np.geomspace(0.3, 8.0, 13)  # h/Mpc
FIELDS = ("log", "delta")
_QUANTILES = (np.arange(2000) + 0.5) / 2000


@dataclass(frozen=True)
class FixedCosmology:
    """Simulated maps that share a cosmology.

    Attributes:
        omega_m, sigma_8: the shared parameters.
        maps: (n_simulations, maps_per_simulation, N, N) float32, linear Sigma_HI.
    """

    omega_m: float
    sigma_8: float
    maps: Floats


def fixed_cosmologies(
    data: Path, size: int = 64, limit: int | None = None
) -> list[FixedCosmology]:
    """The fixed-cosmology set (FIX, or CV of the real CAMELS), grouped by (Omega_m, sigma_8).

    Args:
        data: folder of the maps.
        size: pixels a side; coarsened from the files.
        limit: at most so many simulations a cosmology.
    """
    maps = open_set(data, "FIX", "CV")
    rows = np.round(np.asarray(maps.parameters)[:, :2], 5)
    per = maps.maps_per_simulation
    groups = []
    for omega_m, sigma_8 in np.unique(rows, axis=0):
        members = np.flatnonzero((rows == (omega_m, sigma_8)).all(axis=1))[:limit]
        indices = (members[:, None] * per + np.arange(per)).ravel()
        pixels = maps.at_size(size, indices).reshape(len(members), per, size, size)
        groups.append(FixedCosmology(float(omega_m), float(sigma_8), pixels))
    return groups


@dataclass(frozen=True)
class FixedSet:
    """Simulations that a model of maps is measured against.

    Attributes:
        cosmologies: with their maps.
        suite: of the simulations.
        partial: why it is not the whole set; empty if it is.
    """

    cosmologies: list[FixedCosmology]
    suite: str
    partial: str

    def describe(self, maps: int) -> str:
        """What a comparison was made on, in words.

        Args:
            maps: of the model at each cosmology.
        """
        return (
            f"{self.suite}, {len(self.cosmologies)} fixed cosmologies of "
            f"{len(self.cosmologies[0].maps)} simulations, {maps} model maps each"
        )


def fixed_set(config: EvaluationConfig, data: Path | None, size: int, reason: str = "") -> FixedSet:
    """The fixed cosmologies of a data folder, or simulated afresh.

    Args:
        config: of the evaluation; a quick one takes few simulations.
        data: folder of the maps, if there is one.
        size: pixels a side.
        reason: why the measurement is partial anyway.

    Raises:
        ValueError: if a partial measurement is to be written.
    """
    config.why_partial(reason)
    with held_out_folder(data, "FIX", config.quick) as folder:
        partial = config.why_partial(reason or partial_set(folder, "FIX", "CV"))
        limit = QUICK["FIX"] if config.quick else None
        suite = open_set(folder, "FIX", "CV").suite
        return FixedSet(fixed_cosmologies(folder, size, limit), suite, partial)


def matched_errors(
    distances: Callable[[list[Floats], list[FixedCosmology]], dict[str, float]],
    generated: list[Floats],
    simulated: list[FixedCosmology],
) -> dict[str, float]:
    """Standard errors: a simulation and its share of the model's maps are left out in turn.

    Args:
        distances: measures the model's maps against the simulations.
        generated: for each cosmology (n, N, N) linear maps of the model.
        simulated: the same cosmologies, with matched initial conditions.
    """
    count = min(len(c.maps) for c in simulated)

    def measure(kept: NDArray[np.int_]) -> dict[str, float]:
        ours = [maps[np.isin(np.arange(len(maps)) % count, kept)] for maps in generated]
        return distances(ours, [replace(c, maps=c.maps[kept]) for c in simulated])

    return jackknife(measure, count)


def spectra(maps: Floats, field: str, edges: Floats = K_EDGES) -> Floats:
    """P(k) of each map, (..., B) in (Mpc/h)^2.

    Args:
        maps: (..., N, N) linear Sigma_HI.
        field: "log" for log10 Sigma, "delta" for Sigma / mean - 1.
        edges: of the bins in h/Mpc.
    """
    values = log_field(maps) if field == "log" else overdensity(maps)
    return power_spectrum(values, BOX_SIZE_MPC_H, k_edges=edges)[1]


def mean_deviation(model: Floats, simulated: Floats, scatter: bool = False) -> Floats:
    """|ratio - 1| of the means over maps (or of the standard deviations), (B,)."""
    reduce = np.std if scatter else np.mean
    return np.abs(reduce(model, axis=0) / reduce(simulated, axis=0) - 1.0)


def _quantiles(maps: Floats) -> Floats:
    """2,000 quantiles of log10 Sigma over all pixels; their mean difference is Wasserstein's."""
    return np.quantile(log_field(maps), _QUANTILES)


def _halves(n: int, rng: np.random.Generator) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    order = rng.permutation(n)
    return order[: n // 2], order[n // 2 : 2 * (n // 2)]


def _two(name: str, values: list[Floats]) -> dict[str, float]:
    """Median and worst over bins and cosmologies; averaged over the leading list (halvings)."""
    return {
        f"{name}_median": float(np.mean([np.median(v) for v in values])),
        f"{name}_worst": float(np.mean([np.max(v) for v in values])),
    }


def compare(
    model: list[Floats], simulated: list[FixedCosmology], halvings: int = 20, seed: int = 0
) -> dict[str, float]:
    """Every distance and its floor.

    Args:
        model: for each cosmology (n, N, N) linear maps of the model.
        simulated: the same cosmologies, in the same order; at least two simulations each.
        halvings: random splits of the simulations that the floor averages over.
        seed: random seed of the splits.

    Returns:
        pk_log_median, pk_log_worst, pk_delta_median, pk_delta_worst, pk_scatter_median (log field),
        pk_scatter_delta_median, pdf_distance (dex), pdf_over_floor, and each floor_.

    Raises:
        ValueError: if the lists differ in length or a cosmology has a single simulation.
    """
    if len(model) != len(simulated):
        raise ValueError(f"{len(model)} sets of model maps for {len(simulated)} cosmologies.")
    if min(len(c.maps) for c in simulated) < 2:
        raise ValueError("The floor needs at least two simulations at every cosmology.")
    rng = np.random.default_rng(seed)
    splits = [[_halves(len(c.maps), rng) for c in simulated] for _ in range(halvings)]
    result: dict[str, float] = {}
    for field in FIELDS:
        ours = [spectra(m, field) for m in model]
        theirs = [spectra(c.maps, field) for c in simulated]
        flat = [p.reshape(-1, p.shape[-1]) for p in theirs]
        for scatter in (False, True):
            found = np.array([mean_deviation(a, b, scatter) for a, b in zip(ours, flat,
                                                                           strict=True)])
            floors = [
                np.array([
                    mean_deviation(p[a].reshape(-1, p.shape[-1]), p[b].reshape(-1, p.shape[-1]),
                                   scatter)
                    for p, (a, b) in zip(theirs, split, strict=True)
                ])
                for split in splits
            ]
            name = f"pk_{field}"
            if scatter:
                name = "pk_scatter" if field == "log" else "pk_scatter_delta"
            both = _two(name, [found]) | _two(f"floor_{name}", floors)
            result |= {k: v for k, v in both.items() if not (scatter and k.endswith("_worst"))}
    result |= _pdf_distance(model, simulated, splits)
    return result


def _pdf_distance(model: list[Floats], simulated: list[FixedCosmology], splits: list
                  ) -> dict[str, float]:
    """Wasserstein distance of the pixels. Halves are compared through all their pixels."""
    found = np.mean([
        np.mean(np.abs(_quantiles(m) - _quantiles(c.maps)))
        for m, c in zip(model, simulated, strict=True)
    ])
    floors = [
        np.mean(np.abs(_quantiles(c.maps[a]) - _quantiles(c.maps[b])))
        for split in splits[:5]
        for c, (a, b) in zip(simulated, split, strict=True)
    ]
    floor = float(np.mean(floors))
    return {"pdf_distance": float(found), "floor_pdf_distance": floor,
            "pdf_over_floor": float(found) / floor, "floor_pdf_over_floor": 1.0}
