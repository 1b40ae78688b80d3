"""Memory that is free goes back to the system: what glibc keeps for every thread, bounded.

The studio has over a hundred threads, most of which sleep. glibc gives threads heaps of their own,
up to eight a core, and returns what is free in them only at their ends: the process grows by
whatever each thread once needed.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

__all__ = ["limit_arenas", "release_memory"]

_M_ARENA_MAX = -8  # of malloc.h
_M_MMAP_THRESHOLD = -3
_ARENAS = 2
_OWN_PIECE = 2**20  # bytes; what is larger is mapped by itself and goes back when it is freed


def _glibc() -> Any:
    """The C library if it is glibc, else None."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None


def limit_arenas() -> bool:
    """Let all threads share few heaps, from now on; True where the C library is glibc."""
    library = _glibc()
    return library is not None and bool(
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        and library.mallopt(_M_MMAP_THRESHOLD, _OWN_PIECE)
    )


def release_memory() -> None:
    """Return free memory to the system; milliseconds."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)
