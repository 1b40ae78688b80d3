"""arXiv's Atom feed, from bytes to announcements; nothing in it is trusted.

The feed is described at https://info.arxiv.org/help/atom_specifications.html. A feed that is
damaged anywhere is refused as a whole, since half a paper must not pass for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Kind
from core.literature.arxiv.calendar import NEW_YORK, is_weekend, last_announcement_day
from core.literature.arxiv.ids import is_category, without_version
from core.literature.text.author_names import authors_of
from core.literature.text.paper import Paper
from core.literature.text.tex import readable
from core.literature.text.text import clean

__all__ = ["BrokenFeedError", "merged", "parsed_feed", "read_feed"]

_PREFIX = re.compile(r"^arXiv:\S{1,40}\s+Announce Type:\s*([a-z-]{1,20})\s*(?:Abstract:\s*)?")
_KINDS: dict[str, Kind] = {
    "new": "new", "cross": "cross", "replace": "replacement",
    "replace-cross": "replacement of a cross-list",
}
_LONGEST_WORD = 500
_LONGEST_TITLE, _LONGEST_ABSTRACT, _LONGEST_NAME = 1_000, 10_000, 200


class BrokenFeedError(ValueError):
    """The bytes are no whole feed of arXiv's.

    Attributes:
        state: what they are instead.
    """

    def __init__(self, state: Literal["truncated", "not a feed", "bad category", "busy"]) -> None:
        super().__init__(f"What came is no whole feed: {state}.")
        self.state = state


def read_feed(body: bytes, today: date) -> tuple[Announcement, ...]:
    """The papers of a feed, each once, in the feed's order; an empty feed has none.

    Args:
        body: what the server sent.
        today: in arXiv's time zone; no announcement is dated later.

    Returns:
        Announcements of one day: the feed's own, at weekends the last working day.

    Raises:
        BrokenFeedError: saying what it is instead.
    """
    parsed = parsed_feed(body)
    day = _day(parsed, today)
    found = [_announcement(entry, day) for entry in parsed.entries]
    papers = [announcement for announcement in found if announcement]
    if found and not papers:
        raise BrokenFeedError("not a feed")
    return merged(papers)


def parsed_feed(body: bytes) -> Any:
    """A feed as feedparser reads it; a search's page of results is one too.

    Raises:
        BrokenFeedError: saying what it is instead.
    """
    import feedparser  # type: ignore[import-untyped]

    start = body[:4000].lower()
    if b"rate exceeded" in start:
        raise BrokenFeedError("busy")
    if not re.search(rb"<(feed|rss)\b", start) or re.search(rb"<!(doctype|entity)", body, re.I):
        raise BrokenFeedError("not a feed")
    if not re.search(rb"</(feed|rss)>\s*$", body):
        raise BrokenFeedError("truncated")
    # feedparser looks for mail addresses in the authors, in the square of a word's length
    if any(len(word[0]) > _LONGEST_WORD for word in re.finditer(rb"[\w.+-]+", body)):
        raise BrokenFeedError("not a feed")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BrokenFeedError("truncated") from error
    try:
        parsed = feedparser.parse(
            body, sanitize_html=False, resolve_relative_uris=False,
            response_headers={"content-type": "application/atom+xml; charset=utf-8"},
        )
    except Exception as error:
        raise BrokenFeedError("not a feed") from error
    title = parsed.feed.get("title", "")
    if "feed error" in title.lower():
        raise BrokenFeedError("bad category")
    if parsed.version not in ("atom10", "rss20") or "arxiv" not in title.lower():
        raise BrokenFeedError("not a feed")
    if parsed.bozo and isinstance(parsed.bozo_exception, Exception) and _is_damage(parsed):
        raise BrokenFeedError("truncated")
    return parsed


def _is_damage(parsed: Any) -> bool:
    from xml.sax import SAXException

    return isinstance(parsed.bozo_exception, (SAXException, UnicodeError))


def _day(parsed: Any, today: date) -> date:
    days = [_date(entry.get("published", "")) for entry in parsed.entries[:50]]
    latest = max((day for day in days if day), default=None)
    day = min(latest or _generated(parsed.feed.get("updated", "")) or today, today)
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


def _announcement(entry: Any, day: date) -> Announcement | None:
    id, version = without_version(entry.get("id", ""))
    raw = entry.get("summary", "")
    prefix = _PREFIX.match(raw)
    title = readable(clean(entry.get("title", "")))[:_LONGEST_TITLE]
    abstract = readable(clean(raw[prefix.end() if prefix else 0 :]))[:_LONGEST_ABSTRACT]
    if version is None or not title or not abstract:
        return None
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
