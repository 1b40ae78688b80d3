"""Sets of HI maps on disk: simulate what is missing of a set, in the CMD layout."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.fields import BOX_SIZE_MPC_H, MAPS_PER_SIMULATION
from core.files import whole_file
from training.hydrogen.simulation.cosmology import Cosmology
from training.hydrogen.simulation.design import COUNTS, MAP_SIZE, PARTICLES, SUITE, design
from training.hydrogen.simulation.gravity import simulate_matter
from training.hydrogen.simulation.haloes import find_haloes
from training.hydrogen.simulation.neutral_hydrogen import Feedback, hi_maps
from training.manifest import write_manifest
from training.tasks import cluster, results_as_completed

__all__ = ["SetFiles", "SimulateConfig", "simulate", "simulate_one", "simulate_set"]


@dataclass(frozen=True)
class SimulateConfig:
    """What to simulate.

    Args:
        output: folder; one folder a set is made inside.
        sets: which of LH, TEST and FIX.
        n_lh: simulations of the training set.
        n_test: simulations of the held-out set.
        n_fixed: simulations of each fixed cosmology.
        particles: a side.
        map_size: pixels a side.
        workers: local processes (0: one a core).
        scheduler: address of a Dask scheduler to use instead of local processes.
    """

    output: Path
    sets: tuple[str, ...] = ("LH", "TEST", "FIX")
    n_lh: int = COUNTS["LH"]
    n_test: int = COUNTS["TEST"]
    n_fixed: int = COUNTS["FIX"]
    particles: int = PARTICLES
    map_size: int = MAP_SIZE
    workers: int = 0
    scheduler: str | None = None


def simulate_one(
    parameters: NDArray[np.float64], seed: int, particles: int = PARTICLES, size: int = MAP_SIZE
) -> NDArray[np.float32]:
    """One simulation, from phases to its 15 maps.

    Args:
        parameters: Omega_m, sigma_8, A_SN1, A_AGN1 (further columns are not used).
        seed: random seed of the initial phases.
        particles: a side.
        size: pixels a side.

    Returns:
        (15, size, size) float32 in (Msun/h)/(Mpc/h)^2.
    """
    cosmology = Cosmology(float(parameters[0]), float(parameters[1]))
    feedback = Feedback(float(parameters[2]), float(parameters[3]))
    box = simulate_matter(cosmology, int(seed), particles, BOX_SIZE_MPC_H)
    return hi_maps(box, find_haloes(box), cosmology, feedback, int(seed), size)


class SetFiles:
    """The files of one set while they fill up. A row counts once its flag is on disk."""

    def __init__(self, folder: Path, name: str, rows: int, config: SimulateConfig) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shape = (rows * MAPS_PER_SIMULATION, config.map_size, config.map_size)
        path = folder / f"Maps_HI_{SUITE}_{name}_z=0.00.npy"
        self.flags_path = folder / "done.npy"
        if not path.exists():
            _write_empty(path, shape)
        self.maps = np.lib.format.open_memmap(path, mode="r+")
        if self.maps.shape != shape:
            raise ValueError(
                f"{path} holds {self.maps.shape}, not {shape}: give the settings it was begun "
                "with, or another --output."
            )
        self.flags = np.zeros(rows, dtype=bool)
        if self.flags_path.exists():
            self.flags = np.load(self.flags_path)

    def write(self, row: int, maps: NDArray[np.float32]) -> None:
        """Put the maps of one simulation into their place."""
        start = row * MAPS_PER_SIMULATION
        self.maps[start : start + MAPS_PER_SIMULATION] = maps
        self.flags[row] = True

    def save(self) -> None:
        """Maps first, then the flags: a kill between the two costs work, never truth."""
        self.maps.flush()
        with whole_file(self.flags_path) as file:
            np.save(file, self.flags)


def _write_empty(path: Path, shape: tuple[int, ...]) -> None:
    """Maps of zeros, which take no room on the disk yet; the file is there at its whole length."""
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    with whole_file(path) as file:
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + 4 * math.prod(shape))


def _manifest(config: SimulateConfig, name: str, seeds: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "suite": SUITE,
        "set": name,
        "simulations": len(seeds),
        "seeds": seeds.tolist(),
        "units": "(Msun/h)/(Mpc/h)^2",
        "box_size_mpc_h": BOX_SIZE_MPC_H,
        "config": {**asdict(config), "output": str(config.output)},
        "note": "Particle-mesh stand-in simulations in the CMD layout; these are not CAMELS data.",
    }


def simulate_set(config: SimulateConfig, name: str, client: Any) -> None:
    """Make or finish one set."""
    count = {"LH": config.n_lh, "TEST": config.n_test, "FIX": config.n_fixed}[name]
    parameters, seeds = design(name, count)
    folder = config.output / name
    files = SetFiles(folder, name, len(seeds), config)
    header = "Omega_m sigma_8 A_SN1 A_AGN1 A_SN2 A_AGN2"
    with whole_file(folder / f"params_{name}_{SUITE}.txt") as file:
        np.savetxt(file, parameters, "%.6f", header=header)
    write_manifest(folder / "manifest.json", _manifest(config, name, seeds))

    todo = [int(row) for row in np.flatnonzero(~files.flags)]
    begin = time.monotonic()
    with tqdm(total=len(seeds), initial=len(seeds) - len(todo), desc=name, unit="sim") as bar:
        saved = time.monotonic()
        tasks = [(parameters[row], int(seeds[row]), config.particles, config.map_size)
                 for row in todo]
        for index, maps in results_as_completed(client, simulate_one, tasks):
            files.write(todo[index], maps)
            bar.update()
            if time.monotonic() - saved > 5:
                files.save()
                saved = time.monotonic()
    files.save()
    if todo:
        rate = 3600 * len(todo) / (time.monotonic() - begin)
        print(f"{name}: {len(todo)} simulations, {rate:.0f} an hour")


def simulate(config: SimulateConfig) -> None:
    """Simulate every set that was asked for."""
    with cluster(config.workers, config.scheduler) as client:
        for name in config.sets:
            simulate_set(config, name, client)
