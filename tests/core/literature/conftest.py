"""Shared by the tests of core.literature: libraries with and without the primer, tiny models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.checksums import file_sha256
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from tests.core.literature.language_model.tiny_gemma import (
    Tiny,
    embedded_tiny,
    random_adapter,
    write_gguf,
)


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


@pytest.fixture
def announcements(library: Library) -> Announcements:
    """No announcements yet."""
    return Announcements(library)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A random Gemma of 32 bits and a random adapter, in llama.cpp and in transformers."""
    from core.literature.language_model.backends import open_backend

    folder = tmp_path_factory.mktemp("tiny")
    file = write_gguf(folder / "tiny.gguf")
    adapter = random_adapter(folder / "adapter", file_sha256(file))
    with embedded_tiny(file):
        backends = {
            (kind, with_adapter): open_backend(kind, adapter if with_adapter else None)
            for kind in ("llama.cpp", "transformers")
            for with_adapter in (False, True)
        }
    return Tiny(file, adapter, backends)
