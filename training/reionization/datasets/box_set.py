"""Sets of reionization boxes as training and evaluation see them, split by initial condition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.fields.geometry import seed_fraction
from training.reionization.simulation.boxes import CUBES
from training.reionization.simulation.design import CORNER_BUBBLE, CORNER_TVIR

__all__ = ["FOLDS", "ReionizationSet", "fold_of_seed", "in_corner", "split_of_seed"]

TEST_FRACTION = 0.15
VALIDATION_FRACTION = 0.07
FOLDS = 5


def split_of_seed(seeds: ArrayLike) -> NDArray[np.str_]:
    """ "train" (78%), "validation" (7%) or "test" (15%) of initial conditions, by their seed.

    Args:
        seeds: integers, any shape. Every row of a seed falls on one side, whatever its parameters,
            redshift, slice or noise.
    """
    place = seed_fraction(seeds)
    split = np.where(place < 1 - VALIDATION_FRACTION, "train", "validation")
    return np.where(place < TEST_FRACTION, "test", split)


def fold_of_seed(seeds: ArrayLike) -> NDArray[np.int_]:
    """Fold 0 to 4 of the initial conditions of the train split, -1 for all others."""
    width = 1 - TEST_FRACTION - VALIDATION_FRACTION
    fold = np.floor(FOLDS * (seed_fraction(seeds) - TEST_FRACTION) / width)
    return np.where(split_of_seed(seeds) == "train", fold, -1).astype(int)


def in_corner(log10_tvir: ArrayLike, r_bubble_mpc: ArrayLike) -> NDArray[np.bool_]:
    """Rows in the corner of the parameters that no network is trained on."""
    return (np.asarray(log10_tvir) > CORNER_TVIR) & (np.asarray(r_bubble_mpc) < CORNER_BUBBLE)


@dataclass
class ReionizationSet:
    """One HDF5 file of boxes: its columns in memory, its cubes read as they are asked for.

    Attributes:
        path: the file.
        columns: name -> (rows,) numbers.
        simulator: what made the boxes.

    Example:
        >>> boxes = ReionizationSet.open("data/reionization/set_a.h5")
        >>> boxes.cube("x_hi", boxes.rows("test")[0]).shape
        (64, 64, 64)
    """

    path: Path
    columns: dict[str, NDArray[Any]]
    simulator: str

    @classmethod
    def open(cls, path: str | Path) -> ReionizationSet:
        """Read the columns.

        Raises:
            ValueError: if the file is missing or is not such a set.
        """
        path = Path(path)
        if not path.is_file():
            raise ValueError(
                f"There is no file {path}; make it with python -m training.reionization.simulate."
            )
        try:
            with h5py.File(path, "r") as file:
                columns = {n: file[n][:] for n in file if n not in CUBES}
                missing = sorted({*CUBES, "seed", "redshift", "x_hi_mean"} - set(file))
                simulator = str(file.attrs.get("simulator", "unknown"))
        except OSError as error:
            raise ValueError(f"{path} is not an HDF5 file or is damaged.") from error
        if missing:
            raise ValueError(f"{path} lacks {', '.join(missing)}; a set has cubes and columns.")
        return cls(path, columns, simulator)

    def __len__(self) -> int:
        return len(self.columns["seed"])

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name != "columns" and name in self.columns:
            return self.columns[name]
        raise AttributeError(f"{self.path.name} has no column {name}")

    def cube(self, field: str, row: int) -> NDArray[np.float32]:
        """One cube (n, n, n), line of sight first."""
        with h5py.File(self.path, "r") as file:
            return file[field][int(row)].astype(np.float32)

    def cubes(self, field: str, rows: ArrayLike) -> NDArray[np.float16]:
        """Cubes (len(rows), n, n, n) float16 in the order of ``rows``."""
        wanted = np.atleast_1d(np.asarray(rows, dtype=int))
        with h5py.File(self.path, "r") as file:
            data = file[field]
            out = np.empty((len(wanted), *data.shape[1:]), dtype=np.float16)
            for i, row in enumerate(wanted):
                out[i] = data[row]
        return out

    def rows(self, split: str, corner: bool = False) -> NDArray[np.int_]:
        """Rows of a split ("train", "validation", "test" or "all").

        Args:
            split: which.
            corner: whether to keep rows of the corner that is held out of training; a set without
                those parameters has no such rows.
        """
        keep = np.ones(len(self), dtype=bool)
        if split != "all":
            keep &= split_of_seed(self.columns["seed"]) == split
        if not corner and "log10_tvir" in self.columns:
            keep &= ~in_corner(self.columns["log10_tvir"], self.columns["r_bubble_mpc"])
        return np.flatnonzero(keep)
