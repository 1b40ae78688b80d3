"""Sets of reionization boxes on disk: simulate what is missing of a set, then gather its shards."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.reionization.constants import BOX_SIZE_MPC, N_CELLS
from training.manifest import write_manifest
from training.reionization.simulation.boxes import Row, assemble, parts_folder, write_shard
from training.reionization.simulation.design import COUNTS, SETS, draw_parameters, seeds_of
from training.tasks import cluster, results_as_completed

__all__ = ["SimulateConfig", "simulate", "simulate_rows"]


SOURCE_SETS = ("set_b", "held_out_b")
"""Sets of the source models; the others are 21cmFAST's own."""


@dataclass(frozen=True)
class SimulateConfig:
    """What to simulate.

    Args:
        output: folder for the files.
        sets: which of set_a, held_out, corner, history, set_b and held_out_b.
        n_set_a: initial conditions of set_a, two boxes each.
        n_held_out: initial conditions of held_out, two boxes each.
        n_corner: initial conditions of the held-out corner, two boxes each.
        n_history: initial conditions of the histories, seven redshifts each.
        n_set_b: initial conditions of the source models, four boxes each.
        n_held_out_b: others of the source models.
        workers: local processes (0: one a core).
        scheduler: address of a Dask scheduler to use instead of local processes.
    """

    output: Path
    sets: tuple[str, ...] = ("set_a", "corner", "history", "set_b")
    n_set_a: int = COUNTS["set_a"]
    n_held_out: int = COUNTS["held_out"]
    n_corner: int = COUNTS["corner"]
    n_history: int = COUNTS["history"]
    n_set_b: int = COUNTS["set_b"]
    n_held_out_b: int = COUNTS["held_out_b"]
    workers: int = 0
    scheduler: str | None = None


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
    one: Callable[[str, int], list[Row]] = _set_b if name in SOURCE_SETS else simulate_rows
    seeds = seeds_of(name, getattr(config, f"n_{name}")).tolist()
    todo = [seed for seed in seeds if not (parts / f"{seed:08d}.npz").exists()]
    begin = time.monotonic()
    with tqdm(total=len(seeds), initial=len(seeds) - len(todo), desc=name, unit="sim") as bar:
        for index, rows in results_as_completed(client, one, [(name, s) for s in todo]):
            write_shard(parts, todo[index], rows)
            bar.update()
    if todo:
        rate = 3600 * len(todo) / (time.monotonic() - begin)
        print(f"{name}: {len(todo)} initial conditions, {rate:.0f} an hour")
    settings = {**asdict(config), "output": str(config.output)}
    rows_made = assemble(path, {"simulator": _simulator(name)})
    write_manifest(path.with_suffix(".manifest.json"), {
        "set": name, "simulator": _simulator(name), "rows": rows_made, "seeds": seeds,
        "config": settings,
    })


def _simulator(name: str) -> str:
    from importlib.metadata import version

    made = f"21cmFAST {version('21cmFAST')}"
    return f"{made}, haloes and an excursion set of our own" if name in SOURCE_SETS else made


def simulate(config: SimulateConfig) -> None:
    """Simulate every set that was asked for."""
    unknown = sorted(set(config.sets) - set(SETS))
    if unknown:
        raise ValueError(f"There is no set {', '.join(unknown)}; choose from {', '.join(SETS)}.")
    with cluster(config.workers, config.scheduler) as client:
        for name in config.sets:
            simulate_set(config, name, client)
