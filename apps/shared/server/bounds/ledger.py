"""How much was uploaded within the last hour, by all and by each address, as the disk counts it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["FILE_BYTES", "UPLOADS_AN_ADDRESS", "UPLOADS_AN_HOUR", "UploadLedger", "counted",
           "note_on_disk"]

UPLOADS_AN_HOUR = 8 * 2**30  # bytes; uploads are deleted after an hour, so this bounds the disk
UPLOADS_AN_ADDRESS = 2 * 2**30
FILE_BYTES = 2**16  # that a file counts beside what is in it: blocks, a folder, inodes

_note: ContextVar[Callable[[int], None] | None] = ContextVar("note", default=None)


def counted(note: Callable[[int], None]) -> None:
    """Let :func:`note_on_disk` call ``note`` for the rest of the request that is served."""
    _note.set(note)


def note_on_disk(size: int) -> None:
    """Count bytes that the request takes on the disk beside those that it sent."""
    note = _note.get()
    if note is not None:
        note(size)


class UploadLedger:
    """Uploads of the last hour, by the minute.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minutes: deque[tuple[float, Counter[str]]] = deque()

    def note(self, address: str, size: int) -> None:
        """Count ``size`` bytes from an address."""
        minute = self._clock() // 60 * 60
        if not self._minutes or self._minutes[-1][0] != minute:
            self._minutes.append((minute, Counter()))
        self._minutes[-1][1][address] += size

    def lately(self, address: str | None = None) -> int:
        """Bytes of the last hour, of an address or of all."""
        while self._minutes and self._clock() - self._minutes[0][0] > 3600:
            self._minutes.popleft()
        return sum(
            sizes.total() if address is None else sizes[address] for _, sizes in self._minutes
        )
