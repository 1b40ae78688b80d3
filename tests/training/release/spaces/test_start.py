"""Each app as the Hub would have it: its tree installed into an empty environment and started."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gradio_client import Client

from training.release.spaces.staging import APPS, Staged, stage

pytestmark = pytest.mark.slow
START_SECONDS = 240


def _hi_maps(client: Client, _: Path) -> None:
    drawn = client.predict(
        omega_m=0.3, sigma_8=0.8, model="HIGlow", n=1, seed=1, api_name="/generate"
    )
    assert np.shape(drawn["maps"]) == (1, 64, 64)
    found = client.predict(map=drawn["maps"][0], method="field", seed=0, api_name="/infer")
    assert 0.1 < found["omega_m"]["mean"] < 0.5


def _reionization(client: Client, tree: Path) -> None:
    with np.load(tree / "apps/reionization/examples/box_1.npz", allow_pickle=False) as box:
        image, redshift = box["brightness_temp"].astype(float).tolist(), float(box["redshift"])
        truth = float(box["x_hi_mean"])
    found = client.predict(
        image=image, redshift=redshift, array="aa4", hours=1000, observed=False,
        api_name="/neutral_fraction",
    )
    assert abs(found["x_hi"]["mean"] - truth) < 0.25


def _cosmogemma(client: Client, _: Path) -> None:
    question = "What sets the scale of the baryon acoustic oscillations?"
    answers = list(client.submit(question=question, api_name="/ask"))
    assert answers[-1]["state"] == "done" and answers[-1]["sources"]


def _skimarxiv(client: Client, _: Path) -> None:
    assert client.predict(categories="astro-ph.CO", api_name="/day")["papers"]
    abstract = "We find $H_0 = 73.0 \\pm 1.0$ km/s/Mpc."
    assert "73" in str(client.predict(abstract=abstract, api_name="/numbers"))


ASKED: dict[str, Callable[[Client, Path], None]] = {
    "hi_maps": _hi_maps, "reionization": _reionization, "cosmogemma": _cosmogemma,
    "skimarxiv": _skimarxiv,
}


@contextmanager
def _environment(place: Path, requirements: Path) -> Iterator[Path]:
    """An empty virtual environment with these requirements; gone afterwards, it is large."""
    python = place / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--no-compile",
             "-r", str(requirements)], check=True,
        )
        yield python
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _started(python: Path, tree: Path, home: Path) -> Iterator[str]:
    """The address of the app, started as a Space starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home), "SPACE_ID": "someone/app", "SYSTEM": "spaces",
        "SPACE_HOST": "someone-app.hf.space", "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1",
        # nothing outside this machine is asked
        "COSMODESK_ARXIV_API": "http://127.0.0.1:9/", "COSMODESK_ARXIV_FEED": "http://127.0.0.1:9/",
    }
    log = home / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [str(python), "app.py"], cwd=tree, env=environment, stdout=file, stderr=file
        )
    address = f"http://127.0.0.1:{port}/"
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(address):
            assert process.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.5)
        yield address
        assert not _faults(log.read_text()), log.read_text()
    finally:
        process.terminate()
        process.wait(30)


def _faults(log: str) -> list[str]:
    """Tracebacks, but for those of event loops that are collected, which asyncio prints itself."""
    lines = ["", *log.splitlines()]
    return [line for before, line in zip(lines, lines[1:], strict=False)
            if line.startswith("Traceback") and not before.startswith("Exception ignored in")]


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("app", APPS)
def test_it_is_installed_started_and_answers(app: str, tmp_path: Path) -> None:
    tree = stage(Staged(app, repo_id="someone/app"), tmp_path / "tree")
    home = tmp_path / "home"
    home.mkdir()
    began = time.monotonic()
    with _environment(tmp_path / "environment", tree / "requirements.txt") as python:
        installed = time.monotonic()
        with _started(python, tree, home) as address:
            started = time.monotonic()
            client: Any = Client(address, verbose=False)
            ASKED[app](client, tree)
    print(f"\n{app}: installed in {installed - began:.0f} s, up in {started - installed:.0f} s, "
          f"answered in {time.monotonic() - started:.0f} s")
