"""The written collection of project ideas, and the papers that they rest on.

Each idea says what a supervisor asks of one: question, data, method, first step, what would be
learnt, what could go wrong. Beside the ideas lie their embeddings, so that nobody waits for them.
After a change of the ideas make them again::

    python -m core.literature.ideas.collection
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from core.files import write_whole
from core.literature.library.primer import Reference
from core.literature.library.primer import read_references as read_primer_references
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean

__all__ = [
    "FOLDER", "LEVELS", "Idea", "Level", "idea_vectors", "read_ideas", "read_references",
    "write_vectors",
]  # fmt: skip

FOLDER = Path(__file__).parent / "data"

Level = Literal["master", "phd", "postdoc"]
LEVELS: tuple[Level, ...] = get_args(Level)

_TEXTS = ("title", "question", "data", "method", "first_step", "learnt", "risk")
_FIELDS = ("id", "topic", *_TEXTS, "level", "months", "keywords", "references")


@dataclass(frozen=True)
class Idea:
    """A project that can be done in months.

    Attributes:
        id: "voids-lensing-desi".
        topic: of the collection, "voids".
        title, question, data, method, first_step, learnt, risk: one to three sentences each, the
            title fewer than 14 words; plain English with TeX in dollars.
        level: whom it suits.
        months: of work.
        keywords: by which somebody would ask for it.
        references: arXiv ids of the papers that it rests on.
    """

    id: str
    topic: str
    title: str
    question: str
    data: str
    method: str
    first_step: str
    learnt: str
    risk: str
    level: Level
    months: int
    keywords: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def gist(self) -> str:
        """What is embedded of it: title, question and keywords."""
        return f"{self.title}. {self.question} {', '.join(self.keywords)}"


def read_ideas(folder: Path = FOLDER) -> tuple[Idea, ...]:
    """The ideas in the order of their file; none if there is no file.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    file = folder / "ideas.jsonl"
    if not file.exists():
        return ()
    return _ideas(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _ideas(file: Path, _changed: int) -> tuple[Idea, ...]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(_idea(line, f"Line {number} of {file.name}")
                 for number, line in enumerate(lines, 1) if line.strip())


def _idea(line: str, where: str) -> Idea:
    try:
        row = json.loads(line)
        missing = [name for name in _FIELDS if name not in row]
    except (json.JSONDecodeError, TypeError) as error:
        raise ValueError(f"{where} is not a JSON object.") from error
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}.")
    if row["level"] not in LEVELS:
        raise ValueError(f"{where} has the level {row['level']!r}; it is {', '.join(LEVELS)}.")
    return Idea(
        id=row["id"], topic=row["topic"], **{name: clean(row[name]) for name in _TEXTS},
        level=row["level"], months=int(row["months"]),
        keywords=tuple(map(clean, row["keywords"])), references=tuple(row["references"]),
    )  # fmt: skip


def read_references(folder: Path = FOLDER) -> dict[str, Reference]:
    """The papers that the ideas rest on, by arXiv id, those that the primer cites included."""
    return {**read_primer_references(), **read_primer_references(folder)}


def idea_vectors(folder: Path = FOLDER) -> np.ndarray:
    """The ideas' embeddings (n, 384), unit vectors in the order of :func:`read_ideas`.

    They are read from the file beside the ideas; those of ideas that have changed since are
    computed, and all of them if that file is missing or damaged.
    """
    ideas = read_ideas(folder)
    known = _kept(folder)
    changed = [idea for idea in ideas if _digest(idea) not in known]
    made = dict(zip(map(_digest, changed), embed([idea.gist for idea in changed]), strict=True))
    found = [known.get(_digest(idea), made.get(_digest(idea))) for idea in ideas]
    return np.array(found, np.float32).reshape(-1, DIMENSION)


def write_vectors(folder: Path = FOLDER) -> int:
    """Keep the embeddings of all ideas beside them, as float16; returns how many there are."""
    from safetensors.numpy import save

    ideas = read_ideas(folder)
    vectors = idea_vectors(folder).astype(np.float16)
    listed = json.dumps([_digest(idea) for idea in ideas])
    metadata = {"ideas": listed, "sha256": _checksum(vectors, listed)}
    write_whole(folder / "vectors.safetensors", save({"vectors": vectors}, metadata))
    return len(ideas)


def _kept(folder: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(folder / "vectors.safetensors"), "np") as file:
            metadata, vectors = file.metadata() or {}, file.get_tensor("vectors")
    except (FileNotFoundError, SafetensorError):
        return {}
    listed = metadata.get("ideas", "[]")
    if metadata.get("sha256") != _checksum(vectors, listed):
        return {}
    return dict(zip(json.loads(listed), vectors.astype(np.float32), strict=True))


def _checksum(vectors: np.ndarray, listed: str) -> str:
    return hashlib.sha256(vectors.tobytes() + listed.encode()).hexdigest()


def _digest(idea: Idea) -> str:
    return hashlib.sha256(idea.gist.encode()).hexdigest()[:16]


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    print(f"{write_vectors()} ideas embedded.")
