"""JSON that carries its own checksum, so that a damaged coefficient is refused rather than used.

The checksum is of the values, not of the text: another indentation is no damage. A file of the
cache that is no JSON has it beside it, so that a damaged one is made anew
(:func:`record_checksum`).

Example:
    >>> checksummed({"bias": 0.5})["_sha256"][:8]
    '0ea48b55'
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from core.files import write_whole

__all__ = ["checksum", "checksummed", "file_sha256", "matches_checksum", "read_checksummed",
           "record_checksum", "write_checksummed"]  # fmt: skip

_KEY = "_sha256"


def checksum(values: Any) -> str:
    """SHA-256 of what JSON keeps of values; tuples count as lists."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def checksummed(values: dict[str, Any]) -> dict[str, Any]:
    """The values and their checksum, to be written as JSON."""
    return {**values, _KEY: checksum(values)}


def read_checksummed(path: Path) -> dict[str, Any]:
    """The values of a file that :func:`checksummed` made.

    Raises:
        ValueError: naming the file, if it is missing, no JSON, or not what was written.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        stored = json.loads(path.read_bytes())
        expected = stored.pop(_KEY)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{name} is damaged; fetch it again.") from error
    if checksum(stored) != expected:
        raise ValueError(f"{name} does not match its checksum and is damaged; fetch it again.")
    return dict(stored)


def write_checksummed(path: Path, values: dict[str, Any], indent: int | None = None) -> None:
    """Write what :func:`read_checksummed` reads, as a whole.

    Args:
        path: JSON file.
        values: what JSON can hold.
        indent: spaces a level; one line by default.
    """
    write_whole(path, f"{json.dumps(checksummed(values), indent=indent)}\n".encode())


def record_checksum(path: Path, target: Path | None = None) -> None:
    """Keep the SHA-256 of a file beside it, or beside what it will be called."""
    write_whole(_beside(target or path), file_sha256(path).encode())


def matches_checksum(path: Path) -> bool:
    """Whether a file is there and still what :func:`record_checksum` saw."""
    try:
        return _beside(path).read_text() == file_sha256(path)
    except (OSError, UnicodeDecodeError):
        return False


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
