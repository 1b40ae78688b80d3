"""The page shows the measured numbers of the shipped adapter, beside those it is compared with."""

from __future__ import annotations

import pytest

from apps.cosmogemma.pages.about import introduction, metrics_table
from core.literature.library.browse import passages
from core.literature.library.stored_questions import read_questions
from core.weights import read_metrics

ROWS = {
    "accuracy": "right answers, all questions", "open_accuracy": "right answers, open questions",
    "yes_no_balanced": "balanced accuracy, yes or no",
    "mcq_hard": "multiple choice, distractors from similar questions",
}


@pytest.mark.parametrize("metric", list(ROWS))
def test_the_table_shows_what_was_measured(metric: str) -> None:
    stored = read_metrics("cosmogemma")
    assert stored is not None
    row = next(line for line in metrics_table().splitlines() if ROWS[metric] in line)
    for prefix in ("", "closed_", "base_", "original_"):
        value = stored["metrics"].get(prefix + metric)
        assert value is None or f"{100 * value:.1f}%" in row


def test_the_introduction_counts_the_library_and_takes_the_judge_s_accuracy_from_its_metrics(
) -> None:
    judge = read_metrics("yes_no_judge")
    assert judge is not None
    for number in (f"{len(passages()):,} passages", f"{len(read_questions()):,} questions",
                   f"{judge['metrics']['accuracy']:.0%}", f"{judge['metrics']['surest']:.0%}"):
        assert number in " ".join(introduction().split())
