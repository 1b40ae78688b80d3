r"""Ideas of the collection that bear on a topic and differ from one another.

An idea's relevance is :math:`\cos(t, i) + \tfrac12 d`, with the embeddings of topic and idea and
the degree :math:`d` to which the idea speaks of the topic by its names
(:mod:`core.literature.ideas.topic`). Those that speak of it come first; others only where these are
too few, and they are known as such (:func:`speaks_of`). Those
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
from core.literature.ideas.topic import SPEAKS, Spoken, Topic, written_out
from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights, clean, words, words_apart

__all__ = ["MOST", "Asked", "checked_count", "checked_topic", "choose", "speaks_of", "spoken_of",
           "without_misspellings"]

MOST = 12
"""Ideas that are given at once."""

Asked = Literal["bachelor", "master", "phd", "postdoc"]
"""Levels that somebody asks for; a bachelor is given the shortest of a master's."""

_LONGEST = 500
_LEAST_BY_MEANING = 0.42
_LEAST_DEGREE = 0.35
_ALIKE = 0.3
_UNLIKE = 0.12
"""Cosine of an idea that names the topic in passing."""
_NEAR_THE_BEST = 0.5
_SPREAD = 0.04
_TURNED_OVER = 60
"""Ideas after which they begin anew, in another order."""
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
    spoken: tuple[Spoken, ...]
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
        seed: 0 and 1 give the best, 2 the next ones, and so on through all that bear on the topic;
            then they come in another order.
        given: ids of ideas not to give again.
        level: whom they are for; those of other levels come only where there are none of it.

    Raises:
        ValueError: one sentence, if nothing bears on the topic, if all that does was given, or if
            an argument is out of range.
    """  # fmt: skip
    count = checked_count(count)
    topic = checked_topic(topic)
    held = _collection(read_ideas())
    relevance, degree = _relevance(topic, held)
    bearing = [int(i) for i in np.flatnonzero(relevance > 0)]
    if not bearing:
        raise ValueError(
            f"No idea of the collection bears on “{topic}”; name a topic of cosmology, such as "
            "cosmic voids, weak lensing or reionization."
        )
    left = [i for i in bearing if held.ideas[i].id not in given]
    if not left:
        raise ValueError("All ideas on this topic have been given; name another topic.")
    fitting = [_of_level(some, held.ideas, count, level) for some in _by_nearness(left, degree)]
    pages = max(min(sum(map(len, fitting)), _TURNED_OVER) // count, 1)
    turn, page = divmod(max(seed - 1, 0), pages)
    if turn:
        spread = np.random.default_rng(turn).gumbel(scale=_SPREAD, size=len(relevance))
        relevance = relevance + spread
    chosen: list[int] = []
    for some in fitting:
        chosen += _varied(some, relevance, held, (page + 1) * count - len(chosen), chosen)
    return [held.ideas[i] for i in chosen[-count:]]


def speaks_of(topic: str, texts: Sequence[Spoken]) -> list[bool]:
    """Whether texts speak of a topic by its names or their own; true of all for no topic.

    Args:
        topic: at most 500 characters.
        texts: of ideas.
    """
    topic = checked_topic(topic)
    held = _collection(read_ideas())
    asked = Topic(_in_known_words(topic, held), held.weights)
    if _is_anything(topic) or not asked.phrases:
        return [True] * len(texts)
    return [asked.degree(text) >= SPEAKS for text in texts]


def _by_nearness(places: Sequence[int], degree: np.ndarray) -> list[list[int]]:
    """Those that speak of the topic; those that do not."""
    return [[i for i in places if degree[i] >= SPEAKS],
            [i for i in places if degree[i] < SPEAKS]]


def _is_anything(topic: str) -> bool:
    return all(word in _ANYTHING for word in words(topic))


def _in_known_words(topic: str, held: _Collection) -> str:
    """The topic with slips of the keys mended, as it stands where there are none."""
    typed = words(topic)
    spelt = without_misspellings(typed, held.known)
    return topic if spelt == typed else " ".join(spelt)


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
    found = [frozenset((*words(text), *words_apart(text))) for text in texts]
    weights = TermWeights.of([idea.gist for idea in ideas])
    means = tuple((frozenset(words(i.data)), frozenset(words(i.method))) for i in ideas)
    known: frozenset[str] = frozenset().union(*found)
    spoken = tuple(map(spoken_of, ideas))
    return _Collection(ideas, idea_vectors(), spoken, means, weights, known)


def spoken_of(idea: Idea) -> Spoken:
    """An idea in the parts that say what it is about."""
    one = () if " and " in idea.topic else (idea.topic,)
    return Spoken(idea.title, idea.question, (*idea.keywords, *one), (idea.data, idea.method))


def _relevance(topic: str, held: _Collection) -> tuple[np.ndarray, np.ndarray]:
    """Of every idea (n,), 0 where it does not bear on the topic, and how far it speaks of it."""
    if _is_anything(topic):
        return np.full(len(held.ideas), _NO_TOPIC), np.ones(len(held.ideas))
    text = _in_known_words(topic, held)
    asked = Topic(text, held.weights)
    degree = np.array([asked.degree(spoken) for spoken in held.spoken])
    cosine = held.vectors @ embed([written_out(text)])[0]
    relevance = cosine + 0.5 * degree
    near = (cosine >= _LEAST_BY_MEANING) | (degree >= _LEAST_DEGREE) & (cosine >= _ALIKE)
    bears = (degree >= SPEAKS) & ((cosine >= _UNLIKE) | asked.is_known) | near
    relevance[~bears] = 0.0
    relevance[(degree < SPEAKS) & (relevance < _NEAR_THE_BEST * relevance.max(initial=0.0))] = 0.0
    return relevance, degree


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
    left: Sequence[int], relevance: np.ndarray, held: _Collection, count: int,
    before: Sequence[int],
) -> list[int]:
    chosen: list[int] = []
    left = list(left)
    while left and len(chosen) < count:
        taken = (*before, *chosen)
        likeness = [max((_likeness(i, j, held) for j in taken), default=0.0) for i in left]
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
