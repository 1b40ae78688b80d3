r"""The table of measured values that the primer's passages draw on, so that a number is corrected
once.

A passage holds ``[[planck2018.H0]]`` where the number stands; :func:`filled` puts it in.

Example:
    >>> values = read_values()
    >>> values["planck2018.H0"].tex
    '67.36 \\pm 0.54'
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.literature.library.rows import FOLDER, read_rows

__all__ = ["Value", "filled", "read_values"]

_PLACE = re.compile(r"\[\[([\w.+-]{1,80})\]\]")


@dataclass(frozen=True)
class Value:
    """A measured value.

    Attributes:
        id: "planck2018.H0".
        quantity, symbol: in words and in TeX.
        value: as it is written.
        error: below and above, as written, such as ("-0.10", "+0.12"); one of both if they are
            equal; () if there is none.
        limit: "<" or ">" for a limit, else "".
        level: of a limit, such as "95%".
        unit, experiment, model: in words; "" if there is none.
        year: of the measurement.
        reference: arXiv id; "" if there is none.
        names: of the experiment or method, where this is the value that people mean by them.
    """

    id: str
    quantity: str
    symbol: str
    value: str
    error: tuple[str, ...] = ()
    limit: str = ""
    level: str = ""
    unit: str = ""
    experiment: str = ""
    model: str = ""
    year: int = 0
    reference: str = ""
    names: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[float, float, float] | None:
        """The value and its errors below and above, several of one side added in quadrature; None
        for a limit and where one of them is no number."""
        if self.limit or not self.error:
            return None
        try:
            centre = float(self.value)
            below, above = (math.hypot(*map(_size, error.split("\\pm")))
                            for error in (self.error[0], self.error[-1]))
        except ValueError:
            return None
        return centre, below, above

    @property
    def tex(self) -> str:
        """Number and error for a formula."""
        if self.limit:
            return f"{self.limit} {self.value}"
        if len(self.error) == 2:
            below, above = self.error
            return f"{self.value}^{{{above}}}_{{{below}}}"
        return f"{self.value} \\pm {self.error[0]}" if self.error else self.value


def read_values(folder: Path = FOLDER) -> dict[str, Value]:
    """The values by id.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    rows = read_rows(folder / "values.jsonl", ("id", "quantity", "symbol", "value"))
    return {row["id"]: _value(row) for row in rows}


def _value(row: dict) -> Value:
    error = row.get("error") or ()
    both = (error,) if isinstance(error, str) else tuple(sorted(error, key=_above))
    known = {name: row[name] for name in ("limit", "level", "unit", "experiment", "model", "year",
                                          "reference") if row.get(name)}
    return Value(row["id"], row["quantity"], row["symbol"], str(row["value"]), both, **known,
                 names=tuple(row.get("names", ())))


def _size(error: str) -> float:
    return abs(float(error.strip().replace("−", "-")))


def _above(error: str) -> bool:
    return not error.startswith(("-", "−"))


def filled(text: str, values: Mapping[str, Value]) -> str:
    """The text with the values in their places.

    Raises:
        ValueError: naming a value that is not in the table.
    """

    def value(place: re.Match[str]) -> str:
        if place[1] not in values:
            raise ValueError(f"The value {place[1]} is in no line of values.jsonl.")
        return values[place[1]].tex

    return _PLACE.sub(value, text)
