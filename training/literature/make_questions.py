r"""Make question-answer pairs from abstracts, with any OpenAI-compatible language model.

    python -m training.literature.make_questions --snapshot arxiv-metadata-oai-snapshot.json \
        --server http://localhost:8000/v1 --model meta-llama/Llama-3.1-8B-Instruct

Reads the arXiv metadata snapshot (JSON lines as distributed) or the project's own library, asks the
model for yes, no and open questions on every abstract, each with the sentence that answers it, and
keeps those that pass the filters (:mod:`training.literature.question_filters`). Questions of the
training years and of the test years lie apart. Open ones are also made into multiple-choice
questions (:mod:`training.literature.multiple_choice`).

What the model answered is appended to raw.jsonl, an abstract a line; after an interruption the
abstracts in it are not asked again. The key of the server is COSMODESK_LLM_KEY. Writes into the
output folder: train.jsonl, test.jsonl, choice_train.jsonl and choice_test.jsonl. The last line of
the output is JSON: how many of each, and why pairs were dropped.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any

import tyro
from tqdm import tqdm

from core.literature.library import Library
from core.literature.text import TermWeights, clean, sentences
from core.settings import get_settings
from training.literature.multiple_choice import multiple_choice
from training.literature.pairs import Pair, kind_of, write_pairs
from training.literature.question_filters import balanced, checked, without_duplicates
from training.report import print_metrics

__all__ = ["Abstract", "Asker", "QuestionsConfig", "ask_all", "from_library", "from_snapshot",
           "make", "parse_answer", "prompt_for"]  # fmt: skip

SHORTEST = 400
MOST_FAILURES = 8
TRIES = 2

SYSTEM = "You write exam questions on cosmology. You answer with JSON and nothing else."
PROMPT = """From the abstract below, write {count} questions for a cosmologist who does not see it:
{yes} answered by yes, {no} answered by no, and {open} open ones.

Rules:
- A question names its subject in full (object, survey, method, quantity), so that it makes sense
  alone. Never write "this paper", "the study", "the authors", "we", "the proposed method".
- Its answer stands in one sentence of the abstract. Copy that sentence letter by letter.
- Answers use the abstract's own words and numbers and nothing else. A yes or no answer begins with
  "Yes" or "No", a comma, and a short reason. An open answer is one short phrase or sentence.
- A question answered by no states something plausible that the sentence contradicts: the opposite
  trend, another object, another outcome. Do not just add "not".
- No two questions ask the same.

Answer with this JSON only:
{{"pairs": [{{"question": "...?", "answer": "...", "sentence": "..."}}]}}

Title: {title}
Abstract:
{sentences}"""


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
        seed: of which abstracts are taken, of the balance and of the order of options.
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


# -- abstracts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Abstract:
    """What questions are made from; the year is that of the first version."""

    id: str
    title: str
    text: str
    year: int


def from_snapshot(
    path: Path, categories: Sequence[str], years: Iterable[int]
) -> Iterator[Abstract]:
    """Abstracts of a metadata snapshot, read line by line.

    Raises:
        ValueError: naming the line that cannot be read.
    """
    wanted, among = set(categories), set(years)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                year = _year(row)
                if year in among and wanted & set(row["categories"].split()):
                    yield Abstract(row["id"], clean(row["title"]), clean(row["abstract"]), year)
            except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"Line {number} of {path} is not arXiv metadata ({error!r}): each line is a "
                    "JSON object with id, title, abstract, categories and versions."
                ) from error


def _year(row: dict) -> int | None:
    """Year of the first version; of the number of the paper, or of the update, if not given."""
    versions = row.get("versions") or [{}]
    try:
        return parsedate_to_datetime(versions[0]["created"]).year
    except (KeyError, ValueError, TypeError):
        number = re.fullmatch(r"(\d\d)\d\d\.\d{4,5}", row["id"])
        if number:
            return 2000 + int(number[1])
        updated = re.match(r"\d{4}", row.get("update_date") or "")
        return int(updated[0]) if updated else None


def from_library(
    path: Path, categories: Sequence[str], years: Iterable[int]
) -> Iterator[Abstract]:
    """Abstracts of the papers in a library.

    Raises:
        ValueError: if there is no such library.
    """
    if not path.is_file():
        raise ValueError(f"There is no library at {path}; the apps make one at their first start.")
    among, wanted = set(years), set(categories)
    library = Library.open(path, primer=False)
    for paper in library.recent(len(library), since=date(min(among), 1, 1)):
        assert paper.published is not None
        if paper.published.year in among and wanted & set(paper.categories):
            yield Abstract(paper.id, paper.title, clean(paper.abstract), paper.published.year)


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


# -- asking --------------------------------------------------------------------------------------


def prompt_for(abstract: Abstract, yes: int, no: int, open: int) -> str:
    """What the model is asked."""
    lines = "\n".join(sentences(abstract.text))
    return PROMPT.format(
        count=yes + no + open, yes=yes, no=no, open=open, title=abstract.title, sentences=lines
    )


def parse_answer(text: str, abstract: Abstract) -> list[Pair]:
    """Pairs in a model's answer, whatever stands around the JSON.

    Raises:
        ValueError: if there is no JSON with pairs in it.
    """
    decoder = json.JSONDecoder()
    for start in (m.start() for m in re.finditer(r"[{\[]", text)):
        try:
            found, _ = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            continue
        rows = found.get("pairs", [found]) if isinstance(found, dict) else found
        pairs = [_pair(row, abstract) for row in rows] if isinstance(rows, list) else []
        if any(pairs):
            return [pair for pair in pairs if pair is not None]
    raise ValueError("The model's answer holds no question-answer pairs in JSON.")


def _pair(row: Any, abstract: Abstract) -> Pair | None:
    names = ("question", "answer", "sentence")
    if not isinstance(row, dict) or not all(isinstance(row.get(n), str) for n in names):
        return None
    question, answer, sentence = (clean(row[name]) for name in names)
    if not question or not answer:
        return None
    return Pair(question, answer, abstract.text, sentence, abstract.id)


class Pace:
    """Lets calls through at most so often; for many threads.

    Args:
        per_minute: calls.
    """

    def __init__(self, per_minute: float) -> None:
        if not per_minute > 0:
            raise ValueError(f"{per_minute} requests a minute are none; give more than 0.")
        self.interval = 60.0 / per_minute
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this call's turn."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + self.interval
        time.sleep(max(turn - time.monotonic(), 0.0))


class Asker:
    """Asks the model about abstracts.

    Args:
        config: the server and how often to ask it.

    Raises:
        ValueError: if no server is named.
    """

    def __init__(self, config: QuestionsConfig) -> None:
        from openai import OpenAI

        settings = get_settings()
        server = config.server or settings.llm_server
        if not server:
            raise ValueError("Name the model's server: --server or COSMODESK_LLM_SERVER.")
        key = settings.llm_key.get_secret_value() if settings.llm_key else "none"
        self.config = config
        self.model = config.model or settings.llm_model
        self.pace = Pace(config.per_minute)
        self.client = OpenAI(
            base_url=server, api_key=key, timeout=config.timeout, max_retries=config.retries
        )

    def __call__(self, abstract: Abstract) -> list[Pair]:
        """Pairs on one abstract; none if the model writes no JSON, however often it is asked.

        Raises:
            openai.OpenAIError: if the server does not answer.
        """
        c = self.config
        for attempt in range(TRIES):
            self.pace.wait()
            reply = self.client.chat.completions.create(
                model=self.model, temperature=c.temperature, seed=c.seed + attempt,
                messages=[
                    {"role": "system", "content": SYSTEM},
                    {"role": "user", "content": prompt_for(abstract, c.yes, c.no, c.open)},
                ],
            )
            try:
                return parse_answer(reply.choices[0].message.content or "", abstract)
            except (ValueError, IndexError):
                continue
        return []


def ask_all(
    abstracts: Sequence[Abstract],
    ask: Callable[[Abstract], list[Pair]],
    raw: Path,
    parallel: int = 4,
) -> int:
    """Ask about all abstracts that raw.jsonl does not have yet, and append what comes.

    Args:
        abstracts: in the order to ask.
        ask: an :class:`Asker`.
        raw: file to go on with.
        parallel: requests at a time.

    Returns:
        How many were asked about in vain; another run asks about them again.

    Raises:
        RuntimeError: if the server refuses the request, or fails many times in a row.
    """
    from openai import APIStatusError, OpenAIError

    done = {row["id"] for row in read_raw(raw)}
    left = [abstract for abstract in abstracts if abstract.id not in done]
    waiting = iter(left)
    failures = in_a_row = 0
    bar = tqdm(
        total=len(abstracts), initial=len(abstracts) - len(left), unit="abstract", desc="asking"
    )
    with bar, ThreadPoolExecutor(parallel) as pool:
        running: dict[Future[list[Pair]], Abstract] = {
            pool.submit(ask, abstract): abstract for abstract in islice(waiting, parallel)
        }
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                abstract = running.pop(future)
                try:
                    pairs = future.result()
                except OpenAIError as error:
                    refused = isinstance(error, APIStatusError) and error.status_code in (
                        400, 401, 403, 404, 422,
                    )  # fmt: skip
                    failures, in_a_row = failures + 1, in_a_row + 1
                    if refused or in_a_row >= MOST_FAILURES:
                        pool.shutdown(wait=False, cancel_futures=True)
                        raise RuntimeError(
                            f"The server does not answer ({error}); start again to go on from here."
                        ) from error
                else:
                    in_a_row = 0
                    _append(raw, abstract, pairs)
                bar.update()
                if following := next(waiting, None):
                    running[pool.submit(ask, following)] = following
    return failures


def _append(raw: Path, abstract: Abstract, pairs: Sequence[Pair]) -> None:
    """One line in one write, on the disk before it counts."""
    row = {
        "id": abstract.id,
        "pairs": [
            {"question": p.question, "answer": p.answer, "sentence": p.sentence} for p in pairs
        ],
    }
    with raw.open("ab", buffering=0) as file:
        file.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
        os.fsync(file.fileno())


def read_raw(raw: Path) -> list[dict]:
    """What was answered so far; a last line that was cut short is taken out of the file."""
    if not raw.exists():
        return []
    content = raw.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with raw.open("rb+") as file:
            file.truncate(len(whole))
    return [json.loads(line) for line in whole.splitlines() if line.strip()]


# -- keeping -------------------------------------------------------------------------------------


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
        with _whole(config.output / f"{part}.jsonl") as path:
            write_pairs(path, kept)
        with _whole(config.output / f"choice_{part}.jsonl") as path:
            lines = [json.dumps(choice.row(), ensure_ascii=False) + "\n" for choice in choices]
            path.write_text("".join(lines), encoding="utf-8")
        kinds = Counter(kind_of(pair.answer) for pair in kept)
        metrics |= {f"{part}_{kind}": float(kinds[kind]) for kind in ("yes", "no", "open")}
        metrics[f"{part}_choice"] = float(len(choices))
    return metrics


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A path to write to; what is written appears under its name when the block has ended well."""
    temporary = path.with_name(path.name + ".tmp")
    yield temporary
    os.replace(temporary, path)


if __name__ == "__main__":
    print_metrics(make(tyro.cli(QuestionsConfig, description=__doc__)))
