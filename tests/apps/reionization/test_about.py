"""The cards in the page show the measured numbers of the shipped models, beside their baselines."""

from __future__ import annotations

import pytest

from apps.reionization.pages.about import metrics_table
from core.weights import read_metrics


@pytest.mark.parametrize(
    ("folder", "metric", "baseline", "words"),
    [
        ("neutral_fraction", "r2_aa4", "baseline_r2_aa4", "R², SKA-Low AA4, 1,000 h"),
        ("reionization_sources", "accuracy", "pk_accuracy", "accuracy, clean boxes"),
        ("radiation", "r_k", "threshold_r_k", "correlation with the simulator’s field"),
    ],
)
def test_a_card_shows_what_was_measured(
    folder: str, metric: str, baseline: str, words: str
) -> None:
    stored = read_metrics(folder)
    assert stored is not None
    row = next(line for line in metrics_table(folder).splitlines() if words in line)
    for key in (metric, baseline):
        value = stored["metrics"][key]
        assert f"{value:.3g}" in row or f"{value:.3f}" in row or f"{100 * value:.1f}%" in row


def test_a_model_that_was_not_measured_is_said() -> None:
    assert "Not measured" in metrics_table("no_such_model")
