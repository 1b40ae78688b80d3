"""Which papers of the list are shown, and in which order; ids go to the page, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apps.skimarxiv.numbers import flagged

if TYPE_CHECKING:
    from core.literature.ranking.profile import Profile
    from core.literature.skim.entries import Entry

__all__ = ["FACETS", "ANNOUNCEMENT_KINDS", "ONLY", "SORTS", "Filters", "counts", "visible"]

FACETS = ("survey", "simulation", "statistic", "object")
ANNOUNCEMENT_KINDS = ("new", "cross-list", "replacement")
ONLY = ("flagged", "saved", "unread")
SORTS = {"your interests": "interest", "arXiv's order": "arxiv", "flags": "flags", "date": "date"}
"""What the page calls an order, and what a link does."""


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see.

    Attributes:
        kinds: of :data:`ANNOUNCEMENT_KINDS`; none means all.
        facets: names by facet; a paper needs one of the names of each facet that has any.
        only: of :data:`ONLY`, all of which a paper must be.
        sort: "interest", "arxiv", "flags" or "date".
    """

    kinds: Sequence[str] = ()
    facets: dict[str, Sequence[str]] = field(default_factory=dict)
    only: Sequence[str] = ()
    sort: str = "interest"


def counts(entries: Sequence[Entry], facet: str) -> list[tuple[str, int]]:
    """Names of a facet and how many papers have them, the most frequent first."""
    counter = Counter(name for entry in entries for name in entry.facets.get(facet, ()))
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def visible(
    entries: Sequence[Entry], order: Sequence[str], filters: Filters, profile: Profile
) -> list[str]:
    """Ids of the papers to show, in order.

    Args:
        entries: in the order of the interests.
        order: ids in arXiv's order.
        filters: what is wanted.
        profile: of the reader, for what is saved and read.
    """
    kept = [entry for entry in entries if _wanted(entry, filters, profile)]
    place = {id: i for i, id in enumerate(order)}
    last = len(place)
    by: dict[str, Callable[[Entry], tuple[float, float]]] = {
        "arxiv": lambda e: (0, place.get(e.announcement.paper.id, last)),
        "flags": lambda e: (-len(flagged(e)), -max((s for _, s in flagged(e)), default=0.0)),
        "date": lambda e: (-e.announcement.day.toordinal(),
                           place.get(e.announcement.paper.id, last)),
    }
    if filters.sort in by:
        kept.sort(key=by[filters.sort])
    return [entry.announcement.paper.id for entry in kept]


def _wanted(entry: Entry, filters: Filters, profile: Profile) -> bool:
    kind = entry.announcement.kind
    family = {"new": "new", "cross": "cross-list"}.get(kind, "replacement")
    if filters.kinds and family not in filters.kinds:
        return False
    for facet, names in filters.facets.items():
        if names and not set(names) & set(entry.facets.get(facet, ())):
            return False
    id = entry.announcement.paper.id
    tests = {
        "flagged": lambda: bool(flagged(entry)),
        "saved": lambda: id in profile.saved,
        "unread": lambda: _unread(entry, profile),
    }
    return all(tests[name]() for name in filters.only if name in tests)


def _unread(entry: Entry, profile: Profile) -> bool:
    """Announced after the last day that was marked as read, and not judged yet."""
    id = entry.announcement.paper.id
    touched = id in profile.liked or id in profile.disliked or id in profile.saved
    since = profile.seen
    return not touched and (since is None or entry.announcement.day.isoformat() > since)
