"""How many samples are asked for, and of which noise seed: refused alike by everything that draws.
"""

from __future__ import annotations

__all__ = ["check_draws", "check_seed"]


def check_draws(n: int, seed: int) -> None:
    """Refuse a number of samples below 1, or a negative noise seed.

    Raises:
        ValueError: one sentence.
    """
    if n < 1:
        raise ValueError(f"n is {n}; at least 1 is needed.")
    check_seed(seed)


def check_seed(seed: int) -> None:
    """Refuse a negative noise seed.

    Raises:
        ValueError: one sentence.
    """
    if seed < 0:
        raise ValueError(f"The seed is {seed}; it has to be 0 or more.")
