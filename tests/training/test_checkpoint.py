"""Checkpoints: everything comes back, half a file is refused, nothing in one can run."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from training.checkpoint import decode, encode, load_checkpoint, save_checkpoint
from training.loop import CHECKPOINT, LoopConfig, run

ROOT = Path(__file__).parents[2]


def _optimizer() -> torch.optim.AdamW:
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    groups = [{"params": net[0].parameters()}, {"params": net[2].parameters(), "lr": 1e-4}]
    optimizer = torch.optim.AdamW(groups, 1e-3, (0.9, 0.99))
    for _ in range(3):
        optimizer.zero_grad()
        net(torch.randn(8, 3)).square().mean().backward()
        optimizer.step()
    return optimizer


def test_the_state_of_an_optimizer_comes_back(tmp_path: Path) -> None:
    optimizer, other = _optimizer(), _optimizer()
    save_checkpoint(tmp_path / "c", {"optimizer": optimizer.state_dict()})
    other.load_state_dict(load_checkpoint(tmp_path / "c")["optimizer"])
    for a, b in zip(optimizer.state.values(), other.state.values(), strict=True):
        assert a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)
    assert [g["lr"] for g in other.param_groups] == [1e-3, 1e-4]


def test_numbers_keys_and_kinds_come_back() -> None:
    whole = torch.arange(6.0)
    state = {
        "none": None, "flag": True, "count": 3, "ratio": 0.1 + 0.2, "far": math.inf, "word": "µ",
        "nested": {0: [1, {2: torch.zeros(0)}], "a/b": torch.tensor(7), "a": {"b": whole[::2]}},
        "half": torch.ones(2, 3, dtype=torch.bfloat16), "bool": torch.tensor([True, False]),
        "view": whole[:3], "same": whole,
    }  # fmt: skip
    back = decode(encode(state))
    for name in ("none", "flag", "count", "ratio", "far", "word"):
        assert back[name] == state[name] and type(back[name]) is type(state[name])
    assert torch.equal(back["nested"]["a"]["b"], whole[::2])
    assert torch.equal(back["nested"]["a/b"], torch.tensor(7))
    assert back["nested"][0][1][2].shape == (0,)
    for name in ("half", "bool", "view", "same"):
        assert torch.equal(back[name], state[name]) and back[name].dtype == state[name].dtype
    with pytest.raises(TypeError, match="object"):
        encode({"x": object()})


@pytest.mark.parametrize("cut", [0, 4, 100, -1])
def test_half_a_file_is_refused_by_name(tmp_path: Path, cut: int) -> None:
    path = tmp_path / CHECKPOINT
    save_checkpoint(path, {"model": nn.Linear(3, 1).state_dict()})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=f"{CHECKPOINT} is damaged; delete it"):
        run(nn.Linear(3, 1), lambda *_: torch.zeros(()), LoopConfig(), tmp_path, quiet=True)


def test_what_another_program_wrote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / CHECKPOINT
    torch.save({"step": 1}, path)
    with pytest.raises(ValueError, match="damaged"):
        load_checkpoint(path)
    from safetensors.torch import save_file

    save_file({"a": torch.zeros(2)}, path)
    with pytest.raises(ValueError, match="damaged"):
        load_checkpoint(path)


_TRAINING = """
import sys, torch
from pathlib import Path
from torch import nn
from training.loop import LoopConfig, run
torch.manual_seed(0)
def loss(model, step, generator):
    return model(torch.randn(4, 300, generator=generator)).square().mean()
run(nn.Linear(300, 300), loss, LoopConfig(minutes=5, max_steps=int(sys.argv[2]),
    checkpoint_seconds=1e-9, log_steps=1), Path(sys.argv[1]), quiet=True)
"""


def test_a_run_killed_in_any_moment_goes_on_and_its_log_counts_every_step_once(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", _TRAINING, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([*command, "1000000"], env=environment)
    log = tmp_path / "log.jsonl"
    while not log.exists() or log.stat().st_size < 2000:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    step = load_checkpoint(tmp_path / CHECKPOINT)["step"]
    with log.open("a") as file:
        file.write('{"step": 99')  # half a line, as a kill may leave it
    subprocess.run([*command, str(step + 5)], env=environment, check=True)
    steps = [json.loads(line)["step"] for line in log.read_text().splitlines()]
    assert steps == list(range(1, step + 6))
    assert {path.name for path in tmp_path.iterdir()} == {CHECKPOINT, "log.jsonl"}
