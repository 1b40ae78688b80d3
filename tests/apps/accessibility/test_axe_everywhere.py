"""axe over the whole studio: every page and tab, desktop and phone, light and dark. Minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from apps.cosmogemma.state import PAGES as GEMMA
from apps.hi_maps.state import PAGES as HI
from apps.reionization.state import PAGES as REIONIZATION
from apps.skimarxiv.state import PAGES as SKIM
from tests.apps.accessibility.axe import DESKTOP, PHONE, barriers, settle, too_wide
from tests.apps.cosmogemma.fixture import MATHS_QUESTION, Scripted
from tests.apps.skimarxiv.fixture import MATHS
from tests.apps.studio import served_studio
from tests.apps.visit import WAIT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESSES = [
    "/", "/api",
    *(f"/hi-maps/?tab={tab}" for tab in HI),
    *(f"/reionization/?tab={tab}" for tab in REIONIZATION),
    *(f"/cosmogemma/?tab={tab}" for tab in GEMMA),
    *(f"/skimarxiv/?tab={tab}" for tab in SKIM),
    f"/skimarxiv/?paper={MATHS.paper.id}",
    f"/cosmogemma/?tab=ask&q={MATHS_QUESTION}",
]

@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("studio")
    with served_studio(folder, lambda _: Scripted("They are 27.5 Mpc wide.")) as address:
        yield address


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_keeps_anyone_out(browser: Browser, studio: str, address: str) -> None:
    found = []
    for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=viewport,  # type: ignore[arg-type]
                                    color_scheme=scheme)  # type: ignore[arg-type]
            page.set_default_timeout(WAIT)
            page.goto(studio + address)
            settle(page)
            found += [f"{size}, {scheme}: {barrier}" for barrier in barriers(page)]
            if too_wide(page):
                found.append(f"{size}, {scheme}: the page scrolls sideways")
            page.close()
    assert found == []


def test_escape_closes_the_paper_that_a_keyboard_opened(browser: Browser, studio: str) -> None:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.set_default_timeout(WAIT)
    page.goto(f"{studio}/skimarxiv/?tab=today")
    page.locator("#sk-list summary").first.click()
    details = page.locator("#sk-list .sk-do-read").first
    details.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sk-panel .sk-paper", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sk-panel .sk-paper", state="hidden")
    assert page.evaluate("document.activeElement.classList.contains('sk-do-read')")
    page.close()
