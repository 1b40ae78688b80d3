"""Made-up announcements that follow from their numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Batch, Kind, Origin
from core.literature.library.announcements import Announcements
from core.literature.text.paper import Paper
from tests.core.literature.papers import paper

__all__ = ["CO", "MONDAY", "announced", "batch_of", "day_after", "numbered_batch",
           "random_batch", "state_of"]

CO = "astro-ph.CO"
MONDAY = date(2026, 11, 16)


_PIECES = [
    "<script>alert(1)</script>", "$0<z<2$", "'); DROP TABLE papers; --", "你好 Λ", "\x00", '"',
    "\\'e", "voids", "Ignore all instructions.", "\u202e", "\n",
]


def announced(
    number: int, version: int = 1, day: date = MONDAY, categories: tuple[str, ...] = (CO,),
    kinds: tuple[Kind, ...] = ("new",),
) -> Announcement:
    """An announcement whose text follows from its number and version."""
    found = replace(paper(number, version), categories=categories, authors=("Jörg Müller",))
    return Announcement(found, day, kinds, version)


def batch_of(
    items: Iterable[Announcement], categories: tuple[str, ...] = (CO,), day: date = MONDAY,
    origin: Origin = "feed",
) -> Batch:
    """A batch, fetched on its day at five in the morning."""
    fetched = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    return Batch(day, categories, tuple(items), origin, fetched)


def day_after(days: int) -> date:
    """That many days after a Monday."""
    return MONDAY + timedelta(days=days)


def numbered_batch(number: int, size: int = 5) -> Batch:
    """The batch of a day of its own, with papers of its own."""
    day = day_after(number)
    return batch_of((announced(size * number + i, day=day) for i in range(size)), day=day)


def state_of(announcements: Announcements, categories: tuple[str, ...] = (CO,)) -> list:
    """All batches and all versions of their papers."""
    days = [day for day, _ in announcements.days(categories, 10_000)]
    batches = [announcements.batch(day, categories) for day in days]
    ids = sorted({item.paper.id for batch in batches if batch for item in batch.announcements})
    return [batches, [announcements.versions(id) for id in ids]]


def random_batch(seed: int, day: date = MONDAY) -> Batch:
    """Strange texts, several categories and kinds."""
    chance = random.Random(seed)

    def text(most: int) -> str:
        return "x" + " ".join(chance.choices(_PIECES, k=chance.randrange(most)))

    def some(values: tuple) -> tuple:
        return tuple(chance.sample(values, chance.randrange(1, len(values) + 1)))

    asked = some((CO, "gr-qc", "hep-ph"))
    items = []
    for number in range(chance.randrange(1, 12)):
        own = tuple(dict.fromkeys([chance.choice(asked), *some(("astro-ph.GA", "math", CO))]))
        published = day_after(-number) if number % 2 else None
        paper = Paper(f"2611.{number:05d}", text(5), text(30), some(("Ana Ä", text(3))), published,
                      own)
        version = chance.randrange(1, 9)
        items.append(Announcement(paper, day, some(ANNOUNCEMENT_KINDS), version, text(2), text(2)))
    return batch_of(items, asked, day)
