"""Papers in SciTLDR's format, with how well each text matches the summaries that people wrote.

Dataset: SciTLDR (Cachola et al. 2020, 2004.15011), its abstracts-only form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core.files import whole_file
from core.literature.text.embedding import embed
from core.literature.text.paper import Paper
from core.literature.text.text import clean

__all__ = ["ROUGES", "Record", "embedded", "read_records", "rouge", "rouge1"]

ROUGES = ("rouge1", "rouge2", "rougeL")


@dataclass(frozen=True)
class Record:
    """One paper.

    Attributes:
        paper: its abstract is the source's sentences joined by spaces.
        source: the sentences as the file splits them.
        targets: one-sentence summaries that people wrote, at least one.
    """

    paper: Paper
    source: tuple[str, ...]
    targets: tuple[str, ...]


def read_records(path: Path) -> list[Record]:
    """Read a file of JSON lines with "source" (sentences), "target" (summaries) and "title".

    Raises:
        ValueError: if a line is no such record, with its number.
    """
    records = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            stored = json.loads(line)
            source = tuple(clean(str(s)) for s in stored["source"] if str(s).strip())
            target = stored["target"]
            targets = (target,) if isinstance(target, str) else tuple(map(str, target))
            if not source or not targets:
                raise ValueError("empty")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f'Line {number} of {path.name} is no record with "source" (sentences), "target" '
                '(summaries) and "title".'
            ) from error
        identity = str(stored.get("paper_id", number))
        paper = Paper(identity, clean(str(stored.get("title") or "")), " ".join(source))
        records.append(Record(paper, source, targets))
    if not records:
        raise ValueError(f"{path.name} has no records.")
    return records


def rouge(text: str, targets: Sequence[str]) -> tuple[float, float, float]:
    """ROUGE-1, 2 and L (F1, with stemming) with the target of the best ROUGE-1.

    Protocol: per paper that one target counts, in all three; 0 to 1 each.
    """
    scores = [_scorer().score(target, text) for target in targets]
    best = max(scores, key=lambda score: score["rouge1"].fmeasure)
    one, two, longest = (float(best[name].fmeasure) for name in ROUGES)
    return one, two, longest


def rouge1(text: str, targets: Sequence[str]) -> float:
    """ROUGE-1 with the best target."""
    return max(
        float(_scorer(ROUGES[:1]).score(target, text)["rouge1"].fmeasure) for target in targets
    )


@lru_cache(maxsize=2)
def _scorer(names: tuple[str, ...] = ROUGES) -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(names), use_stemmer=True)


def embedded(texts: Sequence[str], cache: Path | None = None) -> dict[str, np.ndarray]:
    """MiniLM's vectors of texts; with a cache only those are computed that it lacks.

    Args:
        texts: any number, repeated ones too.
        cache: .npz file with "texts" and "vectors", written if it does not exist.
    """
    known: dict[str, np.ndarray] = {}
    if cache is not None and cache.exists():
        stored = np.load(cache)
        known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = sorted(set(texts) - known.keys(), key=len)
    known.update(zip(missing, embed(missing), strict=True))
    if cache is not None and missing:
        names = sorted(known)
        with whole_file(cache) as file:
            vectors = np.stack([known[name] for name in names])
            np.savez(file, texts=np.array(names), vectors=vectors)
    return known
