"""The last answers of models, by what was asked: a page that many open is computed once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["CachedResult", "ResultCache", "cache_key"]


@dataclass(frozen=True)
class CachedResult:
    """What was answered.

    Attributes:
        value: the answer.
        model: that gave it; kept with it, so that no other object can take its identity.
    """

    value: Any
    model: Any


class ResultCache:
    """The answers used last.

    Args:
        most: answers that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, CachedResult] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Hashable | None) -> CachedResult | None:
        """The answer to what was asked, if it is kept."""
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return self._answers[asked]
        return None

    def put(self, asked: Hashable | None, value: Any, model: Any) -> Any:
        """Keep an answer, unless what was asked has no key; the answer itself comes back."""
        if asked is not None:
            with self._lock:
                self._answers[asked] = CachedResult(value, model)
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return value


def cache_key(*asked: Any) -> Hashable | None:
    """What was asked, as something that can be looked up; None if it holds what cannot be compared.

    Arrays count by shape, type and a checksum of their values, functions (who is told of the
    progress) do not count.

    Example:
        >>> key({"seed": 1}) == key({"seed": 1, "progress": print})
        True
    """
    try:
        return tuple(_part(value) for value in asked)
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
