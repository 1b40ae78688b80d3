"""Training examples out of pairs: prompts and the wanted answers.

Closed-book examples teach the form of an answer and what the field finds. Examples with passages
teach to read: the passage with the answer alone, or among others on the same matter, or missing, in
which case the answer is that the passages do not say.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.literature.assistant.passage_selection import best_sentences, sentence_scores
from core.literature.language_model.prompts import (
    SILENT,
    grounded_prompt,
    idea_prompt,
    plain_prompt,
)
from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights, sentences
from training.literature.questions.pairs import Pair

__all__ = ["PassageExtractor", "TrainingExample", "closed_book", "grounded", "ideas"]


@dataclass(frozen=True)
class TrainingExample:
    """A prompt and its answer.

    Attributes:
        prompt: what follows ``context``.
        answer: wanted.
        context: numbered passages, up to and with the empty line after them; "" for none.
            Examples of the same context share the work of reading it.
    """

    prompt: str
    answer: str
    context: str = ""


class PassageExtractor:
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
        self, passage: str, pairs: Sequence[Pair], vectors: np.ndarray, most: int
    ) -> str:
        """The best sentences of a passage for questions, and all that answer one of them.

        Args:
            passage: the text.
            pairs, vectors: the questions and their embeddings, (n, 384).
            most: sentences, unless more than that answer a question.
        """
        i = self.index[passage]
        cut = self.sentences[i]
        each = [
            sentence_scores(pair.question, cut, vector, self.vectors[i], self.weights)
            for pair, vector in zip(pairs, vectors, strict=True)
        ]
        keep = [p.sentence for p in pairs if p.sentence and p.passage == passage]
        needed = np.array([any(s in k or k in s for k in keep) for s in cut])
        scores = np.max(each, axis=0) + 9.0 * needed
        chosen = best_sentences(scores, cut, max(most, int(needed.sum())))
        return " ".join(cut[j] for j in chosen)

    def others(self, passage: str, vector: np.ndarray, most: int) -> list[str]:
        """The passages nearest to a question, one passage left out."""
        order = np.argsort(-(self.whole @ vector), kind="stable")[: most + 1]
        return [self.passages[i] for i in order if i != self.index[passage]][:most]


def closed_book(pairs: Sequence[Pair]) -> list[TrainingExample]:
    """Questions answered from memory."""
    return [TrainingExample(plain_prompt(pair.question), pair.answer) for pair in pairs]


def grounded(
    pairs: Sequence[Pair], extractor: PassageExtractor, rng: random.Random,
    together: int = 4, alone: float = 0.6, silent: float = 0.3,
) -> list[TrainingExample]:
    """Questions answered from passages, a few of a passage sharing one context.

    Args:
        pairs: each with its passage.
        extractor: over all passages, those of the pairs among them.
        rng: of the choices.
        together: questions on a passage that share a context.
        alone: fraction of the contexts with the answering passage and nothing else; the others
            have one or two passages more that are near in meaning, before or after it.
        silent: fraction of the contexts with one question more, from a passage near in meaning,
            that they do not answer.

    Returns:
        Examples, those of a context in a row.
    """
    vectors = embed([pair.question for pair in pairs])
    places: dict[str, list[int]] = {}
    for i, pair in enumerate(pairs):
        places.setdefault(pair.passage or "", []).append(i)
    examples: list[TrainingExample] = []
    for passage, found in places.items():
        mixed = rng.sample(found, len(found))
        for start in range(0, len(mixed), together):
            chunk = mixed[start : start + together]
            texts = [passage]
            near = extractor.others(passage, vectors[chunk[0]], 6)
            if rng.random() >= alone and near:
                more = rng.sample(near, min(rng.choice((1, 1, 2)), len(near)))
                texts = [*texts, *more] if rng.random() < 0.7 else [*more, *texts]
            chosen = [pairs[i] for i in chunk]
            context = _context(texts, passage, chosen, vectors[chunk], extractor, rng)
            asked = [(pair.question, pair.answer) for pair in chosen]
            elsewhere = [i for text in near if text not in texts for i in places.get(text, ())]
            if elsewhere and rng.random() < silent:
                asked.append((pairs[rng.choice(elsewhere)].question, SILENT))
            examples += [TrainingExample(plain_prompt(q), a, context) for q, a in asked]
    return examples


def _context(
    texts: Sequence[str], passage: str, pairs: Sequence[Pair], vectors: np.ndarray,
    extractor: PassageExtractor, rng: random.Random,
) -> str:
    extracts = [
        extractor.extract(text, pairs, vectors, rng.choice((4, 5, 5, 6)) if text == passage else 2)
        for text in texts
    ]
    return grounded_prompt("", extracts).removesuffix(plain_prompt(""))


def ideas(rows: Sequence[dict], passages: Mapping[str, str]) -> list[TrainingExample]:
    """Project ideas out of sentences of passages.

    Args:
        rows: of {"sources": names, "sentences": for each which of its sentences, "idea": text};
            those with an unknown source are left out.
        passages: text by the name of its source.
    """
    found = []
    for row in rows:
        if all(name in passages for name in row["sources"]):
            texts = [
                " ".join(sentences(passages[name])[i] for i in chosen)
                for name, chosen in zip(row["sources"], row["sentences"], strict=True)
            ]
            found.append(TrainingExample(idea_prompt(texts), row["idea"]))
    return found
