"""The written ideas: whole, different, each resting on papers that are listed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.literature.arxiv.ids import is_arxiv_id
from core.literature.ideas import collection
from core.literature.text.embedding import embed
from core.literature.text.text import words
from core.literature.tldr.spans import is_closed

TEXTS = ("question", "data", "method", "first_step", "learnt", "risk")


def test_three_hundred_ideas_on_many_topics_for_every_level() -> None:
    ideas = collection.read_ideas()
    assert len(ideas) >= 300
    assert len({idea.id for idea in ideas}) == len({idea.title for idea in ideas}) == len(ideas)
    assert len({idea.topic for idea in ideas}) >= 10
    assert {idea.level for idea in ideas} == set(collection.LEVELS)


def test_every_field_is_made_of_whole_sentences() -> None:
    for idea in collection.read_ideas():
        assert 2 <= len(idea.title.split()) < 15, idea.id
        assert 1 <= idea.months <= 36 and len(idea.keywords) >= 4, idea.id
        for name in TEXTS:
            text = getattr(idea, name)
            assert len(text.split()) >= 4 and text[-1] in ".?!", (idea.id, name)
            assert text.count("$") % 2 == 0 and is_closed(text.replace('"', "")), (idea.id, name)


def test_ideas_differ_in_what_they_ask() -> None:
    asked = [set(words(f"{idea.title} {idea.question}")) for idea in collection.read_ideas()]
    for i, one in enumerate(asked):
        for other in asked[:i]:
            assert len(one & other) < 0.6 * len(one | other)


def test_every_idea_rests_on_papers_that_are_listed() -> None:
    listed = collection.read_references()
    for idea in collection.read_ideas():
        assert idea.references, idea.id
        for arxiv_id in idea.references:
            assert is_arxiv_id(arxiv_id) and arxiv_id in listed, (idea.id, arxiv_id)


def test_the_vectors_are_those_of_the_ideas() -> None:
    ideas, vectors = collection.read_ideas(), collection.idea_vectors()
    assert vectors.shape == (len(ideas), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-2)
    some = [0, len(ideas) // 2, len(ideas) - 1]
    assert np.allclose(vectors[some], embed([ideas[i].gist for i in some]), atol=2e-3)


def test_all_vectors_lie_beside_the_ideas() -> None:
    assert len(collection._kept(collection.FOLDER)) == len(collection.read_ideas())


def small(folder: Path, count: int = 3) -> Path:
    lines = (collection.FOLDER / "ideas.jsonl").read_text().splitlines()[:count]
    (folder / "ideas.jsonl").write_text("\n".join(lines))
    return folder


def test_a_damaged_file_of_vectors_is_not_believed(tmp_path: Path) -> None:
    folder = small(tmp_path)
    assert collection.write_vectors(folder) == 3
    file = folder / "vectors.safetensors"
    good = collection.idea_vectors(folder)
    data = bytearray(file.read_bytes())
    data[-7] ^= 0x40
    file.write_bytes(bytes(data))
    assert np.allclose(collection.idea_vectors(folder), good, atol=2e-3)
    file.write_bytes(b"nothing")
    assert np.allclose(collection.idea_vectors(folder), good, atol=2e-3)


def test_a_changed_idea_gets_its_own_vector(tmp_path: Path) -> None:
    folder = small(tmp_path)
    collection.write_vectors(folder)
    before = collection.idea_vectors(folder)
    rows = [json.loads(line) for line in (folder / "ideas.jsonl").read_text().splitlines()]
    rows[1]["title"] = "The colour of hay in the meadows of Bavaria"
    (folder / "ideas.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    after = collection.idea_vectors(folder)
    assert np.allclose(after[[0, 2]], before[[0, 2]]) and not np.allclose(after[1], before[1])


@pytest.mark.parametrize(("line", "said"), [
    ("{", "Line 2 of ideas.jsonl is not a JSON object"), ('{"id": "x"}', "Line 2 .* lacks topic"),
    ("LEVEL", "Line 2 .* has the level 'genius'"),
])
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = small(tmp_path, 1) / "ideas.jsonl"
    row = json.loads(file.read_text())
    bad = json.dumps({**row, "level": "genius"}) if line == "LEVEL" else line
    file.write_text(file.read_text() + "\n" + bad)
    with pytest.raises(ValueError, match=said):
        collection.read_ideas(tmp_path)


def test_no_file_is_no_idea(tmp_path: Path) -> None:
    assert collection.read_ideas(tmp_path) == ()
    shutil.copy(collection.FOLDER / "references.jsonl", tmp_path)
    assert collection.read_references(tmp_path) == collection.read_references()
