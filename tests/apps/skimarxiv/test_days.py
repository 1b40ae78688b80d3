"""Earlier days on demand, and another try after arXiv failed."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest

from apps.skimarxiv.earlier_days import A_WEEK
from apps.skimarxiv.list_updates import ListQuery, show
from apps.skimarxiv.pages import days
from apps.skimarxiv.service import Fetch, SkimService
from apps.skimarxiv.state_names import STATE_NAMES
from core.literature.arxiv import rate_limit
from core.literature.arxiv.fetch_result import State
from core.literature.skim.refresh import Today
from tests.apps.skimarxiv.conftest import NewService
from tests.apps.skimarxiv.fixture import PAPERS
from tests.core.literature.arxiv.feed_server import FeedServer, announcement

CO = ["astro-ph.CO"]
WEEK = [date(2026, 11, day) for day in (17, 16, 13, 12, 11)]


@pytest.fixture
def week(feed: FeedServer, monkeypatch: pytest.MonkeyPatch) -> FeedServer:
    """arXiv has three papers of each of the days before."""
    papers = [announcement(1000 + 10 * i + j, day) for i, day in enumerate(WEEK) for j in range(3)]
    monkeypatch.setattr(feed, "announcements", [*PAPERS, *papers])
    return feed


def ended(fetch: Fetch | None) -> Fetch:
    assert fetch is not None and fetch.wait_over(30)
    return fetch


def test_a_week_is_fetched_day_by_day_and_goes_on_where_it_ended(
    new_service: NewService, week: FeedServer
) -> None:
    service = new_service()
    assert service.earlier.missing(CO)[:A_WEEK] == WEEK
    steps = service.earlier.fetch(WEEK, CO, "a")
    for step in steps:
        if step.done == 2:
            service.earlier.stop("a")
    assert (step.done, step.of, step.day) == (2, 5, None) and "Stopped" in step.problem
    assert service.earlier.missing(CO)[:3] == WEEK[2:]
    requests = len(week.paths)
    assert list(service.earlier.fetch(WEEK[2:], CO, "a"))[-1].done == 3
    assert len(week.paths) == requests + 3
    batch = service.day(WEEK[0], CO)
    assert batch is not None and batch.origin == "search" and len(batch.announcements) == 3


def test_two_visitors_take_turns_and_a_trouble_ends_with_its_sentence(
    new_service: NewService, week: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "pause", lambda *_: None)
    service = new_service()
    ends = []
    threads = [threading.Thread(target=lambda name=name: ends.append(
        list(service.earlier.fetch(WEEK, CO, name))[-1])) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [end.done for end in ends] == [5, 5]
    assert len([path for path in week.paths if "/api/" in path]) == 5
    week.mode = "html"
    (*_, end) = service.earlier.fetch([date(2026, 11, 10)], CO, "a")
    assert end.done == 0 and "maintenance" in end.problem


def answered(service: SkimService, state: State, failures: int = 0) -> Fetch:
    fetch = Fetch(("astro-ph.CO",), failures)
    fetch.answer(Today(None, state, "It is so.", (), None))
    fetch.end(())
    return fetch


@pytest.mark.parametrize("state", sorted(STATE_NAMES))
def test_every_state_has_a_name_and_the_bad_ones_a_next_try(
    new_service: NewService, state: State
) -> None:
    service = new_service()
    shown = days.try_again(service, answered(service, state))
    good = state in ("weekend", "holiday", "empty")
    assert (shown["again"] == "") == good
    assert shown["retry"].visible == ("hidden" if good else True)


def test_tries_become_rarer_and_keep_the_pause_that_arxiv_asked_for(
    new_service: NewService,
) -> None:
    service = new_service()
    waits = [service.next_try(answered(service, "offline", n)) for n in range(8)]
    assert [round(wait or 0, -1) for wait in waits] == [90, 180, 360, 720, 1440, 1800, 1800, 1800]
    rate_limit.pause(3000)
    assert 2990 < (service.next_try(answered(service, "busy")) or 0) <= 3000
    assert "min" in days.try_again(service, answered(service, "busy"))["again"]


@pytest.mark.parametrize("mode", [500, "html", "reset"])
def test_after_an_outage_it_is_asked_again_by_itself(
    new_service: NewService, feed: FeedServer, mode: str | int
) -> None:
    service = new_service()
    service.again, service.keeps_trying = 0.2, True
    feed.mode = mode
    assert not ended(service.fetch(CO)).is_good
    feed.mode = "feed"
    until = time.monotonic() + 30
    while service.announcements.last(CO) is None and time.monotonic() < until:
        time.sleep(0.05)
    service.keeps_trying = False
    assert service.announcements.last(CO) is not None


def test_a_visitor_tries_again_at_once(new_service: NewService, feed: FeedServer) -> None:
    service = new_service()
    feed.mode = "html"
    first = ended(service.fetch(CO))
    feed.mode = "feed"
    assert service.fetch(CO) is first
    again = ended(service.fetch(CO, at_once=True))
    assert again is not first and again.is_good and service.next_try(again) is None


def test_a_missing_day_of_a_link_is_offered(new_service: NewService, week: FeedServer) -> None:
    new_service()
    (step,) = show(ListQuery(CO, day="2026-11-12"), "", "a")
    assert "Fetch this day" in step["note"] and step["missing_day"].value == "2026-11-12"
    assert step["earlier_days"].open


def test_presses_make_no_wait_longer_and_say_how_they_ended(
    new_service: NewService, feed: FeedServer
) -> None:
    service = new_service()
    feed.mode = "html"
    ended(service.fetch(CO))
    first = service.next_try(ended(service.fetch(CO))) or 0
    for _ in range(3):
        pressed = ended(service.fetch(CO, at_once=True))
    assert abs((service.next_try(pressed) or 0) - first) < 5
    service.again = 0.0  # its time has come by itself
    later = ended(service.fetch(CO))
    assert later is not pressed and later.failures == 1
    said = days.try_again(service, later, pressed=True)["again"]
    assert "Tried at" in said and "maintenance" in said and 'role="status"' in said
    assert "Tried at" not in days.try_again(service, later)["again"]


@pytest.mark.parametrize(("day", "words"), [
    ("2026-11-12", "“Fetch this day”"), ("2026-11-15", "weekend or a holiday"),
    ("2019-12-25", "weekend or a holiday"), ("2030-01-02", "still to come"),
    ("1980-01-02", "first list, of August 1991"),
])  # fmt: skip
def test_a_day_that_is_not_here_says_why_and_what_can_be_done(
    new_service: NewService, week: FeedServer, day: str, words: str
) -> None:
    new_service()
    (step,) = show(ListQuery(CO, day=day), "", "a")
    assert words in step["note"]
    assert ("Fetch" in step["note"]) == (step["missing_day"].value == day)
