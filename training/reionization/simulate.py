"""Reionization boxes, from initial conditions to files.

    python -m training.reionization.simulate --output data/reionization
    python -m training.reionization.simulate --output data/reionization --scheduler tcp://host:8786

Five sets, each an HDF5 file (see :mod:`training.reionization.simulation.boxes`) with its manifest:

* set_a: 21cmFAST, 900 initial conditions x 2 (redshift, efficiency, minimum virial temperature and
  largest bubble radius drawn for each row, the mean neutral fraction about uniform);
* held_out: the same with other initial conditions, to measure on where set_a is not at hand;
* corner: the same simulator in a corner of the parameters that is never trained on;
* history: a few initial conditions at several redshifts with fixed parameters;
* set_b: galaxies or AGN, see :mod:`training.reionization.simulation.source_models`.

A killed run goes on where it was. 21cmFAST is needed here and nowhere else:
training/reionization/requirements.txt.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from tqdm import tqdm

from core.reionization.constants import (
    BOX_SIZE_MPC,
    N_CELLS,
    REDSHIFT_RANGE,
    X_HI_RANGE,
)
from training.reionization.simulation.boxes import (
    Row,
    assemble,
    parts_folder,
    write_manifest,
    write_shard,
)
from training.tasks import cluster, results_as_completed

__all__ = [
    "CORNER_BUBBLE",
    "CORNER_TVIR",
    "SETS",
    "SimulateConfig",
    "draw_parameters",
    "simulate_rows",
    "zeta_for",
]

TVIR_RANGE = (4.0, 5.3)
BUBBLE_RANGE_MPC = (15.0, 50.0)
CORNER_TVIR, CORNER_BUBBLE = 5.0, 25.0
"""The corner held out of training: rare sources (log10 Tvir above), small bubbles (Mpc below)."""

HISTORY_REDSHIFTS = (7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0)
FIRST_SEED = {
    "set_a": 1,
    "set_b": 500_001,
    "held_out": 600_001,
    "corner": 700_001,
    "history": 800_001,
}
SETS = ("set_a", "held_out", "corner", "history", "set_b")


@dataclass(frozen=True)
class SimulateConfig:
    """What to simulate.

    Args:
        output: folder for the files.
        sets: which of set_a, held_out, corner, history and set_b.
        n_set_a: initial conditions of set_a, two boxes each.
        n_held_out: initial conditions of held_out, two boxes each.
        n_corner: initial conditions of the held-out corner, two boxes each.
        n_history: initial conditions of the histories, seven redshifts each.
        n_set_b: initial conditions of the source models, four boxes each.
        workers: local processes (0: one a core).
        scheduler: address of a Dask scheduler to use instead of local processes.
    """

    output: Path
    sets: tuple[str, ...] = ("set_a", "corner", "history", "set_b")
    n_set_a: int = 900
    n_held_out: int = 60
    n_corner: int = 60
    n_history: int = 6
    n_set_b: int = 200
    workers: int = 0
    scheduler: str | None = None


# Fraction of the gas ionized at zeta = 1, measured with 21cmFAST at these redshifts and log10 Tvir
_REDSHIFTS = (7.0, 8.0, 9.0, 10.0)
_TVIR = (4.0, 4.3, 4.6, 4.9, 5.2, 5.3)
_IONIZED_AT_ONE = (
    (0.070182, 0.051388, 0.03488, 0.021452, 0.01178, 0.00941),
    (0.048261, 0.033493, 0.021264, 0.012013, 0.005933, 0.004554),
    (0.03255, 0.021342, 0.012623, 0.006528, 0.002885, 0.002121),
    (0.021519, 0.013294, 0.007307, 0.003446, 0.001358, 0.000955),
)
# Mean neutral fraction at zeta times that, for largest bubbles of 15, 25 and 50 Mpc
_RADII = (15.0, 25.0, 50.0)
_PRODUCT = (0.0, 0.02, 0.1, 0.25, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6, 2.0)
_NEUTRAL = (
    (1.0, 0.982, 0.92, 0.81, 0.62, 0.46, 0.33, 0.22, 0.14, 0.08, 0.03),
    (1.0, 0.982, 0.92, 0.81, 0.61, 0.425, 0.25, 0.13, 0.05, 0.014, 0.004),
    (1.0, 0.982, 0.92, 0.81, 0.61, 0.415, 0.19, 0.045, 0.004, 0.002, 0.001),
)


def zeta_for(x_hi: float, redshift: float, log10_tvir: float, r_bubble_mpc: float) -> float:
    """Ionizing efficiency that brings a box to about a mean neutral fraction (within some 0.05).

    Args:
        x_hi: wanted, in (0, 1).
        redshift: 7 to 10.
        log10_tvir: minimum virial temperature of the sources, log10 K, 4 to 5.3.
        r_bubble_mpc: largest bubble radius, 15 to 50 Mpc.
    """
    curve = [np.interp(r_bubble_mpc, _RADII, column)
             for column in np.array(_NEUTRAL).T]
    product = np.interp(-x_hi, -np.array(curve), _PRODUCT)
    table = RegularGridInterpolator((_REDSHIFTS, _TVIR), np.log(_IONIZED_AT_ONE))
    return float(product / np.exp(table((redshift, log10_tvir)).item()))


def draw_parameters(name: str, seed: int) -> list[dict[str, float]]:
    """The parameters of the rows of one initial condition, a function of set and seed."""
    rng = np.random.default_rng((seed, 21))
    if name == "history":
        tvir, radius = rng.uniform(4.2, 4.9), rng.uniform(25, BUBBLE_RANGE_MPC[1])
        zeta = zeta_for(rng.uniform(0.4, 0.7), 8.0, tvir, radius)
        return [{"redshift": z, "log10_tvir": tvir, "r_bubble_mpc": radius, "zeta": zeta}
                for z in HISTORY_REDSHIFTS]
    low = (CORNER_TVIR, BUBBLE_RANGE_MPC[0]) if name == "corner" else (
        TVIR_RANGE[0], BUBBLE_RANGE_MPC[0])
    high = (TVIR_RANGE[1], CORNER_BUBBLE) if name == "corner" else (
        TVIR_RANGE[1], BUBBLE_RANGE_MPC[1])
    rows = []
    for half in range(2):
        # one box of each initial condition in each half of the neutral fraction
        middle, width = np.mean(X_HI_RANGE), np.ptp(X_HI_RANGE)
        x_hi = middle + (half - rng.uniform()) * width / 2
        redshift = rng.uniform(*REDSHIFT_RANGE)
        tvir, radius = rng.uniform(low[0], high[0]), rng.uniform(low[1], high[1])
        rows.append({"redshift": redshift, "log10_tvir": tvir, "r_bubble_mpc": radius,
                     "zeta": zeta_for(x_hi, redshift, tvir, radius)})
    return rows


def simulate_rows(name: str, seed: int) -> list[Row]:
    """The boxes of one initial condition of set_a, corner or history, with 21cmFAST.

    Returns:
        A row for each set of parameters: cubes (64, 64, 64) float16 with the line of sight first,
        and numbers (seed, redshift, zeta, log10_tvir, r_bubble_mpc, x_hi_mean).

    Paper: Murray et al. 2020 (21cmFAST v3), doi:10.21105/joss.02582.
    """
    import warnings

    import py21cmfast as p21
    from py21cmfast.rsds import apply_rsds

    warnings.filterwarnings("ignore", module="py21cmfast|attr")
    p21.config["ignore_R_BUBBLE_MAX_error"] = True
    base = p21.InputParameters.from_template(
        ["const-zeta"], random_seed=seed, HII_DIM=N_CELLS, BOX_LEN=BOX_SIZE_MPC,
        HIRES_TO_LOWRES_FACTOR=2, N_THREADS=1, M_MIN_in_Mass=False,
    )
    conditions = p21.compute_initial_conditions(inputs=base)
    rows: list[Row] = []
    for parameters in draw_parameters(name, seed):
        inputs = base.evolve_input_structs(
            HII_EFF_FACTOR=parameters["zeta"], ION_Tvir_MIN=parameters["log10_tvir"],
            R_BUBBLE_MAX=parameters["r_bubble_mpc"],
        )
        matter = p21.perturb_field(redshift=parameters["redshift"], initial_conditions=conditions)
        ionized = p21.compute_ionization_field(
            inputs=inputs, perturbed_field=matter, initial_conditions=conditions
        )
        light = p21.brightness_temperature(ionized_box=ionized, perturbed_field=matter)
        seen = apply_rsds(
            field=light.get("brightness_temp"), los_velocity=matter.get("velocity_z"),
            redshifts=parameters["redshift"], inputs=base, periodic=True,
        )
        x_hi = ionized.get("neutral_fraction")
        rows.append({
            "density": _los_first(matter.get("density")),
            "x_hi": _los_first(x_hi),
            "brightness_temp": _los_first(seen),
            "seed": seed,
            "x_hi_mean": float(x_hi.mean(dtype=np.float64)),
            **parameters,
        })
    return rows


def _los_first(cube: NDArray[Any]) -> NDArray[np.float16]:
    return np.ascontiguousarray(np.moveaxis(np.asarray(cube), -1, 0)).astype(np.float16)


def _set_b(name: str, seed: int) -> list[Row]:
    from training.reionization.simulation.source_models import simulate_sources

    return simulate_sources(seed)


def simulate_set(config: SimulateConfig, name: str, client: Any) -> None:
    """Make or finish one set."""
    path = config.output / f"{name}.h5"
    parts = parts_folder(path)
    simulate: Callable[[str, int], list[Row]] = _set_b if name == "set_b" else simulate_rows
    seeds = [FIRST_SEED[name] + i for i in range(getattr(config, f"n_{name}"))]
    todo = [seed for seed in seeds if not (parts / f"{seed:08d}.npz").exists()]
    begin = time.monotonic()
    with tqdm(total=len(seeds), initial=len(seeds) - len(todo), desc=name, unit="sim") as bar:
        for index, rows in results_as_completed(client, simulate, [(name, s) for s in todo]):
            write_shard(parts, todo[index], rows)
            bar.update()
    if todo:
        rate = 3600 * len(todo) / (time.monotonic() - begin)
        print(f"{name}: {len(todo)} initial conditions, {rate:.0f} an hour")
    settings = {**asdict(config), "output": str(config.output)}
    rows_made = assemble(path, {"simulator": _simulator(name)})
    write_manifest(path, {"set": name, "simulator": _simulator(name), "rows": rows_made,
                          "seeds": seeds, "config": settings})


def _simulator(name: str) -> str:
    from importlib.metadata import version

    made = f"21cmFAST {version('21cmFAST')}"
    return f"{made}, haloes and an excursion set of our own" if name == "set_b" else made


def main(config: SimulateConfig) -> None:
    """Simulate every set that was asked for."""
    unknown = sorted(set(config.sets) - set(SETS))
    if unknown:
        raise ValueError(f"There is no set {', '.join(unknown)}; choose from {', '.join(SETS)}.")
    with cluster(config.workers, config.scheduler) as client:
        for name in config.sets:
            simulate_set(config, name, client)


if __name__ == "__main__":
    main(tyro.cli(SimulateConfig))
