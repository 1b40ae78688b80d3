"""Whether data are all that a model card is about; what is not is measured but not published.

A card speaks of sets: LH, TEST and FIX of the HI maps, set_a and set_b of the boxes. A set is known
by the seeds of its initial conditions, which stand beside its rows; how many belong to it is
written in one place a domain (``COUNTS`` in its ``simulation/design.py``). Text files are known by
the SHA-256 of what is in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["first_reason", "missing_files", "missing_seeds"]


def first_reason(*reasons: str) -> str:
    """The first reason why a measurement is partial; empty if there is none."""
    return next((reason for reason in reasons if reason), "")


def missing_seeds(name: str, found: ArrayLike, wanted: ArrayLike) -> str:
    """What a set lacks of its initial conditions, in words; empty if nothing.

    Args:
        name: of the set.
        found: seeds of its rows; a seed may stand many times, and others may be among them.
        wanted: seeds of the whole set.
    """
    lacking = np.setdiff1d(wanted, found)
    if not len(lacking):
        return ""
    count = len(np.unique(wanted))
    return f"{name} lacks {len(lacking)} of its {count:,} initial conditions"


def missing_files(paths: Iterable[Path], wanted: dict[str, str]) -> str:
    """Which of the files that a card is about are not among ``paths``; empty if all are.

    Args:
        paths: files that were given, under any name.
        wanted: name -> SHA-256 of the content, in hexadecimal digits.
    """
    found = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    lacking = [name for name, digest in wanted.items() if digest not in found]
    return f"{' and '.join(lacking)} as the card knows it is not among the data" if lacking else ""
