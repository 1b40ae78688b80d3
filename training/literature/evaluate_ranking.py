"""Evaluate the ranking of papers, beside TF-IDF and other baselines.

    python -m training.literature.evaluate_ranking --data qa_2023_train.json qa_2023_dev.json
    python -m training.literature.evaluate_ranking --data FILE.jsonl ...

The readers of :mod:`training.literature.ranking_corpus`: each likes five papers of a topic, and the
rest of the topic is to stand before all other papers. Of the corpus with the JSON form only the
topics that the model was not fitted on count; of one's own (JSON lines) all that have ten papers.
Numbers are means over topics, each the mean over its readers: ndcg10 (nDCG at 10, a paper counting
1 or 0) and auc, for likes alone; _named, where the reader also writes the topic's name as
interests; _name_only, the name and no likes; _disliked, with three papers of a rival topic
disliked; _two_topics, five likes of each of two topics. Beside them, by prefix: tfidf_ (cosine to
the mean TF-IDF vector of the likes and the name, scikit-learn's, of words and pairs of words
without its English stop words, logarithmic counts), recency_ (the latest first by "published", or
by the order in the files where that is missing) and random_; the last two for likes alone. The
gain is ours over TF-IDF with its standard error over topics, and so is each _error. Prints a line
of JSON last; --write publishes the numbers in core/weights/ranking, where the corpus is the card's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.literature.ranking.relevance import load_relevance_model
from training.evaluation.report import WEIGHTS, publish, refuse_partial, run
from training.literature.published import first_reason, missing_published
from training.literature.ranking_corpus import (
    LIKES,
    SETTINGS,
    SMALLEST,
    Item,
    SimulatedReader,
    fitted_topics,
    interests_by_topic,
    preferences_of,
    read_items,
    readers,
    topics_of,
    vectors_of,
)
from training.literature.train_ranking import similar_words

__all__ = ["EvaluateConfig", "auc", "evaluate", "main", "measured", "ndcg"]

_ROWS = {
    "": "five likes",
    "named": "five likes and the topic's name",
    "name_only": "the topic's name",
    "disliked": "five likes, three dislikes of a rival topic",
    "two_topics": "five likes of each of two topics",
}

SEEDS = 20
Scorer = Callable[[SimulatedReader, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: files of papers.
        seeds: readers a topic and setting.
        cache: where to keep the vectors of the abstracts.
        write: publish the numbers in core/weights/ranking.
    """

    data: tuple[Path, ...]
    seeds: int = SEEDS
    cache: Path | None = None
    write: bool = False


def ndcg(wanted: np.ndarray, scores: np.ndarray, most: int = 10) -> float:
    """Normalised discounted cumulative gain of the first ``most`` (Järvelin & Kekäläinen 2002)."""
    order = np.argsort(-scores, kind="stable")[:most]
    discounts = 1 / np.log2(np.arange(2, most + 2))
    best = discounts[: int(min(most, wanted.sum()))].sum()
    return float((wanted[order] * discounts[: len(order)]).sum() / best)


def auc(wanted: np.ndarray, scores: np.ndarray) -> float:
    """How often a wanted paper stands before another one; ties count half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(wanted, scores))


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure every setting.

    Raises:
        ValueError: if no topic has enough papers.
    """
    items = read_items(config.data)
    topics = topics_of(items)
    if any(path.suffix != ".jsonl" for path in config.data):
        topics = [topic for topic in topics if topic not in fitted_topics()]
    if not topics or len(items) <= SMALLEST:
        raise ValueError(
            f"No topic in these files has {SMALLEST} papers; give more papers, or fewer topics."
        )
    scorers, rivals = _scorers(items, topics, config.cache)
    metrics: dict[str, float] = {}
    for setting in SETTINGS:
        if setting == "two_topics" and len(topics) < 2:
            continue
        made = readers(items, topics, setting, config.seeds, rivals)
        used = {p: s for p, s in scorers.items() if p in ("", "tfidf_") or not setting}
        if made:
            metrics |= _measured(made, used, f"_{setting}" if setting else "")
    if not metrics:
        raise ValueError("Every paper in these files is of one topic; give papers of others too.")
    counts = {"papers": len(items), "topics": len(topics), "readers": config.seeds * len(topics)}
    return {**metrics, **{name: float(count) for name, count in counts.items()}}


def _scorers(
    items: Sequence[Item], topics: Sequence[str], cache: Path | None
) -> tuple[dict[str, Scorer], np.ndarray]:
    """The ways to score, by the prefix of their numbers, and similarity by words."""
    relevance = load_relevance_model()
    vectors = vectors_of(items, cache)
    texts = [relevance.encode(i.text, v) for i, v in zip(items, vectors, strict=True)]
    interests_of = interests_by_topic(topics, relevance)

    def ours(reader: SimulatedReader, _: np.random.Generator) -> np.ndarray:
        features = relevance.features(texts, preferences_of(reader, texts, interests_of))
        return relevance.contributions(features).sum(axis=1)

    latest = _latest_first(items)
    scorers: dict[str, Scorer] = {
        "": ours,
        "tfidf_": _tfidf(items, topics),
        "recency_": lambda reader, rng: latest,
        "random_": lambda reader, rng: rng.random(len(items)),
    }
    return scorers, similar_words(texts, relevance)


def _tfidf(items: Sequence[Item], topics: Sequence[str]) -> Scorer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True, stop_words="english", ngram_range=(1, 2))
    rows = made.fit_transform([item.text for item in items])
    names = dict(zip(topics, made.transform(topics), strict=True))

    def score(reader: SimulatedReader, _: np.random.Generator) -> np.ndarray:
        centre = np.zeros(rows.shape[1])
        for place in reader.liked:
            centre += rows[place].toarray()[0]
        if reader.interests:
            centre += names[reader.interests].toarray()[0]
        return np.asarray(rows @ centre)

    return score


def _latest_first(items: Sequence[Item]) -> np.ndarray:
    order = sorted(range(len(items)), key=lambda i: (items[i].published, i))
    scores = np.empty(len(items))
    scores[order] = np.arange(len(items))
    return scores


def _measured(
    made: Sequence[SimulatedReader], scorers: dict[str, Scorer], suffix: str
) -> dict[str, float]:
    """Means of all ways to score; for likes alone, the gain over TF-IDF with its error."""
    rng = np.random.default_rng(0)
    topics = sorted({reader.topic for reader in made})
    by_topic: dict[str, np.ndarray] = {}
    for prefix, scorer in scorers.items():
        pairs: dict[str, list[tuple[float, float]]] = {topic: [] for topic in topics}
        for reader in made:
            wanted, scores = reader.wanted[reader.ranked], scorer(reader, rng)[reader.ranked]
            pairs[reader.topic].append((ndcg(wanted, scores), auc(wanted, scores)))
        by_topic[prefix] = np.array([np.mean(pairs[topic], axis=0) for topic in topics])
    gain = by_topic[""] - by_topic["tfidf_"]
    metrics: dict[str, float] = {}
    for column, name in enumerate(("ndcg10", "auc")):
        for prefix, values in by_topic.items():
            metrics[f"{prefix}{name}{suffix}"] = float(values[:, column].mean())
        if len(topics) > 1:
            spread = by_topic[""][:, column].std(ddof=1) / np.sqrt(len(topics))
            metrics[f"{name}{suffix}_error"] = float(spread)
        if not suffix and len(topics) > 1:
            error = gain[:, column].std(ddof=1) / np.sqrt(len(topics))
            metrics[f"{name}_gain"] = float(gain[:, column].mean())
            metrics[f"{name}_gain_error"] = float(error)
    return metrics


def main(config: EvaluateConfig) -> dict[str, float]:
    """Measure, and publish the numbers if that is asked for."""
    partial = first_reason(
        f"the card's {SEEDS} readers a topic are not drawn" if config.seeds < SEEDS else "",
        missing_published(config.data, "qa_2023_train.json", "qa_2023_dev.json"),
    )
    refuse_partial(config.write, partial)
    metrics = evaluate(config)
    names = " and ".join(path.name for path in config.data)
    topics = [t for t in topics_of(read_items(config.data)) if t not in fitted_topics()]
    publish(
        metrics, write=config.write, partial=partial, folder=WEIGHTS / "ranking", model="Ranking",
        data=f"{names}: {int(metrics['papers'])} abstracts of astro-ph.CO, without titles or "
        f"dates, topics given by a language model that read them; readers with {LIKES} likes; the "
        f"topics that nothing was fitted on: {', '.join(topics)}",
        measured=lambda: measured(metrics, topics),
    )
    return metrics


def measured(metrics: dict[str, float], topics: Sequence[str]) -> str:
    """The section "Measured" of the card: a row for each setting."""
    lines = [
        f"Means over {len(topics)} topics that nothing was fitted on ({', '.join(topics)}), "
        f"{metrics['readers']:.0f} readers a row; over TF-IDF, for likes alone: nDCG@10 "
        f"{metrics['ndcg10_gain']:+.3f} ± {metrics['ndcg10_gain_error']:.3f}, AUC "
        f"{metrics['auc_gain']:+.3f} ± {metrics['auc_gain_error']:.3f} (standard error over "
        "topics).", "",
        "| the reader gives | nDCG@10 | TF-IDF | random | AUC | TF-IDF | random |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for setting, words in _ROWS.items():
        suffix = f"_{setting}" if setting else ""
        names = [f"{p}{n}{suffix}" for n in ("ndcg10", "auc") for p in ("", "tfidf_", "random_")]
        cells = [_with_error(metrics, name) for name in names]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _with_error(metrics: dict[str, float], name: str) -> str:
    if name not in metrics:
        return ""
    error = metrics.get(f"{name}_error")
    return f"{metrics[name]:.3f}" + ("" if error is None else f" ± {error:.3f}")


if __name__ == "__main__":
    run(main, EvaluateConfig, __doc__)
