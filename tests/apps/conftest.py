"""The apps, served as they are served to people, once for all tests that need them; a browser."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _served(build: Callable[[], Any]) -> Iterator[str]:
    from apps.shared.server.launch import launch

    demo = build()
    _, address, _ = launch(demo, port=_free_port(), prevent_thread_lock=True)
    yield address if address.endswith("/") else f"{address}/"
    demo.close()


@pytest.fixture(scope="session")
def hi_maps_address() -> Iterator[str]:
    """Address of the running app, with a slash at its end."""
    from apps.hi_maps.app import build

    yield from _served(build)


@pytest.fixture(scope="session")
def reionization_address() -> Iterator[str]:
    """Address of the running app, with a slash at its end."""
    from apps.reionization.app import build

    yield from _served(build)


@pytest.fixture(scope="module")
def browser(browser_path: str | None) -> Iterator[Browser]:
    """Chromium, without a page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
