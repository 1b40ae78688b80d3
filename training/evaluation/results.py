"""Write docs/results.md and the README's table from what the evaluations measured.

    python -m training.evaluation.results            (make results)
    python -m training.evaluation.results --check    exits 1 if they are not up to date

Reads core/weights/*/metrics.json and docs/measured/questions.json and nothing else, so that no
number is written by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.files import write_whole
from training.evaluation.metric_names import BESIDE, HEADLINES, QUESTIONS_TARGETS, meaning

__all__ = ["Metrics", "main", "read_all", "read_answers", "readme_table", "results_page"]

ROOT = Path(__file__).parents[2]
BEGIN = "<!-- results: made by `make results`, do not edit -->"
END = "<!-- end of results -->"


@dataclass(frozen=True)
class Metrics:
    """metrics.json of one model."""

    folder: str
    model: str
    command: str
    data: str
    metrics: dict[str, float | None]
    targets: dict[str, float]
    plots: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Metrics:
        """Read one file.

        Raises:
            ValueError: if it is damaged.
        """
        try:
            stored: dict[str, Any] = json.loads(path.read_text())
            return cls(
                path.parent.name, stored.get("model", path.parent.name), stored["command"],
                stored.get("data", ""), dict(stored["metrics"]), dict(stored.get("targets", {})),
                tuple(stored.get("plots", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is damaged; run the evaluation again.") from error

    def beside_key(self, key: str) -> str | None:
        """The key of the baseline or floor of a metric, or of the power spectrum's number."""
        names = [f"{prefix}{key}" for prefix in BESIDE]
        if key.startswith("accuracy"):
            names.append(f"pk_{key}")
        if key.startswith("rmse_"):
            names.append(key.replace("rmse_", "rmse_pk_", 1))
        return next((name for name in names if name in self.metrics), None)

    def beside(self, key: str) -> float | None:
        """That number."""
        name = self.beside_key(key)
        return None if name is None else self.metrics[name]


def read_all(weights: Path) -> list[Metrics]:
    """Every model that was measured, in the order of its folder's name."""
    return [Metrics.read(path) for path in sorted(weights.glob("*/metrics.json"))]


def read_answers(path: Path) -> list[Metrics]:
    """What was measured of CosmoGemma's answers, which belong to no model; nothing if not yet."""
    if not path.is_file():
        return []
    return [Metrics("questions", "CosmoGemma, asked as people ask",
                    "python -m training.literature.evaluate_questions",
                    "questions with rules of what a right answer holds and must not hold",
                    json.loads(path.read_text()), QUESTIONS_TARGETS, ())]


def _show(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.3g}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _paired(metrics: Metrics) -> set[str]:
    """The metrics that are shown beside others instead of in rows of their own."""
    return {name for key in metrics.metrics if (name := metrics.beside_key(key)) is not None}


def readme_table(models: list[Metrics]) -> str:
    """The headline numbers of every model."""
    rows = []
    for model in models:
        for key in HEADLINES.get(model.folder, tuple(model.targets)):
            if key in model.metrics:
                words = meaning(model.folder, key) or f"`{key}`"
                rows.append((model.model, words, _show(model.metrics[key]),
                             _show(model.beside(key)), _show(model.targets.get(key))))
    if not rows:
        return "No model has been measured yet."
    head = ("model", "what", "measured", "floor or baseline", "target")
    return "\n".join(_table(head, rows))


def results_page(models: list[Metrics]) -> str:
    """docs/results.md: every number and plot, with the command that made it."""
    lines = [
        "# Measured results", "",
        "Made by `make results` from `core/weights/*/metrics.json` and "
        "`docs/measured/questions.json`, which the evaluations write. "
        "Fractions, not percent. The floor of a number is the same distance between two disjoint "
        "halves of the simulations. The baseline is the same estimator given only the power "
        "spectrum (HI inference, sources), or moments and power spectrum (neutral fraction), or a "
        "threshold on the density (radiation), or the original CosmoGemma's answers. The HI "
        "simulations are a stand-in made for this project, not CAMELS; the reionization boxes are "
        "21cmFAST's.", "",
    ]
    for model in models:
        lines += [f"## {model.model}", "", f"`{model.command}`", ""]
        if model.data:
            lines += [f"Data: {model.data}.".replace("..", "."), ""]
        paired = _paired(model)
        rows = [
            (f"`{key}`", meaning(model.folder, key), _show(value), _show(model.beside(key)),
             _show(model.targets.get(key)))
            for key, value in model.metrics.items() if key not in paired
        ]
        lines += _table(("key", "what", "measured", "floor or baseline", "target"), rows) + [""]
        for plot in model.plots:
            name = Path(plot).stem.replace("_", " ")
            lines += [f"![{name}]({Path(plot).as_posix().removeprefix('docs/')})", ""]
    return "\n".join(lines).rstrip() + "\n"


def _with_table(readme: str, table: str) -> str:
    if BEGIN not in readme or END not in readme:
        raise ValueError(f"README.md lacks the lines {BEGIN} and {END} around its table.")
    before, rest = readme.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}"


def main(root: Path = ROOT, check: bool = False) -> int:
    """Write both files, or with ``check`` say whether they are up to date."""
    models = read_all(root / "core" / "weights")
    models += read_answers(root / "docs" / "measured" / "questions.json")
    readme = root / "README.md"
    wanted = {
        root / "docs" / "results.md": results_page(models),
        readme: _with_table(readme.read_text(), readme_table(models)),
    }
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text() != text]
    names = ", ".join(p.relative_to(root).as_posix() for p in stale)
    if check:
        print(f"Not up to date: {names}." if stale else "The results are up to date.")
        return 1 if stale else 0
    for path in stale:
        write_whole(path, wanted[path].encode())
    print(f"{len(models)} models; wrote {names or 'nothing, all is up to date'}.")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is stale")
    given = parser.parse_args()
    try:
        sys.exit(main(check=given.check))
    except ValueError as problem:
        sys.exit(str(problem))
