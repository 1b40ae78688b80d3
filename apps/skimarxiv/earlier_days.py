"""Earlier days, fetched one after the other when a visitor asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.literature.arxiv.calendar import announcement_days, arxiv_today
from core.literature.library.announcements import Announcements

__all__ = ["A_WEEK", "EarlierDays", "Progress"]

_DAY, _TWO_WEEKS = timedelta(days=1), timedelta(days=14)
A_WEEK = 5
"""Days of announcements."""


@dataclass(frozen=True)
class Progress:
    """How far it is.

    Attributes:
        done, of: days that are in the library now, and that were asked for.
        day: that is being fetched; None at the end.
        problem: a sentence on why it ended early; "" if it did not.
    """

    done: int
    of: int
    day: date | None = None
    problem: str = ""


class EarlierDays:
    """One visitor's days at a time; the others wait their turn.

    Args:
        announcements: where they are kept.
        now: the clock.

    A day that is there stays there, so that whoever asks again goes on where it ended.
    """

    def __init__(self, announcements: Announcements, now: Callable[[], datetime]) -> None:
        self.announcements, self.now = announcements, now
        self._one_at_a_time = threading.Lock()
        self._stopped: dict[str, threading.Event] = {}

    def missing(self, categories: Sequence[str]) -> list[date]:
        """The days of the last month of which papers are missing, the latest first."""
        from core.literature.skim.refresh import earlier_days

        return earlier_days(self.announcements, categories, now=self.now())

    def last_week(self) -> list[date]:
        """The last days of announcements before today, the latest first."""
        today = arxiv_today(self.now())
        return announcement_days(today - _TWO_WEEKS, today - _DAY)[-A_WEEK:][::-1]

    def stop(self, visitor: str) -> None:
        """Send no more requests for this visitor."""
        event = self._stopped.get(visitor)
        if event is not None:
            event.set()

    def fetch(
        self, days: Sequence[date], categories: Sequence[str], visitor: str
    ) -> Iterator[Progress]:
        """Fetch days, the first one first, until one fails or the visitor has had enough.

        Args:
            days: before today.
            categories: of arXiv.
            visitor: who can stop it.
        """
        stopped = self._stopped[visitor] = threading.Event()
        done = 0
        try:
            for day in days:
                yield Progress(done, len(days), day)
                while not self._one_at_a_time.acquire(timeout=0.2):
                    if stopped.is_set():
                        break
                else:
                    try:
                        problem = self._one(day, categories, stopped)
                    finally:
                        self._one_at_a_time.release()
                    if not problem:
                        done += 1
                        continue
                    yield Progress(done, len(days), problem=problem)
                    return
                break
            said = "Stopped; what came is kept." if stopped.is_set() and done < len(days) else ""
            yield Progress(done, len(days), problem=said)
        finally:
            stopped.set()
            if self._stopped.get(visitor) is stopped:
                del self._stopped[visitor]

    def _one(self, day: date, categories: Sequence[str], stopped: threading.Event) -> str:
        """Why a day could not be fetched, or ""."""
        from core.literature.skim.refresh import fetch_day

        if stopped.is_set():
            return "Stopped; what came is kept."
        answer = fetch_day(self.announcements, categories, day, now=self.now(),
                           cancelled=stopped.is_set)
        if stopped.is_set() and answer.batch is None:
            return "Stopped; what came is kept."
        quiet = answer.state in ("fresh", "weekend", "holiday", "empty")
        return "" if answer.batch is not None or quiet else answer.sentence
