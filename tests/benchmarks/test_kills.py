"""A few of the kills of benchmarks/kills.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.killing.harness import Say, kill_often
from benchmarks.killing.library import ExportKilled, LibraryKilled
from benchmarks.killing.models import ModelKilled

if sys.platform != "linux":
    pytest.skip("processes are forked", allow_module_level=True)


@pytest.mark.parametrize("scenario", [LibraryKilled, ExportKilled, ModelKilled])
def test_nothing_confirmed_is_lost(scenario: type, tmp_path: Path) -> None:
    report = kill_often(scenario(tmp_path), 4, seed=3)
    assert not report.faults
    assert report.kills == 4


class _Careless:
    """Writes two files that belong together, one after the other."""

    seconds = 0.2

    def __init__(self, folder: Path) -> None:
        self.one, self.two = folder / "one", folder / "two"

    def work(self, confirm: Say) -> None:
        for number in range(10**9):
            self.one.write_text(str(number))
            self.two.write_text(str(number))
            confirm(number)

    def check(self, confirmed: list[str]) -> bool:
        if confirmed:
            assert self.one.read_text() == self.two.read_text()
        return False


def test_a_careless_writer_is_found(tmp_path: Path) -> None:
    report = kill_often(_Careless(tmp_path), 60, seed=1)
    assert report.faults


def test_an_error_in_the_work_is_a_fault(tmp_path: Path) -> None:
    class Wrong(_Careless):
        def work(self, confirm: Say) -> None:
            raise RuntimeError(os.fspath(self.one))

        def check(self, confirmed: list[str]) -> bool:
            return False

    (fault,) = kill_often(Wrong(tmp_path), 3, seed=1).faults
    assert "RuntimeError" in fault
