"""What every evaluation leaves: a JSON line, metrics.json in the model folder, plots."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path

from matplotlib.figure import Figure

__all__ = ["FIGURES", "WEIGHTS", "print_metrics", "save_figure", "write_metrics"]

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "core" / "weights"
FIGURES = ROOT / "docs" / "figures"


def save_figure(figure: Figure, name: str) -> Path:
    """Write a figure under docs/figures and say where."""
    path = FIGURES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=80)
    return path


def print_metrics(metrics: dict[str, float]) -> None:
    """The last line of an evaluation: numbers by name, as JSON."""
    print(json.dumps({k: _number(v) for k, v in metrics.items()}), flush=True)


def write_metrics(
    folder: Path,
    model: str,
    metrics: dict[str, float],
    targets: dict[str, float],
    data: str,
    plots: list[Path],
) -> None:
    """Write metrics.json, whole or not at all.

    Args:
        folder: model folder.
        model: its name.
        metrics: what was measured.
        targets: the largest (or, for rates, the wanted) value of some of them.
        data: suite and sets that it was measured on, in words.
        plots: figures under docs/figures.
    """
    module = sys.modules["__main__"].__spec__
    content = {
        "model": model,
        "command": f"python -m {module.name}" if module else " ".join(sys.argv),
        "metrics": {k: _number(v) for k, v in metrics.items()},
        "targets": targets,
        "data": data,
        "plots": [p.relative_to(ROOT).as_posix() for p in plots if p.is_relative_to(ROOT)],
    }
    temporary = folder / "metrics.json.tmp"
    temporary.write_text(json.dumps(content, indent=2) + "\n")
    os.replace(temporary, folder / "metrics.json")


def _number(value: float) -> float | None:
    value = float(value)
    return float(f"{value:.5g}") if math.isfinite(value) else None
