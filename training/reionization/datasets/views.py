"""What the image networks train on: each box seen several times, through several observations.

A view is sixteen slices, every fourth along the line of sight, after :func:`observe`, with the
conditions and the fixed summaries of the whole box. Views of an initial condition are one shard in
a folder beside the set; they are made once, on all cores, and a killed run goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.reionization.images import condition_vector, image_scale, prepare_images
from core.reionization.observation import CLEAN, HOURS_RANGE, Observation, observe
from core.reionization.summaries import stack_summaries
from training.reionization.datasets.box_set import ReionizationSet
from training.reionization.simulation.boxes import write_shard
from training.tasks import cluster, results_as_completed

__all__ = ["OBSERVATIONS", "RANDOM", "STRIDE", "Views", "draw_observation", "load_views", "view_of"]

STRIDE = 4
"""Between slices of a view: about the resolution along the line of sight."""

OBSERVATIONS: dict[str, Observation] = {
    "clean": CLEAN,
    "aa4": Observation("aa4", 1000.0),
    "aa_star": Observation("aa_star", 1000.0),
    "aa4_wedge": Observation("aa4", 1000.0, wedge=True),
}
"""The observations that the metrics name."""

RANDOM = -1
"""Kind of a view with a drawn observation."""


def draw_observation(rng: np.random.Generator, wedge: float = 0.3) -> Observation:
    """An observation for training: clean, or either array for 100 to 10,000 h, wedge or not.

    Args:
        rng: to draw with.
        wedge: how often the wedge is cut from noisy boxes.
    """
    kind = rng.uniform()
    if kind < 0.25:
        return Observation(wedge=kind < 0.05)
    hours = float(np.exp(rng.uniform(*np.log(HOURS_RANGE))))
    return Observation("aa4" if rng.uniform() < 0.5 else "aa_star", hours, rng.uniform() < wedge)


def view_of(
    cube: NDArray[np.float32], redshift: float, observation: Observation, seed: int
) -> dict[str, NDArray[np.generic]]:
    """One view of a box of brightness temperature (64, 64, 64): images, conditions, summaries."""
    rng = np.random.default_rng((seed, 3))
    if rng.uniform() < 0.5:
        cube = cube[::-1]
    seen = observe(cube, redshift, observation, seed=seed)
    stack = prepare_images(seen)
    some = stack[rng.integers(STRIDE) :: STRIDE]
    scale = image_scale(redshift, observation)
    return {
        "images": (some / scale).astype(np.float16),
        "scale": np.array(scale, dtype=np.float32),
        "conditions": condition_vector(redshift, observation, len(stack)),
        "summaries": stack_summaries(stack),
    }


def _views_of_seed(
    path: str, rows: list[int], drawn: int, first: int = 0
) -> list[dict[str, object]]:
    boxes = ReionizationSet.open(path)
    views = []
    for row in rows:
        cube = boxes.cube("brightness_temp", row)
        redshift = float(boxes.columns["redshift"][row])
        seed = int(boxes.columns["seed"][row])
        for index in range(first, len(OBSERVATIONS) + drawn):
            rng = np.random.default_rng((seed, row, index))
            if index < len(OBSERVATIONS):
                observation = list(OBSERVATIONS.values())[index]
            else:
                # little of the signal is left outside the wedge: many draws of its noise help
                observation = draw_observation(rng, 0.3 if index < len(OBSERVATIONS) + 4 else 0.7)
            view = view_of(cube, redshift, observation, int(rng.integers(2**31)))
            views.append(
                {**view, "row": row, "kind": index if index < len(OBSERVATIONS) else RANDOM}
            )
    return views  # type: ignore[return-value]


@dataclass
class Views:
    """Views in memory.

    Attributes:
        images: (n, 16, 64, 64) float16 over :func:`core.reionization.images.image_scale`.
        scale: (n,) float32, mK of one unit of the images.
        conditions: (n, conditions) float32.
        summaries: (n, summaries) float32, of the images in mK.
        row: (n,) of the set.
        kind: (n,) index into :data:`OBSERVATIONS`, or :data:`RANDOM`.
        boxes: the set.
    """

    images: NDArray[np.float16]
    scale: NDArray[np.float32]
    conditions: NDArray[np.float32]
    summaries: NDArray[np.float32]
    row: NDArray[np.int_]
    kind: NDArray[np.int_]
    boxes: ReionizationSet

    def __len__(self) -> int:
        return len(self.row)

    def column(self, name: str) -> NDArray[np.generic]:
        """A column of the set for each view."""
        return self.boxes.columns[name][self.row]

    def where(self, rows: NDArray[np.int_], kind: str | None = None) -> NDArray[np.int_]:
        """Indices of the views of some rows, of one kind or of any."""
        keep = np.isin(self.row, rows)
        if kind is not None:
            keep &= self.kind == list(OBSERVATIONS).index(kind)
        return np.flatnonzero(keep)


def load_views(
    path: str | Path,
    rows: NDArray[np.int_] | None = None,
    drawn: int = 8,
    workers: int = 0,
) -> Views:
    """The views of a set (an .h5 file), made first where they are missing.

    Args:
        path: the set; the views are kept in a folder beside it.
        rows: of the set (all by default); every row of their initial conditions is seen.
        drawn: views with a drawn observation beside those of :data:`OBSERVATIONS`.
        workers: processes (0: one a core).
    """
    boxes = ReionizationSet.open(path)
    folder = Path(path).with_suffix(f".views{drawn}")
    seeds = boxes.columns["seed"]
    wanted = np.unique(seeds if rows is None else seeds[rows])
    todo = [int(s) for s in wanted if not (folder / f"{s:08d}.npz").exists()]
    if todo:
        tasks = [(str(path), np.flatnonzero(seeds == s).tolist(), drawn) for s in todo]
        with cluster(workers) as client:
            results = results_as_completed(client, _views_of_seed, tasks)
            for index, views in tqdm(results, total=len(todo), desc="views", unit="seed"):
                write_shard(folder, todo[index], views)
    parts: dict[str, list[NDArray[np.generic]]] = {}
    for seed in wanted:
        with np.load(folder / f"{seed:08d}.npz", allow_pickle=False) as shard:
            for name in shard.files:
                parts.setdefault(name, []).append(shard[name])
    columns = {name: np.concatenate(values) for name, values in parts.items()}
    return Views(boxes=boxes, **columns)  # type: ignore[arg-type]
