"""A script is read and compressed once, whichever app it is asked of, and kept by browsers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

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
