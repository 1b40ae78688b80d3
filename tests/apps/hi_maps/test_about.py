"""The cards in the page show the measured numbers of the shipped models."""

from __future__ import annotations

import pytest

from apps.hi_maps.pages.about import metrics_table
from core.weights import read_metrics


@pytest.mark.parametrize(
    ("folder", "metric", "words"),
    [
        ("hi_cdm", "pk_log_median", "P(k) of log Σ, median deviation"),
        ("higlow", "pk_log_median", "P(k) of log Σ, median deviation"),
        ("hi_inference", "coverage_68", "coverage of the 68% interval"),
    ],
)
def test_a_card_shows_what_was_measured(folder: str, metric: str, words: str) -> None:
    stored = read_metrics(folder)
    assert stored is not None
    assert f"| {words} | {100 * stored['metrics'][metric]:.1f}% |" in metrics_table(folder)


def test_a_model_that_was_not_measured_is_said() -> None:
    assert "Not measured" in metrics_table("no_such_model")
