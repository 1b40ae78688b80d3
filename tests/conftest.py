"""Settings that every test needs before anything heavy is imported, and the browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

_HERE = Path(__file__).parent

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_SSR_MODE", "False")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("COSMODESK_OPEN_BROWSER", "0")


_LONGEST_FIRST = ("apps", "training", "core")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders with long files first, so that parallel processes end at about the same time."""
    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(_HERE).parts[0]
        return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def browser_path() -> str | None:
    """Chrome or Chromium: COSMODESK_BROWSER, the path's, or None for Playwright's own build."""
    names = [os.environ.get("COSMODESK_BROWSER"), "chromium", "chromium-browser", "google-chrome"]
    for name in names:
        found = shutil.which(name) if name else None
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        if Path(p.chromium.executable_path).exists():
            return None
    pytest.fail("There is no Chromium; make test installs one, or set COSMODESK_BROWSER.")
