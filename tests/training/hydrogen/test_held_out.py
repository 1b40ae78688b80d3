"""Which maps a card is about, and what a short measurement simulates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.hydrogen.datasets import held_out
from training.hydrogen.datasets.held_out import QUICK, held_out_folder, partial_set
from training.hydrogen.simulation.design import COUNTS, MAP_SIZE, PARTICLES, design
from training.hydrogen.simulation.sets import SetFiles, SimulateConfig


def write_set(folder: Path, suite: str = "CosmoDeskPM", name: str = "TEST", size: int = MAP_SIZE,
              simulations: int = COUNTS["TEST"], particles: int = PARTICLES,
              seeds: list[int] | None = None) -> Path:
    """Empty maps, which take no room on the disk, in the CMD layout."""
    own = folder / name
    SetFiles(own, name, simulations, SimulateConfig(folder, map_size=size))
    np.save(own / "done.npy", np.ones(simulations, bool))
    parameters, usual = design(name, simulations)
    np.savetxt(own / f"params_{name}_{suite}.txt", parameters, header="Omega_m sigma_8 a b c d")
    for path in own.glob("Maps_*.npy"):
        path.rename(own / path.name.replace("CosmoDeskPM", suite))
    if suite == "CosmoDeskPM":
        (own / "manifest.json").write_text(json.dumps({
            "seeds": usual.tolist() if seeds is None else seeds, "config": {"particles": particles}
        }))
    return folder


def test_the_whole_set_is_what_the_card_is_about(tmp_path: Path) -> None:
    assert partial_set(write_set(tmp_path), "TEST", "LH") == ""


@pytest.mark.parametrize(("settings", "words"), [
    ({"simulations": 8}, "has 8 of its 150 simulations"),
    ({"size": 64}, "has maps of 64 pixels a side, not 256"),
    ({"particles": 24}, "was made with 24 particles a side, not 64"),
    ({"seeds": list(range(150))}, "lacks 150 of its 150 initial conditions"),
    ({"suite": "Toy"}, "Toy TEST is no set that a card is about"),
])
def test_what_is_less_or_other_is_named(
    tmp_path: Path, settings: dict[str, object], words: str
) -> None:
    assert words in partial_set(write_set(tmp_path, **settings), "TEST")  # type: ignore[arg-type]


def test_a_set_that_is_still_being_made_is_partial(tmp_path: Path) -> None:
    np.save(write_set(tmp_path) / "TEST" / "done.npy", np.arange(COUNTS["TEST"]) > 0)
    assert "still being simulated" in partial_set(tmp_path, "TEST")
    (tmp_path / "TEST" / "done.npy").unlink()
    (tmp_path / "TEST" / "manifest.json").unlink()
    assert "no manifest.json" in partial_set(tmp_path, "TEST")


def test_a_quick_measurement_simulates_few_at_the_settings_of_the_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[SimulateConfig] = []
    monkeypatch.setattr(held_out, "simulate", asked.append)
    for quick in (True, False):
        with held_out_folder(None, "FIX", quick) as folder:
            assert folder == asked[-1].output
    few, whole = asked
    assert few.sets == whole.sets == ("FIX",)
    assert (few.particles, few.map_size) == (whole.particles, whole.map_size)
    assert (few.particles, few.map_size) == (PARTICLES, MAP_SIZE)
    assert (few.n_fixed, whole.n_fixed) == (QUICK["FIX"], COUNTS["FIX"])
    with held_out_folder(tmp_path, "FIX") as folder:
        assert folder == tmp_path and len(asked) == 2
