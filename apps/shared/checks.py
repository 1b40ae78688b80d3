"""Numbers that a person typed or a program sent: checked, or refused in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["MAX_SEED", "number", "numbered", "one_of", "random_seed", "seed", "whole"]

MAX_SEED = 2**31 - 1


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def number(name: str, value: Any, low: float, high: float, why: str = "outside the range") -> float:
    """A number from ``low`` to ``high``.

    Raises:
        ValueError: naming the range.
    """
    found = _float(value)
    if not low <= found <= high:
        if _is_empty(value):
            raise ValueError(f"{name} is empty; choose a value from {low:g} to {high:g}.")
        raise ValueError(
            f"{name} is {str(value)[:40]}, {why}; choose a value from {low:g} to {high:g}."
        )
    return found


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``.

    Raises:
        ValueError: naming the range.
    """
    found = _float(value)
    if not (low <= found <= high and found == int(found)):
        said = "empty" if _is_empty(value) else str(value)[:40]
        raise ValueError(
            f"The {name} is {said}; choose a whole number from {low} to {high}."
        )
    return int(found)


def one_of(name: str, value: Any, options: Sequence[str]) -> str:
    """One of two or more options.

    Raises:
        ValueError: naming them.

    Example:
        >>> one_of("source", "elsewhere", ("shown", "example", "file"))
        Traceback (most recent call last):
        ValueError: There is no source elsewhere; choose shown, example or file.
    """
    if value not in options:
        named = f"{', '.join(options[:-1])} or {options[-1]}"
        raise ValueError(f"There is no {name} {str(value)[:40]}; choose {named}.")
    return str(value)


def numbered(name: str, value: Any, count: int) -> int:
    """The number of one of ``count`` things, counted from 1.

    Raises:
        ValueError: saying how many there are.
    """
    found = _float(value)
    if not (1 <= found <= count and found == int(found)):
        raise ValueError(f"There is no {name} {str(value)[:40]}; choose one from 1 to {count}.")
    return int(found)


def seed(value: Any) -> int:
    """A seed, as an int.

    Raises:
        ValueError: if it is no whole number from 0 to 2^31 - 1.
    """
    return whole("seed", value, 0, MAX_SEED)


def random_seed() -> int:
    """A new seed, short enough to write down."""
    return int(np.random.default_rng().integers(1, 1_000_000))
