"""Numbers that a person typed or a program sent: checked, or refused in one sentence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["MAX_SEED", "number", "random_seed", "seed", "whole"]

MAX_SEED = 2**31 - 1


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def number(name: str, value: Any, low: float, high: float, why: str = "outside the range") -> float:
    """A number from ``low`` to ``high``.

    Raises:
        ValueError: naming the range.
    """
    found = _float(value)
    if not low <= found <= high:
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
        raise ValueError(
            f"The {name} is {str(value)[:40]}; choose a whole number from {low} to {high}."
        )
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
