"""The day's papers ranked for one reader, each with its reasons in words.

The score is :mod:`core.literature.ranking.relevance` plus a fixed step for a followed author; the
reasons are the largest terms of that very score. Papers that the reader disliked go after the
others, those with a muted word last. One paper that is far from the interests, yet near to much of
the day, is put near the top, so that the reader's own likes do not close in on them.

Example:
    >>> rank(papers, Profile(interests="weak lensing"), library)[0].reasons
    ('near your interests: weak lensing',)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.literature.library.library import Library
from core.literature.ranking.authors import first_followed
from core.literature.ranking.explanations import PaperTexts, ProfileScorer
from core.literature.ranking.muted import muted_word
from core.literature.ranking.profile import Profile
from core.literature.ranking.relevance import FEATURES, PreferenceVectors, load_relevance_model
from core.literature.text.paper import Paper

__all__ = ["EXPLORATORY_PLACE", "SHORTEST", "Ranked", "rank"]

EXPLORATORY_PLACE = 7
"""Where the exploratory paper stands, counted from 0."""
SHORTEST = 12
"""Papers that are neither muted nor disliked for there to be an exploratory one."""
_FOLLOWED = 4.0
"""What a followed author adds to the score's logit: set by hand, as no reader's choice is known."""


@dataclass(frozen=True)
class Ranked:
    """A paper in its place.

    Attributes:
        paper: as given.
        score: 0 to 1, of the fitted model: the probability that the paper is wanted.
        reasons: in words, what weighs most in the score first; plain text, never markup.
        exploratory: whether it stands where it does to show something else.
        muted: whether it has a muted word, and so stands last.
        pushed: whether it is like a disliked one, and so stands lower.
    """

    paper: Paper
    score: float
    reasons: tuple[str, ...]
    exploratory: bool = False
    muted: bool = False
    pushed: bool = False


def rank(
    papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool = True
) -> list[Ranked]:
    """Order papers by a profile: the best first, then the disliked ones, then the muted ones.

    Args:
        papers: of a day, say; of two with one id both are kept.
        profile: of the reader; without any interests the order stays as given.
        library: has the papers that the profile names, and the vectors of those that are embedded;
            where there are none, words alone decide.
        meaning: read the written interests by meaning too, for which MiniLM is loaded at first use
            (seconds); otherwise by their words.
    """
    ranked = [_with_muted(one, profile.muted) for one in _scored(papers, profile, library, meaning)]
    kept = [one for one in ranked if not one.muted]
    last = [one for one in ranked if one.muted]
    if not profile.has_interests:
        return kept + last
    for part in (kept, last):
        part.sort(key=lambda one: -one.score)
    disliked = [one for one in kept if one.paper.id in profile.disliked]
    kept = [one for one in kept if one.paper.id not in profile.disliked]
    return _with_exploratory(kept, profile, library) + disliked + last


def _scored(
    papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool
) -> list[Ranked]:
    if not profile.has_interests:
        reason = "in the order given: you have not said yet what interests you"
        return [Ranked(paper, 0.5, (reason,)) for paper in papers]
    scorer = ProfileScorer(papers, profile, library, meaning)
    logits = load_relevance_model().bias + scorer.terms.sum(axis=1)
    ranked = []
    for number, paper in enumerate(papers):
        author = first_followed(paper.authors, profile.authors)
        others = {f"by {author}, whom you follow": _FOLLOWED} if author else {}
        logit = float(logits[number]) + sum(others.values())
        score = 1 / (1 + math.exp(-logit))
        reasons = scorer.reasons(number, others)
        ranked.append(Ranked(paper, score, reasons, pushed=bool(scorer.pushed[number])))
    return ranked


def _with_muted(one: Ranked, muted: Sequence[str]) -> Ranked:
    """Say so where the title or the abstract has a muted word."""
    if not muted:
        return one
    word = muted_word(one.paper, muted)
    if word is None:
        return one
    return Ranked(one.paper, one.score, (f"muted: it says “{word}”",), muted=True)


def _with_exploratory(ranked: list[Ranked], profile: Profile, library: Library) -> list[Ranked]:
    """Put the paper nearest to the whole day, among the less wanted half, near the top."""
    known = {*profile.liked, *profile.seeds}
    if len(ranked) < SHORTEST or not (known or profile.interests):
        return ranked
    half = range(max((len(ranked) + 1) // 2, EXPLORATORY_PLACE + 1), len(ranked))
    free = [i for i in half if ranked[i].paper.id not in known and not ranked[i].pushed]
    if not free:
        return ranked
    central = _centrality([one.paper for one in ranked], library)
    chosen = max(free, key=lambda i: central[i])
    one = ranked[chosen]
    reason = "something else: far from your interests, yet near to much of what is here"
    shown = Ranked(one.paper, one.score, (reason,), exploratory=True)
    rest = ranked[:chosen] + ranked[chosen + 1 :]
    return [*rest[:EXPLORATORY_PLACE], shown, *rest[EXPLORATORY_PLACE:]]


def _centrality(papers: Sequence[Paper], library: Library) -> np.ndarray:
    """Cosine of each paper to the mean of all, by meaning and by words together."""
    texts = PaperTexts([paper.id for paper in papers], library)(papers)
    found = load_relevance_model().features(texts, PreferenceVectors(liked=texts))
    return found[:, FEATURES.index("near")] + found[:, FEATURES.index("words")]
