"""Boxes for an evaluation: those of a data folder that no network was trained on, or fresh ones."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.evaluation.whole import missing_seeds
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.simulation.design import COUNTS, SETS, seeds_of
from training.reionization.simulation.sets import SimulateConfig, simulate

__all__ = ["QUICK", "held_out_folder", "held_out_rows", "held_out_set", "partial_set"]

FRESH = "held_out.h5"

QUICK = {"held_out": 6, "set_b": 3}
"""Initial conditions of a quick measurement, made as the whole set's are."""


@contextlib.contextmanager
def held_out_folder(data: Path | None, name: str = "held_out", quick: bool = False
                    ) -> Iterator[Path]:
    """The folder given, or a temporary one with a set simulated as that of the training was.

    Args:
        data: folder of simulations, if there is one.
        name: of the set to simulate, "held_out" or "set_b" (which needs 21cmFAST).
        quick: a few initial conditions (:data:`QUICK`).

    Raises:
        ValueError: if no folder is given and 21cmFAST is not installed.
    """
    if data is not None:
        yield data
        return
    if find_spec("py21cmfast") is None:
        raise ValueError(
            "Give --data DIR with boxes of training.reionization.simulate, or install "
            "training/reionization/requirements.txt so that fresh ones can be simulated."
        )
    with tempfile.TemporaryDirectory() as folder:
        count = QUICK[name] if quick else COUNTS[name]
        simulate(SimulateConfig(Path(folder), (name,), **{f"n_{name}": count}))
        yield Path(folder)


def held_out_set(data: Path) -> ReionizationSet:
    """held_out.h5 of a folder, or else its set_a.h5."""
    path = data / FRESH
    return ReionizationSet.open(path if path.exists() else data / "set_a.h5")


def held_out_rows(boxes: ReionizationSet, limit: int | None = None) -> NDArray[np.int_]:
    """Rows to measure on: all of a held-out set, the test split of another; at most ``limit``."""
    rows = boxes.rows("all" if boxes.path.name == FRESH else "test")
    if limit is None or len(rows) <= limit:
        return rows
    return rows[np.linspace(0, len(rows) - 1, limit).astype(int)]


def partial_set(path: Path) -> str:
    """Why the boxes of a file are not a whole set that a card is about; empty if they are."""
    if path.stem not in SETS:
        return f"{path.name} is no set that a card is about"
    if not path.is_file():
        return f"{path.name} is missing"
    return missing_seeds(path.stem, ReionizationSet.open(path).columns["seed"], seeds_of(path.stem))
