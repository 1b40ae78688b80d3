"""Missed days from arXiv's search, against a server on this machine; and arXiv's calendar."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest

from core.literature.arxiv import backfill, rate_limit
from core.literature.arxiv.backfill import fetch_back_issue
from core.literature.arxiv.calendar import (
    NEW_YORK,
    announcement_days,
    arxiv_today,
    is_holiday,
    last_announcement_day,
    next_announcement_day,
    submission_window,
)
from core.literature.arxiv.fetch_result import FeedAnswer, State
from tests.core.literature.arxiv.feed_server import FeedServer, announcement, feed_server, made_up

FRIDAY = date(2026, 11, 20)
YEAR = announcement_days(date(2025, 12, 31), date(2027, 1, 31))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    with feed_server(made_up(7, FRIDAY)) as server:
        monkeypatch.setenv("COSMODESK_ARXIV_API", server.api_address)
        monkeypatch.setattr(rate_limit, "_next", 0.0)
        monkeypatch.setattr(rate_limit, "SPACING", 0.0)
        yield server


def fetch(day: date = FRIDAY, **options: object) -> FeedAnswer:
    answer = fetch_back_issue(day, ["astro-ph.CO"], **options)  # type: ignore[arg-type]
    assert answer.state in get_args(State)
    assert answer.sentence.endswith(".") and "\n" not in answer.sentence
    assert (answer.batch is not None) == (answer.state in ("fresh", "stale"))
    return answer


def test_a_missed_day_comes_back(server: FeedServer) -> None:
    other = announcement(50, FRIDAY, categories=("gr-qc", "astro-ph.CO"), version=3,
                         title=r"Andr\'e & $0<z<2$")
    elsewhere = announcement(51, FRIDAY, categories=("gr-qc",))
    later = announcement(52, FRIDAY + timedelta(days=3))
    server.announcements += [other, elsewhere, later]
    batch = fetch().batch
    assert batch
    assert (batch.origin, batch.day, batch.categories) == ("search", FRIDAY, ("astro-ph.CO",))
    found = {a.paper.id: a for a in batch.announcements}
    assert set(found) == {f"2611.{i:05d}" for i in [*range(1, 8), 50]}
    cross = found["2611.00050"]
    assert (cross.kinds, cross.version) == (("cross",), 3)
    assert cross.paper.title == "André & $0<z<2$"
    assert cross.paper.categories == ("gr-qc", "astro-ph.CO")
    assert cross.paper.published == date(2026, 11, 19)
    assert all(a.kinds == ("new",) for id, a in found.items() if id != "2611.00050")


def test_many_pages_and_no_paper_twice(server: FeedServer) -> None:
    server.announcements = made_up(430, FRIDAY)
    batch = fetch().batch
    assert batch
    ids = [a.paper.id for a in batch.announcements]
    assert len(ids) == len(set(ids)) == 430
    assert len(server.paths) == 3
    assert all("CosmoDesk/" in agent for agent in server.agents)


@pytest.mark.parametrize("mode", [500, "truncated", "cut"])
def test_a_passing_fault_is_not_seen(server: FeedServer, mode: str | int) -> None:
    server.mode, server.failures = mode, 1
    assert fetch().state == "fresh"
    assert len(server.paths) == 2


@pytest.mark.parametrize(
    ("mode", "state", "requests"),
    [
        (400, "refused", 1), (403, "busy", 1), (404, "refused", 1), (429, "busy", 1),
        (500, "server error", 3), (503, "busy", 1), ("rate", "busy", 1), ("reset", "offline", 1),
        ("truncated", "truncated", 3), ("cut", "truncated", 3), ("html", "not a feed", 1),
        ("huge", "not a feed", 1), ("empty", "empty", 1),
    ],
)
def test_a_bad_day_is_one_named_state(
    server: FeedServer, mode: str | int, state: State, requests: int
) -> None:
    server.mode = mode
    assert fetch(patience=10.0).state == state
    assert len(server.paths) == requests


@pytest.mark.parametrize("mode", ["slow headers", "slow body"])
def test_patience_ends(server: FeedServer, mode: str) -> None:
    server.mode = mode
    started = time.monotonic()
    assert fetch(patience=0.5).state == "timeout"
    assert time.monotonic() - started < 2.0


def test_it_can_be_stopped(server: FeedServer) -> None:
    server.mode = "slow headers"
    started = time.monotonic()
    fetch(cancelled=lambda: time.monotonic() - started > 0.2)
    assert time.monotonic() - started < 1.5


def test_a_page_that_lacks_papers_is_asked_for_again(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "_PAGE", 5)
    whole = FeedServer.found
    asked: list[str] = []

    def sometimes(self: FeedServer, query: str) -> list[tuple[datetime, object]]:
        asked.append(query)
        found = whole(self, query)
        return Short(found) if len(asked) == 2 else found  # type: ignore[return-value]

    monkeypatch.setattr(FeedServer, "found", sometimes)
    batch = fetch().batch
    assert batch and len(batch.announcements) == 7
    assert len(asked) == 3


class Short(list):  # type: ignore[type-arg]
    """Says its length but gives an empty page, as arXiv does now and then."""

    def __getitem__(self, key: object) -> list[object]:  # type: ignore[override]
        return []


def test_a_pause_is_kept(server: FeedServer) -> None:
    server.mode, server.retry_after = 503, "600"
    answer = fetch(patience=5.0)
    assert answer.state == "busy" and "10 minutes" in answer.sentence
    server.mode = "feed"
    assert fetch(patience=5.0).state == "busy"
    assert len(server.paths) == 1


def test_days_without_announcements_are_not_asked_for(server: FeedServer) -> None:
    assert fetch(date(2026, 11, 21)).state == "weekend"
    assert fetch(date(2025, 12, 25)).state == "holiday"
    future = next_announcement_day(arxiv_today() + timedelta(days=1))
    assert "not come yet" in fetch(future).sentence
    assert not server.paths
    with pytest.raises(ValueError, match="no arXiv category"):
        fetch_back_issue(FRIDAY, ["gr-qc) OR (cat:math.AG"])


def test_an_archive_means_all_its_categories(server: FeedServer) -> None:
    fetch_back_issue(FRIDAY, ["astro-ph"])
    assert "cat:astro-ph OR cat:astro-ph.*)" in server.paths[0].replace("+", " ")


def test_each_paper_comes_on_one_day(server: FeedServer) -> None:
    """Whatever the minute of its submission, a paper is in the back issue of exactly one day."""
    papers = made_up(24, FRIDAY)
    start = datetime(2026, 11, 12, 0, 59, tzinfo=UTC)
    server.announcements = papers
    server.submitted = {
        a.paper.id: start + timedelta(hours=8 * i) for i, a in enumerate(papers)
    }
    server.submitted[papers[1].paper.id] = datetime(2026, 11, 13, 19, 0, tzinfo=UTC)
    server.submitted[papers[2].paper.id] = datetime(2026, 11, 13, 18, 59, 59, tzinfo=UTC)
    days: dict[str, list[date]] = {}
    for day in announcement_days(date(2026, 11, 11), FRIDAY):
        batch = fetch(day).batch
        for a in batch.announcements if batch else ():
            days.setdefault(a.paper.id, []).append(day)
    assert all(len(found) == 1 for found in days.values())
    end = datetime(2026, 11, 19, 19, tzinfo=UTC)
    assert set(days) == {id for id, moment in server.submitted.items() if moment < end}
    assert days[papers[2].paper.id] == [date(2026, 11, 16)], "Friday before the deadline: Monday"
    assert days[papers[1].paper.id] == [date(2026, 11, 17)], "Friday at the deadline: Tuesday"


def test_the_windows_of_a_year_leave_no_gap() -> None:
    windows = [submission_window(day) for day in YEAR]
    assert all(first[1] == second[0] for first, second in pairwise(windows))
    for (start, end), day in zip(windows, YEAR, strict=True):
        assert start < end < datetime(day.year, day.month, day.day, tzinfo=NEW_YORK)
        assert {start.hour, end.hour} == {14}
        assert end - start <= timedelta(days=5)


def test_the_schedule_that_arxiv_publishes() -> None:
    """Announced on Sunday evening, dated Monday: what came from Thursday 14:00 to Friday 14:00."""
    start, end = submission_window(date(2026, 11, 16))
    assert (start, end) == (
        datetime(2026, 11, 12, 14, tzinfo=NEW_YORK), datetime(2026, 11, 13, 14, tzinfo=NEW_YORK)
    )
    start, end = submission_window(date(2026, 11, 17))
    assert (start, end) == (
        datetime(2026, 11, 13, 14, tzinfo=NEW_YORK), datetime(2026, 11, 16, 14, tzinfo=NEW_YORK)
    )


def test_days_of_announcements() -> None:
    december = announcement_days(date(2026, 11, 24), date(2027, 1, 4))
    holidays = {date(2026, 11, 26), *(date(2026, 12, day) for day in (25, 29, 31))}
    assert not {day for day in december if day.weekday() > 4}
    assert [d.day for d in december[:3]] == [25, 27, 30]
    assert not holidays & set(december)
    assert announcement_days(FRIDAY, FRIDAY) == announcement_days(FRIDAY, date(2020, 1, 1)) == []
    for day in YEAR[1:-1]:
        assert last_announcement_day(day) == day
        assert last_announcement_day(next_announcement_day(day) - timedelta(days=1)) == day


def test_thanksgiving() -> None:
    days = [date(2023, 11, 23), date(2024, 11, 28), date(2025, 11, 27), date(2026, 11, 26)]
    assert all(map(is_holiday, days))
    assert not any(is_holiday(day - timedelta(days=7)) for day in days)


def test_today_is_that_of_new_york() -> None:
    moment = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert arxiv_today(moment) == date(2026, 11, 23)
    assert arxiv_today(moment + timedelta(minutes=1)) == date(2026, 11, 24)
    assert arxiv_today(datetime(2026, 11, 24, 0, 1)) == date(2026, 11, 24)


def test_versions_of_one_paper_are_one_paper(server: FeedServer) -> None:
    first = server.announcements[0]
    server.announcements.append(replace(first, version=4))
    batch = fetch().batch
    assert batch and len(batch.announcements) == 7
    assert {a.version for a in batch.announcements if a.paper.id == first.paper.id} == {4}
