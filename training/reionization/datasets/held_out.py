"""Boxes for an evaluation: those of a data folder that no network was trained on, or fresh ones."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.reionization.datasets.box_set import ReionizationSet

__all__ = ["held_out_folder", "held_out_rows", "held_out_set"]

FRESH = "held_out.h5"


@contextlib.contextmanager
def held_out_folder(data: Path | None, quick: bool = False) -> Iterator[Path]:
    """The folder given, or a temporary one with a few freshly simulated boxes.

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
    from training.reionization.simulate import SimulateConfig, main

    with tempfile.TemporaryDirectory() as folder:
        config = SimulateConfig(Path(folder), ("held_out",), n_held_out=4 if quick else 40)
        main(config)
        yield config.output


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
