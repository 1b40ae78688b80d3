"""Scores of answers against references, without a judge.

A yes/no question is right if the answer begins as the reference does. An open one is right if the
answer holds at least 0.3 of the reference's words that the question does not already hold, weighted
by inverse document frequency. Always answering "yes" scores high on such questions, so
yes/no accuracy is given balanced over the two answers too. BLEU and chrF are corpus-level, by
sacrebleu; ROUGE-L by rouge-score; the cosine is of MiniLM embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights
from training.literature.questions.pairs import Pair, kind_of

__all__ = ["RIGHT", "is_right", "score_answers"]

RIGHT = 0.3
"""Weighted recall of words from which an open answer counts as right."""


def is_right(pair: Pair, answer: str, weights: TermWeights) -> bool:
    """Whether an answer agrees with a pair's own."""
    if pair.kind != "open":
        return kind_of(answer) == pair.kind
    return weights.recall(of=pair.answer, by=answer, without=pair.question) >= RIGHT


def score_answers(
    pairs: Sequence[Pair], answers: Sequence[str], weights: TermWeights
) -> dict[str, float]:
    """All scores of one answerer.

    Args:
        pairs: n questions with their references.
        answers: n answers.
        weights: of words, over the abstracts.

    Returns:
        accuracy, accuracy_error (one standard error), open_accuracy, yes_no_accuracy and
        yes_no_balanced as fractions; bleu, chrf and rouge_l of 100; cosine.
    """
    from rouge_score.rouge_scorer import RougeScorer
    from sacrebleu.metrics import BLEU, CHRF

    right = np.array([is_right(p, a, weights) for p, a in zip(pairs, answers, strict=True)])
    kinds = np.array([p.kind for p in pairs])

    def mean(chosen: np.ndarray) -> float:
        return float(right[chosen].mean()) if chosen.any() else float("nan")

    references = [p.answer for p in pairs]
    rouge = RougeScorer(["rougeL"], use_stemmer=True)
    rouge_l = [
        rouge.score(r, a)["rougeL"].fmeasure for r, a in zip(references, answers, strict=True)
    ]
    cosine = np.sum(embed(references) * embed([a or " " for a in answers]), axis=1)
    return {
        "accuracy": float(right.mean()),
        "accuracy_error": float(np.sqrt(right.mean() * (1 - right.mean()) / len(right))),
        "open_accuracy": mean(kinds == "open"),
        "yes_no_accuracy": mean(kinds != "open"),
        "yes_no_balanced": 0.5 * (mean(kinds == "yes") + mean(kinds == "no")),
        "bleu": BLEU(effective_order=True).corpus_score(list(answers), [references]).score,
        "chrf": CHRF().corpus_score(list(answers), [references]).score,
        "rouge_l": 100.0 * float(np.mean(rouge_l)),
        "cosine": float(cosine.mean()),
    }
