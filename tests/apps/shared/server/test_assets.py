"""A script is read and compressed once, whichever app it is asked of, and kept by browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from apps.shared.server.assets import Assets

SCRIPT = "export const one = 1;\n" * 200


def _site() -> tuple[TestClient, list[str]]:
    asked: list[str] = []

    async def file(request: Request) -> Response:
        asked.append(request.url.path)
        if "missing" in request.url.path:
            return PlainTextResponse("no such file", 404)
        assert "accept-encoding" not in request.headers and "cookie" not in request.headers
        return Response(SCRIPT, media_type="text/javascript")

    async def page(request: Request) -> Response:
        asked.append(request.url.path)
        return PlainTextResponse("a page")

    site = Starlette(routes=[Route("/{app}/assets/{name}", file), Route("/{rest:path}", page)])
    return TestClient(Assets(site)), asked


def test_asked_once_for_all_apps_and_kept_for_good() -> None:
    client, asked = _site()
    for path in ("/one", "/two", "/one"):
        answer = client.get(f"{path}/assets/Index-BK6YCJya.js", headers={"Accept-Encoding": "br"})
        assert answer.text == SCRIPT
        assert answer.headers["content-encoding"] == "br"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")
        assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert asked == ["/one/assets/Index-BK6YCJya.js"]
    plain = client.get("/two/assets/Index-BK6YCJya.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == SCRIPT and "content-encoding" not in plain.headers


def test_pages_and_what_is_not_there_go_to_the_app_each_time() -> None:
    client, asked = _site()
    for _ in range(2):
        assert client.get("/one/").text == "a page"
        assert client.post("/one/assets/Index-BK6YCJya.js").status_code == 405
    assert asked == ["/one/", "/one/"]


def test_what_is_missing_stays_missing() -> None:
    client, _ = _site()
    for _ in range(2):
        answer = client.get("/one/assets/missing-BK6YCJya.js", headers={"Accept-Encoding": ""})
        assert answer.status_code == 404 and "cache-control" not in answer.headers


@pytest.mark.parametrize("after", [0, 1])
def test_a_visitor_who_leaves_takes_nothing_from_the_next(after: int) -> None:
    """An answer in pieces ends midway when it hears of it, with its status as it was."""
    async def pieces() -> AsyncIterator[str]:
        for start in range(0, len(SCRIPT), 1000):
            await asyncio.sleep(0.001)
            yield SCRIPT[start:start + 1000]

    async def file(_: Request) -> Response:
        return StreamingResponse(pieces(), media_type="text/javascript")

    assets = Assets(Starlette(routes=[Route("/one/assets/{name}", file)]))
    client = TestClient(assets)
    path = "/one/assets/Index-BK6YCJya.js"

    async def leave() -> None:
        heard: list[Message] = [{"type": "http.disconnect"}] * 9
        heard[:0] = [{"type": "http.request", "body": b"", "more_body": False}] * after

        async def receive() -> Message:
            return heard.pop(0)

        async def send(_: Message) -> None:
            pass

        await assets({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
                      "query_string": b"", "headers": [], "root_path": "", "scheme": "http",
                      "server": ("here", 80), "http_version": "1.1"}, receive, send)

    asyncio.run(leave())
    assert client.get(path).text == SCRIPT


def test_half_a_file_is_nobodys() -> None:
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        whole = SCRIPT.encode()
        size = str(len(whole)).encode()
        await send({"type": "http.response.start", "status": 200,
                    "headers": [(b"content-length", size)]})
        await send({"type": "http.response.body",
                    "body": whole if len(asked) > 1 else whole[:900]})

    assert TestClient(Assets(app)).get("/assets/Index-BK6YCJya.js").text == SCRIPT
    assert len(asked) == 2
