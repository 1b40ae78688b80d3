"""Announcements: what was recorded is there for ever, as it was."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.literature.arxiv.announcement import Announcement, Batch
from core.literature.library import announcement_merge as writing
from core.literature.library.announcements import Announcements
from core.literature.text.paper import Paper
from tests.core.literature.library.announced import (
    CO,
    MONDAY,
    announced,
    batch_of,
    day_after,
    numbered_batch,
    random_batch,
    state_of,
)


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_comes_back_as_it_was(announcements: Announcements, seed: int) -> None:
    batch = random_batch(seed)
    assert announcements.record(batch) == len(batch.announcements)
    assert announcements.batch(batch.day, batch.categories) == batch
    assert announcements.last(batch.categories) == batch
    assert announcements.record(batch) == 0
    assert announcements.batch(batch.day, batch.categories) == batch
    for item in batch.announcements:
        assert announcements.library.get(item.paper.id) == item.paper


def test_a_second_fetch_of_a_day_is_merged(announcements: Announcements) -> None:
    announcements.record(batch_of(announced(i) for i in range(5)))
    again = [announced(i, kinds=("cross",)) for i in range(3, 8)]
    assert announcements.record(batch_of(again)) == 3
    found = announcements.batch(MONDAY, [CO])
    assert found is not None
    assert [item.paper.id for item in found.announcements] == [
        announced(i).paper.id for i in range(8)
    ]
    assert [item.kinds for item in found.announcements][2:6] == [
        ("new",), ("new", "cross"), ("new", "cross"), ("cross",)
    ]


def test_every_version_stays_and_the_library_has_the_latest(announcements: Announcements) -> None:
    order = [(2, 1), (1, 0), (4, 9), (3, 5)]
    for version, after in order:
        day = day_after(after)
        announcements.record(batch_of([announced(7, version, day)], day=day))
    for version, after in order:
        found = announcements.batch(day_after(after), [CO])
        assert found is not None and found.announcements[0].paper == announced(7, version).paper
    versions = announcements.versions(announced(7).paper.id)
    assert [(v.version, v.day) for v in versions] == sorted(
        (version, day_after(after)) for version, after in order
    )
    assert versions[1].abstract == announced(7, 2).paper.abstract
    assert announcements.library.get(announced(7).paper.id) == announced(7, 4).paper
    assert announcements.versions("2301.99999") == []


def test_the_first_day_of_publication_stays(announcements: Announcements) -> None:
    first, later = date(2026, 1, 5), date(2026, 11, 16)
    announcements.library.add_later([replace(announced(1).paper, published=first)])
    item = announced(1, 2)
    announcements.record(batch_of([replace(item, paper=replace(item.paper, published=later))]))
    paper = announcements.library.get(item.paper.id)
    assert paper is not None
    assert (paper.published, paper.abstract) == (first, item.paper.abstract)


def test_only_what_was_fetched_counts_as_known(announcements: Announcements) -> None:
    both = announced(1, categories=(CO, "gr-qc"))
    announcements.record(batch_of([both, announced(2)]))
    assert announcements.batch(MONDAY, ["gr-qc"]) is None
    assert announcements.missing(MONDAY, [CO, "gr-qc"]) == ["gr-qc"]
    partly = announcements.batch(MONDAY, ["gr-qc", CO])
    assert partly is not None and partly.categories == (CO,)
    cross = replace(both, kinds=("cross",))
    other = announced(3, categories=("gr-qc",))
    announcements.record(batch_of([cross, other], ("gr-qc",)))
    assert announcements.batch(MONDAY, [CO]) == batch_of([both, announced(2)])
    assert announcements.batch(MONDAY, ["gr-qc"]) == batch_of([cross, other], ("gr-qc",))
    whole = announcements.batch(MONDAY, [CO, "gr-qc"])
    assert whole == batch_of(
        [replace(both, kinds=("new", "cross")), announced(2), other], (CO, "gr-qc")
    )
    assert announcements.days([CO, "gr-qc"]) == [(MONDAY, 3)]


def test_an_archive_holds_its_categories(announcements: Announcements) -> None:
    item = announced(1, categories=("astro-ph.GA",))
    announcements.record(batch_of([item], ("astro-ph", "gr-qc")))
    assert announcements.batch(MONDAY, ["astro-ph"]) == batch_of([item], ("astro-ph",))
    assert announcements.batch(MONDAY, ["gr-qc"]) == batch_of([], ("gr-qc",))


def test_the_feed_replaces_what_search_made_up_for_a_day(announcements: Announcements) -> None:
    guess = batch_of([announced(1, kinds=("cross",)), announced(2)], origin="search")
    announcements.record(guess)
    assert announcements.last([CO]) == guess
    feed = batch_of([announced(1), announced(3)])
    assert announcements.record(feed) == 1
    assert announcements.batch(MONDAY, [CO]) == feed
    announcements.record(guess)
    assert announcements.batch(MONDAY, [CO]) == feed
    assert announcements.versions(announced(2).paper.id)


def test_days_come_latest_first_and_empty_ones_are_no_batch(announcements: Announcements) -> None:
    for number in (3, 1, 2):
        announcements.record(numbered_batch(number))
    announcements.record(batch_of([], day=day_after(4)))
    assert announcements.days([CO]) == [(day_after(n), 5) for n in (3, 2, 1)]
    assert announcements.days([CO], 2) == [(day_after(n), 5) for n in (3, 2)]
    assert announcements.last([CO]) == numbered_batch(3)
    assert announcements.batch(day_after(4), [CO]) == batch_of([], day=day_after(4))
    assert announcements.last(["gr-qc"]) is None
    assert announcements.begun(CO) == day_after(1)


@pytest.mark.parametrize(
    "wrong",
    [
        batch_of([announced(1)], origin="sample"),
        batch_of([announced(1)], ()),
        batch_of([announced(1)], ("no category",)),
        batch_of([announced(0), replace(announced(1), version=0)]),
        batch_of([announced(0), replace(announced(1), kinds=("old",))]),  # type: ignore[arg-type]
        batch_of([announced(0), Announcement(Paper("primer:x", "a", "b"), MONDAY)]),
        batch_of([announced(0), Announcement(Paper("2301.00001", " ", ""), MONDAY)]),
        replace(batch_of([announced(0)]), fetched=datetime(2026, 11, 16)),
    ],
)
def test_one_bad_announcement_keeps_all_out(announcements: Announcements, wrong: Batch) -> None:
    with pytest.raises(ValueError, match=r"\w.*\.$"):
        announcements.record(wrong)
    assert announcements.missing(MONDAY, [CO]) == [CO]
    assert len(announcements.library) == 0


def test_an_error_in_the_middle_leaves_nothing(
    announcements: Announcements, monkeypatch: pytest.MonkeyPatch
) -> None:
    announcements.record(batch_of(announced(i) for i in range(3)))
    before, put, count = state_of(announcements), writing._list, iter(range(99))

    def failing(*values: object) -> None:
        if next(count) == 4:
            raise sqlite3.OperationalError("disk full")
        put(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_list", failing)
    second = batch_of(announced(i, 2) for i in range(9))
    with pytest.raises(sqlite3.OperationalError):
        announcements.record(second)
    assert state_of(announcements) == before
    monkeypatch.undo()
    assert announcements.record(second) == 9


def test_one_day_is_read_by_the_index(announcements: Announcements) -> None:
    seen: list[str] = []
    connection = announcements.library.connection
    connection.set_trace_callback(seen.append)
    announcements.batch(MONDAY, [CO, "gr-qc"])
    announcements.last([CO])
    announcements.days([CO, "gr-qc"])
    announcements.record(numbered_batch(1))
    announcements.versions("2301.00001")
    connection.set_trace_callback(None)
    queries = [query for query in seen if query.startswith("SELECT")]
    assert len(queries) > 10
    for query in queries:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
        assert not [step for *_, step in plan if step.startswith("SCAN")], (query, plan)


def test_a_hundred_are_recorded_at_once(announcements: Announcements) -> None:
    times = []
    for number in range(3):
        start = time.perf_counter()
        announcements.record(numbered_batch(number, 100))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


# --- summaries and fetches ------------------------------------------------------------------------


def test_a_summary_by_the_plain_id_goes_with_its_text(announcements: Announcements) -> None:
    id, other = announced(1).paper.id, announced(2).paper.id
    announcements.record(batch_of([announced(1), announced(2)]))
    for name in (id, other, f"{id}v1"):
        announcements.keep_summary(name, "m", 1, 0.25)
        announcements.keep_summary(name, "m", 2, 0.5)
    assert announcements.summaries([id, "2301.99999"], "m") == {id: (2, 0.5)}
    assert announcements.summaries([id], "another") == {}
    announcements.record(batch_of([announced(1, 2), announced(2)], day=day_after(1)))
    names = [id, other, f"{id}v1"]
    assert announcements.summaries(names, "m") == dict.fromkeys(names[1:], (2, 0.5))


def test_the_last_good_fetch_is_remembered(announcements: Announcements) -> None:
    times = [datetime(2026, 11, 16, hour, tzinfo=UTC) for hour in range(5)]
    assert announcements.fetched([CO]) is None
    announcements.note_fetch([CO], "offline", times[0])
    assert announcements.fetched([CO]) is None
    announcements.note_fetch([CO, "gr-qc"], "empty", times[1])
    announcements.note_fetch([CO], "fresh", times[2])
    announcements.note_fetch([CO], "server error", times[3])
    assert announcements.fetched([CO]) == times[2]
    assert announcements.fetched([CO, "gr-qc"]) == times[1]
    assert announcements.fetched([CO, "hep-ph"]) is None
    with pytest.raises(ValueError, match="time zone"):
        announcements.note_fetch([CO], "fresh", datetime(2026, 11, 16))
