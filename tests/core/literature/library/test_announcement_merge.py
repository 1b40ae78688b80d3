"""Announcements outlive kills, share their file with other processes, and old files move along."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.literature.library import connection
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from tests.core.literature.library.announced import (
    CO,
    batch_of,
    day_after,
    numbered_batch,
    state_of,
)
from tests.core.literature.papers import paper, vectors_of

ROOT = Path(__file__).parents[4]

HEAD = """
import os, random, signal, sys, time
from pathlib import Path
from core.literature.library import announcement_merge as writing
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from tests.core.literature.library.announced import numbered_batch
path, chance = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
"""

KILLED = """
def work(first, acknowledged):
    announcements = Announcements(Library.open(path, primer=False))
    for number in range(first, first + 1000):
        announcements.record(numbered_batch(number))
        os.write(acknowledged, f"{number}\\n".encode())

def dying(after):
    put, count = writing._list, iter(range(10**9))
    def deadly(*values):
        put(*values)
        if next(count) == after: os.kill(os.getpid(), signal.SIGKILL)
    writing._list = deadly

acknowledged = os.open(path.with_suffix(".acknowledged"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for turn in range(12):
    child = os.fork()
    if not child:
        if turn % 2: dying(chance.randrange(5, 200))
        work(1000 * turn, acknowledged)
        os._exit(0)
    if turn % 2 == 0:
        time.sleep(chance.uniform(0.05, 0.25))
        os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
"""

SHARED = """
announcements = Announcements(Library.open(path, primer=False))
print(sum(announcements.record(numbered_batch(n)) for n in chance.sample(range(40), 40)))
"""


def run(code: str, path: Path, seed: int) -> subprocess.Popen:
    """Python in another process."""
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + code, str(path), str(seed)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def output(child: subprocess.Popen) -> str:
    out, errors = child.communicate(timeout=120)
    assert child.returncode == 0, errors
    return out


def check(path: Path) -> None:
    """The file is sound, and its indices of words agree with its texts."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for table in ("texts", "announced_texts"):
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    connection.close()


def test_killed_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    output(run(KILLED, path, 0))
    said = {int(line) for line in path.with_suffix(".acknowledged").read_text().split()}
    assert len(said) > 20
    announcements = Announcements(Library.open(path, primer=False))
    kept = {
        number for number in range(12_000)
        if not announcements.missing(day_after(number), [CO])
    }
    assert said <= kept
    assert len(kept - said) <= 6
    for number in kept:
        batch = numbered_batch(number)
        assert announcements.batch(batch.day, [CO]) == batch
        assert announcements.library.get(batch.announcements[-1].paper.id) is not None
    assert len(announcements.library) == 5 * len(kept)
    check(path)
    assert announcements.record(numbered_batch(20_000)) == 5


def test_two_processes_record_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    children = [run(SHARED, path, seed) for seed in range(2)]
    assert sum(int(output(child)) for child in children) == 200
    announcements = Announcements(Library.open(path, primer=False))
    assert state_of(announcements)[0] == [numbered_batch(n) for n in range(40)][::-1]
    assert len(announcements.search("müller", 1000)) == len(announcements.library) == 200
    check(path)


# --- files of version 1 ---------------------------------------------------------------------------

VERSION_1 = """
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
INSERT INTO texts (texts, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
REPLACE INTO facts VALUES ('generation', 7);
PRAGMA user_version = 1;
"""


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A file of version 1 with seven papers and their vectors."""
    path = tmp_path / "library.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(VERSION_1)
    for number in range(7):
        text, vectors = paper(number), vectors_of(paper(number)).astype(np.float16)
        connection.execute(
            "INSERT INTO papers VALUES (?, ?, ?, ?, '[]', NULL, '[]', '[]')",
            (number, text.id, text.title, text.abstract),
        )
        connection.execute("INSERT INTO vectors VALUES (?, 7, ?)", (number, vectors[0].tobytes()))
        connection.execute(
            "INSERT INTO sentence_vectors VALUES (?, ?)", (number, vectors[1:].tobytes())
        )
    connection.commit()
    connection.close()
    return path


def check_old(library: Library) -> None:
    assert len(library) == library.generation == 7
    assert [library.get(paper(i).id) for i in range(7)] == [paper(i) for i in range(7)]
    expected = np.stack([vectors_of(paper(i))[0] for i in range(7)])
    np.testing.assert_allclose(library.vectors()[1], expected, atol=1e-3)
    assert library.sentence_vectors(3, make=False) is not None
    assert [key for key, _ in library.lexical(["sample5"], 3)] == [5]


def test_a_file_of_version_1_is_brought_up_to_date(old_file: Path) -> None:
    library = Library.open(old_file, primer=False)
    check_old(library)
    announcements = Announcements(library)
    assert announcements.last([CO]) is None
    assert announcements.record(numbered_batch(3)) == 5
    assert announcements.last([CO]) == numbered_batch(3)
    assert announcements.search("sample16")
    library.close()
    again = Library.open(old_file, primer=False)
    assert Announcements(again).last([CO]) == numbered_batch(3)
    check(old_file)


def test_a_failed_migration_leaves_version_1(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(connection: sqlite3.Connection) -> None:
        make(connection)
        raise sqlite3.OperationalError("disk full")

    make = connection.make_tables
    monkeypatch.setattr(connection, "make_tables", failing)
    with pytest.raises(ValueError, match="disk full"):
        Library.open(old_file, primer=False)
    file = sqlite3.connect(old_file)
    assert file.execute("PRAGMA user_version").fetchone() == (1,)
    names = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    file.close()
    assert "papers" in names and "announced" not in names
    monkeypatch.undo()
    check_old(Library.open(old_file, primer=False))


def test_papers_that_were_there_are_known_by_their_announcement(old_file: Path) -> None:
    announcements = Announcements(Library.open(old_file, primer=False))
    same = numbered_batch(0).announcements[0]
    announcements.record(batch_of([same]))
    assert announcements.library.get(same.paper.id) == same.paper
    assert len(announcements.library) == 7
    assert same.paper.id in announcements.library.whole_vectors([same.paper.id])
