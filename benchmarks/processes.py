"""Training in two processes against one: the same loss curve, and how long each takes.

    python -m benchmarks.processes
    python -m benchmarks.processes --data data/hydrogen --steps 1000

HIGlow (a small one) is trained for as many steps with the same batch in all: by one process with
three seeds, and by two processes that `accelerate launch` starts on the CPU. `noise` is how far the
curves of two seeds lie apart (root mean square over the second half), `difference` how far two
processes lie from one with the same seed; the ratio of the two should be about one. The last line
is JSON. Without --data the maps are drawn by the shipped HIGlow.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from core.hydrogen.bulk import Bulk, make

SMALL = ("--steps", "2", "--widths", "12", "16", "16", "16", "16", "--blocks", "1")
LAUNCH = ("-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2",
          "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no",
          "--main_process_port", "0")  # fmt: skip


def train(folder: Path, data: Path, steps: int, seed: int, processes: int) -> tuple[list, float]:
    """The losses along a training, and the seconds of its steps."""
    launcher = LAUNCH if processes > 1 else ()
    command = [
        sys.executable, *launcher, "-m", "training.hydrogen.train_higlow", "--data", str(data),
        "--output", str(folder / "model"), "--runs", str(folder / "runs"), "--minutes", "600",
        "--max-steps", str(steps), "--seed", str(seed), "--threads", str(2 // processes), *SMALL,
    ]  # fmt: skip
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    rows = [json.loads(line) for line in (folder / "runs" / "log.jsonl").read_text().splitlines()]
    rows = [row for row in rows if "loss" in row]
    return [row["loss"] for row in rows], 60 * rows[-1]["minutes"]


def apart(one: list[float], other: list[float]) -> float:
    """Root mean square distance of two curves over their second half."""
    half = len(one) // 2
    return float(np.sqrt(np.mean((np.array(one[half:]) - np.array(other[half:])) ** 2)))


def main() -> None:
    """Train four times and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="maps in the CMD layout")
    parser.add_argument("--steps", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name), given.data
        if data is None:
            data = folder / "data"
            make(Bulk(data / "LH", 900), quiet=True)
        start = time.monotonic()
        single = [train(folder / f"s{s}", data, given.steps, s, 1) for s in range(3)]
        double, seconds = train(folder / "two", data, given.steps, 0, 2)
    curves = [curve for curve, _ in single]
    noise = float(np.mean([apart(a, b) for a, b in itertools.combinations(curves, 2)]))
    difference = apart(curves[0], double)
    for label, curve in (("one process", curves[0]), ("two processes", double)):
        print(f"{label:>14}: " + "  ".join(f"{loss:.3f}" for loss in curve))
    print(json.dumps({
        "steps": given.steps, "last_loss_one": curves[0][-1], "last_loss_two": double[-1],
        "difference": round(difference, 4), "noise": round(noise, 4),
        "difference_over_noise": round(difference / noise, 2),
        "seconds_one": round(single[0][1], 1), "seconds_two": round(seconds, 1),
        "minutes_in_all": round((time.monotonic() - start) / 60, 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
