"""Progress of work that is done in parts."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "of_part"]

Progress = Callable[[float], None]
"""Called with the fraction done."""


def of_part(progress: Progress | None, index: int, parts: int) -> Progress:
    """What part ``index`` of several calls with its own fraction done.

    Args:
        progress: of the whole; None for nobody who wants to know.
        index: from 0.
        parts: how many there are.
    """

    def notify(fraction: float) -> None:
        if progress is not None:
            progress((index + fraction) / parts)

    return notify
