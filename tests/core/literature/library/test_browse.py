"""The library as a book: topics in order, passages found by name, by words, by meaning."""

from __future__ import annotations

import pytest

from core.literature.library.browse import TOPICS, browsed, passages, topics


def test_every_topic_has_a_name_and_passages_come_in_its_order() -> None:
    assert list(topics()) == list(TOPICS) and sum(topics().values()) == len(passages())
    assert [p.id for p in browsed()] == [p.id for p in passages()]


@pytest.mark.parametrize("place", [3, 400, 1200])
def test_a_passage_is_found_by_its_title_in_all_and_in_its_topic(place: int) -> None:
    wanted = passages()[place]
    assert wanted in browsed(wanted.title)[:3]
    inside = browsed(wanted.title, wanted.topic)
    assert wanted in inside[:3] and {p.topic for p in inside} == {wanted.topic}


@pytest.mark.parametrize("title", [
    "Redshift", "The Hubble tension", "Dark energy", "The cosmic web"])
def test_who_types_the_title_of_a_passage_reads_that_passage_first(title: str) -> None:
    for typed in (title, title.lower(), title.upper(), title.removeprefix("The ")):
        assert browsed(typed)[0].title == title


def test_the_plural_and_another_name_lead_to_the_same_passage() -> None:
    assert browsed("redshifts")[0].title == "Redshift"
    assert browsed("CMB")[0].title == "Cosmic microwave background"


def test_nothing_bears_on_nonsense_and_a_wrong_topic_is_said() -> None:
    assert browsed("qwrtz plmnk") == []
    with pytest.raises(ValueError, match="no topic"):
        browsed("", "cooking")
    with pytest.raises(ValueError, match="at most 300"):
        browsed("x" * 301)
