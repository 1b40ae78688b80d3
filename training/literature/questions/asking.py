"""Question-answer pairs asked of a language model; an interrupted run is continued."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from core.literature.text.text import clean, sentences
from core.settings import get_settings
from training.literature.questions.abstracts import Abstract
from training.literature.questions.config import QuestionsConfig
from training.literature.questions.pairs import Pair

__all__ = ["Asker", "Pace", "ask_all", "parse_answer", "prompt_for", "read_raw"]

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
