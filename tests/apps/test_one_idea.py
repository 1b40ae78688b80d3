"""One idea through the apps: what one of them made or found opens in another, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.apps.cosmogemma.fixture import MATHS, MATHS_QUESTION, Scripted
from tests.apps.skimarxiv.fixture import MATHS as NEW
from tests.apps.studio import served_studio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("studio")
    with served_studio(folder, lambda _: Scripted("They are 27.5 Mpc wide.")) as address:
        yield address


@pytest.fixture
def page(browser: Browser, studio: str) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.mark.slow
def test_a_drawn_map_goes_to_inference(page: Page, studio: str) -> None:
    page.goto(f"{studio}/hi-maps/?tab=generate&model=HIGlow&n=2&seed=4&omega_m=0.2")
    page.wait_for_selector("#hi-which input", state="visible")
    page.fill("#hi-which input[type=number]", "2")
    page.press("#hi-which input[type=number]", "Enter")
    page.click("#hi-send")
    page.wait_for_selector("#hi-infer-view .cd-plot")
    assert "HIGlow, seed 4, map 2" in page.inner_text("#hi-infer-view")
    page.wait_for_function("location.search.includes('tab=infer')")
    assert "map=2" in page.url and "omega_m=0.2" in page.url and "source=shown" in page.url


@pytest.mark.slow
def test_a_paper_is_asked_about_in_cosmogemma(page: Page, studio: str) -> None:
    page.goto(f"{studio}/skimarxiv/?paper={NEW.paper.id}")
    page.wait_for_selector("#sk-panel .sk-paper")
    page.wait_for_function("document.querySelector('#sk-link textarea, #sk-link input')"
                           f"?.value.includes('paper={NEW.paper.id}')")
    with page.expect_popup() as opened:
        page.click("#sk-panel .sk-ask-there")
    gemma = opened.value
    gemma.set_default_timeout(60_000)
    gemma.wait_for_selector("#cg-ask-paper .cg-about")
    assert "Quokka survey: voids" in gemma.inner_text("#cg-ask-paper")
    gemma.fill("#cg-ask-box textarea", "Which data are used?")
    gemma.press("#cg-ask-box textarea", "Enter")
    gemma.wait_for_selector("#cg-sources .cg-source")
    gemma.wait_for_function(f"location.search.includes('paper={NEW.paper.id}')")
    assert gemma.locator("#cg-sources .cg-source").count() == 1
    assert NEW.paper.id in gemma.text_content("#cg-sources")
    gemma.click("#cg-ask-leave")
    gemma.wait_for_selector("#cg-ask-paper", state="hidden")
    gemma.wait_for_function("!location.search.includes('paper=')")
    gemma.close()


def test_a_source_opens_in_skimarxiv(page: Page, studio: str) -> None:
    page.goto(f"{studio}/cosmogemma/")
    page.wait_for_function("location.search.includes('tab=')")
    page.fill("#cg-ask-box textarea", MATHS_QUESTION)
    page.press("#cg-ask-box textarea", "Enter")
    page.wait_for_selector("#cg-sources .cg-source")
    with page.expect_popup() as opened:
        page.locator("#cg-sources").get_by_text("Open in skimArxiv").first.click()
    skim = opened.value
    skim.set_default_timeout(60_000)
    skim.wait_for_selector("#sk-panel .sk-paper")
    assert MATHS.id in skim.inner_text("#sk-panel") and MATHS.id in skim.url
    skim.wait_for_selector("#sk-list .sk-card")
    skim.wait_for_timeout(200)
    assert f"paper={MATHS.id}" in skim.url  # the list's own link leaves it in
    skim.click("#sk-close")
    skim.wait_for_function("!location.search.includes('paper=')")
    skim.close()


def test_what_is_not_there_is_said(page: Page, studio: str) -> None:
    page.goto(f"{studio}/skimarxiv/?paper=2401.99999")
    page.wait_for_selector("#sk-panel .sk-paper")
    assert "no paper 2401.99999" in page.inner_text("#sk-panel")
    assert not page.is_visible("#sk-question")
    assert page.locator("#sk-panel a[href^='https://arxiv.org']").count() == 2
    page.goto(f"{studio}/cosmogemma/?tab=ask&paper=2401.99999")
    page.wait_for_selector("#cg-ask-paper .cd-note")
    assert "no paper" in page.inner_text("#cg-ask-paper")
