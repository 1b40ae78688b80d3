"""What arXiv announces: papers by day, as new, as a cross-list or as a replacement.

Example:
    >>> paper = Paper("2301.01234", "A title", "An abstract.", categories=("astro-ph.CO",))
    >>> Announcement(paper, date(2023, 1, 4), kinds=("cross", "new")).kind
    'new'
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from core.literature.arxiv.categories import is_in
from core.literature.text.paper import Paper

__all__ = ["ANNOUNCEMENT_KINDS", "Announcement", "Batch", "Kind", "Origin"]

Kind = Literal["new", "cross", "replacement", "replacement of a cross-list"]
ANNOUNCEMENT_KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of announcement, the weightiest first."""

_CROSSED: dict[Kind, Kind] = {"new": "cross", "replacement": "replacement of a cross-list"}

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

    def in_list(self, categories: Collection[str]) -> Announcement:
        """The same as the list of some categories has it: a paper whose primary category is none
        of them is a cross-list there, though it is new elsewhere.

        Example:
            >>> paper = Paper("2301.01234", "A", "B.", categories=("gr-qc", "astro-ph.CO"))
            >>> Announcement(paper, date(2023, 1, 4)).in_list(["astro-ph.CO"]).kind
            'cross'
        """
        primary = self.paper.categories[0] if self.paper.categories else ""
        if not primary or not categories or is_in(primary, categories):
            return self
        crossed = dict.fromkeys(_CROSSED.get(kind, kind) for kind in self.kinds)
        return self if tuple(crossed) == self.kinds else replace(self, kinds=tuple(crossed))


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
