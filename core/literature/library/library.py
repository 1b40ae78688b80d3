"""The library: papers and primer passages in one SQLite file, with full-text and vector search.

Many threads and several processes may use one file at once: readers never wait, a writer waits for
the writer before it, and what is added is either wholly there or not at all.

Example:
    >>> library = Library.open()
    >>> library.add([Paper("2301.01234", "A title", "An abstract.")])
    1
    >>> library.get("2301.01234").label
    'https://arxiv.org/abs/2301.01234'
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from core.literature.library import primer
from core.literature.library.connection import fact, set_fact
from core.literature.library.primer import Reference
from core.literature.library.vectors import LibraryVectors, whole_text
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.fts_query import spellings
from core.literature.text.paper import PRIMER, Paper
from core.literature.text.text import sentences
from core.settings import get_settings

__all__ = ["Library", "Paper"]

_MOST_OF_WORD = 1.6
"""BM25 score of a word, in idf, that stands three times in a text of mean length."""
_COLUMNS = "id, title, abstract, authors, published, categories, refs"


class Library(LibraryVectors):
    """Papers in one SQLite file. Make one by :meth:`open`.

    Args:
        path: the file; it is made if it is not there.

    Raises:
        ValueError: if the file is no library or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._frequencies: dict[str, int] = {}
        self._counted_at = -1
        self._count = (-1, 0)
        self._lock = threading.Lock()

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
        changed = {id for id, (paper, _) in latest.items() if self.get(id) != paper}
        wanted = changed | (latest.keys() - self.whole_vectors(list(latest)).keys())
        if wanted:
            self._store(*_embedded([latest[id] for id in latest if id in wanted]))
        return len(changed)

    def add_later(self, papers: Iterable[Paper]) -> int:
        """As :meth:`add`, at once: texts are found by words now, by meaning once they are embedded.

        :meth:`embed_missing` embeds them.
        """
        with self.transaction() as connection:
            return self.write_later(connection, papers)

    def write_later(self, connection: sqlite3.Connection, papers: Iterable[Paper]) -> int:
        """As :meth:`add_later`, inside a transaction of :meth:`transaction`."""
        latest = {paper.id: paper for paper in map(_checked, papers)}
        changed = [paper for paper in latest.values() if self.get(paper.id) != paper]
        for paper in changed:
            for table in ("vectors", "sentence_vectors"):
                connection.execute(
                    f"DELETE FROM {table} WHERE key = (SELECT key FROM papers "
                    "WHERE id = ? AND (title != ? OR abstract != ?))",
                    (paper.id, paper.title, paper.abstract),
                )
            _write_paper(connection, paper)
        if changed:
            self._advance(connection, len(changed))
        return len(changed)

    def _store(self, papers: Sequence[Paper], vectors: Sequence[np.ndarray]) -> None:
        with self.transaction() as connection:
            generation = self._advance(connection, len(papers))
            for paper, found in zip(papers, vectors, strict=True):
                _write(connection, paper, found, generation)

    def remove(self, ids: Iterable[str]) -> int:
        """Take papers out; returns how many there were."""
        with self.transaction() as connection:
            return self._remove(connection, list(ids))

    def _remove(self, connection: sqlite3.Connection, ids: Sequence[str]) -> int:
        gone = sum(
            connection.execute("DELETE FROM papers WHERE id = ?", (id,)).rowcount for id in ids
        )
        if gone:
            self._advance(connection, gone)
            removed = int(fact(connection, "removed") or 0) + gone
            set_fact(connection, "removed", removed)
        return gone

    def get(self, id: str) -> Paper | None:
        """The paper with an id."""
        row = self.one(f"SELECT {_COLUMNS} FROM papers WHERE id = ?", id)
        return _paper(row) if row else None

    def key(self, id: str) -> int | None:
        """The key of a paper, as :meth:`lexical` returns it."""
        row = self.one("SELECT key FROM papers WHERE id = ?", id)
        return int(row[0]) if row else None

    def papers(self, keys: Sequence[int]) -> dict[int, Paper]:
        """Papers by the keys that :meth:`lexical` returns; one that is gone is left out."""
        found = {}
        for key in keys:
            row = self.one(f"SELECT {_COLUMNS} FROM papers WHERE key = ?", int(key))
            if row:
                found[int(key)] = _paper(row)
        return found

    def recent(self, most: int, *, since: date | None = None) -> list[Paper]:
        """The latest papers by their first version's day, the newest first; none of the primer."""
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM papers WHERE published >= ? "
            "ORDER BY published DESC, key DESC LIMIT ?",
            (since.isoformat() if since else "", most),
        )
        return [_paper(row) for row in rows]

    def __len__(self) -> int:
        generation = self.generation
        if self._count[0] != generation:
            self._count = generation, int(self.one("SELECT count(*) FROM papers")[0])
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
            known[word] = int(self.one(query, spellings(word))[0]) if word.strip() else 0
        return known[word]

    def lexical(
        self, found: Sequence[str], most: int, budget: int = 40_000
    ) -> list[tuple[int, float]]:
        r"""Search by words (BM25, Robertson et al. 1994; words of the title count twice).

        Args:
            found: words as :func:`core.literature.text.text.words` returns them.
            most: longest result.
            budget: words in more and more texts are taken until together they occur in so many;
                the rest, which tell little, only count in the share.

        Returns:
            (key, share) of the best texts, the best first. The share is the BM25 score by
            :math:`\sum_t \mathrm{idf}(t)` over all words, so it can be compared between questions:
            0 is nothing, about 1 is every word once, at most 2.2. A word in two spellings, "CMB"
            and "cosmic microwave background", is one word.
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
        rows = self.connection.execute(
            "SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?",
            (" OR ".join(map(spellings, taken)), most),
        )
        scores = {key: -score for key, score in rows}
        for word in taken:
            if " OR " in spellings(word):
                self._counted_once(word, _MOST_OF_WORD * _idf(count, frequency[word]), scores)
        return sorted(((key, score / whole) for key, score in scores.items()),
                      key=lambda found: -found[1])

    def _counted_once(self, word: str, most: float, scores: dict[int, float]) -> None:
        """Take from the scores what a word has in them beyond ``most``."""
        places = ",".join("?" * len(scores))
        rows = self.connection.execute(
            f"SELECT rowid, rank FROM texts WHERE texts MATCH ? AND rowid IN ({places})",
            (spellings(word), *scores))
        for key, score in rows:
            scores[key] -= max(-score - most, 0.0)

    # --- meanings -----------------------------------------------------------------------------

    def sentence_vectors(self, key: int, make: bool = True) -> np.ndarray | None:
        """Embeddings of a text's sentences (n, 384), made at first use and kept.

        Args:
            key: of the text.
            make: compute them if they are not there yet; otherwise return None.
        """
        row = self.one("SELECT vectors FROM sentence_vectors WHERE key = ?", key)
        if row:
            return np.frombuffer(row[0], np.float16).reshape(-1, DIMENSION).astype(np.float32)
        paper = self.papers([key]).get(key) if make else None
        if paper is None:
            return None
        vectors = embed(sentences(paper.abstract))
        self.keep_sentence_vectors(paper, vectors)
        return vectors

    def _import_primer(self) -> None:
        digest = primer.primer_digest()
        if fact(self.connection, "primer") == digest:
            return
        passages = primer.read_primer()
        papers = [
            Paper(PRIMER + p.id, p.title, p.text, references=p.references) for p in passages
        ]
        self.add(papers, primer.passage_vectors(passages))
        now = {paper.id for paper in papers}
        with self.transaction() as connection:
            held = connection.execute("SELECT id FROM papers WHERE id GLOB 'primer:*'")
            self._remove(connection, [id for (id,) in held.fetchall() if id not in now])
            set_fact(connection, "primer", digest)


def _checked(paper: Paper) -> Paper:
    if not paper.id.strip() or not (paper.abstract.strip() or paper.title.strip()):
        raise ValueError(f"A paper needs an id and an abstract; {paper.id or paper.title!r} lacks.")
    return paper


def _embedded(
    changed: Sequence[tuple[Paper, np.ndarray | None]],
) -> tuple[list[Paper], list[np.ndarray]]:
    """Papers and their vectors; whole texts that have none are embedded."""
    bare = [i for i, (_, known) in enumerate(changed) if known is None]
    made = embed([whole_text(changed[i][0].title, changed[i][0].abstract) for i in bare])
    vectors = [known for _, known in changed]
    for i, vector in zip(bare, made, strict=True):
        vectors[i] = vector[None]
    return [paper for paper, _ in changed], [v for v in vectors if v is not None]


def _write(
    connection: sqlite3.Connection, paper: Paper, vectors: np.ndarray, generation: int
) -> None:
    key = _write_paper(connection, paper)
    blobs = vectors.astype(np.float16)
    connection.execute(
        "REPLACE INTO vectors VALUES (?, ?, ?)", (key, generation, blobs[0].tobytes())
    )
    connection.execute("DELETE FROM sentence_vectors WHERE key = ?", (key,))
    if len(blobs) > 1:
        connection.execute(
            "INSERT INTO sentence_vectors VALUES (?, ?)", (key, blobs[1:].tobytes())
        )


def _write_paper(connection: sqlite3.Connection, paper: Paper) -> int:
    (key,) = connection.execute(
        f"INSERT INTO papers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, abstract = excluded.abstract, "
        "authors = excluded.authors, published = excluded.published, "
        "categories = excluded.categories, refs = excluded.refs RETURNING key",
        _row(paper),
    ).fetchone()
    return int(key)


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


def _idf(count: int, holding: int) -> float:
    """As FTS5 weighs a word that so many of the texts hold (more than all, while some come in)."""
    holding = min(holding, count)
    return max(math.log((count - holding + 0.5) / (holding + 0.5)), 1e-6)
