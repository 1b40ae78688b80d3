"""What a dislike does to the other papers of a list.

It acts on what is like the disliked paper beyond chance, and not on whatever happens to be next to
it: two papers of one day are always a little alike. What the reader asked for in words outweighs
it: a paper that matches an interest well falls among those that match, never below those that do
not.
"""

from __future__ import annotations

import numpy as np

__all__ = ["kept_by_interests", "pushed_down"]

_PUSH = 4.0
"""What a likeness of one standard deviation beyond chance takes from the logit: about as much as a
name among the interests gives."""
_CHANCE = 0.7
"""Standard deviations above the mean likeness of two papers of a day, up to which it is chance."""
_MOST = 2.5
_A_DAY = 4
_ALIKE = 0.2
"""What likeness within chance takes at most: enough to order papers that nothing else orders."""
_WELL, _SOMEWHAT = 0.5, 0.25
"""Shares of the best match of the day to an interest: a good one, and hardly one."""
_KEEPS = 0.5


def pushed_down(
    near: np.ndarray, among: np.ndarray, evident: np.ndarray, to_liked: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """What dislikes take from the score of papers.

    The two dislikes that weigh most count, so that those of many days do not sum up to everything.

    Args:
        near: (papers, disliked) how like each other they are.
        among: (papers, papers) the same among the papers.
        evident: (papers, disliked) whether their meanings are known or they share a term of the
            field; words such as "half" alone make no likeness.
        to_liked: (papers,) likeness to the nearest paper that was liked; what is nearer to that is
            left alone.

    Returns:
        (papers,) 0 or less; (papers,) whether it is like a disliked paper beyond chance.
    """
    number = len(near)
    if not near.size or number < _A_DAY:
        return np.zeros(number), np.zeros(number, bool)
    pairs = among[~np.eye(number, dtype=bool)]
    pairs = pairs[pairs < np.quantile(pairs, 0.98)] if pairs.size > 50 else pairs  # no twins
    mean, spread = float(pairs.mean()), max(float(pairs.std()), 1e-6)
    beyond = np.clip((near - mean) / spread - _CHANCE, 0, _MOST) * evident
    within = np.clip(near / (mean + _CHANCE * spread), 0, 1)
    if to_liked is not None:
        free = near > to_liked[:, None]
        beyond, within = beyond * free, within * free
    taken = _PUSH * beyond + _ALIKE * within
    return -np.sort(taken, axis=1)[:, -2:].sum(axis=1), (beyond > 0).any(axis=1)


def kept_by_interests(taken: np.ndarray, given: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """The part of what dislikes take that stands against what the interests give.

    Args:
        taken: (papers,) from the score by dislikes, 0 or less.
        given: (papers,) to the score by written interests, 0 where no word of them is said.
        judged: (papers,) whether the paper itself was disliked, which nothing protects.

    Returns:
        (papers,) between ``taken`` and 0.
    """
    best = float(given.max(initial=0.0))
    if best <= 0:
        return taken
    match = np.clip((given / best - _SOMEWHAT) / (_WELL - _SOMEWHAT), 0, 1) * ~judged
    least = np.minimum(0, -(1 - _KEEPS) * given)
    return (1 - match) * taken + match * np.maximum(taken, least)
