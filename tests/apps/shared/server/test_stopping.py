"""A server ends at a signal: soon, with one line, with nothing left; whatever it is at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.apps.started import ROOT, Started, environment, started

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOON = 5.0  # s; two are promised on an idle machine
SLOW = pytest.mark.slow
SERVED = (("apps", "/hi-maps", "CosmoDesk"), ("apps.hi_maps", "", "HI maps"))
FAST = (("CosmoDesk", signal.SIGTERM), ("HI maps", signal.SIGINT))  # the others are slow
BOUNDARY = "multipart/form-data; boundary=x"
UPLOAD = (b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.npy"\r\n\r\n'
          b"abc\r\n--x--\r\n")


def assert_ended(server: Started, seconds: float, output: str, title: str) -> None:
    assert server.process.returncode == 0, server.log
    assert output.splitlines()[-1] == f"{title} has stopped." and server.log == ""
    assert output.count("stopped") == 1 and len(output.splitlines()) <= 2
    assert server.left == [] and seconds < SOON


@pytest.mark.parametrize(("module", "path", "title", "number"), [
    pytest.param(*served, number, id=f"{served[2]}-{number.name}",
                 marks=[] if (served[2], number) in FAST else SLOW)
    for served in SERVED for number in SIGNALS
])
def test_it_ends_with_streams_open_and_files_uploaded(
    tmp_path: Path, module: str, path: str, title: str, number: signal.Signals
) -> None:
    with started(tmp_path, module) as server:
        server.wait_for(f"{path}/config")
        status, answer = server.post(f"{path}/gradio_api/upload", UPLOAD, BOUNDARY)
        assert status == 200 and Path(json.loads(answer)[0]).is_file() and server.left
        streams = [server.open(f"{path}/gradio_api/heartbeat/session{n}") for n in range(3)]
        assert all(b"ALIVE" in stream.readline() for stream in streams)
        assert_ended(server, *server.end(number), title)


@pytest.mark.parametrize(("module", "path", "title"), [
    pytest.param(*SERVED[0], id="studio"), pytest.param(*SERVED[1], id="alone", marks=SLOW),
])
def test_it_ends_while_a_model_computes_and_somebody_waits_for_the_answer(
    tmp_path: Path, module: str, path: str, title: str
) -> None:
    with started(tmp_path, module) as server:
        server.wait_for(f"{path}/config")
        name = f"{path}/gradio_api/call/generate"
        _, answer = server.post(name, {"data": [0.3, 0.8, "HI-CDM", 16, 1]})
        stream: Any = server.open(f"{name}/{json.loads(answer)['event_id']}")
        read: list[bytes] = []
        threading.Thread(target=_read, args=(stream, read), daemon=True).start()
        time.sleep(4.0)
        assert not read  # it computes
        assert_ended(server, *server.end(), title)


def _read(stream: Any, read: list[bytes]) -> None:
    try:
        while line := stream.readline():
            if b"complete" in line or b"error" in line:
                read.append(line)
    except OSError:
        pass


@pytest.mark.parametrize(("number", "after"), [*zip(SIGNALS, (0.3, 1.0, 2.5), strict=True)])
def test_it_ends_while_it_starts(tmp_path: Path, number: signal.Signals, after: float) -> None:
    with started(tmp_path, "apps") as server:
        time.sleep(after)
        assert_ended(server, *server.end(number), "CosmoDesk")


@pytest.mark.slow
def test_a_second_interrupt_ends_it_at_once_and_says_no_more(tmp_path: Path) -> None:
    with started(tmp_path, "apps.hi_maps") as server:
        server.wait_for("/config")
        stream = server.open("/gradio_api/heartbeat/session1")
        assert b"ALIVE" in stream.readline()
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert_ended(server, *server.end(signal.SIGINT), "HI maps")


@pytest.mark.slow
def test_a_server_without_a_terminal_outlives_it(tmp_path: Path) -> None:
    with started(tmp_path, "apps.hi_maps", command=["nohup"]) as server:
        server.wait_for("/config")
        server.process.send_signal(signal.SIGHUP)
        time.sleep(1.0)
        assert server.open("/config").status == 200
        seconds, output = server.end(signal.SIGTERM)
        assert "HI maps has stopped." in output and server.left == [] and seconds < SOON


@pytest.mark.slow
def test_what_a_killed_server_left_goes_at_the_next_start(tmp_path: Path) -> None:
    with started(tmp_path, "apps.hi_maps") as server:
        server.wait_for("/config")
        assert server.post("/gradio_api/upload", UPLOAD, BOUNDARY)[0] == 200
        server.end(signal.SIGKILL)
        (folder,) = server.left
    with started(tmp_path, "apps.hi_maps") as server:
        server.wait_for("/config")
        assert len(server.left) == 1 and server.left != [folder]
        with started(tmp_path, "apps.hi_maps") as other:  # one that runs keeps what it has
            other.wait_for("/config")
            assert len(other.left) == 2
            other.end()
        assert len(server.left) == 1 and server.open("/config").status == 200
        server.end()
        assert server.left == []


def test_as_the_first_process_of_a_container_it_hears_the_signal(tmp_path: Path) -> None:
    alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this user may not make a process the first of its kind")
    with started(tmp_path, "apps", command=alone) as server:
        server.wait_for("/")
        (child,) = _children(server.process.pid)
        os.kill(child, signal.SIGTERM)
        output, _ = server.process.communicate(timeout=60)
        assert output.splitlines()[-1] == "CosmoDesk has stopped."
        assert server.process.returncode == 0 and server.left == []


def _children(process: int) -> list[int]:
    return [int(one) for path in Path(f"/proc/{process}/task").glob("*/children")
            for one in path.read_text().split()]


def test_make_app_hands_the_signal_on(tmp_path: Path) -> None:
    """By the Makefile's own line; the environment is this one."""
    line = next(line for line in (ROOT / "Makefile").read_text().splitlines()
                if line.endswith("-m apps"))
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"PY := {sys.executable}\napp:\n{line}\n")
    from tests.apps.served import free_port

    given = environment(tmp_path, COSMODESK_PORT=str(free_port()))
    process = subprocess.Popen(["make", "-s", "-f", str(makefile), "app"], cwd=ROOT, env=given,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               start_new_session=True)
    try:
        assert process.stdout is not None and "CosmoDesk is at" in process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        output, _ = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert output.count("CosmoDesk has stopped.") == 1 and "Traceback" not in output
    assert list((tmp_path / "temporary").iterdir()) == []
