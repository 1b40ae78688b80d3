"""The backend of an OpenAI-compatible server, against one of the tests' own."""

from __future__ import annotations

import email.utils
import math
import threading
import time
from collections.abc import Iterator

import pytest

from core.literature.language_model.backends import open_backend
from core.literature.language_model.backends.retry import asked_to_wait
from core.literature.language_model.backends.server import Server
from tests.core.literature.language_model.fake_server import (
    KEY,
    LENGTH,
    FakeServer,
    fake_server,
    log_probability,
    split,
)

PROMPT = "Question: Is dark energy real?\nAnswer:"


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with fake_server() as fake:
        yield fake


@pytest.fixture
def server(fake: FakeServer) -> Server:
    return Server(fake.address, "cosmogemma", KEY, silence=2.0)


def test_pieces_come_as_they_are_written(fake: FakeServer, server: Server) -> None:
    fake.pause = 0.2
    start = time.monotonic()
    times, pieces = [], []
    for piece in server.stream(PROMPT, max_tokens=10):
        pieces.append(piece)
        times.append(time.monotonic() - start)
    assert pieces == fake.answer
    assert times[-1] - times[0] > 0.4


def test_the_request_says_what_was_asked(fake: FakeServer, server: Server) -> None:
    text = "".join(
        server.stream(PROMPT, max_tokens=2, temperature=0.7, seed=5, stop=("\n\n", ""))
    )
    assert text == "".join(fake.answer[:2])
    request = fake.requests[-1]
    assert request["prompt"] == PROMPT and request["model"] == "cosmogemma"
    assert (request["max_tokens"], request["temperature"], request["seed"]) == (2, 0.7, 5)
    assert request["stop"] == ["\n\n"]


def test_cancelling_is_heard_while_the_server_is_silent(fake: FakeServer, server: Server) -> None:
    fake.pause = 1.5
    start = time.monotonic()
    pieces = list(
        server.stream(PROMPT, max_tokens=4, cancelled=lambda: time.monotonic() - start > 0.3)
    )
    assert pieces == [] and time.monotonic() - start < 1.2


def test_a_reader_who_leaves_frees_the_server(fake: FakeServer, server: Server) -> None:
    fake.answer, fake.pause = [" word" * 2000] * 1000, 0.01
    stream = server.stream(PROMPT, max_tokens=90)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert fake.left.wait(5.0)


def test_two_at_once(fake: FakeServer, server: Server) -> None:
    fake.pause = 0.05
    texts: dict[int, str] = {}

    def read(who: int) -> None:
        texts[who] = "".join(server.stream(f"{PROMPT} {who}", max_tokens=10))

    threads = [threading.Thread(target=read, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    assert texts == {0: "".join(fake.answer), 1: "".join(fake.answer)}


def test_likelihoods_are_of_the_continuation_alone(server: Server) -> None:
    words = [" Yes", " No it is not"]
    found = server.log_likelihoods(PROMPT, words)
    for (value, count), text in zip(found, words, strict=True):
        tokens = split(text)[1:]
        assert count == len(tokens)
        assert value == pytest.approx(sum(map(log_probability, tokens)))
    assert server.first_token(PROMPT, [" Yes"]) == [pytest.approx(math.exp(-1.0))]
    assert server.log_likelihoods(PROMPT, []) == []


def test_a_server_that_cannot_echo_is_told_apart(fake: FakeServer, server: Server) -> None:
    fake.echoes = False
    with pytest.raises(RuntimeError, match="does not echo log-probabilities"):
        server.log_likelihoods(PROMPT, [" Yes"])


@pytest.mark.parametrize("vllm", [True, False])
def test_tokens_are_the_servers_own(fake: FakeServer, vllm: bool) -> None:
    fake.vllm = vllm
    server = Server(fake.address, "cosmogemma", KEY)
    assert server.count_tokens(PROMPT) == len(split(PROMPT))
    assert server.context == (LENGTH if vllm else 4096)


def test_too_long_is_refused_before_it_is_sent(fake: FakeServer, server: Server) -> None:
    with pytest.raises(ValueError, match="may have at most 96"):
        next(server.stream("word " * LENGTH, max_tokens=4))
    assert not any(request.get("stream") for request in fake.requests)
    with pytest.raises(ValueError, match="empty"):
        server.log_likelihoods(PROMPT, [" Yes", ""])


def test_errors_are_one_sentence(fake: FakeServer, server: Server) -> None:
    fake.status = 500
    with pytest.raises(RuntimeError, match="answered with an error"):
        list(server.stream(PROMPT, max_tokens=4))
    fake.status, fake.pause = 200, 4.0
    with pytest.raises(RuntimeError, match="did not answer in time"):
        list(server.stream(PROMPT, max_tokens=4))
    with pytest.raises(RuntimeError, match="answered with an error"):
        Server(fake.address, "cosmogemma", "another key").count_tokens(PROMPT)
    with pytest.raises(RuntimeError, match="no model gemma; COSMODESK_LLM_MODEL can be cosmogemma"):
        Server(fake.address, "gemma", KEY)
    with pytest.raises(RuntimeError, match="cannot be reached"):
        Server("http://127.0.0.1:9/v1", "cosmogemma")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_waited_for_as_long_as_it_asks(
    fake: FakeServer, server: Server, status: int
) -> None:
    fake.status, fake.busy, fake.retry_after = status, 2, "0.3"
    start = time.monotonic()
    assert "".join(server.stream(PROMPT, max_tokens=4)) == "".join(fake.answer)
    assert len(fake.requests) == 3 and 0.6 <= time.monotonic() - start < 2.5
    fake.status, fake.busy = status, 1
    assert len(server.log_likelihoods(PROMPT, [" Yes"])) == 1


def test_a_server_that_asks_for_too_long_is_not_waited_for(
    fake: FakeServer, server: Server
) -> None:
    fake.status, fake.retry_after = 429, "3600"
    start = time.monotonic()
    with pytest.raises(RuntimeError, match="too many requests; ask again in 3600 s"):
        list(server.stream(PROMPT, max_tokens=4))
    assert len(fake.requests) == 1 and time.monotonic() - start < 2.0
    patient = Server(fake.address, "cosmogemma", KEY, patience=0.5)
    fake.retry_after, fake.requests[:] = "0.2", []
    with pytest.raises(RuntimeError, match="too many requests"):
        list(patient.stream(PROMPT, max_tokens=4))
    assert len(fake.requests) == 3  # after 0, 0.2 and 0.4 s


def test_who_leaves_while_the_server_is_busy_asks_no_more(
    fake: FakeServer, server: Server
) -> None:
    fake.status, fake.retry_after = 429, "0.5"
    start = time.monotonic()
    pieces = server.stream(PROMPT, max_tokens=4, cancelled=lambda: bool(fake.requests))
    assert list(pieces) == [] and time.monotonic() - start < 0.45
    time.sleep(0.8)
    assert len(fake.requests) == 1


def test_the_time_to_wait_is_a_number_or_a_date() -> None:
    assert asked_to_wait({"retry-after": "1.5"}) == 1.5
    assert asked_to_wait({"retry-after": "-3"}) == 0.0
    assert asked_to_wait({"retry-after": "inf"}) == math.inf
    later = email.utils.formatdate(time.time() + 30, usegmt=True)
    assert asked_to_wait({"retry-after": later}) == pytest.approx(30, abs=2)
    for nonsense in ("", "soon", "nan", "Mon, 99 Foo"):
        assert asked_to_wait({"retry-after": nonsense}) is None
    assert asked_to_wait({}) is None


def test_what_came_before_a_break_is_shown(fake: FakeServer, server: Server) -> None:
    fake.breaks = 2
    pieces = []
    with pytest.raises(RuntimeError, match="broke off|cannot be reached"):
        for piece in server.stream(PROMPT, max_tokens=4):
            pieces.append(piece)
    assert pieces == fake.answer[:2]


def test_the_settings_choose_it(fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="Set COSMODESK_LLM_SERVER"):
        open_backend("server")
    with pytest.raises(ValueError, match="not banana"):
        open_backend("banana")
    monkeypatch.setenv("COSMODESK_LLM_SERVER", fake.address)
    monkeypatch.setenv("COSMODESK_LLM_KEY", KEY)
    backend = open_backend("auto")
    assert isinstance(backend, Server)
    assert "".join(backend.stream(PROMPT, max_tokens=4)) == "".join(fake.answer)
