"""Shared by the tests of core.literature: libraries with and without the primer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.literature.library import Library


@pytest.fixture(scope="session")
def primer_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library of a first start: the built-in primer and nothing else. Only read it."""
    return Library.open(tmp_path_factory.mktemp("library") / "library.sqlite")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    yield library
    library.close()
