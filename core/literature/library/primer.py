"""The built-in primer: short passages written for this project, and the papers they rest on.

Beside the passages lie their embeddings, so that a first start need not compute them. After a
change of the passages make them again::

    python -m core.literature.library.primer
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.files import write_whole
from core.literature.library.rows import FOLDER, read_rows
from core.literature.library.values import filled, read_values
from core.literature.text.embedding import DIMENSION, embed
from core.literature.text.text import clean, sentences

__all__ = [
    "FOLDER", "Passage", "Reference", "passage_vectors", "primer_digest", "read_primer",
    "read_references", "write_vectors",
]


@dataclass(frozen=True)
class Passage:
    """A passage of the primer.

    Attributes:
        id: "cmb-acoustic-peaks"; in the library it is "primer:cmb-acoustic-peaks".
        topic, title, text: one idea in 4 to 6 sentences.
        references: arXiv ids of the papers that it rests on; none for what textbooks say.
        aliases: other names of the thing.
    """

    id: str
    topic: str
    title: str
    text: str
    references: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


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
    values = read_values(folder)
    return [
        Passage(
            row["id"], row["topic"], clean(row["title"]), clean(filled(row["text"], values)),
            tuple(row.get("references", ())), tuple(row.get("aliases", ())),
        )
        for row in read_rows(folder / "passages.jsonl", ("id", "topic", "title", "text"))
    ]


def read_references(folder: Path = FOLDER) -> dict[str, Reference]:
    """The papers that the passages cite, by arXiv id."""
    needed = ("arxiv_id", "authors", "title", "year")
    rows = read_rows(folder / "references.jsonl", needed)
    return {row["arxiv_id"]: Reference(*(row[name] for name in needed)) for row in rows}


def primer_digest(folder: Path = FOLDER) -> str:
    """SHA-256 of passages and values, by which a library knows whether it holds them."""
    files = [folder / name for name in ("passages.jsonl", "values.jsonl")]
    found = b"".join(file.read_bytes() for file in files if file.exists())
    return hashlib.sha256(found).hexdigest()


def passage_vectors(
    passages: Sequence[Passage], folder: Path = FOLDER
) -> list[np.ndarray | None]:
    """The embeddings kept beside the passages.

    Returns:
        For every passage an array (1 + sentences, 384), of title and text together, then of every
        sentence; None for a passage that has changed since or has none, and for all of them if
        the file is missing or damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(folder / "vectors.safetensors"), "np") as file:
            metadata = file.metadata() or {}
            flat, counts = file.get_tensor("vectors"), file.get_tensor("counts")
    except (FileNotFoundError, SafetensorError):
        return [None] * len(passages)
    listed = metadata.get("passages", "[]")
    if metadata.get("sha256") != _checksum(flat, counts, listed):
        return [None] * len(passages)
    digests = json.loads(listed)
    parts = np.split(flat.astype(np.float32), np.cumsum(counts)[:-1])
    known = dict(zip(digests, parts, strict=True))
    return [known.get(_digest(passage)) for passage in passages]


def write_vectors(folder: Path = FOLDER, batch: int = 40) -> int:
    """Embed the passages that have changed and keep all embeddings beside them, as float16.

    What is done is kept after every batch, so that it goes on from there after an interruption.

    Returns:
        The number of passages that were embedded.
    """
    passages = read_primer(folder)
    vectors = passage_vectors(passages, folder)
    changed = [i for i, known in enumerate(vectors) if known is None]
    for start in range(0, len(changed), batch):
        some = changed[start : start + batch]
        texts = [_texts(passages[i]) for i in some]
        made = embed([text for found in texts for text in found])
        parts = np.split(made, np.cumsum([len(found) for found in texts])[:-1])
        for i, part in zip(some, parts, strict=True):
            vectors[i] = part
        _keep(folder, passages, vectors)
    if not changed:
        _keep(folder, passages, vectors)
    return len(changed)


def _keep(
    folder: Path, passages: Sequence[Passage], vectors: Sequence[np.ndarray | None]
) -> None:
    from safetensors.numpy import save

    known = [(_digest(p), v) for p, v in zip(passages, vectors, strict=True) if v is not None]
    flat = np.concatenate([v for _, v in known] or [np.empty((0, DIMENSION))])
    counts = np.array([len(v) for _, v in known], np.int32)
    flat, listed = flat.astype(np.float16), json.dumps([digest for digest, _ in known])
    metadata = {"passages": listed, "sha256": _checksum(flat, counts, listed)}
    data = save({"vectors": flat, "counts": counts}, metadata)
    write_whole(folder / "vectors.safetensors", data)


def _checksum(flat: np.ndarray, counts: np.ndarray, listed: str) -> str:
    return hashlib.sha256(flat.tobytes() + counts.tobytes() + listed.encode()).hexdigest()


def _texts(passage: Passage) -> list[str]:
    """What is embedded of a passage; the first as the library joins title and abstract."""
    return [f"{passage.title}. {passage.text}", *sentences(passage.text)]


def _digest(passage: Passage) -> str:
    text = f"{passage.title}\n{passage.text}".encode()
    return hashlib.sha256(text).hexdigest()[:16]


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # it takes nothing but --help
    print(f"{write_vectors()} passages embedded.")
