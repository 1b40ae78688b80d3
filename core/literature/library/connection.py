"""The library's SQLite file: connections of many threads and processes, transactions, version."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.literature.library.schema import VERSION, make_tables

__all__ = ["WAIT", "LibraryFile", "fact", "set_fact"]

WAIT = 60.0
"""Seconds that a writer waits for another."""


class LibraryFile:
    """The library's file.

    Args:
        path: the file; it is made if it is not there, and one of an earlier version is brought up
            to date.

    Raises:
        ValueError: if the file is no library or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._prepare()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's own connection."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
            connection.executescript(
                "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; "
                "PRAGMA cache_size = -16384"
            )
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection; another is made when needed."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def one(self, query: str, *values: object) -> Any:
        """The first row that a query finds, or None."""
        return self.connection.execute(query, values).fetchone()

    @contextmanager
    def transaction(self, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """What is written inside is committed as a whole or, on error, rolled back.

        Args:
            durable: it also outlives a loss of power right afterwards; that takes a little longer.
        """
        connection = self.connection
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _write_ahead(self.connection)
            version = self._version()
            if version < VERSION:
                with self.transaction() as connection:
                    version = self._version()  # another process may have been faster
                    if version < VERSION:
                        make_tables(connection)
        except sqlite3.DatabaseError as error:
            self.close()
            raise ValueError(
                f"{self.path} cannot be used as the library ({error}): move it away, or name "
                "another folder in COSMODESK_CACHE."
            ) from error
        except OSError as error:
            raise ValueError(
                f"{self.path.parent} cannot be made ({error.strerror}): name another folder in "
                "COSMODESK_CACHE."
            ) from error
        if version > VERSION:
            self.close()
            raise ValueError(
                f"{self.path} was made by a later version of CosmoDesk: update CosmoDesk, or name "
                "another folder in COSMODESK_CACHE."
            )

    def _version(self) -> int:
        return int(self.one("PRAGMA user_version")[0])


def fact(connection: sqlite3.Connection, name: str) -> int | str | None:
    """What the file holds by a name; None if nothing."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def set_fact(connection: sqlite3.Connection, name: str, value: int | str) -> None:
    """Keep something by a name."""
    connection.execute("REPLACE INTO facts VALUES (?, ?)", (name, value))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, which SQLite refuses while another process does the same."""
    for attempt in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 49:
                raise
            time.sleep(0.1)
