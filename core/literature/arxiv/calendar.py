"""On which days arXiv announces papers, and when those were submitted.

Announcements come on Sunday to Thursday at 20:00 in New York and are dated by the day after:
Monday to Friday. What comes until 14:00 on a working day is announced that evening
(https://info.arxiv.org/help/availability.html).

Example:
    >>> announcement_days(date(2026, 11, 20), date(2026, 11, 24))
    [datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)]
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = [
    "NEW_YORK",
    "announcement_days",
    "arxiv_today",
    "in_words",
    "is_holiday",
    "is_weekend",
    "last_announcement_day",
    "next_announcement_day",
    "submission_window",
]

NEW_YORK = ZoneInfo("America/New_York")
"""arXiv's time zone."""

_DEADLINE = time(14, 0)
_DAY = timedelta(days=1)
_HOLIDAYS = frozenset({date(2026, 12, 29), date(2026, 12, 31)})


def arxiv_today(now: datetime | None = None) -> date:
    """The day in arXiv's time zone; a time without zone counts as one of New York."""
    if now is None:
        return datetime.now(NEW_YORK).date()
    return (now if now.tzinfo is None else now.astimezone(NEW_YORK)).date()


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= 5


def is_holiday(day: date) -> bool:
    """Whether arXiv has said that it announces nothing on this weekday.

    Thanksgiving and Christmas in every year; other days as far as they were known when this was
    written.
    """
    thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
    christmas = (day.month, day.day) == (12, 25)
    return not is_weekend(day) and (thanksgiving or christmas or day in _HOLIDAYS)


def _announces(day: date) -> bool:
    return not (is_weekend(day) or is_holiday(day))


def announcement_days(after: date, until: date) -> list[date]:
    """The days of announcements after one day, until another inclusive, the oldest first."""
    days = (after + i * _DAY for i in range(1, (until - after).days + 1))
    return [day for day in days if _announces(day)]


def last_announcement_day(day: date) -> date:
    """The latest day of announcements that is not after a day."""
    while not _announces(day):
        day -= _DAY
    return day


def next_announcement_day(day: date) -> date:
    """The first day of announcements after a day."""
    day += _DAY
    while not _announces(day):
        day += _DAY
    return day


def submission_window(day: date) -> tuple[datetime, datetime]:
    """When the papers that are announced on a day were submitted, about.

    The windows of all days of announcements follow each other without a gap, so that no paper is
    lost, even where arXiv kept a holiday that is not known here.

    Args:
        day: of announcements.

    Returns:
        Start and end, the end not included, in arXiv's time zone.
    """
    return _deadline(last_announcement_day(day - _DAY)), _deadline(day)


def _deadline(day: date) -> datetime:
    before = day - _DAY
    while is_weekend(before):
        before -= _DAY
    return datetime.combine(before, _DEADLINE, NEW_YORK)


def in_words(day: date) -> str:
    """A day as a sentence has it: "Monday 23 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"
