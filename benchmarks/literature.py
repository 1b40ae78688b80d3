"""Search in 100,000 abstracts: ours beside plain full-text search and a plain dense scan.

    python -m benchmarks.literature retrieval [--papers 100000] [--questions 100]
    python -m benchmarks.literature announcements [--papers 100000]
    python -m benchmarks.literature speed [--repeats 7] [--tokens 64]

The abstracts are made up by recombining sentences of the primer, so every word is far commoner
than in real abstracts, which is hard on a search by words; their embeddings are the means of those
of their sentences. The peers do half of the work each: FTS5 over all words of the question
(``bm25``, no embedding), and the cosines with all abstracts (the embedding included). Ratios within
one run.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from core.literature.assistant import retrieval
from core.literature.assistant.retrieval import Retriever
from core.literature.library.library import Library
from core.literature.library.primer import passage_vectors, read_primer
from core.literature.text.embedding import embed
from core.literature.text.fts_query import spelled_out
from core.literature.text.paper import Paper
from core.literature.text.text import sentences, words

QUESTIONS = Path(__file__).parents[1] / "training/literature/data/primer_questions.jsonl"


def make_library(path: Path, count: int) -> Library:
    """A library of made-up abstracts of 5 to 9 sentences, with their embeddings."""
    passages = read_primer()
    known = [
        (sentence, vector)
        for passage, vectors in zip(passages, passage_vectors(passages), strict=True)
        if vectors is not None
        for sentence, vector in zip(sentences(passage.text), vectors[1:], strict=True)
    ]
    rng = np.random.default_rng(0)
    library = Library.open(path, primer=False)
    for start in range(0, count, 10_000):
        papers, vectors = [], []
        for i in range(start, min(start + 10_000, count)):
            chosen = [known[j] for j in rng.integers(len(known), size=rng.integers(5, 10))]
            if len(sentences(" ".join(sentence for sentence, _ in chosen))) != len(chosen):
                continue
            title = " ".join(chosen[0][0].split()[:8])
            papers.append(Paper(f"{i}", title, " ".join(sentence for sentence, _ in chosen)))
            parts = np.stack([vector for _, vector in chosen])
            mean = parts.mean(0)
            vectors.append(np.stack([mean / np.linalg.norm(mean), *parts]))
        library.add(papers, vectors)
    return library


def times_ms(search: Callable[[str], object], questions: Sequence[str]) -> np.ndarray:
    """Milliseconds of each question, after one to warm up."""
    search(questions[0])
    found = []
    for question in questions:
        start = time.perf_counter()
        search(question)
        found.append(1e3 * (time.perf_counter() - start))
    return np.array(found)


def plain_lexical(library: Library, question: str) -> list:
    """FTS5 over all words of the question."""
    query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(question)))
    return library.connection.execute(
        "SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 3", (query,)
    ).fetchall()


def report(name: str, ms: np.ndarray, ours: np.ndarray) -> None:
    """One line of the table."""
    median, p95 = np.percentile(ms, [50, 95])
    print(f"{name:46s} {median:8.1f} {p95:8.1f} {median / np.median(ours):8.2f}")


def retrieval_part(arguments: argparse.Namespace) -> None:
    """Time the search."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    step = max(len(rows) // arguments.questions, 1)
    questions = [row["question"] for row in rows[::step]][: arguments.questions]
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.library or Path(folder) / "library.sqlite"
        start = time.perf_counter()
        library = Library.open(path, primer=False) if path.exists() else make_library(
            path, arguments.papers
        )
        print(f"{len(library):,} abstracts, made in {time.perf_counter() - start:.0f} s, "
              f"{path.stat().st_size / 1e6:.0f} MB")
        time_search(library, questions)


def time_search(library: Library, questions: Sequence[str]) -> None:
    """Print the table for a library."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    retriever = Retriever(library)
    start = time.perf_counter()
    keys, _ = retriever._index.cosines(np.zeros(384, np.float32))
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"embeddings read in {seconds:.1f} s, {grown:.0f} MB more memory")
    spelled = [spelled_out(question) for question in questions]
    vectors = dict(zip(spelled, embed(spelled), strict=True))

    def dense(question: str) -> np.ndarray:
        _, cosines = retriever._index.cosines(embed([question])[0])
        return keys[np.argpartition(-cosines, 3)[:3]]

    whole = times_ms(retriever.search, questions)
    with patch.object(retrieval, "embed", lambda texts: np.stack([vectors[t] for t in texts])):
        searched = times_ms(retriever.search, questions)
    print(f"{'ms a question':46s}   median      p95   ratio")
    report("hybrid search, question embedded before", searched, searched)
    report("hybrid search with the question's embedding", whole, searched)
    report("embedding the question alone", times_ms(lambda q: embed([q]), questions), searched)
    report("plain FTS5, all words, no meaning",
           times_ms(lambda q: plain_lexical(library, q), questions), searched)
    report("plain dense scan, with the embedding", times_ms(dense, questions), searched)


def main() -> None:
    """Time and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "part", nargs="?", choices=("retrieval", "announcements", "speed"), default="retrieval"
    )
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--library", type=Path, help="keep the made-up abstracts in this file")
    parser.add_argument("--repeats", type=int, default=7, help="prompts that are timed (speed)")
    parser.add_argument("--tokens", type=int, default=64, help="longest answer (speed)")
    arguments = parser.parse_args()
    if arguments.part == "speed":
        from benchmarks._literature_speed import speed_part

        speed_part(arguments.repeats, arguments.tokens)
    elif arguments.part == "announcements":
        from benchmarks._literature_announcements import announcements_part

        announcements_part(arguments.library, arguments.papers)
    else:
        retrieval_part(arguments)


if __name__ == "__main__":
    main()
