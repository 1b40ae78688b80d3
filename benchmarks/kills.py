"""Kills with SIGKILL at random moments: nothing confirmed is lost, nothing is half there.

    python -m benchmarks.kills                      # ten kills of each, about two minutes
    python -m benchmarks.kills --kills 100          # what docs/reliability.md says
    python -m benchmarks.kills --only library --seed 7

Each kind of work runs in a child process that is killed at a random moment, and again when it goes
on. After each kill its files are opened and compared with those of the same work without a kill.
A kill of the process is not a loss of power: what the system had taken over reaches the disk. The
last line is JSON. Kinds of work that are done are kept in runs/benchmarks: a run that was stopped
goes on with the next one. ``--write`` keeps the figures in docs/measured/kills.json and makes the
table of docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks.killing.harness import Scenario, kill_often
from benchmarks.killing.library import ExportKilled, LibraryKilled
from benchmarks.killing.models import (
    BulkKilled,
    ModelKilled,
    SimulationKilled,
    StagingKilled,
    TrainingKilled,
)
from benchmarks.progress import Progress, keep
from benchmarks.results import write_tables

SCENARIOS: dict[str, Callable[[Path], Scenario]] = {
    "library": LibraryKilled, "export": ExportKilled, "model": ModelKilled,
    "training": TrainingKilled, "simulation": SimulationKilled, "bulk": BulkKilled,
    "staging": StagingKilled,
}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def killed(name: str, kills: int, seed: int) -> dict[str, Any]:
    """Kill one kind of work so often, and print what is wrong."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        report = kill_often(SCENARIOS[name](Path(folder)), kills, seed)
    for fault in report.faults:
        print(fault)
    return {"name": name, "kills": report.kills, "confirmed": report.confirmed,
            "to_the_end": report.finished, "faults": len(report.faults),
            "seconds": round(time.perf_counter() - start)}


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10, help="of each kind of work")
    parser.add_argument("--only", choices=SCENARIOS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the figures for the docs")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # a child is forked: no threads of a pool may be left behind
    names = arguments.only or list(SCENARIOS)
    progress = Progress(f"kills-{arguments.kills}-seed{arguments.seed}-{'-'.join(names)}")
    done = {entry["name"]: entry for entry in progress.entries}
    print("| work | kills | confirmed | to the end | found wrong |")
    for name in names:
        if name in done:
            _say(f"{name}: done before")
        else:
            done[name] = killed(name, arguments.kills, arguments.seed)
            progress.add(done[name])
        one = done[name]
        _say(f"{name}: {one['seconds']} s")
        print(f"| {name} | {one['kills']} | {one['confirmed']} | {one['to_the_end']} | "
              f"{one['faults']} |", flush=True)
    progress.over()
    command = f"python -m benchmarks.kills --kills {arguments.kills}"
    work = {name: done[name] for name in names}
    found = {"command": command, "seed": arguments.seed, "work": work}
    print(json.dumps(found))
    if arguments.write:
        keep("kills", found)
        write_tables()
    sys.exit(any(one["faults"] for one in done.values()))


if __name__ == "__main__":
    main()
