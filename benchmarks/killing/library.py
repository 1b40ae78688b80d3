"""Kills while the library is written, exported and read in."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.killing.harness import Say, left_behind
from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Batch
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.text.paper import Paper

__all__ = ["ExportKilled", "LibraryKilled"]

FIRST = date(2020, 1, 6)
CATEGORIES = ("astro-ph.CO", "gr-qc")
TABLES = ("papers", "vectors", "sentence_vectors", "facts", "announced", "listed", "issues",
          "fetches", "summaries")


def _paper(number: int, edition: int) -> Paper:
    id = f"2001.{number % 150:05d}"
    return Paper(id, f"Voids {id}", f"We count voids. This is text {edition}.",
                 ("Ada Lovelace", "Jörg Müller"), FIRST, CATEGORIES[: 1 + number % 2])


def _batch(number: int) -> Batch:
    day = FIRST + timedelta(days=number % 400)
    items = tuple(
        Announcement(
            _paper(number * 7 + i, number),
            day,
            (ANNOUNCEMENT_KINDS[i % len(ANNOUNCEMENT_KINDS)],),
            1 + i % 3,
        )
        for i in range(10)
    )
    return Batch(day, CATEGORIES, items, "feed", datetime(2026, 1, 1, tzinfo=UTC))


def write(store: Announcements, number: int, folder: Path) -> None:
    """The n-th of an endless list of changes; what it does is a function of ``number`` alone."""
    library, papers = store.library, [_paper(number + i, number) for i in range(4)]
    way = number % 7
    if way == 0:
        rng = np.random.default_rng(number)
        library.add(papers, [rng.normal(size=(3, 384)).astype(np.float32) for _ in papers])
    elif way == 1:
        library.add_later(papers)
    elif way in (2, 3):
        store.record(_batch(number))
    elif way == 4:
        for i in range(5):
            store.keep_summary(f"{papers[0].id}v{i}", "model", i, number / 7)
    elif way == 5:
        store.note_fetch(CATEGORIES, ("fresh", "offline")[number % 2],
                         datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number))
        library.remove([papers[1].id])
    else:
        store.import_(folder / f"{number % 5}.jsonl")


def _imports(folder: Path) -> None:
    """Files to read in, each made by an export."""
    for number in range(5):
        path = folder / f"{number}.sqlite"
        store = Announcements(Library.open(path, primer=False))
        for i in range(6):
            batch = _batch(1000 + 10 * number + i)
            store.record(replace(batch, day=batch.day + timedelta(days=500)))
        store.export(folder / f"{number}.jsonl")
        store.library.close()


class LibraryKilled:
    """Add, record, import, remove, summaries and notes of fetches, in turn.

    After a kill the file holds what it held after the last confirmed change, or after the one that
    was under way, to the last byte of every table: another library in which nothing is killed
    makes the same changes.
    """

    seconds = 0.5

    def __init__(self, folder: Path) -> None:
        self.folder, self.path, self.done = folder, folder / "library.sqlite", 0
        _imports(folder)
        Announcements(Library.open(self.path, primer=False)).library.close()
        self.expected = Announcements(Library.open(folder / "expected.sqlite", primer=False))

    def work(self, confirm: Say) -> None:
        """Change after change."""
        store = Announcements(Library(self.path))
        for number in range(self.done, self.done + 10_000):
            write(store, number, self.folder)
            confirm(number)

    def check(self, confirmed: list[str]) -> bool:
        """As the class says; then the next child goes on from there."""
        for number in range(self.done, self.done + len(confirmed)):
            write(self.expected, number, self.folder)
        self.done += len(confirmed)
        found = _digest(self.path)
        if found != _digest(self.expected.library.path):
            self._one_more()
            expected = _digest(self.expected.library.path)
            assert found == expected, f"change {self.done} is there in part"
        _sound(self.path)
        return False

    def _one_more(self) -> None:
        """The change under way may be there; one of several steps may be there up to a step."""
        number = self.done
        if number % 7 in (4, 5):  # five summaries, or a note and a removal: one step each
            self._steps(number)
        else:
            write(self.expected, number, self.folder)
            self.done += 1

    def _steps(self, number: int) -> None:
        found = _digest(self.path)
        paper = _paper(number, number)
        steps = [
            lambda i=i: self.expected.keep_summary(f"{paper.id}v{i}", "model", i, number / 7)
            for i in range(5)
        ] if number % 7 == 4 else [
            lambda: self.expected.note_fetch(
                CATEGORIES, ("fresh", "offline")[number % 2],
                datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)),
            lambda: self.expected.library.remove([_paper(number + 1, number).id]),
        ]
        for step in steps:
            step()
            if _digest(self.expected.library.path) == found:
                break
        if step is steps[-1]:
            self.done += 1


def _digest(path: Path) -> str:
    """Every row of every table."""
    connection, found = sqlite3.connect(path), hashlib.sha256()
    for table in TABLES:
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
            found.update(repr(row).encode())
    connection.close()
    return found.hexdigest()


def _sound(path: Path) -> None:
    """The file is sound, and its indices of words agree with its texts."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for table in ("texts", "announced_texts"):
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    connection.close()


class ExportKilled:
    """An export over and over: the file is always there whole, and nothing stays beside it."""

    seconds = 0.3

    def __init__(self, folder: Path) -> None:
        self.path = folder / "out" / "library.jsonl"
        self.library = folder / "library.sqlite"
        store = Announcements(Library.open(self.library, primer=False))
        for number in range(30):
            store.record(_batch(number))
        store.export(self.path)
        store.library.close()
        self.whole = self.path.read_bytes()
        self.path.unlink()

    def work(self, confirm: Say) -> None:
        """Export after export."""
        store = Announcements(Library(self.library))
        for number in range(10_000):
            store.export(self.path)
            confirm(number)

    def check(self, confirmed: list[str]) -> bool:
        """Whole once there was one; what a killed export left is gone after the next."""
        assert self.path.exists() or not confirmed
        assert not self.path.exists() or self.path.read_bytes() == self.whole
        Announcements(Library(self.library)).export(self.path)
        assert not left_behind(self.path.parent, {self.path.name})
        return False
