"""What docs/reliability.md says is what the benchmarks wrote; a run that is stopped goes on."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks import fuzz, results
from benchmarks._connections import KeptConnections
from benchmarks.fuzzing.sandbox import Outcome, run_cases
from benchmarks.load import waits_of_visitors
from benchmarks.progress import MEASURED, Progress


def test_the_page_says_what_was_measured() -> None:
    text = results.PAGE.read_text()
    assert results.page(text) == text
    for name in results.TABLES:
        found = json.loads((MEASURED / f"{name}.json").read_text())
        assert f"Measured by `{found['command']}`" in text


def test_a_number_written_by_hand_is_found(tmp_path: Path) -> None:
    text = results.PAGE.read_text()
    found = json.loads((MEASURED / "kills.json").read_text())
    found["work"]["library"]["kills"] += 1
    for name in results.TABLES:
        written = found if name == "kills" else json.loads((MEASURED / f"{name}.json").read_text())
        (tmp_path / f"{name}.json").write_text(json.dumps(written))
    assert results.page(text, tmp_path) != text
    with pytest.raises(ValueError, match="no place for the table of load"):
        results.page("nothing", tmp_path)


def test_a_run_that_was_stopped_goes_on_and_other_code_begins_anew(tmp_path: Path) -> None:
    first = Progress("run", tmp_path, "code")
    for number in range(3):
        first.add({"case": number})
    with (tmp_path / "run.jsonl").open("a") as file:
        file.write('{"case": 3, "cut')  # a kill in the middle of a line
    again = Progress("run", tmp_path, "code")
    assert [entry["case"] for entry in again.entries] == [0, 1, 2]
    again.add({"case": 3})
    assert len(Progress("run", tmp_path, "code").entries) == 4
    assert Progress("run", tmp_path, "other code").entries == []
    Progress("run", tmp_path, "other code").over()
    assert Progress("run", tmp_path, "other code").entries == []


def _third_refused(case: int) -> tuple[str, Callable[[], str]]:
    def read() -> str:
        if case % 3 == 0:
            raise ValueError("This number is not read; give another one.")
        return "value"

    return "number", read


def test_a_fuzz_that_is_stopped_ends_with_the_counts_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fuzz.PARTS, "uploads", lambda seed, keep: lambda: _third_refused)
    monkeypatch.setattr(fuzz, "Progress", lambda name: Progress(name, tmp_path, "code"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fuzz, "run_cases", _stopped_after_twelve)
        fuzz.fuzz("uploads", 30, 1)
    (kept,) = tmp_path.iterdir()
    assert len(kept.read_text().splitlines()) == 1 + 12
    found = fuzz.fuzz("uploads", 30, 1)
    assert (found.cases, found.values, found.refused, found.faults) == (30, 20, 10, [])
    assert list(tmp_path.iterdir()) == []


def _stopped_after_twelve(*arguments: Any) -> Iterator[Outcome]:
    yield from itertools.islice(run_cases(*arguments), 12)
    raise KeyboardInterrupt


def test_how_evenly_visitors_waited() -> None:
    waits = {"a": [10.0, 20.0, 30.0], "b": [30.0] * 4, "c": [40.0] * 3, "d": [900.0]}
    assert waits_of_visitors(waits, at_least=3) == {
        "visitors": 3, "at_least": 3, "mean_s": [20.0, 30.0, 40.0], "longest_to_median": 1.33,
        "longest_to_shortest": 2.0,
    }
    assert waits_of_visitors({})["longest_to_median"] is None


def test_a_request_on_a_connection_that_the_server_closed_is_sent_again() -> None:
    """A server that answers once on each connection, and closes it when the next request comes."""
    async def story() -> tuple[list[int], int, int]:
        served = 0

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal served
            served += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            await writer.drain()
            await reader.read(1)  # the next request, which nobody will read
            writer.transport.abort()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port, again = server.sockets[0].getsockname()[1], 0

        def note() -> None:
            nonlocal again
            again += 1

        async with httpx.AsyncClient(transport=KeptConnections(note)) as client:
            codes = [(await client.get(f"http://127.0.0.1:{port}/")).status_code
                     for _ in range(3)]
        server.close()
        return codes, again, served

    assert asyncio.run(story()) == ([200, 200, 200], 2, 3)


def test_a_server_that_never_answers_is_an_error() -> None:
    async def story() -> Any:
        async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        server = await asyncio.start_server(close, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with httpx.AsyncClient(transport=KeptConnections(lambda: None)) as client:
            with pytest.raises(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{port}/")
        server.close()

    asyncio.run(story())
