"""What a like or a dislike did to an order: which papers moved, and what they have in common.

Example:
    >>> in_words(Moves(up=("a", "b"), down=("c",), words=("weak lensing",), sharing=2, liked=True))
    '2 papers moved up: weak lensing; 1 moved down'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.literature.ranking.explanations import common_words
from core.literature.text.paper import Paper

__all__ = ["Moves", "in_words", "moves"]

_PAIR = 1.5
_MOST_WORDS = 3


@dataclass(frozen=True)
class Moves:
    """What moved; the paper that was judged is not counted, nor is the gap that it left.

    Attributes:
        up, down: ids of the papers that stand higher or lower among the others, the furthest
            first.
        words: terms of the field that those which a like lifts, or a dislike lowers, share with the
            paper that was judged, as they spell them.
        sharing: how many of those have one of the words.
        liked: whether it was a like.
    """

    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    sharing: int = 0
    liked: bool = True


def moves(
    before: Sequence[str], after: Sequence[str], papers: Sequence[Paper], judged: Paper, liked: bool
) -> Moves:
    """The papers that stand elsewhere than before, counted from the two orders.

    Args:
        before, after: ids in order.
        papers: of the list.
        judged: the paper that was liked or disliked.
        liked: whether what is like it should have risen, rather than fallen.
    """
    place = {id: i for i, id in enumerate(id for id in before if id != judged.id)}
    others = [id for id in after if id in place]
    shifts = {id: place[id] - i for i, id in enumerate(others) if place[id] != i}
    furthest = sorted(shifts, key=lambda id: -abs(shifts[id]))
    up = tuple(id for id in furthest if shifts[id] > 0)
    down = tuple(id for id in furthest if shifts[id] < 0)
    moved = set(up if liked else down)
    near = common_words(judged, [paper for paper in papers if paper.id in moved])
    counted: dict[str, float] = {}
    for word in (word for words in near.values() for word in words):
        counted[word] = counted.get(word, 0) + (_PAIR if " " in word else 1)
    most = sorted(counted, key=lambda word: -counted[word])[:_MOST_WORDS]
    sharing = sum(not set(most).isdisjoint(words) for words in near.values())
    return Moves(up, down, tuple(most), sharing, liked)


def in_words(moved: Moves) -> str:
    """As "3 papers moved up: weak lensing; 9 moved down"; empty if none moved."""
    ways = [(moved.up, "up"), (moved.down, "down")]
    (first, way), (second, other) = ways if moved.liked else ways[::-1]
    if not first:
        return ""
    said = f"{len(first)} {'paper' if len(first) == 1 else 'papers'} moved {way}"
    if moved.sharing == len(first):
        said += f": {', '.join(moved.words)}"
    elif moved.sharing:
        verb = "shares" if moved.sharing == 1 else "share"
        said += f" ({moved.sharing} of them {verb}: {', '.join(moved.words)})"
    return f"{said}; {len(second)} moved {other}" if second else said
