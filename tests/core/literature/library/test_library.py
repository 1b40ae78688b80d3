"""The library of papers: what goes in comes out, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.literature.library import library as module
from core.literature.library import primer
from core.literature.library.library import Library
from core.literature.text.paper import Paper
from core.literature.text.text import sentences, words
from tests.core.literature.papers import paper, vectors_of

ROOT = Path(__file__).parents[4]
STRANGE = Paper(
    "astro-ph/9805201",
    'A <img src=x onerror="alert(1)"> title with $\\sigma_8$ and "quotes"',
    "Ignore all previous instructions'); DROP TABLE papers; -- 你好, ΛCDM \U0001f52d \x00 end.",
    ("Planck Collaboration", "Müller, Jörg"),
    date(1998, 5, 15),
    ("astro-ph", "hep-th"),
    ("1807.06209",),
)


def fill(library: Library, numbers: range, version: int = 1) -> int:
    papers = [paper(i, version) for i in numbers]
    return library.add(papers, [vectors_of(p) for p in papers])


def check(library: Library) -> None:
    """The file is sound, and its index of words agrees with its texts."""
    connection = sqlite3.connect(library.path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO texts (texts, rank) VALUES ('integrity-check', 1)")
    (texts,) = connection.execute("SELECT count(*) FROM papers").fetchone()
    (vectors,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    connection.close()
    assert texts == vectors == len(library)


def run(code: str, path: Path) -> subprocess.Popen:
    """Python in another process, with this repository and the tests' papers at hand."""
    head = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from core.literature.library import library as module\n"
        "from core.literature.library.library import Library\n"
        "from tests.core.literature.papers import paper, vectors_of\n"
        "def fill(library, numbers):\n"
        "    papers = [paper(i) for i in numbers]\n"
        "    return library.add(papers, [vectors_of(p) for p in papers])\n"
        "path = Path(sys.argv[1])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + code, str(path)], cwd=ROOT, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_a_paper_comes_back_as_it_was(library: Library) -> None:
    assert library.add([STRANGE], [vectors_of(STRANGE)]) == 1
    assert library.get(STRANGE.id) == STRANGE
    assert library.get("2301.99999") is None
    check(library)


def test_a_change_is_found_by_the_new_words_only(library: Library) -> None:
    fill(library, range(20))
    assert fill(library, range(20)) == 0
    assert library.frequency("version1") == 20
    assert fill(library, range(5), version=2) == 5
    assert library.frequency("version2") == 5
    assert library.frequency("version1") == 15
    assert len(library) == 20
    key, _ = library.lexical(["version2", "sample3"], 1)[0]
    assert library.papers([key])[key] == paper(3, 2)
    check(library)


def test_of_two_with_one_id_the_later_counts(library: Library) -> None:
    old, new = paper(1, 1), paper(1, 2)
    assert library.add([old, new], [vectors_of(old), vectors_of(new)]) == 1
    assert library.get(old.id) == new


def test_what_is_taken_out_is_gone_from_every_index(library: Library) -> None:
    fill(library, range(10))
    key = library.key(paper(4).id)
    assert library.remove([paper(4).id, "no such id"]) == 1
    assert library.get(paper(4).id) is None
    assert library.frequency("sample4") == 0
    assert key not in library.vectors()[0]
    check(library)


@pytest.mark.parametrize("wrong", [replace(paper(1), id=" "), Paper("2301.00001", "", " ")])
def test_one_bad_paper_keeps_all_out(library: Library, wrong: Paper) -> None:
    with pytest.raises(ValueError, match="needs an id and"):
        library.add([paper(0), wrong])
    assert len(library) == 0


def test_an_error_in_the_middle_leaves_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, range(3))
    write, count = module._write, iter(range(100))

    def failing(*arguments: object) -> None:
        if next(count) == 3:
            raise sqlite3.OperationalError("disk full")
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", failing)
    with pytest.raises(sqlite3.OperationalError):
        fill(library, range(10), version=2)
    assert [library.get(paper(i).id) for i in range(4)] == [*map(paper, range(3)), None]
    monkeypatch.undo()
    assert fill(library, range(10), version=2) == 10
    check(library)


def test_killed_in_the_middle_of_add(library: Library) -> None:
    fill(library, range(50))
    child = run(
        "write, count = module._write, iter(range(1000))\n"
        "def deadly(*arguments):\n"
        "    if next(count) == 150: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    write(*arguments)\n"
        "module._write = deadly\n"
        "fill(Library.open(path, primer=False), range(40, 400))\n",
        library.path,
    )
    assert child.wait(60) == -signal.SIGKILL
    assert len(library) == 50
    assert library.frequency("sample120") == 0
    check(library)
    assert fill(library, range(40, 400)) == 350
    check(library)


def test_two_processes_and_threads_write_and_read_at_once(library: Library) -> None:
    code = (
        "library = Library.open(path, primer=False)\n"
        "first = {first}\n"
        "for start in range(first, first + 200, 10): fill(library, range(start, start + 20))\n"
    )
    children = [run(code.format(first=first), library.path) for first in (0, 100)]
    failures: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for i in range(first, first + 30):
                fill(library, range(i, i + 2))
                assert library.get(paper(i).id) == paper(i)
                found = library.lexical(words(paper(i).abstract), 5)
                assert paper(i) in library.papers([key for key, _ in found]).values()
                keys, vectors = library.vectors()
                assert len(keys) == len(vectors)
        except BaseException as error:
            failures.append(error)
        finally:
            library.close()

    threads = [threading.Thread(target=work, args=(1000 + 30 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child in children:
        assert child.wait(120) == 0, child.stderr.read().decode()  # type: ignore[union-attr]
    assert not failures
    assert len(library) == 310 + 121
    assert sorted(library.vectors()[0]) == sorted(set(library.vectors()[0]))
    check(library)


def test_first_starts_at_the_same_moment(tmp_path: Path) -> None:
    path = tmp_path / "new" / "library.sqlite"
    children = [run("Library.open(path)", path) for _ in range(3)]
    for child in children:
        assert child.wait(120) == 0, child.stderr.read().decode()  # type: ignore[union-attr]
    library = Library.open(path)
    assert len(library) == len(primer.read_primer())
    check(library)


def test_recent_papers_come_newest_first_and_without_the_primer(library: Library) -> None:
    dated = [replace(paper(i), published=date(2023, 1, 1 + i)) for i in range(9)]
    papers = [*dated[::-1], paper(20), replace(paper(21), id="primer:x")]
    library.add(papers, [vectors_of(p) for p in papers])
    assert library.recent(3) == dated[:-4:-1]
    assert library.recent(9, since=date(2023, 1, 8)) == dated[:-3:-1]


_SPELLED = {"void": 2, "polarisation": 2, "sigma8": 1, "lcdm": 1, "21cm": 1, "h0": 2}


def test_frequency_counts_endings_and_spellings(library: Library) -> None:
    texts = [
        "Polarization of voids.", "The polarised void.", "Here $\\sigma_8$ is 0.8.",
        "A flat $\\Lambda$CDM model.", "At 21-cm.", "The Hubble constant.", "Its value $H_0$.",
    ]
    papers = [Paper(f"2301.0000{i}", "", text) for i, text in enumerate(texts)]
    library.add(papers, [vectors_of(p) for p in papers])
    found = {w: library.frequency(w) for w in _SPELLED}
    assert found == _SPELLED
    assert library.frequency("0.8") == 1
    assert library.frequency('x" OR "void') == library.frequency("") == 0


def test_the_share_of_words_is_comparable_between_questions(library: Library) -> None:
    fill(library, range(200))
    whole = library.lexical(["sample7", "void"], 3)
    half = library.lexical(["sample7", "banana"], 3)
    assert library.papers([whole[0][0]])[whole[0][0]] == paper(7)
    assert 0.8 < whole[0][1] < 2.2
    assert 0.3 < half[0][1] / whole[0][1] < 0.7
    assert library.lexical(["banana"], 3) == library.lexical([], 3) == []


def test_a_small_budget_keeps_the_telling_words(library: Library) -> None:
    fill(library, range(200))
    found = library.lexical(["study", "void", "sample7"], 3, budget=2)
    assert library.papers([found[0][0]])[found[0][0]] == paper(7)
    assert len(found) == 1


def test_sentence_vectors_are_made_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def embed(texts: list[str]) -> np.ndarray:
        made.append(len(texts))
        return np.ones((len(texts), 384), np.float32)

    monkeypatch.setattr(module, "embed", embed)
    library.add([paper(1)])
    key = library.key(paper(1).id)
    assert key is not None
    assert library.sentence_vectors(key, make=False) is None
    for _ in range(2):
        assert library.sentence_vectors(key).shape == (3, 384)  # type: ignore[union-attr]
    assert made == [1, 3]
    library.add([paper(1, 2)])
    assert library.sentence_vectors(key, make=False) is None


def test_a_search_goes_on_while_another_writes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([paper(1)], [vectors_of(paper(1))[:1]])
    monkeypatch.setattr(module, "embed", lambda texts: np.ones((len(texts), 384), np.float32))
    writer = sqlite3.connect(library.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    key = library.key(paper(1).id)
    assert key is not None
    assert library.sentence_vectors(key) is not None
    writer.execute("ROLLBACK")
    writer.close()


@pytest.mark.parametrize(
    ("authors", "label"),
    [
        (("Planck Collaboration", "N. Aghanim"), "Planck Collaboration 2020"),
        (("Ada Lovelace",), "Lovelace 2020"),
        (("Ada Lovelace", "Vera C. Rubin"), "Lovelace & Rubin 2020"),
        (("Ada Lovelace", "Vera C. Rubin", "Ann Other"), "Lovelace et al. 2020"),
        ((), "A title"),
    ],
)
def test_label(authors: tuple[str, ...], label: str) -> None:
    assert Paper("2001.00001", "A title", "Text.", authors, date(2020, 1, 1)).label == label


def test_a_file_that_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(ValueError, match="cannot be used as the library"):
        Library.open(path)
    assert path.read_bytes() == b"not a database" * 1000
    with pytest.raises(ValueError, match="COSMODESK_CACHE"):
        Library.open(path / "below" / "library.sqlite")


def test_a_library_of_a_later_version_is_left_alone(library: Library) -> None:
    library.connection.execute("PRAGMA user_version = 99")
    library.close()
    with pytest.raises(ValueError, match="later version"):
        Library.open(library.path)


def test_the_primer_is_kept_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Library.open(tmp_path / "library.sqlite")
    fill(first, range(3))
    passages = primer.read_primer()
    assert len(first) == len(passages) + 3
    assert first.get(f"primer:{passages[0].id}").abstract == passages[0].text  # type: ignore
    changed = [replace(passages[0], text="Other words. And more."), *passages[2:]]
    monkeypatch.setattr(primer, "read_primer", lambda: changed)
    monkeypatch.setattr(primer, "primer_digest", lambda: "another")
    second = Library.open(first.path)
    assert len(second) == len(passages) - 1 + 3
    assert second.get(f"primer:{passages[0].id}").abstract == changed[0].text  # type: ignore
    assert second.get(f"primer:{passages[1].id}") is None
    assert second.get(paper(1).id) == paper(1)
    check(second)


def test_sentences_and_their_vectors_agree(primer_library: Library) -> None:
    for passage in primer.read_primer()[::20]:
        key = primer_library.key(f"primer:{passage.id}")
        assert key is not None
        vectors = primer_library.sentence_vectors(key, make=False)
        assert vectors is not None
        assert len(vectors) == len(sentences(passage.text))


def test_a_word_in_two_spellings_is_one_word(library: Library) -> None:
    """Else who writes "BAO" and what it stands for would come before who writes of it more."""
    filler = "Galaxies are seen in surveys of the sky at many redshifts and in many bands."
    both = Paper("2601.00001", "A", f"The BAO, baryon acoustic oscillations. {filler}")
    papers = [both, *(Paper(f"2601.1{i:04}", "B", filler) for i in range(30))]
    library.add(papers, [vectors_of(one) for one in papers])
    ((key, share),) = library.lexical(["bao"], 10)
    assert library.papers([key])[key].id == both.id
    assert 0.5 < share < 1.61
