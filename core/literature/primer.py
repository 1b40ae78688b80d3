"""The built-in primer: short passages written for this project, and the papers they rest on.

Beside the passages lie their embeddings, so that a first start need not compute them. After a
change of the passages make them again::

    python -m core.literature.primer
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.literature.embedding import DIMENSION, embed
from core.literature.text import clean, sentences

__all__ = [
    "FOLDER", "Passage", "Reference", "passage_vectors", "primer_digest", "read_primer",
    "read_references", "write_vectors",
]

FOLDER = Path(__file__).parent / "primer"


@dataclass(frozen=True)
class Passage:
    """A passage of the primer.

    Attributes:
        id: "cmb-acoustic-peaks"; in the library it is "primer:cmb-acoustic-peaks".
        topic, title, text: one idea in 4 to 6 sentences.
        references: arXiv ids of the papers that it rests on.
    """

    id: str
    topic: str
    title: str
    text: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A paper that the primer cites."""

    arxiv_id: str
    authors: str
    title: str
    year: int

    @property
    def url(self) -> str:
        """Its page on arXiv."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def label(self) -> str:
        """Authors and year, as a text cites it."""
        return f"{self.authors} {self.year}"


def read_primer(folder: Path = FOLDER) -> list[Passage]:
    """The passages in the order of their file.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    return [
        Passage(
            row["id"], row["topic"], clean(row["title"]), clean(row["text"]),
            tuple(row.get("references", ())),
        )
        for row in _rows(folder / "passages.jsonl", ("id", "topic", "title", "text"))
    ]


def read_references(folder: Path = FOLDER) -> dict[str, Reference]:
    """The papers that the passages cite, by arXiv id."""
    needed = ("arxiv_id", "authors", "title", "year")
    rows = _rows(folder / "references.jsonl", needed)
    return {row["arxiv_id"]: Reference(*(row[name] for name in needed)) for row in rows}


def _rows(file: Path, needed: Sequence[str]) -> Iterator[dict]:
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = [name for name in needed if name not in row]
        except (json.JSONDecodeError, TypeError) as error:
            raise ValueError(f"Line {number} of {file.name} is not a JSON object.") from error
        if missing:
            raise ValueError(f"Line {number} of {file.name} lacks {', '.join(missing)}.")
        yield row


def primer_digest(folder: Path = FOLDER) -> str:
    """SHA-256 of the passages, by which a library knows whether it holds them."""
    file = folder / "passages.jsonl"
    return hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()


def passage_vectors(folder: Path = FOLDER) -> list[np.ndarray] | None:
    """The embeddings kept beside the passages.

    Returns:
        An array (1 + sentences, 384) a passage: of title and text together, then of every
        sentence; None where there are none or where they belong to other passages.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(folder / "vectors.safetensors"), "np") as file:
            if (file.metadata() or {}).get("passages_sha256") != primer_digest(folder):
                return None
            flat, counts = file.get_tensor("vectors"), file.get_tensor("counts")
    except (FileNotFoundError, SafetensorError):
        return None
    return np.split(flat.astype(np.float32), np.cumsum(counts)[:-1])


def write_vectors(folder: Path = FOLDER) -> int:
    """Embed the passages and keep the embeddings beside them, as float16.

    Returns:
        The number of vectors.
    """
    from safetensors.numpy import save_file

    texts, counts = [], []
    for passage in read_primer(folder):
        found = [f"{passage.title}. {passage.text}", *sentences(passage.text)]
        texts += found
        counts.append(len(found))
    vectors = embed(texts) if texts else np.empty((0, DIMENSION))
    save_file(
        {"vectors": vectors.astype(np.float16), "counts": np.array(counts, np.int32)},
        str(folder / "vectors.safetensors"),
        {"passages_sha256": primer_digest(folder)},
    )
    return len(texts)


if __name__ == "__main__":
    print(f"{write_vectors()} vectors written.")
