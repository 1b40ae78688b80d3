"""Kills with SIGKILL at random moments: nothing confirmed is lost, nothing is half there.

    python -m benchmarks.kills                      # ten kills of each, about two minutes
    python -m benchmarks.kills --kills 100          # what docs/reliability.md says
    python -m benchmarks.kills --only library --seed 7

Each kind of work runs in a child process that is killed at a random moment, and again when it goes
on. After each kill its files are opened and compared with those of the same work without a kill.
A kill of the process is not a loss of power: what the system had taken over reaches the disk. The
last line is JSON.
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

SCENARIOS: dict[str, Callable[[Path], Scenario]] = {
    "library": LibraryKilled, "export": ExportKilled, "model": ModelKilled,
    "training": TrainingKilled, "simulation": SimulationKilled, "bulk": BulkKilled,
    "staging": StagingKilled,
}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10, help="of each kind of work")
    parser.add_argument("--only", choices=SCENARIOS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # a child is forked: no threads of a pool may be left behind
    found: dict[str, Any] = {"seed": arguments.seed}
    print("| work | kills | confirmed | to the end | found wrong |")
    for name in arguments.only or SCENARIOS:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            report = kill_often(SCENARIOS[name](Path(folder)), arguments.kills, arguments.seed)
        _say(f"{name}: {time.perf_counter() - start:.0f} s")
        print(f"| {name} | {report.kills} | {report.confirmed} | {report.finished} | "
              f"{len(report.faults)} |", flush=True)
        for fault in report.faults:
            print(fault)
        found[name] = {"kills": report.kills, "confirmed": report.confirmed,
                       "to_the_end": report.finished, "faults": len(report.faults)}
    print(json.dumps(found))
    sys.exit(any(found[name]["faults"] for name in arguments.only or SCENARIOS))


if __name__ == "__main__":
    main()
