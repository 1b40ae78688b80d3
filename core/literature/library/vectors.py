"""The embeddings of texts and of their sentences in the library's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np

from core.literature.library.connection import WAIT, LibraryFile, fact, set_fact
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.paper import Paper
from core.literature.text.text import clean

__all__ = ["LibraryVectors", "whole_text"]

_AT_ONCE = 16


class LibraryVectors(LibraryFile):
    """A library's embeddings; a text may be there before its embedding is."""

    @property
    def generation(self) -> int:
        """Grows by one with every text or embedding that is written or taken out."""
        return int(fact(self.connection, "generation") or 0)

    @property
    def removed(self) -> int:
        """How many texts were ever taken out."""
        return int(fact(self.connection, "removed") or 0)

    def _advance(self, connection: sqlite3.Connection, by: int) -> int:
        generation = int(fact(connection, "generation") or 0) + by
        set_fact(connection, "generation", generation)
        return generation

    def vectors(self, after: int = -1) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings of whole texts written after a generation.

        Returns:
            Keys (n,), rising, and unit vectors (n, 384), float16.
        """
        cursor = self.connection.execute(
            "SELECT key, whole FROM vectors WHERE changed > ? ORDER BY key", (after,)
        )
        keys, blobs = [np.empty(0, np.int64)], [np.empty((0, DIMENSION), np.float16)]
        while rows := cursor.fetchmany(4096):
            keys.append(np.array([key for key, _ in rows]))
            flat = np.frombuffer(b"".join(blob for _, blob in rows), np.float16)
            blobs.append(flat.reshape(-1, DIMENSION))
        return np.concatenate(keys), np.concatenate(blobs)

    def whole_vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The embeddings (384,) of those texts that have one, by their ids."""
        rows = self._blobs("SELECT p.id, v.whole FROM papers p JOIN vectors v USING (key)", ids)
        return {id: _floats(blob)[0] for id, blob in rows}

    def keep_sentence_vectors(self, paper: Paper, vectors: np.ndarray) -> None:
        """Keep the embeddings of a text's sentences.

        Not if the library holds another text by that id, nor while others are writing: a reader
        never waits.

        Args:
            paper: with the text.
            vectors: (n, 384), of ``sentences(paper.abstract)``.
        """
        connection = self.connection
        connection.execute("PRAGMA busy_timeout = 100")
        with suppress(sqlite3.OperationalError):
            connection.execute(
                "INSERT OR IGNORE INTO sentence_vectors "
                "SELECT key, ? FROM papers WHERE id = ? AND abstract = ?",
                (vectors.astype(np.float16).tobytes(), paper.id, paper.abstract),
            )
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * WAIT)}")

    def embed_missing(self, ids: Sequence[str] | None = None, most: int | None = None) -> int:
        """Embed whole texts that were added without; what is done so far stays at any stop.

        Args:
            ids: of the texts; all if None, the latest first.
            most: largest number of texts; all if None.

        Returns:
            How many were embedded.
        """
        query = (
            "SELECT p.key FROM papers p WHERE NOT EXISTS "
            "(SELECT 1 FROM vectors v WHERE v.key = p.key)"
        )
        if ids is None:
            rows = self.connection.execute(query + " ORDER BY p.key DESC").fetchall()
        else:
            rows = self._blobs(query, ids, "AND")
        keys = [key for (key,) in rows][:most]
        parts = (keys[i : i + _AT_ONCE] for i in range(0, len(keys), _AT_ONCE))
        return sum(self._embed(part) for part in parts)

    def _embed(self, keys: Sequence[int]) -> int:
        found = (
            self.one("SELECT key, title, abstract FROM papers WHERE key = ?", key) for key in keys
        )
        rows = [row for row in found if row]
        made = embed([whole_text(title, abstract) for _, title, abstract in rows])
        with self.transaction() as connection:
            generation = self._advance(connection, len(rows))
            return sum(
                connection.execute(
                    "INSERT OR IGNORE INTO vectors SELECT key, ?, ? FROM papers "
                    "WHERE key = ? AND title = ? AND abstract = ?",
                    (generation, vector.astype(np.float16).tobytes(), *row),
                ).rowcount
                for row, vector in zip(rows, made, strict=True)
            )

    def _blobs(self, query: str, ids: Sequence[str], joint: str = "WHERE") -> list[tuple]:
        """The rows of a query on papers p with some ids, in their order in the file."""
        found = []
        for part in _parts(list(dict.fromkeys(ids)), 500):
            places = ", ".join("?" * len(part))
            found += self.connection.execute(f"{query} {joint} p.id IN ({places})", part).fetchall()
        return found


def whole_text(title: str, abstract: str) -> str:
    """What is embedded as a whole."""
    return clean(f"{title}. {abstract}")


def _floats(blob: bytes) -> np.ndarray:
    return np.frombuffer(blob, np.float16).reshape(-1, DIMENSION).astype(np.float32)


def _parts(ids: list[str], size: int) -> Iterator[list[str]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))
