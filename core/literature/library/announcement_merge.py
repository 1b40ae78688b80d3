"""Announcements written inside one transaction of the library, merged with what is there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from core.literature.arxiv.announcement import Announcement, Kind, Origin
from core.literature.library.announcement_rows import COLUMNS, Listed, row_of
from core.literature.library.library import Library
from core.literature.text.paper import Paper

__all__ = ["A_DAY", "cover", "write"]

A_DAY = 1_000_000
"""Keys of a day: they start at its ordinal times this, so that they rise with the days."""

_AT_ONCE = 500


def write(library: Library, connection: sqlite3.Connection, listed: Iterable[Listed]) -> int:
    """Keep announcements, and in the library the latest version of each paper.

    Returns:
        How many are new.
    """
    new, rest = 0, iter(listed)
    while part := list(islice(rest, _AT_ONCE)):
        new += sum(_write_row(connection, item) for item in part)
        _write_papers(library, connection, [item.announcement for item in part])
    return new


def _write_papers(
    library: Library, connection: sqlite3.Connection, items: Sequence[Announcement]
) -> None:
    papers: dict[str, Paper] = {}
    for item in sorted(items, key=lambda item: item.version):
        (latest,) = connection.execute(
            "SELECT max(version) FROM announced WHERE id = ?", (item.paper.id,)
        ).fetchone()
        if item.version == latest:
            papers[item.paper.id] = item.paper
    for id, paper in papers.items():
        old = library.get(id)
        papers[id] = _merged(old, paper)
        if old and old.abstract != paper.abstract:
            connection.execute("DELETE FROM summaries WHERE id = ?", (id,))
    library.write_later(connection, papers.values())


def _merged(old: Paper | None, new: Paper) -> Paper:
    """The new text; of the two days of publication, the first."""
    days = [paper.published for paper in (old, new) if paper and paper.published]
    return replace(new, published=min(days, default=None))


def cover(
    connection: sqlite3.Connection, category: str, day: date, origin: Origin, fetched: datetime
) -> None:
    """Note that a category is fetched for a day; search does not replace the feed."""
    connection.execute(
        "INSERT INTO issues VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "origin = excluded.origin, fetched = excluded.fetched "
        "WHERE excluded.origin = 'feed' OR origin = 'search'",
        (category, day.isoformat(), origin, fetched.isoformat()),
    )


def _write_row(connection: sqlite3.Connection, listed: Listed) -> bool:
    """Whether the announcement is new."""
    row = row_of(listed.announcement, listed.origin)
    old = connection.execute(
        f"SELECT key, {COLUMNS} FROM announced WHERE id = ? AND version = ? AND day = ?", row[:3]
    ).fetchone()
    key = old[0] if old else _next_key(connection, listed.announcement.day)
    if not old or (old[1:] != row and (listed.origin == "feed" or old[-1] == "search")):
        marks = ", ".join("?" * len(row))
        updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[3:])
        connection.execute(
            f"INSERT INTO announced (key, {COLUMNS}) VALUES (?, {marks}) "
            f"ON CONFLICT (key) DO UPDATE SET {updates}",
            (key, *row),
        )
    for category, kinds in listed.kinds.items():
        _list(connection, category, row[2], key, kinds, listed.origin)
    return not old


def _next_key(connection: sqlite3.Connection, day: date) -> int:
    first = day.toordinal() * A_DAY
    (last,) = connection.execute(
        "SELECT max(key) FROM announced WHERE key BETWEEN ? AND ?", (first, first + A_DAY - 1)
    ).fetchone()
    if last == first + A_DAY - 1:
        raise ValueError(f"No day has more than {A_DAY:,} announcements; {day} would.")
    return first if last is None else int(last) + 1


def _list(
    connection: sqlite3.Connection, category: str, day: str, key: int, kinds: Sequence[Kind],
    origin: Origin,
) -> None:
    """Put an announcement under a category, where the feed's kinds replace those of a search."""
    old = connection.execute(
        "SELECT kinds, origin FROM listed WHERE category = ? AND day = ? AND key = ?",
        (category, day, key),
    ).fetchone()
    if old and old[1] == origin:
        kinds = tuple(dict.fromkeys([*json.loads(old[0]), *kinds]))
    if not old or old[1] == origin or origin == "feed":
        connection.execute(
            "REPLACE INTO listed VALUES (?, ?, ?, ?, ?)",
            (category, day, key, json.dumps(kinds), origin),
        )
