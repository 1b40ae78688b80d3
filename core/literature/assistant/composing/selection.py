"""The sentences of a passage that answer a question, as many as its kind needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.literature.assistant.retrieval import Source
from core.literature.library.stored_questions import Kind, Match
from core.literature.text.addressed import addressed

__all__ = ["ROOM", "among", "closest", "gains_of", "selected"]

ROOM: dict[Kind, int] = {
    "definition": 120, "value": 120, "why": 130, "how": 130, "yes_no": 125, "comparison": 130,
    "list": 140, "who_when": 100,
}
"""Words of an answer."""

_IN_ORDER = ("definition", "list", "comparison")
"""Kinds whose answers keep the order of the passage; of the others the answer comes first."""
_ALIKE = 0.8
_NEAR = 0.25
_SURE = 0.95
_STORED = 0.8
_SAME_KIND = 0.1
_OPENS = 0.35
_CUE = 0.15
_TOGETHER = 3
_OTHER = 0.15
"""Of a sentence of another source than the best."""
_CUES: dict[Kind, re.Pattern[str]] = {
    "value": re.compile(r"\d"),
    "why": re.compile(r"\b(?:because|since|therefore|so that|due to|as a result|causes?"
                      r"|caused|leads?|hence|thus|so)\b", re.IGNORECASE),
    "how": re.compile(r"\b(?:by|using|with|measur\w+|from|through)\b", re.IGNORECASE),
    "list": re.compile(r",.{2,80},.{2,80}\band\b|;"),
    "who_when": re.compile(r"\b(?:1[6-9]|20)\d\d\b"),
}


def closest(matches: tuple[Match, ...], kind: Kind) -> tuple[Match, ...]:
    """The stored questions of a passage that are like the one asked; of its kind first."""
    good = [match for match in matches if match.score >= max(_ALIKE, matches[0].score - _NEAR)]
    return tuple(sorted(good, key=lambda match: -_worth(match, kind)))


def _worth(match: Match, kind: Kind) -> float:
    return match.score + _SAME_KIND * (match.question.kind == kind)


def selected(source: Source, kind: Kind, room: int) -> tuple[int, ...]:
    """Indices of the sentences that answer: what answers first, then what belongs to it.

    Args:
        source: a passage or an abstract.
        kind: of the question.
        room: words; the first sentence that is chosen may have more.
    """
    gains = gains_of(source, kind)
    taken: list[int] = []
    for place in sorted(range(len(source.sentences)), key=lambda i: -gains[i]):
        length = len(source.sentences[place].split())
        if not _quotable(source, place) or (taken and length > room):
            continue
        taken.append(place)
        room -= length
    if kind in _IN_ORDER:
        return tuple(sorted(taken))
    return _told(source, kind, taken)


def among(
    sources: Sequence[Source], kind: Kind, room: int
) -> list[tuple[Source, tuple[int, ...]]]:
    """The sentences of several sources that answer best together, by source.

    Args:
        sources: the best first.
        kind: of the question.
        room: words; the first sentence that is chosen may have more.
    """
    gains = {
        (number, place): gain + source.relevance / sources[0].relevance - (_OTHER if number else 0)
        for number, source in enumerate(sources[:_TOGETHER])
        for place, gain in enumerate(gains_of(source, kind))
        if _quotable(source, place)
    }
    taken: list[tuple[int, int]] = []
    for number, place in sorted(gains, key=lambda at: -gains[at]):
        length = len(sources[number].sentences[place].split())
        if not taken or length <= room:
            taken.append((number, place))
            room -= length
    order = list(dict.fromkeys(number for number, _ in taken))  # what answers best comes first
    return [(sources[number], _told(sources[number], kind, [
        place for one, place in taken if one == number])) for number in order]


def _quotable(source: Source, place: int) -> bool:
    """Whether a sentence reports: strangers' may also order, the library's own are trusted."""
    return source.paper.is_primer or not addressed(source.sentences[place])


def _told(source: Source, kind: Kind, taken: Sequence[int]) -> tuple[int, ...]:
    """What answers first, then the rest in reading order."""
    first = _first(source, kind, taken, gains_of(source, kind))
    return (*first, *(place for place in sorted(taken) if place not in first))


def _first(
    source: Source, kind: Kind, taken: Sequence[int], gains: Sequence[float]
) -> tuple[int, ...]:
    """The sentences that answer by themselves, in reading order."""
    for match in closest(source.matches, kind):
        if match.score >= _SURE and set(match.question.sentences) <= set(taken):
            return match.question.sentences
    return (max(taken, key=lambda place: gains[place]),) if taken else ()


def gains_of(source: Source, kind: Kind) -> list[float]:
    """How well each sentence of a source answers, in its order."""
    stored = [0.0] * len(source.sentences)
    for match in closest(source.matches, kind):
        for place in match.question.sentences:
            if place < len(stored):
                stored[place] = max(stored[place], _worth(match, kind) - 0.5)
    cue = _CUES.get(kind)
    return [
        source.scores[i] + _STORED * stored[i]
        + (_CUE if cue is not None and cue.search(text) else 0.0)
        + (_OPENS if i == 0 and kind == "definition" else 0.0)
        for i, text in enumerate(source.sentences)
    ]

