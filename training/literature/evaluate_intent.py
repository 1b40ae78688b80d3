"""Evaluate the intent model: accuracy, and which questions are refused or accepted.

    python -m training.literature.evaluate_intent --data qa_2018_2022_train.json [--write]

By nested cross-validation of the training (:mod:`training.literature.train_intent`): no question is
judged by a fit or a threshold that has seen it or its paraphrases. Prints a line of JSON last;
--write puts the numbers into core/weights/intent, where the data are those of its card.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.evaluation.report import WEIGHTS, publish, refuse_partial, run
from training.literature.published import missing_published
from training.literature.train_intent import IntentConfig, measure, read_questions

__all__ = ["EvaluateConfig", "evaluate", "measured"]

_ROWS = (
    ("accuracy", "accuracy, mean over the three labels"),
    ("refused_on_topic", "refused: questions of the field"),
    ("refused_pairs", "refused: questions on abstracts of cosmology"),
    ("passed_off_topic", "accepted: questions of other subjects"),
    ("passed_near_misses", "accepted: near misses among them"),
    ("passed_harmful", "accepted: harmful requests and attempts to change the role"),
    ("right_meta", "recognised: questions about the assistant"),
)


@dataclass(frozen=True)
class EvaluateConfig:
    """Command line.

    Attributes:
        data: files of pairs whose questions are on topic.
        write: publish the numbers in core/weights/intent.
    """

    data: tuple[Path, ...] = ()
    write: bool = False


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Measure; return the numbers by name."""
    partial = missing_published(config.data, "qa_2018_2022_train.json")
    refuse_partial(config.write, partial)
    training = IntentConfig(data=config.data)
    metrics = measure(read_questions(training), training)
    names = " and ".join(["topic_questions.jsonl", *(path.name for path in config.data)])
    publish(
        metrics, write=config.write, partial=partial, folder=WEIGHTS / "intent",
        model="Question filter", data=f"{names}: {metrics['questions']:.0f} written questions and "
        f"{metrics.get('pairs', 0):.0f} on abstracts; nested cross-validation",
        measured=lambda: measured(metrics),
    )  # fmt: skip
    return metrics


def measured(metrics: dict[str, float]) -> str:
    """The section "Measured" of the card."""
    lines = [
        f"Nested cross-validation over {metrics['questions']:.0f} written questions and "
        f"{metrics.get('pairs', 0):.0f} on abstracts, with one standard error:", "",
        "| what | fraction |", "|---|---|",
    ]  # fmt: skip
    for name, words in _ROWS:
        if name in metrics:
            lines.append(f"| {words} | {metrics[name]:.3f} ± {metrics[f'{name}_error']:.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
