"""The sample has something of everything that the page shows, and passes for nothing real."""

from __future__ import annotations

import re

import pytest

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS
from core.literature.skim.sample import (
    SAMPLE_SENTENCE,
    is_sample,
    sample_batch,
    sample_older_texts,
    search_sample,
)
from core.literature.text.tex import DOLLAR
from core.literature.text.text import clean, sentences

ANNOUNCEMENTS = sample_batch().announcements
PAPERS = [a.paper for a in ANNOUNCEMENTS]


def test_it_is_a_batch_of_two_dozen_papers_with_ids_that_are_no_arxiv_ids() -> None:
    batch = sample_batch()
    assert batch.origin == "sample"
    assert batch.fetched.tzinfo is not None
    assert 20 <= len(PAPERS) <= 30
    assert len({p.id for p in PAPERS}) == len(PAPERS)
    assert all(re.fullmatch(r"sample\.\d{4}", p.id) and is_sample(p.id) for p in PAPERS)
    assert not is_sample("2301.01234")
    assert "not real" in SAMPLE_SENTENCE


def test_every_kind_and_every_category_is_in_it() -> None:
    assert {kind for a in ANNOUNCEMENTS for kind in a.kinds} == set(ANNOUNCEMENT_KINDS)
    assert any(len(a.kinds) > 1 for a in ANNOUNCEMENTS)
    primaries = [p.categories[0] for p in PAPERS]
    for category in sample_batch().categories:
        assert primaries.count(category) >= 4
    assert any("cross" in a.kinds and len(a.paper.categories) > 2 for a in ANNOUNCEMENTS)
    for a in ANNOUNCEMENTS:
        assert (a.version > 1) == a.kind.startswith("replacement")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.id)
def test_it_reads_like_an_abstract(paper) -> None:
    assert 5 <= len(sentences(paper.abstract)) <= 8
    assert 60 <= len(paper.abstract.split()) <= 200
    assert paper.abstract == clean(paper.abstract)
    assert paper.authors and all(re.match(r"\w\. \w", name) for name in paper.authors)
    assert r"\'" not in paper.abstract and r'\"' not in paper.abstract


def test_the_traps_are_there() -> None:
    text = "\n".join(f"{p.title} {p.abstract} {' '.join(p.authors)}" for p in PAPERS)
    for trap in ("$0<z<2$", r"\Msun", r"\qnmfreq", DOLLAR + "3 million", "ř", "–"):
        assert trap in text


def test_formulas_are_closed_apart_from_lone_dollars() -> None:
    for paper in PAPERS:
        assert paper.abstract.count("$") % 2 == 0


def test_one_replacement_can_be_compared_with_its_earlier_text_and_one_cannot() -> None:
    replaced = [a for a in ANNOUNCEMENTS if a.kind == "replacement"]
    older = {a.paper.id: sample_older_texts(a.paper.id) for a in replaced}
    assert sorted(map(len, older.values())) == [0, 1]
    ((version, title, abstract),) = next(texts for texts in older.values() if texts)
    now = next(a for a in replaced if older[a.paper.id])
    assert version < now.version
    assert title != now.paper.title and abstract != now.paper.abstract
    assert sample_older_texts("2301.01234") == ()


def test_the_categories_choose_and_never_leave_nothing() -> None:
    chosen = sample_batch(["gr-qc"]).announcements
    assert 4 <= len(chosen) < len(PAPERS)
    assert all("gr-qc" in a.paper.categories for a in chosen)
    assert sample_batch(["cs.LG"]).announcements == ANNOUNCEMENTS


def test_results_in_tension_say_that_they_are_invented() -> None:
    first = [p for p in PAPERS if "73.4" in p.abstract or "0.762" in p.abstract]
    assert len(first) == 2
    assert all("invented" in p.abstract for p in first)


@pytest.mark.parametrize(("query", "id"), [
    ("21cm", "sample.0008"), ("21 cm bispectrum", "sample.0008"), ("dark sirens", "sample.0014"),
    ("wormholes", "sample.0016"), ("sample.0020", "sample.0020"), ("Esimerkki", "sample.0008"),
    ('"stellar streams"', "sample.0023"),
])  # fmt: skip
def test_it_is_searched_as_the_library_is(query: str, id: str) -> None:
    assert id in [item.paper.id for item in search_sample(query)]
    assert len(search_sample(query)) < 6


@pytest.mark.parametrize("query", ["", "   ", "zzzqqq", '"', "(((", "'; DROP TABLE"])
def test_a_search_that_means_nothing_finds_nothing(query: str) -> None:
    assert search_sample(query) == ()


def test_in_a_list_what_belongs_elsewhere_is_a_cross_list() -> None:
    for category in sample_batch().categories:
        for item in sample_batch([category]).announcements:
            own = item.paper.categories[0] == category
            assert item.kind in (("new", "replacement") if own else
                                 ("cross", "replacement of a cross-list"))
