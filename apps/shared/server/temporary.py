"""One temporary folder for all that a server and its libraries put aside; it goes with the server.

A server that is killed cannot remove it, so each holds a lock on its own, which the system lets go
with the process: the next server removes the folders whose lock is free.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["own_folder", "remove_own", "sweep_others", "within_own"]

_PREFIX = "cosmodesk-run-"
_LOCK = ".lock"
_NEW = 60.0  # s; a folder so young may be about to be locked
_PATIENCE = 1.0  # s, for threads that write into a folder which goes


@cache
def own_folder() -> Path:
    """The folder of this process, made now.

    Raises:
        ValueError: one sentence, where there is no temporary folder.
    """
    try:
        named = os.environ.get("GRADIO_TEMP_DIR", "")
        own = named and _PREFIX not in named  # not what a server names to its children
        place = Path(os.path.realpath(named if own else tempfile.gettempdir()))
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)  # open until the process ends
    except OSError as error:
        raise ValueError(
            f"There is no temporary folder that can be written to ({error.strerror}); let TMPDIR "
            "name one."
        ) from error
    _locked(lock)
    atexit.register(remove_own)
    return folder


@contextlib.contextmanager
def within_own() -> Iterator[None]:
    """Temporary files of this process, its libraries and children lie in its own folder."""
    folder = own_folder()
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir, os.environ["TMPDIR"] = str(folder), str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        os.environ.pop("TMPDIR")
        if before[1] is not None:
            os.environ["TMPDIR"] = before[1]


def remove_own() -> None:
    """Remove the folder of this process, if it has one; threads may still write into it."""
    if not own_folder.cache_info().currsize:
        return
    folder, end = own_folder(), time.monotonic() + _PATIENCE
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.02)


def sweep_others() -> int:
    """Remove the folders of servers that were killed; returns how many that were."""
    removed = 0
    for folder in own_folder().parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder != own_folder() and _left(folder):
                shutil.rmtree(folder)
                removed += 1
    return removed


def _left(folder: Path) -> bool:
    """Whether it is a folder of this user, and nobody holds its lock."""
    state = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or state.st_uid != os.getuid():
        return False
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return time.time() - state.st_mtime > _NEW
    try:
        return _locked(lock)
    finally:
        os.close(lock)


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
