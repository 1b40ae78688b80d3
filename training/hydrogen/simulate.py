"""Make HI maps: from a Latin hypercube of cosmologies to files in the CMD layout.

    python -m training.hydrogen.simulate --output data/hydrogen
    python -m training.hydrogen.simulate --output data/hydrogen --scheduler tcp://host:8786

Three sets, each a folder: LH (training, 1,000 simulations), TEST (held out, 150, same ranges) and
FIX (five cosmologies with the same 24 initial conditions and nuisance parameters each). A set is
Maps_HI_CosmoDeskPM_{set}_z=0.00.npy (15 n, 256, 256) float32 in (Msun/h)/(Mpc/h)^2, with
params_{set}_CosmoDeskPM.txt (Omega_m, sigma_8, A_SN1, A_AGN1, A_SN2, A_AGN2; the last two are
fixed at 1) and manifest.json, which has the seeds. A killed run goes on where it was.
"""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import tyro
from numpy.typing import NDArray
from scipy.stats import qmc
from tqdm import tqdm

from core.fields import BOX_SIZE_MPC_H, MAPS_PER_SIMULATION, OMEGA_M_RANGE, SIGMA_8_RANGE
from core.files import whole_file, write_whole
from training.hydrogen.simulation.cosmology import Cosmology
from training.hydrogen.simulation.gravity import simulate_matter
from training.hydrogen.simulation.haloes import find_haloes
from training.hydrogen.simulation.neutral_hydrogen import Feedback, hi_maps
from training.tasks import cluster, results_as_completed

__all__ = [
    "FIXED_COSMOLOGIES",
    "SUITE",
    "SimulateConfig",
    "design",
    "held_out_folder",
    "simulate_one",
]

SUITE = "CosmoDeskPM"
FIXED_COSMOLOGIES = ((0.3, 0.8), (0.2, 0.8), (0.4, 0.8), (0.3, 0.7), (0.3, 0.9))
"""Rows of the FIX set: the centre, then a step down and up in each parameter."""
FIRST_SEED = {"LH": 1, "TEST": 800_001, "FIX": 900_001}


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
    n_lh: int = 1000
    n_test: int = 150
    n_fixed: int = 24
    particles: int = 64
    map_size: int = 256
    workers: int = 0
    scheduler: str | None = None


def design(name: str, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Parameters (rows, 6) and seeds (rows,) of a set.

    Latin hypercube, uniform in Omega_m and sigma_8, log-uniform in the nuisance parameters. FIX
    repeats `count` seeds and nuisance parameters at each of its cosmologies.
    """
    first = FIRST_SEED[name]
    columns = 2 if name == "FIX" else 4
    cube = qmc.LatinHypercube(columns, rng=np.random.default_rng(first)).random(count)
    nuisance = 4.0 ** (2 * cube[:, -2:] - 1)
    seeds = first + np.arange(count)
    if name == "FIX":
        cosmologies = np.repeat(np.array(FIXED_COSMOLOGIES), count, axis=0)
        nuisance = np.tile(nuisance, (len(FIXED_COSMOLOGIES), 1))
        seeds = np.tile(seeds, len(FIXED_COSMOLOGIES))
    else:
        low = np.array([OMEGA_M_RANGE[0], SIGMA_8_RANGE[0]])
        high = np.array([OMEGA_M_RANGE[1], SIGMA_8_RANGE[1]])
        cosmologies = low + cube[:, :2] * (high - low)
    return np.hstack([cosmologies, nuisance, np.ones_like(nuisance)]), seeds


def simulate_one(
    parameters: NDArray[np.float64], seed: int, particles: int = 64, size: int = 256
) -> NDArray[np.float32]:
    """One simulation, from phases to its 15 maps.

    Args:
        parameters: Omega_m, sigma_8, A_SN1, A_AGN1 (further columns are not used).
        seed: of the initial phases.
        particles: a side.
        size: pixels a side.

    Returns:
        (15, size, size) float32 in (Msun/h)/(Mpc/h)^2.
    """
    cosmology = Cosmology(float(parameters[0]), float(parameters[1]))
    feedback = Feedback(float(parameters[2]), float(parameters[3]))
    box = simulate_matter(cosmology, int(seed), particles, BOX_SIZE_MPC_H)
    return hi_maps(box, find_haloes(box), cosmology, feedback, int(seed), size)


@contextlib.contextmanager
def held_out_folder(data: Path | None, quick: bool = False) -> Iterator[Path]:
    """The folder given, or a temporary one with small freshly simulated TEST and FIX sets.

    Args:
        data: folder of held-out maps, if there is one.
        quick: 10 simulations at the fixed cosmologies and 8 held-out ones, under half a minute.
    """
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory() as folder:
        n_test, n_fixed = (8, 2) if quick else (60, 12)
        config = SimulateConfig(
            Path(folder), ("TEST", "FIX"), n_test=n_test, n_fixed=n_fixed, map_size=64
        )
        main(config)
        yield config.output


class _SetFiles:
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


def _manifest(config: SimulateConfig, name: str, seeds: NDArray[np.int64]) -> dict[str, object]:
    version = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "suite": SUITE,
        "set": name,
        "simulations": len(seeds),
        "seeds": seeds.tolist(),
        "units": "(Msun/h)/(Mpc/h)^2",
        "box_size_mpc_h": BOX_SIZE_MPC_H,
        "code_version": version or "unknown",
        "command": " ".join(sys.argv),
        "config": {**asdict(config), "output": str(config.output)},
        "note": "Particle-mesh stand-in simulations in the CMD layout; these are not CAMELS data.",
    }


def simulate_set(config: SimulateConfig, name: str, client) -> None:  # type: ignore[no-untyped-def]
    """Make or finish one set."""
    count = {"LH": config.n_lh, "TEST": config.n_test, "FIX": config.n_fixed}[name]
    parameters, seeds = design(name, count)
    folder = config.output / name
    files = _SetFiles(folder, name, len(seeds), config)
    header = "Omega_m sigma_8 A_SN1 A_AGN1 A_SN2 A_AGN2"
    with whole_file(folder / f"params_{name}_{SUITE}.txt") as file:
        np.savetxt(file, parameters, "%.6f", header=header)
    manifest = json.dumps(_manifest(config, name, seeds), indent=1)
    write_whole(folder / "manifest.json", f"{manifest}\n".encode())

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


def main(config: SimulateConfig) -> None:
    """Simulate every set that was asked for."""
    with cluster(config.workers, config.scheduler) as client:
        for name in config.sets:
            simulate_set(config, name, client)


if __name__ == "__main__":
    main(tyro.cli(SimulateConfig))
