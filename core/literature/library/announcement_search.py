"""Full-text search among all announcements, the latest first.

The keys of announcements rise with their days, so the full-text index gives the latest first and
looks at no other days than those asked for; nothing is sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from core.literature.arxiv.announcement import Announcement, Kind
from core.literature.arxiv.ids import without_version
from core.literature.library.announcement_merge import A_DAY
from core.literature.library.announcement_rows import COLUMNS, announcement_of
from core.literature.library.library import Library
from core.literature.text.fts_query import full_text_query

__all__ = ["search"]


def search(
    library: Library, query: str, most: int = 100, *, since: date | None = None,
    until: date | None = None, categories: Sequence[str] = (), least: int | None = None,
) -> list[Announcement]:
    """As :meth:`core.literature.library.announcements.Announcements.search`."""
    found: dict[str, Announcement] = {}
    for key in _keys(library, query, since or date.min, until or date.max, categories, least):
        row = library.one(f"SELECT {COLUMNS} FROM announced WHERE key = ?", key)
        if row[0] not in found:
            if len(found) >= most:
                break
            found[row[0]] = announcement_of(row, _kinds(library, key))
    return list(found.values())


def _keys(
    library: Library, query: str, since: date, until: date, categories: Sequence[str],
    least: int | None,
) -> Iterator[int]:
    """Keys of the announcements that match, falling."""
    query = query.encode(errors="ignore").decode()
    id, _ = without_version(query.strip())
    named = library.one("SELECT 1 FROM announced WHERE id = ?", id)
    match = id if named else full_text_query(query, least)
    if not match:
        return
    sql = (
        "SELECT t.rowid FROM announced t WHERE t.id = ?" if named
        else "SELECT t.rowid FROM announced_texts t WHERE announced_texts MATCH ?"
    )
    values: list[object] = [
        match, since.toordinal() * A_DAY, (until.toordinal() + 1) * A_DAY - 1, *categories
    ]
    sql += " AND t.rowid BETWEEN ? AND ?"
    if categories:
        sql += (
            " AND EXISTS (SELECT 1 FROM listed l WHERE l.key = t.rowid "
            f"AND l.category IN ({', '.join('?' * len(categories))}))"
        )
    rows = library.connection.execute(f"{sql} ORDER BY t.rowid DESC", values)
    yield from (key for (key,) in rows)


def _kinds(library: Library, key: int) -> list[Kind]:
    rows = library.connection.execute("SELECT kinds FROM listed WHERE key = ?", (key,))
    return list(dict.fromkeys(kind for (kinds,) in rows for kind in json.loads(kinds)))
