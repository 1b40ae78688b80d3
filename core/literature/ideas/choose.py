r"""Ideas of the collection that bear on a topic and differ from one another.

An idea's relevance is :math:`\cos(t, i) + \tfrac12 w`, with the embeddings of topic and idea and
the share :math:`w` of the topic's words, weighted by how rare they are, that the idea has, and
0.2 more where its own topic is named. Those
chosen maximise relevance less likeness to what is chosen already (maximal marginal relevance,
Carbonell & Goldstein 1998); likeness counts subject, data, method and level.

Example:
    >>> [idea.topic for idea in choose("cosmic voids", count=2)]
    ['voids', 'voids']
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

import numpy as np

from core.literature.ideas.collection import Idea, idea_vectors, read_ideas
from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights, clean, words, words_apart

__all__ = ["MOST", "Asked", "checked_count", "checked_topic", "choose", "without_misspellings"]

MOST = 12
"""Ideas that are given at once."""

Asked = Literal["bachelor", "master", "phd", "postdoc"]
"""Levels that somebody asks for; a bachelor is given the shortest of a master's."""

_LONGEST = 500
_LEAST = 0.45
_LEAST_BY_MEANING = 0.42
_LEAST_BY_WORDS = 0.3
_UNLIKE = 0.12
_NEAR_THE_BEST = 0.65
_OF_ITS_TOPIC = 0.2
_SPREAD = 0.04
_VARIETY = 0.7
_NO_TOPIC = 0.5
_FEWEST_LETTERS, _MOST_LETTERS = 6, 24
_ANYTHING = frozenset(words("cosmology cosmological astronomy astrophysics physics science space "
                            "universe research project topic cosmic new"))
_SHORT = 6
"""Months that suit a bachelor's thesis, once its scope is cut."""


@dataclass(frozen=True)
class _Collection:
    ideas: tuple[Idea, ...]
    vectors: np.ndarray
    texts: tuple[frozenset[str], ...]
    means: tuple[tuple[frozenset[str], frozenset[str]], ...]
    weights: TermWeights
    known: frozenset[str]


def choose(
    topic: str, count: int = 3, seed: int = 0, given: Collection[str] = (),
    level: Asked | None = None,
) -> list[Idea]:
    """Ideas for a topic, the most relevant first, each unlike those before it.

    Args:
        topic: what somebody typed, at most 500 characters; "" for any topic.
        count: from 1 to 12; fewer come where fewer bear on the topic.
        seed: another one gives other ideas among those that bear on it.
        given: ids of ideas not to give again.
        level: whom they are for; those of other levels come only where there are none of it.

    Raises:
        ValueError: one sentence, if nothing bears on the topic, if all that does was given, or if
            an argument is out of range.
    """  # fmt: skip
    count = checked_count(count)
    topic = checked_topic(topic)
    held = _collection(read_ideas())
    relevance = _relevance(topic, held)
    bearing = [int(i) for i in np.flatnonzero(relevance > 0)]
    if not bearing:
        raise ValueError(
            f"No idea of the collection bears on “{topic}”; name a topic of cosmology, such as "
            "cosmic voids, weak lensing or reionization."
        )
    left = [i for i in bearing if held.ideas[i].id not in given]
    if not left:
        raise ValueError("All ideas on this topic have been given; name another topic.")
    left = _of_level(left, held.ideas, count, level)
    noise = np.random.default_rng(seed).gumbel(scale=_SPREAD, size=len(relevance))
    return [held.ideas[i] for i in _varied(left, relevance + noise, held, count)]


def checked_count(count: int) -> int:
    """The count.

    Raises:
        ValueError: if it is not from 1 to 12.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"The number of ideas is from 1 to {MOST}, not {count}.")
    return int(count)


def checked_topic(topic: str) -> str:
    """The topic on one line.

    Raises:
        ValueError: if it is longer than 500 characters.
    """
    topic = clean(topic)
    if len(topic) > _LONGEST:
        raise ValueError(f"A topic has at most {_LONGEST} characters; this one has {len(topic)}.")
    return topic


def without_misspellings(found: Sequence[str], known: Collection[str]) -> list[str]:
    """Words, those that are unknown put as the known one that they are nearly spelt like."""
    return [_nearest(word, known) for word in found]


def _nearest(word: str, known: Collection[str]) -> str:
    """The known word with the same first and last letter, or the same letters, that is nearest."""
    if word in known or not _FEWEST_LETTERS <= len(word) <= _MOST_LETTERS:
        return word
    alike = [
        other for other in known if other[0] == word[0] and abs(len(other) - len(word)) < 2
        and (other[-1] == word[-1] or sorted(other) == sorted(word))
    ]
    return next(iter(get_close_matches(word, sorted(alike), n=1, cutoff=0.8)), word)


@lru_cache(maxsize=2)
def _collection(ideas: tuple[Idea, ...]) -> _Collection:
    texts = [f"{idea.topic} {idea.gist} {idea.data} {idea.method}" for idea in ideas]
    found = tuple(frozenset((*words(text), *words_apart(text))) for text in texts)
    means = tuple((frozenset(words(i.data)), frozenset(words(i.method))) for i in ideas)
    known: frozenset[str] = frozenset().union(*found)
    return _Collection(ideas, idea_vectors(), found, means, TermWeights.of(texts), known)


def _relevance(topic: str, held: _Collection) -> np.ndarray:
    """Of every idea, (n,); 0 where it does not bear on the topic."""
    typed = [word for word in words(topic) if word not in _ANYTHING]
    if not typed:
        return np.full(len(held.ideas), _NO_TOPIC)
    spelt = without_misspellings(typed, held.known)
    asked = list(dict.fromkeys(spelt))
    weights = {word: held.weights(word) for word in asked}
    whole = sum(weights.values()) or 1.0
    share = np.array([sum(weights[w] for w in asked if w in text) for text in held.texts]) / whole
    cosine = held.vectors @ embed([topic if spelt == typed else " ".join(spelt)])[0]
    of_topic = np.array([bool(_topic_words(idea.topic) & set(asked)) for idea in held.ideas])
    relevance = cosine + 0.5 * share + _OF_ITS_TOPIC * of_topic
    bears = (cosine >= _LEAST_BY_MEANING) | (share >= _LEAST_BY_WORDS) & (cosine >= _UNLIKE)
    relevance[~bears | (relevance < _LEAST)] = 0.0
    relevance[relevance < _NEAR_THE_BEST * relevance.max(initial=0.0)] = 0.0
    return relevance


@lru_cache(maxsize=64)
def _topic_words(topic: str) -> frozenset[str]:
    return frozenset((*words(topic), *words_apart(topic)))


def _of_level(
    left: list[int], ideas: Sequence[Idea], count: int, level: Asked | None
) -> list[int]:
    if level is None:
        return left
    wanted = "master" if level == "bachelor" else level
    fitting = [i for i in left if ideas[i].level == wanted]
    if level == "bachelor":
        short = [i for i in fitting if ideas[i].months <= _SHORT]
        fitting = short if len(short) >= count else fitting
    return fitting or left


def _varied(
    left: Sequence[int], relevance: np.ndarray, held: _Collection, count: int
) -> list[int]:
    chosen: list[int] = []
    left = list(left)
    while left and len(chosen) < count:
        likeness = [max((_likeness(i, j, held) for j in chosen), default=0.0) for i in left]
        best = int(np.argmax(relevance[left] - _VARIETY * np.array(likeness)))
        chosen.append(left.pop(best))
    return chosen


def _likeness(i: int, j: int, held: _Collection) -> float:
    """From 0 to 1: subject, data, method and level."""
    (data, method), (other_data, other_method) = held.means[i], held.means[j]
    return float(
        0.45 * held.vectors[i] @ held.vectors[j] + 0.2 * _overlap(data, other_data)
        + 0.2 * _overlap(method, other_method)
        + 0.15 * (held.ideas[i].level == held.ideas[j].level)
    )  # fmt: skip


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
