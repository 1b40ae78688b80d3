"""How long work of a kind and a size takes, from what such work took before."""

from __future__ import annotations

from typing import Any

__all__ = ["Expected"]

_NEWEST_WEIGHT = 0.3  # of the newest duration in the mean of its kind
_MOST = 200  # kinds, and kinds with a size, whose durations are remembered


class Expected:
    """Mean durations, by kind and size of the work.

    A size that was not seen yet is taken to need as much for each unit as the others of its kind.

    Example:
        >>> expected = Expected()
        >>> expected.record("maps", 1, 0.5)
        >>> expected.seconds("maps", 16), expected.seconds("words", 1)
        (8.0, None)
    """

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, float], float] = {}
        self._each: dict[str, float] = {}

    def record(self, kind: str, size: float, seconds: float) -> None:
        """Note what some work took."""
        _include(self._seconds, (kind, size), seconds)
        _include(self._each, kind, seconds / max(size, 1e-9))

    def seconds(self, kind: str, size: float) -> float | None:
        """What such work takes; None if there was none of its kind."""
        known = self._seconds.get((kind, size))
        if known is not None:
            return known
        each = self._each.get(kind)
        return None if each is None else each * size


def _include(means: dict[Any, float], key: Any, value: float) -> None:
    if key in means or len(means) < _MOST:
        means[key] = value + (1 - _NEWEST_WEIGHT) * (means.get(key, value) - value)
