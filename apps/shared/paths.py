"""Messages for visitors, without where files lie on the server's disk.

A library names the file that it could not read by its whole path. The visitor knows the file by its
name; where it lies is the server's own.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

__all__ = ["without_paths"]

_QUOTED = re.compile(r"""(?P<quote>['"`])(?:file://)?(?P<path>(?:/|[A-Za-z]:\\)[^'"`\n]+)(?P=quote)""")
_BARE = re.compile(r"(?<![\w.:/])(?:file://)?(?P<path>(?:/[^\s/'\"`<>:,;()\[\]]+)+/?)")
_DRIVE = re.compile(r"(?<!\w)(?P<path>[A-Za-z]:\\[^\s'\"`<>:,;]+)")


def without_paths(text: str) -> str:
    """The same with the last part of each path in the place of the path.

    Only what begins like a path of this machine is one: an address of the site stays.

    Example:
        >>> without_paths("[Errno 2] No such file or directory: '/tmp/cosmodesk/map.npy'")
        "[Errno 2] No such file or directory: 'map.npy'"
    """
    if "/" not in text and "\\" not in text:
        return text
    for pattern in (_QUOTED, _BARE, _DRIVE):
        text = pattern.sub(_named, text)
    return text


def _named(found: re.Match[str]) -> str:
    path = found["path"]
    if path.startswith("/") and not _exists(path.split("/")[1]):
        return found[0]
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    quote = found.groupdict().get("quote") or ""
    return f"{quote}{name}{quote}"


@lru_cache(256)
def _exists(first: str) -> bool:
    """Whether this machine has such a folder at its root."""
    return bool(first) and len(first) < 256 and os.path.isdir(f"/{first}")
