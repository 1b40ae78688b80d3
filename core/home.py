"""A home folder for the libraries, also where the user has none.

A container often runs under a number that no password file knows, with HOME unset, "/" or read
only. ``Path.home()`` then raises, and matplotlib, Hugging Face and astropy, which keep their files
there, warn or fail one by one. :func:`provide_home` gives them a folder beside CosmoDesk's own.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
from pathlib import Path

__all__ = ["default_cache", "home_folder", "provide_home", "writable"]

_STAND_IN = "cosmodesk-home-{}"  # in the temporary folder, for a user of that number


def home_folder() -> Path | None:
    """The user's home, or None where there is none that can be written to; the root is none."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    own = home.is_absolute() and home != Path(home.anchor)
    return home if own and writable(home) else None


def default_cache() -> Path:
    """Where files are kept if nobody says where: in the home, else in the temporary folder."""
    home = home_folder()
    if home is not None:
        return home / ".cache" / "cosmodesk"
    try:
        place = Path(tempfile.gettempdir())
    except FileNotFoundError:  # no temporary folder either: whoever writes there says so
        place = Path("/tmp")
    return place / _STAND_IN.format(_user_number())


def provide_home(cache: Path) -> None:
    """Make ``cache``; let home, user's name and temporary folder be something, for this process.

    Args:
        cache: CosmoDesk's own folder; what the user does not have becomes a folder in it.

    Raises:
        ValueError: one sentence, if the folder cannot be written to.
    """
    if cache.name == _STAND_IN.format(_user_number()):
        _own(cache)
    _make(cache)
    if home_folder() is None:
        home = cache / "home"
        _make(home)
        os.environ["HOME"] = str(home)
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            if name in os.environ and not writable(Path(os.environ[name])):
                del os.environ[name]
    try:
        getpass.getuser()
    except (KeyError, OSError, ImportError):  # torch asks for it, to name a folder
        os.environ["USER"] = f"user{_user_number()}"
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        _make(cache / "temporary")
        os.environ["TMPDIR"] = str(cache / "temporary")


def writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or in the first one above it that is there."""
    while not os.path.exists(folder) and folder != folder.parent:
        folder = folder.parent
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ValueError(
            f"The folder {folder} cannot be written to ({error.strerror}); let COSMODESK_CACHE "
            "name one that can."
        ) from error


def _own(folder: Path) -> None:
    """Make the folder that stands in for a home under a name that others can foresee."""
    with contextlib.suppress(OSError):  # then it is there, or cannot be made, which is said later
        folder.mkdir(mode=0o700)
    if os.path.lexists(folder) and os.lstat(folder).st_uid != _user_number():
        raise ValueError(
            f"The folder {folder} belongs to another user; let COSMODESK_CACHE name another one."
        )


def _user_number() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
