"""Events that only the pages use answer raw HTTP too: whatever comes, nothing is let out or broken.

Every event of every app gets each of a score of values in the place of everything it takes, and,
for what takes a file, that value alone among the defaults.
"""

from __future__ import annotations

import http.server
import json
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.apps.studio import served_studio

PATHS = ("/hi-maps", "/reionization", "/cosmogemma", "/skimarxiv")
FILE = {"_type": "gradio.FileData"}
FILES = ("file", "uploadbutton", "image")
SECONDS = 120.0
LEAKS = ("Traceback", "site-packages", 'File \\"', "root:x:", "the listener was asked")


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """Address of a server on this machine that nobody should ask, and who did."""
    paths: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"the listener was asked")

        do_HEAD = do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/file.npy", paths
    server.shutdown()


def hostile(url: str) -> dict[str, Any]:
    """Values that no page sends."""
    nested: Any = "x"
    for _ in range(200):
        nested = [nested]
    return {
        "nothing": None, "list": [], "object": {}, "long": "x" * 1_000_000, "huge": 1e308,
        "negative": -1, "nan": float("nan"), "nested": nested, "true": True, "integer": 10**30,
        "file": {"path": "/etc/passwd", "meta": FILE}, "bare file": {"path": "/etc/passwd"},
        "file above": {"path": "../../../../../../etc/passwd", "meta": FILE},
        "stream": {"path": "/etc/passwd", "is_stream": True, "meta": FILE},
        "address": {"path": url, "url": url, "meta": FILE},
        "address beside": {"path": "/x", "url": url, "meta": FILE},
        "files": [{"path": url, "url": url, "meta": FILE}, {"path": "/etc/passwd", "meta": FILE}],
        "update": {"__type__": "update", "value": url}, "markup": "<img src=x onerror=alert(1)>",
        "turn": [{"role": "user", "content": {"path": "/etc/passwd", "meta": FILE}}],
    }


class Caller:
    """Events of one app over raw HTTP."""

    def __init__(self, address: str, path: str) -> None:
        self.client = httpx.Client(base_url=f"{address}{path}", timeout=SECONDS, trust_env=False)
        config = self.client.get("/config").json()
        self.events = [d for d in config["dependencies"] if d["backend_fn"]]
        self.components = {c["id"]: c for c in config["components"]}

    def call(self, event: dict[str, Any], data: list[Any]) -> str:
        """All that is answered."""
        session = uuid.uuid4().hex
        body = json.dumps({"data": data, "fn_index": event["id"], "session_hash": session})
        headers = {"Content-Type": "application/json"}
        way = "queue/join" if event["queue"] else "run/predict"
        answer = self.client.post(f"/gradio_api/{way}", content=body, headers=headers)
        text = answer.text
        if event["queue"] and answer.status_code == 200:
            end = time.monotonic() + SECONDS
            with self.client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as s:
                for line in s.iter_lines():
                    text += line
                    if "process_completed" in line or "unexpected_error" in line:
                        break
                    assert time.monotonic() < end, "it hangs"
        return text

    def inputs(self, event: dict[str, Any], value: Any) -> Iterator[list[Any]]:
        """A value everywhere; one that names a file also at each file alone."""
        yield [value] * len(event["inputs"])
        if "path" not in json.dumps(value):
            return
        defaults = [self.components[i]["props"].get("value") for i in event["inputs"]]
        for index, component in enumerate(event["inputs"]):
            if self.components[component]["type"] in FILES:
                yield [*defaults[:index], value, *defaults[index + 1 :]]


@pytest.mark.slow
def test_every_event_of_every_app_takes_anything(
    asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, paths = asked
    calls = 0
    with served_studio(tmp_path) as address:
        for path in PATHS:
            caller = Caller(address, path)
            for event in caller.events:
                for name, value in hostile(url).items():
                    for data in caller.inputs(event, value):
                        if len(json.dumps(data)) > 6_000_000 or (not data and name != "nothing"):
                            continue
                        text = caller.call(event, data)
                        calls += 1
                        found = [leak for leak in LEAKS if leak in text]
                        assert not found, f"{path} {event['api_name']} {name}: {text[-500:]}"
                        for kept in {part for part in text.split("'") if "passwd" in part}:
                            served = caller.client.get(f"/gradio_api/file={kept}")
                            assert served.status_code in (403, 404)
            assert caller.client.get("/").status_code == 200
    assert not paths
    print(f"{calls} calls")
