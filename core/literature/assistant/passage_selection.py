"""The best sentences of the best passages, which the language model reads.

A small model answers best from few sentences. A sentence counts by the cosine of its embedding
with the question's and by the weighted share of the question's words that it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.literature.text.text import TermWeights

__all__ = ["best_sentences", "sentence_scores"]

_OVERLAP = 0.5


def sentence_scores(
    question: str,
    sentences: Sequence[str],
    question_vector: np.ndarray,
    sentence_vectors: np.ndarray,
    weights: TermWeights,
) -> np.ndarray:
    """How well each sentence bears on a question.

    Args:
        question: the question.
        sentences: n of them.
        question_vector, sentence_vectors: their embeddings, (384,) and (n, 384).
        weights: of the words.

    Returns:
        Array (n,): cosine plus half the weighted share of the question's words, -1 to 1.5.
    """
    overlap = [weights.recall(of=question, by=sentence) for sentence in sentences]
    return np.asarray(sentence_vectors @ question_vector + _OVERLAP * np.array(overlap))


def best_sentences(scores: np.ndarray, sentences: Sequence[str], most: int) -> list[int]:
    """Indices of the ``most`` best sentences, in the order of the text.

    Between two sentences that are both taken, a short one (under 60 characters) is taken too, as
    it often only makes sense to keep them together.
    """
    taken = set(np.argsort(-scores, kind="stable")[:most].tolist())
    taken |= {
        i for i in range(1, len(sentences) - 1)
        if len(sentences[i]) < 60 and {i - 1, i + 1} <= taken
    }
    return sorted(taken)
