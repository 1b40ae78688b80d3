"""Every stage of training in two processes on the CPU, by the command a user types."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.hydrogen.hi_cdm import HICDM
from core.hydrogen.higlow import HIGlow
from core.hydrogen.inference import HIInference
from core.reionization.neutral_fraction import NeutralFraction
from core.reionization.radiation import Radiation
from core.reionization.sources import Sources
from tests.training.hydrogen.fixture import write_maps
from tests.training.literature.fixture import PAIRS
from tests.training.reionization.fixture import chosen_seeds, toy_rows, write_toy_set
from training.literature.questions.pairs import write_pairs
from training.reionization.datasets.views import load_views
from training.reionization.simulation.boxes import assemble, parts_folder, write_shard

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def launch(*command: str) -> None:
    """``accelerate launch`` with two processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    launcher = [
        sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2",
        "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no",
        "--main_process_port", str(port),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([*launcher, *command], env=environment, cwd=ROOT, timeout=900,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    write_maps(folder / "LH", "LH", 30)
    return folder


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """set_a of toy boxes, and set_b with the same boxes as galaxies and as AGN."""
    folder = tmp_path_factory.mktemp("boxes")
    seeds = chosen_seeds(validation=6)
    write_toy_set(folder, seeds)
    for seed in seeds:
        rows = [{**row, "is_agn": agn, "pair": 0, "slope": 1.0}
                for row in toy_rows(seed) for agn in (False, True)]  # fmt: skip
        write_shard(parts_folder(folder / "set_b.h5"), seed, rows)
    assemble(folder / "set_b.h5", {"simulator": "toy"})
    load_views(folder / "set_a.h5", workers=2)
    return folder


def run_stage(module: str, data: Path, output: Path, *settings: str) -> Path:
    """Train in two processes; the model folder, of which exactly one process wrote the files."""
    launch("-m", f"training.{module}", "--data", str(data), "--output", str(output / "model"),
           "--runs", str(output / "runs"), "--minutes", "30", "--max-steps", "4", *settings)
    for log in (output / "runs").rglob("log.jsonl"):
        steps = [json.loads(line)["step"] for line in log.read_text().splitlines()]
        assert len(steps) == len(set(steps)), log
    return output / "model"


def test_higlow(maps: Path, tmp_path: Path) -> None:
    small = ("--steps", "1", "--widths", "8", "8", "8", "8", "8", "--blocks", "1")
    model = HIGlow.load(run_stage("hydrogen.train_higlow", maps, tmp_path, *small))
    assert model.sample(0.3, 0.8).shape == (1, 64, 64)


def test_hi_cdm(maps: Path, tmp_path: Path) -> None:
    small = ("--width", "16", "--multipliers", "1", "2")
    model = HICDM.load(run_stage("hydrogen.train_hi_cdm", maps, tmp_path, *small))
    assert model.sample(0.3, 0.8, steps=2).shape == (1, 64, 64)


def test_inference(maps: Path, tmp_path: Path) -> None:
    small = ("--channels", "8", "8", "--likelihood-maps", "1", "--higlow", str(tmp_path / "none"))
    folder = run_stage("hydrogen.train_inference", maps, tmp_path, *small)
    assert HIInference.load(folder).config.size == 64


def test_radiation(boxes: Path, tmp_path: Path) -> None:
    small = ("--width", "16", "--multipliers", "1", "2", "--slices", "6",
             "--emulator-width", "16", "--emulator-multipliers", "1", "2")  # fmt: skip
    folder = run_stage("reionization.train_radiation", boxes, tmp_path, *small)
    assert Radiation.load(folder).config.size == 64


@pytest.mark.parametrize("images", [(), ("--images", "--image-minutes", "30")])
def test_neutral_fraction(boxes: Path, tmp_path: Path, images: tuple[str, ...]) -> None:
    settings = ("--statistics-minutes", "30", "--batch-size", "4", *images)
    folder = run_stage("reionization.train_neutral_fraction", boxes, tmp_path, *settings)
    assert len(NeutralFraction.load(folder).members) == 5


def test_sources(boxes: Path, tmp_path: Path) -> None:
    settings = ("--images", "--image-minutes", "30", "--members", "2", "--batch-size", "4")
    folder = run_stage("reionization.train_sources", boxes, tmp_path, *settings)
    assert len(Sources.load(folder).members) == 2


def test_cosmogemma(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    launch(str(Path(__file__).parent / "literature" / "launched.py"), str(tmp_path))
    assert (tmp_path / "model" / "model.safetensors").is_file()
    assert '"step": 4' in (tmp_path / "runs" / "log.jsonl").read_text()
