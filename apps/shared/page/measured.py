"""The measured numbers of a model, from metrics.json to a table in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.weights import read_metrics

__all__ = ["measured_table"]

Beside = tuple[str, str, str | tuple[str, ...]]
"""A further column: its title, the prefix of its metrics, and the beginnings of the metrics that
have it."""


def measured_table(
    folder: str,
    meanings: Mapping[str, str],
    beside: Sequence[Beside] = (),
    fractions: tuple[str, ...] = (),
) -> str:
    """A model's measured numbers as a Markdown table, or a sentence if there are none.

    A column that no metric has a number for is left out; a cell without a number has a dash.
    A metric that another of its name and "_std" stands beside is shown with that uncertainty.

    Args:
        folder: name of the model.
        meanings: metric to words, in the order of the rows; metrics that are not there are skipped.
        beside: further columns, such as a baseline.
        fractions: beginnings of the metrics that are shown in per cent.
    """
    try:
        stored = read_metrics(folder)
    except ValueError as error:
        return str(error)
    metrics = (stored or {}).get("metrics", {})
    titles = ["quantity", "measured", *(title for title, _, _ in beside)]
    rows = []
    for name, meaning in meanings.items():
        if not isinstance(metrics.get(name), (int, float)):
            continue
        percent = name.startswith(fractions) if fractions else False
        cells = [_show(metrics, name, percent)] + [
            _show(metrics, prefix + name, percent) if name.startswith(having) else ""
            for _, prefix, having in beside
        ]
        rows.append([meaning, *cells])
    if not rows:
        return "*Not measured yet.*"
    filled = [i for i in range(len(titles)) if any(row[i] for row in rows)]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line[i] or '–' for i in filled)} |" for line in lines)


def _show(metrics: Mapping[str, Any], name: str, percent: bool) -> str:
    value, spread = metrics.get(name), metrics.get(f"{name}_std")
    if not isinstance(value, (int, float)):
        return ""
    if not isinstance(spread, (int, float)):
        return f"{100 * value:.1f}%" if percent else f"{value:.3g}"
    if percent:
        return f"{100 * value:.1f}% ± {100 * spread:.1f}%"
    return f"{value:.3f} ± {spread:.3f}"
