"""What a reader does on a card, as it comes from the page, put into the profile.

An action is [serial number, verb, 1 or 0, id, which author]. It sets and never toggles, so that the
page may send the ones that are not confirmed again, and nothing is lost when presses overtake each
other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.literature.ranking.profile import is_paper_id

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.ranking.profile import Profile

__all__ = ["apply", "opened"]

_MOST = 100_000

Find = Callable[[str], "Announcement | None"]


def apply(log: Any, profile: Profile, find: Find) -> tuple[Profile, int]:
    """The profile after the actions of a log, and the number of the last one.

    Args:
        log: JSON from the page; what is no action in it is passed over.
        profile: before.
        find: a paper by its id, or None.
    """
    last = 0
    for action in _read(log):
        try:
            serial, verb, on, id, extra = action
            serial, on = int(serial), bool(on)
            if isinstance(id, str) and is_paper_id(id):
                profile = _done(profile, verb, on, id, str(extra), find)
        except (ValueError, TypeError):
            continue
        last = max(last, serial)
    return profile, last


def _read(log: Any) -> list[Any]:
    if not isinstance(log, str) or len(log) > _MOST:
        return []
    try:
        found = json.loads(log)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _done(profile: Profile, verb: Any, on: bool, id: str, extra: str, find: Find) -> Profile:
    if verb == "like":
        if on:
            return profile.with_like(id)
        return profile.without_opinion(id) if id in profile.liked else profile
    if verb == "dislike":
        if on:
            return profile.with_dislike(id)
        return profile.without_opinion(id) if id in profile.disliked else profile
    if verb == "save" and not on:
        return profile.without_saved(id)
    if verb == "save":
        item = find(id)
        known = item is not None and id not in profile.saved
        return profile.with_saved(id, item.version) if known and item else profile
    if verb == "follow":
        return _followed(profile, on, find(id), extra)
    return profile


def _followed(profile: Profile, on: bool, item: Announcement | None, extra: str) -> Profile:
    if item is None or not extra.isdecimal() or int(extra) >= len(item.paper.authors):
        return profile
    name = item.paper.authors[int(extra)]
    return profile.with_author(name) if on else profile.without_author(name)


def opened(what: Any) -> tuple[str, str]:
    """The verb and the id of what was pressed to open a paper; two empty texts if it is neither."""
    verb, _, id = str(what or "").partition(":")
    return (verb, id) if verb in ("read", "note", "ask") and is_paper_id(id) else ("", "")
