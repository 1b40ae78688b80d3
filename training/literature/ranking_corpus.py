"""Abstracts with topics, and simulated readers, to fit and to evaluate the ranking.

Two forms are read. JSON (.json): a list of {"abstract", "id"?}, the form of the published
CosmoGemma data; the topics come from ranking_topics.jsonl, by the hash of the abstract. That file
was written by a language model that read the beginning of each abstract (600 characters) and gave
it one or two of 23 topics, or none; it is not the judgement of a cosmologist. JSON lines
(.jsonl), of one's own: {"id", "title", "abstract", "topics", "published"} a line. An abstract that
comes twice counts once.

A reader likes five papers of one topic (or of two), drawn at random, and may name the topic, or
dislike three papers of another topic that words alone would have put near the top. What is left of
the topic is to be ranked before everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.checksums import read_checksummed
from core.files import whole_file
from core.literature.ranking.relevance import EncodedText, PreferenceVectors, RelevanceModel
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean
from core.weights import coefficients_file
from training.literature import DATA

__all__ = ["LIKES", "SETTINGS", "SMALLEST", "Item", "SimulatedReader", "fitted_topics",
           "interests_by_topic", "preferences_of", "read_items", "readers", "topics_of",
           "vectors_of"]  # fmt: skip

TOPICS = DATA / "ranking_topics.jsonl"

LIKES = 5
DISLIKES = 3
SMALLEST = 2 * LIKES
SETTINGS = ("", "named", "disliked", "two_topics", "name_only")
"""Likes alone; likes and the topic's name as interests; likes and dislikes; likes of two topics;
the name and no likes."""


@dataclass(frozen=True)
class Item:
    """A paper with its topics; published is empty where it is unknown."""

    id: str
    title: str
    abstract: str
    topics: tuple[str, ...]
    published: str = ""

    @property
    def text(self) -> str:
        """Title and abstract, as the library embeds them."""
        return clean(f"{self.title}. {self.abstract}") if self.title else clean(self.abstract)


@dataclass(frozen=True)
class SimulatedReader:
    """Who likes some papers (by their places in the corpus) of a topic.

    Attributes:
        topic: the first of those that are wanted.
        liked, disliked: places; they are not ranked.
        interests: as written, or empty.
        wanted: (n,) whether each paper of the corpus is one to be ranked high.
    """

    topic: str
    liked: tuple[int, ...]
    disliked: tuple[int, ...]
    interests: str
    wanted: np.ndarray

    @property
    def ranked(self) -> np.ndarray:
        """(n,) whether each paper is one to be ranked."""
        ranked = np.ones(len(self.wanted), bool)
        ranked[[*self.liked, *self.disliked]] = False
        return ranked


def read_items(paths: Iterable[Path]) -> list[Item]:
    """Read files of either form; of equal abstracts the first counts.

    Raises:
        ValueError: naming the file and what it lacks.
    """
    items: dict[str, Item] = {}
    for path in paths:
        for item in _read(path):
            items.setdefault(clean(item.abstract), item)
    return list(items.values())


def topics_of(items: Sequence[Item]) -> list[str]:
    """Topics with at least ten papers, in the order of the alphabet."""
    counts = Counter(topic for item in items for topic in item.topics)
    return sorted(topic for topic, count in counts.items() if count >= SMALLEST)


def fitted_topics() -> frozenset[str]:
    """The topics whose readers the model was fitted on."""
    return frozenset(read_checksummed(coefficients_file("ranking"))["topics"])


def _read(path: Path) -> list[Item]:
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".jsonl":
            return [_item(json.loads(line)) for line in text.splitlines() if line.strip()]
        known = _known_topics()
        rows = [row for row in json.loads(text) if row.get("abstract")]
        return [_item({**row, "topics": known[_digest(row["abstract"])]}) for row in rows]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} has no papers that can be read ({error!r}): each needs an abstract and topics."
        ) from error


def _item(row: dict[str, Any]) -> Item:
    if not isinstance(row["topics"], (list, tuple)):
        raise ValueError("topics is no list")
    return Item(
        str(row.get("id", "")), str(row.get("title", "")), str(row["abstract"]),
        tuple(map(str, row["topics"])), str(row.get("published") or ""),
    )  # fmt: skip


def _digest(abstract: str) -> str:
    return hashlib.sha256(clean(abstract).encode()).hexdigest()[:16]


def _known_topics() -> dict[str, list[str]]:
    rows = map(json.loads, TOPICS.read_text(encoding="utf-8").splitlines())
    return {row["sha256"]: row["topics"] for row in rows}


def preferences_of(
    reader: SimulatedReader, texts: Sequence[EncodedText], interests_of: dict[str, EncodedText]
) -> PreferenceVectors:
    """The preferences of a reader, given the corpus and what the topics' encoded names."""
    return PreferenceVectors(
        [texts[i] for i in reader.liked], [texts[i] for i in reader.disliked],
        [interests_of[reader.interests]] if reader.interests else [],
    )  # fmt: skip


def interests_by_topic(
    topics: Sequence[str], relevance: RelevanceModel
) -> dict[str, EncodedText]:
    """The names of topics, encoded as a reader's written interests."""
    vectors = embed(topics)
    return {t: relevance.encode_interests(t, v) for t, v in zip(topics, vectors, strict=True)}


def readers(
    items: Sequence[Item], topics: Sequence[str], setting: str, seeds: int, rivals: np.ndarray
) -> list[SimulatedReader]:
    """Readers of each topic, one a seed; none for whom every paper left is wanted, or unwanted.

    Args:
        items: the corpus.
        topics: whose readers to make.
        setting: one of :data:`SETTINGS`.
        seeds: readers a topic.
        rivals: (n, n) similarity by words, from which the dislikes come.
    """
    made = []
    for number, topic in enumerate(topics):
        for seed in range(seeds):
            rng = np.random.default_rng([seed, number])
            chosen = [topic]
            if setting == "two_topics":
                chosen.append(str(rng.choice([t for t in topics if t != topic])))
            made.append(_reader(items, chosen, setting, rng, rivals))
    return [r for r in made if 0 < r.wanted[r.ranked].sum() < r.ranked.sum()]


def _reader(
    items: Sequence[Item], topics: Sequence[str], setting: str, rng: np.random.Generator,
    rivals: np.ndarray,
) -> SimulatedReader:  # fmt: skip
    of_topic = np.array([[topic in item.topics for item in items] for topic in topics])
    wanted = np.logical_or.reduce(of_topic)
    liked: list[int] = []
    for one in of_topic:
        free = np.setdiff1d(np.flatnonzero(one), liked)
        liked += rng.choice(free, min(LIKES, len(free) - 1), replace=False).tolist()
    disliked: list[int] = []
    if setting == "disliked":
        order = np.argsort(-rivals[liked].mean(axis=0), kind="stable")
        disliked = _of_a_rival([int(i) for i in order if not wanted[i]], items, rng)
    interests = topics[0] if setting in ("named", "name_only") else ""
    if setting == "name_only":
        liked = []
    return SimulatedReader(topics[0], tuple(liked), tuple(disliked), interests, wanted)


def _of_a_rival(
    near: Sequence[int], items: Sequence[Item], rng: np.random.Generator
) -> list[int]:
    """The nearest papers of a topic that one of the twenty nearest unwanted papers has."""
    found = [topic for i in near[:20] for topic in items[i].topics]
    topic = str(rng.choice(found)) if found else ""
    return [i for i in near if topic in items[i].topics or not topic][:DISLIKES]


def vectors_of(items: Sequence[Item], cache: Path | None = None) -> np.ndarray:
    """MiniLM vectors of the texts, (len(items), 384).

    Args:
        items: the corpus.
        cache: an .npz file to keep them in, since embedding takes a minute.
    """
    texts = [item.text for item in items]
    key = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    if cache is not None and cache.is_file():
        with np.load(cache) as stored:
            if str(stored["key"]) == key:
                return stored["vectors"]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.empty((len(texts), DIMENSION), np.float32)
    vectors[order] = embed([texts[i] for i in order])
    if cache is not None:
        with whole_file(cache) as file:
            np.savez(file, key=np.array(key), vectors=vectors)
    return vectors
