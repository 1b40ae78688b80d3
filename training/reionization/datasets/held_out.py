"""Boxes for an evaluation: those of a data folder that no network was trained on, or fresh ones."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.evaluation.whole import missing_seeds
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.simulation.design import seeds_of
from training.reionization.simulation.sets import SimulateConfig, simulate

__all__ = [
    "FRESH",
    "held_out_folder",
    "held_out_rows",
    "held_out_set",
    "is_fresh",
    "partial_set",
]

FRESH = {"set_a": "held_out", "set_b": "held_out_b"}
"""Set that networks are trained on -> the same with other initial conditions."""

QUICK = {"held_out": 6, "held_out_b": 3}
"""Initial conditions of a quick measurement, made as the whole set's are."""


@contextlib.contextmanager
def held_out_folder(
    data: Path | None, trained: str = "set_a", quick: bool = False
) -> Iterator[Path]:
    """The folder given, or a temporary one with boxes simulated as those of the training were.

    Args:
        data: folder of simulations, if there is one.
        trained: the set that the networks are trained on; its :data:`FRESH` one is simulated.
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
    name = FRESH[trained]
    with tempfile.TemporaryDirectory() as folder:
        config = SimulateConfig(Path(folder), (name,))
        if quick:
            config = replace(config, n_held_out=QUICK["held_out"], n_held_out_b=QUICK["held_out_b"])
        simulate(config)
        yield Path(folder)


def held_out_set(data: Path, trained: str = "set_a") -> ReionizationSet:
    """The held-out set of a folder (:data:`FRESH`), or else the one that was trained on."""
    fresh = data / f"{FRESH[trained]}.h5"
    return ReionizationSet.open(fresh if fresh.exists() else data / f"{trained}.h5")


def is_fresh(boxes: ReionizationSet) -> bool:
    """Whether no network was trained on any box of a set."""
    return boxes.path.stem in FRESH.values()


def held_out_rows(boxes: ReionizationSet, limit: int | None = None) -> NDArray[np.int_]:
    """Rows to measure on: all of a held-out set, the test split of another; at most ``limit``."""
    rows = boxes.rows("all" if is_fresh(boxes) else "test")
    if limit is None or len(rows) <= limit:
        return rows
    return rows[np.linspace(0, len(rows) - 1, limit).astype(int)]


def partial_set(boxes: ReionizationSet, name: str = "set_a") -> str:
    """Why boxes are not the whole set that a card is about, in words; empty if they are.

    Args:
        boxes: that are measured on.
        name: of the set.
    """
    if boxes.path.stem != name:
        return f"the card is about {name}, not {boxes.path.stem}"
    return missing_seeds(name, boxes.columns["seed"], seeds_of(name))
