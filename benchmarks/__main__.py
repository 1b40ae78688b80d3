"""Every benchmark, short, one after another; the lines they end with once more at the end.

    python -m benchmarks                       (make bench: about twenty minutes)
    python -m benchmarks --only kills fuzz
    python -m benchmarks --list                each with its arguments

Ratios are within one run, so a slow machine changes seconds and not them. The figures in the docs
come from the long runs that each benchmark's docstring names.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time

QUICK = {
    "hydrogen": "benchmarks.hydrogen --maps 2",
    "bulk": "core.hydrogen.bulk --model HIGlow --n 64 --output {folder}/maps.h5",
    "reionization": "benchmarks.reionization",
    "retrieval": "benchmarks.literature retrieval --papers 20000 --questions 40",
    "announcements": "benchmarks.literature announcements --papers 20000",
    "speed": "benchmarks.literature speed --repeats 3",
    "skimarxiv": "benchmarks.skimarxiv",
    "processes": "benchmarks.processes --steps 150",
    "kills": "benchmarks.kills",
    "fuzz": "benchmarks.fuzz",
    "load": "benchmarks.load --minutes 1 --users 20",
}
"""Module and arguments of each."""

LINES = 6
"""Of a benchmark that are repeated at the end, unless its last one is JSON and says it all."""


def run(name: str, folder: str) -> tuple[int, float, list[str]]:
    """One benchmark: its exit code, its seconds, and the lines to repeat."""
    command = [sys.executable, "-m", *QUICK[name].format(folder=folder).split()]
    print(f"== {name}: python {' '.join(command[1:])}", flush=True)
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.strip():
                lines.append(line.rstrip())
    last = lines[-1:] if lines and lines[-1].startswith("{") else lines[-LINES:]
    return process.returncode, time.monotonic() - started, last


def main() -> int:
    """Run them; 1 if any failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=QUICK, default=list(QUICK))
    parser.add_argument("--list", action="store_true", help="run nothing")
    wanted = parser.parse_args()
    if wanted.list:
        for name in wanted.only:
            print(f"{name:14} python -m {QUICK[name]}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = {name: run(name, folder) for name in wanted.only}
    print("\n== all")
    for name, (code, seconds, lines) in found.items():
        print(f"{name} ({seconds:.0f} s{f', failed with {code}' if code else ''})")
        for line in lines:
            print(f"  {line}")
    return int(any(code for code, _, _ in found.values()))


if __name__ == "__main__":
    sys.exit(main())
