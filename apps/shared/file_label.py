"""How a page names a file that it has read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.fields import chosen_array

__all__ = ["file_label"]

_LONGEST_NAME, _LONGEST_ARRAY = 60, 40  # characters


def file_label(file: str | Path, names: Sequence[str] = (), stack: bool = False) -> str:
    """The file's name and, of several arrays that could be meant, the one that was read.

    Args:
        file: that was read.
        names, stack: as it was read; see :func:`core.fields.chosen_array`.
    """
    array = chosen_array(file, names, stack)
    which = f", array {array[:_LONGEST_ARRAY]}" if array else ""
    return f"{Path(file).name[:_LONGEST_NAME]}{which}"
