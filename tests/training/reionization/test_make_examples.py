"""The simulations that the app opens with are chosen by rule, from those held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.reionization.datasets.box_set import ReionizationSet, split_of_seed
from training.reionization.make_examples import (
    NEIGHBOURS,
    ExamplesConfig,
    choose_history,
    choose_pair,
    choose_rows,
    main,
)
from training.reionization.simulation.boxes import assemble, parts_folder, write_shard

RNG = np.random.default_rng(0)
N = 32


def _row(seed: int, redshift: float, x_hi: float, **columns: float) -> dict:
    cubes = {name: RNG.normal(size=(N, N, N)).astype(np.float16)
             for name in ("density", "x_hi", "brightness_temp")}
    return {**cubes, "seed": seed, "redshift": redshift, "x_hi_mean": x_hi, **columns}


def _held_out(count: int) -> list[int]:
    return [int(s) for s in range(1, 400) if split_of_seed(s) == "test"][:count]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    training = next(s for s in range(1, 50) if split_of_seed(s) == "train")
    usual = {"log10_tvir": 4.7, "r_bubble_mpc": 40.0, "zeta": 30.0}
    rows = [(seed, [_row(seed, 7 + 0.4 * i, 0.15 * i + 0.1, **usual)])
            for i, seed in enumerate(_held_out(6))]
    _write(folder / "set_a.h5", [*rows, (training, [_row(training, 8.0, 0.45, **usual)])])
    _write(folder / "history.h5", [
        (900_001, [_row(900_001, z, x) for z, x in ((9.0, 0.8), (7.0, 0.2), (9.5, 0.85))]),
        (900_002, [_row(900_002, z, x) for z, x in ((9.0, 0.9), (7.0, 0.001), (9.5, 0.95))]),
    ])
    pairs = []
    for seed in _held_out(2):
        galaxies, agn = (_row(seed, 8.0, 0.3, is_agn=kind, slope=0.5) for kind in (False, True))
        if seed == _held_out(2)[1]:  # the same waves, elsewhere: the same power spectrum
            agn["brightness_temp"] = np.roll(galaxies["brightness_temp"], 5, axis=1)
        pairs.append((seed, [galaxies, agn]))
    _write(folder / "set_b.h5", pairs)
    return folder


def _write(path: Path, shards: list[tuple[int, list[dict]]]) -> None:
    for seed, rows in shards:
        write_shard(parts_folder(path), seed, rows)
    assemble(path, {"simulator": "toy 21cmFAST"})


def test_rows_are_held_out_and_of_different_seeds(data: Path) -> None:
    boxes = ReionizationSet.open(data / "set_a.h5")
    rows = choose_rows(boxes)
    assert len(set(boxes.seed[rows])) == 4
    assert set(split_of_seed(boxes.seed[rows])) == {"test"}
    assert np.all(np.abs(boxes.x_hi_mean[rows] - [0.25, 0.4, 0.7, 0.85]) < 0.16)


def test_the_history_stays_in_range_and_is_in_order(data: Path) -> None:
    boxes = ReionizationSet.open(data / "history.h5")
    rows = choose_history(boxes)
    assert set(boxes.seed[rows]) == {900_001} and boxes.redshift[rows].tolist() == [7.0, 9.0]


def test_the_pair_is_the_most_alike(data: Path) -> None:
    boxes = ReionizationSet.open(data / "set_b.h5")
    galaxies, agn = choose_pair(boxes)
    assert boxes.seed[galaxies] == boxes.seed[agn] == _held_out(2)[1]
    assert not boxes.is_agn[galaxies] and boxes.is_agn[agn]


def test_files_hold_what_the_app_reads(data: Path, tmp_path: Path) -> None:
    main(ExamplesConfig(data, tmp_path))
    names = sorted(path.stem for path in tmp_path.glob("*.npz"))
    assert names == ["box_1", "box_2", "box_3", "box_4", "history_z07.0", "history_z09.0",
                     "sources_agn", "sources_galaxies"]
    with np.load(tmp_path / "box_1.npz", allow_pickle=False) as box:
        assert box["density"].shape == (2 * NEIGHBOURS + 1, N, N) and box["x_hi"].shape == (N, N)
        assert float(box["log10_tvir"]) == 4.7 and "21cmFAST" in str(box["simulator"])
