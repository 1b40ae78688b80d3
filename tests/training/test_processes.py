"""Two processes that train one model over gloo: equal weights, one clock, one will."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from training.processes import Processes

ROOT = Path(__file__).parents[2]


def launch(count: int, folder: Path, seconds: float = 120) -> list[dict]:
    """Run together.py in ``count`` processes; what each found."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port), "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("together.py")), str(folder)]
    running = [
        subprocess.Popen(command, env={**environment, "RANK": str(rank), "LOCAL_RANK": str(rank)})
        for rank in range(count)
    ]
    try:
        for process in running:
            assert process.wait(seconds) == 0
    finally:
        for process in running:
            process.kill()
    return [json.loads((folder / f"rank_{rank}.json").read_text()) for rank in range(count)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    return launch(2, tmp_path_factory.mktemp("two"))


def test_processes_keep_the_same_weights_and_reach_the_target(found: list[dict]) -> None:
    first, second = found
    assert first["count"] == 2 and first["share"] == 16
    for name in ("whole", "bad", "cut", "clock", "best"):
        assert first[name] == second[name], name
    np.testing.assert_allclose(first["whole"][1:], [1, 2, 3], atol=0.02)


def test_a_step_that_one_cannot_take_none_takes(found: list[dict]) -> None:
    assert found[0]["bad"][0] == 60  # of 90, those where neither had a bad loss


def test_weights_that_no_loss_touches_do_not_decay(found: list[dict]) -> None:
    assert found[0]["bad_unused"]


def test_a_signal_to_one_stops_both_and_they_go_on_together(found: list[dict]) -> None:
    assert all(one["stopped"] for one in found)
    assert [one["cut"][0] for one in found] == [60, 60]


def test_the_clock_of_the_first_ends_the_run_for_all(found: list[dict]) -> None:
    assert 0 < found[0]["clock"][0] == found[1]["clock"][0]


def test_only_the_first_writes(found: list[dict], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = next(tmp_path_factory.getbasetemp().glob("two*"))
    assert list((folder / "whole" / "rank_0").iterdir())
    assert not list((folder / "whole" / "rank_1").iterdir())
    assert [one["bytes"] for one in found] == ["first", "first"]
    assert [one["nothing"] for one in found] == ["", ""]


def test_one_process_alone_needs_no_accelerate(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCAL_RANK", "ACCELERATE_MIXED_PRECISION"):
        monkeypatch.delenv(name, raising=False)
    alone = Processes.start()
    assert (alone.count, alone.rank, alone.is_main, alone.device.type) == (1, 0, True, "cpu")
    assert alone.share(7) == 7 and alone.agree(0.25, True) == (0.25, True)
    assert alone.from_main(b"abc") == b"abc"


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    three = Processes()
    three.count = 3
    with pytest.raises(ValueError, match="choose 15"):
        three.share(16)
