"""Maps to measure on: those of a data folder, or the same simulated afresh."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.fields import CamelsMaps
from training.evaluation.whole import missing_seeds
from training.hydrogen.datasets.maps import finished, open_set, simulation_seeds
from training.hydrogen.simulation.design import COUNTS, MAP_SIZE, PARTICLES, SUITE, design
from training.hydrogen.simulation.sets import SimulateConfig, simulate

__all__ = ["QUICK", "held_out_folder", "partial_set"]

QUICK = {"TEST": 24, "FIX": 4}
"""Simulations of a quick measurement (FIX: at each cosmology), made as the whole set's are."""

CAMELS = {"LH": 1000, "CV": 27}
"""Simulations of the sets of IllustrisTNG, SIMBA and Astrid."""


@contextlib.contextmanager
def held_out_folder(data: Path | None, name: str, quick: bool = False) -> Iterator[Path]:
    """The folder given, or a temporary one with a set simulated as that of the training was.

    Args:
        data: folder of held-out maps, if there is one.
        name: "TEST" or "FIX".
        quick: a few simulations (:data:`QUICK`), a minute of two cores, instead of the whole set.
    """
    if data is not None:
        yield data
        return
    counts = QUICK if quick else COUNTS
    with tempfile.TemporaryDirectory() as folder:
        config = SimulateConfig(
            Path(folder), (name,), n_test=counts["TEST"], n_fixed=counts["FIX"]
        )
        simulate(config)
        yield config.output


def partial_set(data: Path, *datasets: str) -> str:
    """Why a set of maps is not the whole one that a card is about, in words; empty if it is.

    Args:
        data: folder of the maps.
        datasets: names to look for, in this order.
    """
    files = open_set(data, *datasets)
    name = f"{files.suite} {files.dataset}"
    if not finished(files).all():
        return f"{name} is still being simulated"
    if files.maps.shape[-1] != MAP_SIZE:
        return f"{name} has maps of {files.maps.shape[-1]} pixels a side, not {MAP_SIZE}"
    if files.suite == SUITE:
        return _partial_stand_in(files, name)
    known = CAMELS.get(files.dataset)
    if files.suite not in ("IllustrisTNG", "SIMBA", "Astrid") or known is None:
        return f"{name} is no set that a card is about"
    if files.n_simulations < known:
        return f"{name} lacks {known - files.n_simulations} of its {known:,} simulations"
    return ""


def _partial_stand_in(files: CamelsMaps, name: str) -> str:
    manifest = files.path.parent / "manifest.json"
    if not manifest.exists():
        return f"{name} has no manifest.json to know its simulations by"
    particles = json.loads(manifest.read_text()).get("config", {}).get("particles")
    if particles != PARTICLES:
        return f"{name} was made with {particles} particles a side, not {PARTICLES}"
    wanted = design(files.dataset, COUNTS[files.dataset])[1]
    if files.n_simulations < len(wanted):
        return f"{name} has {files.n_simulations} of its {len(wanted):,} simulations"
    return missing_seeds(name, simulation_seeds(files), np.unique(wanted))
