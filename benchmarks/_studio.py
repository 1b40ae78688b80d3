"""The studio in its own process, with a feed of papers, its memory watched from outside."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from benchmarks.skimarxiv import papers
from tests.core.literature.arxiv.feed_server import feed_server

__all__ = ["PATHS", "Memory", "Studio", "recorded_assets", "studio"]

PATHS = ("/hi-maps", "/reionization", "/cosmogemma", "/skimarxiv")
_START_SECONDS = 180.0


@dataclass
class Memory:
    """What a process holds, looked at every second.

    Attributes:
        seconds, megabytes, threads: of every look, since the first.
    """

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def slope(self, after: float) -> float:
        """MB a minute after so many seconds, by least squares; nan if there is too little."""
        pairs = [(s, m) for s, m in zip(self.seconds, self.megabytes, strict=True) if s >= after]
        if len(pairs) < 10:
            return float("nan")
        return float(60 * np.polyfit(*zip(*pairs, strict=True), 1)[0])

    def mean(self, start: float, end: float) -> float:
        """Mean MB between two fractions of the whole time."""
        last = self.seconds[-1]
        inside = [m for s, m in zip(self.seconds, self.megabytes, strict=True)
                  if start * last <= s <= end * last]
        return float(np.mean(inside))

    def write(self, path: Path) -> None:
        """As a CSV file."""
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("seconds", "rss_mb", "threads"))
            rows.writerows((f"{s:.1f}", f"{m:.1f}", n) for s, m, n in
                           zip(self.seconds, self.megabytes, self.threads, strict=True))


@dataclass
class Studio:
    """A studio that runs.

    Attributes:
        address: without a slash at its end.
        process: its own.
        log: what it wrote, a file.
        start: seconds until the front page was there, and until all apps were.
        memory: since the start of watching.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: Path
    start: tuple[float, float]
    memory: Memory = field(default_factory=Memory)

    def watch(self, every: float = 1.0) -> None:
        """Begin to look at its memory."""
        threading.Thread(target=self._look, args=(every,), daemon=True).start()

    def _look(self, every: float) -> None:
        begun = time.monotonic()
        process = psutil.Process(self.process.pid)
        while True:
            try:
                held, threads = process.memory_info().rss / 2**20, process.num_threads()
            except psutil.Error:
                return
            self.memory.seconds.append(time.monotonic() - begun)
            self.memory.megabytes.append(held)
            self.memory.threads.append(threads)
            time.sleep(every)


@contextmanager
def studio(papers_a_day: int = 40, settle: float = 180.0) -> Iterator[Studio]:
    """Start ``python -m apps`` with an empty library and a feed on this machine.

    Args:
        papers_a_day: what the feed announces today.
        settle: seconds to wait at most for the front page's pictures, which a process of their own
            draws once after the start.

    Raises:
        RuntimeError: if it does not come up.
    """
    with (tempfile.TemporaryDirectory() as folder, feed_server(papers(papers_a_day)) as feed,
          socket.socket() as free):
        feed.day = datetime.now(UTC).date()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        log = Path(folder) / "log"
        environment = os.environ | {
            "COSMODESK_PORT": str(port), "COSMODESK_OPEN_BROWSER": "0",
            "COSMODESK_CACHE": f"{folder}/cache", "COSMODESK_ARXIV_FEED": feed.feed_address,
            "COSMODESK_ARXIV_API": feed.api_address, "HF_HUB_OFFLINE": "1",
            "COSMODESK_ADDRESS_CONNECTIONS": "2000",  # all visitors have this machine's
        }
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "apps"], env=environment,
                                       stdout=out, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            begun = time.monotonic()
            try:
                front, *_, there = (
                    _wait_for(f"{address}{path}/", process, begun) for path in ("", *PATHS)
                )
            except RuntimeError as error:
                raise RuntimeError(f"{error}: {log.read_text(errors='replace')[-800:]}") from error
            _wait_for_pictures(address, settle)
            yield Studio(address, process, log, (front, there))
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(url: str, process: subprocess.Popen[bytes], begun: float) -> float:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() - begun < _START_SECONDS:
        try:
            opener.open(url, timeout=_START_SECONDS).read()
            return time.monotonic() - begun
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not come up")


def _wait_for_pictures(address: str, settle: float) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    begun = time.monotonic()
    while time.monotonic() - begun < settle:
        with opener.open(f"{address}/states.json", timeout=_START_SECONDS) as answer:
            if json.load(answer)["settled"]:
                return
        time.sleep(1.0)


def recorded_assets(address: str) -> dict[str, list[str]]:
    """The scripts and styles that Chromium fetches for each app; nothing without Chromium."""
    from playwright.sync_api import Error, sync_playwright

    found: dict[str, list[str]] = {}
    try:
        with sync_playwright() as p:
            browser = p.chromium.launch(
                executable_path=_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"])
            for path in PATHS:
                asked: list[str] = []
                page = browser.new_page()
                page.on("request", lambda one, asked=asked: asked.append(one.url))
                page.goto(f"{address}{path}/")
                page.wait_for_selector("[role=tab]", timeout=60_000)
                page.wait_for_timeout(1500)
                page.close()
                own = [url.removeprefix(address) for url in dict.fromkeys(asked)]
                found[path] = [url for url in own if url.startswith(
                    (f"{path}/assets/", f"{path}/static/", f"{path}/theme.css"))]
            browser.close()
    except Error as error:
        print(f"no Chromium, so only linked assets are fetched: {str(error)[:100]}")
    return found


def _chromium() -> str | None:
    return os.environ.get("COSMODESK_BROWSER") or shutil.which("chromium") or shutil.which(
        "google-chrome")
