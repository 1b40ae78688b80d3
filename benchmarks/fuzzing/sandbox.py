"""Cases run one after another in a process of their own, with bounded memory and time.

A case that ends the process, does not come back or takes too much memory is a finding, like one
that raises anything but a ValueError; the process is then made anew and goes on with the next case.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import resource
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

__all__ = ["Bounds", "Outcome", "Summary", "run_cases", "sentence_fault", "summary_of"]


@dataclass(frozen=True)
class Bounds:
    """What a case may take.

    Attributes:
        seconds: of the processor until it has to be done (on the clock ten times as long, since
            other programs may run beside it).
        memory_mb: address space beside that of the process before the first case.
        resident_mb: resident memory beside that before the case.
    """

    seconds: float = 20.0
    memory_mb: int = 2048
    resident_mb: int = 700


@dataclass(frozen=True)
class Outcome:
    """How a case ended.

    Attributes:
        case: its number.
        kind: which reader.
        fault: empty, or what went wrong.
        answer: "value", or the sentence of a refusal.
        seconds: that it took.
        resident_mb: most resident memory above what there was before.
    """

    case: int
    kind: str
    fault: str
    answer: str
    seconds: float = 0.0
    resident_mb: float = 0.0


@dataclass
class Summary:
    """Counts over many cases."""

    cases: int = 0
    values: int = 0
    refused: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    faults: list[Outcome] = field(default_factory=list)
    longest: Outcome | None = None
    largest: Outcome | None = None
    grown_mb: float = 0.0


Work = Callable[[int], tuple[str, Callable[[], str]]]
"""Case number -> kind and what is done; that returns a word, or raises ValueError."""


def run_cases(
    prepare: Callable[[], Work], cases: Iterator[int], bounds: Bounds
) -> Iterator[Outcome]:
    """Run cases in one child process after another.

    Args:
        prepare: called once, before the processes are forked; imports what is needed and returns
            the work.
        cases: their numbers.
        bounds: of each case.
    """
    work, wait = prepare(), 10 * bounds.seconds
    worker: tuple[multiprocessing.Process, Connection] | None = None
    try:
        for case in cases:
            worker = worker or _start(work, bounds)
            process, line = worker
            line.send(case)
            try:
                kind = line.recv() if line.poll(wait) else ""
                if kind and line.poll(wait):
                    yield line.recv()
                    continue
                fault = f"no answer within {wait:g} s"
            except EOFError:
                process.join()
                kind, fault = "", f"the process ended with code {process.exitcode}"
            _end(process)
            worker = None
            yield Outcome(case, kind, fault, "")
    finally:  # also where somebody stops in the middle: the program would wait for it at its end
        if worker is not None:
            _end(worker[0])


def _end(process: multiprocessing.Process) -> None:
    process.kill()
    process.join()


def _start(work: Work, bounds: Bounds) -> tuple[multiprocessing.Process, Connection]:
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_serve, args=(work, there, bounds))
    process.start()
    there.close()
    here.recv()
    return process, here  # type: ignore[return-value]


def _serve(work: Work, line: Connection, bounds: Bounds) -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = size + bounds.memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line.send("ready")
    while (case := line.recv()) is not None:
        kind, do = work(case)
        line.send(kind)
        line.send(_judged(case, kind, do, bounds))


def _judged(case: int, kind: str, do: Callable[[], str], bounds: Bounds) -> Outcome:
    before = _resident_mb(reset=True)
    start = time.process_time()
    answer = fault = ""
    try:
        answer = do()
    except ValueError as error:
        answer = str(error)
        fault = sentence_fault(answer)
        if fault:
            fault += "\n" + "".join(traceback.format_exception(error, limit=-4))
    except BaseException as error:
        fault = "".join(traceback.format_exception(error, limit=-8))
    seconds = time.process_time() - start
    grown = _resident_mb() - before
    if not fault and seconds > bounds.seconds:
        fault = f"{seconds:.0f} s of the processor"
    if not fault and grown > bounds.resident_mb:
        fault = f"{grown:.0f} MB of memory"
    return Outcome(case, kind, fault, answer, seconds, max(grown, 0.0))


def sentence_fault(text: str) -> str:
    """Why a refusal is not one plain sentence for a person; empty if it is."""
    if not 10 <= len(text) <= 600:
        return f"a refusal of {len(text)} characters"
    if not text.isprintable():
        return f"a refusal with line breaks or invisible characters: {text!r}"
    if re.search(r"Traceback|Error\b|0x[0-9a-f]{6}|/tmp/|/proc/", text):
        return f"a refusal with the words of a program: {text!r}"
    return ""


def _resident_mb(reset: bool = False) -> float:
    """Peak resident memory since the last reset (at a reset: what there is now)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def summary_of(outcomes: Iterator[Outcome], say: Callable[[str], None]) -> Summary:
    """Count, and print each fault when it comes."""
    summary, fds = Summary(), len(os.listdir("/proc/self/fd"))
    for outcome in outcomes:
        summary.cases += 1
        summary.kinds[outcome.kind] += 1
        if outcome.fault:
            summary.faults.append(outcome)
            say(f"case {outcome.case} ({outcome.kind}): {outcome.fault}")
        elif outcome.answer.startswith("value"):
            summary.values += 1
        else:
            summary.refused += 1
            summary.sentences[re.sub(r"\d[\d,.]*|'[^']*'", "#", outcome.answer)[:90]] += 1
        if summary.longest is None or outcome.seconds > summary.longest.seconds:
            summary.longest = outcome
        if summary.largest is None or outcome.resident_mb > summary.largest.resident_mb:
            summary.largest = outcome
        if summary.cases % 250 == 0:
            say(f"{summary.cases} cases: {summary.values} read, {summary.refused} refused, "
                f"{len(summary.faults)} faults")
    assert len(os.listdir("/proc/self/fd")) <= fds + 4
    return summary
