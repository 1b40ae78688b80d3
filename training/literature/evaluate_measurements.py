"""Evaluate the extraction of numbers from abstracts: precision and recall.

    python -m training.literature.evaluate_measurements --data questions.json [--wrong]

The files have the form of :mod:`training.literature.questions.pairs`, with abstracts; those that
are in measurement_labels.jsonl count. The labels hold what a reader finds in an abstract: each
number once, by the first twelve hexadecimal digits of the abstract's SHA-256. A number is right
when its quantity, its kind (value, upper or lower limit, range), its numbers and its errors are.
Prints precision and recall by quantity, and a line of JSON last, with standard errors; it writes
nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.literature.measurements.extract import Measurement, in_words, measurements
from training.evaluation.report import run
from training.literature import DATA

__all__ = ["EvaluateConfig", "evaluate", "key_of", "read_labels"]

LABELS = DATA / "measurement_labels.jsonl"
SAMPLE = ("z", "mass", "significance")
"""Quantities that are no parameters of a cosmological model."""

Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class EvaluateConfig:
    """Settings.

    Attributes:
        data: files with abstracts.
        wrong: also print what was read wrongly or missed.
    """

    data: tuple[Path, ...]
    wrong: bool = False


def read_labels(path: Path = LABELS) -> dict[str, list[dict[str, Any]]]:
    """The labelled numbers by abstract."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {entry["abstract"]: entry["numbers"] for entry in map(json.loads, lines)}


def key_of(number: Measurement | dict[str, Any]) -> Key:
    """What has to agree between a label and a reading; "=" and "~" are not told apart."""
    fields = number if isinstance(number, dict) else vars(number)
    kind = "value" if fields["relation"] in "=~" else fields["relation"]
    names = ("value", "low", "high", "minus", "plus")
    shown = tuple("" if fields.get(n) is None else f"{fields[n]:.4g}" for n in names)
    return fields["quantity"], kind, shown


def evaluate(config: EvaluateConfig) -> dict[str, float]:
    """Precision and recall for all numbers, for parameters, and whether assumed ones are marked.

    Raises:
        ValueError: if no abstract of the files is labelled.
    """
    labels, abstracts = read_labels(), _abstracts(config.data)
    common = sorted(labels.keys() & abstracts.keys())
    if not common:
        raise ValueError("None of these abstracts is labelled: use those of qa_2023_dev.json.")
    right: Counter[str] = Counter()
    read: Counter[str] = Counter()
    true: Counter[str] = Counter()
    marked: Counter[bool] = Counter()
    for name in common:
        found = {key_of(m): m for m in measurements(abstracts[name])}
        wanted = {key_of(label): label for label in labels[name]}
        read.update(key[0] for key in found)
        true.update(key[0] for key in wanted)
        right.update(key[0] for key in found.keys() & wanted.keys())
        for key in found.keys() & wanted.keys():
            if "assumed" in wanted[key]:
                marked[found[key].assumed == wanted[key]["assumed"]] += 1
        if config.wrong:
            _print_wrong(name, found, wanted)
    _print_table(right, read, true)
    parameters = sorted((read.keys() | true.keys()) - set(SAMPLE))
    metrics = {"abstracts": float(len(common)), "assumed_right": marked[True] / marked.total()}
    for group, names in (("", sorted(read.keys() | true.keys())), ("parameter_", parameters)):
        counts = [sum(c[n] for n in names) for c in (right, read, true)]
        metrics |= _rate(f"{group}precision", counts[0], counts[1])
        metrics |= _rate(f"{group}recall", counts[0], counts[2])
        metrics[f"{group}numbers"] = float(counts[2])
    return metrics


def _rate(name: str, right: int, among: int) -> dict[str, float]:
    """A fraction and its standard error, by names."""
    rate = right / max(among, 1)
    return {name: rate, f"{name}_error": math.sqrt(rate * (1 - rate) / max(among, 1))}


def _abstracts(files: tuple[Path, ...]) -> dict[str, str]:
    entries = [entry for file in files for entry in json.loads(file.read_text(encoding="utf-8"))]
    texts = {entry["abstract"] for entry in entries if entry.get("abstract")}
    return {hashlib.sha256(text.encode()).hexdigest()[:12]: text for text in texts}


def _print_wrong(name: str, found: dict[Key, Measurement], wanted: dict[Key, Any]) -> None:
    for key in sorted(found.keys() - wanted.keys()):
        print(f"{name} wrong:  {in_words(found[key])}   <{found[key].text}>")
    for key in sorted(wanted.keys() - found.keys()):
        print(f"{name} missed: {wanted[key]}")


def _print_table(right: Counter[str], read: Counter[str], true: Counter[str]) -> None:
    print(f"{'quantity':<16}{'labelled':>9}{'read':>6}{'right':>7}{'precision':>11}{'recall':>8}")
    for name in sorted(read.keys() | true.keys(), key=lambda n: (-true[n], n)):
        precision = f"{right[name] / read[name]:.2f}" if read[name] else "-"
        recall = f"{right[name] / true[name]:.2f}" if true[name] else "-"
        print(f"{name:<16}{true[name]:>9}{read[name]:>6}{right[name]:>7}{precision:>11}{recall:>8}")


if __name__ == "__main__":
    run(evaluate, EvaluateConfig, __doc__)
