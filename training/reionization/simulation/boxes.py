"""Reionization boxes on disk: shards while a set is being made, one HDF5 file when it is done.

A shard is an .npz file with the rows of one initial condition, there whole or not at all: a kill
costs the simulation under way and nothing else. The HDF5 file has cubes
(rows, n, n, n) with the line of sight first, one row a chunk, and one column for every number of a
row, the seed of the initial conditions among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.files import whole_file
from core.reionization.constants import BOX_SIZE_MPC

__all__ = ["CUBES", "Row", "assemble", "parts_folder", "write_shard"]

Row = dict[str, Any]
"""Cubes (n, n, n) float16 and numbers, by name."""

CUBES = {
    "density": "overdensity, 1",
    "x_hi": "neutral fraction, 1",
    "brightness_temp": "differential brightness temperature in redshift space, mK",
}
"""The cubes of a row and their units."""


def parts_folder(path: Path) -> Path:
    """Where the shards of the set ``path`` (an .h5 file) are."""
    return path.with_suffix(".parts")


def write_shard(folder: Path, seed: int, rows: Iterable[Row]) -> Path:
    """Write the rows of one initial condition, whole or not at all."""
    table = list(rows)
    path = folder / f"{seed:08d}.npz"
    arrays: dict[str, Any] = {name: np.stack([row[name] for row in table]) for name in table[0]}
    with whole_file(path) as file:
        np.savez(file, **arrays)
    return path


def assemble(path: Path, attributes: dict[str, Any], limit: int | None = None) -> int:
    """Gather the shards of a set into ``path``, ordered by seed; the number of rows is returned.

    Args:
        path: the .h5 file; there whole or not at all.
        attributes: of the file: simulator, code version, and so on.
        limit: use only so many shards.

    Raises:
        ValueError: if there is no shard.
    """
    shards = sorted(parts_folder(path).glob("[0-9]*.npz"))[:limit]
    if not shards:
        raise ValueError(f"{parts_folder(path)} holds no simulation yet; run simulate first.")
    columns: dict[str, list[NDArray[Any]]] = {}
    with whole_file(path) as whole, h5py.File(whole.name, "w", locking=False) as file:
        for shard in tqdm(shards, desc=path.name, unit="sim"):
            with np.load(shard, allow_pickle=False) as rows:
                for name in rows.files:
                    if name in CUBES:
                        _append(file, name, rows[name])
                    else:
                        columns.setdefault(name, []).append(rows[name])
        for name, values in columns.items():
            file[name] = np.concatenate(values)
        count = len(file["seed"])
        for name, unit in CUBES.items():
            file[name].attrs["units"] = unit
        file.attrs.update({"box_size_mpc": BOX_SIZE_MPC, "axes": "row, los, y, x", **attributes})
    return count


def _append(file: h5py.File, name: str, cubes: NDArray[Any]) -> None:
    shape = cubes.shape[1:]
    if name not in file:
        # bubbles compress tenfold; density and temperature are noise to a compressor
        packing = "lzf" if name == "x_hi" else None
        file.create_dataset(name, (0, *shape), cubes.dtype, maxshape=(None, *shape),
                            chunks=(1, *shape), compression=packing)
    data = file[name]
    data.resize(len(data) + len(cubes), axis=0)
    data[-len(cubes):] = cubes
