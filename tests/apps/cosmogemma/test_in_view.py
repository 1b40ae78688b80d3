"""What stands before the reader while an answer grows, and what it is about: in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.apps.cosmogemma.fixture import Scripted
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

BOX, CHAT, PAPER = "#cg-ask-box textarea", "#cg-chat [role=log]", "#cg-ask-paper"
LONG = " ".join(f"word{i} of the answer" for i in range(200))


def _below_the_top(page: Page) -> float:
    """How far the newest question stands below the upper edge of the chat, in pixels."""
    return page.evaluate("""() => {
      const top = at => [...document.querySelectorAll(at)].pop().getBoundingClientRect().top;
      return top("#cg-chat [data-testid=user]") - top("#cg-chat [role=log]"); }""")


def _wait_for(page: Page, word: str) -> None:
    page.wait_for_function(
        "word => document.querySelector('#cg-chat').innerText.includes(word)", arg=word)


@pytest.mark.parametrize(("width", "height"), [
    (390, 844), pytest.param(1280, 800, marks=pytest.mark.slow)])
def test_the_beginning_of_a_growing_answer_stays_in_view_until_the_reader_scrolls(
    opened: Callable[..., Visit], speaking: Callable, width: int, height: int
) -> None:
    with speaking(Scripted(LONG, 0.005)):
        page = opened().page
        page.set_viewport_size({"width": width, "height": height})
        page.fill(BOX, "What are cosmic voids?")
        page.locator(BOX).press("Enter")
        _wait_for(page, "word70 ")
        assert page.evaluate(f"(at => at.scrollHeight > 1.3 * at.clientHeight)"
                             f"(document.querySelector('{CHAT}'))")
        assert 0 <= _below_the_top(page) < 60
        page.hover(CHAT)
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(300)
        moved = _below_the_top(page)
        assert moved < -20
        page.wait_for_selector("#cg-ask-box .submit-button")
        assert abs(_below_the_top(page) - moved) < 5


def test_an_example_leaves_the_paper_that_the_page_was_opened_at(
    opened: Callable[..., Visit]
) -> None:
    visit = opened("?tab=ask&paper=sample.0001")
    page = visit.page
    page.locator(PAPER, has_text="from this paper").wait_for()
    page.locator("#cg-chat .example").first.click()
    page.locator(PAPER).wait_for(state="hidden")
    visit.wait_for_link("q=What+is+the+Hubble")
    page.locator("#cg-sources .cg-source", has_text="Hubble").first.wait_for()
    assert "paper" not in visit.query() and "sample" not in page.inner_text("#cg-sources")
