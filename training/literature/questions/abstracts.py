"""Abstracts to make questions from: of arXiv's metadata snapshot, or of the project's library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path

from core.literature.library.library import Library
from core.literature.text.text import clean

__all__ = ["Abstract", "from_library", "from_snapshot"]


@dataclass(frozen=True)
class Abstract:
    """What questions are made from; the year is that of the first version."""

    id: str
    title: str
    text: str
    year: int


def from_snapshot(
    path: Path, categories: Sequence[str], years: Iterable[int]
) -> Iterator[Abstract]:
    """Abstracts of a metadata snapshot, read line by line.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    wanted, among = set(categories), set(years)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                year = _year(row)
                if year in among and wanted & set(row["categories"].split()):
                    yield Abstract(row["id"], clean(row["title"]), clean(row["abstract"]), year)
            except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"Line {number} of {path} is not arXiv metadata ({error!r}): each line is a "
                    "JSON object with id, title, abstract, categories and versions."
                ) from error


def _year(row: dict) -> int | None:
    """Year of the first version; of the number of the paper, or of the update, if not given."""
    versions = row.get("versions") or [{}]
    try:
        return parsedate_to_datetime(versions[0]["created"]).year
    except (KeyError, ValueError, TypeError):
        number = re.fullmatch(r"(\d\d)\d\d\.\d{4,5}", row["id"])
        if number:
            return 2000 + int(number[1])
        updated = re.match(r"\d{4}", row.get("update_date") or "")
        return int(updated[0]) if updated else None


def from_library(
    path: Path, categories: Sequence[str], years: Iterable[int]
) -> Iterator[Abstract]:
    """Abstracts of the papers in a library.

    Raises:
        ValueError: if there is no such library.
    """
    if not path.is_file():
        raise ValueError(f"There is no library at {path}; the apps make one at their first start.")
    among, wanted = set(years), set(categories)
    library = Library.open(path, primer=False)
    for paper in library.recent(len(library), since=date(min(among), 1, 1)):
        assert paper.published is not None
        if paper.published.year in among and wanted & set(paper.categories):
            yield Abstract(paper.id, paper.title, clean(paper.abstract), paper.published.year)
