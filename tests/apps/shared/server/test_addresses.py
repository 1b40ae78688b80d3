"""A proxy is believed where it is named; nobody else changes who asks, or what is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from apps.shared.server.addresses import Forwarding, neighbourhood
from apps.shared.server.guard import Guard
from apps.shared.server.launch import mount, protected
from core.settings import get_settings


def _scope(peer: str, forwarded: str = "", **headers: str) -> Any:
    raw = {"host": "127.0.0.1", "x-forwarded-for": forwarded, **headers}
    return {"type": "http", "client": (peer, 5), "headers": [
        (name.replace("_", "-").encode(), value.encode()) for name, value in raw.items() if value]}


def _client(peer: str, forwarded: str) -> str:
    return Forwarding(get_settings(), set()).client(_scope(peer, forwarded))


def test_nobody_is_believed_by_default() -> None:
    for peer in ("127.0.0.1", "10.0.0.9", "::1", "8.8.8.8"):
        assert _client(peer, "1.2.3.4") == peer


@pytest.mark.parametrize(("forwarded", "whose"), [
    ("1.2.3.4", "1.2.3.4"),
    ("6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what the visitor wrote comes before what the proxy wrote
    ("6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),  # two proxies
    ("1.2.3.4:5678", "1.2.3.4"),
    ("[2001:db8::1]:80", "2001:db8::1"),
    ("", "10.0.0.5"),
    ("6.6.6.6, nonsense", "10.0.0.5"),
    ("6.6.6.6, nonsense, 10.0.0.7", "10.0.0.7"),
    ("10.0.0.7, 10.0.0.8", "10.0.0.7"),
    (", ".join(["6.6.6.6"] * 10_000), "6.6.6.6"),
])
def test_a_named_proxy_is_believed_about_the_last_hop(
    monkeypatch: pytest.MonkeyPatch, forwarded: str, whose: str
) -> None:
    monkeypatch.setenv("COSMODESK_PROXIES", "10.0.0.0/24, ::1")
    assert _client("10.0.0.5", forwarded) == whose
    assert _client("10.0.1.5", forwarded) == "10.0.1.5"


def test_a_space_believes_its_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert _client("10.20.1.5", "6.6.6.6, 1.2.3.4") == "1.2.3.4"
    assert _client("8.8.8.8", "6.6.6.6") == "8.8.8.8"


def test_nonsense_in_the_setting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSMODESK_PROXIES", "my-proxy")
    with pytest.raises(ValueError, match="COSMODESK_PROXIES is 'my-proxy'; give"):
        Forwarding(get_settings(), set())


def test_a_network_of_ipv6_is_one_address() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1")
    assert neighbourhood("2001:db8::1") != neighbourhood("2001:db8:1::1")
    assert neighbourhood("::ffff:1.2.3.4") == "1.2.3.4"
    assert neighbourhood("1.2.3.4") != neighbourhood("1.2.3.5")
    assert neighbourhood("fe80::1%eth0") == neighbourhood("fe80::2")


def test_the_apps_see_the_visitor_and_no_header_of_a_proxy(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    async def seen(request: Request) -> JSONResponse:
        assert request.client is not None
        return JSONResponse({"client": request.client.host, **dict(request.headers)})

    def ask(peer: str) -> dict[str, str]:
        client = TestClient(Guard(Starlette(routes=[Route("/", seen)])),
                            base_url="http://127.0.0.1", client=(peer, 1))
        return dict(client.get("/", headers={
            "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "1",
            "X-Gradio-Server": "http://evil.example", "Forwarded": "host=evil.example",
            "X-Real-IP": "1.2.3.4", "X-Forwarded-Prefix": "/evil", "X-Original-URL": "/evil",
        }).json())

    alone = ask("10.0.0.5")
    assert alone["client"] == "10.0.0.5"
    assert not [name for name in alone if name.startswith(("x-", "forwarded"))]
    monkeypatch.setenv("COSMODESK_PROXIES", "10.0.0.5")
    proxied = ask("10.0.0.5")
    assert proxied["client"] == "1.2.3.4" and proxied["x-forwarded-proto"] == "https"
    assert not [name for name in proxied if name.startswith("x-") and name != "x-forwarded-proto"]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("COSMODESK_HOSTS", "desk.example.org")
    def text() -> str:
        return "a text"

    with gr.Blocks() as demo:
        gr.Textbox()
        gr.api(text, api_name="text")
    with TestClient(protected(mount(demo, "/app")), base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-Host": "127.0.0.1:9"}, {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Host": "10.1.1.1, 127.0.0.1"}, {"X-Gradio-Server": "http://evil.example"},
    {"X-Gradio-Server": "javascript:alert(1)"}, {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Proto": "javascript"}, {"Forwarded": "host=evil.example;proto=https"},
    {"X-Forwarded-Prefix": "/evil"}, {"X-Script-Name": "/evil"}, {"X-Forwarded-Port": "9"},
    {"X-Forwarded-Server": "evil.example"}, {"X-Original-Host": "evil.example"},
])
def test_no_header_changes_the_addresses_in_an_answer(
    page: TestClient, headers: dict[str, str]
) -> None:
    for route in ("/app/config", "/app/", "/app/gradio_api/info"):
        plain, changed = page.get(route), page.get(route, headers=headers)
        assert changed.status_code == 200 and changed.text == plain.text
    assert page.get("/app/config", headers=headers).json()["root"] == "http://127.0.0.1:7860/app"


def test_a_proxy_gives_its_own_name(page: TestClient) -> None:
    headers = {"X-Forwarded-Host": "desk.example.org", "X-Forwarded-Proto": "https"}
    assert page.get("/app/config", headers=headers).json()["root"] == "https://desk.example.org/app"
    named = {"Host": "desk.example.org", "X-Forwarded-Proto": "https"}
    assert page.get("/app/config", headers=named).json()["root"] == "https://desk.example.org/app"
    assert page.get("/app/config", headers={"X-Forwarded-Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:x", "127.0.0.1:999999", "[::1]:", "127.0.0.1/x",
                                  "localhost:80:80", "localhost#", "[::1]x"])
def test_a_host_that_is_none_is_refused(page: TestClient, host: str) -> None:
    assert page.get("/app/config", headers={"Host": host}).status_code in (400, 403)


def test_nobody_gets_the_address_by_which_another_came(page: TestClient) -> None:
    for host in ("10.9.9.9:1", "127.0.0.1:7860", "10.8.8.8"):
        text = page.get("/app/gradio_api/info?x=1", headers={"Host": host}).text
        others = {"10.9.9.9:1", "127.0.0.1:7860", "10.8.8.8"} - {host}
        assert not [other for other in others if other in text]
