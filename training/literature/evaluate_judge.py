"""Evaluate the judge of yes/no questions on the passages that it was not trained on.

    python -m training.literature.evaluate_judge [--write]

Each question stored with such a passage is read with it, and some questions of other passages too,
which it does not answer. Prints a line of JSON last; --write puts the numbers into
core/weights/yes_no_judge.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from tqdm import tqdm

from core.literature.judge.judge import Judge
from core.literature.library.primer import passage_vectors, read_primer
from core.literature.library.stored_questions import read_questions
from training.evaluation.report import WEIGHTS, publish, refuse_partial, run
from training.literature.questions.judged import judged_passages
from training.literature.train_judge import measured

__all__ = ["EvaluateConfig", "card_section", "evaluate"]

_ROWS = (
    ("balanced", "yes or no where one is right, mean over both"), ("yes", "where yes is right"),
    ("no", "where no is right"), ("always", "always saying what is commoner"),
    ("surest", "of the surer seven tenths"), ("unsaid", "told what the passage does not answer"),
    ("ece", "expected calibration error"),
)


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        limit: passages used (0: all that were held out).
        write: publish the numbers in core/weights/yes_no_judge.
    """

    limit: int = 0
    write: bool = False


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure; return the numbers by name."""
    partial = f"only {config.limit} passages were read" if config.limit else ""
    refuse_partial(config.write, partial)
    judge = Judge.load()
    wanted = set(judge.config.held_out)
    passages = read_primer()
    held = [(passage, vector) for passage, vector
            in zip(passages, passage_vectors(passages), strict=True)
            if passage.id in wanted and vector is not None]
    items = judged_passages([p for p, _ in held], read_questions(), [v for _, v in held])
    chances, labels = [], []
    for item in tqdm(list(items.values())[: config.limit or None], disable=None):
        for question, label in item.asked:
            (said,) = judge(question, [item.text])
            chances.append((said.yes, said.no, said.unsaid))
            labels.append(label)
    metrics = measured(torch.tensor(chances).log(), torch.tensor(labels))
    publish(metrics, write=config.write, partial=partial, folder=WEIGHTS / "yes_no_judge",
            model="Judge of yes/no questions", targets={"balanced": 0.8},
            data=f"{len(items)} passages of the library that were held out",
            measured=lambda: card_section(metrics))
    return metrics


def card_section(metrics: dict[str, float]) -> str:
    """The section "Measured" of the card."""
    lines = [f"{metrics['questions']:.0f} questions on passages that were held out:", "",
             "| what | fraction |", "|---|---|"]
    return "\n".join(lines + [f"| {words} | {metrics[name]:.3f} |" for name, words in _ROWS])


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
