"""The way to arXiv: one stack for the feed and the search, with arXiv's pauses kept by both."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.literature.arxiv import rate_limit
from core.literature.arxiv.fetch_result import TroubleError
from core.literature.arxiv.http import fetch, with_retry
from tests.core.literature.arxiv.arxiv_server import ArxivServer, arxiv_server, entry

ROOM = Path(__file__).parents[4] / "core" / "literature"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ArxivServer]:
    with arxiv_server() as server:
        monkeypatch.setattr(rate_limit, "_next", 0.0)
        monkeypatch.setattr(rate_limit, "SPACING", 0.0)
        server.entries = entry(1)
        yield server


def get(server: ArxivServer, seconds: float = 5.0, **options: object) -> bytes:
    until = time.monotonic() + seconds
    return fetch(server.address, until=until, wait=seconds, seconds=seconds,
                 **options)  # type: ignore[arg-type]


def test_a_pause_that_nobody_named_is_kept_where_it_is_asked_for(server: ArxivServer) -> None:
    server.mode = 429
    with pytest.raises(TroubleError) as caught:
        get(server, unasked_pause=30.0)
    assert (caught.value.state, caught.value.seconds) == ("busy", 30.0)
    server.mode = "papers"
    with pytest.raises(TroubleError) as caught:  # whoever asks next, feed or search
        get(server)
    assert caught.value.state == "busy" and 20 < caught.value.seconds <= 30
    assert len(server.queries) == 1


def test_a_status_means_what_the_caller_says(server: ArxivServer) -> None:
    for states, state in (({}, "refused"), ({403: "busy"}, "busy")):
        server.mode = 403
        with pytest.raises(TroubleError) as caught:
            get(server, states=states)
        assert caught.value.state == state


def test_a_fault_that_passes_is_tried_again_and_the_last_one_is_said() -> None:
    said = [TroubleError("server error"), TroubleError("truncated")]

    def work() -> str:
        if said:
            raise said.pop(0)
        return "papers"

    assert with_retry(work, time.monotonic() + 5) == "papers"
    said[:] = [TroubleError("refused"), TroubleError("timeout")]
    with pytest.raises(TroubleError) as caught:
        with_retry(work, time.monotonic() + 5)
    assert caught.value.state == "refused" and len(said) == 1


def test_nothing_else_in_the_room_opens_a_connection() -> None:
    """Nor are the insides of the arxiv package touched."""
    imports, private = set(), set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
                [str(node.module)] if isinstance(node, ast.ImportFrom) else [])
            if {"httpx", "requests", "urllib.request"} & {*names}:
                imports.add(path.name)
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and isinstance(
                    node.value, ast.Name) and node.value.id in ("arxiv", "client"):
                private.add(path.name)
    assert imports <= {"http.py", "server.py", "llama_cpp.py"}  # those of the language model too
    assert not private
