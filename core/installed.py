"""Models that come as Python packages, checked against what pip noted of their files."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, files

__all__ = ["check_package"]


@cache
def check_package(name: str) -> None:
    """Raise if a file of an installed package is not the one that was installed.

    Args:
        name: of the distribution. One that keeps no record of its files is not checked.

    Raises:
        RuntimeError: naming the file.
    """
    try:
        listed = files(name) or []
    except PackageNotFoundError:
        return
    for entry in listed:
        if entry.hash is None or entry.suffix in (".py", ".pyc"):
            continue
        try:
            with open(str(entry.locate()), "rb") as file:
                found = hashlib.file_digest(file, entry.hash.mode).digest()
        except OSError:
            found = b""
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != entry.hash.value.rstrip("="):
            raise RuntimeError(
                f"{entry.name} of the package {name} is missing or damaged; install it again."
            )
