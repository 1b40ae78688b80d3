"""Who may ask and with how much, without a page behind the guard."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from apps.shared.page.plain import not_found_page
from apps.shared.server import connections, guard
from apps.shared.server.guard import Guard, KnownRoutes


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def _app() -> Starlette:
    return Starlette(routes=[Route("/{path:path}", _length, methods=["GET", "POST"])])


@pytest.fixture
def client() -> TestClient:
    return TestClient(Guard(_app()), base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.0.0.1:7860", "localhost:7860", "[::1]:7860", "192.168.1.5", "0.0.0.0:7860",
    "cosmodesk.localhost", socket.gethostname(),
])
def test_the_server_answers_to_addresses_and_its_own_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", [
    "evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example",
    "localhost@evil.example", "evil.example#localhost", "", "[::1]evil.example", "127.0.0.1,evil",
])
def test_a_name_that_somebody_let_point_here_is_refused(client: TestClient, host: str) -> None:
    refused = client.get("/", headers={"Host": host})
    assert refused.status_code == 403 and "COSMODESK_HOSTS" in refused.text
    assert client.get("/", headers={"X-Forwarded-Host": host or "?"}).status_code == 403


def test_a_name_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSMODESK_HOSTS", "desk.example.org, other.example.org")
    client = TestClient(Guard(_app()), base_url="http://127.0.0.1:7860")
    assert client.get("/", headers={"Host": "Desk.Example.org:443"}).status_code == 200
    assert client.post("/", headers={"Origin": "https://other.example.org"}).status_code == 200
    assert client.post("/", headers={"Origin": "https://evil.example.org"}).status_code == 403


@pytest.mark.parametrize("origin", [
    "null", "", "https://evil.example", "http://127.0.0.1:8888", "http://127.0.0.1",
    "http://localhost:7860", "http://127.0.0.1:7860.evil.example", "file://127.0.0.1:7860",
    "http://evil.example@127.0.0.1:80", "http://127.0.0.1:99999", "http://[::1", "null, null",
])
def test_another_page_may_not_call(client: TestClient, origin: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, "/", headers={"Origin": origin})
        assert answer.status_code == 403, origin
        assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_may_call(client: TestClient) -> None:
    assert client.post("/", headers={"Origin": "http://127.0.0.1:7860"}).status_code == 200
    named = {"Host": "localhost", "Origin": "http://localhost"}
    assert client.post("/", headers=named).status_code == 200
    assert client.post("/").status_code == 200  # no browser


def _fetch(site: str, mode: str = "no-cors", dest: str = "image") -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}


def test_links_lead_here_but_nothing_is_embedded(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, frame = _fetch("cross-site", "navigate", "document"), _fetch("cross-site", "navigate",
                                                                      "iframe")
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/", headers=_fetch("none", "navigate", "document")).status_code == 200
    assert client.get("/", headers=_fetch("same-origin")).status_code == 200
    for site in ("cross-site", "same-site"):  # another port of this machine is the same site
        assert client.get("/", headers=_fetch(site)).status_code == 403
    assert client.post("/", headers=link).status_code == 403
    assert client.get("/", headers=frame).status_code == 403
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert client.get("/", headers=frame).status_code == 200  # the frame of whoever hosts
    assert client.get("/", headers=_fetch("cross-site")).status_code == 403


def test_a_space_answers_to_its_own_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "owner/name")
    monkeypatch.setenv("SPACE_HOST", "owner-name.hf.space")
    client = TestClient(Guard(_app()), base_url="http://10.0.0.3:7860")
    for origin, status in (("https://owner-name.hf.space", 200), ("https://evil.hf.space", 403),
                           ("https://huggingface.co", 403)):
        assert client.post("/", headers={"Origin": origin}).status_code == status


@pytest.mark.parametrize("declared", [True, False])
def test_a_large_body_is_refused_before_it_is_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, declared: bool
) -> None:
    monkeypatch.setattr(guard, "BODY_BYTES", 2**20)
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 2**16
            yield bytes(2**16)

    body = bytes(2**22) if declared else pieces()
    refused = client.post("/", content=body)
    assert refused.status_code == 413 and "1 MB" in refused.text
    assert client.post("/", content=bytes(2**20)).text == str(2**20)


def test_uploads_are_counted_by_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(guard, "UPLOADS_AN_HOUR", 5 * 2**20)
    client = TestClient(Guard(_app(), lambda: now), base_url="http://127.0.0.1")
    path = "/hi-maps/gradio_api/upload"
    statuses = [client.post(path, content=bytes(3 * 2**20)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert client.post("/", content=b"x").status_code == 200
    now = 3700.0
    assert client.post(path, content=bytes(3 * 2**20)).status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHUNK_SECONDS", 0.05)
    sent: list[dict] = []

    async def receive() -> dict:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"127.0.0.1")],
             "query_string": b"", "root_path": "", "http_version": "1.1", "scheme": "http"}
    started = time.monotonic()
    asyncio.run(Guard(_app())(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408 and time.monotonic() - started < 5


@pytest.mark.parametrize("path", [
    "/app/", "/app", "/app/config", "/app/assets/a.js", "/app/gradio_api/queue/join",
    "/app/gradio_api/call/draw/12", "/app/gradio_api/info", "/app/gradio_api/app_id", "/elsewhere",
])
def test_known_routes_pass(path: str) -> None:
    client = TestClient(KnownRoutes(_app(), "/app"))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("route", [
    "proxy=http://127.0.0.1/", "file=http://127.0.0.1/", "file=/etc/passwd", "file=etc/passwd",
    "file=", "vibe-edit", "vibe-code/", "undo-vibe-edit", "dev/reload", "deep_link", "stream/1",
    "component_server", "process_recording", "custom_component/a/client/b/c", "profiling/traces",
    "run-history/connect", "runs", "token", "user", "api/predict", "file/etc/passwd",
    "login_check", "../monitoring",
])
def test_other_routes_do_not(route: str) -> None:
    client = TestClient(KnownRoutes(_app(), "/app"))
    answer = client.get(f"/app/gradio_api/{route}")
    assert answer.status_code == 404
    assert answer.text == (not_found_page() if route.startswith("..") else
                           "There is nothing at this address.")
    for page in ("monitoring", "monitoring/summary", "login", "logout", "docs", "openapi.json"):
        answer = client.get(f"/app/{page}")
        assert answer.status_code == 404 and answer.text == not_found_page()
        assert answer.headers["content-type"].startswith("text/html")


def test_a_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.4)
    server = uvicorn.Server(
        uvicorn.Config(
            _app(),
            http=connections.IdleTimeoutProtocol,
            log_level="error",
            timeout_keep_alive=60,
            lifespan="off",
        )
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with socket.create_connection(listener.getsockname(), timeout=10) as quiet, \
                socket.create_connection(listener.getsockname(), timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            with pytest.raises(OSError):  # noqa: PT012 - at some time, not at the first byte
                for _ in range(100):
                    slow.sendall(b"X: y\r\n")
                    time.sleep(0.05)
            assert quiet.recv(100) == b""
        with socket.create_connection(listener.getsockname(), timeout=10) as good:
            good.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert good.recv(100).startswith(b"HTTP/1.1 200")
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
