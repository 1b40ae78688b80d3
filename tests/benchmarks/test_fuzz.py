"""A small part of benchmarks/fuzz.py: no spoiled file and no spoiled feed does harm."""

from __future__ import annotations

import os
import sys
import time

import pytest

from benchmarks.fuzzing.sandbox import Bounds, Outcome, run_cases, sentence_fault

if sys.platform != "linux":
    pytest.skip("the cases run bounded by what Linux offers", allow_module_level=True)


def _faults(outcomes: list[Outcome]) -> list[str]:
    return [f"{one.case} ({one.kind}): {one.fault}" for one in outcomes if one.fault]


@pytest.mark.parametrize(("part", "count"), [("uploads", 25), ("feeds", 15)])
def test_every_case_is_a_value_or_one_sentence(part: str, count: int) -> None:
    from benchmarks.fuzz import PARTS

    outcomes = list(run_cases(PARTS[part](11, None), iter(range(count)), Bounds()))
    assert not _faults(outcomes)
    assert len({one.kind for one in outcomes}) > 3
    assert any(one.answer.startswith("value") for one in outcomes)
    assert any(not one.answer.startswith("value") for one in outcomes)


def test_a_fault_is_found_and_the_next_case_runs() -> None:
    def bad(case: int) -> str:
        if case == 0:
            raise KeyError("a traceback")
        if case == 1:
            os._exit(7)
        if case == 2:
            time.sleep(60)
        if case == 3:
            return str(len(bytearray(2**30)))
        if case == 4:
            raise ValueError("Two\nlines and no sentence.")
        return "value"

    bounds = Bounds(seconds=0.1, memory_mb=400)
    outcomes = list(run_cases(lambda: lambda i: ("kind", lambda: bad(i)), iter(range(6)), bounds))
    assert [bool(one.fault) for one in outcomes] == [True] * 5 + [False]
    assert [word in one.fault for one, word in zip(
        outcomes, ("KeyError", "code 7", "no answer", "MemoryError", "line breaks"), strict=False
    )] == [True] * 5


def test_a_sentence_is_told_from_the_words_of_a_program() -> None:
    assert not sentence_fault("The map has 3 x 4 pixels; a square map is needed.")
    for text in ("short", "x" * 700, "Traceback (most recent call last)", "a /tmp/x file it was"):
        assert sentence_fault(text)
