"""Scripts, styles and templates of the pages: the files of the folder ``static`` beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["static"]

_FOLDER = Path(__file__).parent / "static"


@cache
def static(name: str) -> str:
    """The text of a file, such as ``static("frame/tab_keys.js")``."""
    return (_FOLDER / name).read_text("utf-8")
