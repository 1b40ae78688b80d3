"""Question-answer pairs: file formats, reading and writing.

Two forms are read. JSON: a list of {"question", "reference", "abstract"?, "id"?}, the form of the
published CosmoGemma data. JSON lines: one {"question", "answer", "kind", "passage", "sentence",
"source"} a line, the form that make_questions writes. Instead of the passage itself a line may
name it by its source, and sentences by their numbers ("sentences": [2]), where the text must not
be copied: the passage is then looked up in the files read before and in the
trained passages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from core.files import write_whole
from core.literature.text.text import clean, sentences

__all__ = [
    "Pair",
    "kind_of",
    "passages_by_source",
    "read_pairs",
    "split_by_passage",
    "write_pairs",
]

Kind = Literal["yes", "no", "open"]

PASSAGES = Path(__file__).parents[1] / "data" / "trained_passages.jsonl"
"""Passages of the primer as they were when questions were written on them."""


@dataclass(frozen=True)
class Pair:
    """A question, its answer, and where the answer comes from.

    Attributes:
        question, answer: texts.
        passage: the abstract that answers it; None if unknown.
        sentence: the sentence of the passage that answers it; None if unknown.
        source: arXiv id, or another name of the passage.
    """

    question: str
    answer: str
    passage: str | None = None
    sentence: str | None = None
    source: str | None = None

    @property
    def kind(self) -> Kind:
        """Whether the answer is yes, no, or something else."""
        return kind_of(self.answer)


def kind_of(answer: str) -> Kind:
    """Read off an answer's first word."""
    first = answer.strip().split(" ", 1)[0].strip(".,;:!").lower()
    return "yes" if first == "yes" else "no" if first == "no" else "open"


def read_pairs(paths: Iterable[Path]) -> list[Pair]:
    """Read files of either form.

    Raises:
        ValueError: naming the file and what it lacks.
    """
    pairs: list[Pair] = []
    for path in paths:
        pairs += _read(path, passages_by_source(pairs))
    return pairs


def passages_by_source(pairs: Iterable[Pair]) -> dict[str, str]:
    """The passages of pairs, and those of the primer, by the names of their sources.

    The questions written for the training point into the primer as it was then, which is kept
    beside them: the primer itself goes on being corrected.
    """
    rows = (json.loads(line) for line in PASSAGES.read_text(encoding="utf-8").splitlines())
    primer = {f"primer:{row['id']}": clean(row["text"]) for row in rows}
    return primer | {p.source: p.passage for p in pairs if p.source and p.passage}


def _read(path: Path, passages: Mapping[str, str]) -> list[Pair]:
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".jsonl":
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = json.loads(text)
        return [_pair(row, passages) for row in rows]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} has no pairs that can be read ({error!r}): each needs a question and a "
            'reference (or "answer").'
        ) from error


def _pair(row: dict, passages: Mapping[str, str]) -> Pair:
    source = row.get("source", row.get("id"))
    passage = row.get("passage") or row.get("abstract")
    sentence = row.get("sentence")
    if "sentences" in row:
        passage = clean(passages[str(source)])
        cut = sentences(passage)
        sentence = " ".join(cut[i] for i in row["sentences"])
    return Pair(
        question=clean(row["question"]),
        answer=clean(row["answer"] if "answer" in row else row["reference"]),
        passage=clean(passage) if passage else None,
        sentence=clean(sentence) if sentence else None,
        source=None if source is None else str(source),
    )


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write JSON lines, as a whole."""
    lines = (json.dumps({**asdict(p), "kind": p.kind}, ensure_ascii=False) for p in pairs)
    write_whole(path, "".join(line + "\n" for line in lines).encode())


def split_by_passage(
    pairs: Sequence[Pair], validation: float, seed: int = 0
) -> tuple[list[Pair], list[Pair]]:
    """Training and validation pairs; all pairs of a passage go to one side.

    The side is a function of the passage and the seed alone, so that it stays when pairs are added.
    Pairs without a passage all go to training.
    """
    def is_held(passage: str | None) -> bool:
        if passage is None:
            return False
        digest = hashlib.sha256(f"{seed} {passage}".encode()).digest()
        return int.from_bytes(digest[:4]) < validation * 2**32

    return [p for p in pairs if not is_held(p.passage)], [p for p in pairs if is_held(p.passage)]
