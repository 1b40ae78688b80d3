"""A stranger at the door of an app, in the studio and alone: what must not be had from outside."""

from __future__ import annotations

import functools
import json
import os
import random
import re
import socket
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from tests.apps.served import free_port

PREFIX = "/app"
FILE = {"_type": "gradio.FileData"}
KINDS = ("Radio", "Dropdown", "CheckboxGroup", "Textbox", "Number", "Slider", "Checkbox", "File",
         "UploadButton", "Image", "Chatbot", "JSON", "BrowserState", "HTML", "Markdown")


def _demo() -> Any:
    """Every kind of component that a page of ours has, each with an event that says what it got."""
    import gradio as gr

    choices = {"choices": ["a", "b"]}
    with gr.Blocks() as demo:
        said = gr.Textbox()
        for kind in KINDS:
            fixed = choices if kind in ("Radio", "Dropdown", "CheckboxGroup") else {}
            component = getattr(gr, kind)(**fixed)
            gr.Button(kind).click(str, component, said, api_name=kind.lower(),
                                  api_visibility="private")
            gr.Button(f"{kind} now").click(str, component, said, api_name=f"{kind.lower()}_now",
                                           queue=False, api_visibility="private")
    return demo


@pytest.fixture(scope="module", params=["studio", pytest.param("alone", marks=pytest.mark.slow)])
def door(request: pytest.FixtureRequest) -> Iterator[tuple[httpx.Client, str]]:
    """A client without a browser, and the path of the app."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from apps.shared.server.launch import launch, mount, protected

    if request.param == "studio":
        app = mount(_demo(), PREFIX)

        async def whole_path(scope: Any, receive: Any, send: Any) -> None:  # as LazyApp does
            await app({**scope, "root_path": ""}, receive, send)

        site = Starlette(routes=[Mount(PREFIX, whole_path)],
                         lifespan=lambda _: app.router.lifespan_context(app))
        with TestClient(protected(site), base_url="http://127.0.0.1") as client:
            yield client, PREFIX
    else:
        demo = _demo()
        _, address, _ = launch(demo, port=free_port(), prevent_thread_lock=True)
        with httpx.Client(base_url=address.rstrip("/"), trust_env=False, timeout=60) as client:
            yield client, ""
        demo.close()


def _say(door: tuple[httpx.Client, str], event: str, value: object) -> str:
    """What an event answers, by the way around the queue and by the queue."""
    client, path = door
    kind, _, now = event.partition("_")
    number = 2 * [one.lower() for one in KINDS].index(kind) + bool(now)
    session = uuid.uuid4().hex
    body = {"data": [value], "fn_index": number, "session_hash": session}
    if event.endswith("_now"):
        return client.post(f"{path}/gradio_api/run/predict", json=body).text
    joined = client.post(f"{path}/gradio_api/queue/join", json=body)
    text = joined.text
    if joined.status_code == 200:
        with client.stream("GET", f"{path}/gradio_api/queue/data?session_hash={session}") as stream:
            for line in stream.iter_lines():
                text += line
                if "process_completed" in line:
                    break
    return text


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text("the secret of the disk")
    return path


def _kept() -> list[Path]:
    """Files that Gradio serves."""
    return [p for p in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if p.is_file()]


def test_no_file_that_was_not_uploaded_can_be_named(
    door: tuple[httpx.Client, str], secret: Path
) -> None:
    named = {"path": str(secret), "meta": FILE}
    streamed = {**named, "is_stream": True}
    said = [{"role": "user", "content": named}]
    events = [f"{kind.lower()}_now" for kind in KINDS] + ["radio", "file", "chatbot"]
    for event in events:
        for value in (named, streamed, [named], {"value": named}, said):
            assert "the secret" not in _say(door, event, value), event
            assert not [p for p in _kept() if p.name == secret.name], event


def test_no_address_is_fetched(
    door: tuple[httpx.Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    resolve = socket.getaddrinfo

    def noted(host: Any, *rest: Any, **options: Any) -> Any:
        if "127.0.0.1" not in str(host):
            asked.append(host)
            raise OSError("no network in tests")
        return resolve(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    url = "http://somewhere.example/map.npy"
    for kind in KINDS:
        for value in ({"path": url, "url": url, "meta": FILE}, {"path": "x", "url": url,
                                                               "meta": FILE}, url):
            _say(door, f"{kind.lower()}_now", value)
    client, path = door
    for route in (f"proxy={url}", f"file={url}", f"file/{url}", f"proxy={quote(url, safe='')}"):
        assert client.get(f"{path}/gradio_api/{route}").status_code == 404
    assert not asked


def test_no_file_of_the_disk_is_served(door: tuple[httpx.Client, str], secret: Path) -> None:
    client, path = door
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    link = folder / "link.txt"
    link.symlink_to(secret)
    inner = folder / "folder"
    inner.symlink_to(secret.parent, target_is_directory=True)
    up = "../" * 12
    names = [str(secret), str(link), str(inner / secret.name), f"{folder}/{up}{secret}",
             f"{folder}/..//{secret}", f"//{secret}", f"file://{secret}", f"{secret}\0.png",
             f"C:\\..\\{secret}", f"\\\\127.0.0.1{secret}", f"{folder}\\..\\{secret}",
             str(folder), "/", "", ".", "/etc/passwd", "/proc/self/environ", "README.md"]
    routes = ["gradio_api/file=", "file=", "gradio_api/file/", "gradio_api/proxy=", "static/",
              "assets/", "svelte/", "gradio_api/custom_component/x/client/y/"]
    asked = [f"{route}{name}" for route in routes for name in names[:4]]
    for name in names:
        asked += [f"gradio_api/file={shown}" for shown in (
            name, quote(name, safe=""), quote(quote(name, safe=""), safe=""),
            name.replace("../", "..%2f"), name.replace("..", "%2e%2e"))]
    asked += [f"{route}{up}{secret}" for route in routes]
    asked += [f"{route}{quote(up, safe='')}{secret}" for route in routes]
    try:
        for shown in dict.fromkeys(asked):
            answer = client.get(f"{path}/{shown}".replace("\0", "%00"))
            assert answer.status_code in (400, 403, 404, 405), shown
            assert "the secret" not in answer.text
    finally:
        link.unlink()
        inner.unlink()


def test_an_upload_stays_in_its_folder_and_is_served_as_a_download(
    door: tuple[httpx.Client, str]
) -> None:
    client, path = door
    folder = Path(os.environ["GRADIO_TEMP_DIR"]).resolve()
    page = b"<script>document.title='taken'</script>"
    for name in ("../../../page.html", "..\\..\\page.html", "/etc/page.html", "page.svg", ".hidden",
                 "<img src=x onerror=alert(1)>.html", "a\u202enpy.html", "con", "x" * 300):
        sent = client.post(f"{path}/gradio_api/upload", files={"files": (name, page)})
        if sent.status_code != 200:
            assert sent.status_code in (400, 413, 422, 500)
            continue
        stored = Path(sent.json()[0])
        assert folder in stored.resolve().parents and "<" not in stored.name
        served = client.get(f"{path}/gradio_api/file={stored}")
        assert served.status_code in (200, 403)
        if served.status_code == 200:
            assert served.headers["content-disposition"].startswith("attachment")
            assert served.headers["content-type"].startswith("application/octet-stream")
            assert served.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9"])
def test_no_other_sites_page_may_call(door: tuple[httpx.Client, str], origin: str) -> None:
    client, path = door
    body = json.dumps({"data": ["x"], "fn_index": 0, "session_hash": "x"})
    for kind in ("text/plain", "application/json", "application/x-www-form-urlencoded"):
        headers = {"Origin": origin, "Content-Type": kind}
        for route in ("queue/join", "run/predict", "call/textbox", "upload", "cancel"):
            refused = client.post(f"{path}/gradio_api/{route}", content=body, headers=headers)
            assert refused.status_code == 403
    assert client.get(f"{path}/config", headers={"Origin": origin}).status_code == 403
    assert client.get(f"{path}/", headers={"Host": "evil.example"}).status_code == 403
    asked = client.options(f"{path}/gradio_api/queue/join", headers={
        "Origin": origin, "Access-Control-Request-Method": "POST"})
    assert asked.headers.get("access-control-allow-origin") in (None, "")


def test_nobody_passes_the_queue_by(door: tuple[httpx.Client, str]) -> None:
    client, path = door
    for route in ("run/textbox", "api/textbox", "run/predict"):
        answer = client.post(f"{path}/gradio_api/{route}", json={"data": ["x"], "fn_index": 6})
        assert answer.status_code == 404
    assert "process_completed" in _say(door, "textbox", "x")


def test_large_and_deep_bodies_are_refused(door: tuple[httpx.Client, str]) -> None:
    client, path = door
    headers = {"Content-Type": "application/json"}
    large = client.post(f"{path}/gradio_api/queue/join", content=b" " * (9 * 2**20),
                        headers=headers)
    assert large.status_code == 413 and "8 MB" in large.text
    for text in ("[" * 500_000, '{"data":' * 100_000, "1" * 100_000, '{"data": NaN', "\xff"):
        answer = client.post(f"{path}/gradio_api/queue/join", content=text.encode("latin-1"),
                             headers=headers)
        assert answer.status_code in (400, 413, 422), text[:20]
        assert "Traceback" not in answer.text
    assert client.get(f"{path}/").status_code == 200


def test_what_a_visitor_sends_is_not_kept(door: tuple[httpx.Client, str]) -> None:
    import gc

    from gradio.state_holder import SessionState

    marked = "kept for ever? " * 100
    for kind in ("textbox", "json", "radio"):
        _say(door, kind, marked)
    held = [state for state in gc.get_objects() if isinstance(state, SessionState)]
    assert held and not any(marked in repr(state.config_values) for state in held)


def test_no_way_leads_off_the_site(door: tuple[httpx.Client, str]) -> None:
    client, path = door
    for way in ("//evil.example", "//evil.example/..", "/\\evil.example", "/%2f%2fevil.example",
                "//evil.example/%2f..", "/logout", "/login", "/?__theme=//evil.example",
                "/gradio_api//evil.example", "/config?next=//evil.example"):
        for headers in ({}, {"X-Forwarded-Proto": "javascript"}):
            answer = client.get(f"{path}{way}", headers=headers, follow_redirects=False)
            location = answer.headers.get("location", "")
            assert urlsplit(location).hostname in (None, "127.0.0.1"), (way, location)
            assert not location.startswith(("//", "/\\"))


def test_headers_are_on_every_answer(
    door: tuple[httpx.Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.shared.server.launch import _headers

    client, path = door
    for route in ("/", "/config", "/theme.css", "/nothing", "/gradio_api/info"):
        headers = client.get(f"{path}{route}").headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy and "*" not in policy and "https:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "SAMEORIGIN"
    monkeypatch.setenv("SPACE_ID", "owner/name")
    space = _headers()
    assert "frame-ancestors 'self' https://huggingface.co https://*.hf.space" in space[
        "Content-Security-Policy"]
    assert "X-Frame-Options" not in space


ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "\0", "\ud800", "x" * 5000, [], {}, [[]], {"a": 1},
    {"path": "/etc/passwd"}, {"__type__": "update"}, float("nan"), float("inf"),
    functools.reduce(lambda inner, _: [inner], range(40), 1),
    functools.reduce(lambda inner, _: [inner], range(900), 1),
)
ODD_HEADERS = {
    "Range": ("bytes=0-1,2-3", "bytes=a-b", "bytes=-", "bytes=5-2", "bytes=0-" + "9" * 30,
              "bytes=²-³", "bytes=0-0", "bytes=--", "lines=1-2", "bytes=9-", "-"),
    "If-Range": ("x", "Mon, 99 Foo 2020"), "If-Modified-Since": ("never",),
    "Content-Type": ("", "x", "application/json; charset=utf-7", "multipart/form-data",
                     "multipart/form-data; boundary=", "text/plain", "\xff"),
    "Content-Encoding": ("gzip", "x"), "Accept": ("", "x/y", "*"), "Accept-Encoding": ("q=x", "br"),
    "Cookie": ("a=b; =;", "access-token-x=1"), "Authorization": ("Basic !", "Bearer x"),
    "Host": ("127.0.0.1:99999999", "[::1", "127.0.0.1:", "a b"), "Referer": ("//x",),
    "X-Forwarded-Host": ("127.0.0.1:x", "[", "localhost:1"), "X-Forwarded-Proto": ("x", "https"),
    "X-Gradio-Server": ("http://[", "javascript:1"), "X-Gradio-User": ("x", "app"),
    "Expect": ("x",), "Upgrade": ("h2c",), "Mcp-Session-Id": ("x" * 500, "\xff"),
    "User-Agent": ("",), "Sec-Fetch-Site": ("x",), "Forwarded": ("host=[;proto=,",),
}
ODD_ROUTES = (
    "queue/join", "queue/data", "queue/status", "call/none", "call/textbox", "call/none/none",
    "call/v2/none", "call/v2/textbox", "call/v2/none/none", "run/predict", "run/none", "cancel",
    "reset", "heartbeat/a", "heartbeat/", "info", "openapi.json", "upload", "upload_progress",
    "startup-events", "theme.css", "mcp", "mcp/", "mcp/sse", "mcp/messages/", "file=", "file=x",
    "call/", "call//", "call/a/b/c/d", "queue/", "", "run/", "component_server", "deep_link",
)
ODD_PAGES = ("/", "", "/config", "/assets/x.js", "/assets/", "/static/img/logo.svg", "/svelte/x",
             "/theme.css", "/manifest.json", "/robots.txt", "/favicon.ico", "/x", "//", "/%00",
             "/static/../x", "/config/?page=x", "/?deep_link=..%2f", "/?page=%00")
INSIDE = re.compile(r"Traceback|site-packages|\.py\b|/(tmp|home|root|usr|work)/|gradio\.|pydantic")


def _odd(chance: random.Random, door: tuple[httpx.Client, str], stored: str) -> httpx.Response:
    """The answer to a request that no page would send."""
    client, path = door
    method = chance.choice(["GET", "GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS",
                            "DELETE", "TRACE", "ODD"])
    headers = {}
    for name in chance.sample(sorted(ODD_HEADERS), chance.choice([0, 0, 1, 2])):
        headers[name.encode()] = chance.choice(ODD_HEADERS[name]).encode("latin-1")
    route = chance.choice(ODD_ROUTES)
    if route.startswith("heartbeat/a"):
        route = "heartbeat/" + "x" * 200 if method == "GET" else route
    address = f"{path}/gradio_api/{route}"
    if chance.random() < 0.2:
        address = f"{path}{chance.choice(ODD_PAGES)}"
    elif chance.random() < 0.1:
        method, address = "GET", f"{path}/gradio_api/file={stored}"
    content = b""
    if method in ("POST", "PUT"):
        sent: Any = {
            "data": [chance.choice(ODD_VALUES) for _ in range(chance.randrange(4))],
            "fn_index": chance.choice([*range(0, 30, 3), 999, -1]), "session_hash": "odd",
        }
        for name in ("data", "fn_index", "session_hash", "event_id", "event_data", "trigger_id",
                     "simple_format", "batched", "oauth_token"):
            if chance.random() < 0.2:
                sent[name] = chance.choice(ODD_VALUES)
        sent = chance.choice([sent] * 6 + [chance.choice(ODD_VALUES)])
        content = chance.choice([json.dumps(sent)] * 8 + ["", "{", "[1", "\xff", "nul"]).encode()
        headers.setdefault(b"Content-Type", b"application/json")
    return client.request(method, address, content=content, headers=headers)  # type: ignore[arg-type]


def test_no_odd_request_is_an_error_of_the_server(
    door: tuple[httpx.Client, str], caplog: pytest.LogCaptureFixture
) -> None:
    from apps.shared.page.plain import not_found_page

    client, path = door
    sent = client.post(f"{path}/gradio_api/upload", files={"files": ("odd.txt", b"0123456789")})
    (stored,) = sent.json()
    chance = random.Random(7)
    statuses: Counter[int] = Counter()
    for _ in range(1200):
        try:
            answer = _odd(chance, door, stored)
        except httpx.InvalidURL:
            continue
        shown = f"{answer.request.method} {answer.request.url} {answer.request.headers!r}"
        statuses[answer.status_code] += 1
        assert answer.status_code < 500 or "queue is full" in answer.text.lower(), shown
        if answer.status_code >= 400:
            assert not INSIDE.search(answer.text.replace(stored, "")), f"{shown} {answer.text}"
            assert len(answer.text) < 1000 or answer.text == not_found_page(), shown
        assert answer.headers["x-content-type-options"] == "nosniff", shown
    assert statuses[200] > 100 and len(statuses) > 4
    assert not [record for record in caplog.records if record.exc_info]


def test_an_unknown_function_is_said_to_be_none(door: tuple[httpx.Client, str]) -> None:
    client, path = door
    for route in ("call/nothing", "run/nothing", "call/v2/nothing"):
        answer = client.post(f"{path}/gradio_api/{route}", json={"data": []})
        assert answer.status_code in (400, 404) and "Internal" not in answer.text
    for number in (999, -1, 10**20):
        answer = client.post(f"{path}/gradio_api/queue/join", json={
            "data": [], "fn_index": number, "session_hash": "x"})
        assert answer.status_code in (404, 422)


@pytest.mark.parametrize("ranges", ODD_HEADERS["Range"])
def test_a_part_of_a_file_may_be_asked_for(door: tuple[httpx.Client, str], ranges: str) -> None:
    client, path = door
    sent = client.post(f"{path}/gradio_api/upload", files={"files": ("part.txt", b"0123456789")})
    answer = client.get(f"{path}/gradio_api/file={sent.json()[0]}", headers={
        b"Range": ranges.encode("latin-1"), b"X-Secret": b"of the visitor"})  # type: ignore[dict-item]
    assert answer.status_code == 200 and answer.content == b"0123456789"
    assert "x-secret" not in answer.headers
