"""A child that works until it is killed with SIGKILL at a random moment, over and over."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

__all__ = ["Report", "Scenario", "kill_often", "left_behind"]

Say = Callable[[object], None]


class Scenario(Protocol):
    """What is killed, and what has to hold afterwards.

    Attributes:
        seconds: a kill comes at a random moment within so many after the work began.
    """

    seconds: float

    def work(self, confirm: Say) -> None:
        """Go on from what is there; ``confirm`` is called when something is kept for good."""

    def check(self, confirmed: list[str]) -> bool:
        """Look at what a kill left, AssertionError if it is wrong.

        Args:
            confirmed: since the last check.

        Returns:
            Whether the work was finished, was compared with the same work without a kill, and is
            begun anew.
        """


@dataclass
class Report:
    """How often, and what was wrong."""

    kills: int = 0
    finished: int = 0
    confirmed: int = 0
    faults: list[str] = field(default_factory=list)


def kill_often(scenario: Scenario, kills: int, seed: int) -> Report:
    """Kill so many times; what is wrong is reported and ends the scenario."""
    chance, report = random.Random(seed), Report()
    while report.kills < kills:
        said, killed = _one(scenario, chance.uniform(0.0, scenario.seconds))
        report.kills += killed
        report.confirmed += len(said)
        try:
            report.finished += scenario.check(said)
        except Exception:
            report.faults.append(traceback.format_exc(limit=-4))
            break
        if said and said[-1].startswith("ERROR"):
            report.faults.append(said[-1])
            break
    return report


def _one(scenario: Scenario, after: float) -> tuple[list[str], bool]:
    """What a child confirmed, and whether it was killed (not done before)."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        _work(scenario, writing)
    os.close(writing)
    with os.fdopen(reading) as lines:
        lines.readline()  # it has begun
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        said = lines.read().split("\n")[:-1]  # a line that the kill cut was not confirmed
    status = os.waitpid(child, 0)[1]
    return said, os.WIFSIGNALED(status)


def _work(scenario: Scenario, writing: int) -> None:
    """In the child; a pipe's write is whole or not at all."""

    def confirm(what: object) -> None:
        os.write(writing, f"{what}\n".encode())

    code = 0
    try:
        confirm("begun")
        scenario.work(confirm)
    except BaseException:
        confirm("ERROR " + traceback.format_exc(limit=-4).replace("\n", " | ")[:3000])
        code = 1
    finally:
        os._exit(code)


def left_behind(folder: Path, known: set[str]) -> set[str]:
    """Names in a folder that should not be there."""
    return {path.name for path in folder.iterdir()} - known
