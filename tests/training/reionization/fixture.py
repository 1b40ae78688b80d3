"""A small set of toy boxes in the project's HDF5 form. No simulator needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.core.reionization.fixture import toy_box
from training.reionization.datasets.box_set import fold_of_seed, split_of_seed
from training.reionization.simulation.boxes import Row, assemble, parts_folder, write_shard

__all__ = ["chosen_seeds", "toy_rows", "write_toy_set"]


def chosen_seeds(a_fold: int = 2, validation: int = 4, test: int = 3) -> list[int]:
    """Seeds with so many of every fold of the train split and of the other splits."""
    pool = np.arange(1, 400)
    split, fold = split_of_seed(pool), fold_of_seed(pool)
    seeds = [int(s) for f in range(5) for s in pool[fold == f][:a_fold]]
    for name, count in (("validation", validation), ("test", test)):
        seeds += [int(s) for s in pool[split == name][:count]]
    return seeds


def toy_rows(seed: int) -> list[Row]:
    """One row of an initial condition; x_HI and redshift follow from the seed."""
    rng = np.random.default_rng(seed)
    x_hi, redshift = rng.uniform(0.1, 0.9), rng.uniform(7, 10)
    density, neutral, light = toy_box(x_hi, seed, redshift)
    return [{
        "density": density.astype(np.float16), "x_hi": neutral.astype(np.float16),
        "brightness_temp": light.astype(np.float16), "seed": seed, "redshift": redshift,
        "x_hi_mean": float(neutral.mean()), "zeta": 30.0, "log10_tvir": 4.5, "r_bubble_mpc": 40.0,
    }]


def write_toy_set(folder: Path, seeds: list[int] | None = None, name: str = "set_a") -> Path:
    """``folder/name.h5``, through shards as the simulations do it."""
    path = folder / f"{name}.h5"
    for seed in chosen_seeds() if seeds is None else seeds:
        write_shard(parts_folder(path), seed, toy_rows(seed))
    assemble(path, {"simulator": "toy"})
    return path
