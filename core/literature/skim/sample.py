"""A batch written for this project, for a first visit without network: none of it is a real paper.

The authors do not exist (their names mean "example") and the results are made up. Its ids are no
arXiv ids, so nothing may link to them. It is only shown, never written into a library.

Example:
    >>> batch = sample_batch()
    >>> batch.origin, batch.announcements[0].paper.id
    ('sample', 'sample.0001')
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.arxiv.categories import is_in
from core.literature.text.fts_query import full_text_query
from core.literature.text.paper import Paper
from core.literature.text.tex import readable

__all__ = ["SAMPLE_SENTENCE", "is_sample", "sample_batch", "sample_older_texts",
           "search_sample"]

SAMPLE_SENTENCE = "Sample: written for this project, not real papers."
"""What stands above the sample wherever it is shown."""

_FILE = Path(__file__).with_name("sample.jsonl")
_PREFIX = "sample."
_DAY = date(2026, 11, 20)
_CATEGORIES = ("astro-ph.CO", "gr-qc", "astro-ph.GA")


def is_sample(id: str) -> bool:
    """Whether an id is one of the sample's, which is no arXiv id."""
    return id.startswith(_PREFIX)


def sample_batch(categories: Collection[str] = ()) -> Batch:
    """The sample as a batch: new papers, cross-lists and replacements, with mathematics.

    Args:
        categories: papers in at least one of them; empty means all. If the sample has none in
            them, all of it is returned, so that there is something to see.
    """
    found = tuple(a.in_list(categories) for a in _announcements()
                  if any(is_in(one, categories) for one in a.paper.categories))
    fetched = datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC)
    if not found:
        return Batch(_DAY, _CATEGORIES, _announcements(), "sample", fetched)
    return Batch(_DAY, tuple(categories), found, "sample", fetched)


def search_sample(query: str, least: int | None = None) -> tuple[Announcement, ...]:
    """The sample's papers with all words of a query or at least so many, as the library looks for
    them; or one by its id, "sample.0008"."""
    match = full_text_query(query, least)
    named = tuple(a for a in _announcements() if a.paper.id == query.strip())
    if named or not match:
        return named
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE VIRTUAL TABLE sample USING fts5 (title, abstract, authors, "
                      "tokenize='porter unicode61')")
        index.executemany("INSERT INTO sample VALUES (?, ?, ?)", [
            (a.paper.title, a.paper.abstract, " ".join(a.paper.authors)) for a in _announcements()
        ])
        rows = index.execute(
            "SELECT rowid FROM sample WHERE sample MATCH ? ORDER BY rank", (match,))
        return tuple(_announcements()[row - 1] for (row,) in rows)


def sample_older_texts(id: str) -> tuple[tuple[int, str, str], ...]:
    """The earlier texts of a replaced paper of the sample: (version, title, abstract) each.

    Empty where there is none, as for a paper whose first version was announced on a missed day.
    """
    return tuple(
        (older["version"], readable(older["title"]), readable(older["abstract"]))
        for row in _rows()
        if row["id"] == id
        for older in row.get("older", ())
    )


@lru_cache(maxsize=1)
def _rows() -> tuple[Mapping[str, Any], ...]:
    with _FILE.open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


@lru_cache(maxsize=1)
def _announcements() -> tuple[Announcement, ...]:
    return tuple(_announcement(row) for row in _rows())


def _announcement(row: Mapping[str, Any]) -> Announcement:
    paper = Paper(
        row["id"], readable(row["title"]), readable(row["abstract"]), tuple(row["authors"]), _DAY,
        tuple(row["categories"]),
    )  # fmt: skip
    return Announcement(paper, _DAY, tuple(row["kinds"]), row["version"])
