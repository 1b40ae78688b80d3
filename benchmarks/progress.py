"""The progress of a long benchmark, on disk: stopped and started again, it goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.files import write_whole

__all__ = ["FOLDER", "MEASURED", "Progress", "keep"]

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "runs" / "benchmarks"
MEASURED = ROOT / "docs" / "measured"
"""What ``--write`` keeps; docs/reliability.md is made from it (:mod:`benchmarks.results`)."""

_SOURCES = ("core", "apps", "training", "benchmarks")


class Progress:
    """Entries of a run, one line of JSON each, that survive its end.

    They are of one state of the source: a run that was begun by other code begins anew.

    Args:
        name: of the run, with what tells it from other runs.
        folder: to keep it in.
        sources: checksum of the code; by default that of this project.
    """

    def __init__(self, name: str, folder: Path = FOLDER, sources: str | None = None) -> None:
        self._path = folder / f"{name}.jsonl"
        header = {"sources": checksum() if sources is None else sources}
        self.entries = list(_entries(self._path, header))
        folder.mkdir(parents=True, exist_ok=True)
        lines = [header, *self.entries]  # a line that a kill has cut is left out
        write_whole(self._path, "".join(json.dumps(line) + "\n" for line in lines).encode())
        self._file = self._path.open("a")

    def add(self, entry: dict[str, Any]) -> None:
        """Keep one more."""
        self.entries.append(entry)
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def over(self) -> None:
        """The run is complete: the next one of this name begins anew."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _entries(path: Path, header: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    lines = path.read_text(errors="replace").split("\n")[:-1]
    if not lines or json.loads(lines[0]) != header:
        return
    for line in lines[1:]:
        yield json.loads(line)


def checksum() -> str:
    """Of all Python that a benchmark runs."""
    found = hashlib.blake2b(digest_size=16)
    for name in _SOURCES:
        for path in sorted((ROOT / name).rglob("*.py")):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def keep(name: str, found: dict[str, Any], folder: Path = MEASURED) -> None:
    """Write what a benchmark found, for the docs."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.json", (json.dumps(found, indent=1) + "\n").encode())
