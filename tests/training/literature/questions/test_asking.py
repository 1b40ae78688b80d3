"""What a model answers is asked for once, however its server behaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.training.literature.fake_server import Answer, good_answer, serving
from tests.training.literature.questions.helpers import abstract_of, config_for, well
from training.literature.questions.asking import Asker, Pace, ask_all, parse_answer, read_raw

ROOT = Path(__file__).parents[4]


def test_refusals_and_faults_are_tried_again(tmp_path: Path) -> None:
    def respond(prompt: str, number: int) -> Answer:
        return (429, 500, 503)[number % 3] if number < 6 else 200, good_answer(prompt)

    with serving(respond) as server:
        config = config_for(tmp_path, server.url, parallel=1, retries=8)
        abstracts = [abstract_of(i) for i in range(3)]
        assert ask_all(abstracts, Asker(config), tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 9
    assert [len(row["pairs"]) for row in read_raw(tmp_path / "raw.jsonl")] == [3, 3, 3]


@pytest.mark.parametrize("status", [401, 404])
def test_a_wrong_key_or_model_ends_it_at_once(tmp_path: Path, status: int) -> None:
    with serving(lambda prompt, number: (status, "no such thing")) as server:
        config = config_for(tmp_path, server.url)
        with pytest.raises(RuntimeError, match="no such thing"):
            ask_all([abstract_of(i) for i in range(50)], Asker(config), tmp_path / "raw.jsonl", 2)
    assert len(server.prompts) < 8 and read_raw(tmp_path / "raw.jsonl") == []


def test_a_server_that_is_not_there_ends_it_too(tmp_path: Path) -> None:
    config = config_for(tmp_path, "http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(RuntimeError, match="does not answer"):
        ask_all([abstract_of(i) for i in range(50)], Asker(config), tmp_path / "raw.jsonl", 2)


def test_a_failed_abstract_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    abstracts = [abstract_of(i) for i in range(5)]
    config = config_for(tmp_path, "", retries=0, parallel=1)

    def respond(prompt: str, number: int) -> Answer:
        return (500 if abstracts[2].title in prompt and number < 5 else 200), good_answer(prompt)

    with serving(respond) as server:
        asker = Asker(config_for(tmp_path, server.url, retries=0))
        assert ask_all(abstracts, asker, tmp_path / "raw.jsonl", 1) == 1
        assert ask_all(abstracts, asker, tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 6 and config.retries == 0
    assert {row["id"] for row in read_raw(tmp_path / "raw.jsonl")} == {a.id for a in abstracts}


def test_an_answer_that_takes_too_long_counts_as_none(tmp_path: Path) -> None:
    def respond(prompt: str, number: int) -> Answer:
        time.sleep(1.5 if number == 0 else 0.0)
        return 200, good_answer(prompt)

    with serving(respond) as server:
        asker = Asker(config_for(tmp_path, server.url, timeout=0.5, retries=1))
        assert ask_all([abstract_of(0)], asker, tmp_path / "raw.jsonl", 1) == 0
    assert len(server.prompts) == 2


def test_no_json_is_asked_for_twice_and_then_left(tmp_path: Path) -> None:
    with serving(lambda prompt, number: (200, "I would rather not.")) as server:
        asker = Asker(config_for(tmp_path, server.url))
        ask_all([abstract_of(0), abstract_of(1)], asker, tmp_path / "raw.jsonl", 1)
        assert len(server.prompts) == 4
        ask_all([abstract_of(0), abstract_of(1)], asker, tmp_path / "raw.jsonl", 1)
    assert len(server.prompts) == 4
    assert [row["pairs"] for row in read_raw(tmp_path / "raw.jsonl")] == [[], []]


def test_the_key_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSMODESK_LLM_KEY", "a-key")
    with serving(well) as server:
        Asker(config_for(tmp_path, server.url))(abstract_of(0))
    assert server.keys == ["Bearer a-key"]


def test_requests_keep_their_pace() -> None:
    pace = Pace(per_minute=1200.0)
    started = time.monotonic()
    for _ in range(11):
        pace.wait()
    assert 0.49 < time.monotonic() - started < 5.0


KILLED = """
import sys
from pathlib import Path
from tests.training.literature.questions.helpers import abstract_of, config_for
from training.literature.questions.asking import Asker, ask_all
folder = Path(sys.argv[1])
asker = Asker(config_for(folder, sys.argv[2]))
ask_all([abstract_of(i) for i in range(12)], asker, folder / "raw.jsonl", 2)
"""


def test_it_goes_on_after_a_kill_and_asks_nothing_twice(tmp_path: Path) -> None:
    raw = tmp_path / "raw.jsonl"

    def respond(prompt: str, number: int) -> Answer:
        time.sleep(0.0 if number < 5 else 3.0)
        return 200, good_answer(prompt)

    with serving(respond) as server:
        command = [sys.executable, "-c", KILLED, str(tmp_path), server.url]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while (not raw.exists() or raw.read_bytes().count(b"\n") < 4) and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    before = {row["id"] for row in read_raw(raw)}
    assert 4 <= len(before) < 12
    raw.write_bytes(raw.read_bytes() + b'{"id": "2001.00011", "pai')  # cut short while writing
    abstracts = [abstract_of(i) for i in range(12)]
    with serving(well) as server:
        ask_all(abstracts, Asker(config_for(tmp_path, server.url)), raw, 2)
    assert len(server.prompts) == 12 - len(before)
    ids = [row["id"] for row in read_raw(raw)]
    assert sorted(ids) == sorted(a.id for a in abstracts)


# -- reading answers -----------------------------------------------------------------------------

ONE = {"question": "What is it?", "answer": "A void.", "sentence": "It is a void."}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"pairs": [ONE]}),
        json.dumps([ONE]),
        json.dumps(ONE),
        f"Sure! [see] {{x}}\n```json\n{json.dumps({'pairs': [ONE]}, indent=1)}\n```\nBye {{}}",
        f"<think>so {{...}}</think>{json.dumps({'pairs': [ONE, {'question': 3}, 'x', None]})}",
    ],
)
def test_json_is_found_among_other_text(text: str) -> None:
    pairs = parse_answer(text, abstract_of(0))
    assert [(p.question, p.answer, p.sentence) for p in pairs] == [tuple(ONE.values())]


@pytest.mark.parametrize("text", ["", "no", "{", "[" * 5000, "{}", "[1, 2]", '{"pairs": 3}',
                                  '{"pairs": [{"question": "", "answer": "", "sentence": ""}]}',
                                  '{"pairs": [{"question": "Q?"'])  # fmt: skip
def test_anything_else_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match="no question-answer pairs"):
        parse_answer(text, abstract_of(0))
