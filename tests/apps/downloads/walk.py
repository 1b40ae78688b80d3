"""A walk through an app in Chromium that takes away everything that there is to take away.

Nothing is listed by hand: the tabs are those of the page, the download buttons those that the app
says it has, and beside them every link that saves something. A button that cannot be pressed, or
that no tab shows, is a failure: a new one has to be reached by :data:`FIRST`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.apps.downloads.contents import check, check_alike
from tests.apps.visit import Visit

__all__ = ["AGAIN", "FIRST", "Walk"]

_TABS = "[id$='-tabs'] [role=tab]:visible"

_OPENED = "[id$='-tabs'] [role=tab][aria-selected=true]"


class Walk(Visit):
    """A visit that takes files away.

    Args:
        page: of the browser.
        address: of the app, with a slash at its end.
        folder: where the files go.
    """

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        super().__init__(page, address)
        self.folder = folder
        self.buttons = self._buttons()

    def _buttons(self) -> set[str]:
        """Ids of the download buttons that the app has, whether they can be seen or not."""
        with urllib.request.urlopen(f"{self.address}config") as answer:
            components = json.load(answer)["components"]
        found = [one["props"].get("elem_id") for one in components
                 if one["type"] == "downloadbutton"]
        assert all(found), "a download button has no id"
        return set(found)

    def take_everything(self) -> dict[str, bytes]:
        """Open every tab and press all that saves a file.

        Returns:
            The files, by the id of the button; what is saved by a link has none.
        """
        found: dict[str, Any] = {}
        files: dict[str, bytes] = {}
        for tab in self.page.locator(_TABS).all():
            tab.click()
            self.open_folds()
            for name in sorted(self.buttons - files.keys()):
                button = self.page.locator(f"#{name}")
                if button.count() and button.is_visible():
                    files[name] = self._take(button, found)
            for link in self.page.locator("a[download]:visible").all():
                self._take(link, found)
        assert files.keys() == self.buttons, f"not reached: {self.buttons - files.keys()}"
        check_alike(found)
        return files

    def leave_and_come_back(self, elsewhere: str) -> None:
        """Follow a link and press Back; the tab that was open last opens again."""
        opened = self.page.inner_text(_OPENED)
        self.page.goto(elsewhere)
        self.page.go_back()
        self.page.wait_for_function(
            "([at, name]) => document.querySelector(at)?.innerText === name", arg=[_OPENED, opened])

    def open_folds(self) -> None:
        """Accordions hide buttons."""
        folded = self.page.locator(".label-wrap:not(.open):visible")
        while folded.count():
            folded.first.click()

    def _take(self, control: Locator, found: dict[str, Any]) -> bytes:
        """Press it as soon as that can be done, and read what comes."""
        self.page.wait_for_function("e => !e.disabled", arg=control.element_handle())
        with self.page.expect_download() as caught:
            control.click()
        assert caught.value.failure() is None, f"{caught.value.url} cannot be had"
        path = self.folder / caught.value.suggested_filename
        caught.value.save_as(path)
        found[path.name] = check(path)
        return path.read_bytes()


def _ask(visit: Walk, question: str = "What is the mean radius of voids?") -> None:
    visit.page.get_by_role("tab", name="Ask", exact=True).click()
    visit.page.click("#cg-ask-new")
    visit.page.fill("#cg-ask-box textarea", question)
    visit.page.locator("#cg-ask-box textarea").press("Enter")
    visit.wait_for_link(f"q={question.split()[0]}")


def _save(visit: Walk) -> None:
    """Keep one more paper, and have the library written."""
    visit.page.get_by_role("tab", name="Today", exact=True).click()
    visit.page.wait_for_selector("#sk-list .sk-card")
    visit.page.wait_for_function("!document.querySelector('.sk-wait')")
    visit.page.locator("#sk-list .sk-do-save:not(.sk-on):visible").first.click()
    visit.page.wait_for_function("window.sk.log.length === 0")
    visit.page.get_by_role("tab", name="Settings", exact=True).click()
    visit.open_folds()
    visit.page.click("#sk-library-export")
    visit.page.wait_for_selector("#sk-library-file")


def _another_map(visit: Walk) -> None:
    visit.page.get_by_role("tab", name="Generate", exact=True).click()
    visit.page.fill("#hi-sigma-8 input[type=number]", "0.9")
    visit.page.keyboard.press("Enter")
    visit.wait_for_link("sigma_8=0.9")


def _other_bubbles(visit: Walk) -> None:
    visit.page.get_by_role("tab", name="Ionization", exact=True).click()
    visit.page.fill("#re-ionize-seed input", "9")
    visit.page.keyboard.press("Enter")
    visit.wait_for_link("seed=9")


FIRST: dict[str, Callable[[Walk], None]] = {"/cosmogemma": _ask, "/skimarxiv": _save}
"""What has to be done first in an app, so that there is something to take away."""

AGAIN: dict[str, tuple[Callable[[Walk], None], set[str]]] = {
    "/hi-maps": (_another_map, {"hi-download-npy", "hi-download-npz", "hi-download-fits",
                                "hi-download-png"}),
    "/reionization": (_other_bubbles, {"re-ionize-download-npy", "re-ionize-download-npz"}),
    "/cosmogemma": (lambda visit: _ask(visit, "Why is the sky dark?"), {"cg-ask-export"}),
    "/skimarxiv": (_save, {"sk-sheet", "sk-bibtex", "sk-export"}),
}
"""What puts other results in the place of the first, and the buttons that then give others."""
