"""Simulations on a Dask cluster whose workers die and join in the middle."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dask
import dask.distributed  # its defaults must be there before a test sets some of them
import numpy as np
import pytest

from tests.training.slow_squares import deadly, square
from training import tasks
from training.hydrogen.simulation.sets import SimulateConfig, simulate
from training.tasks import cluster, results_as_completed

ROOT = Path(__file__).parents[2]
Start = Callable[[], subprocess.Popen]


@contextlib.contextmanager
def scheduler_and_workers(count: int) -> Iterator[tuple[str, list[subprocess.Popen], Start]]:
    """A scheduler on loopback, processes as ``dask worker`` starts them, and how to start more."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    running: list[subprocess.Popen] = []
    with dask.distributed.LocalCluster(
        n_workers=0, dashboard_address=None, host="127.0.0.1"
    ) as local:
        address = local.scheduler_address

        def start() -> subprocess.Popen:
            command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny",
                       "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]  # fmt: skip
            running.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
            return running[-1]

        try:
            for _ in range(count):
                start()
            with dask.distributed.Client(address) as client:
                client.wait_for_workers(count, timeout=60)
            yield address, running, start
        finally:
            for process in running:
                process.kill()
                process.wait()


def test_a_killed_worker_costs_nothing_and_a_new_one_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_LOOK_SECONDS", 0.0)
    found: list[tuple[int, int, int]] = []
    with (
        scheduler_and_workers(2) as (address, workers, start),
        cluster(scheduler=address) as client,
    ):
        joined = None
        todo = [(number, 0.03) for number in range(200)]
        for index, (value, pid) in results_as_completed(client, square, todo):
            found.append((index, value, pid))
            if len(found) == 10:
                start()  # joins later; how much later, the machine decides
            if joined is None and len(found) > 20:
                time.sleep(0.1)
            if joined is None and len(client.nthreads()) == 3:
                joined = len(found)
                workers[0].kill()  # kill -9, with tasks and results of its own
        assert joined is not None and workers[0].wait(10) == -9
    assert sorted(index for index, *_ in found) == list(range(200))
    assert all(value == index**2 for index, value, _ in found)
    pids = {pid for _, _, pid in found}
    assert pids == {process.pid for process in workers}


@pytest.mark.slow
def test_a_task_that_costs_workers_is_tried_again_but_not_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster(workers=1) as client,
    ):
        found = list(results_as_completed(client, deadly, [(7, str(tmp_path), 2)]))
        assert found == [(0, 7)]
        assert (tmp_path / "7").read_text() == "3"
        with pytest.raises(RuntimeError, match="too little memory"):
            list(results_as_completed(client, deadly, [(8, str(tmp_path), 99)]))
        # what the function itself raises is not tried again
        with pytest.raises(ZeroDivisionError):
            list(results_as_completed(client, divmod, [(1, 1), (1, 0)]))


@pytest.mark.slow
def test_a_scheduler_that_is_lost_and_workers_that_all_are_end_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_LOOK_SECONDS", 0.1)
    with cluster(workers=1) as client:
        results = results_as_completed(client, square, [(number, 0.01) for number in range(300)])
        next(results)
        monkeypatch.setattr(tasks, "_ALONE_SECONDS", 0.5)
        monkeypatch.setattr(tasks, "_RESULT_SECONDS", 0.5)
        client.cluster.scale(0)
        with pytest.raises(RuntimeError, match="No worker process"):
            list(results)
        client.cluster.close()
        with pytest.raises(RuntimeError, match="scheduler is gone"):
            list(results_as_completed(client, square, [(1, 0.01)]))


def test_an_address_without_a_scheduler_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "300ms"}),
        pytest.raises(RuntimeError, match="No Dask scheduler answers"),
        cluster(scheduler="tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.slow
def test_a_set_simulated_while_a_worker_is_killed_is_the_set(tmp_path: Path) -> None:
    settings = {"sets": ("TEST",), "n_test": 96, "particles": 32, "map_size": 64}
    simulate(SimulateConfig(tmp_path / "whole", workers=1, **settings))
    with scheduler_and_workers(2) as (address, workers, _):
        command = [
            sys.executable, "-m", "training.hydrogen.simulate", "--output", str(tmp_path / "cut"),
            "--sets", "TEST", "--n-test", "96", "--particles", "32", "--map-size", "64",
            "--scheduler", address,
        ]  # fmt: skip
        process = subprocess.Popen(command, cwd=ROOT)
        flags = tmp_path / "cut" / "TEST" / "done.npy"
        while not flags.exists():
            assert process.poll() is None
            time.sleep(0.05)
        done = np.load(flags).sum()
        assert 0 < done < 96  # the flags are written every five seconds
        workers[0].kill()
        assert process.wait(300) == 0
    (whole, cut) = (next((tmp_path / n / "TEST").glob("Maps*.npy")) for n in ("whole", "cut"))
    assert whole.read_bytes() == cut.read_bytes()
    assert np.load(flags).all()
