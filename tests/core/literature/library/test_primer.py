"""The built-in primer: every passage readable, every reference known, every vector its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.literature.arxiv.ids import is_arxiv_id
from core.literature.library import primer
from core.literature.library.library import Library
from core.literature.text.embedding import embed
from core.literature.text.text import sentences, words


def test_at_least_1500_passages_all_different() -> None:
    passages = primer.read_primer()
    assert len(passages) >= 1500
    assert len({p.id for p in passages}) == len({p.text for p in passages}) == len(passages)
    for passage in passages:
        assert 45 <= len(passage.text.split()) <= 175, passage.id
        assert 3 <= len(sentences(passage.text)) <= 8, passage.id
        assert passage.text.count("$") % 2 == 0, passage.id
        assert passage.title, passage.id


def test_every_passage_rests_on_papers_that_are_listed(primer_library: Library) -> None:
    passages = primer.read_primer()
    assert sum(bool(passage.references) for passage in passages) > 0.85 * len(passages)
    assert {id for passage in passages for id in passage.references} == set(
        primer.read_references())
    for passage in passages:
        for arxiv_id in passage.references:
            reference = primer_library.reference(arxiv_id)
            assert reference is not None, (passage.id, arxiv_id)
            assert is_arxiv_id(arxiv_id), arxiv_id
            assert reference.url == f"https://arxiv.org/abs/{arxiv_id}"
    assert primer_library.reference("2301.99999") is None


def test_a_paper_appears_when_its_arxiv_id_says() -> None:
    """A year before the id's, or long after, would be an invented reference."""
    for arxiv_id, reference in primer.read_references().items():
        digits = arxiv_id.rsplit("/", 1)[-1][:2]
        posted = (1900 if int(digits) > 80 else 2000) + int(digits)
        assert posted - 1 <= reference.year <= posted + 12, reference
        assert words(reference.title), reference


@pytest.mark.slow
def test_passages_are_about_different_things() -> None:
    texts = [set(words(p.text)) for p in primer.read_primer()]
    for i, a in enumerate(texts):
        for b in texts[:i]:
            assert len(a & b) < 0.75 * len(a | b)


def test_the_vectors_are_those_of_the_passages() -> None:
    passages = primer.read_primer()
    vectors = primer.passage_vectors(passages)
    known = [v for v in vectors if v is not None]
    assert len(known) == len(passages), "run python -m core.literature.library.primer"
    sample = [passages[7]]
    for passage, found in zip(sample, primer.passage_vectors(sample), strict=True):
        wanted = embed([f"{passage.title}. {passage.text}", *sentences(passage.text)])
        assert found is not None
        np.testing.assert_allclose(found, wanted, atol=2e-3)
    other = replace(passages[7], text="Another text.")
    assert primer.passage_vectors([other, passages[7]])[0] is None


def test_only_changed_passages_are_embedded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def fake(texts: list[str]) -> np.ndarray:
        calls.append(texts)
        return np.array([[len(text)] + [0] * 383 for text in texts], np.float32)

    monkeypatch.setattr(primer, "embed", fake)
    file = tmp_path / "passages.jsonl"

    def line(name: str) -> str:
        text = f"One {name}. Two {name}."
        return json.dumps({"id": name, "topic": "t", "title": "T", "text": text}) + "\n"

    file.write_text("".join(line(name) for name in "abc"))
    assert primer.write_vectors(tmp_path) == 3
    file.write_text("".join(line(name) for name in ("c", "new", "a")))
    assert primer.write_vectors(tmp_path) == 1
    assert calls[1] == ["T. One new. Two new.", "One new.", "Two new."]
    passages = primer.read_primer(tmp_path)
    found = primer.passage_vectors(passages, tmp_path)
    assert [v[0, 0] for v in found if v is not None] == [16.0, 20.0, 16.0]
    assert primer.write_vectors(tmp_path) == 0
    (tmp_path / "vectors.safetensors").write_bytes(b"broken")
    assert primer.passage_vectors(passages, tmp_path) == [None, None, None]


@pytest.mark.parametrize(
    ("line", "message"), [("[1", "Line 2 .* not a JSON"), ('{"id": "x"}', "Line 2 .* lacks topic")]
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    good = '{"id": "a", "topic": "t", "title": "T", "text": "One."}'
    (tmp_path / "passages.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(ValueError, match=message):
        primer.read_primer(tmp_path)
