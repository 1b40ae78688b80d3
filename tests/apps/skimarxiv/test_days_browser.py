"""A first visit during an outage in Chromium: another try, and then the week before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from apps.skimarxiv.service import SkimService, swap
from core.literature.library.library import Library
from tests.apps.served import served
from tests.apps.skimarxiv.fixture import DAY, NOW, PAPERS
from tests.apps.skimarxiv.test_days import WEEK
from tests.apps.visit import Visit
from tests.core.literature.arxiv.feed_server import FeedServer, announcement

pytestmark = pytest.mark.browser


@pytest.fixture
def outage(
    feed: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, FeedServer]]:
    from apps.skimarxiv.app import build

    papers = [announcement(1000 + i, day) for i, day in enumerate(WEEK)]
    monkeypatch.setattr(feed, "announcements", [*PAPERS, *papers])
    monkeypatch.setattr(feed, "mode", "html")
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    before = swap(SkimService(library, now=lambda: NOW, again=300.0))
    with served(build) as address:
        yield address, feed
    swap(before)


def test_an_outage_ends_with_a_button_and_the_week_before_with_another(
    browser: Browser, outage: tuple[str, FeedServer]
) -> None:
    address, feed = outage
    visit = Visit(browser.new_page(), address)
    visit.open()
    page = visit.page
    page.wait_for_selector("#sk-next-try .sk-next", timeout=60_000)
    state = page.inner_text("#sk-state")
    assert "arXiv is in maintenance" in state and "Sample" in state
    assert "The next try is in" in page.inner_text("#sk-next-try")
    feed.mode = "feed"
    feed.announcements = list(PAPERS)
    page.click("#sk-try-again")
    page.wait_for_selector(f"#sk-list [class~='sk-id-{PAPERS[0].paper.id}']", state="attached",
                           timeout=60_000)
    page.wait_for_selector("#sk-next-try .sk-next", state="detached", timeout=90_000)
    assert not page.locator("#sk-try-again").is_visible()
    feed.announcements += [announcement(1000 + i, day) for i, day in enumerate(WEEK)]
    heading = page.get_by_role("button", name="5 days of the last week are not here yet")
    heading.click()
    page.click("#sk-fetch-week")
    page.wait_for_selector("#sk-days-progress .cd-information", timeout=60_000)
    assert "5 earlier days" in page.inner_text("#sk-days-progress")
    page.click("#sk-day input")
    options = page.get_by_role("option").all_inner_texts()
    assert len([text for text in options if "2026" in text]) == 6
    assert any(f"{DAY:%-d %b %Y}" in text for text in options)
    page.get_by_role("option", name=f"{WEEK[1]:%a %-d %b %Y}").click()
    page.wait_for_function("document.querySelector('#sk-state').innerText.includes('approximate')")
    assert visit.faults == []
    page.close()
