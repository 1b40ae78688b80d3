"""The tables of the library's file, and the migration of earlier versions.

Version 2 adds the announcements. It only adds tables, so a file of version 1 is brought up to date
in place, in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

__all__ = ["VERSION", "make_tables"]

VERSION = 2

_PAPERS = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS papers (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, abstract TEXT NOT NULL,
    authors TEXT NOT NULL, published TEXT, categories TEXT NOT NULL, refs TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS papers_published ON papers (published);
CREATE TABLE IF NOT EXISTS vectors (
    key INTEGER PRIMARY KEY REFERENCES papers ON DELETE CASCADE, changed INTEGER NOT NULL,
    whole BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS vectors_changed ON vectors (changed);
CREATE TABLE IF NOT EXISTS sentence_vectors (
    key INTEGER PRIMARY KEY REFERENCES papers ON DELETE CASCADE, vectors BLOB NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5 (
    title, abstract, content='papers', content_rowid='key', tokenize='porter unicode61'
);
CREATE TRIGGER IF NOT EXISTS papers_inserted AFTER INSERT ON papers BEGIN
    INSERT INTO texts (rowid, title, abstract) VALUES (new.key, new.title, new.abstract);
END;
CREATE TRIGGER IF NOT EXISTS papers_deleted AFTER DELETE ON papers BEGIN
    INSERT INTO texts (texts, rowid, title, abstract)
    VALUES ('delete', old.key, old.title, old.abstract);
END;
CREATE TRIGGER IF NOT EXISTS papers_updated AFTER UPDATE OF title, abstract ON papers BEGIN
    INSERT INTO texts (texts, rowid, title, abstract)
    VALUES ('delete', old.key, old.title, old.abstract);
    INSERT INTO texts (rowid, title, abstract) VALUES (new.key, new.title, new.abstract);
END;
"""

_ANNOUNCEMENTS = """
CREATE TABLE IF NOT EXISTS announced (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, day TEXT NOT NULL,
    title TEXT NOT NULL, abstract TEXT NOT NULL, authors TEXT NOT NULL, published TEXT,
    categories TEXT NOT NULL, doi TEXT NOT NULL, journal TEXT NOT NULL, origin TEXT NOT NULL,
    UNIQUE (id, version, day)
);
CREATE TABLE IF NOT EXISTS listed (
    category TEXT NOT NULL, day TEXT NOT NULL, key INTEGER NOT NULL REFERENCES announced,
    kinds TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (category, day, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_key ON listed (key);
CREATE TABLE IF NOT EXISTS issues (
    category TEXT NOT NULL, day TEXT NOT NULL, origin TEXT NOT NULL, fetched TEXT NOT NULL,
    PRIMARY KEY (category, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fetches (
    category TEXT PRIMARY KEY, state TEXT NOT NULL, tried TEXT NOT NULL, succeeded TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS summaries (
    id TEXT NOT NULL, model TEXT NOT NULL, sentence INTEGER NOT NULL, score REAL NOT NULL,
    PRIMARY KEY (id, model)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS announced_texts USING fts5 (
    title, abstract, authors, content='announced', content_rowid='key',
    tokenize='porter unicode61'
);
CREATE TRIGGER IF NOT EXISTS announced_inserted AFTER INSERT ON announced BEGIN
    INSERT INTO announced_texts (rowid, title, abstract, authors)
    VALUES (new.key, new.title, new.abstract, new.authors);
END;
CREATE TRIGGER IF NOT EXISTS announced_deleted AFTER DELETE ON announced BEGIN
    INSERT INTO announced_texts (announced_texts, rowid, title, abstract, authors)
    VALUES ('delete', old.key, old.title, old.abstract, old.authors);
END;
CREATE TRIGGER IF NOT EXISTS announced_updated AFTER UPDATE OF title, abstract, authors
ON announced BEGIN
    INSERT INTO announced_texts (announced_texts, rowid, title, abstract, authors)
    VALUES ('delete', old.key, old.title, old.abstract, old.authors);
    INSERT INTO announced_texts (rowid, title, abstract, authors)
    VALUES (new.key, new.title, new.abstract, new.authors);
END;
"""


def make_tables(connection: sqlite3.Connection) -> None:
    """Make what is missing; to be called inside a transaction."""
    for statement in _statements(_PAPERS + _ANNOUNCEMENTS):
        connection.execute(statement)
    connection.execute("INSERT INTO texts (texts, rank) VALUES ('rank', 'bm25(2.0, 1.0)')")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
