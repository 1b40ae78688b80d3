"""Kills while models, checkpoints, simulations, maps and Spaces are written."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from benchmarks.killing.harness import Say, left_behind

__all__ = ["BulkKilled", "ModelKilled", "SimulationKilled", "StagingKilled", "TrainingKilled"]


@dataclass(frozen=True)
class _Config:
    number: int = 0


class ModelKilled:
    """One model saved over another: there is always one that loads, the last confirmed or newer."""

    seconds = 0.4

    def __init__(self, folder: Path) -> None:
        self.folder, self.last = folder / "model", -1

    def work(self, confirm: Say) -> None:
        """Save after save."""
        from core.weights import save_model

        for number in range(self.last + 1, self.last + 10_000):
            weights = {"a": torch.full((400, 1000), float(number)), "b": torch.zeros(7)}
            save_model(self.folder, weights, _Config(number), card=f"# Model {number}\n")
            confirm(number)

    def check(self, confirmed: list[str]) -> bool:
        """As the class says."""
        from core.weights import ModelNotFoundError, load_model, save_model

        last = int(confirmed[-1]) if confirmed else self.last
        try:
            weights, config = load_model(self.folder, _Config)
        except ModelNotFoundError:
            assert last == -1, "the model is gone"
            return False
        assert last <= config.number <= last + 1
        assert (weights["a"] == config.number).all()
        self.last = config.number + 1
        save_model(self.folder, {"a": torch.full((2,), float(self.last))}, _Config(self.last), "x")
        known = {"README.md", "config.json", "model.safetensors"}
        assert not left_behind(self.folder, known)
        return False


class TrainingKilled:
    """A training that keeps a checkpoint at every step goes on from it to the same weights."""

    steps = 60

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "run"
        self.last = 0
        start = time.monotonic()
        self.expected = self._train(folder / "without", lambda _: None)
        self.seconds = 0.6 * (time.monotonic() - start)

    def _train(self, folder: Path, confirm: Say) -> str:
        from training import loop

        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1))

        def loss(model: Any, step: int, generator: torch.Generator) -> torch.Tensor:
            confirm(step)  # the checkpoint of this step is kept
            x = torch.randn(32, 16, generator=generator)
            return (model(x) - x.sum(1, keepdim=True)).square().mean()

        config = loop.LoopConfig(minutes=1e9, max_steps=self.steps, checkpoint_seconds=0.0,
                                 log_steps=1)
        ema = loop.run(net, loss, config, folder, quiet=True)
        found = hashlib.sha256()
        for value in ema.model.state_dict().values():
            found.update(value.detach().numpy().tobytes())
        return found.hexdigest()

    def work(self, confirm: Say) -> None:
        """Train to the end."""
        confirm(f"weights {self._train(self.folder, confirm)}")

    def check(self, confirmed: list[str]) -> bool:
        """The checkpoint is whole and none is older than what was confirmed."""
        from training.checkpoint import load_checkpoint
        from training.loop import CHECKPOINT

        path = self.folder / CHECKPOINT
        steps = [int(said) for said in confirmed if said.isdigit()]
        if path.exists():
            step = int(load_checkpoint(path)["step"])
            assert step >= max([self.last, *steps]), f"step {step} after {max(steps)}"
            self.last = step
        else:
            assert not any(steps), "the checkpoint is gone"
        if not (confirmed and confirmed[-1].startswith("weights")):
            return False
        assert confirmed[-1] == f"weights {self.expected}", "other weights than without a kill"
        lines = (self.folder / "log.jsonl").read_text().splitlines()
        logged = [json.loads(line)["step"] for line in lines]
        assert logged == sorted(set(logged)), "a step stands twice in the log"
        assert not left_behind(self.folder, {path.name, "log.jsonl"})
        shutil.rmtree(self.folder)
        self.last = 0
        return True


class SimulationKilled:
    """A set of simulations goes on to the same files; what counts as done is done."""

    rows = 6

    def __init__(self, folder: Path) -> None:
        from training.hydrogen.simulation import sets

        self.module, self.folder = sets, folder / "killed"
        # without Dask, whose own kills are tried by training/tasks.py's tests; flags after each row
        sets.results_as_completed = (  # type: ignore[attr-defined]
            lambda _, function, tasks: ((i, function(*task)) for i, task in enumerate(tasks)))
        clock = iter(range(0, 10**9, 10))
        sets.time = SimpleNamespace(monotonic=lambda: next(clock))  # type: ignore[attr-defined]
        sets.tqdm = _Quiet  # type: ignore[attr-defined]
        sets.print = lambda *_: None  # type: ignore[attr-defined]
        self._make(folder / "compiled")  # by numba, at its first use
        start = time.monotonic()
        self._make(folder / "without")
        self.seconds = 0.8 * (time.monotonic() - start)
        self.expected = self._files(folder / "without")

    def _make(self, folder: Path) -> None:
        config = self.module.SimulateConfig(folder, ("TEST",), n_test=self.rows, particles=24,
                                            map_size=32)
        self.module.simulate_set(config, "TEST", None)

    @staticmethod
    def _files(folder: Path) -> tuple[np.ndarray, bytes]:
        (maps,) = (folder / "TEST").glob("Maps*.npy")
        (parameters,) = (folder / "TEST").glob("params*.txt")
        return np.load(maps), parameters.read_bytes()

    def work(self, confirm: Say) -> None:
        """Make the set."""
        self._make(self.folder)
        confirm("made")

    def check(self, confirmed: list[str]) -> bool:
        """Rows with a flag are those of the set that was not killed."""
        flags = self.folder / "TEST" / "done.npy"
        if flags.exists():
            done = np.load(flags)
            maps = self._files(self.folder)[0].reshape(self.rows, 15, 32, 32)
            wanted = self.expected[0].reshape(self.rows, 15, 32, 32)
            assert np.array_equal(maps[done], wanted[done]), "a row counts that is not whole"
        if confirmed != ["made"]:
            return False
        maps, parameters = self._files(self.folder)
        assert np.array_equal(maps, self.expected[0]) and parameters == self.expected[1]
        manifest = json.loads((self.folder / "TEST" / "manifest.json").read_text())
        assert manifest["simulations"] == self.rows
        names = {path.name for path in (self.folder.parent / "without" / "TEST").iterdir()}
        assert not left_behind(self.folder / "TEST", names)
        shutil.rmtree(self.folder)
        return True


class _Quiet:
    """As tqdm, without a bar."""

    def __init__(self, **_: Any) -> None: ...

    def __enter__(self) -> _Quiet:
        return self

    def __exit__(self, *_: Any) -> None: ...

    def update(self) -> None:
        """Nothing."""


class BulkKilled:
    """Maps to a file: not there until it is whole, and then the same bytes as without a kill."""

    seconds = 0.6

    def __init__(self, folder: Path) -> None:
        from core.hydrogen import bulk
        from core.hydrogen.higlow import HIGlow, HIGlowConfig

        self.module, self.weights = bulk, folder / "weights"
        torch.manual_seed(0)
        config = HIGlowConfig(
            mean=5.0, values=(4.0, 6.0), knots=(4.0, 6.0), lowest=3.0, highest=8.0, size=16,
            temperatures=(1.0,) * 3, steps=1, widths=(8, 8, 8), blocks=1,
        )  # fmt: skip
        HIGlow(config).save(self.weights, "A toy.")
        bulk._SAVE_SECONDS = 0.0  # type: ignore[misc]
        self.path = folder / "killed" / "maps.h5"
        start = time.monotonic()
        self._make(folder / "without" / "maps.h5")
        self.seconds = 0.8 * (time.monotonic() - start)
        self.expected = (folder / "without" / "maps.h5").read_bytes()

    def _make(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.module.make(self.module.Bulk(path, 400, seed=3, batch_size=16, weights=self.weights),
                         quiet=True)

    def work(self, confirm: Say) -> None:
        """Make the maps."""
        self._make(self.path)
        confirm("made")

    def check(self, confirmed: list[str]) -> bool:
        """As the class says."""
        if not self.path.exists():
            assert not confirmed
            return False
        assert self.path.read_bytes() == self.expected
        if not confirmed:  # killed between the end and its word
            self._make(self.path)
        assert not left_behind(self.path.parent, {self.path.name})
        shutil.rmtree(self.path.parent)
        return True


class StagingKilled:
    """The tree of a Space: the old one, the new one or none, never half of one."""

    def __init__(self, folder: Path) -> None:
        from training.release.spaces import staging

        self.module, self.folder = staging, folder / "there" / "space"
        self.what = staging.Staged("hi_maps")
        start = time.monotonic()
        staging.stage(self.what, folder / "without")
        self.seconds = 1.2 * (time.monotonic() - start)
        self.expected = staging.check(folder / "without")["files"]

    def work(self, confirm: Say) -> None:
        """Stage, again over what is there."""
        for number in range(1000):
            self.module.stage(self.what, self.folder)
            confirm(number)

    def check(self, confirmed: list[str]) -> bool:
        """As the class says; now and then the next begins without a tree."""
        if self.folder.exists():
            assert self.module.check(self.folder)["files"] == self.expected
        if not confirmed:
            return False
        self.module.stage(self.what, self.folder)
        assert self.module.check(self.folder)["files"] == self.expected
        assert not left_behind(self.folder.parent, {self.folder.name})
        shutil.rmtree(self.folder.parent)
        return True
