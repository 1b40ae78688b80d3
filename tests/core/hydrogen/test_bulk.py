"""Many maps to a file: what is in it, where a kill leaves it, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.fields import CamelsMaps
from core.hydrogen import bulk as module
from core.hydrogen.bulk import Bulk, design, main, make
from core.hydrogen.higlow import HIGlow, HIGlowConfig

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HIGlow that draws hundreds of maps a second; untrained."""
    folder = tmp_path_factory.mktemp("higlow")
    config = HIGlowConfig(
        mean=5.0, values=(4.0, 6.0), knots=(4.0, 6.0), lowest=3.0, highest=8.0, size=16,
        temperatures=(1.0,) * 3, steps=1, widths=(8, 8, 8), blocks=1,
    )  # fmt: skip
    HIGlow(config).save(folder, "A toy.")
    return folder


def _read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with h5py.File(path) as file:
        assert file["maps"].attrs["units"] == "(Msun/h)/(Mpc/h)^2"
        return file["maps"][()], file["parameters"][()]


def test_maps_are_those_of_the_model_at_a_latin_hypercube(weights: Path, tmp_path: Path) -> None:
    bulk = Bulk(tmp_path / "maps.h5", 50, seed=3, batch_size=8, weights=weights)
    assert make(bulk, quiet=True) == 50
    maps, parameters = _read(bulk.output)
    model = HIGlow.load(weights)
    for i in (0, 17, 49):
        alone = model.sample(*parameters[i], n=i + 1, seed=3)[i]
        np.testing.assert_allclose(maps[i], alone, rtol=1e-4)
    for column, (low, high) in zip(parameters.T, ((0.1, 0.5), (0.6, 1.0)), strict=True):
        strata = np.floor((column - low) / (high - low) * 50 + 1e-3)
        assert len(set(strata)) >= 49  # one map in each fiftieth, up to the rounding
    assert make(bulk, quiet=True) == 0  # there already
    assert list(tmp_path.iterdir()) == [bulk.output]


def test_a_fixed_cosmology_and_a_range_are_kept(tmp_path: Path) -> None:
    found = design(Bulk(tmp_path / "a.h5", 40, omega_m=(0.3,), sigma_8=(0.7, 0.8)))
    assert np.all(found[:, 0] == 0.3)
    assert 0.7 <= found[:, 1].min() < 0.71 and 0.79 < found[:, 1].max() <= 0.8


def test_a_folder_is_in_the_cmd_layout(weights: Path, tmp_path: Path) -> None:
    bulk = Bulk(tmp_path / "set", 45, batch_size=7, weights=weights)
    make(bulk, quiet=True)
    data = CamelsMaps.open(bulk.output)
    assert data.suite == "HIGlow" and data.maps.shape == (45, 16, 16) and data.n_simulations == 3
    np.testing.assert_allclose(np.repeat(data.parameters, 15, axis=0), design(bulk), atol=1e-9)
    expected = HIGlow.load(weights).sample(*data.parameters[2], n=45, seed=0)[30:]
    np.testing.assert_allclose(data.maps[30:], expected, rtol=1e-4)
    names = {"Maps_HI_HIGlow_LH_z=0.00.npy", "params_LH_HIGlow.txt", "manifest.json"}
    assert {path.name for path in bulk.output.iterdir()} == names
    assert make(bulk, quiet=True) == 0


_KILLED = """
import sys, time
from core.hydrogen import bulk
bulk._SAVE_SECONDS = 0.0
write = bulk.MapFile.write
bulk.MapFile.write = lambda *a: (write(*a), time.sleep(0.02))
bulk.main(sys.argv[1:])
"""


@pytest.mark.parametrize("name", ["maps.h5", pytest.param("folder", marks=pytest.mark.slow)])
def test_a_killed_run_ends_with_the_same_bytes(name: str, weights: Path, tmp_path: Path) -> None:
    def command(output: Path) -> list[str]:
        return ["--output", str(output), "--n", "240", "--weights", str(weights), "--threads", "1",
                "--batch-size", "4"]

    main(command(tmp_path / "whole" / name))
    cut = tmp_path / "cut" / name
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", _KILLED, *command(cut)], env=environment,
                               stderr=subprocess.DEVNULL)
    progress = cut.with_name(f"{name}.part") / "progress.json"
    while not progress.exists() or json.loads(progress.read_text())["done"] < 40:
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert 40 <= json.loads(progress.read_text())["done"] < 240 and not cut.exists()
    with pytest.raises(ValueError, match=r"begun with other settings \(seed 0\)"):
        make(Bulk(cut, 240, seed=1, batch_size=4, weights=weights), quiet=True)
    main(command(cut))
    files = [p.relative_to(tmp_path / "cut") for p in (tmp_path / "cut").rglob("*") if p.is_file()]
    assert len(files) == (1 if name == "maps.h5" else 3)
    for file in files:
        assert (tmp_path / "cut" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()


def test_a_kill_between_the_last_two_steps_is_nothing(weights: Path, tmp_path: Path) -> None:
    for name in ("maps.h5", "folder"):
        bulk = Bulk(tmp_path / name, 15, weights=weights)
        make(bulk, quiet=True)
        left = bulk.output if bulk.output.is_dir() else tmp_path / f"{name}.part"
        left.mkdir(exist_ok=True)
        (left / "progress.json").write_text("{}")
        assert make(bulk, quiet=True) == 0
    assert not list(tmp_path.rglob("progress.json")) and not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "Gadget"}, "not one of HIGlow, HICDM"),
        ({"n": 0}, "1 or more"),
        ({"n": 16, "output": Path("folder")}, "multiple"),
        ({"omega_m": (0.3, 0.2)}, "lower and upper end"),
        ({"omega_m": (0.1, 0.2, 0.3)}, "one value"),
        ({"sigma_8": (0.5,)}, "trained range"),
        ({"sigma_8": (float("nan"),)}, "trained range"),
        ({"n": 10**12}, "make room or ask for fewer"),
    ],
)
def test_what_cannot_be_made_is_refused(
    changes: dict, words: str, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the hypercube of as many would itself not fit
    monkeypatch.setattr(module, "design", lambda bulk: np.broadcast_to([0.3, 0.8], (bulk.n, 2)))
    monkeypatch.chdir(tmp_path)
    settings = {"output": tmp_path / "maps.h5", "n": 10, "weights": weights, **changes}
    with pytest.raises(ValueError, match=words):
        make(Bulk(**settings), quiet=True)
    assert not list(tmp_path.iterdir())


def test_other_maps_are_not_written_over(weights: Path, tmp_path: Path) -> None:
    path = tmp_path / "maps.h5"
    path.write_bytes(b"somebody's")
    with pytest.raises(SystemExit, match="already there with other maps"):
        main(["--output", str(path), "--n", "3", "--weights", str(weights)])
    assert path.read_bytes() == b"somebody's"
