"""What an evaluation leaves behind: a line of JSON, and what ships only where ``--write`` asks.

The rule, for every evaluation: it measures on whatever data it is given and prints; what ships
(metrics.json, the section "Measured" of the card, the figures of docs/figures) is written only with
``--write``, and only from a whole measurement. A measurement that is cut short (``--quick``,
``--limit``) or whose data are not all that the card is about is *partial*: it says why in words,
and ``--write`` is refused with them.

Example:
    >>> def evaluate(config):  # of an EvaluationConfig
    ...     partial = config.why_partial("")  # refuses --write before hours of work
    ...     metrics = {"accuracy": 0.9}
    ...     publish(metrics, write=config.write, partial=partial, folder=config.model,
    ...             model="HIGlow", data="150 simulations", measured=lambda: "Accuracy 0.9.")
    ...     return metrics
    >>> if __name__ == "__main__":
    ...     run(evaluate, EvaluateConfig, __doc__)
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TypeVar

import tyro
from matplotlib.figure import Figure

from core.files import whole_file, write_whole
from training.evaluation.cards import add_measured

__all__ = [
    "FIGURES",
    "ROOT",
    "WEIGHTS",
    "EvaluationConfig",
    "print_metrics",
    "publish",
    "refuse_partial",
    "run",
]

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "core" / "weights"
FIGURES = ROOT / "docs" / "figures"

Config = TypeVar("Config")


@dataclass(frozen=True)
class EvaluationConfig:
    """What the command lines of evaluations have in common.

    Attributes:
        quick: measure on few data, some minutes, with standard errors; nothing is written.
        write: publish numbers, card and figures.
    """

    _: KW_ONLY
    quick: bool = False
    write: bool = False

    def why_partial(self, reason: str = "") -> str:
        """Why the measurement is partial, in words; empty if it is whole.

        Args:
            reason: what the data lack, if anything.

        Raises:
            ValueError: if it is partial and is to be written.
        """
        partial = "--quick measures on few data" if self.quick else reason
        refuse_partial(self.write, partial)
        return partial


def run(
    evaluate: Callable[[Config], dict[str, float]], config: type[Config], description: str | None
) -> None:
    """An evaluation's command line: its numbers on the last line, or one sentence and exit code 1.

    Args:
        evaluate: measures and returns numbers by name; a ValueError is for the reader.
        config: dataclass of the command line.
        description: the module's docstring.
    """
    try:
        print_metrics(evaluate(tyro.cli(config, description=description)))
    except ValueError as problem:
        sys.exit(str(problem))


def print_metrics(metrics: Mapping[str, float]) -> None:
    """The last line of an evaluation: numbers by name, as JSON."""
    print(json.dumps({k: _number(v) for k, v in metrics.items()}), flush=True)


def refuse_partial(write: bool, partial: str) -> None:
    """Refuse to publish a partial measurement.

    Args:
        write: whether ``--write`` was given.
        partial: why the measurement is not the whole one, in words; empty if it is.

    Raises:
        ValueError: if both hold.
    """
    if write and partial:
        raise ValueError(f"--write is refused: {partial}; only a whole measurement is published.")


def publish(
    metrics: Mapping[str, float],
    *,
    write: bool,
    partial: str = "",
    folder: Path | None = None,
    model: str = "",
    data: str = "",
    targets: Mapping[str, float] | None = None,
    measured: Callable[[], str] | None = None,
    numbers: Path | None = None,
    figures: Mapping[str, Callable[[], Figure]] | None = None,
) -> None:
    """Write what ships if that is asked for and the measurement is whole; say where it went.

    Args:
        metrics: what was measured.
        write: whether ``--write`` was given.
        partial: why the measurement is not the whole one, in words; empty if it is.
        folder: of the model, for metrics.json and the card; None for what belongs to no model.
        model: its name.
        data: suite and sets that it was measured on, in words.
        targets: the largest (or, for rates, the wanted) value of some of the metrics.
        measured: makes the section "Measured" of the card; None to leave the card alone.
        numbers: file for the metrics alone, of what belongs to no model.
        figures: file name -> what draws it; drawn only to be written. The figures of a model that
            ships go into docs/figures, those of another folder into that folder.

    Raises:
        ValueError: if ``write`` is asked for a partial measurement.
    """
    refuse_partial(write, partial)
    if not write:
        why = f"it is partial ({partial})" if partial else "--write publishes it"
        print(f"Nothing was written: {why}.", flush=True)
        return
    plots = [_save_figure(draw(), _figures_of(folder) / name)
             for name, draw in (figures or {}).items()]
    written = list(plots)
    if numbers is not None:
        write_whole(numbers, f"{json.dumps(dict(metrics), indent=2)}\n".encode())
        written.append(numbers)
    if folder is not None:
        write_whole(folder / "metrics.json", _content(model, metrics, targets, data, plots))
        written.append(folder / "metrics.json")
        if measured is not None and add_measured(folder, measured()):
            written.append(folder / "README.md")
    print(f"Written: {', '.join(map(_shown, written))}.", flush=True)


def _figures_of(folder: Path | None) -> Path:
    if folder is None or folder.resolve().parent == WEIGHTS.resolve():
        return FIGURES
    return folder


def _save_figure(figure: Figure, path: Path) -> Path:
    with whole_file(path) as file:
        figure.savefig(file, dpi=80, format=path.suffix[1:])
    return path


def _content(
    model: str, metrics: Mapping[str, float], targets: Mapping[str, float] | None, data: str,
    plots: list[Path],
) -> bytes:
    """metrics.json."""
    module = sys.modules["__main__"].__spec__
    content = {
        "model": model,
        "command": f"python -m {module.name}" if module else " ".join(sys.argv),
        "metrics": {k: _number(v) for k, v in metrics.items()},
        "targets": dict(targets or {}),
        "data": data,
        "plots": [p.relative_to(ROOT).as_posix() for p in plots if p.is_relative_to(ROOT)],
    }
    return f"{json.dumps(content, indent=2)}\n".encode()


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _number(value: float) -> float | None:
    value = float(value)
    return float(f"{value:.5g}") if math.isfinite(value) else None
