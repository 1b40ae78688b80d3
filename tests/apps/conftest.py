"""The apps, served as they are served to people, once for all tests that need them; a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.apps.served import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def hi_maps_address() -> Iterator[str]:
    """Address of the running app, with a slash at its end."""
    from apps.hi_maps.app import build

    with served(build) as address:
        yield address


@pytest.fixture(scope="session")
def reionization_address() -> Iterator[str]:
    """Address of the running app, with a slash at its end."""
    from apps.reionization.app import build

    with served(build) as address:
        yield address


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
