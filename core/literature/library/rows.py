"""Files of JSON lines that come with the primer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["FOLDER", "read_rows"]

FOLDER = Path(__file__).parent / "primer_data"


def read_rows(file: Path, needed: Sequence[str]) -> Iterator[dict]:
    """The objects of a file, one a line; none if it is missing.

    Args:
        file: of JSON lines.
        needed: names that each has to have.

    Raises:
        ValueError: naming the line that cannot be read, or what it lacks.
    """
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = [name for name in needed if name not in row]
        except (json.JSONDecodeError, TypeError) as error:
            raise ValueError(f"Line {number} of {file.name} is not a JSON object.") from error
        if missing:
            raise ValueError(f"Line {number} of {file.name} lacks {', '.join(missing)}.")
        yield row
