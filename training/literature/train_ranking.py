"""Fit the relevance model behind the ranking; write core/weights/ranking/coefficients.json.

    python -m training.literature.train_ranking --data qa_2023_train.json qa_2023_dev.json

The readers of :mod:`training.literature.ranking_corpus` on every other topic, in the order of the
alphabet; the topics between them stay for evaluate_ranking. The mean vector and the frequencies of
words come from all abstracts of the corpus, without their topics. The weights of dislikes are set
by hand: with five likes beside them, nDCG@10 and AUC stay the same within 0.005 from none to three
times what is set, so the measurement cannot choose them, and a reader wants to see a dislike work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from scipy.optimize import minimize

from core.checksums import write_checksummed
from core.literature.ranking.relevance import (
    FEATURES,
    EncodedText,
    PreferenceVectors,
    RelevanceModel,
    terms_of,
)
from core.weights import coefficients_file
from training.evaluation.report import print_metrics
from training.literature.ranking_corpus import (
    SETTINGS,
    Item,
    interests_by_topic,
    preferences_of,
    read_items,
    readers,
    topics_of,
    vectors_of,
)

__all__ = ["RankingConfig", "fit", "similar_words", "train", "unfitted"]

BY_HAND = {"unlike": -2.5, "unlike_words": -2.5}
FITTED = [i for i, name in enumerate(FEATURES) if name not in BY_HAND]


@dataclass(frozen=True)
class RankingConfig:
    """Command line.

    Attributes:
        data: files of papers.
        seeds: readers a topic and setting.
        penalty: on the squares of the weights.
        cache: where to keep the vectors of the abstracts.
        output: file to write.
    """

    data: tuple[Path, ...]
    seeds: int = 12
    penalty: float = 1e-4
    cache: Path | None = None
    output: Path = coefficients_file("ranking")


def unfitted(items: Sequence[Item], vectors: np.ndarray) -> RelevanceModel:
    """The model with its mean and frequencies, and no weights but those set by hand."""
    counts = Counter(term for item in items for term in set(terms_of(item.text)))
    kept = {t: n for t, n in sorted(counts.items()) if n >= (3 if " " in t else 2)}
    weights = np.array([BY_HAND.get(name, 0.0) for name in FEATURES])
    mean = vectors.mean(axis=0).round(4).astype(np.float32)
    return RelevanceModel(weights, 0.0, mean, len(items), kept)


def examples(
    items: Sequence[Item], topics: Sequence[str], texts: Sequence[EncodedText],
    interests_of: dict[str, EncodedText], relevance: RelevanceModel, seeds: int,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Features (n, 8) of every paper beside every reader, and whether it is wanted."""
    rivals = similar_words(texts, relevance)
    rows, labels = [], []
    for setting in SETTINGS:
        if setting == "disliked":
            continue
        for reader in readers(items, topics, setting, seeds, rivals):
            features = relevance.features(texts, preferences_of(reader, texts, interests_of))
            rows.append(features[reader.ranked])
            labels.append(reader.wanted[reader.ranked])
    return np.concatenate(rows), np.concatenate(labels)


def similar_words(texts: Sequence[EncodedText], relevance: RelevanceModel) -> np.ndarray:
    """Cosine by words between all texts, (n, n)."""
    column = FEATURES.index("words")
    bare = [replace(text, vector=None) for text in texts]
    return np.stack([
        relevance.features(bare, PreferenceVectors(liked=[text]))[:, column] for text in bare
    ])


def fit(features: np.ndarray, wanted: np.ndarray, penalty: float) -> tuple[np.ndarray, float]:
    """Logistic regression without negative weights, those set by hand aside; weights and bias."""
    target = wanted.astype(float)
    seen = features[:, FITTED]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        logits = seen @ parameters[:-1] + parameters[-1]
        error = 1 / (1 + np.exp(-logits)) - target
        value = np.mean(np.logaddexp(0, logits) - target * logits)
        slope = np.append(seen.T @ error, error.sum()) / len(target)
        squares = penalty * np.append(parameters[:-1], 0)
        return float(value + 0.5 * squares @ parameters), slope + squares

    bounds: list[tuple[float | None, float | None]] = [(0, None)] * len(FITTED)
    start = np.zeros(len(FITTED) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = np.array([BY_HAND.get(name, 0.0) for name in FEATURES])
    weights[FITTED] = found.x[:-1]
    return weights, float(found.x[-1])


def train(config: RankingConfig) -> dict[str, float]:
    """Fit, write the file; return the weights."""
    items = read_items(config.data)
    vectors = vectors_of(items, config.cache)
    relevance = unfitted(items, vectors)
    texts = [relevance.encode(i.text, v) for i, v in zip(items, vectors, strict=True)]
    topics = topics_of(items)[::2]
    interests_of = interests_by_topic(topics, relevance)
    features, wanted = examples(items, topics, texts, interests_of, relevance, config.seeds)
    weights, bias = fit(features, wanted, config.penalty)
    by_name = {n: round(float(w), 3) for n, w in zip(FEATURES, weights, strict=True)}
    content: dict[str, Any] = {
        "weights": by_name, "bias": round(bias, 3), "topics": topics,
        "mean": [round(float(x), 4) for x in relevance.mean], "texts": relevance.texts,
        "frequency": relevance.frequency,
    }  # fmt: skip
    write_checksummed(config.output, content)
    return {**by_name, "bias": bias, "examples": len(wanted)}


if __name__ == "__main__":
    print_metrics(train(tyro.cli(RankingConfig, description=__doc__)))
