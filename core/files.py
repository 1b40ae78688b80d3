"""Files that are there whole or not at all, also when their writer is killed.

What is written goes into a temporary file beside the target, to the disk, and then takes the
target's name in one step. The temporary files of writers that were killed are removed by the next
writer of the same name: a writer holds a lock on its own, which the system lets go with it.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["sweep", "whole_file", "whole_folder", "write_whole"]


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write into, which takes the place of ``path`` at the end if nothing was raised.

    Its ``name`` is that of the temporary file, for a library that opens files by name; one that
    locks them, as HDF5 does, has to be told not to: this file is locked already.

    Example:
        >>> with whole_file(Path("numbers.txt")) as file:
        ...     _ = file.write(b"1 2 3")
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent, glob.escape(path.name))
    handle, temporary = _temporary(path)
    try:
        with open(temporary, "wb", opener=lambda *_: handle) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            if os.name == "nt":  # no open file can be renamed there
                file.close()
            os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write into, which takes the name ``path`` at the end if nothing was raised.

    If another process made that folder in the meantime, its folder stays. The temporary folders of
    writers that were killed are removed first, as the files are.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep_folders(path)
    handle, made = _temporary_folder(path)
    try:
        folder = made / path.name
        folder.mkdir()
        yield folder
        try:
            os.replace(folder, path)
        except OSError:
            if not path.is_dir():
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file as a whole."""
    with whole_file(path) as file:
        file.write(data)


def sweep(folder: Path, name: str) -> int:
    """Remove what killed writers of a file left in its folder; returns how many files that were.

    Args:
        folder: of the file.
        name: of the file, or a pattern of names.
    """
    removed = 0
    for left in folder.glob(f".{name}.*.part"):
        with contextlib.suppress(OSError), left.open("rb") as file:
            if _locked(file.fileno()):
                left.unlink()
                removed += 1
    return removed


def _temporary(path: Path) -> tuple[int, str]:
    """A new file and its lock; another's sweep may take it away before it is locked."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        _locked(handle)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)


def _temporary_folder(path: Path) -> tuple[int | None, Path]:
    """A new folder and its lock, None where folders have none.

    Another's sweep may take it away before it is locked.
    """
    while True:
        made = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        handle = _opened_folder(made)
        if (handle is None or _locked(handle)) and made.is_dir():
            return handle, made
        if handle is not None:  # another's sweep has it, or has removed it
            os.close(handle)


def _sweep_folders(path: Path) -> None:
    """Remove the temporary folders of ``path`` that nobody holds, and no other folder."""
    name = re.compile(rf"\.{re.escape(path.name)}\.[a-z0-9_]{{8}}")  # as tempfile makes them
    for left in path.parent.iterdir():
        if not name.fullmatch(left.name) or left.is_symlink() or not left.is_dir():
            continue
        handle = _opened_folder(left)
        if handle is None:
            continue
        with contextlib.suppress(OSError):
            if _locked(handle) and {inner.name for inner in left.iterdir()} <= {path.name}:
                shutil.rmtree(left)
        os.close(handle)


def _opened_folder(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _locked(handle: int) -> bool:
    """Whether this process holds the lock of an open file now; never, where there are none."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
