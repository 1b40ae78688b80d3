"""The address of an app's files is within the app, however the request came."""

from __future__ import annotations

import pytest
from gradio import route_utils
from starlette.requests import Request

from apps.shared.server import gradio_patches

EVENTS = ("/gradio_api/run/predict", "/gradio_api/api/predict/", "/gradio_api/queue/join",
          "/gradio_api/call/day", "/gradio_api/heartbeat/abc", "/config", "/")


def request(path: str, root_path: str = "", **headers: str) -> Request:
    named = {"host": "desk.example", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Request({
        "type": "http", "method": "POST", "scheme": "http", "path": path, "query_string": b"a=b",
        "root_path": root_path, "server": ("desk.example", 80),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    })


@pytest.fixture(scope="module", autouse=True)
def applied() -> None:
    gradio_patches.apply()


@pytest.mark.parametrize("route", EVENTS)
@pytest.mark.parametrize("mounted", ["", "/skimarxiv", "/behind/a-proxy/skimarxiv"])
@pytest.mark.parametrize("headers", [{}, {"x_forwarded_host": "desk.example"}],
                         ids=["direct", "proxied"])
def test_an_app_is_found_where_it_was_asked(
    route: str, mounted: str, headers: dict[str, str]
) -> None:
    asked = request(f"{mounted}{route}", **headers)
    takes_off = [route]
    if route.startswith("/gradio_api/"):  # of an event that is not queued, Gradio takes off all
        takes_off.append(f"{mounted}{route}")
    for taken_off in takes_off:
        found = route_utils.get_root_url(asked, taken_off, "")
        assert found == f"http://desk.example{mounted}"


def test_a_root_path_that_was_set_is_kept() -> None:
    asked = request("/gradio_api/run/predict")
    assert route_utils.get_root_url(asked, "/gradio_api/run/predict", "/desk") == (
        "http://desk.example/desk")
