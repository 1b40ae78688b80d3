"""Uploads and downloads, and what Gradio keeps of both: none of them is older than an hour.

They lie in the folder of this process (:mod:`apps.shared.server.temporary`), which goes with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

from apps.shared.server.temporary import own_folder

__all__ = ["FOLDERS", "KEEP_SECONDS", "MOST_BYTES", "Keeping", "folder", "size", "sweep"]

KEEP_SECONDS = 3540.0  # with a look every half minute: no file is there after an hour
SWEEP_SECONDS = 30.0
MOST_BYTES = 12 * 2**30  # on the disk, all files together; the oldest go first
_EMPTY_SECONDS = 60.0  # that an empty folder stays: somebody may be about to write into it
FOLDERS = ("files", "downloads")

def folder(name: str) -> Path:
    """A folder for one kind of files of this process, made if it is not there.

    Args:
        name: "files" for uploads and what Gradio keeps, "downloads" for what the apps write.
    """
    made = own_folder() / name
    made.mkdir(parents=True, exist_ok=True)
    return made


def sweep(
    root: Path, before: float, keep: Iterable[str] = (), most: float = MOST_BYTES
) -> int:
    """Remove old files, the oldest of too many, and folders that are empty.

    Args:
        root: folder whose files are looked at, and those of all folders within.
        before: seconds since the epoch; what was written (or copied, or renamed) earlier goes.
        keep: paths that stay whatever their age, such as files that a page always shows.
        most: bytes on the disk that may stay.

    Returns:
        How many files went.
    """
    stay, files = set(keep), []
    for at, folders, names in os.walk(root, topdown=False):
        for name in names:
            path = os.path.join(at, name)
            with contextlib.suppress(OSError):
                found = os.lstat(path)
                if path not in stay:
                    files.append((found.st_ctime, size(found), path))
        for name in folders:
            _remove_empty(os.path.join(at, name), before)
    total, removed = sum(blocks for _, blocks, _ in files), 0
    for written, blocks, path in sorted(files):
        if written >= before and total <= most:
            break
        with contextlib.suppress(OSError):
            os.unlink(path)
            removed += 1
        with contextlib.suppress(OSError):  # unless other files are there
            for above in Path(path).relative_to(root).parents[:-1]:
                os.rmdir(root / above)
        total -= blocks
    return removed


def size(found: os.stat_result) -> int:
    """Bytes that a file takes on the disk: whole blocks, and one for its folder."""
    blocks = getattr(found, "st_blocks", None)
    return (blocks * 512 if blocks is not None else found.st_size) + 4096


def _remove_empty(path: str, before: float) -> None:
    with contextlib.suppress(OSError):  # not empty
        found = os.lstat(path)
        if stat.S_ISDIR(found.st_mode) and found.st_mtime < max(
            before, time.time() - _EMPTY_SECONDS
        ):
            os.rmdir(path)


class Keeping:
    """Sweeps while apps are served, and removes everything when the last of them ends.

    Args:
        kept: paths that stay, asked for at each look.
        clock: seconds since the epoch.
    """

    def __init__(
        self, kept: Callable[[], Iterable[str]], clock: Callable[[], float] = time.time
    ) -> None:
        self._kept = kept
        self._clock = clock
        self._served = 0

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Any) -> AsyncIterator[None]:
        """For the time that one app is served."""
        self._served += 1
        task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            task.cancel()
            self._served -= 1
            if not self._served:
                self.look(everything=True)

    def look(self, everything: bool = False) -> int:
        """Sweep once; how many files went."""
        before = self._clock() + 1 if everything else self._clock() - KEEP_SECONDS
        kept = set(self._kept())
        return sum(sweep(own_folder() / name, before, kept) for name in FOLDERS)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await asyncio.to_thread(self.look)
