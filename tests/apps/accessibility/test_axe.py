"""What axe, a keyboard and a narrow screen find: the front page and one app here, the rest slow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from apps.registry import APPS
from apps.site import build_site
from tests.apps.accessibility.axe import DESKTOP, PHONE, barriers, too_wide
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser

ONE = next(app for app in APPS if app.path == "/reionization")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A studio of one app."""
    import uvicorn

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(
            build_site([ONE], pictures=False), log_level="warning", timeout_graceful_shutdown=1
        ))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@contextmanager
def opened(browser: Browser, address: str, wide: bool, scheme: str) -> Iterator[Page]:
    page = browser.new_page(viewport=DESKTOP if wide else PHONE,  # type: ignore[arg-type]
                            color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_default_timeout(WAIT)
    page.goto(address)
    yield page
    page.close()


@pytest.mark.parametrize("wide, scheme", [(True, "dark"), (False, "light")])
def test_the_front_page_keeps_nobody_out(
    browser: Browser, address: str, wide: bool, scheme: str
) -> None:
    with opened(browser, address, wide, scheme) as page:
        assert barriers(page) == [] and not too_wide(page)


@pytest.mark.parametrize("wide, scheme", [(True, "light"), (False, "dark")])
def test_an_app_keeps_nobody_out(browser: Browser, address: str, wide: bool, scheme: str) -> None:
    with opened(browser, f"{address}{ONE.path}/?tab=twins", wide, scheme) as page:
        page.wait_for_selector("#re-twins-view")
        page.wait_for_function("location.search.includes('tab=')")
        assert barriers(page) == [] and not too_wide(page)


FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e);
  return [e.textContent.trim(), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"""


def test_the_keyboard_leads_past_the_bar_and_through_the_tabs(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}{ONE.path}/?tab=about", True, "light") as page:
        page.wait_for_selector("[role=tab]")
        stops = []
        for _ in range(12):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUS))
            if stops[-1][0] == "About":
                break
        assert all(visible for _, visible in stops), stops
        named = [name for name, _ in stops]
        assert named[:4] == ["Skip to the content", "CosmoDesk", "Reionization", "API"]
        assert named[-1] == "About"
        where = "document.activeElement.textContent.trim()"
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(where) == "Same spectrum"
        page.keyboard.press("Home")
        assert page.evaluate(where) == "Neutral fraction"
