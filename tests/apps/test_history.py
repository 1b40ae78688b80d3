"""From page to page and back again, in the browser: one press each, and everything is restored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.apps.accessibility.axe import DESKTOP, PHONE, settle
from tests.apps.cosmogemma.fixture import Scripted
from tests.apps.studio import served_studio
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser

APPS = {"/hi-maps": "HI maps", "/reionization": "Reionization", "/cosmogemma": "CosmoGemma",
        "/skimarxiv": "skimArxiv"}
OPEN = "document.querySelector('[role=tab][aria-selected=true]')?.dataset.tabId"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_studio(tmp_path_factory.mktemp("studio"), lambda _: Scripted("Yes.")) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.set_default_timeout(WAIT)
    yield page
    page.close()


def shows(page: Page, path: str, tab: str) -> None:
    page.wait_for_function(
        f"([path, tab]) => location.pathname.startsWith(path) && {OPEN} === tab"
        " && new URLSearchParams(location.search).get('tab') === tab", arg=[path, tab])


@pytest.mark.slow
def test_back_and_forward_restore_tab_controls_and_result(page: Page, studio: str) -> None:
    page.goto(f"{studio}/hi-maps/?tab=generate&omega_m=0.2&model=HIGlow")
    page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    page.fill("#hi-sigma-8 input[type=number]", "0.9")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('sigma_8=0.9')")
    page.get_by_role("tab", name="Compare", exact=True).click()
    page.wait_for_selector("#hi-compare-view .cd-plot")
    shows(page, "/hi-maps", "compare")
    page.get_by_role("tab", name="About", exact=True).click()
    shows(page, "/hi-maps", "about")
    page.go_back()
    shows(page, "/hi-maps", "compare")
    page.wait_for_selector("#hi-compare-view .cd-plot")
    page.go_back()
    shows(page, "/hi-maps", "generate")
    page.wait_for_function("document.querySelectorAll('#hi-view .cd-plot').length === 4")
    assert page.input_value("#hi-sigma-8 input[type=number]") == "0.9"
    assert page.input_value("#hi-omega-m input[type=number]") == "0.2"
    page.go_forward()
    shows(page, "/hi-maps", "compare")


def test_every_app_is_one_press_away_and_back_returns(page: Page, studio: str) -> None:
    page.goto(f"{studio}/")
    passed = [page.url]
    for path, title in APPS.items():
        follow(page, title, path)
        passed.append(page.url)
    for url in reversed(passed[:-1]):
        page.go_back()
        page.wait_for_function("url => location.href.startsWith(url)", arg=url)
    page.locator("a[href='/cosmogemma/'] >> visible=true").first.wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("here", ["/", "/api", *APPS])
def test_from_every_page_to_every_app_and_back_to_its_tab(
    page: Page, studio: str, here: str
) -> None:
    for path, title in APPS.items():
        page.goto(f"{studio}{here}{'/?tab=about' if here in APPS else ''}")
        settle(page)
        before = page.url
        follow(page, title, path)
        page.go_back()
        page.wait_for_function("url => location.href.startsWith(url)", arg=before)
        if here in APPS:
            shows(page, here, "about")


def follow(page: Page, title: str, path: str) -> None:
    """The link in the bar to an app, and wait until it has opened."""
    page.locator(".cd-bar").get_by_role("link", name=title, exact=True).click()
    page.wait_for_function("path => location.pathname.startsWith(path)", arg=path)
    page.wait_for_selector("[role=tab][aria-selected=true]")
    page.wait_for_function("location.search.includes('tab=')")


@pytest.mark.parametrize(("path", "tab"), [
    ("/skimarxiv", "settings"), pytest.param("/hi-maps", "compare", marks=pytest.mark.slow),
    pytest.param("/reionization", "ionize", marks=pytest.mark.slow),
    pytest.param("/cosmogemma", "brainstorm", marks=pytest.mark.slow),
])  # fmt: skip
def test_a_tab_that_is_pressed_at_once_is_kept_and_drawn(
    page: Page, studio: str, path: str, tab: str
) -> None:
    page.goto(f"{studio}{path}/", wait_until="commit")
    page.locator(f"[role=tab][data-tab-id={tab}] >> visible=true").click()
    shows(page, path, tab)
    view = {"compare": "#hi-compare-view", "ionize": "#re-ionize-view"}.get(tab)
    if view:
        page.wait_for_selector(f"{view} .cd-plot")
    settle(page)
    shows(page, path, tab)


@pytest.mark.parametrize(("address", "field"), [
    pytest.param("/hi-maps/?tab=infer&source=file", "#hi-infer-file", marks=pytest.mark.slow),
    pytest.param("/hi-maps/?tab=twins&source=file", "#hi-twins-file", marks=pytest.mark.slow),
    ("/reionization/?tab=history&source=file", "#re-history-file"),
    pytest.param("/reionization/?tab=ionize&source=file", "#re-ionize-file",
                 marks=pytest.mark.slow),
])  # fmt: skip
def test_nothing_covers_the_label_of_an_upload(
    page: Page, studio: str, address: str, field: str
) -> None:
    page.goto(studio + address)
    page.wait_for_selector(f"{field} [data-testid=block-label]")
    settle(page)
    for viewport in (DESKTOP, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        label = page.locator(f"{field} [data-testid=block-label]").bounding_box()
        inside = page.locator(f"{field} button:has(input[type=file])").bounding_box()
        whole = page.locator(field).bounding_box()
        assert label and inside and whole
        assert label["y"] + label["height"] <= inside["y"] + 1
        assert inside["y"] + inside["height"] <= whole["y"] + whole["height"] + 1


@pytest.mark.parametrize("path", [
    "/cosmogemma", *(pytest.param(path, marks=pytest.mark.slow)
                     for path in ("/reionization", "/hi-maps")),
])  # fmt: skip
def test_a_note_that_says_nothing_takes_no_room(page: Page, studio: str, path: str) -> None:
    page.goto(f"{studio}{path}/?tab=about")
    page.wait_for_selector("[role=tab][aria-selected=true]")
    settle(page)
    main = page.locator("#cd-main").bounding_box()
    tabs = page.locator("[role=tablist] >> visible=true").first.bounding_box()
    assert main and tabs and tabs["y"] - (main["y"] + main["height"]) < 30
