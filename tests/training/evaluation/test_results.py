"""docs/results.md and the README's table come from metrics.json alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.evaluation import results
from training.evaluation.metric_names import meaning

STORED = {
    "model": "HI-CDM",
    "command": "python -m training.hydrogen.evaluate_hi_cdm --data DIR",
    "data": "CosmoDeskPM FIX",
    "metrics": {"pk_log_median": 0.0312, "floor_pk_log_median": 0.021, "seconds_per_map": 0.7,
                "unheard_of": 1.0, "pdf_over_floor": None},
    "targets": {"pk_log_median": 0.05, "seconds_per_map": 1.5},
    "plots": ["docs/figures/hi_cdm_power.png"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "core" / "weights" / "hi_cdm"
    folder.mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps(STORED))
    (tmp_path / "README.md").write_text(f"# Top\n{results.BEGIN}\nold\n{results.END}\nBelow\n")
    return tmp_path


def test_writes_both_and_says_when_they_are_current(root: Path) -> None:
    assert results.main(root, check=True) == 1
    assert results.main(root) == 0
    assert results.main(root, check=True) == 0
    readme = (root / "README.md").read_text()
    assert readme.startswith("# Top\n") and readme.endswith("\nBelow\n") and "old" not in readme
    assert "| 0.0312 | 0.021 | 0.05 |" in readme
    page = (root / "docs" / "results.md").read_text()
    assert "`unheard_of`" in page and "(figures/hi_cdm_power.png)" in page
    assert "floor_pk_log_median" not in page  # stands beside its metric
    assert STORED["command"] in page


def test_damaged_metrics_and_missing_markers(root: Path) -> None:
    (root / "README.md").write_text("no markers")
    with pytest.raises(ValueError, match="lacks the lines"):
        results.main(root)
    (root / "core" / "weights" / "hi_cdm" / "metrics.json").write_text("{")
    with pytest.raises(ValueError, match="damaged"):
        results.main(root)


def test_no_model_yet(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"{results.BEGIN}\n{results.END}\n")
    assert results.main(tmp_path) == 0
    assert "No model" in (tmp_path / "README.md").read_text()


def test_baselines_stand_beside_their_metric(tmp_path: Path) -> None:
    folder = tmp_path / "neutral_fraction"
    folder.mkdir()
    numbers = {"r2_clean": 0.99, "r2_clean_std": 0.002, "baseline_r2_clean": 0.97,
               "baseline_r2_clean_std": 0.01, "accuracy": 0.96, "pk_accuracy": 0.81,
               "pk_ratio_median": 0.05, "threshold_pk_ratio_median": 0.4,
               "floor_pk_ratio_median": 0.02}
    content = {"command": "c", "metrics": numbers, "targets": {"r2_clean": 0.985}}
    (folder / "metrics.json").write_text(json.dumps(content))
    models = results.read_all(tmp_path)
    table = results.readme_table(models)
    assert "| 0.99 | 0.97 | 0.985 |" in table
    page = results.results_page(models)
    assert "| 0.002 | 0.01 |" in page and "standard deviation over splits or sim" in page
    assert "| 0.96 | 0.81 |" in page
    assert "| 0.05 | 0.4 |" in page and "between two halves" in page
    assert "baseline_" not in page and "pk_accuracy" not in page and "threshold_" not in page


@pytest.mark.parametrize(
    "key",
    ["r2_aa4_wedge", "baseline_r2_clean_splits", "baseline_r2_corner_aa4", "coverage_68_aa_star",
     "coverage_95_quartile_4", "flagged_other_simulator_aa4", "ood_caught_twin_clean",
     "coverage_95_truth_quartile_2",
     "r2_aa4_one_slice", "pk_accuracy_hard_std", "moments_accuracy_x_hi_3",
     "pk_calibration_error_observed", "unet_map_r_k_0.3", "threshold_bubble_path_error",
     "floor_coverage_68", "likelihood_coverage_95"],
)
def test_composed_names_have_a_meaning(key: str) -> None:
    assert meaning("neutral_fraction", key)


def test_the_same_key_can_mean_another_thing_for_another_model() -> None:
    assert "galaxies" in meaning("reionization_sources", "accuracy")
    assert "original CosmoGemma" in meaning("cosmogemma", "original_accuracy")
    assert "galaxies" not in meaning("cosmogemma", "accuracy")
