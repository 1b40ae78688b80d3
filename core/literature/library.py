"""The library: papers and primer passages in one SQLite file, searchable by words and by meaning.

Many threads and several processes may use one file at once: readers never wait, a writer waits for
the writer before it, and what is added is either wholly there or not at all.

Example:
    >>> library = Library.open()
    >>> library.add([Paper("2301.01234", "A title", "An abstract.")])
    1
    >>> library.get("2301.01234").url
    'https://arxiv.org/abs/2301.01234'
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.literature import primer
from core.literature.embedding import DIMENSION, embed
from core.literature.primer import Reference
from core.literature.text import clean, sentences
from core.settings import get_settings

__all__ = ["Library", "Paper"]

_VERSION = 1
_WAIT = 60.0
_PRIMER = "primer:"
_COLUMNS = "id, title, abstract, authors, published, categories, refs"

_JOINT = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_BRITISH = re.compile(r"is(ations?|e|ed|ing)$")
_AMERICAN = re.compile(r"iz(ations?|e|ed|ing)$")
_ALSO = {
    "agn": "active galactic nuclei", "bao": "baryon acoustic oscillations",
    "bbn": "big bang nucleosynthesis", "cdm": "cold dark matter",
    "cmb": "cosmic microwave background", "eor": "epoch of reionization",
    "frb": "fast radio bursts", "gw": "gravitational waves", "h0": "hubble constant",
    "hod": "halo occupation", "hsc": "hyper suprime cam", "igm": "intergalactic medium",
    "isw": "integrated sachs wolfe", "lambdacdm": "lambda cdm", "lcdm": "lambda cdm",
    "lss": "large scale structure", "lya": "ly alpha", "lyman": "ly",
    "pbh": "primordial black holes", "png": "primordial non gaussianity",
    "rsd": "redshift space distortions", "sbi": "simulation based inference",
    "sn": "supernovae", "sne": "supernovae", "sz": "sunyaev zeldovich",
    "trgb": "tip of the red giant branch", "wdm": "warm dark matter",
}

_SCHEMA = """
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


@dataclass(frozen=True)
class Paper:
    """A paper by its abstract, or a passage of the primer.

    Attributes:
        id: arXiv id without version ("2301.01234"), or "primer:" and the passage's name.
        title, abstract: plain text with LaTeX mathematics; nothing in it is ever markup.
        authors: names, the first author first.
        published: day of its first version.
        categories: of arXiv, the primary one first.
        references: arXiv ids that a primer passage rests on.
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    published: date | None = None
    categories: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def is_primer(self) -> bool:
        """Whether it was written for this project."""
        return self.id.startswith(_PRIMER)

    @property
    def url(self) -> str | None:
        """Its page on arXiv; None for a primer passage."""
        return None if self.is_primer else f"https://arxiv.org/abs/{self.id}"

    @property
    def label(self) -> str:
        """What a text calls it: "Planck Collaboration 2020", "Smith & Doe 2023", or its title."""
        if not self.authors:
            return self.title or self.id
        names = [_surname(name) for name in self.authors]
        who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
        if "Collaboration" in self.authors[0]:
            who = self.authors[0]
        return f"{who} {self.published.year}" if self.published else who


def _surname(name: str) -> str:
    return name if "Collaboration" in name else name.rsplit(" ", 1)[-1]


class Library:
    """Papers in one SQLite file. Make one by :meth:`open`.

    Args:
        path: the file; it is made if it is not there.

    Raises:
        ValueError: if the file is no library or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._frequencies: dict[str, int] = {}
        self._counted_at = -1
        self._count = (-1, 0)
        self._lock = threading.Lock()
        self._prepare()

    @classmethod
    def open(cls, path: Path | None = None, primer: bool = True) -> Library:
        """Open or make a library.

        Args:
            path: its file; by default the user's own, in the cache folder of the settings.
            primer: keep the built-in primer in it, as it is now.
        """
        library = cls(path or get_settings().cache / "library.sqlite")
        if primer:
            library._import_primer()
        return library

    # --- papers -------------------------------------------------------------------------------

    def add(
        self, papers: Iterable[Paper], vectors: Sequence[np.ndarray | None] | None = None
    ) -> int:
        """Add papers, or bring those with the same id up to date; all of them or, on error, none.

        Args:
            papers: of two with one id the later counts.
            vectors: embeddings if known already, an array (1 + sentences, 384) a paper: of title
                and abstract together, then of the sentences.

        Returns:
            How many were new or have changed.

        Raises:
            ValueError: for a paper without id or without any text.
        """
        papers = [_checked(paper) for paper in papers]
        given = vectors if vectors is not None else [None] * len(papers)
        latest = {p.id: (p, v) for p, v in zip(papers, given, strict=True)}
        changed = [(p, v) for p, v in latest.values() if self.get(p.id) != p]
        if changed:
            self._store(*_embedded(changed))
        return len(changed)

    def _store(self, papers: Sequence[Paper], vectors: Sequence[np.ndarray]) -> None:
        with self._transaction() as connection:
            generation = self._advance(connection, len(papers))
            for paper, found in zip(papers, vectors, strict=True):
                _write(connection, paper, found, generation)

    def remove(self, ids: Iterable[str]) -> int:
        """Take papers out; returns how many there were."""
        with self._transaction() as connection:
            return self._remove(connection, list(ids))

    def _remove(self, connection: sqlite3.Connection, ids: Sequence[str]) -> int:
        gone = sum(
            connection.execute("DELETE FROM papers WHERE id = ?", (id,)).rowcount for id in ids
        )
        if gone:
            self._advance(connection, gone)
            removed = int(_fact(connection, "removed") or 0) + gone
            connection.execute("REPLACE INTO facts VALUES ('removed', ?)", (removed,))
        return gone

    def get(self, id: str) -> Paper | None:
        """The paper with an id."""
        row = self._one(f"SELECT {_COLUMNS} FROM papers WHERE id = ?", id)
        return _paper(row) if row else None

    def key(self, id: str) -> int | None:
        """The key of a paper, as :meth:`lexical` returns it."""
        row = self._one("SELECT key FROM papers WHERE id = ?", id)
        return int(row[0]) if row else None

    def papers(self, keys: Sequence[int]) -> dict[int, Paper]:
        """Papers by the keys that :meth:`lexical` returns; one that is gone is left out."""
        found = {}
        for key in keys:
            row = self._one(f"SELECT {_COLUMNS} FROM papers WHERE key = ?", int(key))
            if row:
                found[int(key)] = _paper(row)
        return found

    def recent(self, most: int, *, since: date | None = None) -> list[Paper]:
        """The latest papers by their first version's day, the newest first; none of the primer."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM papers WHERE published >= ? "
            "ORDER BY published DESC, key DESC LIMIT ?",
            (since.isoformat() if since else "", most),
        )
        return [_paper(row) for row in rows]

    def __len__(self) -> int:
        generation = self.generation
        if self._count[0] != generation:
            self._count = generation, int(self._one("SELECT count(*) FROM vectors")[0])
        return self._count[1]

    def reference(self, arxiv_id: str) -> Reference | None:
        """A paper that the primer cites."""
        return self._references.get(arxiv_id)

    @cached_property
    def _references(self) -> dict[str, Reference]:
        return primer.read_references()

    # --- words --------------------------------------------------------------------------------

    def frequency(self, word: str) -> int:
        """How many texts hold a word, in any of its endings.

        Kept in memory until more than a hundredth of the texts have changed.
        """
        generation = self.generation
        with self._lock:
            if generation - self._counted_at > 0.01 * len(self):
                self._frequencies, self._counted_at = {}, generation
            known = self._frequencies
        if word not in known:
            query = "SELECT count(*) FROM texts WHERE texts MATCH ?"
            known[word] = int(self._one(query, _spellings(word))[0]) if word.strip() else 0
        return known[word]

    def lexical(
        self, found: Sequence[str], most: int, budget: int = 40_000
    ) -> list[tuple[int, float]]:
        r"""Search by words (BM25, Robertson et al. 1994; words of the title count twice).

        Args:
            found: words as :func:`core.literature.text.words` returns them.
            most: longest result.
            budget: words in more and more texts are taken until together they occur in so many;
                the rest, which tell little, only count in the share.

        Returns:
            (key, share) of the best texts, the best first. The share is the BM25 score by
            :math:`\sum_t \mathrm{idf}(t)` over all words, so it can be compared between questions:
            0 is nothing, about 1 is every word once, at most 2.2.
        """
        count = len(self)
        frequency = {word: self.frequency(word) for word in found[:64]}
        if not any(frequency.values()):
            return []
        whole = sum(_idf(count, n) for n in frequency.values())
        taken: list[str] = []
        for word in sorted(filter(frequency.__getitem__, frequency), key=frequency.__getitem__):
            budget -= frequency[word]
            if taken and budget < 0:
                break
            taken.append(word)
        rows = self._connection.execute(
            "SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?",
            (" OR ".join(map(_spellings, taken)), most),
        )
        return [(key, -score / whole) for key, score in rows]

    # --- meanings -----------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Grows by one with every text that is written or taken out."""
        return int(_fact(self._connection, "generation") or 0)

    @property
    def removed(self) -> int:
        """How many texts were ever taken out."""
        return int(_fact(self._connection, "removed") or 0)

    def vectors(self, after: int = -1) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings of whole texts written after a generation.

        Returns:
            Keys (n,), rising, and unit vectors (n, 384), float16.
        """
        cursor = self._connection.execute(
            "SELECT key, whole FROM vectors WHERE changed > ? ORDER BY key", (after,)
        )
        keys, blobs = [np.empty(0, np.int64)], [np.empty((0, DIMENSION), np.float16)]
        while rows := cursor.fetchmany(4096):
            keys.append(np.array([key for key, _ in rows]))
            flat = np.frombuffer(b"".join(blob for _, blob in rows), np.float16)
            blobs.append(flat.reshape(-1, DIMENSION))
        return np.concatenate(keys), np.concatenate(blobs)

    def sentence_vectors(self, key: int, make: bool = True) -> np.ndarray | None:
        """Embeddings of a text's sentences (n, 384), made at first use and kept.

        Args:
            key: of the text.
            make: compute them if they are not there yet; otherwise return None.
        """
        row = self._one("SELECT vectors FROM sentence_vectors WHERE key = ?", key)
        if row:
            return np.frombuffer(row[0], np.float16).reshape(-1, DIMENSION).astype(np.float32)
        paper = self.papers([key]).get(key) if make else None
        if paper is None:
            return None
        vectors = embed(sentences(paper.abstract))
        self._keep_sentence_vectors(key, paper, vectors)
        return vectors

    def _keep_sentence_vectors(self, key: int, paper: Paper, vectors: np.ndarray) -> None:
        """Unless the text has changed meanwhile, or others are writing: a reader never waits."""
        connection = self._connection
        connection.execute("PRAGMA busy_timeout = 100")
        with suppress(sqlite3.OperationalError):
            connection.execute(
                "INSERT OR IGNORE INTO sentence_vectors "
                "SELECT key, ? FROM papers WHERE key = ? AND abstract = ?",
                (vectors.astype(np.float16).tobytes(), key, paper.abstract),
            )
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * _WAIT)}")

    # --- the file -----------------------------------------------------------------------------

    @property
    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
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

    def _one(self, query: str, *values: object) -> Any:
        return self._connection.execute(query, values).fetchone()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _advance(self, connection: sqlite3.Connection, by: int) -> int:
        generation = int(_fact(connection, "generation") or 0) + by
        connection.execute("REPLACE INTO facts VALUES ('generation', ?)", (generation,))
        return generation

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _write_ahead(self._connection)
            version = int(self._one("PRAGMA user_version")[0])
            if version < _VERSION:
                self._make_tables()
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
        if version > _VERSION:
            self.close()
            raise ValueError(
                f"{self.path} was made by a later version of CosmoDesk: update CosmoDesk, or name "
                "another folder in COSMODESK_CACHE."
            )

    def _make_tables(self) -> None:
        with self._transaction() as connection:
            for statement in _statements(_SCHEMA):
                connection.execute(statement)
            connection.execute("INSERT INTO texts (texts, rank) VALUES ('rank', 'bm25(2.0, 1.0)')")
            connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _import_primer(self) -> None:
        digest = primer.primer_digest()
        if _fact(self._connection, "primer") == digest:
            return
        passages = primer.read_primer()
        papers = [
            Paper(_PRIMER + p.id, p.title, p.text, references=p.references) for p in passages
        ]
        self.add(papers, primer.passage_vectors(passages))
        now = {paper.id for paper in papers}
        with self._transaction() as connection:
            held = connection.execute("SELECT id FROM papers WHERE id GLOB 'primer:*'")
            self._remove(connection, [id for (id,) in held.fetchall() if id not in now])
            connection.execute("REPLACE INTO facts VALUES ('primer', ?)", (digest,))


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


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _fact(connection: sqlite3.Connection, name: str) -> int | str | None:
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def _checked(paper: Paper) -> Paper:
    if not paper.id.strip() or not (paper.abstract.strip() or paper.title.strip()):
        raise ValueError(f"A paper needs an id and an abstract; {paper.id or paper.title!r} lacks.")
    return paper


def _embedded(
    changed: Sequence[tuple[Paper, np.ndarray | None]],
) -> tuple[list[Paper], list[np.ndarray]]:
    """Papers and their vectors; whole texts that have none are embedded."""
    bare = [i for i, (_, known) in enumerate(changed) if known is None]
    made = embed([clean(f"{changed[i][0].title}. {changed[i][0].abstract}") for i in bare])
    vectors = [known for _, known in changed]
    for i, vector in zip(bare, made, strict=True):
        vectors[i] = vector[None]
    return [paper for paper, _ in changed], [v for v in vectors if v is not None]


def _write(
    connection: sqlite3.Connection, paper: Paper, vectors: np.ndarray, generation: int
) -> None:
    (key,) = connection.execute(
        f"INSERT INTO papers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, abstract = excluded.abstract, "
        "authors = excluded.authors, published = excluded.published, "
        "categories = excluded.categories, refs = excluded.refs RETURNING key",
        _row(paper),
    ).fetchone()
    blobs = vectors.astype(np.float16)
    connection.execute(
        "REPLACE INTO vectors VALUES (?, ?, ?)", (key, generation, blobs[0].tobytes())
    )
    connection.execute("DELETE FROM sentence_vectors WHERE key = ?", (key,))
    if len(blobs) > 1:
        connection.execute(
            "INSERT INTO sentence_vectors VALUES (?, ?)", (key, blobs[1:].tobytes())
        )


def _row(paper: Paper) -> tuple:
    return (
        paper.id, paper.title, paper.abstract, json.dumps(paper.authors),
        paper.published.isoformat() if paper.published else None,
        json.dumps(paper.categories), json.dumps(paper.references),
    )


def _paper(row: tuple) -> Paper:
    id, title, abstract, authors, published, categories, references = row
    return Paper(
        id, title, abstract, tuple(json.loads(authors)),
        date.fromisoformat(published) if published else None,
        tuple(json.loads(categories)), tuple(json.loads(references)),
    )


def _spellings(word: str) -> str:
    """A word as FTS5 looks for it: sigma8 also as sigma 8, polarisation as polarization, BAO."""
    spellings = {word: None, _BRITISH.sub(r"iz\1", word): None, _AMERICAN.sub(r"is\1", word): None}
    spellings |= {_JOINT.sub(" ", word): None, _ALSO.get(word, word): None}
    quoted = ['"' + spelling.replace('"', '""') + '"' for spelling in spellings]
    return f"({' OR '.join(quoted)})"


def _idf(count: int, holding: int) -> float:
    """As FTS5 weighs a word that so many of the texts hold (more than all, while some come in)."""
    holding = min(holding, count)
    return max(math.log((count - holding + 0.5) / (holding + 0.5)), 1e-6)
