"""Labels: which sentences of cosmology abstracts a reader accepts as the TL;DR.

A language model read 150 abstracts, blind to what any ranker chose, and marked every sentence that
states the main result; what was done counts only where no result is stated, or where the product
(a code, a catalogue, simulations) is the result. No second reader checked. The file holds the
first 16 hexadecimal digits of each abstract's SHA-256 and no text; every third row is for the test.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.literature.text.text import sentences

__all__ = ["Labelled", "name_of", "read_labelled"]


@dataclass(frozen=True)
class Labelled:
    """An abstract that was read.

    Attributes:
        abstract: its text.
        acceptable: indexes of the sentences that can stand for it.
        test: whether it is kept from the fit.
    """

    abstract: str
    acceptable: frozenset[int]
    test: bool


def name_of(abstract: str) -> str:
    """What stands for an abstract in the labels."""
    return hashlib.sha256(abstract.encode()).hexdigest()[:16]


def read_labelled(labels: Path, files: Sequence[Path]) -> list[Labelled]:
    """The labelled abstracts of JSON lists of {"abstract": ...}, in the order of the labels.

    Raises:
        ValueError: if none is labelled, or an abstract splits into other sentences than it did.
    """
    known = {
        name_of(row["abstract"]): row["abstract"]
        for file in files for row in json.loads(file.read_text("utf-8"))
    }  # fmt: skip
    found = []
    for line in labels.read_text("utf-8").splitlines():
        row = json.loads(line)
        abstract = known.get(row["abstract"])
        if abstract is None:
            continue
        if len(sentences(abstract)) != row["sentences"]:
            raise ValueError(
                f"Abstract {row['abstract']} has {len(sentences(abstract))} sentences, its label "
                f"is for {row['sentences']}: read it and label it again."
            )
        acceptable = frozenset(map(int, row["acceptable"]))
        found.append(Labelled(abstract, acceptable, bool(row.get("test"))))
    if not found:
        raise ValueError(f"None of these abstracts is in {labels.name}; give qa_2023_train.json.")
    return found
