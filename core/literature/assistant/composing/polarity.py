"""Which way a question points: "suppress" and "enhance" are opposite, "not" turns it round.

A stored question with its yes or no answers another only where both point the same way.

Example:
    >>> same_way("Do neutrinos suppress structure?", "Do neutrinos enhance structure?")
    False
"""

from __future__ import annotations

import re

from core.literature.text.text import clean, words

__all__ = ["directions", "either_or", "mirrored", "same_way", "sameness"]

_AXES = (
    ("increas ris rose grow grew more high larg great bigg enhanc boost rais strengthen strong "
     "add gain maxim excess above over up rich most",
     "decreas fall fell shrink less low small suppress damp dilut reduc weaken weak lower los "
     "minim deficit below under poor least smooth"),
    ("fast accelerat quick rapid", "slow decelerat"),
    ("before earl old first begin began start", "after lat young last end"),
    ("hot warm", "cold cool"),
    ("attract", "repel repuls"),
    ("positive blue", "negative red"),
    ("near close", "far distant"),
    ("same equal identical agree consistent", "differ other disagree inconsistent tension"),
    ("all every always only whole entire", "some part sometimes"),
    ("possible can could able allow viable surviv permit",
     "impossible cannot unable exclud forbid rule dead kill disfavour disfavor reject"),
    ("solv settl confirm prov known detect found seen observ measur",
     "unsolv unsettl unconfirm unprov unknown undetect unseen"),
    ("finite", "infinite"), ("open", "closed"), ("stable", "unstable"),
    ("dependent depend need requir rel", "independent"), ("visible", "invisible"),
    ("right correct true valid", "wrong incorrect false mistaken refut invalid"),
    ("deep", "shallow wide"),
)
_NOT = re.compile(
    r"\b(?:not|no|never|none|nothing|without|neither|nor|cannot|hardly|fails?)\b|n['’]t\b",
    re.IGNORECASE)
_PARENTHESIS = re.compile(r"\([^()]{0,200}\)")
_LAST = re.compile(r"^.*[.!?]\s+(?=\S)", re.DOTALL)
"""What stands before the last sentence."""
_WORD = re.compile(r"[a-z]+")
_LONGEST_ENDING = 5
_GROWTH, _POSSIBLE = 0, 9
"""Places among the axes."""
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_SAME = re.compile(
    r"\b(?:same (?:thing )?(?:as|thing)|the same\W*$|identical|equivalent to|equal to|synonym\w*)",
    re.IGNORECASE)
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)


def directions(text: str) -> tuple[dict[int, int], bool]:
    """The axes on which a text points, each +1 or -1 (0 for both), and whether it is negated.

    Args:
        text: a question of up to some hundred words.
    """
    low = _PARENTHESIS.sub(" ", _LAST.sub("", clean(text)[:2000])).lower()
    found: dict[int, int] = {}
    for word in _WORD.findall(low):
        for axis, (plus, minus) in enumerate(_STEMS):
            sign = 1 if _one_of(word, plus) else -1 if _one_of(word, minus) else 0
            if sign:
                found[axis] = sign if found.get(axis, sign) == sign else 0
    return found, len(_NOT.findall(low)) % 2 == 1


def same_way(one: str, other: str) -> bool:
    """Whether two questions point the same way wherever both point at all."""
    (ours, negated), (theirs, also) = directions(one), directions(other)
    if negated != also or _scope(one) != _scope(other):
        return False
    return all(ours[axis] == theirs[axis] for axis in ours.keys() & theirs.keys()) and not (
        _unshared(ours, theirs) or _unshared(theirs, ours) or _swapped(one, other))


def mirrored(one: str, other: str) -> bool:
    """Whether one comparison is the other turned round, so that yes to one is no to the other: "Is
    A deeper than B?" and "Is B deeper than A?", or "Is A shallower than B?"."""
    (ours, negated), (theirs, also) = directions(one), directions(other)
    parts = [_THAN.split(text[:2000], maxsplit=1) for text in (one, other)]
    if negated or also or _scope(one) != _scope(other) or any(len(part) < 2 for part in parts):
        return False
    (ahead, behind), (before, after) = [[_bare_words(side) for side in part] for part in parts]
    if ahead == before and behind == after:
        return ours.keys() == theirs.keys() and sum(ours[a] * theirs[a] < 0 for a in ours) == 1
    common = ahead & before
    swapped = ahead - common == after and before - common == behind and bool(after and behind)
    return swapped and bool(ours or common) and ours == theirs


def _bare_words(text: str) -> frozenset[str]:
    """The words that point nowhere."""
    return frozenset(word for word in words(text) if not directions(word)[0])


def sameness(text: str) -> bool:
    """Whether a question asks if two things are one: "Is S8 the same as sigma8?"."""
    return _SAME.search(text) is not None


def either_or(text: str) -> bool:
    """Whether a question leaves a choice of opposites, which neither yes nor no answers."""
    found, _ = directions(text)
    return _OR.search(text) is not None and 0 in found.values()


def _unshared(ours: dict[int, int], theirs: dict[int, int]) -> set[int]:
    """Axes on which only one of them points and which make another question: "Is it larger?" is
    not "Is it?", and "Is it ruled out?" is not "Is it dark matter?"."""
    return {axis for axis in ours.keys() - theirs.keys()
            if axis == _GROWTH or (axis == _POSSIBLE and ours[axis] < 0)}


def _swapped(one: str, other: str) -> bool:
    """Whether "A is deeper than B" meets "B is deeper than A", or nothing of the kind."""
    parts = [_THAN.split(text[:2000], maxsplit=1) for text in (one, other)]
    if any(len(part) < 2 for part in parts):
        return len(parts[0]) != len(parts[1])
    (ahead, behind), (before, after) = [[set(words(side)) for side in part] for part in parts]
    straight = len(ahead & before) + len(behind & after)
    return len(ahead & after) + len(behind & before) > straight


def _scope(text: str) -> frozenset[str]:
    """How far a question goes: "always accelerating" is more than "accelerating"."""
    return frozenset(_SCOPE[word] for word in _WORD.findall(clean(text).lower()[:2000])
                     if word in _SCOPE)


_SCOPES = ("always ever", "all every each everything entirely completely fully totally",
           "only alone solely purely", "exactly precisely perfectly", "directly", "still",
           "already yet", "most mostly", "half", "first",
           "same identical equal equivalent synonym synonyms synonymous")
_SCOPE = {word: group for group in _SCOPES for word in group.split()}
_STEMS = tuple((tuple(plus.split()), tuple(minus.split())) for plus, minus in _AXES)


def _one_of(word: str, stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stem) and len(word) - len(stem) <= _LONGEST_ENDING for stem in stems)
