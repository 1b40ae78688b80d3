"""A server as a user starts it, in a process of its own: its output, its streams, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apps.served import free_port

__all__ = ["ROOT", "Started", "environment", "started"]

ROOT = Path(__file__).parents[2]
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Of a process whose files all lie in a folder, and that reaches no arXiv."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    mine = {name: value for name, value in os.environ.items()
            if not name.startswith(("COSMODESK_", "GRADIO_TEMP"))}
    return mine | {
        "TMPDIR": str(temporary), "COSMODESK_CACHE": str(folder / "cache"),
        "COSMODESK_ARXIV_FEED": "http://127.0.0.1:9/atom", "HF_HUB_OFFLINE": "1",
        "COSMODESK_ARXIV_API": "http://127.0.0.1:9/api/query", "COSMODESK_OPEN_BROWSER": "0",
    } | more


@dataclass
class Started:
    """A server in a process of its own.

    Attributes:
        process: that serves.
        address: without a slash at its end.
        folder: of its files.
    """

    process: subprocess.Popen[str]
    address: str
    folder: Path

    def open(self, path: str, seconds: float = 60.0) -> Any:
        """An answer, to be read; also a stream that does not end."""
        return _OPENER.open(f"{self.address}{path}", timeout=seconds)

    def post(self, path: str, body: Any, kind: str = "application/json") -> tuple[int, bytes]:
        """Status and body of an answer; ``body`` is bytes, or what becomes JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, {"Content-Type": kind})
        try:
            with _OPENER.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def wait_for(self, path: str, seconds: float = 150.0) -> None:
        """Until a page is there."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.open(path).read()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end, self.log
                time.sleep(0.1)

    def end(self, number: int = signal.SIGTERM) -> tuple[float, str]:
        """Send a signal; seconds until the process was gone, and its standard output."""
        begun = time.monotonic()
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=60)
        return time.monotonic() - begun, output

    @property
    def log(self) -> str:
        """What it wrote to the standard error so far."""
        return (self.folder / "log").read_text()

    @property
    def left(self) -> list[str]:
        """What lies in its temporary folder."""
        return sorted(path.name for path in (self.folder / "temporary").iterdir())


def _hear_all() -> None:
    """Signals do what they do in a terminal, also where the tests run under nohup."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def started(
    folder: Path, module: str, *options: str, command: Sequence[str] = (), port: int | None = None,
    **more: str,
) -> Iterator[Started]:
    """Start a server; it is killed at the end if it still runs.

    Args:
        folder: for all its files.
        module: such as "apps".
        options: of its command line.
        command: before the command, such as one that changes the user.
        port: to listen at; by default a free one.
        more: of the environment.
    """
    port = port or free_port()
    call = [*command, sys.executable, "-m", module, "--port", str(port), *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(call, cwd=ROOT, env=environment(folder, **more), text=True,
                                   stdout=subprocess.PIPE, stderr=log, preexec_fn=_hear_all)
    try:
        yield Started(process, f"http://127.0.0.1:{port}", folder)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
