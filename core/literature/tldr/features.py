"""Features of the sentences of an abstract, from which the TL;DR is chosen.

Words are compared by their stems, without formulas' commands. An "outline" is an abstract split
once into sentences and stems.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.literature.text.text import STOP_WORDS, clean, sentences
from core.literature.tldr.cues import CUES, STATES_CONTRIBUTION
from core.literature.tldr.result_cues import RESULT_CUES, is_about_the_sky

__all__ = ["SENTENCE_FEATURES", "WORD_FEATURES", "Outline", "sentence_features", "stems",
           "word_features"]

_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "e",
            "y")  # fmt: skip
_LONGEST = 20_000


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if len(word) > 4 and not word.endswith("ss"):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """Lower-case words without their endings, stop words included."""
    return [_stem(word) for word in _WORD.findall(_COMMAND.sub(" ", text).lower())]


_STOPS = frozenset(_stem(word) for word in STOP_WORDS)


@dataclass(frozen=True)
class Outline:
    """A title and an abstract, split once.

    Attributes:
        title: on one line; left out where the abstract is about the sky, for which the ranker
            has learnt from abstracts alone.
        sentences: of the abstract.
        sky: whether it is.
        heading: the title, whatever the abstract is about.
    """

    title: str
    sentences: tuple[str, ...]
    sky: bool = False
    heading: str = ""

    @classmethod
    def of(cls, title: str, abstract: str) -> Outline:
        """Split an abstract; what is beyond 20,000 characters is not read."""
        parts = tuple(sentences(clean(abstract)[:_LONGEST]))
        sky = is_about_the_sky(parts)
        heading = clean(title)[:_LONGEST]
        return cls("" if sky else heading, parts, sky, heading)

    @cached_property
    def title_stems(self) -> list[str]:
        return stems(self.title)

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The stems of the title without stop words."""
        return frozenset(self.title_stems) - _STOPS

    @cached_property
    def stems(self) -> list[list[str]]:
        return [stems(sentence) for sentence in self.sentences]

    @cached_property
    def overlaps(self) -> list[float]:
        """Of each sentence the share of the heading's telling stems that it has."""
        terms = frozenset(stems(self.heading)) - _STOPS
        return [len(terms & set(found)) / max(len(terms), 1) for found in self.stems]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often the abstract uses each stem."""
        return Counter(stem for found in self.stems for stem in found)

    @cached_property
    def spread(self) -> Counter[str]:
        """In how many sentences each stem is."""
        return Counter(stem for found in self.stems for stem in set(found))

    @cached_property
    def contributions(self) -> list[bool]:
        """Which sentences say what the paper does."""
        return [bool(STATES_CONTRIBUTION.search(sentence)) for sentence in self.sentences]

    @cached_property
    def contribution(self) -> int:
        """The first of them; -1 if there is none."""
        return self.contributions.index(True) if any(self.contributions) else -1


WORD_FEATURES = (
    "in title", "stop word in title", "stop word", "log count", "log sentences",
    "share of sentences",
    "share of words", "first place", "in first sentence", "only from last sentence",
    "in contribution", "in contribution and title", "told in contribution", "recall of title",
    "number", "length", "of long title", "log count if telling", "log count if in title",
    "contributions", "log words", "number in title", "short", "relative in title",
)  # fmt: skip


def word_features(outline: Outline) -> tuple[list[str], np.ndarray]:
    """The stems of an abstract and the features of each.

    Returns:
        The stems, and an array (stems, len(WORD_FEATURES)).
    """
    counts, title, terms = outline.counts, set(outline.title_stems), outline.title_terms
    last = len(outline.stems) - 1
    where: dict[str, list[int]] = {stem: [] for stem in counts}
    for place, found in enumerate(outline.stems):
        for stem in set(found):
            where[stem].append(place)
    recall = [len(terms & set(found)) / max(len(terms), 1) for found in outline.stems]
    telling = max(sum(n for stem, n in counts.items() if stem not in _STOPS), 1)
    begun = {stem[:5] for stem in outline.title_stems if len(stem) > 4}
    rows = []
    for stem, places in where.items():
        stop, titled, number = stem in _STOPS, stem in title, stem.isdigit()
        stated, log_count = outline.contribution in places, math.log(counts[stem])
        rows.append((
            titled, titled and stop, stop, log_count, math.log(len(places)),
            len(places) / (last + 1), counts[stem] / telling * 20, places[0] / max(last, 1),
            places[0] == 0, places[0] == last, stated, stated and titled, stated and not stop,
            max(recall[place] for place in places), number, len(stem) / 8,
            titled * len(outline.title_stems) / 10, log_count * (not stop),
            log_count * (titled and not stop), sum(outline.contributions[p] for p in places) / 3,
            math.log(sum(counts.values())) - 5, number and titled, len(stem) <= 2,
            not titled and stem[:5] in begun,
        ))  # fmt: skip
    return list(where), np.array(rows, float).reshape(-1, len(WORD_FEATURES))


_OF_PLACE = ("first", "second", "third", "last", "last but one", "place", "place squared",
             "log place", "one over sentences", "log sentences", "alone", "one of two")
_OF_LENGTH = ("length", "log length", "departure from 20", "beyond 30", "below 12", "beyond 40",
              "telling share", "length of words")
_OF_MEANING = ("title", "centroid", "others", "nearest other", "first sentence", "title below best",
               "centroid below best", "rank by title", "rank by centroid", "nearest to title",
               "nearest to centroid", "title squared")
_OF_TITLE = ("title recall", "title precision", "title overlap", "title pairs", "title words",
             "title recall squared", "length of title", "recall of long title", "title and recall",
             "title and overlap", "title if first")
_OF_ABSTRACT = ("log frequency", "share of sentences", "coverage")
_OF_CONTRIBUTION = ("first contribution", "before contribution", "contribution",
                    "no contribution", "from contribution", "after contribution",
                    "title if contribution", "recall if contribution")
_OF_FORM = ("digits", "percent", "formula", "bracket", "colon", "semicolon", "quotation", "commas",
            "capitals", "cut in front", "cut behind", "cut off")
_EXPECTED = ("expected overlap", "expected, short target", "expected, long target",
             "expected share", "expected words", "expected telling share",
             "expected telling words", "likeliest word", "unlikely words")
_PATTERNS = CUES | RESULT_CUES
_OF_SKY = (*_PATTERNS, "first", "last", "place", "length")
SENTENCE_FEATURES = (*_OF_PLACE, *_OF_LENGTH, *_OF_MEANING, *_OF_TITLE, *_OF_ABSTRACT,
                     *_OF_CONTRIBUTION, *_OF_FORM, *_EXPECTED, *(f"cue {cue}" for cue in _PATTERNS),
                     *(f"sky: {name}" for name in _OF_SKY))


def sentence_features(
    outline: Outline, candidates: Sequence[tuple[int, int, int]], vectors: np.ndarray,
    chances: dict[str, float], typical: float,
) -> np.ndarray:
    """The features of each candidate, a piece of a sentence.

    Those that come from the vectors are the same for all pieces of a sentence.

    Args:
        outline: of n sentences, at least one.
        candidates: index of the sentence, and start and end of the piece in it.
        vectors: unit vectors of the title and of the whole sentences, (1 + n, 384).
        chances: of each stem to stand in a summary.
        typical: number of words of a summary.

    Returns:
        Array (candidates, len(SENTENCE_FEATURES)).
    """
    meaning = _meaning(vectors, bool(outline.title))
    whole = [_title(outline, found) for found in outline.stems]
    count = len(outline.sentences)
    rows = []
    for place, start, end in candidates:
        text = outline.sentences[place][start:end]
        found = stems(text)
        near, recall = meaning[place, 0], whole[place][0]
        stated = outline.contribution == place
        placed, long = _place(place, count), _length(text, found)
        form = _form(outline.sentences[place], (start, end))
        cues = tuple(bool(cue.search(text)) for cue in _PATTERNS.values())
        again = (*cues, placed[0], placed[3], placed[5], long[0])
        rows.append((
            *placed, *long, *meaning[place],
            *_title(outline, found), near * recall, near * whole[place][2], near * (place == 0),
            *_abstract(outline, found), *_contribution(outline, place), stated * near,
            stated * recall,
            *form, *_expected(found, chances, typical), *cues,
            *(again if outline.sky else (0.0,) * len(_OF_SKY)),
        ))  # fmt: skip
    return np.array(rows, float).reshape(-1, len(SENTENCE_FEATURES))


def _place(place: int, count: int) -> tuple[float, ...]:
    share = place / max(count - 1, 1)
    return (place == 0, place == 1, place == 2, place == count - 1, place == count - 2, share,
            share**2, math.log1p(place), 1 / count, math.log(count), count == 1, count == 2)


def _length(text: str, found: list[str]) -> tuple[float, ...]:
    words = max(len(found), 1)
    telling = sum(stem not in _STOPS for stem in found)
    return (words / 20, math.log(words), abs(words - 20) / 20, max(words - 30, 0) / 10,
            max(12 - words, 0) / 10, max(words - 40, 0) / 10, telling / words,
            len(text) / words / 6)


def _meaning(vectors: np.ndarray, titled: bool) -> np.ndarray:
    title, each = titled * vectors[0], np.asarray(vectors[1:], float)
    count = len(each)
    near = each @ each.T
    centre = each.mean(0)
    to_title, to_centre = each @ title, each @ (centre / (np.linalg.norm(centre) + 1e-9))
    others = (near.sum(1) - near.diagonal()) / max(count - 1, 1)
    nearest = (near - 2 * np.eye(count)).max(1) if count > 1 else np.zeros(1)
    ranks = [np.argsort(np.argsort(-x, kind="stable")) for x in (to_title, to_centre)]
    return np.stack([
        to_title, to_centre, others, nearest, near[:, 0], to_title - to_title.max(),
        to_centre - to_centre.max(), *(rank / max(count - 1, 1) for rank in ranks),
        *(rank == 0 for rank in ranks), to_title**2,
    ], 1)  # fmt: skip


def _title(outline: Outline, found: list[str]) -> tuple[float, ...]:
    title, terms = outline.title_stems, outline.title_terms
    telling = set(found) - _STOPS
    shared = len(terms & telling)
    recall = shared / max(len(terms), 1)
    overlap = (Counter(title) & Counter(found)).total()
    pairs = set(zip(title, title[1:], strict=False))
    both = pairs & set(zip(found, found[1:], strict=False))
    return (recall, shared / max(len(telling), 1), 2 * overlap / max(len(title) + len(found), 1),
            len(both) / max(len(pairs), 1), shared / 5, recall**2, len(title) / 10,
            recall * len(title) / 10)


def _abstract(outline: Outline, found: list[str]) -> tuple[float, ...]:
    telling = [stem for stem in found if stem not in _STOPS]
    if not telling:
        return (0.0, 0.0, 0.0)
    counts = outline.counts
    spread = [outline.spread[stem] for stem in telling]
    total = sum(n for stem, n in counts.items() if stem not in _STOPS)
    return (math.log1p(sum(counts[stem] for stem in telling) / len(telling)),
            sum(spread) / len(telling) / len(outline.sentences),
            sum(counts[stem] for stem in set(telling)) / max(total, 1))


def _contribution(outline: Outline, place: int) -> tuple[float, ...]:
    first = outline.contribution
    return (first == place, 0 <= place < first, outline.contributions[place], first < 0,
            (place - first) / 10 if first >= 0 else 0.0,
            place > 0 and outline.contributions[place - 1])


def _form(sentence: str, span: tuple[int, int]) -> tuple[float, ...]:
    text = sentence[slice(*span)]
    capitals = sum(word[:1].isupper() for word in text.split()[1:])
    return (any(c.isdigit() for c in text), "%" in text, "$" in text, "(" in text, ":" in text,
            ";" in text, '"' in text, text.count(",") / 3, capitals / 5, span[0] > 0,
            span[1] < len(sentence), (len(sentence) - span[1]) / 100)


def _expected(found: list[str], chances: dict[str, float], typical: float) -> tuple[float, ...]:
    each = {stem: chances.get(stem, 0.0) for stem in set(found)}
    total, words = sum(each.values()), len(found)
    telling = [chance for stem, chance in each.items() if stem not in _STOPS]
    missing = sum(math.log(1 - chance + 1e-3) for chance in each.values()) / max(len(each), 1)
    return (2 * total / (words + typical), 2 * total / (words + 0.7 * typical),
            2 * total / (words + 1.4 * typical), total / max(words, 1), total / 10,
            sum(telling) / max(len(telling), 1), sum(telling) / 5,
            max(each.values(), default=0.0), missing)
