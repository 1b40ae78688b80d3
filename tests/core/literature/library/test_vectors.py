"""Texts may come before their embeddings; words find them at once, meanings later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.literature.assistant.retrieval import Retriever
from core.literature.library.library import Library
from core.literature.text.embedding import embed
from core.literature.text.text import sentences
from tests.core.literature.papers import paper, vectors_of

PAPERS = [paper(i) for i in range(4)]
IDS = [p.id for p in PAPERS]


def sentence_vectors(library: Library) -> dict[str, np.ndarray]:
    """The embeddings of sentences that are kept, by their papers' ids."""
    keys = {id: library.key(id) for id in IDS}
    found = {id: library.sentence_vectors(key, make=False) for id, key in keys.items() if key}
    return {id: vectors for id, vectors in found.items() if vectors is not None}


def test_later_is_found_by_words_at_once_and_by_meaning_once_embedded(library: Library) -> None:
    library.add([PAPERS[0]], [vectors_of(PAPERS[0])])
    assert library.add_later(PAPERS) == 3
    assert library.add_later(PAPERS) == 0
    assert len(library) == 4
    assert [library.get(id) for id in IDS] == PAPERS
    keys = [key for key, _ in library.lexical(["sample3"], 3)]
    assert keys == [library.key(IDS[3])]
    assert list(library.whole_vectors(IDS)) == IDS[:1]
    assert Retriever(library).search("A study of sample3 and its version1") == []

    retriever = Retriever(library)
    before = retriever._index.cosines(np.ones(384, np.float32))[0]
    assert library.embed_missing(IDS[1:], most=2) == 2
    assert library.embed_missing([IDS[0]]) == 0
    assert library.embed_missing() == 1
    assert library.embed_missing() == 0
    assert len(before) == 1 and len(retriever._index.cosines(np.ones(384, np.float32))[0]) == 4
    found = library.whole_vectors([*IDS, "2301.99999"])
    expected = embed([f"{p.title}. {p.abstract}" for p in PAPERS[1:]])
    np.testing.assert_allclose(np.stack([found[id] for id in IDS[1:]]), expected, atol=1e-3)
    assert "sample3" in retriever.search("What of sample3 in version1?")[0].paper.abstract


def test_a_new_text_loses_the_old_embedding_a_new_author_does_not(library: Library) -> None:
    library.add(PAPERS[:2], [vectors_of(p) for p in PAPERS[:2]])
    library.add_later([paper(0, 2), replace(PAPERS[1], authors=("A. Author",))])
    assert list(library.whole_vectors(IDS)) == list(sentence_vectors(library)) == IDS[1:2]
    assert library.frequency("version2") == 1
    generation = library.generation
    assert library.embed_missing() == 1
    (key,), _ = library.vectors(generation)
    assert key == library.key(IDS[0])


def test_adding_embeds_what_came_before_without(library: Library) -> None:
    library.add_later(PAPERS)
    assert library.add(PAPERS, [vectors_of(p) for p in PAPERS]) == 0
    found = library.whole_vectors(IDS)
    assert list(found) == IDS
    np.testing.assert_allclose(found[IDS[2]], vectors_of(PAPERS[2])[0], atol=1e-3)


def test_what_is_embedded_for_another_text_is_not_kept(library: Library) -> None:
    library.add_later(PAPERS[:1])
    vectors = vectors_of(PAPERS[0])[1:]
    assert len(vectors) == len(sentences(PAPERS[0].abstract))
    library.keep_sentence_vectors(paper(0, 2), vectors)
    library.keep_sentence_vectors(PAPERS[1], vectors)
    assert sentence_vectors(library) == {}
    library.keep_sentence_vectors(PAPERS[0], vectors)
    np.testing.assert_allclose(sentence_vectors(library)[IDS[0]], vectors, atol=1e-3)


def test_many_ids_at_once(library: Library) -> None:
    many = [paper(i) for i in range(1200)]
    library.add_later(many)
    library.add(many[::2], [vectors_of(p)[:1] for p in many[::2]])
    assert set(library.whole_vectors([p.id for p in many])) == {p.id for p in many[::2]}
