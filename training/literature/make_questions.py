r"""Make question-answer pairs from abstracts, with any OpenAI-compatible language model.

    python -m training.literature.make_questions --snapshot arxiv-metadata-oai-snapshot.json \
        --server http://localhost:8000/v1 --model meta-llama/Llama-3.1-8B-Instruct

Reads the arXiv metadata snapshot (JSON lines as distributed) or the project's own library, asks the
model for yes, no and open questions on every abstract, each with the sentence that answers it, and
keeps those that pass the filters (:mod:`training.literature.questions.filters`). Questions of the
training years and of the test years lie apart. Open ones are also made into multiple-choice
questions (:mod:`training.literature.questions.multiple_choice`).

What the model answered is appended to raw.jsonl, an abstract a line; after an interruption the
abstracts in it are not asked again. The key of the server is COSMODESK_LLM_KEY. Writes into the
output folder: train.jsonl, test.jsonl, choice_train.jsonl and choice_test.jsonl. The last line of
the output is JSON: how many of each, and why pairs were dropped.
"""

from __future__ import annotations

import json
import random
from collections import Counter

import tyro

from core.files import write_whole
from core.literature.text.text import TermWeights
from training.evaluation.report import print_metrics
from training.literature.questions.abstracts import Abstract, from_library, from_snapshot
from training.literature.questions.asking import Asker, ask_all, read_raw
from training.literature.questions.config import QuestionsConfig
from training.literature.questions.filters import balanced, checked, without_duplicates
from training.literature.questions.multiple_choice import multiple_choice
from training.literature.questions.pairs import Pair, kind_of, write_pairs

__all__ = ["QuestionsConfig", "make"]

SHORTEST = 400


def _years(first_and_last: tuple[int, int]) -> range:
    return range(first_and_last[0], first_and_last[1] + 1)


def _chosen(config: QuestionsConfig) -> list[Abstract]:
    """Of each part a random sample, the same for the same seed."""
    train_years, test_years = _years(config.train_years), _years(config.test_years)
    if not train_years or not test_years or set(train_years) & set(test_years):
        raise ValueError(
            f"Training years {config.train_years} and test years {config.test_years} must be "
            "first and last years that do not overlap."
        )
    if (config.snapshot is None) == (config.library is None):
        raise ValueError("Name either --snapshot or --library.")
    years = [*train_years, *test_years]
    if config.snapshot is not None:
        found = from_snapshot(config.snapshot, config.categories, years)
    else:
        assert config.library is not None
        found = from_library(config.library, config.categories, years)
    unique = {a.id: a for a in found if len(a.text) >= SHORTEST}
    rng = random.Random(config.seed)
    chosen: list[Abstract] = []
    for part in (train_years, test_years):
        pool = [unique[key] for key in sorted(unique) if unique[key].year in part]
        chosen += rng.sample(pool, min(config.abstracts, len(pool)))
    return chosen


def make(config: QuestionsConfig) -> dict[str, float]:
    """Ask, filter, split and write; return the counts."""
    abstracts = _chosen(config)
    if not abstracts:
        raise ValueError("No abstract has these categories and years; name others.")
    config.output.mkdir(parents=True, exist_ok=True)
    raw = config.output / "raw.jsonl"
    failures = ask_all(abstracts, Asker(config), raw, config.parallel)
    by_id = {abstract.id: abstract for abstract in abstracts}
    answers = [row for row in read_raw(raw) if row["id"] in by_id]
    weights = TermWeights.of(abstract.text for abstract in abstracts)
    counts: Counter[str] = Counter()
    good: dict[str, list[Pair]] = {"train": [], "test": []}
    for row in sorted(answers, key=lambda row: row["id"]):
        abstract = by_id[row["id"]]
        part = "train" if abstract.year in _years(config.train_years) else "test"
        for found in row["pairs"]:
            pair, wrong = checked(
                Pair(found["question"], found["answer"], abstract.text, found["sentence"],
                     abstract.id),
                weights,
            )  # fmt: skip
            counts["asked"] += 1
            if pair is None:
                counts[f"dropped_{wrong.replace(' ', '_')}"] += 1
            else:
                good[part].append(pair)
    rng = random.Random(config.seed)
    train = without_duplicates(good["train"])
    parts = {"train": train, "test": without_duplicates(good["test"], known=train)}
    counts["dropped_duplicates"] = sum(map(len, good.values())) - sum(map(len, parts.values()))
    metrics: dict[str, float] = {
        "abstracts": float(len(answers)), "failed": float(failures), **counts
    }
    for part, pairs in parts.items():
        kept = balanced(pairs, rng)
        choices = multiple_choice(kept, weights, rng)
        write_pairs(config.output / f"{part}.jsonl", kept)
        lines = [json.dumps(choice.row(), ensure_ascii=False) + "\n" for choice in choices]
        write_whole(config.output / f"choice_{part}.jsonl", "".join(lines).encode())
        kinds = Counter(kind_of(pair.answer) for pair in kept)
        metrics |= {f"{part}_{kind}": float(kinds[kind]) for kind in ("yes", "no", "open")}
        metrics[f"{part}_choice"] = float(len(choices))
    return metrics


if __name__ == "__main__":
    print_metrics(make(tyro.cli(QuestionsConfig, description=__doc__)))
