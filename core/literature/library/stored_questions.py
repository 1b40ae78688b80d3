"""The questions that the primer's passages answer, in people's words, and the sentences that do.

A question is matched with these as well as with the texts: how somebody asks is nearer to how
others ask than to how a passage says it (Nogueira et al. 2019, 1904.08375). Their embeddings lie
beside them as whole numbers, a byte each; after a change make them again::

    python -m core.literature.library.stored_questions

Example:
    >>> found = stored_questions().nearest("how old is the universe?", most=1)
    >>> found[0].question.passage, found[0].question.sentences
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from core.files import write_whole
from core.literature.library.rows import FOLDER, read_rows
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean, words

__all__ = ["Kind", "Match", "StoredQuestion", "StoredQuestions", "how_many",
           "read_questions", "stored_questions", "write_question_vectors"]

Kind = Literal["definition", "value", "why", "how", "yes_no", "comparison", "list", "who_when"]

_SCALE = 127.0 / 0.35
"""Of a component of a unit vector of 384, to a whole number of a byte; few are longer than 0.35."""
_WORDS = 0.5
_CANDIDATES = 60


@dataclass(frozen=True)
class StoredQuestion:
    """A question that a passage answers.

    Attributes:
        passage: id of the passage.
        text: as somebody would ask it.
        kind: of question.
        sentences: indices of the passage's sentences that answer it, in reading order.
        answer: "yes" or "no" of a yes_no question, else "".
    """

    passage: str
    text: str
    kind: Kind
    sentences: tuple[int, ...]
    answer: Literal["yes", "no", ""] = ""


@dataclass(frozen=True)
class Match:
    """A stored question that is like the one that was asked.

    Attributes:
        question: the stored one.
        score: cosine of the meanings and half the weighted share of words in common, up to 1.5.
        cosine: of the meanings alone.
        shared: weighted share of words, 0 to 1: the harmonic mean of the next two.
        asked_share: of the words asked, what the stored question has.
        own_share: of its words, what was asked.
    """

    question: StoredQuestion
    score: float
    cosine: float
    shared: float
    asked_share: float = 0.0
    own_share: float = 0.0


def read_questions(folder: Path = FOLDER) -> list[StoredQuestion]:
    """The questions in the order of their file.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    needed = ("passage", "question", "kind", "sentences")
    return [
        StoredQuestion(row["passage"], clean(row["question"]), row["kind"],
                       tuple(row["sentences"]), row.get("answer", ""))
        for row in read_rows(folder / "questions.jsonl", needed)
    ]


def how_many(folder: Path = FOLDER) -> int:
    """The number of questions, none of them read."""
    with (folder / "questions.jsonl").open("rb") as file:
        return sum(1 for line in file if line.strip())


class StoredQuestions:
    """All of them, to be searched by words and by meaning. Safe from many threads.

    Args:
        questions: n of them.
        vectors: (n, 384), of length one.
    """

    def __init__(self, questions: Sequence[StoredQuestion], vectors: np.ndarray) -> None:
        self.questions = list(questions)
        self._vectors = vectors
        self._words = [frozenset(words(q.text)) for q in self.questions]
        counts = Counter(word for found in self._words for word in found)
        self._weight = {word: math.log((len(self.questions) + 1) / (n + 0.5))
                        for word, n in counts.items()}
        self._heaviest = max(self._weight.values(), default=1.0)
        self._own = np.array([sum(map(self.weight, found)) for found in self._words])
        self._holding: dict[str, list[int]] = defaultdict(list)
        for i, found in enumerate(self._words):
            for word in found:
                self._holding[word].append(i)

    def nearest(
        self, text: str, most: int = 10, without: Iterable[int] = (),
        vector: np.ndarray | None = None,
    ) -> list[Match]:
        """The stored questions most like a text, the best first.

        Args:
            text: a question.
            most: longest result.
            without: indices of questions that are left out.
            vector: the text's embedding, (384,), if it is known.
        """
        if not self.questions:
            return []
        cosines = self._vectors @ (embed([text])[0] if vector is None else vector)
        of_asked, of_own = self._shares(frozenset(words(text)))
        both = of_asked + of_own
        shares = np.divide(2 * of_asked * of_own, both, out=np.zeros_like(both), where=both > 0)
        scores = cosines + _WORDS * shares
        scores[list(without)] = -1.0
        count = min(most, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [
            Match(self.questions[i], float(scores[i]), float(cosines[i]), float(shares[i]),
                  float(of_asked[i]), float(of_own[i]))
            for i in best
        ]

    def vectors(self, questions: Sequence[StoredQuestion]) -> np.ndarray:
        """The unit vectors of questions, (n, 384), float32; those not stored here are embedded."""
        missing = [question.text for question in questions if question not in self._place]
        made = iter(embed(missing))
        found = [self._vectors[self._place[question]] if question in self._place else next(made)
                 for question in questions]
        return np.array(found, np.float32).reshape(-1, DIMENSION)

    @cached_property
    def _place(self) -> dict[StoredQuestion, int]:
        return {question: i for i, question in enumerate(self.questions)}

    def weight(self, word: str) -> float:
        """Of a word: more for one that few questions have."""
        return self._weight.get(word, self._heaviest)

    def _shares(self, asked: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
        """By weight: what every stored question has of the words asked, and these of its own."""
        common = np.zeros(len(self.questions))
        for word in asked:
            common[self._holding.get(word, [])] += self.weight(word)
        whole = sum(map(self.weight, asked))
        return (common / whole if whole else common,
                np.divide(common, self._own, out=np.zeros_like(common), where=self._own > 0))


@lru_cache(maxsize=1)
def stored_questions() -> StoredQuestions:
    """Those that come with the code, read once."""
    questions = read_questions()
    return StoredQuestions(questions, question_vectors(questions))


def question_vectors(questions: Sequence[StoredQuestion], folder: Path = FOLDER) -> np.ndarray:
    """Their unit vectors, (n, 384), float32; those that are not kept beside them are embedded."""
    known = _kept(folder)
    missing = [q.text for q in questions if _digest(q.text) not in known]
    made = dict(zip(map(_digest, missing), embed(missing), strict=True))
    found = [known.get(_digest(q.text), made.get(_digest(q.text))) for q in questions]
    vectors = np.array(found, np.float32).reshape(-1, DIMENSION)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _kept(folder: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(folder / "question_vectors.safetensors"), "np") as file:
            listed = (file.metadata() or {}).get("questions", "")
            return dict(zip(listed.split(), file.get_tensor("vectors"), strict=True))
    except (FileNotFoundError, SafetensorError, ValueError):
        return {}


def write_question_vectors(folder: Path = FOLDER, batch: int = 800) -> int:
    """Embed the questions that are new and keep all embeddings beside them; how many were new."""
    from safetensors.numpy import save

    questions, known = read_questions(folder), _kept(folder)
    texts = list(dict.fromkeys(q.text for q in questions))
    missing = [text for text in texts if _digest(text) not in known]
    for start in range(0, len(missing), batch) or [0]:
        some = missing[start : start + batch]
        rounded = np.clip(np.rint(embed(some) * _SCALE), -127, 127).astype(np.int8)
        known |= dict(zip(map(_digest, some), rounded, strict=True))
        kept = [text for text in texts if _digest(text) in known]
        vectors = np.array([known[_digest(text)] for text in kept], np.int8)
        listed = {"questions": " ".join(map(_digest, kept))}
        write_whole(folder / "question_vectors.safetensors",
                    save({"vectors": vectors.reshape(-1, DIMENSION)}, listed))
    return len(missing)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    print(json.dumps({"embedded": write_question_vectors()}))
