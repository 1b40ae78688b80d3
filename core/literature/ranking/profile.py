"""A reader's interests, likes, saved papers and notes: one JSON text that the reader keeps.

A profile stays in the browser or in a file of the reader's own; no server stores it. It is read as
data from a stranger: every field is checked, and nothing in it is ever markup or an instruction.

Example:
    >>> profile = Profile(interests="weak lensing").with_like("2301.01234")
    >>> Profile.from_json(profile.to_json()) == profile
    True
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from core.literature.arxiv.ids import find_ids, is_arxiv_id, is_category
from core.literature.text.text import clean

__all__ = ["FORGETTABLE", "MOST", "Profile", "is_paper_id", "not_ids", "paper_ids"]

MOST = 500
"""Longest list of a profile."""
_TEXT = 2_000
_NAME = 200
_JSON = 2_000_000
_LATEST_VERSION = 10_000

_SAMPLE = re.compile(r"(?<![\w.])sample\.[0-9]{4}(?![0-9])")
_BETWEEN = re.compile(r"[\s,;]+")
_BESIDE = ("arxiv", "and", "see", "abs", "&")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

FORGETTABLE = ("interests", "seeds", "liked", "disliked", "authors", "muted")
"""The fields of a profile that order the papers: what a reset forgets."""

_PAPERS = ("seeds", "liked", "disliked")
_NAMES = ("authors", "muted")


def paper_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids in a text and those of the sample, each once and without version."""
    return tuple(dict.fromkeys([*find_ids(text), *_SAMPLE.findall(text)]))


def not_ids(text: str) -> tuple[str, ...]:
    """The words of a list of ids and links in which there is no id, each once.

    Example:
        >>> not_ids("arXiv: 2301.01234v2, sample.0001 and 23O1.1234")
        ('23O1.1234',)
    """
    words = (word.strip("()[]<>.:") for word in _BETWEEN.split(text))
    return tuple(dict.fromkeys(
        word for word in words if word and word.lower() not in _BESIDE and not paper_ids(word)))


def is_paper_id(text: str) -> bool:
    """Whether a text is the id of a paper that a profile can hold, one of the sample included."""
    return is_arxiv_id(text) or bool(_SAMPLE.fullmatch(text))


@dataclass(frozen=True)
class Profile:
    """A reader.

    Attributes:
        interests: in the reader's words, at most 2,000 characters.
        seeds: ids of papers that show the interests.
        liked, disliked: ids; a paper in both counts as liked.
        authors: names that are followed.
        muted: words; papers with one of them go last.
        categories: of arXiv.
        saved: versions of the saved papers as they were then, by id.
        notes: by id, at most 2,000 characters each.
        reference: (value, sigma) of quantities that replace those of Planck 2018, by name.
        seen: the last day that was read, as YYYY-MM-DD.

    Raises:
        ValueError: if a field is not what it should be, or is too long.
    """

    interests: str = ""
    seeds: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("astro-ph.CO",)
    saved: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    reference: dict[str, tuple[float, float]] = field(default_factory=dict)
    seen: str | None = None

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {"interests": _text("interests", self.interests)}
        checked |= {name: _ids(name, getattr(self, name)) for name in _PAPERS}
        checked |= {name: _names(name, getattr(self, name)) for name in _NAMES}
        checked["disliked"] = tuple(i for i in checked["disliked"] if i not in checked["liked"])
        checked["categories"] = _categories(self.categories)
        checked["saved"] = {_id(k): _version(v) for k, v in _items("saved", self.saved)}
        notes = {_id(k): _text("a note", v) for k, v in _items("notes", self.notes)}
        checked["notes"] = {k: v for k, v in notes.items() if v}
        checked["reference"] = dict(map(_reference, _items("reference", self.reference)))
        checked["seen"] = _day(self.seen)
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def has_interests(self) -> bool:
        """Whether anything in it tells what to put first."""
        return bool(
            self.interests or self.seeds or self.liked or self.disliked or self.authors
        )

    # --- JSON ---------------------------------------------------------------------------------

    def to_json(self) -> str:
        """The profile as one line of JSON."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """Read what :meth:`to_json` wrote; fields that it does not know are left out.

        Raises:
            ValueError: if it is no profile or is too long.
        """
        if len(text) > _JSON:
            raise ValueError(f"A profile has at most {_JSON:,} characters; this one {len(text):,}.")
        try:
            stored = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError("This is no profile: it should be one JSON object.") from error
        if not isinstance(stored, dict):
            raise ValueError("This is no profile: it should be one JSON object.")
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    # --- changes ------------------------------------------------------------------------------

    def with_like(self, id: str) -> Profile:
        """Like a paper; the oldest of too many likes is forgotten."""
        profile = self.without_opinion(id)
        return replace(profile, liked=(*profile.liked, id)[-MOST:])

    def with_dislike(self, id: str) -> Profile:
        """Dislike a paper; the oldest of too many dislikes is forgotten."""
        profile = self.without_opinion(id)
        return replace(profile, disliked=(*profile.disliked, id)[-MOST:])

    def without_opinion(self, id: str) -> Profile:
        """Neither like nor dislike a paper."""
        return replace(
            self, liked=_without(self.liked, id), disliked=_without(self.disliked, id)
        )

    def with_saved(self, id: str, version: int = 1) -> Profile:
        """Save a paper as it is in a version."""
        return replace(self, saved={**self.saved, id: version})

    def without_saved(self, id: str) -> Profile:
        """Save a paper no longer."""
        return replace(self, saved={k: v for k, v in self.saved.items() if k != id})

    def with_note(self, id: str, note: str) -> Profile:
        """Write a note on a paper; an empty one takes it away."""
        return replace(self, notes={**self.notes, id: note})

    def with_author(self, name: str) -> Profile:
        """Follow an author."""
        return replace(self, authors=(*self.authors, name))

    def without_author(self, name: str) -> Profile:
        """Follow an author no longer."""
        return replace(self, authors=_without(self.authors, clean(name)))

    def with_seen(self, day: date) -> Profile:
        """Remember the last day that was read."""
        return replace(self, seen=day.isoformat())

    def reset(self) -> Profile:
        """Forget what orders the papers; categories, saved papers, notes and references stay."""
        empty = Profile()
        return replace(self, **{name: getattr(empty, name) for name in FORGETTABLE})


def _without(listed: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(one for one in listed if one != name)


def _text(name: str, text: object, most: int = _TEXT) -> str:
    if not isinstance(text, str):
        raise ValueError(f"In a profile, {name} should be text.")
    if len(text) > most:
        raise ValueError(f"In a profile, {name} has at most {most:,} characters, not {len(text)}.")
    return _UNPRINTABLE.sub(" ", text).strip()


def _listed(name: str, values: object) -> list[Any]:
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise ValueError(f"In a profile, {name} should be a list.")
    values = list(values)
    if len(values) > MOST:
        raise ValueError(f"In a profile, {name} has at most {MOST} entries; not {len(values)}.")
    return values


def _items(name: str, values: object) -> list[tuple[object, Any]]:
    if not isinstance(values, Mapping):
        raise ValueError(f"In a profile, {name} should be an object of names and values.")
    if len(values) > MOST:
        raise ValueError(f"In a profile, {name} has at most {MOST} entries; not {len(values)}.")
    return list(values.items())


def _id(value: object) -> str:
    if not (isinstance(value, str) and is_paper_id(value)):
        shown = str(value)[:40]
        raise ValueError(f"{shown!r} is no arXiv id; one without version is 2301.01234.")
    return value


def _ids(name: str, values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_id(value) for value in _listed(name, values)))


def _names(name: str, values: object) -> tuple[str, ...]:
    found = (clean(_text(f"each of {name}", value, _NAME)) for value in _listed(name, values))
    return tuple(dict.fromkeys(filter(None, found)))


def _categories(values: object) -> tuple[str, ...]:
    found = _listed("categories", values)
    for value in found:
        if not (isinstance(value, str) and is_category(value)):
            raise ValueError(f"{str(value)[:40]!r} is no arXiv category; one is astro-ph.CO.")
    return tuple(dict.fromkeys(found))


def _version(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LATEST_VERSION:
        raise ValueError("In a profile, saved should hold versions, whole numbers from 1.")
    return value


def _reference(item: tuple[object, Any]) -> tuple[str, tuple[float, float]]:
    name, pair = item
    wrong = ValueError("In a profile, a reference is a value and its sigma, which is above 0.")
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise wrong
    if any(isinstance(x, bool) or not isinstance(x, (int, float)) for x in pair):
        raise wrong
    try:
        value, sigma = float(pair[0]), float(pair[1])
    except OverflowError:
        raise wrong from None
    if not (math.isfinite(value) and math.isfinite(sigma) and sigma > 0):
        raise wrong
    return _text("the name of a reference", name, _NAME), (value, sigma)


def _day(value: object) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise ValueError("In a profile, seen should be a day such as 2026-01-31.") from error
