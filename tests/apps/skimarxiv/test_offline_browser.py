"""A first visit without a network in Chromium: the sample, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from apps.skimarxiv import list_updates
from apps.skimarxiv.service import SkimService, swap
from core.literature.arxiv import rate_limit
from core.literature.library.library import Library
from tests.apps.served import served
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SEARCH = "#sk-search :is(input, textarea)"
CLIPPED = """() => [...document.querySelectorAll('.sk-row :is(button, .sk-kind)')]
  .filter(e => e.getClientRects().length).filter(e => {
    const own = e.getBoundingClientRect(), card = e.closest('.sk-card').getBoundingClientRect();
    return own.right > card.right || e.scrollWidth > e.clientWidth + 1;
  }).map(e => e.innerText)"""


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from apps.skimarxiv.app import build

    path = tmp_path_factory.mktemp("offline") / "library.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rate_limit, "SPACING", 0.0)
        patch.setattr(list_updates, "BREATH", 0.0)
        patch.setenv("COSMODESK_ARXIV_FEED", "http://127.0.0.1:9/atom")
        patch.setenv("COSMODESK_ARXIV_API", "http://127.0.0.1:9/api/query")
        before = swap(SkimService(Library.open(path, primer=False), again=900.0))
        with served(build) as address:
            yield address
        swap(before)


@pytest.fixture
def page(browser: Browser, offline: str) -> Iterator[Page]:
    page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
    page.set_default_timeout(WAIT)
    visit(page, offline)
    yield page
    page.close()


@pytest.fixture
def phone(browser: Browser, offline: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, is_mobile=True,  # type: ignore[arg-type]
                                  has_touch=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    visit(page, offline)
    yield page
    context.close()


def visit(page: Page, address: str, query: str = "") -> None:
    page.goto(address + query)
    page.wait_for_selector("#sk-list .sk-card")
    page.wait_for_selector("#sk-next-try .sk-next")


def card(number: int) -> str:
    return f"#sk-list [class~='sk-id-sample.{number:04}']"


def details(page: Page, number: int, verb: str = "read") -> None:
    if not page.locator(f"{card(number)} .sk-do-{verb}").is_visible():
        page.locator(f"{card(number)} summary").click()
    page.locator(f"{card(number)} .sk-do-{verb}").click()
    page.wait_for_function("n => location.search.includes('paper=sample.' + n)",
                           arg=f"{number:04}")
    page.wait_for_selector("#sk-panel .sk-paper")


def search(page: Page, words: str) -> None:
    page.fill(SEARCH, words)
    page.keyboard.press("Enter")
    page.wait_for_function("q => new URLSearchParams(location.search).get('q') === q", arg=words)


@pytest.mark.slow
def test_each_panel_and_each_search_is_a_step_back(page: Page) -> None:
    for number in (1, 4, 5):
        details(page, number)
    for number in (4, 1):
        page.go_back()
        page.wait_for_selector("#sk-panel .sk-paper")
        assert f"paper=sample.{number:04}" in page.url
    page.go_back()
    page.wait_for_selector("#sk-list .sk-card")
    assert "paper=" not in page.url and not page.locator("#sk-panel").is_visible()
    for words in ("Hubble", "voids", "21cm"):
        search(page, words)
    for words in ("voids", "Hubble", ""):
        page.go_back()
        page.wait_for_function("([at, q]) => document.querySelector(at)?.value === q",
                               arg=[SEARCH, words])
    page.go_forward()
    page.wait_for_function("([at, q]) => document.querySelector(at)?.value === q",
                           arg=[SEARCH, "Hubble"])
    page.wait_for_function("document.querySelectorAll('#sk-list .sk-card').length === 2")


def test_a_search_finds_what_is_on_the_page_and_says_that_it_is_the_sample(page: Page) -> None:
    search(page, "21cm")
    page.wait_for_function("document.querySelectorAll('#sk-list .sk-card').length === 1")
    assert page.locator(card(8)).is_visible()
    assert "sample" in page.inner_text("#sk-state")
    assert "sample" in page.inner_text(f"{card(8)} .sk-kind")


@pytest.mark.slow
def test_nothing_is_cut_off_beside_an_open_panel_nor_among_the_saved(page: Page) -> None:
    for number in (2, 11, 12):
        page.locator(f"{card(number)} .sk-do-save").click()
    page.wait_for_function("window.sk.log.length === 0")
    details(page, 2)
    assert page.evaluate(CLIPPED) == []
    page.get_by_role("tab", name="Saved", exact=True).click()
    page.wait_for_selector("#sk-saved-list .sk-card")
    assert page.evaluate(CLIPPED) == []


@pytest.mark.slow
def test_the_page_has_one_width(page: Page) -> None:
    widths = set()
    for tab in ("Today", "Saved", "Settings", "About", "Today"):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_timeout(400)
        widths.add(page.evaluate("document.querySelector('#sk-tabs').offsetWidth"))
    search(page, "zzzqqq")
    page.wait_for_selector("#sk-list .sk-card", state="detached")
    widths.add(page.evaluate("document.querySelector('#sk-tabs').offsetWidth"))
    assert len(widths) == 1
    assert page.evaluate("getComputedStyle(document.documentElement).scrollbarGutter") == "stable"


def test_a_typed_note_is_not_lost_to_another_paper_nor_to_a_reload(page: Page) -> None:
    details(page, 1, "note")
    page.fill("#sk-note-box textarea", "Compare with 4")
    details(page, 4)
    page.wait_for_function("document.querySelector('#sk-note-box textarea').value === ''")
    details(page, 1)
    kept = "document.querySelector('#sk-note-box textarea')?.value === 'Compare with 4'"
    page.wait_for_function(kept)
    page.reload()
    page.wait_for_function(kept)
    page.wait_for_selector("#sk-keep.sk-unkept")
    page.click("#sk-keep")
    page.wait_for_selector("#sk-keep:not(.sk-unkept)")
    page.reload()
    page.wait_for_function(kept)


def test_a_try_says_how_it_ended_and_the_sample_is_no_day_to_mark(page: Page) -> None:
    seconds = "Number(document.querySelector('#sk-next-try .sk-next').dataset.seconds)"
    for _ in range(2):
        page.click("#sk-try-again")
        page.wait_for_selector(".sk-tried")
    page.wait_for_function("/^Tried at \\d\\d:\\d\\d: arXiv cannot be reached/"
                           ".test(document.querySelector('.sk-tried')?.innerText)")
    assert page.evaluate(seconds) <= 900  # as after the first
    page.locator("#sk-filters .label-wrap").first.click()
    assert page.locator("#sk-read").is_disabled()
    assert page.input_value("#sk-day input") == "The sample"


@pytest.mark.parametrize(("typed", "words"), [
    ("astro-ph.XX", "no arXiv category"),
    pytest.param("cosmology", "no arXiv category", marks=pytest.mark.slow),
])
def test_a_category_that_is_none_is_said(page: Page, typed: str, words: str) -> None:
    page.click("#sk-categories input")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("#sk-note .cd-error")
    assert words in page.inner_text("#sk-note") and typed in page.inner_text("#sk-note")


@pytest.mark.slow
def test_another_category_that_is_typed_is_drawn_and_a_link_changes_no_profile(
    page: Page, offline: str
) -> None:
    visit(page, offline, "?categories=gr-qc")
    page.wait_for_function("location.search.includes('categories=gr-qc')")
    visit(page, offline)
    page.wait_for_function("location.search.includes('categories=astro-ph.CO')")
    page.click("#sk-categories input")
    page.keyboard.type("gr-qc")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('categories=astro-ph.CO+gr-qc')")


@pytest.mark.slow
def test_an_empty_library_says_so_instead_of_a_file(page: Page) -> None:
    page.get_by_role("tab", name="Settings", exact=True).click()
    page.locator("#sk-files .label-wrap").first.click()
    page.click("#sk-library-export")
    page.wait_for_selector("#sk-library-note .cd-information")
    assert "nothing to export" in page.inner_text("#sk-library-note")
    assert not page.locator("#sk-library-file").is_visible()


def test_the_keys_are_told_and_reach_the_papers(page: Page) -> None:
    page.keyboard.press("?")
    said = page.inner_text("#sk-keys")
    assert all(key in said.split() for key in ("j", "k", "o", "l", "x", "s", "n", "/", "?"))
    page.keyboard.press("?")
    assert not page.locator("#sk-keys").is_visible()
    page.click(".sk-do-keys")
    assert page.locator("#sk-keys").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('#sk-search') !== null")
    page.evaluate("document.activeElement.blur()")
    page.locator(".sk-skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#sk-list .sk-card:first-child')")
    page.keyboard.press("n")
    page.wait_for_function("document.activeElement.closest('#sk-note-box') !== null")


def test_tab_leaves_a_list_of_options_for_what_comes_next(page: Page) -> None:
    page.locator("#sk-more-days .label-wrap").first.click()
    page.locator("#sk-missing-day input").focus()
    page.wait_for_selector("[role=listbox]")
    page.keyboard.press("Tab")
    page.wait_for_selector("[role=listbox]", state="detached")
    assert page.evaluate("document.activeElement.id") == "sk-fetch-day"


@pytest.mark.slow
def test_one_dislike_leaves_what_was_asked_for_and_says_what_moved(page: Page) -> None:
    page.get_by_role("tab", name="Settings", exact=True).click()
    page.fill("#sk-interests textarea", "21cm\nS8 tension\ncluster lensing\nGW sirens")
    page.click("#sk-save-settings")
    page.wait_for_selector("#sk-settings-note .cd-information")
    page.get_by_role("tab", name="Today", exact=True).click()
    first = "document.querySelector('#sk-list .sk-card').classList.contains('sk-id-sample.0008')"
    page.wait_for_function(first)
    page.locator(f"{card(17)} .sk-do-dislike").click()
    page.wait_for_selector("#sk-moved .sk-undo")
    assert "fifths" not in page.inner_text("#sk-moved")
    page.wait_for_timeout(500)
    assert page.evaluate(first)
    page.locator(f"{card(1)} summary").click()
    page.locator(f"{card(1)} .sk-do-follow").first.click()
    page.wait_for_function("document.querySelector('#sk-moved').innerText.includes('Followed')")
    page.wait_for_function("[...document.querySelectorAll('#sk-list .sk-card')].slice(0, 6)"
                           ".some(c => c.classList.contains('sk-id-sample.0001'))")


def test_on_a_phone_a_paper_is_in_the_first_screen_and_ask_opens_in_view(phone: Page) -> None:
    box = phone.locator("#sk-list .sk-card").first.bounding_box()
    assert box is not None and box["y"] < 600
    phone.click(".sk-do-bar")
    phone.locator("#sk-more-days .label-wrap").click()  # open it, and read on
    phone.click(".sk-do-bar")
    box = phone.locator("#sk-list .sk-card").first.bounding_box()
    assert box is not None and box["y"] + box["height"] < PHONE["height"]
    small = phone.evaluate("""() => [...document.querySelectorAll(
      '#sk-list :is(button, summary, a), .sk-tools button')].filter(e => e.getClientRects().length)
      .map(e => [e.className, e.getBoundingClientRect()])
      .filter(([_, r]) => r.width < 24 || r.height < 24).map(([name]) => name)""")
    assert small == []
    details(phone, 3, "ask")
    phone.wait_for_function("""() => {
      const r = document.querySelector('#sk-question textarea').getBoundingClientRect();
      return r.top > 0 && r.bottom < innerHeight;
    }""")


@pytest.mark.slow
def test_on_a_phone_a_long_tldr_ends_after_a_word_until_it_is_pressed(phone: Page) -> None:
    phone.wait_for_selector("#sk-list .sk-dots", state="attached")
    line = phone.locator("#sk-list .sk-card:has(.sk-dots)").first
    assert not line.locator(".sk-rest").is_visible()
    cut = line.locator(".sk-tldr").evaluate("e => e.scrollHeight > e.clientHeight + 1")
    assert not cut
    line.locator(".sk-words").click()
    assert line.locator(".sk-rest").is_visible()
    assert not line.locator(".sk-dots").is_visible()


@pytest.mark.slow
def test_on_a_phone_a_missing_day_of_a_link_can_be_fetched(phone: Page, offline: str) -> None:
    phone.goto(f"{offline}?day=2026-01-14")
    phone.wait_for_selector("#sk-note .cd-error")
    phone.wait_for_selector("#sk-fetch-day", state="visible")
    assert phone.input_value("#sk-missing-day input").endswith("14 Jan 2026")
