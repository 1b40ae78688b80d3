"""Evaluate CosmoGemma on questions that people ask, by rules.

    python -m training.literature.evaluate_questions --data asked.jsonl [people.jsonl ...] \\
        [--answers answers.jsonl] [--write]

Questions and rules have the form of :mod:`training.literature.questions.asked`. Each is asked as on
the page, with the question before it where it follows one. Words alone are judged by the rules, so
that --answers writes what was said, to be read by a person. The floor is the first passage that the
full-text index finds, as it stands. Recall counts, among the questions that some passage of the
library answers whole by the rules, those for which the first, or one of the first three passages
found, does. Prints a line of JSON last.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from core.files import write_whole
from core.literature.assistant.cosmogemma import CosmoGemma
from core.literature.assistant.questions.meaning import understood
from core.literature.assistant.reply import Reply
from core.literature.library.library import Library
from core.literature.library.primer import read_primer
from core.literature.text.text import words
from training.evaluation.metric_names import QUESTIONS_TARGETS
from training.evaluation.report import ROOT, publish, refuse_partial, run
from training.literature.questions.asked import AskedQuestion, Grade, graded, read_asked

__all__ = ["EvaluateConfig", "evaluate"]

OWN = Path(__file__).parent / "data" / "asked_questions.jsonl"
KINDS = ("definition", "value", "yes_no", "comparison", "why_how", "list", "calculation",
         "follow_up", "other")


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: files of questions with rules; by default those of the project.
        limit: questions used, evenly spread (0: all).
        answers: where to write every answer (JSON lines), to be read by a person.
        write: publish the numbers in docs/measured.
    """

    data: tuple[Path, ...] = (OWN,)
    limit: int = 0
    answers: Path | None = None
    write: bool = False


@dataclass(frozen=True)
class _Answered:
    """A question, what came back, when its first words came, and the grades."""

    question: AskedQuestion
    reply: Reply
    first_s: float
    grade: Grade
    floor: Grade
    ranks: tuple[bool, ...] | None
    """Whether each of the passages found answers it; None where no passage of the library does."""


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure; return the numbers by name."""
    questions = read_asked(config.data)
    partial = f"only {config.limit} questions were asked" if config.limit else ""
    refuse_partial(config.write, partial)
    if config.limit:
        questions = questions[:: max(len(questions) // config.limit, 1)][: config.limit]
    with tempfile.TemporaryDirectory() as folder:
        model = CosmoGemma.load(library=Library.open(Path(folder) / "library.sqlite"))
        answered = list(tqdm(_answered(model, questions), total=len(questions), disable=None))
    if config.answers is not None:
        rows = "".join(f"{json.dumps(_row(one), ensure_ascii=False)}\n" for one in answered)
        write_whole(config.answers, rows.encode())
    metrics = _metrics(answered)
    publish(metrics, write=config.write, partial=partial, model="CosmoGemma's answers",
            data=f"{len(questions)} questions with rules: "
            f"{' and '.join(path.name for path in config.data)}", targets=QUESTIONS_TARGETS,
            numbers=ROOT / "docs" / "measured" / "questions.json")  # fmt: skip
    return metrics


def _answered(model: CosmoGemma, questions: Sequence[AskedQuestion]) -> Iterator[_Answered]:
    passages = [f"{p.title}. {p.text}" for p in read_primer()]
    list(model.ask("What is the cosmic microwave background?"))  # opens what is opened once
    for question in questions:
        history = [(earlier, "") for earlier in question.after]
        begun, first = time.monotonic(), 0.0
        reply = Reply()
        for reply in model.ask(question.text, history=history):
            if reply.text and not first:
                first = time.monotonic() - begun
        yield _Answered(question, reply, first, graded(question, f"{reply.text} {reply.notice}"),
                        graded(question, _floor(model, question)),
                        _ranks(model, question, history, passages))


def _floor(model: CosmoGemma, question: AskedQuestion) -> str:
    """The passage that words alone find."""
    found = model.library.lexical(words(question.text), 1)
    papers = model.library.papers([key for key, _ in found])
    return next((paper.abstract for paper in papers.values()), "")


def _ranks(
    model: CosmoGemma, question: AskedQuestion, history: Sequence[tuple[str, str]],
    passages: Sequence[str],
) -> tuple[bool, ...] | None:
    if question.kind in ("calculation", "other") or not any(
            _holds(question, text) for text in passages):
        return None
    text = understood(question.text, history).text
    found = model.retriever.search(text) if text else []
    return tuple(_holds(question, f"{source.paper.title}. {source.paper.abstract}")
                 for source in found[:3])


def _holds(question: AskedQuestion, text: str) -> bool:
    """Whether a passage answers a question, the verdict aside."""
    said = f"{question.verdict}. {text}" if question.verdict else text
    return graded(question, said).right


def _metrics(answered: Sequence[_Answered]) -> dict[str, float]:
    by_kind: dict[str, list[_Answered]] = defaultdict(list)
    for one in answered:
        by_kind[one.question.kind].append(one)
    ranked = [one for one in answered if one.ranks is not None]
    verdicts = [one for one in answered if one.question.verdict]
    kinds = {f"right_{kind}": _share([one.grade.right for one in by_kind[kind]])
             for kind in KINDS if by_kind[kind]}
    return {
        "right": _share([one.grade.right for one in answered]), **kinds,
        "floor_right": _share([one.floor.right for one in answered]),
        "evasive": _share([one.grade.evasive for one in answered]),
        "polarity_errors": _share([one.grade.contrary for one in verdicts]),
        "recall_1": _share([one.ranks[:1] == (True,) for one in ranked if one.ranks is not None]),
        "recall_3": _share([any(one.ranks) for one in ranked if one.ranks is not None]),
        **_recalls(ranked),
        "first_words_s": statistics.median(one.first_s for one in answered),
        "whole_s": statistics.median(one.reply.seconds for one in answered),
        "whole_s_longest": max(one.reply.seconds for one in answered),
        "questions": len(answered),
    }


def _recalls(ranked: Sequence[_Answered]) -> dict[str, float]:
    """Recall of the first three by kind."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one in ranked:
        by_kind[one.question.kind].append(any(one.ranks or ()))
    return {f"recall_3_{kind}": _share(found) for kind, found in by_kind.items()}


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else float("nan")


def _row(one: _Answered) -> dict[str, object]:
    return {
        "id": one.question.id, "kind": one.question.kind, "question": one.question.text,
        "after": list(one.question.after), "answer": one.reply.text, "notice": one.reply.notice,
        "how": one.reply.how, "read_as": one.reply.asked,
        "sources": [source.paper.id for source in one.reply.sources],
        "right": one.grade.right, "missing": one.grade.missing,
    }


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
