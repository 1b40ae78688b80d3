"""Made-up papers with made-up vectors, so that tests of the library need no model."""

from __future__ import annotations

import hashlib

import numpy as np

from core.literature.text.embedding import DIMENSION
from core.literature.text.paper import Paper
from core.literature.text.text import sentences

__all__ = ["paper", "vectors_of"]

_TOPICS = ("void", "quasar", "lensing", "neutrino", "bispectrum", "supernova", "reionization")


def paper(number: int, version: int = 1) -> Paper:
    """A paper on one of seven topics; its id and its text follow from its number."""
    topic = _TOPICS[number % len(_TOPICS)]
    return Paper(
        f"{23 + number // 100_000}{1 + number % 12:02d}.{number % 100_000:05d}",
        f"On {topic} number{number}",
        f"We study the {topic} of sample{number} in version{version}. It is bright. It is far.",
    )


def vectors_of(paper: Paper) -> np.ndarray:
    """Unit vectors that follow from the text, (1 + sentences, 384), some 60 degrees apart."""
    digest = hashlib.sha256((paper.title + paper.abstract).encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    vectors = rng.normal(1.0, 1.0, (1 + len(sentences(paper.abstract)), DIMENSION))
    vectors = vectors.astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
