"""What a like or a dislike did to an order: which papers moved, and what they have in common.

Example:
    >>> in_words(Moves(up=("a", "b"), words=("weak lensing",)))
    '2 papers moved up: weak lensing'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.literature.ranking.explanations import common_words, likeness
from core.literature.text.paper import Paper

__all__ = ["Moves", "in_words", "moves"]

_LEAST = 2
"""Places that count as a move: a paper that one other passed has not moved."""
_MOST = 10
_PAIR = 1.5
_MOST_WORDS = 3


@dataclass(frozen=True)
class Moves:
    """What moved.

    Attributes:
        up, down: ids of the papers that rose or fell for their likeness, the furthest first.
        words: terms of the field that they share with the paper that was judged, as they spell
            them.
        made_room: how many others stand elsewhere than before, only because those moved.
    """

    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    made_room: int = 0


def moves(
    before: Sequence[str], after: Sequence[str], papers: Sequence[Paper], judged: Paper, liked: bool
) -> Moves:
    """The papers that moved with the judgement, not those that only made room.

    Args:
        before, after: ids in order.
        papers: of the list.
        judged: the paper that was liked or disliked.
        liked: whether what is like it should have risen, rather than fallen.
    """
    place = {id: i for i, id in enumerate(before)}
    shifts = {id: place[id] - i for i, id in enumerate(after) if id in place and id != judged.id}
    wanted = 1 if liked else -1
    moved = [id for id, shift in shifts.items() if wanted * shift >= _LEAST]
    alike = [id for id in _alike(judged, papers) if id in set(moved)][:_MOST]
    near = common_words(judged, [paper for paper in papers if paper.id in alike])
    counted: dict[str, float] = {}
    for word in (word for words in near.values() for word in words):
        counted[word] = counted.get(word, 0) + (_PAIR if " " in word else 1)
    most = sorted(counted, key=lambda word: -counted[word])[:_MOST_WORDS]
    alike.sort(key=lambda id: -abs(shifts[id]))
    rest = sum(shift != 0 for id, shift in shifts.items() if id not in alike)
    return Moves(tuple(alike) if liked else (), () if liked else tuple(alike), tuple(most), rest)


def _alike(judged: Paper, papers: Sequence[Paper]) -> list[str]:
    """Ids of the papers that are more like one than most of the list is, the nearest first."""
    near = likeness(judged, papers)
    order = np.argsort(-near, kind="stable")
    return [papers[i].id for i in order if near[i] > near.mean() and papers[i].id != judged.id]


def in_words(moved: Moves) -> str:
    """As "3 papers moved up: weak lensing"; empty if none moved."""
    for ids, where in ((moved.up, "up"), (moved.down, "down")):
        if ids:
            noun = "paper" if len(ids) == 1 else "papers"
            about = f": {', '.join(moved.words)}" if moved.words else ""
            room = f"; {moved.made_room} more made room" if moved.made_room else ""
            return f"{len(ids)} {noun} moved {where}{about}{room}"
    return ""
