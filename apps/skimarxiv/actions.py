"""What a reader does on a card, as it comes from the page, put into the profile.

An action is [serial number, verb, 1 or 0, id, which author]. It sets and never toggles, so that the
page may send the ones that are not confirmed again, and nothing is lost when presses overtake each
other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from core.literature.ranking.profile import is_paper_id

if TYPE_CHECKING:
    from core.literature.arxiv.announcement import Announcement
    from core.literature.ranking.profile import Profile
    from core.literature.text.paper import Paper

__all__ = ["apply", "last_opinion", "opened", "said"]

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
    from core.literature.ranking.authors import is_followed

    author = item.paper.authors[int(extra)]
    if on:
        return profile.with_author(author)
    for name in [name for name in profile.authors if is_followed(author, name)]:
        profile = profile.without_author(name)  # however it was written in the settings
    return profile


def last_opinion(log: Any) -> str:
    """The last action of a log that orders the list, as "serial verb on id": a like, a dislike, an
    author to follow. Empty if there is none."""
    for action in reversed(_read(log)):
        try:
            serial, verb, on, id, _ = action
            if verb in ("like", "dislike", "follow") and isinstance(id, str) and is_paper_id(id):
                return f"{int(serial)} {verb} {int(bool(on))} {id}"
        except (ValueError, TypeError):
            continue
    return ""


def said(
    verb: str, on: bool, judged: Paper | None, before: Sequence[Paper], after: Sequence[Paper], *,
    by: str = "interest", searched: bool = False,
) -> str:
    """What a like or a dislike did to the list, in a sentence.

    Args:
        verb: "like", "dislike" or "follow".
        on: whether it was given or taken back.
        judged: the paper, if it is in the list.
        before, after: what is shown of the list, in the order of the interests.
        by: the order that the list is shown in.
        searched: whether the list is a search, which keeps its order.
    """
    from core.literature.ranking.moves import in_words, moves

    if verb == "follow":
        return _followed_in_words(on, before, after, by, searched)
    if not on:
        return "Taken back: the list stands as it would without it."
    kept = "Kept; more like it will stand higher" if verb == "like" else (
        "Kept; papers like it will stand lower")
    if searched or by != "interest" or judged is None:
        return f"{kept} wherever the order is by your interests."
    found = moves([p.id for p in before], [p.id for p in after], after, judged,
                  liked=verb == "like")
    moved = in_words(found)
    return f"{moved}." if moved else f"{kept} on coming days; no other paper here moved."


def _followed_in_words(
    on: bool, before: Sequence[Paper], after: Sequence[Paper], by: str, searched: bool
) -> str:
    if not on:
        return "No longer followed: the list stands as it would without it."
    if searched or by != "interest":
        return "Followed; papers by this author stand higher wherever the order is by interests."
    place = {paper.id: i for i, paper in enumerate(before)}
    risen = sum(place.get(paper.id, i) - i > 0 for i, paper in enumerate(after))
    if not risen:
        return "Followed; papers by this author will stand higher on coming days."
    noun = "paper" if risen == 1 else "papers"
    return f"Followed; {risen} {noun} moved up."


def opened(what: Any) -> tuple[str, str]:
    """The verb and the id of what was pressed to open a paper; two empty texts if it is neither."""
    verb, _, id = str(what or "").partition(":")
    return (verb, id) if verb in ("read", "note", "ask") and is_paper_id(id) else ("", "")
