"""Multiple-choice questions out of open ones, with plausible wrong options."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from core.literature.text.embedding import embed
from core.literature.text.text import TermWeights
from training.literature.questions.filters import normalised
from training.literature.questions.pairs import Pair

__all__ = ["MultipleChoice", "multiple_choice"]

_NEAREST = 60
_SAME = 0.85
_TRUE_TOO = 0.8


@dataclass(frozen=True)
class MultipleChoice:
    """A question with its options.

    Attributes:
        question: text.
        options: the right one among them.
        letter: of the right one, "A" for the first.
        source: arXiv id of the abstract that answers it.
    """

    question: str
    options: tuple[str, ...]
    letter: str
    source: str | None

    def row(self) -> dict:
        """As a JSON object."""
        return asdict(self)


def multiple_choice(
    pairs: Sequence[Pair], weights: TermWeights, rng: random.Random, options: int = 4
) -> list[MultipleChoice]:
    """Make a question with options of every open question that has good wrong ones.

    Wrong options are the answers to the nearest other questions, from other abstracts, of the same
    kind (with or without numbers) and of about the same length; none says the same as the right
    one, nor is it what the question's own abstract says.

    Args:
        pairs: with their passages.
        weights: of words.
        rng: of the order of options.
        options: of each question.
    """
    pool = [pair for pair in pairs if pair.kind == "open"]
    if len(pool) < options:
        return []
    asked = embed([pair.question for pair in pool])
    answered = embed([pair.answer for pair in pool])
    made = []
    for i, pair in enumerate(pool):
        wrong = _wrong_options(i, pool, asked, answered, weights, options - 1)
        if len(wrong) == options - 1:
            texts = rng.sample([pair.answer, *wrong], options)
            letter = chr(ord("A") + texts.index(pair.answer))
            made.append(MultipleChoice(pair.question, tuple(texts), letter, pair.source))
    return made


def _wrong_options(
    i: int, pool: Sequence[Pair], asked: np.ndarray, answered: np.ndarray, weights: TermWeights,
    most: int,
) -> list[str]:  # fmt: skip
    pair, chosen = pool[i], [i]
    for j in np.argsort(-(asked @ asked[i]), kind="stable")[:_NEAREST].tolist():
        other = pool[j]
        if len(chosen) > most:
            break
        if (
            other.source != pair.source
            and _alike_in_form(other.answer, pair.answer)
            and not any(
                _says_the_same(other.answer, pool[c].answer, float(answered[c] @ answered[j]))
                for c in chosen
            )
            and weights.recall(other.answer, pair.passage or "", pair.question) < _TRUE_TOO
        ):
            chosen.append(j)
    return [pool[j].answer for j in chosen[1:]]


def _says_the_same(a: str, b: str, cosine: float) -> bool:
    """By the numbers if there are any, to which embeddings are blind; else by the meaning."""
    numbers = [set(re.findall(r"\d+(?:\.\d+)?", text)) for text in (a, b)]
    if any(numbers):
        return numbers[0] == numbers[1]
    return normalised(a) == normalised(b) or cosine > _SAME


def _alike_in_form(a: str, b: str) -> bool:
    """Both with numbers or both without; neither much longer than the other."""
    if bool(re.search(r"\d", a)) != bool(re.search(r"\d", b)):
        return False
    shorter, longer = sorted((len(a.split()), len(b.split())))
    return longer <= 2 * shorter + 2
