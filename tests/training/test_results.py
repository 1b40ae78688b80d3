"""docs/results.md and the README's table come from metrics.json alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training import results

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
