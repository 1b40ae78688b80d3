"""The day's papers in the order that matters to one reader, each place explained in words.

The score is :mod:`core.literature.nearness` plus a fixed step for a followed author; the reasons
are the largest terms of that very score. Papers with a muted word go last. One paper that is far
from the interests, yet near to much of the day, is put near the top, so that the reader's own
likes do not close in on them.

Example:
    >>> rank(papers, Profile(interests="weak lensing"), library)[0].reasons
    ('near your interests: weak lensing (0.61)',)
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.literature.embedding import embed
from core.literature.library import Library, Paper
from core.literature.nearness import FEATURES, Taste, Text, common_terms, load_nearness
from core.literature.profile import Profile
from core.literature.text import clean

__all__ = ["EXPLORATORY_PLACE", "SHORTEST", "Ranked", "rank"]

EXPLORATORY_PLACE = 7
"""Where the exploratory paper stands, counted from 0."""
SHORTEST = 12
"""Papers that are not muted for there to be an exploratory one."""
_FOLLOWED = 4.0
_WORTH_SAYING = 0.25
_MOST_REASONS = 3
_MOST_TERMS = 3
_TITLE = 70

_GROUPS: dict[str, tuple[str, ...]] = {
    "liked": ("near", "nearest"),
    "liked words": ("words", "nearest_words"),
    "interests": ("interests", "interest_words"),
    "disliked": ("unlike", "unlike_words"),
}


@dataclass(frozen=True)
class Ranked:
    """A paper in its place.

    Attributes:
        paper: as given.
        score: 0 to 1; what the fitted mix gives for how surely it is wanted.
        reasons: in words, what weighs most in the score first; plain text, never markup.
        exploratory: whether it stands where it does to show something else.
        muted: whether it has a muted word, and so stands last.
    """

    paper: Paper
    score: float
    reasons: tuple[str, ...]
    exploratory: bool = False
    muted: bool = False


def rank(
    papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool = True
) -> list[Ranked]:
    """Order papers by a profile: the best first, then the disliked ones, then the muted ones.

    Args:
        papers: of a day, say; of two with one id both are kept.
        profile: of the reader; without any interests the order stays as given.
        library: has the liked papers, and the vectors of those that are embedded; where there are
            none, words alone decide.
        meaning: read the written interests by meaning too, for which MiniLM is loaded at first use
            (seconds); otherwise by their words.
    """
    muted = [_muted_word(paper, profile.muted) for paper in papers]
    if not profile.has_interests:
        reason = ("in the order given: you have not said yet what interests you",)
        ranked = [Ranked(paper, 0.5, reason) for paper in papers]
    else:
        ranked = _scored(papers, profile, library, meaning)
    kept = [r for r, word in zip(ranked, muted, strict=True) if word is None]
    last = [
        Ranked(r.paper, r.score, (f"muted: it says “{word}”",), muted=True)
        for r, word in zip(ranked, muted, strict=True) if word is not None
    ]  # fmt: skip
    if not profile.has_interests:
        return kept + last
    disliked = set(profile.disliked)
    kept.sort(key=lambda one: (one.paper.id in disliked, -one.score))
    last.sort(key=lambda one: -one.score)
    return _with_exploratory(kept, profile, library) + last


# --- the score and its reasons --------------------------------------------------------------------


def _scored(
    papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool
) -> list[Ranked]:
    nearness = load_nearness()
    opinions = _Opinions(papers, profile, library, meaning)
    texts = [opinions.text(paper) for paper in papers]
    terms = nearness.contributions(nearness.features(texts, opinions.taste))
    ranked = []
    for paper, text, row in zip(papers, texts, terms, strict=True):
        followed = _followed(paper, profile.authors)
        logit = nearness.bias + float(row.sum()) + (_FOLLOWED if followed else 0.0)
        reasons = opinions.reasons(paper, text, row, followed)
        ranked.append(Ranked(paper, 1 / (1 + math.exp(-logit)), reasons))
    return ranked


class _Opinions:
    """What the profile's papers and interests are, as texts."""

    def __init__(
        self, papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool
    ) -> None:
        self.nearness = load_nearness()
        self.given = {paper.id: paper for paper in papers}
        ids = dict.fromkeys((*self.given, *profile.seeds, *profile.liked, *profile.disliked))
        self.vectors = library.whole_vectors(list(ids))
        self.library = library
        self.liked = self._papers((*profile.liked, *profile.seeds), set(profile.disliked))
        self.disliked = self._papers(profile.disliked, set())
        self.seeds = set(profile.seeds) - set(profile.liked)
        self.interests = clean(profile.interests)
        self.taste = Taste(
            [self.text(paper) for paper in self.liked],
            [self.text(paper) for paper in self.disliked],
            self._wish(meaning) if self.interests else None,
        )

    def _papers(self, ids: Sequence[str], without: set[str]) -> list[Paper]:
        found = (self.given.get(id) or self.library.get(id) for id in dict.fromkeys(ids))
        return [paper for paper in found if paper is not None and paper.id not in without]

    def text(self, paper: Paper) -> Text:
        text = _read(clean(f"{paper.title}. {paper.abstract}"))
        return self.nearness.placed(text, self.vectors.get(paper.id))

    def _wish(self, meaning: bool) -> Text:
        vector = _meaning(self.interests) if meaning and self.vectors else None
        return self.nearness.wish(self.interests, vector)

    def reasons(
        self, paper: Paper, text: Text, row: np.ndarray, followed: str | None
    ) -> tuple[str, ...]:
        """The largest terms of the score, in words."""
        terms = {
            name: float(sum(row[FEATURES.index(f)] for f in group))
            for name, group in _GROUPS.items()
        }
        if followed:
            terms["followed"] = _FOLLOWED
        say: dict[str, Callable[[bool], str]] = {
            "liked": lambda up: self._like_one(text, paper, self.liked, self.taste.liked, up),
            "liked words": lambda up: self._shared(paper, text),
            "interests": lambda up: self._near_interests(paper, text, up),
            "disliked": lambda up: self._like_one(
                text, paper, self.disliked, self.taste.disliked, not up
            ),
            "followed": lambda up: f"by {followed}, whom you follow",
        }
        order = sorted(terms, key=lambda name: -abs(terms[name]))[:_MOST_REASONS]
        told = [say[name](terms[name] > 0) for name in order if abs(terms[name]) > _WORTH_SAYING]
        return tuple(told) or ("little in it is near your interests",)

    def _like_one(
        self, text: Text, paper: Paper, papers: Sequence[Paper], read: Sequence[Text], near: bool
    ) -> str:
        verb = "disliked" if read is self.taste.disliked else "liked"
        if not near:
            return f"far from what you {verb}"
        if any(paper.id == other.id for other in papers):
            return f"you {'named' if paper.id in self.seeds else verb} it"
        cosines = [_cosine(text, other) for other in read]
        best = int(np.argmax(cosines))
        other = papers[best]
        verb = "named" if other.id in self.seeds and verb == "liked" else verb
        return f"like “{_short(other.title or other.id)}” that you {verb} ({cosines[best]:.2f})"

    def _shared(self, paper: Paper, text: Text) -> str:
        shared = _as_written(common_terms(text, self.taste.liked, 2 * _MOST_TERMS), paper)
        return f"shares words with what you liked: {', '.join(shared)}"

    def _near_interests(self, paper: Paper, text: Text, near: bool) -> str:
        wish = self.taste.interests
        assert wish is not None
        if not near:
            return "far from your interests"
        shared = _as_written(common_terms(text, [wish], 2 * _MOST_TERMS), paper)
        about = f": {', '.join(shared)}" if shared else ""
        return f"near your interests{about} ({_cosine(text, wish):.2f})"


def _as_written(terms: Sequence[str], paper: Paper) -> list[str]:
    """Terms as the paper spells them ("lens", not "len"); those it says otherwise are left out."""
    text = f"{paper.title}. {paper.abstract}".casefold()
    found = (_spelt(term).search(text) for term in terms)
    return [" ".join(match[0].split()) for match in found if match][:_MOST_TERMS]


@lru_cache(maxsize=4096)
def _spelt(term: str) -> re.Pattern[str]:
    inner = r"s?[\s-]+".join(re.escape(word) for word in term.split())
    return re.compile(rf"(?<!\w){inner}s?(?!\w)")


def _cosine(text: Text, other: Text) -> float:
    """By meaning if both have vectors, otherwise by words."""
    if text.vector is not None and other.vector is not None:
        return float(text.vector @ other.vector)
    weights = dict(zip(other.terms, other.weights.tolist(), strict=True))
    pairs = zip(text.terms, text.weights.tolist(), strict=True)
    return sum(weight * weights.get(term, 0.0) for term, weight in pairs)


@lru_cache(maxsize=1024)
def _read(text: str) -> Text:
    return load_nearness().text(text)


@lru_cache(maxsize=64)
def _meaning(text: str) -> np.ndarray:
    return embed([text])[0]


def _short(title: str) -> str:
    title = clean(title)
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


# --- the exploratory paper ------------------------------------------------------------------------


def _with_exploratory(
    ranked: list[Ranked], profile: Profile, library: Library
) -> list[Ranked]:
    """Put the paper nearest to the whole day, among the less wanted half, near the top."""
    if len(ranked) < SHORTEST:
        return ranked
    known = {*profile.liked, *profile.seeds, *profile.disliked}
    half = range(max(len(ranked) // 2, EXPLORATORY_PLACE), len(ranked))
    free = [i for i in half if ranked[i].paper.id not in known and not _pushed(ranked[i])]
    if not free:
        return ranked
    centrality = _centrality([one.paper for one in ranked], library)
    chosen = max(free, key=lambda i: centrality[i])
    one = ranked.pop(chosen)
    reason = "something else: far from your interests, yet near to much of what is here"
    shown = Ranked(one.paper, one.score, (reason,), exploratory=True)
    ranked.insert(EXPLORATORY_PLACE, shown)
    return ranked


def _pushed(one: Ranked) -> bool:
    return any("you disliked (" in reason for reason in one.reasons)


def _centrality(papers: Sequence[Paper], library: Library) -> np.ndarray:
    """Cosine of each paper to the mean of all: by meaning and by words, where there are vectors."""
    nearness = load_nearness()
    vectors = library.whole_vectors([paper.id for paper in papers])
    texts = [
        nearness.placed(_read(clean(f"{p.title}. {p.abstract}")), vectors.get(p.id)) for p in papers
    ]
    found = nearness.features(texts, Taste(liked=texts))
    return found[:, FEATURES.index("near")] + found[:, FEATURES.index("words")]


# --- authors and muted words ----------------------------------------------------------------------


def _followed(paper: Paper, authors: Sequence[str]) -> str | None:
    """The first author of the paper that is followed, as the paper writes the name."""
    wanted = [_name(author) for author in authors]
    return next(
        (clean(a) for a in paper.authors if any(_same(_name(a), name) for name in wanted)), None
    )


@lru_cache(maxsize=16384)
def _name(name: str) -> tuple[str, tuple[str, ...]]:
    """Surname and given names, without accents, capitals and stops; "Doe, J." is J. Doe."""
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    parts = re.findall(r"\w+", plain.casefold().replace("-", " ").replace("'", ""))
    return (parts[-1], tuple(parts[:-1])) if parts else ("", ())


def _same(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> bool:
    """Whether two names can be one person's: equal surnames, first names that agree as far as
    both are given."""
    if not one[0] or one[0] != other[0]:
        return False
    if not one[1] or not other[1]:
        return one[1] == other[1]
    first, second = one[1][0], other[1][0]
    return first == second or (min(len(first), len(second)) == 1 and first[0] == second[0])


def _muted_word(paper: Paper, muted: Sequence[str]) -> str | None:
    """The first muted word, or words, that the title or the abstract says."""
    if not muted:
        return None
    text = clean(f"{paper.title}\n{paper.abstract}").casefold()
    return next((word for word in muted if _pattern(word).search(text)), None)


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(clean(word).casefold())}(?:s|es)?(?!\w)")
