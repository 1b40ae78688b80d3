"""The log: an event a line, by itself and in a server that is used and misused."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import logging
import re
import socket
import subprocess
import sys
import threading
import time
import traceback
import warnings
from pathlib import Path

import pytest
from gradio.exceptions import Error as PageError
from starlette.requests import ClientDisconnect

from apps.shared.server.log import configured, one_line
from core.statistics import power_spectrum
from tests.apps.started import ROOT, Started, environment, started

EVENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (DEBUG|INFO|WARNING|ERROR) [\w.]+: \S.*")
FORGED = "gone\n2026-01-01 00:00:00 ERROR apps.site: forged\r\x1b[2J\x85\u2028\u202eend"


def fail(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def fault_of_ours() -> BaseException:
    try:
        power_spectrum(None)  # type: ignore[arg-type]
    except Exception as caught:
        return caught
    raise AssertionError


def logged(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = capsys.readouterr().err.splitlines()
    assert all(EVENT.fullmatch(line) for line in lines), lines
    return lines


def test_an_event_is_a_line_whatever_a_visitor_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("INFO"):
        logging.getLogger("apps.page").info("a file named %s", FORGED)
        logging.getLogger("apps.page").error("failed", exc_info=fail(KeyError(FORGED)))
        logging.getLogger("apps.page").error("failed", exc_info=fail(RuntimeError(FORGED)))
        warnings.warn(FORGED, stacklevel=1)
    lines = logged(capsys)
    assert len(lines) == 4 and all("\\n2026" in line for line in lines)
    assert not any(character in "".join(lines) for character in "\r\x1b\x85\u2028\u202e")


def test_a_long_text_is_cut() -> None:
    assert one_line("x" * 100, longest=10) == "xxxxxxxxxx…" and one_line("ħ ≤ 1") == "ħ ≤ 1"


def test_a_fault_says_what_and_where_and_that_once(capsys: pytest.CaptureFixture[str]) -> None:
    error = fault_of_ours()
    with configured("WARNING"):
        logging.getLogger("apps.page").error("The map failed", exc_info=error)
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
    (line,) = logged(capsys)
    assert "The map failed: " in line and type(error).__name__ in line
    assert re.search(r"\(in _square, core/statistics.py:\d+, from power_spectrum, core", line)


def test_at_debug_the_traceback_follows_set_in(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("DEBUG"):
        logging.getLogger("apps.page").error("failed", exc_info=fail(RuntimeError(FORGED)))
    first, *others = capsys.readouterr().err.splitlines()
    assert EVENT.fullmatch(first) and others[0] == "    | Traceback (most recent call last):"
    assert all(line.startswith("    | ") for line in others)


@pytest.mark.parametrize("error", [
    ClientDisconnect(), asyncio.CancelledError(), ConnectionResetError("x"), BrokenPipeError("x"),
    PageError("Choose a value from 0 to 1."), ExceptionGroup("x", [ConnectionAbortedError("x")]),
    RuntimeError("Caught handled exception, but response already started."),
], ids=lambda error: type(error).__name__)
def test_what_is_nobodys_fault_is_said_at_debug_alone(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured("WARNING"):
        logging.getLogger("uvicorn.error").error("Exception", exc_info=fail(error))
        try:
            raise error
        except BaseException:
            traceback.print_exc()
    assert logged(capsys) == []
    with configured("DEBUG"):
        logging.getLogger("uvicorn.error").error("Exception", exc_info=fail(error))
    assert "Traceback" in capsys.readouterr().err


def test_what_would_be_printed_goes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise LookupError("in a thread")

    with configured("WARNING"):
        try:
            raise LookupError("printed")
        except LookupError as error:
            traceback.print_exc()
            traceback.print_exception(type(error), LookupError("of three"), None)
        thread = threading.Thread(target=broken, name="worker-1")
        thread.start()
        thread.join()
        warnings.warn("old", UserWarning, stacklevel=1)
    lines = logged(capsys)
    assert [word for word in ("printed", "of three", "in a thread", "old")
            if sum(word in line for line in lines) != 1] == []
    assert "worker-1 ended" in lines[2] and len(lines) == 4


def test_afterwards_everything_is_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    before = traceback.print_exc, sys.excepthook, threading.excepthook, logging.root.handlers[:]
    with configured("ERROR"):
        assert traceback.print_exc is not before[0]
        logging.getLogger("apps.page").warning("not shown")
    assert before == (traceback.print_exc, sys.excepthook, threading.excepthook,
                      logging.root.handlers[:])
    assert logged(capsys) == []


def _misuse(server: Started) -> None:
    """What visitors, closed pages and strangers do to an app."""
    assert server.post("/gradio_api/call/generate", {"data": ["x", 1, "HIGlow", 1, 1]})[0] == 200
    stream = server.open("/gradio_api/queue/data?session_hash=nobody")  # a page that is no more
    with contextlib.suppress(OSError, http.client.HTTPException):
        stream.read()
    event = {"data": ["x"] * 6, "fn_index": 5, "session_hash": "stale", "event_data": None}
    assert server.post("/gradio_api/queue/join", event)[0] == 200
    _, answer = server.post("/gradio_api/call/generate", {"data": [0.9, 0.8, "HIGlow", 1, 1]})
    wrong = server.open(f"/gradio_api/call/generate/{json.loads(answer)['event_id']}").read()
    assert b"error" in wrong
    _, answer = server.post("/gradio_api/call/generate", {"data": [0.3, 0.8, "HIGlow", 8, 1]})
    event_id = json.loads(answer)["event_id"]
    for words in (
        f"GET /gradio_api/call/generate/{event_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="files"; filename="a.npy"\r\n\r\nabc',
    ):  # and leave in the middle
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(words.encode())
            time.sleep(0.5)
    time.sleep(2.0)


def test_a_server_that_is_used_and_misused_logs_lines_alone(tmp_path: Path) -> None:
    with started(tmp_path, "apps.hi_maps") as server:
        server.wait_for("/config")
        _misuse(server)
        server.end()
        lines = server.log.splitlines()
    assert all(EVENT.fullmatch(line) for line in lines) and len(lines) <= 4, server.log
    assert not any(" ERROR " in line for line in lines)


@pytest.mark.slow
def test_at_debug_it_tells_all(tmp_path: Path) -> None:
    with started(tmp_path, "apps.hi_maps", "--log-level", "debug") as server:
        server.wait_for("/config")
        _misuse(server)
        server.end()
    lines = server.log.splitlines()
    assert "    | Traceback (most recent call last):" in lines
    assert all(EVENT.fullmatch(line) or line.startswith("    | ") for line in lines)


@pytest.mark.slow
def test_models_open_without_a_bar(tmp_path: Path) -> None:
    """The language model and the embedding model, which show bars by themselves."""
    with started(tmp_path, "apps.cosmogemma", COSMODESK_LLM_BACKEND="transformers") as server:
        server.wait_for("/config")
        given = {"data": ["What is dark energy?", True, False, 32, 0.0, 1, ""]}
        _, answer = server.post("/gradio_api/call/ask", given)
        path = f"/gradio_api/call/ask/{json.loads(answer)['event_id']}"
        assert b"complete" in server.open(path, seconds=300).read()
        server.end()
    assert server.log == ""


def test_the_level_is_a_setting_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    given = environment(tmp_path, COSMODESK_LOG_LEVEL="loud")
    done = subprocess.run([sys.executable, "-m", "apps"], cwd=ROOT, env=given, text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 1 and done.stderr.startswith("COSMODESK_LOG_LEVEL is 'loud'")
    assert len(done.stderr.splitlines()) == 1
