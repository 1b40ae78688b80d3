"""arXiv's Atom feed, from bytes to announcements; nothing in it is trusted.

The feed is described at https://info.arxiv.org/help/atom_specifications.html. Half a paper must not
pass for one: an entry that is damaged is left out, and counted, as is one without an id, a title or
an abstract; the others stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Kind
from core.literature.arxiv.calendar import NEW_YORK, is_weekend, last_announcement_day
from core.literature.arxiv.ids import is_category, without_version
from core.literature.arxiv.xml_repair import NoFeedError, whole_entries
from core.literature.text.author_names import authors_of
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import clean

__all__ = ["BrokenFeedError", "FeedReading", "ParsedFeed", "merged", "parsed_feed", "read_feed"]

_PREFIX = re.compile(r"^arXiv:\S{1,40}\s+Announce Type:\s*([a-z-]{1,20})\s*(?:Abstract:\s*)?")
_KINDS: dict[str, Kind] = {
    "new": "new", "cross": "cross", "replace": "replacement",
    "replace-cross": "replacement of a cross-list",
}
_LONGEST_HEAD = 300_000
_FIRST_DAY = date(1991, 8, 14)  # of arXiv
_LONGEST_TITLE, _LONGEST_ABSTRACT, _LONGEST_NAME = 1_000, 10_000, 200


class BrokenFeedError(ValueError):
    """The bytes are no whole feed of arXiv's.

    Attributes:
        state: what they are instead.
    """

    def __init__(self, state: Literal["truncated", "not a feed", "bad category", "busy"]) -> None:
        super().__init__(f"What came is no whole feed: {state}.")
        self.state = state


@dataclass(frozen=True)
class FeedReading:
    """What a feed says.

    Attributes:
        announcements: each paper once, in the feed's order; each has the day of its own entry.
        day: of the feed: that of most of its entries.
        lost: ids of the entries that could not be read, "" for one without an id.
        is_cut: whether the feed broke off.
    """

    announcements: tuple[Announcement, ...]
    day: date
    lost: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class ParsedFeed:
    """As feedparser reads it; ``lost`` and ``is_cut`` as for :class:`FeedReading`."""

    feed: Any
    entries: list[Any]
    lost: tuple[str, ...]
    is_cut: bool


def read_feed(body: bytes, today: date) -> FeedReading:
    """The papers of a feed; an empty feed has none.

    Args:
        body: what the server sent.
        today: in arXiv's time zone; no announcement is dated later.

    Raises:
        BrokenFeedError: saying what it is instead.
    """
    parsed = parsed_feed(body)
    day = _day(parsed, today)
    papers, lost = [], list(parsed.lost)
    for entry in parsed.entries:
        announcement = _announcement(entry, day, today)
        if announcement:
            papers.append(announcement)
        else:
            lost.append(without_version(entry.get("id", ""))[0])
    if lost and not papers:
        raise BrokenFeedError("truncated" if parsed.is_cut or parsed.lost else "not a feed")
    return FeedReading(merged(papers), day, tuple(lost), parsed.is_cut)


def parsed_feed(body: bytes) -> ParsedFeed:
    """A feed as feedparser reads it; a search's page of results is one too.

    Raises:
        BrokenFeedError: saying what it is instead.
    """
    import feedparser  # type: ignore[import-untyped]

    start = body[:4000].lower().replace(b"\0", b"")
    if b"rate exceeded" in start:
        raise BrokenFeedError("busy")
    head = re.split(rb"<(?:entry|item)\b", body[:_LONGEST_HEAD], maxsplit=1)[0]
    if not re.search(rb"<(feed|rss)\b", start) or re.search(rb"<!(doctype|entity)", head, re.I):
        raise BrokenFeedError("not a feed")
    is_cut = not re.search(rb"</(feed|rss)>\s*$", body.replace(b"\0", b""))
    try:
        whole, lost = whole_entries(body)
        parsed = feedparser.parse(
            whole, sanitize_html=False, resolve_relative_uris=False,
            response_headers={"content-type": "application/atom+xml; charset=utf-8"},
        )
    except NoFeedError as error:
        raise BrokenFeedError("truncated") from error
    except Exception as error:
        raise BrokenFeedError("not a feed") from error
    title = parsed.feed.get("title", "")
    if "feed error" in title.lower():
        raise BrokenFeedError("bad category")
    if parsed.version not in ("atom10", "rss20") or "arxiv" not in title.lower():
        raise BrokenFeedError("not a feed")
    if parsed.bozo and _is_damage(parsed):
        raise BrokenFeedError("truncated")
    if is_cut and not parsed.entries:
        raise BrokenFeedError("truncated")
    return ParsedFeed(parsed.feed, parsed.entries, tuple(lost), is_cut)


def _is_damage(parsed: Any) -> bool:
    from xml.sax import SAXException

    return isinstance(parsed.bozo_exception, (SAXException, UnicodeError))


def _day(parsed: ParsedFeed, today: date) -> date:
    """The day of most entries; absurd dates count for nothing."""
    days = Counter(day for entry in parsed.entries if (day := _own_day(entry, today)))
    latest = max(days, key=lambda day: (days[day], day), default=None)
    day = min(latest or _generated(parsed.feed.get("updated", "")) or today, today)
    day = max(day, _FIRST_DAY)
    return last_announcement_day(day) if is_weekend(day) else day


def _own_day(entry: Any, today: date) -> date | None:
    """The day that an entry itself is dated by, unless that cannot be."""
    day = _date(entry.get("published", ""))
    if day is None or not _FIRST_DAY <= day <= today + timedelta(days=1):
        return None
    day = min(day, today)
    return last_announcement_day(day) if is_weekend(day) else day


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except (TypeError, ValueError):
        return None


def _generated(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).astimezone(NEW_YORK).date()
    except (TypeError, ValueError, OverflowError):
        return None


def _announcement(entry: Any, feed_day: date, today: date) -> Announcement | None:
    """None where a part that a paper must have is missing, or is too long to be one."""
    id, version = without_version(entry.get("id", ""))
    raw, name = entry.get("summary", ""), entry.get("title", "")
    if version is None or len(raw) > 2 * _LONGEST_ABSTRACT or len(name) > 2 * _LONGEST_TITLE:
        return None
    prefix = _PREFIX.match(raw)
    title = readable(clean(name))
    abstract = readable(clean(raw[prefix.end() if prefix else 0 :]))
    if not (0 < len(title) <= _LONGEST_TITLE and 0 < len(abstract) <= _LONGEST_ABSTRACT):
        return None
    day = _own_day(entry, today) or feed_day
    said = entry.get("arxiv_announce_type") or (prefix[1] if prefix else "")
    kind = _KINDS.get(clean(said), "new" if version <= 1 else "replacement")
    paper = Paper(
        id, title, abstract, authors_of(_creators(entry)),
        day if kind == "new" and version == 1 else None, _categories(entry),
    )
    return Announcement(
        paper, day, (kind,), max(version, 1), _line(entry.get("arxiv_doi", "")),
        _line(entry.get("arxiv_journal_reference", "")),
    )


def _line(text: str) -> str:
    return readable(clean(text))[:_LONGEST_NAME]


def _categories(entry: Any) -> tuple[str, ...]:
    terms = (tag.get("term") or "" for tag in entry.get("tags", ()))
    return tuple(dict.fromkeys(term for term in terms if is_category(term)))[:20]


def _creators(entry: Any) -> str:
    names = [person.get("name", "") for person in entry.get("authors", ())]
    return "; ".join(names) if len(names) > 1 else entry.get("author", "")


def merged(announcements: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """Each paper once, where it stood first, with every kind, all categories, the last version."""
    found: dict[str, Announcement] = {}
    for new in announcements:
        old = found.get(new.paper.id)
        found[new.paper.id] = _both(old, new) if old else new
    return tuple(found.values())


def _both(first: Announcement, second: Announcement) -> Announcement:
    newer = second if second.version > first.version else first
    kinds = tuple(kind for kind in ANNOUNCEMENT_KINDS if kind in first.kinds + second.kinds)
    categories = tuple(dict.fromkeys(first.paper.categories + second.paper.categories))
    published = first.paper.published or second.paper.published
    paper = replace(newer.paper, categories=categories, published=published)
    return replace(newer, paper=paper, kinds=kinds)
