"""Training maps in memory: normalised logarithms, split by simulation, augmented by symmetry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.fields import CamelsMaps, split_of

__all__ = ["MapSet", "augment", "finished", "load_maps", "open_set", "simulation_seeds"]


@dataclass(frozen=True)
class MapSet:
    """Maps with their parameters.

    Attributes:
        log_sigma: (n, N, N) float32, log10 Sigma_HI.
        parameters: (n, 2) float32, (Omega_m, sigma_8) of each map.
        simulation: (n,) which simulation each map comes from.
        suite: name of the simulation suite.
    """

    log_sigma: NDArray[np.float32]
    parameters: NDArray[np.float32]
    simulation: NDArray[np.int_]
    suite: str

    def __len__(self) -> int:
        return len(self.log_sigma)

    def subset(self, keep: NDArray[np.bool_] | NDArray[np.int_]) -> MapSet:
        """Some of the maps."""
        return MapSet(
            self.log_sigma[keep], self.parameters[keep], self.simulation[keep], self.suite
        )


def open_set(data: Path, *datasets: str) -> CamelsMaps:
    """The first of ``datasets`` found in ``data`` or in a sub-folder of that name.

    Raises:
        ValueError: if there is none, naming what was looked for.
    """
    for dataset in datasets:
        for folder in (data / dataset, data):
            if any(folder.glob(f"Maps_HI_*_{dataset}_z=*.npy")):
                return CamelsMaps.open(folder, dataset=dataset)
    raise ValueError(
        f"{data} holds no HI maps of {' or '.join(datasets)}; expected files such as "
        f"Maps_HI_<suite>_{datasets[0]}_z=0.00.npy there or in {data / datasets[0]}."
    )


def _beside(files: CamelsMaps, name: str) -> Path:
    return Path(files.path).parent / name


def simulation_seeds(files: CamelsMaps) -> NDArray[np.int_]:
    """The initial-condition seed of each simulation: of manifest.json, or else its row number."""
    path = _beside(files, "manifest.json")
    if path.exists():
        seeds = json.loads(path.read_text()).get("seeds", [])
        if len(seeds) == files.n_simulations:
            return np.asarray(seeds, dtype=int)
    return np.arange(files.n_simulations)


def finished(files: CamelsMaps) -> NDArray[np.bool_]:
    """Which simulations a running simulate has already written; all of them otherwise."""
    path = _beside(files, "done.npy")
    return np.load(path) if path.exists() else np.ones(files.n_simulations, dtype=bool)


def load_maps(
    data: Path,
    *datasets: str,
    size: int = 64,
    split: str | None = None,
    limit: int | None = None,
) -> MapSet:
    """Read a set at ``size`` pixels, skipping simulations that are not finished yet.

    Args:
        data: folder that holds the files, or a sub-folder a set.
        datasets: names to look for, in this order ("LH", "TEST").
        size: pixels a side.
        split: "train" or "validation" to keep only those simulations (by seed).
        limit: at most so many simulations.

    Raises:
        ValueError: if nothing is left.
    """
    files = open_set(data, *datasets)
    per = files.maps_per_simulation
    rows = np.flatnonzero(finished(files))
    if split is not None:
        rows = rows[np.asarray(split_of(simulation_seeds(files)))[rows] == split]
    rows = rows[:limit]
    if len(rows) == 0:
        kind = f"{split or 'finished'} simulation of {datasets[0]}"
        raise ValueError(f"{data} holds no {kind}; simulate some first.")
    indices = (rows[:, None] * per + np.arange(per)).ravel()
    log_sigma = np.log10(files.at_size(size, indices)).astype(np.float32)
    parameters = np.repeat(np.asarray(files.parameters)[rows, :2], per, axis=0).astype(np.float32)
    return MapSet(log_sigma, parameters, np.repeat(rows, per), files.suite)


def augment(x: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Random cyclic shift, flip and transpose of each image of (B, C, N, N)."""
    n = x.shape[-1]
    shifts = torch.randint(n, (len(x), 2), generator=generator).tolist()
    bits = torch.randint(8, (len(x),), generator=generator).tolist()
    out = torch.empty_like(x)
    for i, ((down, across), bit) in enumerate(zip(shifts, bits, strict=True)):
        image = torch.roll(x[i], (down, across), dims=(-2, -1))
        if bit & 1:
            image = image.flip(-1)
        if bit & 2:
            image = image.flip(-2)
        out[i] = image.transpose(-1, -2) if bit & 4 else image
    return out
