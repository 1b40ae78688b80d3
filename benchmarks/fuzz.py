"""Spoiled uploads and feeds: each a value or one sentence, in bounded time and memory.

    python -m benchmarks.fuzz                                   # some hundreds of each, a minute
    python -m benchmarks.fuzz --uploads 10000 --feeds 10000     # what docs/reliability.md says
    python -m benchmarks.fuzz --only uploads:1234 --keep DIR    # one case again, its file kept

A case is a function of the seed and of its number. Cases run one after another in a process of
their own with bounded address space; one that ends the process, is not back in time, takes too
much memory or raises anything but a ValueError of one sentence is a fault. The last line is JSON.
Every case that is done is kept in runs/benchmarks: a run that was stopped goes on with the next
one. ``--write`` keeps the figures in docs/measured/fuzz.json and makes the table of
docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.fuzzing.feeds import prepare_feeds
from benchmarks.fuzzing.sandbox import Bounds, Outcome, Summary, Work, run_cases, summary_of
from benchmarks.fuzzing.uploads import prepare_uploads
from benchmarks.progress import Progress, keep
from benchmarks.results import write_tables

PARTS: dict[str, Callable[[int, Path | None], Callable[[], Work]]] = {
    "uploads": prepare_uploads, "feeds": prepare_feeds,
}


def fuzz(part: str, count: int, seed: int, first: int = 0, keep_in: Path | None = None) -> Summary:
    """Run ``count`` cases of a part, from the ``first``; those that were run before are read."""
    progress = Progress(f"fuzz-{part}-{count}-seed{seed}-first{first}")
    before = [Outcome(**entry) for entry in progress.entries]
    if before:
        _say(f"{len(before)} cases were done before")

    def outcomes() -> Iterator[Outcome]:
        yield from before
        left = iter(range(first + len(before), first + count))
        for outcome in run_cases(PARTS[part](seed, keep_in), left, Bounds()):
            progress.add(asdict(outcome))
            yield outcome

    summary = summary_of(outcomes(), _say)
    progress.over()
    return summary


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _report(part: str, summary: Summary, seconds: float) -> dict[str, Any]:
    assert summary.longest is not None and summary.largest is not None
    print(f"\n{part}, {seconds:.0f} s")
    print("| | cases | read | refused in a sentence | faults | longest | most memory |")
    print(f"| {part} | {summary.cases} | {summary.values} | {summary.refused} | "
          f"{len(summary.faults)} | {summary.longest.seconds:.1f} s | "
          f"{summary.largest.resident_mb:.0f} MB |")
    print(f"  longest {summary.longest.seconds:.2f} s ({summary.longest.kind}, case "
          f"{summary.longest.case}); most memory {summary.largest.resident_mb:.0f} MB "
          f"({summary.largest.kind}, case {summary.largest.case})")
    for kind, number in sorted(summary.kinds.items()):
        print(f"  {number:6d}  {kind}")
    print(f"  {len(summary.sentences)} different sentences, most often:")
    for sentence, number in summary.sentences.most_common(12):
        print(f"  {number:6d}  {sentence}")
    return {
        "cases": summary.cases, "read": summary.values, "refused": summary.refused,
        "faults": len(summary.faults), "longest_s": round(summary.longest.seconds, 2),
        "most_memory_mb": round(summary.largest.resident_mb), "seconds": round(seconds),
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uploads", type=int, default=300)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", help="one case, such as uploads:1234")
    parser.add_argument("--write", action="store_true", help="keep the figures for the docs")
    parser.add_argument("--keep", type=Path, help="leave the case's file in this folder")
    arguments = parser.parse_args()
    counts = {"uploads": arguments.uploads, "feeds": arguments.feeds}
    first = arguments.first
    if arguments.only:
        part, number = arguments.only.split(":")
        counts, first = {part: 1}, int(number)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Any] = {}
    for part, count in counts.items():
        if count:
            start = time.perf_counter()
            summary = fuzz(part, count, arguments.seed, first, arguments.keep)
            parts[part] = _report(part, summary, time.perf_counter() - start)
    asked = " ".join(f"--{part} {counts.get(part, 0)}" for part in PARTS)
    found = {"command": f"python -m benchmarks.fuzz {asked}", "seed": arguments.seed,
             "parts": parts}
    print(json.dumps(found))
    if arguments.write:
        keep("fuzz", found)
        write_tables()
    sys.exit(any(one["faults"] for one in parts.values()))


if __name__ == "__main__":
    main()
