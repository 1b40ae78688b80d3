"""Every example of the API page, taken from the page and run against the running studio."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from apps.api_page import ADDRESS, endpoints_of
from apps.registry import APPS
from tests.apps.studio import served_studio

pytestmark = pytest.mark.slow

ENDPOINTS = [(app.path, endpoint) for app in APPS for endpoint in endpoints_of(app)]
NAMES = [f"{path}/{endpoint.name}" for path, endpoint in ENDPOINTS]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_studio(tmp_path_factory.mktemp("studio")) as address:
        for app in APPS:  # gradio_client waits five seconds, an app that loads may take longer
            httpx.get(f"{address}{app.path}/config", timeout=300).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def examples(studio: str) -> dict[str, list[str]]:
    """Python and shell by the id of the endpoint, with the address of this studio."""
    page = httpx.get(f"{studio}/api", timeout=300).raise_for_status().text
    return {
        name: [html.unescape(code).replace(ADDRESS, studio)
               for code in re.findall(r"<pre[^>]*><code>(.*?)</code>", article, re.DOTALL)]
        for name, article in re.findall(r'<article id="([^"]+)">(.*?)</article>', page, re.DOTALL)
    }


@pytest.mark.parametrize(("path", "endpoint"), ENDPOINTS, ids=NAMES)
def test_the_examples_run(
    examples: dict[str, list[str]], path: str, endpoint: Any, tmp_path: Path
) -> None:
    in_python, in_shell = examples[f"{path.strip('/')}-{endpoint.name}"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(in_python, endpoint.name, "exec"), {})
    assert said.getvalue().strip().splitlines()[-1]
    done = subprocess.run(["bash", "-c", in_shell], cwd=tmp_path, capture_output=True, text=True,
                          timeout=300, check=True)
    event, data = done.stdout.strip().splitlines()[-2:]
    assert event == "event: complete", done.stdout[-300:]
    (answer,) = json.loads(data.removeprefix("data: "))
    assert answer


def asked(address: str, name: str, body: Any, version: str = "") -> tuple[int, str]:
    """Status of a call, and the last event of its answer or the body of its refusal."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    begun = httpx.post(f"{address}/gradio_api/call/{version}{name}", content=content, timeout=60,
                       headers={"Content-Type": "application/json"})
    if begun.status_code != 200:
        return begun.status_code, begun.text
    event = begun.json()["event_id"]
    answered = httpx.get(f"{address}/gradio_api/call/{name}/{event}", timeout=60).text
    return 200, "\n".join(answered.strip().splitlines()[-2:])


DEEP = b'{"data": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}"


@pytest.mark.parametrize("path", [app.path for app in APPS])
def test_raw_calls_that_make_no_sense_end_in_a_sentence(studio: str, path: str) -> None:
    address = studio + path
    for app, endpoint in ENDPOINTS:
        if app != path:
            continue
        for body in ({"data": []}, {"data": [None] * 40}, {"data": {}}, {}, [], b"{", DEEP,
                     {"data": [{"a": [1]}]}, {"data": [float("nan")]},
                     {"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}):
            status, said = asked(address, endpoint.name, body)
            whole = status == 200 and "event: complete" in said  # defaults may do
            assert whole or status in (400, 413, 422, 500) or "event: error" in said, said
            assert "Traceback" not in said and "File \"" not in said and "root:" not in said
        status, said = asked(address, endpoint.name, {"no_such": 1}, "v2/")
        assert status in (400, 422, 500) or "event: error" in said
    assert httpx.get(f"{address}/config", timeout=60).status_code == 200
