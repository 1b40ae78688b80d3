"""What arXiv announces: papers by day, as new, as a cross-list or as a replacement.

Example:
    >>> paper = Paper("2301.01234", "A title", "An abstract.", categories=("astro-ph.CO",))
    >>> Announcement(paper, date(2023, 1, 4), kinds=("cross", "new")).kind
    'new'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from core.literature.text.paper import Paper

__all__ = ["ANNOUNCEMENT_KINDS", "Announcement", "Batch", "Kind", "Origin"]

Kind = Literal["new", "cross", "replacement", "replacement of a cross-list"]
ANNOUNCEMENT_KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of announcement, the weightiest first."""

Origin = Literal["feed", "search", "sample"]
"""Where a batch comes from: arXiv's daily feed; its search by day of submission, so that the day of
announcement is only approximate; or the sample that this project wrote."""


@dataclass(frozen=True)
class Announcement:
    """A paper as it was announced on one day.

    Attributes:
        paper: its categories have the primary one first.
        day: of the announcement, in arXiv's own time zone (America/New_York).
        kinds: every way it was announced that day; it may be new in one category and a cross-list
            in another.
        version: of the paper, from 1.
        doi, journal: if it is published; otherwise empty.
    """

    paper: Paper
    day: date
    kinds: tuple[Kind, ...] = ("new",)
    version: int = 1
    doi: str = ""
    journal: str = ""

    @property
    def kind(self) -> Kind:
        """The weightiest of its kinds."""
        return min(self.kinds, key=ANNOUNCEMENT_KINDS.index)


@dataclass(frozen=True)
class Batch:
    """What was announced on one day in some categories.

    Attributes:
        day: of the announcement, in arXiv's own time zone.
        categories: that were asked for.
        announcements: each paper once, in the order of the feed.
        origin: where it comes from.
        fetched: when, with a time zone.
    """

    day: date
    categories: tuple[str, ...]
    announcements: tuple[Announcement, ...]
    origin: Origin
    fetched: datetime
