"""One client cannot keep out the others, and is told why it is refused, with all headers."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from apps.shared.server import connections, guard
from apps.shared.server.headers import security_headers
from apps.shared.server.launch import protected

MOST = 16


async def _stream(_: Request) -> StreamingResponse:
    async def alive() -> Any:
        while True:
            yield b"data: ALIVE\n\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(alive(), media_type="text/event-stream")


async def _page(request: Request) -> PlainTextResponse:
    assert request.client is not None
    if request.url.path == "/broken":
        raise RuntimeError("a secret of /the/server")
    return PlainTextResponse(request.client.host)


@contextlib.contextmanager
def _serving(**options: Any) -> Iterator[int]:
    site = protected(Starlette(routes=[
        Route("/heartbeat", _stream), Route("/{path:path}", _page, methods=["GET", "POST"])]))
    server = uvicorn.Server(uvicorn.Config(site, log_level="critical", lifespan="off", ws="none",
                                           **options))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()
        connections._open.clear()  # a loop that is stopped by force loses no connection


@pytest.fixture(params=["studio", "any uvicorn"])
def port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("COSMODESK_ADDRESS_CONNECTIONS", str(MOST))
    own = request.param == "studio"
    with _serving(**({"http": connections.IdleTimeoutProtocol} if own else {"http": "h11"})) as at:
        yield at


def _open(port: int, path: str, client: str = "127.0.0.1", more: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20,
                                          source_address=(client, 0))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode())
    return connection


def _answer(connection: socket.socket) -> str:
    """The whole answer, or the beginning of a stream."""
    data = b""
    with contextlib.suppress(OSError):
        while part := connection.recv(65536):
            data += part
            head, _, body = data.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if (length and len(body) >= int(length[1])) or (b"event-stream" in head and body):
                break
    return data.decode("latin-1")


def _assert_headers(answer: str) -> None:
    shown = {line.partition(":")[0].lower() for line in answer.splitlines()[1:] if ":" in line}
    assert {name.lower() for name in security_headers()} <= shown, answer


def test_the_heartbeats_of_one_client_do_not_keep_out_another(port: int) -> None:
    held = [_open(port, "/heartbeat") for _ in range(4 * MOST)]
    try:
        answers = [_answer(connection) for connection in held]
        good = [answer for answer in answers if answer.startswith("HTTP/1.1 200")]
        refused = [answer for answer in answers if answer.startswith("HTTP/1.1 429")]
        assert len(good) == MOST // 2 and len(good) + len(refused) == 4 * MOST
        for answer in refused:
            _assert_headers(answer)
            assert "from your address" in answer and "retry-after" in answer.lower()
        with _open(port, "/", "127.0.0.2") as other:
            assert _answer(other).startswith("HTTP/1.1 200")
        with _open(port, "/", more="X-Forwarded-For: 9.9.9.9\r\n") as disguised:
            assert _answer(disguised).startswith("HTTP/1.1 429")
    finally:
        for connection in held:
            connection.close()
    end = time.monotonic() + 20
    while True:  # as soon as they are closed
        with _open(port, "/") as again:
            if _answer(again).startswith("HTTP/1.1 200"):
                break
        assert time.monotonic() < end
        time.sleep(0.1)


def test_visitors_of_a_named_proxy_are_told_apart(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSMODESK_ADDRESS_CONNECTIONS", str(MOST))
    monkeypatch.setenv("COSMODESK_PROXIES", "127.0.0.1")
    with _serving(http=connections.IdleTimeoutProtocol) as port, contextlib.ExitStack() as stack:
        statuses = []
        for number in range(3 * MOST):
            visitor = f"X-Forwarded-For: 9.9.9.9, 8.8.8.{number % 6}\r\n"
            held = stack.enter_context(_open(port, "/heartbeat", more=visitor))
            statuses.append(_answer(held)[9:12])
        assert statuses == ["200"] * 3 * MOST
        with _open(port, "/", more="X-Forwarded-For: 8.8.8.1\r\n") as full:
            assert _answer(full).startswith("HTTP/1.1 429")
        with _open(port, "/", more="X-Forwarded-For: 7.7.7.7\r\n") as other:
            assert _answer(other).endswith("7.7.7.7")


def test_a_connection_that_says_nothing_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSMODESK_ADDRESS_CONNECTIONS", str(MOST))
    with _serving(http=connections.IdleTimeoutProtocol) as port, contextlib.ExitStack() as stack:
        for _ in range(2 * MOST):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        with _open(port, "/") as one_more:
            answer = _answer(one_more)
        assert answer.startswith("HTTP/1.1 429")
        _assert_headers(answer)
        with _open(port, "/", "127.0.0.2") as other:
            assert _answer(other).startswith("HTTP/1.1 200")


@pytest.mark.parametrize("where", ["connections", "requests"])
def test_a_full_server_says_so_with_all_headers(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(connections if where == "connections" else guard, "CONNECTIONS", 4)
    options = {"http": connections.IdleTimeoutProtocol if where == "connections" else "h11"}
    with _serving(**options) as port, contextlib.ExitStack() as stack:
        for _ in range(4):
            assert "200" in _answer(stack.enter_context(_open(port, "/heartbeat")))[:15]
        with _open(port, "/", "127.0.0.2") as refused:
            answer = _answer(refused)
        assert answer.startswith("HTTP/1.1 503") and "busy" in answer
        _assert_headers(answer)


@pytest.mark.parametrize("sent", [
    b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nbad header\r\n\r\n",
    b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
])
def test_what_is_no_request_is_refused_with_all_headers(sent: bytes) -> None:
    with _serving(http=connections.IdleTimeoutProtocol) as port, \
            socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        answer = _answer(connection)
    assert answer[9:12] in ("400", "403")
    _assert_headers(answer)


def test_an_error_that_nobody_expected_keeps_its_secret_and_has_all_headers() -> None:
    with _serving(http=connections.IdleTimeoutProtocol) as port, \
            _open(port, "/broken") as connection:
        answer = _answer(connection)
    assert answer.startswith("HTTP/1.1 500") and "secret" not in answer
    _assert_headers(answer)
