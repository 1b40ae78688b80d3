"""Export and import of all announcements as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from core.files import whole_file
from core.literature.library.announcement_merge import cover, write
from core.literature.library.announcement_rows import (
    COLUMNS,
    Listed,
    announcement_of,
    from_json,
    to_json,
)
from core.literature.library.library import Library

__all__ = ["read_file", "write_file"]

_HEAD = '{"format": "CosmoDesk announcements", "version": 1}'
_MOST_BYTES = 20_000_000_000
_MOST_LINE = 4_000_000


def write_file(library: Library, path: Path) -> int:
    """As :meth:`core.literature.library.announcements.Announcements.export`."""
    count = 0
    with whole_file(path) as file:
        file.write(f"{_HEAD}\n".encode())
        for listed in _all(library):
            file.write(f"{to_json(listed)}\n".encode())
            count += 1
    return count


def _all(library: Library) -> Iterator[Listed]:
    """Every announcement, as they are at one moment."""
    names = ", ".join(f"a.{name}" for name in COLUMNS.split(", "))
    connection = library.connection
    connection.execute("BEGIN")
    try:
        rows = connection.execute(f"SELECT a.key, {names} FROM announced a ORDER BY a.key")
        for key, *row in rows:
            under = connection.execute(
                "SELECT l.category, l.kinds, l.origin, i.fetched FROM listed l "
                "JOIN issues i USING (category, day) WHERE l.key = ?", (key,)
            ).fetchall()
            yield from _listed(row, under)
    finally:
        connection.execute("COMMIT")


def _listed(row: list, under: list[tuple]) -> Iterator[Listed]:
    """One a pair of origin and time of fetching, nearly always one in all."""
    for origin, fetched in dict.fromkeys((part[2], part[3]) for part in under):
        kinds = {
            category: tuple(json.loads(text))
            for category, text, *source in under if source == [origin, fetched]
        }
        every = dict.fromkeys(kind for found in kinds.values() for kind in found)
        yield Listed(
            announcement_of(row, every), kinds, origin, datetime.fromisoformat(fetched)
        )


def read_file(library: Library, path: Path) -> int:
    """As :meth:`core.literature.library.announcements.Announcements.import_`."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"{path.name} is larger than 20 GB, which no export is.")
        with library.transaction(durable=True) as connection:
            covered: dict[tuple, None] = {}
            new = write(library, connection, _covering(_read(path), covered))
            for place in covered:
                cover(connection, *place)
        return new
    except OSError as error:
        raise ValueError(f"{path.name} cannot be read: {error.strerror}.") from error


def _covering(listed: Iterator[Listed], covered: dict[tuple, None]) -> Iterator[Listed]:
    for item in listed:
        for category in item.kinds:
            covered[category, item.announcement.day, item.origin, item.fetched] = None
        yield item


def _read(path: Path) -> Iterator[Listed]:
    number = 0
    with path.open("rb") as file:
        try:
            while line := file.readline(_MOST_LINE):
                number += 1
                if number == 1:
                    _check_head(line)
                elif line.strip():
                    yield from_json(_text(line))
        except ValueError as error:
            raise ValueError(f"Line {number} of {path.name} cannot be taken in: {error}") from None


def _text(line: bytes) -> str:
    if len(line) == _MOST_LINE:
        raise ValueError(f"It is longer than {_MOST_LINE:,} bytes.")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise ValueError("It is not UTF-8.") from None


def _check_head(line: bytes) -> None:
    if line.strip() != _HEAD.encode():
        raise ValueError(f"An export of announcements begins with {_HEAD}.")
