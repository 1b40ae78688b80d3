"""Evaluate CosmoGemma on questions with reference answers, beside baselines.

    python -m training.literature.evaluate_cosmogemma --data questions.json \\
        --corpus abstracts.json [--limit 50] [--write]

The questions file has the form of :mod:`training.literature.questions.pairs`, with abstracts;
answers of the original CosmoGemma in it ("cosmogemma_2b_answer") are scored too. Retrieval searches
the abstracts of both files and nothing else. Rows, by prefix of their numbers: original_;
always_yes_; base_ (the same Gemma without the adapter, closed-book, shown four questions with
answers); copied_ (the best sentence of the best abstract as it stands); closed_ (ours from memory);
none (ours with sources). Scores: :mod:`training.literature.questions.scoring`. Multiple choice has
four options, the other three being answers of random questions (easy) or of the nearest ones
(hard), all closed-book. Prints a line of JSON last; --write publishes the numbers in the adapter's
folder, where all of the published data were measured.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from core.files import write_whole
from core.literature.assistant.cosmogemma import CosmoGemma, Reply
from core.literature.assistant.quiz import Quiz, answer_quiz
from core.literature.language_model.backends import Backend, open_backend
from core.literature.language_model.prompts import STOPS, plain_prompt
from core.literature.library.library import Library
from core.literature.text.embedding import embed
from core.literature.text.paper import Paper
from core.literature.text.text import TermWeights, words
from training.evaluation.report import WEIGHTS, publish, refuse_partial, run
from training.literature.card import measured
from training.literature.published import first_reason, missing_published
from training.literature.questions.pairs import Pair, read_pairs
from training.literature.questions.scoring import score_answers

__all__ = ["EvaluateConfig", "evaluate", "library_of", "make_quizzes"]

TARGETS = {
    "accuracy": 0.72, "open_accuracy": 0.65, "yes_no_balanced": 0.75, "recall_5": 0.90,
    "mcq_easy": 0.85, "mcq_hard": 0.72,
}

CHOICES = 100

SHOTS = (
    ("What is the main observable of weak gravitational lensing surveys?",
     "The correlated shapes of distant galaxies, called cosmic shear."),
    ("Can the kinetic Sunyaev-Zel'dovich effect measure the motion of clusters?",
     "Yes, it is proportional to their momentum along the line of sight."),
    ("Why are type Ia supernovae standardised?",
     "Their peak brightness depends on the width and colour of the light curve."),
    ("Is the 21 cm line of hydrogen emitted by ionized gas?",
     "No, it comes from the hyperfine transition of neutral hydrogen."),
)


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: questions with their abstracts and references.
        corpus: further files whose abstracts are searched too.
        limit: questions used, from the beginning (0: all).
        model: adapter folder.
        choices: multiple-choice questions of each kind.
        baselines: whether to run the base model too.
        answers: where to write every answer (JSON lines), to be read by a person.
        write: publish the numbers in the adapter's folder.
    """

    data: Path
    corpus: tuple[Path, ...] = ()
    limit: int = 0
    model: Path = WEIGHTS / "cosmogemma"
    choices: int = CHOICES
    baselines: bool = True
    answers: Path | None = None
    write: bool = False


def make_quizzes(pairs: Sequence[Pair], count: int, hard: bool, seed: int = 0) -> list[tuple]:
    """Multiple-choice questions out of pairs: (quiz, index of the right option).

    Args:
        pairs: their answers are the options; an answer of fewer than two words, stop words left
            out, makes neither a question nor an option.
        count: how many at most.
        hard: the wrong options are the answers of the nearest questions, else of random ones.
        seed: Random seed of the choice and the order.
    """
    rng = random.Random(seed)
    usable = [p for p in pairs if len(words(p.answer)) >= 2]
    vectors = embed([p.question for p in usable])
    quizzes = []
    for i in sorted(rng.sample(range(len(usable)), min(count, len(usable)))):
        near = np.argsort(-(vectors @ vectors[i]), kind="stable")
        order = near.tolist() if hard else rng.sample(range(len(usable)), len(usable))
        others: list[str] = []
        for j in order:
            if usable[j].answer not in (usable[i].answer, *others):
                others.append(usable[j].answer)
        options = [usable[i].answer, *others[:3]]
        rng.shuffle(options)
        quiz = Quiz(usable[i].question, tuple(options), tuple("ABCD"[: len(options)]))
        quizzes.append((quiz, options.index(usable[i].answer)))
    return quizzes


def quiz_accuracy(quizzes: Sequence[tuple], backend: Backend, name: str) -> dict[str, float]:
    """Accuracy on quizzes, from memory, and its standard error, by names."""
    right = [
        quiz.letters[truth] == answer_quiz(quiz, backend).letter
        for quiz, truth in tqdm(quizzes, desc="multiple choice", disable=None)
    ]
    rate = float(np.mean(right)) if right else float("nan")
    return {name: rate, f"{name}_error": (rate * (1 - rate) / max(len(right), 1)) ** 0.5}


def library_of(folder: str, pairs: Sequence[Pair]) -> tuple[Library, dict[str, str]]:
    """A library of the abstracts alone, and the id of each."""
    abstracts = sorted({p.passage for p in pairs if p.passage})
    ids = {abstract: f"abstract:{i}" for i, abstract in enumerate(abstracts)}
    library = Library.open(Path(folder) / "library.sqlite", primer=False)
    library.add(Paper(id=ids[a], title="", abstract=a) for a in abstracts)
    return library, ids


def _with_sources(model: CosmoGemma, pairs: Sequence[Pair]) -> list[Reply]:
    return [
        list(model.ask(p.question))[-1] for p in tqdm(pairs, desc="with sources", disable=None)
    ]


def _from_memory(backend: Backend, pairs: Sequence[Pair], shots: bool = False) -> list[str]:
    before = "".join(f"{plain_prompt(q)} {a}\n\n" for q, a in SHOTS) if shots else ""
    prompts = [before + plain_prompt(p.question) for p in pairs]
    return [
        "".join(backend.stream(prompt, max_tokens=64, stop=STOPS)).strip()
        for prompt in tqdm(prompts, desc="from memory", disable=None)
    ]


def _retrieval(
    model: CosmoGemma, pairs: Sequence[Pair], ids: dict[str, str]
) -> tuple[dict[str, float], list[str]]:
    """Recall of the right abstract, and the best sentence that was found."""
    ranks, copied = [], []
    for pair in pairs:
        found = model.retriever.search(pair.question, most=5, sentences=1, near=0.0)
        names = [source.paper.id for source in found]
        wanted = ids[pair.passage or ""]
        ranks.append(names.index(wanted) if wanted in names else 99)
        copied.append(found[0].excerpt if found else "")
    return {f"recall_{k}": float(np.mean(np.array(ranks) < k)) for k in (1, 5)}, copied


def _support(
    pairs: Sequence[Pair], replies: Sequence[Reply], ids: dict[str, str], weights: TermWeights
) -> float:
    """Share of answers with a cited passage that holds half of the weight of the reference's words.

    Where the reference is a bare yes or no, the passage must be the question's own.
    """
    supported = []
    for pair, reply in zip(pairs, replies, strict=True):
        cited = [reply.sources[c.number - 1].paper for c in reply.citations]
        if words(pair.answer):
            enough = [weights.recall(pair.answer, p.abstract, pair.question) >= 0.5 for p in cited]
        else:
            enough = [p.id == ids[pair.passage or ""] for p in cited]
        supported.append(any(enough))
    return float(np.mean(supported))


def _original(path: Path, pairs: Sequence[Pair]) -> list[str] | None:
    """The original CosmoGemma's answers, if the file has them."""
    if path.suffix != ".json":
        return None
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    answers = [row.get("cosmogemma_2b_answer") for row in rows[: len(pairs)]]
    return None if None in answers else [str(a) for a in answers]


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure everything; return the numbers by name."""
    partial = _partial(config)
    refuse_partial(config.write, partial)
    numbers = _measured(config)
    files = ", ".join(path.name for path in (config.data, *config.corpus))
    asked = f"{numbers['questions']:.0f} questions of {config.data.name}, abstracts of {files}"
    publish(
        numbers, write=config.write, partial=partial, folder=config.model, model="CosmoGemma",
        data=asked, targets=TARGETS, measured=lambda: measured(numbers, asked),
    )
    return numbers


def _partial(config: EvaluateConfig) -> str:
    """Why the measurement is less than the card's, in words; empty if it is not."""
    return first_reason(
        "--limit leaves questions out" if config.limit else "",
        f"the card's {CHOICES} multiple-choice questions of each kind are not asked"
        if config.choices < CHOICES else "",
        "" if config.baselines else "the base model is left out",
        missing_published((config.data, *config.corpus), "qa_2023_dev.json", "qa_2023_train.json"),
    )


def _measured(config: EvaluateConfig) -> dict[str, float]:
    pairs = [p for p in read_pairs([config.data]) if p.passage]
    corpus = [*pairs, *read_pairs(config.corpus)]
    used = pairs[: config.limit or None]
    weights = TermWeights.of(sorted({p.passage for p in corpus if p.passage}))
    quizzes = {
        name: make_quizzes(pairs, min(config.choices, len(used)), hard=name == "hard")
        for name in ("easy", "hard")
    }
    answers: dict[str, list[str]] = {"always_yes": ["Yes"] * len(used)}
    numbers: dict[str, float] = {"questions": len(used)}
    original = _original(config.data, used)
    if original is not None:
        answers["original"] = original
    with tempfile.TemporaryDirectory() as folder:
        library, ids = library_of(folder, corpus)
        model = CosmoGemma.load(config.model, library=library)
        recall, answers["copied"] = _retrieval(model, used, ids)
        numbers |= recall
        started = time.monotonic()
        replies = _with_sources(model, used)
        numbers["seconds_per_answer"] = (time.monotonic() - started) / len(used)
        answers["ours"] = [reply.text for reply in replies]
        numbers["citation_support"] = _support(used, replies, ids, weights)
        answers["closed"] = _from_memory(model.backend, used)
        for name, quiz in quizzes.items():
            numbers |= quiz_accuracy(quiz, model.backend, f"mcq_{name}")
        library.close()
    if config.baselines:
        base = open_backend(adapter=None)
        answers["base"] = _from_memory(base, used, shots=True)
        for name, quiz in quizzes.items():
            numbers |= quiz_accuracy(quiz, base, f"base_mcq_{name}")
    for name, texts in answers.items():
        prefix = "" if name == "ours" else f"{name}_"
        scores = score_answers(used, texts, weights)
        numbers |= {f"{prefix}{key}": value for key, value in scores.items()}
    if config.answers is not None:
        _write_answers(config.answers, used, answers)
    return numbers


def _write_answers(path: Path, pairs: Sequence[Pair], answers: dict[str, list[str]]) -> None:
    rows = [
        {"question": p.question, "reference": p.answer, **{k: a[i] for k, a in answers.items()}}
        for i, p in enumerate(pairs)
    ]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_whole(path, "".join(lines).encode())


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
