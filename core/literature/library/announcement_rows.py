"""Announcements as rows of the library's file and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from core.literature.arxiv.announcement import ANNOUNCEMENT_KINDS, Announcement, Kind, Origin
from core.literature.arxiv.ids import is_arxiv_id, is_category
from core.literature.text.paper import Paper

__all__ = ["COLUMNS", "Listed", "announcement_of", "checked", "from_json", "row_of", "to_json"]

COLUMNS = (
    "id, version, day, title, abstract, authors, published, categories, doi, journal, origin"
)
"""Of the table ``announced``, as :func:`row_of` fills them."""

_MOST_TEXT = 100_000
_MOST_NAMES = 20_000


@dataclass(frozen=True)
class Listed:
    """An announcement, and under which categories it stood.

    Attributes:
        announcement: the paper and its day.
        kinds: category -> how it was announced there.
        origin: where it comes from.
        fetched: when, with a time zone.
    """

    announcement: Announcement
    kinds: Mapping[str, tuple[Kind, ...]]
    origin: Origin
    fetched: datetime


def checked(listed: Listed) -> Listed:
    """The same, if it can be kept.

    Raises:
        ValueError: a sentence on what is wrong.
    """
    item = listed.announcement
    if not is_arxiv_id(item.paper.id):
        raise ValueError(f"{item.paper.id[:80]!r} is no arXiv id; one is 2301.01234.")
    if not (item.paper.title.strip() or item.paper.abstract.strip()):
        raise ValueError(f"{item.paper.id} has neither a title nor an abstract.")
    if item.version < 1:
        raise ValueError(f"Version {item.version} of {item.paper.id} is none; they start at 1.")
    if listed.origin not in ("feed", "search"):
        raise ValueError("Only what comes from arXiv is kept; a sample is made up.")
    if not listed.kinds or not all(map(is_category, listed.kinds)):
        raise ValueError(f"{item.paper.id} stands under no arXiv category; one is astro-ph.CO.")
    if any(kind not in ANNOUNCEMENT_KINDS for kinds in listed.kinds.values() for kind in kinds):
        raise ValueError(f"{item.paper.id} is announced neither as new nor in another known way.")
    if listed.fetched.tzinfo is None:
        raise ValueError("The time of fetching needs a time zone.")
    return listed


def row_of(item: Announcement, origin: Origin) -> tuple:
    """The values of :data:`COLUMNS`."""
    paper = item.paper
    return (
        paper.id, item.version, item.day.isoformat(), paper.title, paper.abstract,
        _json(paper.authors), paper.published.isoformat() if paper.published else None,
        _json(paper.categories), item.doi, item.journal, origin,
    )


def announcement_of(row: Sequence[Any], kinds: Iterable[Kind]) -> Announcement:
    """An announcement from the values of :data:`COLUMNS`."""
    id, version, day, title, abstract, authors, published, categories, doi, journal, _ = row
    paper = Paper(
        id, title, abstract, tuple(json.loads(authors)),
        date.fromisoformat(published) if published else None, tuple(json.loads(categories)),
    )
    return Announcement(paper, date.fromisoformat(day), tuple(kinds), version, doi, journal)


def to_json(listed: Listed) -> str:
    """One line."""
    item, paper = listed.announcement, listed.announcement.paper
    return _json({
        "id": paper.id, "version": item.version, "day": item.day.isoformat(),
        "title": paper.title, "abstract": paper.abstract, "authors": paper.authors,
        "published": paper.published.isoformat() if paper.published else None,
        "categories": paper.categories, "doi": item.doi, "journal": item.journal,
        "listed": listed.kinds, "origin": listed.origin, "fetched": listed.fetched.isoformat(),
    })


def from_json(line: str) -> Listed:
    """What :func:`to_json` made; the text may be anyone's.

    Raises:
        ValueError: a sentence on what is wrong.
    """
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("This is no JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("This is no JSON object.")
    texts = {name: _text(values, name) for name in ("id", "title", "abstract", "doi", "journal")}
    listed = values.get("listed")
    version = values.get("version")
    if not isinstance(listed, dict):
        raise ValueError('"listed" is wanted: the categories with the kinds of announcement.')
    if type(version) is not int or not 1 <= version <= 10_000:
        raise ValueError('"version" is wanted, a whole number from 1.')
    published = values.get("published")
    paper = Paper(
        texts["id"], texts["title"], texts["abstract"], _names(values, "authors"),
        None if published is None else _day(values, "published"), _names(values, "categories"),
    )
    kinds = {name: cast(tuple[Kind, ...], _names(listed, name)) for name in listed}
    every = tuple(dict.fromkeys(kind for found in kinds.values() for kind in found))
    item = Announcement(
        paper, _day(values, "day"), every, version, texts["doi"], texts["journal"]
    )
    origin = cast(Origin, _text(values, "origin"))
    return checked(Listed(item, kinds, origin, _time(values, "fetched")))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(values: dict[str, Any], name: str) -> str:
    text = values.get(name)
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        raise ValueError(f'"{name}" is wanted, a text of at most {_MOST_TEXT:,} characters.')
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f'"{name}" holds half a character.') from None
    return text


def _names(values: dict[str, Any], name: str) -> tuple[str, ...]:
    found = values.get(name)
    if not isinstance(found, list) or len(found) > _MOST_NAMES:
        raise ValueError(f'"{name}" is wanted, a list of at most {_MOST_NAMES:,} texts.')
    return tuple(_text({name: text}, name) for text in found)


def _day(values: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(_text(values, name))
    except ValueError:
        raise ValueError(f'"{name}" is wanted, a day as 2026-01-31.') from None


def _time(values: dict[str, Any], name: str) -> datetime:
    try:
        return datetime.fromisoformat(_text(values, name))
    except ValueError:
        raise ValueError(f'"{name}" is wanted, a time as 2026-01-31T05:00:00+00:00.') from None
