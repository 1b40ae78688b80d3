"""No day is lost, whatever arXiv does and however long nobody looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import get_args

import pytest

from core.literature.arxiv.announcement import Batch
from core.literature.arxiv.by_category import judged
from core.literature.arxiv.calendar import NEW_YORK, announcement_days, in_words
from core.literature.arxiv.fetch_result import FeedAnswer, State, no_papers
from core.literature.library import announcement_merge as writing
from core.literature.library.announcements import Announcements
from core.literature.library.library import Library
from core.literature.skim.refresh import Today, catch_up_missed, missed_days, refresh
from tests.core.literature.library.announced import CO, MONDAY, announced, batch_of, day_after

TROUBLES = ("offline", "timeout", "bad category", "refused", "busy", "server error", "truncated",
            "not a feed")


class Arxiv:
    """An arXiv whose day is ``day`` and whose papers follow from the day."""

    def __init__(self, library: Library) -> None:
        self.announcements = Announcements(library)
        self.day = MONDAY
        self.state: State = "fresh"
        self.stale = 0
        self.back: Callable[[date], State] = lambda day: "fresh"
        self.asked: list[tuple[date, tuple[str, ...]]] = []
        self.now = self.known = None

    def papers(self, day: date, categories: Sequence[str]) -> Batch:
        number = 10 * (day - MONDAY).days
        items = [
            announced(number + i, day=day, categories=(category,))
            for i, category in enumerate(categories)
        ]
        return batch_of(items, tuple(categories), day)

    def fetch(self, categories: Sequence[str], *, known: set, now: datetime, cancelled: object
              ) -> FeedAnswer:
        self.known = known
        if self.state in ("weekend", "holiday", "empty"):
            return no_papers(self.day, categories)
        if self.state != "fresh":
            return FeedAnswer(self.state, f"It is {self.state}.")
        batch = self.papers(day_after((self.day - MONDAY).days - self.stale), categories)
        return judged(replace(batch, day=self.day), known, self.day)

    def fetch_back(self, day: date, categories: Sequence[str], *, cancelled: object) -> FeedAnswer:
        self.asked.append((day, tuple(categories)))
        if self.back(day) != "fresh":
            return FeedAnswer(self.back(day), "None.")
        return FeedAnswer("fresh", "", replace(self.papers(day, categories), origin="search"))

    def look(self, after: int, *categories: str, **options: object) -> Today:
        """Refresh at eight in the morning of a day."""
        self.day = day_after(after)
        now = datetime(self.day.year, self.day.month, self.day.day, 8, tzinfo=NEW_YORK)
        return refresh(
            self.announcements, categories or (CO,), now=now, fetch=self.fetch,
            fetch_back=self.fetch_back, **options,  # type: ignore[arg-type]
        )


@pytest.fixture
def arxiv(library: Library) -> Arxiv:
    return Arxiv(library)


def test_a_fresh_day_is_kept_and_shown(arxiv: Arxiv) -> None:
    today = arxiv.look(0)
    assert (today.state, today.caught_up) == ("fresh", ())
    assert today.batch == arxiv.papers(MONDAY, [CO]) == arxiv.announcements.last([CO])
    assert today.as_of == datetime(2026, 11, 16, 8, tzinfo=NEW_YORK)
    assert not arxiv.asked
    assert arxiv.look(0).batch == today.batch


def test_days_away_are_caught_up(arxiv: Arxiv) -> None:
    arxiv.look(0)
    today = arxiv.look(9)
    missed = announcement_days(MONDAY, day_after(8))
    assert today.caught_up == tuple(missed)
    assert [day for day, _ in arxiv.asked] == missed[::-1]
    assert today.batch == arxiv.papers(day_after(9), [CO])
    for day in missed:
        assert arxiv.announcements.batch(day, [CO]) == replace(
            arxiv.papers(day, [CO]), origin="search"
        )
    assert arxiv.look(9).caught_up == ()


def test_what_is_too_much_for_once_is_caught_up_later(arxiv: Arxiv) -> None:
    arxiv.look(0)
    missed = announcement_days(MONDAY, day_after(28))
    found = [arxiv.look(29, catch_up=7).caught_up for _ in range(4)]
    assert found == [tuple(missed[-7:]), tuple(missed[-14:-7]), tuple(missed[:-14]), ()]
    assert [day for day, _ in arxiv.announcements.days([CO])] == [
        day_after(29), *missed[::-1], MONDAY
    ]


def test_catching_up_stops_at_a_failure_and_goes_on_next_time(arxiv: Arxiv) -> None:
    arxiv.look(0)
    arxiv.back = lambda day: "busy" if day == day_after(2) else "fresh"
    assert arxiv.look(4).caught_up == (day_after(3),)
    assert len(arxiv.asked) == 2
    arxiv.back = lambda day: "fresh"
    assert arxiv.look(4).caught_up == (day_after(1), day_after(2))


def test_catching_up_ends_when_nobody_wants_it(arxiv: Arxiv) -> None:
    arxiv.look(0)
    today = arxiv.look(4, cancelled=lambda: len(arxiv.asked) == 2)
    assert today.caught_up == (day_after(2), day_after(3))
    assert today.batch is not None and today.batch.day == day_after(4)


def test_later_means_the_feed_first(arxiv: Arxiv) -> None:
    arxiv.look(0)
    assert arxiv.look(3, catch_up=0).caught_up == ()
    assert not arxiv.asked
    now = datetime(2026, 11, 19, 9)
    assert missed_days(arxiv.announcements, [CO], now=now) == [day_after(2), day_after(1)]
    assert catch_up_missed(
        arxiv.announcements, [CO], now=now, fetch_back=arxiv.fetch_back
    ) == (day_after(1), day_after(2))


def test_a_category_is_caught_up_from_its_own_first_day(arxiv: Arxiv) -> None:
    arxiv.look(0, CO)
    arxiv.look(2, CO, "gr-qc")
    assert arxiv.asked == [(day_after(1), (CO,))]
    arxiv.asked.clear()
    arxiv.look(4, "gr-qc", CO)
    assert arxiv.asked == [(day_after(3), ("gr-qc", CO))]
    batch = arxiv.announcements.batch(MONDAY, [CO, "gr-qc"])
    assert batch is not None and batch.categories == (CO,)


def test_a_day_that_search_does_not_know_yet_is_asked_for_again(arxiv: Arxiv) -> None:
    arxiv.look(0)
    arxiv.back = lambda day: "empty"
    arxiv.look(2)
    arxiv.look(2)
    assert [day for day, _ in arxiv.asked] == [day_after(1)] * 2
    arxiv.look(8)
    arxiv.asked.clear()
    arxiv.look(8)
    assert day_after(1) not in [day for day, _ in arxiv.asked]


def test_a_paper_is_not_new_on_two_days(arxiv: Arxiv) -> None:
    arxiv.look(0)
    arxiv.look(2, catch_up=0)
    guess = [*arxiv.papers(day_after(1), [CO]).announcements,
             *arxiv.papers(day_after(2), [CO]).announcements]

    def guessing(day: date, categories: Sequence[str], *, cancelled: object) -> FeedAnswer:
        return FeedAnswer("fresh", "", batch_of(guess, (CO,), day, "search"))

    catch_up_missed(arxiv.announcements, [CO], now=datetime(2026, 11, 18), fetch_back=guessing)
    batch = arxiv.announcements.batch(day_after(1), [CO])
    assert batch is not None and batch.announcements == tuple(guess[:1])


@pytest.mark.parametrize("state", TROUBLES)
def test_in_trouble_the_last_good_batch_stays_with_its_day(arxiv: Arxiv, state: State) -> None:
    assert state in get_args(State)
    arxiv.state = state
    first = arxiv.look(0)
    assert (first.batch, first.as_of) == (None, None)
    assert "library" in first.sentence
    arxiv.state = "fresh"
    good = arxiv.look(1)
    arxiv.state, arxiv.asked = state, []
    today = arxiv.look(3, CO, "gr-qc")
    assert (today.state, today.batch) == (state, good.batch)
    assert today.sentence.startswith(f"It is {state}. ")
    assert in_words(day_after(1)) in today.sentence and "without gr-qc" in today.sentence
    assert (today.caught_up, arxiv.asked) == ((), [])
    assert arxiv.look(3).as_of == good.as_of


def test_a_weekend_shows_friday_and_fetches_it_if_need_be(arxiv: Arxiv) -> None:
    arxiv.look(2)
    arxiv.state = "weekend"
    today = arxiv.look(5)
    assert today.caught_up == (day_after(3), day_after(4))
    assert today.batch is not None and today.batch.day == day_after(4)
    assert "approximate" in today.sentence and in_words(day_after(4)) in today.sentence
    assert today.as_of is not None and today.as_of.date() == day_after(5)


def test_a_first_visit_at_a_weekend_finds_the_last_day(arxiv: Arxiv) -> None:
    arxiv.state = "weekend"
    today = arxiv.look(6, CO, "gr-qc")
    assert arxiv.asked == [(day_after(4), (CO, "gr-qc"))]
    assert today.batch is not None and today.batch.day == day_after(4)


def test_yesterday_is_never_shown_as_today(arxiv: Arxiv) -> None:
    monday = arxiv.look(0)
    arxiv.stale = 1
    tuesday = arxiv.look(1)
    assert (tuesday.state, tuesday.batch) == ("stale", monday.batch)
    assert arxiv.announcements.batch(day_after(1), [CO]) is None
    arxiv.stale = 0
    assert arxiv.look(2).caught_up == (day_after(1),)


def test_a_feed_of_yesterday_that_nobody_had_is_kept_as_yesterdays(arxiv: Arxiv) -> None:
    arxiv.look(0)
    old = arxiv.papers(day_after(1), [CO])

    def late(categories: Sequence[str], *, known: set, now: object, cancelled: object
             ) -> FeedAnswer:
        return judged(old, known, day_after(2))

    today = refresh(
        arxiv.announcements, [CO], now=datetime(2026, 11, 18, 8), fetch=late,
        fetch_back=arxiv.fetch_back,
    )
    assert (today.state, today.batch) == ("stale", old)
    assert arxiv.announcements.batch(day_after(1), [CO]) == old
    assert not arxiv.asked


def test_the_batch_of_today_does_not_make_today_stale(arxiv: Arxiv) -> None:
    arxiv.look(0)
    for _ in range(2):
        assert arxiv.look(1).state == "fresh"
        known = {(arxiv.papers(MONDAY, [CO]).announcements[0].paper.id, 1)}
        assert arxiv.known == {CO: known}


def test_a_category_that_is_stale_is_left_out_and_asked_for_again(arxiv: Arxiv) -> None:
    both = (CO, "gr-qc")
    monday = arxiv.look(0, *both)
    assert monday.batch is not None
    stale = [item for item in monday.batch.announcements if "gr-qc" in item.paper.categories]
    fresh = arxiv.papers(day_after(1), [CO]).announcements

    def half(categories: Sequence[str], *, known: dict, now: object, cancelled: object
             ) -> FeedAnswer:
        return judged(batch_of([*stale, *fresh], both, day_after(1)), known, day_after(1))

    today = refresh(arxiv.announcements, both, now=datetime(2026, 11, 17, 8), fetch=half,
                    fetch_back=arxiv.fetch_back)
    assert today.state == "partial" and "gr-qc looks stale" in today.sentence
    assert today.batch is not None and today.batch.announcements == fresh
    assert arxiv.announcements.missing(day_after(1), both) == ["gr-qc"]
    again = arxiv.look(1, *both)
    assert again.state == "fresh" and not arxiv.announcements.missing(day_after(1), both)
    assert again.batch is not None and len(again.batch.announcements) == 2


def test_a_full_disk_hides_nothing(arxiv: Arxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*values: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(writing, "_list", failing)
    today = arxiv.look(0)
    assert (today.state, today.batch) == ("fresh", arxiv.papers(MONDAY, [CO]))
    assert "disk is full" in today.sentence


@pytest.mark.parametrize("wrong", [[], ["no category"], "gr-qc"])
def test_no_category(arxiv: Arxiv, wrong: Sequence[str]) -> None:
    with pytest.raises(ValueError, match="categor"):
        refresh(arxiv.announcements, wrong, fetch=arxiv.fetch, fetch_back=arxiv.fetch_back)
    with pytest.raises(ValueError, match="categor"):
        catch_up_missed(arxiv.announcements, wrong, fetch_back=arxiv.fetch_back)
