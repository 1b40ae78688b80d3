"""A page in Chromium, and everything it should not have done."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Browser, Page

__all__ = ["PIXELS", "WAIT", "Visit"]

WAIT = 180_000  # ms; a busy machine is slow, a broken page never comes
PIXELS = "document.querySelector('{} .cd-plot image')?.getAttribute('xlink:href')"


class Visit:
    """A page and everything it should not have done."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.faults: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message) -> None:  # type: ignore[no-untyped-def]
        if message.type == "error":
            self.faults.append(message.text)

    def _request(self, url: str) -> None:
        if urlparse(url).scheme in ("http", "https") and not url.startswith(self.address):
            self.faults.append(f"external request: {url}")

    def open(self, query: str = "") -> None:
        self.page.goto(self.address + query)
        self.wait_for_link("tab=")

    def wait_for_link(self, part: str) -> None:
        self.page.wait_for_function("part => location.search.includes(part)", arg=part)

    def query(self) -> dict[str, str]:
        search = self.page.evaluate("location.search")
        return {name: values[0] for name, values in parse_qs(search[1:]).items()}

    def tab(self, name: str, title: str, view: str) -> None:
        """Open a tab and wait until it has drawn itself."""
        self.page.get_by_role("tab", name=title, exact=True).click()
        self.page.wait_for_selector(f"{view} .cd-plot")
        self.wait_for_link(f"tab={name}")

    def pixels(self, view: str) -> str:
        """The first picture of a view."""
        return self.page.evaluate(PIXELS.format(view))

    def seen_by_another(self, browser: Browser, view: str) -> Visit:
        """Somebody else, who opened the same link and has the same page before them."""
        other = Visit(browser.new_page(), self.address)
        other.open(self.page.evaluate("location.search"))
        other.page.wait_for_function(f"expected => {PIXELS.format(view)} === expected",
                                     arg=self.pixels(view))
        assert other.query() == self.query() and other.faults == []
        return other

    def upload(self, field: str, *paths: Path) -> None:
        """Choose files in the upload with this id."""
        self.page.set_input_files(f"{field} input[type=file]", list(paths))

    def remove_upload(self, field: str) -> None:
        """Clear the upload with this id."""
        self.page.click(f"{field} button[aria-label='Clear']")
        self.page.wait_for_selector(f"{field} input[type=file]", state="attached")
