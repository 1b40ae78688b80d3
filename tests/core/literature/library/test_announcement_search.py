"""Search among announcements: by all words, by day and category, safe against any text."""

from __future__ import annotations

import random
from dataclasses import replace

from core.literature.arxiv.announcement import Announcement
from core.literature.library.announcements import Announcements
from core.literature.text.text import words
from tests.core.literature.library.announced import (
    CO,
    MONDAY,
    announced,
    batch_of,
    day_after,
    numbered_batch,
)


def ids(found: list[Announcement]) -> list[str]:
    return [item.paper.id for item in found]


def test_search_finds_all_words_in_any_ending(announcements: Announcements) -> None:
    for number in range(4):
        announcements.record(numbered_batch(number, 10))
    topic = words(announced(0).paper.title)[0]
    assert ids(announcements.search(f"{topic}s")) == [
        announced(n).paper.id for n in (35, 28, 21, 14, 7, 0)
    ]
    assert ids(announcements.search(f"the sample14 of {topic}")) == [announced(14).paper.id]
    assert ids(announcements.search("muller sample20")) == [announced(20).paper.id]
    assert ids(announcements.search('"sample20 in version1"')) == [announced(20).paper.id]
    assert announcements.search('"version1 in sample20"') == []
    assert announcements.search("sample14 sample20") == announcements.search(" $ ") == []
    assert len(announcements.search("the of")) == 40
    assert len(announcements.search("müller", 7)) == 7


def test_search_by_day_and_category(announcements: Announcements) -> None:
    for number in range(6):
        announcements.record(numbered_batch(number))
    other = announced(100, day=day_after(3), categories=("gr-qc",))
    announcements.record(batch_of([other], ("gr-qc",), day_after(3)))
    found = announcements.search("muller", since=day_after(2), until=day_after(3))
    assert {item.day for item in found} == {day_after(2), day_after(3)}
    assert len(found) == 11
    assert announcements.search("muller", categories=["gr-qc"]) == [other]
    assert len(announcements.search("muller", categories=["gr-qc", CO])) == 31


def test_search_shows_a_paper_once_as_it_was_last(announcements: Announcements) -> None:
    for number, version in enumerate((1, 2, 3)):
        day = day_after(number)
        announcements.record(batch_of([announced(7, version, day)], day=day))
    assert [item.version for item in announcements.search("sample7")] == [3]
    assert [item.version for item in announcements.search("version2")] == [2]
    id = announced(7).paper.id
    for query in (id, f"arXiv:{id}", f" {id}v2 "):
        assert announcements.search(query) == [announced(7, 3, day_after(2))]
    assert announcements.search(id, until=MONDAY) == [announced(7)]


def test_no_query_breaks_the_search(announcements: Announcements) -> None:
    announcements.record(batch_of([announced(1)]))
    chance = random.Random(1)
    parts = ['"', "'", "(", ")", "*", "NEAR(", "AND", "OR", "NOT", "-", "^", ":", "\x00", "σ8", "$",
             "title", "muller", "%", "\\", "🔭", " ", "{", "+", "0.8", "ﬁ", "\ud800"]
    for _ in range(400):
        query = "".join(chance.choices(parts, k=chance.randrange(12)))
        assert len(announcements.search(query)) <= 1
    assert announcements.search("muller " * 10_000) == [announced(1)]


def test_a_term_is_found_in_every_spelling(announcements: Announcements) -> None:
    titles = ["The 21-cm signal", "A 21 cm forest", r"Tension in $S_8$",
              r"Limits on $f_{\rm NL}$", "Baryon acoustic oscillations", "BAO of quasars"]
    items = [announced(number) for number in range(len(titles))]
    items = [replace(item, paper=replace(item.paper, title=title, abstract="Nothing."))
             for item, title in zip(items, titles, strict=True)]
    announcements.record(batch_of(items))
    for query, wanted in (("21cm", {0, 1}), ("21 cm", {0, 1}), ("S8", {2}), ("$S_8$", {2}),
                          ("fNL", {3}), ("BAO", {4, 5}), ("baryon acoustic oscillation", {4, 5})):
        found = {item.paper.title for item in announcements.search(query)}
        assert found == {titles[i] for i in wanted}, query
