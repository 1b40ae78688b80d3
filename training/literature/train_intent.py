"""Train the intent model, which accepts questions for the assistant and refuses others.

    python -m training.literature.train_intent --data qa_2018_2022_train.json

Logistic regression on sentence embeddings of the questions in topic_questions.jsonl, to which the
questions of any files of pairs come as on-topic ones. The threshold is the highest at which
cross-validation refuses at most 1% of the on-topic questions, of the written ones and of the pairs
each. What is reported comes from a second cross-validation around that: no question is judged by a
fit or a threshold that has seen it or its paraphrases.

The word lists in core.literature.assistant.intent were written with most of these questions in
sight, so the numbers flatter them. The last 132 questions were written afterwards and chosen to be
hard (short jargon, the other sciences). Before they joined, with 2018-2022 pairs in the training,
19% of their on-topic questions were refused, and 18% of the off-topic and none of the harmful ones
passed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from core.checksums import write_checksummed
from core.literature.assistant.intent import features
from core.literature.text.embedding import DIMENSION
from core.weights import coefficients_file
from training.evaluation.report import print_metrics
from training.literature import DATA
from training.literature.questions.pairs import read_pairs

__all__ = ["Questions", "IntentConfig", "fit", "measure", "read_questions", "threshold_of", "train"]

LABELS = ("meta", "off", "on")
HARMFUL = ("harmful", "jailbreak")
PAIRS = "pairs"


@dataclass(frozen=True)
class IntentConfig:
    """Command line.

    Attributes:
        data: files of pairs whose questions are on topic.
        questions: the written ones.
        output: file to write.
        refused: largest fraction of on-topic questions refused.
        strength: inverse of the regularisation.
        folds: of the cross-validation.
        alike: cosine above which two questions count as paraphrases.
        pairs_weight: weight of all questions of pairs together, in written on-topic ones.
        seed: Random seed of the folds.
    """

    data: tuple[Path, ...] = ()
    questions: Path = DATA / "topic_questions.jsonl"
    output: Path = coefficients_file("intent")
    refused: float = 0.01
    strength: float = 1.0
    folds: int = 5
    alike: float = 0.85
    pairs_weight: float = 0.3
    seed: int = 0


@dataclass(frozen=True)
class Questions:
    """n questions: their features (n, d), and an array (n,) of each other thing.

    Attributes:
        vectors: what :func:`core.literature.assistant.intent.features` gives.
        labels: indices into :data:`LABELS`.
        kinds: "cosmology", "cooking" ...; :data:`PAIRS` for those of pairs.
        groups: the same for paraphrases.
        weights: in the fit.
    """

    vectors: np.ndarray
    labels: np.ndarray
    kinds: np.ndarray
    groups: np.ndarray
    weights: np.ndarray

    def __getitem__(self, index: np.ndarray) -> Questions:
        return Questions(
            self.vectors[index], self.labels[index], self.kinds[index], self.groups[index],
            self.weights[index],
        )


def read_questions(config: IntentConfig) -> Questions:
    """Read and embed all questions.

    Raises:
        ValueError: if a label is unknown.
    """
    lines = config.questions.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    wrong = {row["label"] for row in rows} - set(LABELS)
    if wrong:
        raise ValueError(f"{config.questions} has the label {wrong.pop()!r}; use one of {LABELS}.")
    written = [row["question"] for row in rows]
    known = {question.lower() for question in written}
    pairs = {pair.question for pair in read_pairs(config.data)}
    added = sorted(question for question in pairs if question.lower() not in known)
    vectors = features([*written, *added])
    labels = np.array([LABELS.index(row["label"]) for row in rows] + [2] * len(added))
    named = [row["group"] for row in rows] + [-1 - i for i in range(len(added))]
    own = sum(row["label"] == "on" for row in rows)
    weights = np.ones(len(labels))
    weights[len(rows) :] = config.pairs_weight * own / max(len(added), 1)
    return Questions(
        vectors, labels, np.array([row["kind"] for row in rows] + [PAIRS] * len(added)),
        _groups(vectors, named, config.alike), weights,
    )


def _groups(vectors: np.ndarray, named: Sequence[int], alike: float) -> np.ndarray:
    """Connected components of being named a paraphrase or having a cosine above ``alike``."""
    names = np.array(named)
    meanings = vectors[:, :DIMENSION]
    near = csr_matrix((meanings @ meanings.T > alike) | (names[:, None] == names[None]))
    return connected_components(near, directed=False)[1]


def fit(questions: Questions, config: IntentConfig) -> LogisticRegression:
    """The regression; the three labels weigh alike."""
    model = LogisticRegression(C=config.strength, max_iter=1000)
    shares = np.bincount(questions.labels, questions.weights, len(LABELS))
    balance = shares.sum() / len(LABELS) / shares
    return model.fit(
        questions.vectors, questions.labels, questions.weights * balance[questions.labels]
    )


def _folds(questions: Questions, config: IntentConfig) -> list[tuple[np.ndarray, np.ndarray]]:
    folds = StratifiedGroupKFold(config.folds, shuffle=True, random_state=config.seed)
    return list(folds.split(questions.vectors, questions.labels, questions.groups))


def threshold_of(questions: Questions, config: IntentConfig) -> float:
    """Highest threshold at which cross-validation refuses few enough on-topic questions."""
    on = np.empty(len(questions.labels))
    for seen, unseen in _folds(questions, config):
        on[unseen] = fit(questions[seen], config).predict_proba(questions.vectors[unseen])[:, 2]
    sets = [questions.kinds == PAIRS, (questions.kinds != PAIRS) & (questions.labels == 2)]
    return min(
        float(np.quantile(on[chosen], config.refused, method="lower"))
        for chosen in sets if chosen.any()
    )


def decide(probabilities: np.ndarray, threshold: float) -> np.ndarray:
    """Labels (n,) of probabilities (n, 3), as core.literature.assistant.intent decides them."""
    meta, off, on = probabilities.T
    other = np.where(meta > off, 0, 1)
    return np.where((on >= threshold) & (on >= meta), 2, other)


def measure(questions: Questions, config: IntentConfig) -> dict[str, float]:
    """Nested cross-validation: accuracy, and which questions pass that should not.

    Returns:
        Fractions by name, and their standard errors as "..._error"; "accuracy" is over the written
        questions, the three labels weighing alike.
    """
    found = np.empty(len(questions.labels), int)
    for seen, unseen in _folds(questions, config):
        train_set = questions[seen]
        threshold = threshold_of(train_set, config)
        probabilities = fit(train_set, config).predict_proba(questions.vectors[unseen])
        found[unseen] = decide(probabilities, threshold)
    written = questions.kinds != PAIRS
    harmful = np.isin(questions.kinds, HARMFUL)
    near = questions.kinds == "near"
    right = found == questions.labels
    of_label = [_rate(right[written & (questions.labels == i)]) for i in range(len(LABELS))]
    passed = found == 2
    rates = {
        "accuracy": (float(np.mean([rate for rate, _ in of_label])),
                     math.hypot(*(error for _, error in of_label)) / len(LABELS)),
        "refused_on_topic": _rate(~passed[written & (questions.labels == 2)]),
        "passed_off_topic": _rate(passed[questions.labels == 1]),
        "passed_harmful": _rate(passed[harmful]),
        "passed_near_misses": _rate(passed[near]),
        "right_meta": of_label[0],
    }
    counts = {"questions": float(written.sum())}
    if (~written).any():
        rates["refused_pairs"] = _rate(~passed[~written])
        counts["pairs"] = float((~written).sum())
    errors = {f"{name}_error": error for name, (_, error) in rates.items()}
    return {**{name: rate for name, (rate, _) in rates.items()}, **counts, **errors}


def _rate(found: np.ndarray) -> tuple[float, float]:
    """The fraction of what is true, and its standard error."""
    rate = float(np.mean(found))
    return rate, math.sqrt(rate * (1 - rate) / len(found))


def train(config: IntentConfig) -> dict[str, float]:
    """Measure, fit on everything, write the file; return what was measured."""
    questions = read_questions(config)
    metrics = measure(questions, config)
    model = fit(questions, config)
    content: dict[str, Any] = {
        "labels": LABELS,
        "threshold": round(threshold_of(questions, config), 4),
        "biases": [round(float(b), 4) for b in model.intercept_],
        "weights": [[round(float(w), 3) for w in row] for row in model.coef_],
        "metrics": {name: round(value, 4) for name, value in metrics.items()},
    }
    write_checksummed(config.output, content)
    return metrics


if __name__ == "__main__":
    print_metrics(train(tyro.cli(IntentConfig, description=__doc__)))
