"""The reasons for a paper's rank: the largest terms of its score, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np

from core.literature.library.library import Library
from core.literature.ranking.dislikes import kept_by_interests, pushed_down
from core.literature.ranking.field_terms import is_of_field
from core.literature.ranking.interests import (
    Interest,
    encoded,
    evidence_in,
    meant,
    read_interests,
    share_said,
)
from core.literature.ranking.profile import Profile
from core.literature.ranking.relevance import (
    FEATURES,
    EncodedText,
    PreferenceVectors,
    common_terms,
    cosines,
    load_relevance_model,
    similarities,
    summed,
    word_cosines,
)
from core.literature.text.embedding import embed
from core.literature.text.normal_form import written
from core.literature.text.paper import Paper
from core.literature.text.text import clean

__all__ = ["PaperTexts", "ProfileScorer", "common_words"]

_WORTH_SAYING = 0.5
_COMMON = 0.3
"""Share of texts from which a term of the field explains nothing."""
_MOST_REASONS = 3
_MOST_TERMS = 3
_TITLE = 70
_IN_TITLE = 1.0
"""What the words of an interest add to its likeness where a title says all of them."""

_OF_INTERESTS = slice(FEATURES.index("interests"), FEATURES.index("interest_words") + 1)
_OF_DISLIKES = slice(FEATURES.index("unlike"), FEATURES.index("unlike_words") + 1)
_GROUPS: dict[str, tuple[str, ...]] = {
    "liked": ("near", "nearest"),
    "liked words": ("words", "nearest_words"),
    "interests": ("interests", "interest_words"),
    "disliked": ("unlike", "unlike_words"),
}


class PaperTexts:
    """Papers as the relevance model encodes them, with their vectors where the library has them.

    Args:
        ids: of all papers that will be asked for.
        library: that has the vectors.
    """

    def __init__(self, ids: Sequence[str], library: Library) -> None:
        self.vectors = library.whole_vectors(ids)

    def __call__(self, papers: Sequence[Paper]) -> list[EncodedText]:
        """Encode papers."""
        with_vector = load_relevance_model().with_vector
        return [
            with_vector(_encoded_paper(paper), self.vectors.get(paper.id)) for paper in papers
        ]


class ProfileScorer:
    """The relevance of papers to a profile, and the reasons in words.

    Args:
        papers: to be judged.
        profile: of the reader.
        library: has the papers that the profile names.
        meaning: whether MiniLM may be loaded to read the interests.
    """

    def __init__(
        self, papers: Sequence[Paper], profile: Profile, library: Library, meaning: bool
    ) -> None:
        given = {paper.id: paper for paper in papers}
        named = dict.fromkeys((*profile.liked, *profile.seeds, *profile.disliked))
        found = {id: given.get(id) or library.get(id) for id in named}
        known = {id: paper for id, paper in found.items() if paper is not None}
        disliked = [id for id in profile.disliked if id in known]
        liked = [id for id in known if id not in disliked]
        self.seeds = set(profile.seeds) - set(profile.liked)
        self.papers = papers
        self.liked = [known[id] for id in liked]
        self.disliked = [known[id] for id in disliked]
        read = PaperTexts([*dict.fromkeys((*given, *known))], library)
        self.texts = read(papers)
        self.interests = read_interests(profile.interests)
        relevance = load_relevance_model()
        vectors = _meanings(self.interests) if meaning and read.vectors else None
        interests = [
            encoded(interest, relevance, None if vectors is None else vectors[i])
            for i, interest in enumerate(self.interests)
        ]
        self.preferences = PreferenceVectors(read(self.liked), read(self.disliked), interests)

    @cached_property
    def terms(self) -> np.ndarray:
        """What each feature adds to the score of each paper, (papers, features)."""
        relevance = load_relevance_model()
        features = relevance.features(self.texts, self.preferences)
        if self.interests:
            features[:, FEATURES.index("interest_words")] = self._to_interests.max(axis=1)
        features[~self._says_an_interest, _OF_INTERESTS] = 0
        terms = relevance.contributions(features)
        taken = terms[:, _OF_DISLIKES].sum(axis=1)
        given = terms[:, _OF_INTERESTS].sum(axis=1)
        kept = kept_by_interests(taken + self._pushed_down[0], given, self._is_disliked)
        terms[:, FEATURES.index("unlike")] += kept - taken
        return terms

    @cached_property
    def _is_disliked(self) -> np.ndarray:
        """(papers,) whether each was disliked itself."""
        ids = {paper.id for paper in self.disliked}
        return np.array([paper.id in ids for paper in self.papers], bool)

    @cached_property
    def _pushed_down(self) -> tuple[np.ndarray, np.ndarray]:
        """(papers,) what dislikes take from the score beyond the model, 0 or less; (papers,)
        whether each is like a disliked one beyond chance."""
        near = similarities(self.texts, self.preferences.disliked) if self.disliked else np.zeros(
            (len(self.papers), 0))
        liked = (similarities(self.texts, self.preferences.liked).max(axis=1)
                 if self.liked and self.disliked else None)
        among = similarities(self.texts, self.texts) if near.size else near
        return pushed_down(near, among, self._evident, liked)

    @property
    def _evident(self) -> np.ndarray:
        """(papers, disliked) whether more than chance words can tell that they are alike."""
        disliked = self.preferences.disliked
        telling = [frozenset(filter(_is_telling, other.terms)) for other in disliked]
        return np.array([
            [(text.vector is not None and other.vector is not None)
             or not terms.isdisjoint(text.terms)
             for other, terms in zip(disliked, telling, strict=True)]
            for text in self.texts
        ], bool).reshape(len(self.texts), len(disliked))

    @cached_property
    def _says_an_interest(self) -> np.ndarray:
        """(papers,) whether a paper has a word of evidence for any of the interests."""
        found = np.zeros(len(self.papers), bool)
        for interest in self.interests:
            found |= evidence_in(self.texts, interest, load_relevance_model())
        return found

    @property
    def pushed(self) -> np.ndarray:
        """(papers,) whether a paper is like a disliked one, and so stands lower."""
        return self._pushed_down[1]

    def reasons(self, number: int, others: dict[str, float]) -> tuple[str, ...]:
        """Why the paper with this number (of those given) has its score.

        Args:
            number: of the paper.
            others: further reasons and what each adds to the score.
        """
        row = self.terms[number]
        sizes = {
            name: float(sum(row[FEATURES.index(feature)] for feature in group))
            for name, group in _GROUPS.items()
        } | others
        if self._own(number, self.liked):  # that it has its own words needs no saying
            sizes["liked"] += sizes.pop("liked words")
        order = sorted(sizes, key=lambda name: -abs(sizes[name]))[:_MOST_REASONS]
        reasons = [
            name if name in others else self._say(name, number, sizes[name] > 0)
            for name in order if abs(sizes[name]) > _WORTH_SAYING
        ]  # fmt: skip
        return tuple(reasons) or ("little in it is near your interests",)

    def _say(self, name: str, number: int, raises: bool) -> str:
        if name == "liked":
            return self._liked(number) if raises else "far from what you liked"
        if name == "liked words":
            return f"shares words with what you liked{self._shared(number, self._liked_terms)}"
        if name == "disliked":
            return self._like_one(number, self.disliked, self._to_disliked, "disliked")
        if not raises:
            return "far from your interests"
        return f"near your interests{self._said(number)}"

    def _said(self, number: int) -> str:
        """The words of the nearest interest that the paper says, after a colon."""
        nearest = int(np.argmax(self._to_interests[number]))
        paper, text = self.papers[number], self.texts[number]
        own, interest = self.interests[nearest], self.preferences.interests[nearest]
        asked = [term for term in text.terms if term in set(own.terms)]
        rest = common_terms(text, summed([interest]), 2 * _MOST_TERMS, _is_telling)
        beside = [term for term in rest if not set(term.split()) & set(asked)]
        return _after_colon(_spelt_in(paper, [*asked, *beside]))

    def _liked(self, number: int) -> str:
        return self._like_one(number, self.liked, self._to_liked, "liked")

    def _like_one(
        self, number: int, papers: Sequence[Paper], cosine: np.ndarray, verb: str
    ) -> str:
        best = int(np.argmax(cosine[number]))
        own = self._own(number, papers)
        nearest = own[0] if own else papers[best]
        if verb == "liked" and nearest.id in self.seeds:
            verb = "named"
        if own:
            return f"you {verb} it"
        title = _short(nearest.title or nearest.id)
        shared = self._shared(number, summed([_encoded_paper(nearest)]))
        return f"like “{title}” that you {verb}{shared or ', as a whole'}"

    def _own(self, number: int, papers: Sequence[Paper]) -> list[Paper]:
        """The paper itself, if it is one of these."""
        return [paper for paper in papers if paper.id == self.papers[number].id]

    def _shared(self, number: int, others: dict[str, float]) -> str:
        """Terms in common as the paper spells them ("lens", not "len"), after a colon."""
        return _after_colon(_as_spelt(self.papers[number], self.texts[number], others))

    @cached_property
    def _liked_terms(self) -> dict[str, float]:
        return summed(self.preferences.liked)

    @cached_property
    def _to_liked(self) -> np.ndarray:
        return cosines(self.texts, self.preferences.liked)

    @cached_property
    def _to_disliked(self) -> np.ndarray:
        return cosines(self.texts, self.preferences.disliked)

    @cached_property
    def _to_interests(self) -> np.ndarray:
        """(papers, interests) likeness by words; more where the title says them."""
        found = word_cosines(self.texts, self.preferences.interests)
        titles = [_encoded(clean(paper.title)) for paper in self.papers]
        said = [share_said(titles, one, load_relevance_model()) for one in self.interests]
        return found * (1 + _IN_TITLE * np.array(said).T) if said else found


def common_words(judged: Paper, papers: Sequence[Paper]) -> dict[str, list[str]]:
    """Telling words that papers share with another, as each spells them, by id."""
    others = summed([_encoded_paper(judged)])
    return {paper.id: _as_spelt(paper, _encoded_paper(paper), others) for paper in papers}


def _after_colon(shown: Sequence[str]) -> str:
    return f": {', '.join(shown)}" if shown else ""


def _as_spelt(paper: Paper, text: EncodedText, others: dict[str, float]) -> list[str]:
    return _spelt_in(paper, common_terms(text, others, 2 * _MOST_TERMS, _is_telling))


def _spelt_in(paper: Paper, terms: Iterable[str]) -> list[str]:
    """The first terms as a paper spells them."""
    whole = f"{paper.title}. {paper.abstract}".casefold()
    found = [match[0] for term in terms if (match := _spelt(term).search(whole))]
    return [clean(term) for term in found[:_MOST_TERMS]]


def _encoded_paper(paper: Paper) -> EncodedText:
    return _encoded(clean(f"{paper.title}. {paper.abstract}"))


@lru_cache(maxsize=1024)
def _encoded(text: str) -> EncodedText:
    return load_relevance_model().encode(text)


def _meanings(interests: Sequence[Interest]) -> list[np.ndarray]:
    """Vectors of interests; those seen lately are not embedded again."""
    return [_meaning(meant(interest)) for interest in interests]


@lru_cache(maxsize=256)
def _meaning(text: str) -> np.ndarray:
    return embed([text])[0]


def _is_telling(term: str) -> bool:
    """Whether it is a term of the field that not every abstract says; "half" explains nothing."""
    relevance = load_relevance_model()
    return is_of_field(term) and relevance.frequency.get(term, 1) < _COMMON * relevance.texts


@lru_cache(maxsize=4096)
def _spelt(term: str) -> re.Pattern[str]:
    """Where a text in small letters says a term, in any spelling."""
    inner = r"[\s-]+".join(map(_any_spelling, term.split()))
    return re.compile(rf"(?<![\w\\]){inner}(?!\w)")


def _any_spelling(word: str) -> str:
    forms = sorted(written(word), key=len, reverse=True)
    return f"(?:{'|'.join(map(_with_endings, forms))})"


def _with_endings(form: str) -> str:
    """A word or words in one or many, with a space, a hyphen or an index between."""
    inner = re.escape(form).replace(r"\ ", r"[\s_-]*")
    return f"{inner[:-1]}(?:y|ies)" if form.endswith("y") else f"{inner}(?:s|es)?"


def _short(title: str) -> str:
    title = clean(title)
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
