"""The pictures of the README, taken of the running studio: ``python -m benchmarks.screenshots``.

A minute or two on an idle machine; the papers of skimArxiv are the sample, because arXiv is not
asked. Prints one JSON line: the pictures and the seconds until the front page had all of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.apps.accessibility.axe import settle

__all__ = ["main"]

FIGURES = Path(__file__).parents[1] / "docs" / "figures" / "apps"
HUBBLE = "What+is+the+Hubble+tension%3F"
VIEWS = {  # of the README; the front page last, when all apps have drawn their pictures
    "hi_maps": ("/hi-maps/?tab=generate&n=4&seed=1&omega_m=0.3&sigma_8=0.8", 980),
    "reionization": ("/reionization/?tab=fraction&source=example&example=2", 980),
    "cosmogemma": (f"/cosmogemma/?tab=ask&q={HUBBLE}", 860),
    "skimarxiv": ("/skimarxiv/?tab=today", 980),
    "studio": ("/", 1330),
}
PATIENCE = 600.0  # s for the pictures of the front page
WIDTH = 1280


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=FIGURES)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        process = subprocess.Popen([sys.executable, "-m", "apps"], env=os.environ | {
            "COSMODESK_PORT": str(port), "COSMODESK_OPEN_BROWSER": "0", "COSMODESK_CACHE": cache,
            "COSMODESK_ARXIV_FEED": "http://127.0.0.1:9/", "HF_HUB_OFFLINE": "1",
        })
        try:
            seconds = _settled(f"http://127.0.0.1:{port}", process)
            with sync_playwright() as p:
                browser = p.chromium.launch(executable_path=arguments.chromium,
                                            args=["--no-sandbox", "--disable-dev-shm-usage"])
                for name, (query, height) in VIEWS.items():
                    _take(browser, f"http://127.0.0.1:{port}{query}", height,
                          arguments.output / f"{name}.png")
                browser.close()
        finally:
            process.terminate()
            process.wait(30)
    print(json.dumps({"pictures": list(VIEWS), "settled_seconds": round(seconds, 1)}))


def _settled(address: str, process: subprocess.Popen[bytes]) -> float:
    """Seconds until every app is there and has drawn its picture."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE and process.poll() is None:
        time.sleep(1.0)
        try:
            with urllib.request.urlopen(f"{address}/states.json", timeout=10) as answer:
                if json.load(answer)["settled"]:
                    return time.monotonic() - begun
        except OSError:
            pass
    raise SystemExit("The studio did not come up, or its pictures took too long.")


def _take(browser: Browser, address: str, height: int, path: Path) -> None:
    page = browser.new_page(viewport={"width": WIDTH, "height": height})
    page.set_default_timeout(180_000)
    page.goto(address)
    settle(page)
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    main()
