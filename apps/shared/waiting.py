"""A fair line before something that serves few at a time: who came first is served first.

Gradio's own queue does the same, but only tells a number; a page that waits here can say in words
what it waits for, and can be stopped while it waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Line", "Place"]


class Line:
    """A line with several places at its head.

    Args:
        places: how many are served at once.

    Example:
        >>> line = Line(places=1)
        >>> with line.join() as first, line.join() as second:
        ...     first.ahead, second.ahead
        (0, 1)
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._waiting: list[Place] = []
        self._moved = threading.Condition()

    @contextmanager
    def join(self) -> Iterator[Place]:
        """Stand at the end of the line, until the block ends."""
        place = Place(self)
        with self._moved:
            self._waiting.append(place)
        try:
            yield place
        finally:
            with self._moved:
                self._waiting.remove(place)
                self._moved.notify_all()

    def _ahead(self, place: Place) -> int:
        return max(self._waiting.index(place) - self.places + 1, 0)


class Place:
    """A place in the line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def ahead(self) -> int:
        """How many have to finish before it is this one's turn; 0 when it is."""
        with self._line._moved:
            return self._line._ahead(self)

    def wait(self, seconds: float) -> int:
        """Wait until the line moves or the time is over; then :attr:`ahead`."""
        with self._line._moved:
            if self._line._ahead(self):
                self._line._moved.wait(seconds)
            return self._line._ahead(self)
