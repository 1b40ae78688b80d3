"""From pairs to what the model is trained on: prompts and the answers wanted.

Closed-book examples teach the form of an answer and what the field finds. Examples with passages
teach to read: the passage with the answer alone, or among others on the same matter, or missing,
in which case the answer is that the passages do not say.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.literature.embedding import embed
from core.literature.prompts import SILENT, grounded_prompt, idea_prompt, plain_prompt
from core.literature.reading import best_sentences, sentence_scores
from core.literature.text import TermWeights, sentences
from training.literature.pairs import Pair

__all__ = ["Example", "Reader", "closed_book", "grounded", "ideas"]


@dataclass(frozen=True)
class Example:
    """A prompt and its answer; ``weight`` counts it more or less in the loss."""

    prompt: str
    answer: str
    weight: float = 1.0


class Reader:
    """Passages cut into embedded sentences, as retrieval hands them to the model.

    Args:
        passages: distinct texts.
    """

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = list(passages)
        self.index = {text: i for i, text in enumerate(self.passages)}
        self.sentences = [sentences(text) for text in self.passages]
        flat = embed([s for found in self.sentences for s in found])
        ends = np.cumsum([len(found) for found in self.sentences])[:-1]
        self.vectors = np.split(flat, ends)
        self.whole = embed(self.passages)
        self.weights = TermWeights.of(self.passages)

    def extract(
        self, passage: str, question: str, vector: np.ndarray, most: int, keep: str | None = None
    ) -> str:
        """The ``most`` best sentences for a question, the one that holds ``keep`` among them."""
        i = self.index[passage]
        scores = sentence_scores(
            question, self.sentences[i], vector, self.vectors[i], self.weights
        )
        if keep is not None:
            scores = scores + np.array([9.0 * (s in keep or keep in s) for s in self.sentences[i]])
        return " ".join(
            self.sentences[i][j] for j in best_sentences(scores, self.sentences[i], most)
        )

    def others(self, passage: str, vector: np.ndarray, most: int) -> list[str]:
        """The passages nearest to a question, one passage left out."""
        order = np.argsort(-(self.whole @ vector), kind="stable")[: most + 1]
        return [self.passages[i] for i in order if i != self.index[passage]][:most]


def closed_book(pairs: Sequence[Pair]) -> list[Example]:
    """Questions answered from memory."""
    return [Example(plain_prompt(pair.question), pair.answer) for pair in pairs]


def grounded(
    pairs: Sequence[Pair], reader: Reader, rng: random.Random,
    alone: float = 0.55, silent: float = 0.08,
) -> list[Example]:
    """Questions answered from passages.

    Args:
        pairs: each with its passage.
        reader: over all passages, those of the pairs among them.
        rng: of the choices.
        alone: fraction with the answering passage and nothing else.
        silent: fraction whose answering passage is withheld.

    Returns:
        An example a pair.
    """
    vectors = embed([pair.question for pair in pairs])
    return [
        _grounded(pair, reader, vector, rng, alone, silent)
        for pair, vector in zip(pairs, vectors, strict=True)
    ]


def _grounded(
    pair: Pair, reader: Reader, vector: np.ndarray, rng: random.Random,
    alone: float, silent: float,
) -> Example:
    assert pair.passage is not None
    draw = rng.random()
    answer = pair.answer
    chosen = [(pair.passage, rng.choice((4, 5, 5, 6)), pair.sentence)]
    if draw >= alone:
        near = rng.sample(reader.others(pair.passage, vector, 6), rng.choice((1, 1, 2)))
        others = [(text, 2, None) for text in near]
        if draw >= 1.0 - silent:
            chosen, answer = [(near[0], 5, None), *others[1:]], SILENT
        elif rng.random() < 0.7:
            chosen = [*chosen, *others]
        else:
            chosen = [*others, *chosen]
    texts = [reader.extract(t, pair.question, vector, most, keep) for t, most, keep in chosen]
    return Example(grounded_prompt(pair.question, texts), answer)


def ideas(rows: Sequence[dict]) -> list[Example]:
    """Project ideas: rows of {"passages": [texts], "idea": text}."""
    return [Example(idea_prompt(row["passages"]), row["idea"]) for row in rows]
