"""The command line of making questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["QuestionsConfig"]


@dataclass(frozen=True)
class QuestionsConfig:
    """Command line.

    Attributes:
        snapshot: arXiv metadata snapshot, JSON lines.
        library: a library of papers (SQLite), instead of the snapshot.
        output: folder of what is made.
        server: address of the model's server, ending in /v1; by default COSMODESK_LLM_SERVER.
        model: name there; by default COSMODESK_LLM_MODEL.
        categories: a paper has one of them.
        train_years: first and last year of papers to learn from.
        test_years: first and last year of papers to test with.
        abstracts: of each of the two, at most.
        yes: questions to ask for of each abstract that are answered by yes.
        no: the same for no.
        open: the same for the others.
        per_minute: requests, at most.
        parallel: requests at a time.
        timeout: seconds that an answer may take.
        retries: after a refusal or a fault of the server, waiting longer each time.
        temperature: of the model.
        seed: Random seed: which abstracts are taken, the balance, the order of options.
    """

    snapshot: Path | None = None
    library: Path | None = None
    output: Path = Path("data/literature")
    server: str | None = None
    model: str | None = None
    categories: tuple[str, ...] = ("astro-ph.CO",)
    train_years: tuple[int, int] = (2018, 2022)
    test_years: tuple[int, int] = (2023, 2023)
    abstracts: int = 1000
    yes: int = 2
    no: int = 2
    open: int = 3
    per_minute: float = 60.0
    parallel: int = 4
    timeout: float = 120.0
    retries: int = 5
    temperature: float = 0.7
    seed: int = 0
