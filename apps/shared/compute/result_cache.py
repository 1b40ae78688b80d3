"""The last results of models, by their arguments: a page that many open is computed once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from cachetools import LRUCache

__all__ = ["CachedResult", "ResultCache", "cache_key"]


@dataclass(frozen=True)
class CachedResult:
    """A result that was computed before.

    Attributes:
        value: the result.
        model: that gave it; kept with it, so that no other object can take its identity.
    """

    value: Any
    model: Any


class ResultCache:
    """The results used last, for several threads.

    Args:
        most: results that are kept.
    """

    def __init__(self, most: int) -> None:
        self._results: LRUCache[Hashable, CachedResult] = LRUCache(most)
        self._lock = threading.Lock()

    def get(self, key: Hashable | None) -> CachedResult | None:
        """The result of a key, if it is kept."""
        with self._lock:
            return self._results.get(key)

    def put(self, key: Hashable | None, value: Any, model: Any) -> Any:
        """Keep a result, unless it has no key; the result itself comes back."""
        if key is not None:
            with self._lock:
                self._results[key] = CachedResult(value, model)
        return value


def cache_key(*arguments: Any) -> Hashable | None:
    """Arguments as something that can be looked up; None if some of them cannot be compared.

    Arrays count by shape, type and a checksum of their values; functions (who listens to the
    progress) do not count.

    Example:
        >>> cache_key({"seed": 1}) == cache_key({"seed": 1, "progress": print})
        True
    """
    try:
        return tuple(_part(value) for value in arguments)
    except TypeError:
        return None


def _part(value: Any) -> Hashable:
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("objects cannot be compared")
        checksum = hashlib.blake2b(np.ascontiguousarray(value).tobytes(), digest_size=16).digest()
        return ("array", value.shape, value.dtype.str, checksum)
    if isinstance(value, dict):
        return ("dict", *((name, _part(inner)) for name, inner in sorted(value.items())
                          if not callable(inner)))
    if isinstance(value, list | tuple):
        return (type(value).__name__, *(_part(inner) for inner in value))
    if callable(value):
        return "function"
    hash(value)
    return (type(value).__name__, value)
