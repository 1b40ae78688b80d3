"""The maps that the reionization app opens with, from simulations that no model has seen.

    python -m training.reionization.make_examples --data data/reionization

Which simulations is decided by rules that know nothing of the models' answers: the test rows
nearest to given neutral fractions and redshifts, the history that spans the most, and of the
galaxy and AGN pairs of the test split the one whose power spectra are most alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from numpy.typing import NDArray

from core.files import whole_file
from core.reionization.constants import BOX_SIZE_MPC, CELL_MPC, X_HI_RANGE
from core.statistics import power_spectrum
from training.reionization.datasets.box_set import ReionizationSet

__all__ = ["ExamplesConfig", "choose_history", "choose_pair", "choose_rows"]

Floats = NDArray[np.floating]

DEFAULT_OUTPUT = Path(__file__).parents[2] / "apps" / "reionization" / "examples"
TARGETS = ((0.25, 7.5), (0.45, 8.0), (0.65, 8.5), (0.85, 9.5))
PAIR_RANGE = (0.15, 0.6)
"""Neutral fractions at which a pair of sources is looked for."""
NEIGHBOURS = 6
"""Density slices kept on either side of the middle one."""
LEFT_OUT = (9.5,)
"""Redshifts of the history that the app does without, to stay small."""


@dataclass(frozen=True)
class ExamplesConfig:
    """What to choose from.

    Args:
        data: folder with set_a.h5, history.h5 and set_b.h5; a set that is missing is skipped, and
            the files of it are left as they are.
        output: folder for the files.
    """

    data: Path = Path("data/reionization")
    output: Path = DEFAULT_OUTPUT


def choose_rows(boxes: ReionizationSet) -> list[int]:
    """Rows of the test split nearest to the targets, each from another initial condition."""
    chosen: list[int] = []
    for x_hi, redshift in TARGETS:
        free = [r for r in boxes.rows("test") if boxes.seed[r] not in boxes.seed[chosen]]
        distance = np.hypot(
            (boxes.x_hi_mean[free] - x_hi) / 0.05, (boxes.redshift[free] - redshift) / 0.5
        )
        chosen.append(int(free[int(np.argmin(distance))]))
    return chosen


def choose_history(boxes: ReionizationSet) -> list[int]:
    """Rows of one initial condition by redshift, without :data:`LEFT_OUT`.

    Of those that stay within the neutral fractions of the training the one with the widest span.
    """
    spans: dict[int, float] = {}
    for seed in np.unique(boxes.seed):
        x_hi = boxes.x_hi_mean[boxes.seed == seed]
        inside = x_hi.min() >= X_HI_RANGE[0] and x_hi.max() <= X_HI_RANGE[1]
        spans[int(seed)] = float(np.ptp(x_hi)) if inside else -1.0
    rows = np.flatnonzero(boxes.seed == max(spans, key=lambda seed: spans[seed]))
    rows = rows[~np.isin(boxes.redshift[rows], LEFT_OUT)]
    return [int(row) for row in rows[np.argsort(boxes.redshift[rows])]]


def choose_pair(boxes: ReionizationSet) -> tuple[int, int]:
    """(galaxies, AGN) of the test split: same initial condition and x_HI, the most alike in P(k).

    Raises:
        ValueError: if the test split has no pair in the range of neutral fractions.
    """
    test = boxes.rows("test")
    low, high = PAIR_RANGE
    best: tuple[float, int, int] | None = None
    for row in test[(~boxes.is_agn[test].astype(bool))]:
        if not low <= boxes.x_hi_mean[row] <= high:
            continue
        partners = test[boxes.is_agn[test].astype(bool) & (boxes.seed[test] == boxes.seed[row])]
        near = np.abs(boxes.x_hi_mean[partners] - boxes.x_hi_mean[row]) < 0.02
        for partner in partners[near]:
            first, second = (_spectrum(boxes, r) for r in (row, partner))
            difference = float(np.abs(np.log(second / first)).max())
            if best is None or difference < best[0]:
                best = (difference, int(row), int(partner))
    if best is None:
        raise ValueError(f"Set B has no pair of test rows of x_HI {low} to {high}; add some.")
    print(f"pair: P(k) differs by a factor {np.exp(best[0]):.2f} at most")
    return best[1], best[2]


def _spectrum(boxes: ReionizationSet, row: int) -> Floats:
    cube = boxes.cube("brightness_temp", row)
    return power_spectrum(cube, BOX_SIZE_MPC, n_bins=10)[1].mean(axis=0)


def example(boxes: ReionizationSet, row: int, slices: bool = True) -> dict[str, Any]:
    """One box: the brightness cube, and with ``slices`` the ionization of its middle slice too.

    Then density holds that slice and its neighbours, and x_hi the slice alone.
    """
    cube = boxes.cube("brightness_temp", row)
    middle = len(cube) // 2
    content: dict[str, Any] = {
        "brightness_temp": cube.astype(np.float16),
        "redshift": float(boxes.redshift[row]),
        "x_hi_mean": float(boxes.x_hi_mean[row]),
        "seed": int(boxes.seed[row]),
        "cell_mpc": CELL_MPC,
        "simulator": boxes.simulator,
    }
    for name in ("zeta", "log10_tvir", "r_bubble_mpc", "is_agn", "slope"):
        if name in boxes.columns:
            content[name] = float(boxes.columns[name][row])
    if slices:
        near = slice(middle - NEIGHBOURS, middle + NEIGHBOURS + 1)
        content["density"] = boxes.cube("density", row)[near].astype(np.float16)
        content["x_hi"] = boxes.cube("x_hi", row)[middle].astype(np.float16)
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    """Write one file, whole or not at all."""
    with whole_file(path) as file:
        np.savez_compressed(file, **content)
    print(f"{path.name}: z = {content['redshift']:.2f}, x_HI = {content['x_hi_mean']:.3f}, "
          f"{path.stat().st_size / 2**10:.0f} kB")


def main(config: ExamplesConfig) -> None:
    """Choose and write."""
    config.output.mkdir(parents=True, exist_ok=True)
    if (config.data / "set_a.h5").is_file():
        boxes = ReionizationSet.open(config.data / "set_a.h5")
        for number, row in enumerate(choose_rows(boxes), 1):
            write(config.output / f"box_{number}.npz", example(boxes, row))
    if (config.data / "history.h5").is_file():
        boxes = ReionizationSet.open(config.data / "history.h5")
        for row in choose_history(boxes):
            name = f"history_z{float(boxes.redshift[row]):04.1f}.npz"
            write(config.output / name, example(boxes, row, slices=False))
    if (config.data / "set_b.h5").is_file():
        boxes = ReionizationSet.open(config.data / "set_b.h5")
        for kind, row in zip(("galaxies", "agn"), choose_pair(boxes), strict=True):
            write(config.output / f"sources_{kind}.npz", example(boxes, row, slices=False))


if __name__ == "__main__":
    main(tyro.cli(ExamplesConfig, description=__doc__))
