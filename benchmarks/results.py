"""The tables of docs/reliability.md, from what the benchmarks wrote and nothing else.

    python -m benchmarks.results            write them
    python -m benchmarks.results --check    exits 1 if they are not up to date

Each table is made of docs/measured/<name>.json, which the command that stands above it wrote.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.progress import MEASURED, ROOT
from core.files import write_whole

__all__ = ["PAGE", "TABLES", "main", "page", "write_tables"]

PAGE = ROOT / "docs" / "reliability.md"
_BLOCK = "<!-- {}: made by `python -m benchmarks.results`, do not edit -->"
_END = "<!-- end -->"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 2 else f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def _three(values: list[float]) -> str:
    return ", ".join(map(_seconds, values)) if values else "none"


def _ratio(value: float | None) -> str:
    return "too few requests" if value is None else f"{value:.1f}"


def load_table(found: Mapping[str, Any]) -> str:
    """Of :mod:`benchmarks.load`."""
    waits, memory = found["map_waits"], found["memory_mb"]
    rows = [
        ("visitors, minutes, requests",
         f"{found['users']}, {found['minutes']:g}, {found['requests']:,}"),
        ("failed requests", str(found["errors"])),
        ("sent again on a new connection, as browsers do", str(found["sent_again"])),
        ("front page, requested every second: median, 95%, longest", _three(found["front_page"])),
        ("first word of an answer: median, 95%, longest", _three(found["first_word"])),
        ("time between two words of an answer while maps are generated: median, 95%, longest",
         _three(found["between_words"])),
        ("from a slider of HI maps to its maps: median, 95%, longest",
         _three(found["slider_to_maps"])),
        (f"the same, mean of each of the {waits['visitors']} visitors who asked at least "
         f"{waits['at_least']} times: shortest, median, longest", _three(waits["mean_s"])),
        ("longest of these over the median, over the shortest",
         f"{_ratio(waits['longest_to_median'])}, {_ratio(waits['longest_to_shortest'])}"),
        ("Reionization page fully loaded: median, 95%, longest", _three(found["reionization"])),
        ("memory in the third and in the last quarter",
         f"{memory[0] / 1000:.2f} GB, {memory[1] / 1000:.2f} GB "
         f"({found['memory_mb_a_minute']:+.0f} MB a minute)"),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def kills_table(found: Mapping[str, Any]) -> str:
    """Of :mod:`benchmarks.kills`."""
    rows = [f"| {name} | {one['kills']} | {one['confirmed']} | {one['to_the_end']} | "
            f"{one['faults']} |" for name, one in found["work"].items()]
    return "\n".join(["| work | kills | confirmed | to the end | found wrong |",
                      "|---|---|---|---|---|", *rows])


def fuzz_table(found: Mapping[str, Any]) -> str:
    """Of :mod:`benchmarks.fuzz`."""
    rows = [f"| {name} | {one['cases']:,} | {one['read']:,} | {one['refused']:,} | "
            f"{one['faults']} | {one['longest_s']:.1f} s | {one['most_memory_mb']} MB |"
            for name, one in found["parts"].items()]
    return "\n".join([
        "| | cases | read | refused in a sentence | faults | longest | most memory |",
        "|---|---|---|---|---|---|---|", *rows])


TABLES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "load": load_table, "kills": kills_table, "fuzz": fuzz_table,
}


def page(text: str, folder: Path = MEASURED) -> str:
    """The page with its tables as they were measured last.

    Raises:
        ValueError: if the page lacks a table.
    """
    for name, table in TABLES.items():
        if not (folder / f"{name}.json").is_file():  # never measured
            continue
        found = json.loads((folder / f"{name}.json").read_text())
        begin = _BLOCK.format(name)
        block = f"{begin}\nMeasured by `{found['command']}`:\n\n{table(found)}\n{_END}"
        pattern = f"{re.escape(begin)}.*?{re.escape(_END)}"
        if not re.search(pattern, text, re.DOTALL):
            raise ValueError(f"{PAGE.name} has no place for the table of {name}; put {begin} and "
                             f"{_END} where it belongs.")
        text = re.sub(pattern, lambda _, block=block: block, text, flags=re.DOTALL)
    return text


def write_tables() -> None:
    """Bring the page up to date."""
    write_whole(PAGE, page(PAGE.read_text()).encode())


def main() -> int:
    """Write or check."""
    if "--check" not in sys.argv[1:]:
        write_tables()
        return 0
    current = page(PAGE.read_text()) == PAGE.read_text()
    if not current:
        print(f"{PAGE.name} is not up to date; run python -m benchmarks.results.")
    return int(not current)


if __name__ == "__main__":
    sys.exit(main())
