"""A visit to skimArxiv in Chromium: the way a person goes in the morning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from apps.shared.assistant import models
from apps.skimarxiv.service import skim_service
from tests.apps.cosmogemma.fixture import Scripted as Speaker
from tests.apps.skimarxiv.fixture import HOSTILE, MATHS, PAPERS, TENSE
from tests.apps.visit import Visit
from tests.core.literature.arxiv.feed_server import FeedServer

pytestmark = pytest.mark.browser

LIST = "#sk-list .sk-card"


def card(id: str) -> str:
    return f"#sk-list [class~='sk-id-{id}']"


class Scripted(Speaker):
    """A backend that remembers what it was given to read."""

    prompt = ""

    def stream(self, prompt: str, **named: Any) -> Iterator[str]:
        self.prompt = prompt
        yield from super().stream(prompt, **named)


class Morning(Visit):
    """A visit to the page "Today"."""

    def ready(self) -> None:
        """The feed's papers are there, and their TL;DRs."""
        self.page.wait_for_selector(card(MATHS.paper.id), state="attached")
        self.page.wait_for_function(
            f"document.querySelectorAll('{LIST}').length == {len(PAPERS)} && "
            "!document.querySelector('.sk-wait')")

    def shown(self) -> list[str]:
        """Ids of the cards that are on show, in order."""
        return self.page.evaluate(f"""() => [...document.querySelectorAll('{LIST}')]
          .filter(c => !c.hidden)
          .map(c => [...c.classList].find(n => n.startsWith('sk-id-')).slice(6))""")

    def press(self, id: str, verb: str, nth: int = 0) -> None:
        """Press a button of a card; what is not in the compact card is in what opens."""
        button = self.page.locator(f"{card(id)} .sk-do-{verb}").nth(nth)
        if not button.is_visible():
            self.page.locator(f"{card(id)} summary").click()
        button.click()

    def on(self, id: str, verb: str) -> None:
        self.page.wait_for_selector(f"{card(id)} .sk-do-{verb}.sk-on[aria-pressed=true]",
                                    state="attached")

    def kept(self) -> None:
        """Everything that was pressed is in the profile."""
        self.page.wait_for_function("window.sk.log.length === 0")

    def choose(self, field: str, option: str) -> None:
        self.page.click(f"#{field} input")
        self.page.get_by_role("option", name=option).first.click()
        self.page.keyboard.press("Escape")

    def reload(self) -> None:
        """Load the page again, which ends what still streams."""
        self.page.reload()
        self.faults[:] = [
            fault for fault in self.faults if "Abort" not in fault and "errored out" not in fault
        ]

    def tab_to(self, title: str) -> None:
        self.page.get_by_role("tab", name=title, exact=True).click()


@pytest.fixture(scope="module")
def visit(browser: Browser, skimarxiv_address: str) -> Iterator[Morning]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    visit = Morning(context.new_page(), skimarxiv_address)
    visit.open()
    yield visit
    assert visit.faults == []


def test_the_sample_is_there_at_once_and_then_the_day_with_its_tldrs(visit: Morning) -> None:
    visit.page.wait_for_selector(LIST)
    visit.ready()
    assert "18 November 2026" in visit.page.inner_text("#sk-state")
    assert "Sample" not in visit.page.inner_text("#sk-state")
    assert visit.shown() == [item.paper.id for item in PAPERS]


def test_mathematics_is_drawn_and_a_failing_formula_hides_nothing(visit: Morning) -> None:
    page, at = visit.page, card(MATHS.paper.id)
    assert "0<z<2" in page.locator(f"{at} h3").inner_text().replace(" ", "")
    assert page.locator(f"{at} h3 .katex").count() == 2
    page.locator(f"{at} summary").click()
    text = page.locator(f"{at} .sk-abstract").inner_text()
    for words in ("Cosmic voids are empty", "notamacro", "$ a void", "A catalogue is public"):
        assert words in text
    assert page.locator(f"{at} .sk-abstract .sk-told").count() == 1


def test_a_number_shows_its_words_and_is_marked_in_the_abstract(visit: Morning) -> None:
    page, at = visit.page, card(TENSE.paper.id)
    chip = page.locator(f"{at} .sk-chip").first
    assert "H₀ = 74 ± 1 km/s/Mpc" in chip.inner_text()
    chip.focus()
    assert "from kangaroos" in page.locator(f"{at} .sk-tip").first.inner_text()
    assert page.locator(f"{at} .sk-lit").count()
    chip.press("Enter")
    assert page.locator(f"{at} mark.sk-m0").first.is_visible()
    assert "5.8" in page.locator(f"{at} .sk-flag").inner_text()
    page.locator(f"{at} summary").focus()
    assert not page.locator(f"{at} .sk-lit").count()


def test_filters_and_orders_act_at_once(visit: Morning) -> None:
    page = visit.page
    page.locator("#sk-filters > button, #sk-filters .label-wrap").first.click()
    page.get_by_label("flagged", exact=True).check()
    page.wait_for_selector("#sk-count p")
    assert visit.shown() == [TENSE.paper.id]
    page.get_by_label("flagged", exact=True).uncheck()
    page.wait_for_selector("#sk-count p", state="detached")
    visit.choose("sk-survey", "Euclid (1)")
    page.wait_for_selector("#sk-count p")
    assert visit.shown() == [TENSE.paper.id]
    page.locator("#sk-survey .token-remove").first.click()
    page.wait_for_selector("#sk-count p", state="detached")
    visit.choose("sk-sort", "flags")
    page.wait_for_function(f"document.querySelector('{LIST}').classList"
                           f".contains('sk-id-{TENSE.paper.id}')")
    visit.wait_for_link("sort=flags")
    page.wait_for_function("document.querySelector('#sk-link :is(input, textarea)').value"
                           ".includes('sort=flags')")
    visit.choose("sk-sort", "arXiv's order")
    visit.wait_for_link("sort=arxiv")
    page.wait_for_function(f"document.querySelector('{LIST}').classList"
                           f".contains('sk-id-{MATHS.paper.id}')")
    assert visit.shown() == [item.paper.id for item in PAPERS]
    visit.choose("sk-sort", "your interests")
    visit.wait_for_link("sort=interest")


def test_likes_saves_follows_and_notes_survive_a_reload(visit: Morning) -> None:
    page = visit.page
    for id, verb in ((MATHS.paper.id, "like"), (TENSE.paper.id, "save"),
                     (HOSTILE.paper.id, "dislike"), (TENSE.paper.id, "follow")):
        visit.press(id, verb)  # faster than the server answers
        visit.on(id, verb)
    visit.kept()
    visit.press(TENSE.paper.id, "note")
    page.wait_for_selector("#sk-panel")
    page.fill("#sk-note-box textarea", "Check the kangaroos, $H_0$ <b>first</b>")
    page.click("#sk-keep")
    page.wait_for_selector("#sk-panel-note .cd-information")
    page.click("#sk-close")
    page.wait_for_selector("#sk-panel", state="detached")
    visit.reload()
    visit.ready()
    page.wait_for_function("document.querySelector('#sk-state').innerText.includes('Ordered by')")
    for id, verb in ((MATHS.paper.id, "like"), (TENSE.paper.id, "save"),
                     (HOSTILE.paper.id, "dislike"), (TENSE.paper.id, "follow")):
        visit.on(id, verb)
    assert "<b>first</b>" in page.text_content(
        f"{card(TENSE.paper.id)} .sk-note-text")
    assert "whom you follow" in page.text_content(f"{card(TENSE.paper.id)} .sk-why >> nth=0")


def test_saved_papers_make_a_sheet_and_bibtex(visit: Morning, tmp_path: Path) -> None:
    page = visit.page
    visit.tab_to("Saved")
    page.wait_for_selector("#sk-saved-list .sk-card")
    assert page.locator("#sk-saved-list .sk-card").count() == 1
    for button, name, words in (("sk-sheet", "club.md", "Check the kangaroos"),
                                ("sk-bibtex", "saved.bib", TENSE.paper.id)):
        page.wait_for_selector(f"#{button}:not([disabled])")
        with page.expect_download() as caught:
            page.click(f"#{button}")
        caught.value.save_as(tmp_path / name)
        assert words in (tmp_path / name).read_text()
    page.locator("#sk-saved-list summary").click()
    page.locator("#sk-saved-list .sk-do-read").click()
    page.wait_for_selector("#sk-panel #sk-head .sk-paper")
    assert "disputed" in page.inner_text("#sk-head")
    page.click("#sk-close")


def test_settings_order_the_list_and_the_profile_goes_out_and_in(
    visit: Morning, tmp_path: Path
) -> None:
    page = visit.page
    visit.tab_to("Settings")
    page.wait_for_function("document.querySelector('#sk-authors textarea').value === 'Cy Possum'")
    page.fill("#sk-interests textarea", "weak lensing peak counts")
    page.fill("#sk-muted textarea", "Zeldonium")
    page.click("#sk-save-settings")
    page.wait_for_selector("#sk-settings-note .cd-information")
    visit.tab_to("Today")
    last = f"document.querySelector('{LIST}:last-child').classList.contains('sk-id-{{}}')"
    page.wait_for_function(last.format(HOSTILE.paper.id))
    fourth = f"[...document.querySelectorAll('{LIST}')].slice(0, 4)"
    page.wait_for_function(f"{fourth}.some(card => card.classList.contains('sk-id-2611.00104'))")
    visit.tab_to("Settings")
    page.locator("#sk-files > button, #sk-files .label-wrap").first.click()
    page.wait_for_selector("#sk-export:not([disabled])")
    with page.expect_download() as caught:
        page.click("#sk-export")
    caught.value.save_as(tmp_path / "profile.json")
    profile = json.loads((tmp_path / "profile.json").read_text())
    assert profile["muted"] == ["Zeldonium"] and TENSE.paper.id in profile["saved"]
    (tmp_path / "bad.json").write_text('{"liked": ["<b>"]}')
    page.set_input_files("[data-testid^='Import a profile']", tmp_path / "bad.json")
    page.wait_for_selector("#sk-settings-note .cd-error")
    page.click("#sk-reset")
    page.wait_for_function("document.querySelector('#sk-muted textarea').value === ''")
    page.click("#sk-unreset")
    page.wait_for_function("document.querySelector('#sk-muted textarea').value === 'Zeldonium'")
    page.click("#sk-reset")
    page.wait_for_function("document.querySelector('#sk-muted textarea').value === ''")
    page.set_input_files("[data-testid^='Import a profile']", tmp_path / "profile.json")
    page.wait_for_function("document.querySelector('#sk-muted textarea').value === 'Zeldonium'")


def test_search_days_and_links(visit: Morning, browser: Browser) -> None:
    page = visit.page
    visit.tab_to("Today")
    page.fill("#sk-search textarea, #sk-search input", "kangaroos")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('{LIST}').length === 1")
    visit.wait_for_link("q=kangaroos")
    other = Morning(browser.new_page(), visit.address)
    other.page.goto(f"{visit.address}?tab=today&q=kangaroos&sort=nonsense&day=never")
    other.page.wait_for_selector(card(TENSE.paper.id))
    assert other.page.locator(LIST).count() == 1
    said = other.page.inner_text("#sk-note")
    assert "sort = nonsense" in said and "never" in said and other.faults == []
    for query, word in (("categories=nonsense", "“nonsense” is no arXiv category"),
                        ("paper=9901.99999", "paper = 9901.99999, which is not in this library"),
                        ("paper=what", "paper = what, which is no arXiv id")):
        other.page.goto(f"{visit.address}?{query}")
        other.page.wait_for_selector("#sk-note .cd-warning")
        assert word in other.page.inner_text("#sk-note")
        other.page.wait_for_selector(LIST, state="attached")
    other.page.close()
    page.fill("#sk-search textarea, #sk-search input", "")
    page.keyboard.press("Enter")
    visit.ready()
    later = page.get_by_role("button", name="Later day")
    assert later.get_attribute("id") == "sk-later" and later.is_disabled()


def test_nothing_that_a_paper_says_acts(visit: Morning) -> None:
    page = visit.page
    page.locator(f"{card(HOSTILE.paper.id)} summary").click()
    visit.press(HOSTILE.paper.id, "read")
    page.wait_for_function(
        "document.querySelector('#sk-head')?.innerText.includes('Zeldonium')")
    page.wait_for_timeout(300)
    found = page.evaluate("""() => [...document.querySelectorAll('#sk-list, #sk-panel')].map(e =>
      [...e.querySelectorAll('img, video, iframe, form, script, style, object, embed, ' +
        'svg[onload], [onerror], [style*="position:fixed"], .prose input, a')]
        .map(x => x.outerHTML.slice(0, 90))
    ).flat().filter(x => !/href="https:..arxiv.org.(abs|pdf)/.test(x))""")
    assert found == []
    assert page.title() != "taken" and "<script>" in page.inner_text("#sk-head")
    assert page.locator(f"{LIST}").count() == len(PAPERS)  # it closed no tag of ours
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.click("#sk-close")


def test_a_question_about_a_paper_is_answered_from_its_abstract_alone(
    visit: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.literature.assistant.cosmogemma import CosmoGemma

    holder, speaker = models.Holder(), Scripted("Kangaroos were used.")
    holder.model = CosmoGemma(skim_service().library, speaker)
    monkeypatch.setattr(models, "_holder", holder)
    page = visit.page
    visit.press(TENSE.paper.id, "ask")
    page.wait_for_function("document.activeElement?.closest('#sk-question')")
    page.keyboard.type("How is the Hubble constant measured?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sk-answer .cg-source")
    assert "Kangaroos were used." in page.inner_text("#sk-answer")
    assert page.locator("#sk-answer .cg-source").count() == 1
    assert "How is the Hubble constant measured?" in speaker.prompt
    assert "kangaroos seen by Euclid" in speaker.prompt
    assert "Zeldonium" not in speaker.prompt
    page.click("#sk-close")


def test_what_is_asked_about_the_numbers_is_answered_as_the_page_flags_them(
    visit: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.literature.assistant.cosmogemma import CosmoGemma

    holder = models.Holder()
    holder.model = CosmoGemma(skim_service().library, Scripted("No."))
    monkeypatch.setattr(models, "_holder", holder)
    page = visit.page
    visit.press(TENSE.paper.id, "ask")
    page.fill("#sk-question textarea", "Is there tension with Planck?")
    page.locator("#sk-question textarea").press("Enter")
    page.wait_for_function("document.querySelector('#sk-answer').innerText.includes('Yes:')")
    assert "5.8σ" in page.inner_text("#sk-answer").replace(" ", "")
    assert "5.8" in page.inner_text("#sk-head .sk-flag")
    page.click("#sk-close")


@pytest.mark.slow
def test_late_words_stand_under_no_newer_question_and_under_no_other_paper(
    visit: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.literature.assistant.cosmogemma import CosmoGemma

    holder = models.Holder()
    holder.model = CosmoGemma(skim_service().library, Speaker("late " * 200, pause=0.05))
    monkeypatch.setattr(models, "_holder", holder)
    page = visit.page
    visit.press(TENSE.paper.id, "ask")
    ask = page.locator("#sk-question textarea")
    ask.fill("How is the Hubble constant measured?")
    ask.press("Enter")
    page.wait_for_function("document.querySelector('#sk-answer').innerText.includes('late')")
    ask.fill("Is there tension with Planck?")
    ask.press("Enter")
    page.wait_for_function("document.querySelector('#sk-answer').innerText.includes('Yes:')")
    page.wait_for_timeout(1500)
    assert "late" not in page.inner_text("#sk-answer")
    ask.fill("How is the Hubble constant measured?")
    ask.press("Enter")
    page.wait_for_function("document.querySelector('#sk-answer').innerText.includes('late')")
    visit.press(MATHS.paper.id, "read")
    page.wait_for_function("document.querySelector('#sk-head').innerText.includes('Quokka')")
    page.wait_for_timeout(1500)
    assert page.inner_text("#sk-answer").strip() == ""
    page.click("#sk-close")


def test_the_keys_go_from_paper_to_paper(visit: Morning) -> None:
    page = visit.page
    page.locator(LIST).first.focus()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.previousElementSibling.previousElementSibling"
                         " === null")
    page.keyboard.press("o")
    assert page.locator(f"{LIST}:nth-child(2) details[open]").count() == 1
    page.keyboard.press("k")
    page.keyboard.press("s")
    page.wait_for_selector(f"{LIST}:first-child .sk-do-save.sk-on")
    page.keyboard.press("s")
    page.wait_for_selector(f"{LIST}:first-child .sk-do-save:not(.sk-on)")
    visit.kept()


ALIKE = ("2611.00001", "2611.00002", "2611.00003", "2611.00004", "2611.00005")


def test_a_dislike_acts_at_once_where_it_is_pressed_and_is_taken_back(
    browser: Browser, skimarxiv_address: str
) -> None:
    other = Morning(browser.new_page(viewport={"width": 1280, "height": 700}), skimarxiv_address)
    other.open()
    other.ready()
    page, before, id = other.page, other.shown(), TENSE.paper.id
    top = "at => document.querySelector(at).getBoundingClientRect().top"
    other.press(id, "like")
    page.wait_for_selector("#sk-moved .sk-undo")
    page.wait_for_function(f"document.querySelector(`{card(id)} .sk-because`).textContent")
    page.locator("#sk-moved .sk-undo").click()
    page.wait_for_function("document.querySelector('#sk-moved').innerText.includes('Taken back')")
    page.wait_for_selector(f"{card(id)} .sk-do-like:not(.sk-on)")
    assert other.shown() == before
    page.fill("#sk-search textarea, #sk-search input", "kangaroos")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sk-moved .sk-moved", state="hidden")
    page.fill("#sk-search textarea, #sk-search input", "")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('{LIST}').length === {len(PAPERS)}")
    pressed = before.index(ALIKE[0])
    page.locator(f"{card(ALIKE[0])} .sk-do-dislike").scroll_into_view_if_needed()
    y = page.evaluate(top, card(ALIKE[0]))
    other.press(ALIKE[0], "dislike")
    page.wait_for_function("""before => [...document.querySelectorAll('#sk-list .sk-card')].map(
      c => [...c.classList].find(n => n.startsWith('sk-id-')).slice(6)).join() !== before""",
                           arg=",".join(before))
    page.wait_for_timeout(200)
    after = other.shown()
    assert after.index(ALIKE[0]) == pressed
    assert abs(page.evaluate(top, card(ALIKE[0])) - y) < 3
    rest = [one for one in before if one not in ALIKE]
    assert max(after.index(one) for one in rest) < min(after.index(one) for one in ALIKE[1:])
    other.kept()
    other.reload()
    other.ready()
    page.wait_for_function(
        f"document.querySelector('{LIST}:last-child').classList.contains('sk-id-{ALIKE[0]}')")
    page.close()


def test_the_list_is_compact_and_a_paper_opens_in_place(
    browser: Browser, skimarxiv_address: str
) -> None:
    other = Morning(browser.new_page(viewport={"width": 1440, "height": 900}), skimarxiv_address)
    other.open()
    other.ready()
    page, opened = other.page, f"{LIST} details[open]"
    plain = [card(id) for id in ALIKE]
    heights = [page.locator(at).bounding_box()["height"] for at in plain]  # type: ignore[index]
    assert max(heights) <= 90  # ninety papers are nine screens
    assert page.locator(opened).count() == 0
    page.locator(f"{plain[0]} h3").click()
    assert page.locator(f"{plain[0]} details[open] .sk-text").is_visible()
    page.locator(f"{plain[0]} summary").press("Enter")
    assert page.locator(opened).count() == 0
    page.click(".sk-do-all")
    assert page.locator(opened).count() == len(PAPERS)
    page.click(".sk-do-all")
    assert page.locator(opened).count() == 0
    page.close()


def test_interests_are_shown_as_what_they_became(visit: Morning) -> None:
    page = visit.page
    with page.expect_response("**/run/predict**"):  # what is kept fills the boxes first
        visit.tab_to("Settings")
    page.wait_for_timeout(300)
    page.fill("#sk-interests textarea", "21cm")
    page.click("#sk-save-settings")
    page.wait_for_function("document.querySelector('#sk-read-as').innerText.includes('21cm →')")
    assert "HI, reionization signal" in page.inner_text("#sk-read-as")
    page.fill("#sk-interests textarea", "")
    page.click("#sk-save-settings")
    page.wait_for_function("!document.querySelector('#sk-read-as li')")
    visit.tab_to("Today")


@pytest.mark.slow
def test_a_broken_profile_in_the_browser_is_said(
    browser: Browser, skimarxiv_address: str
) -> None:
    other = Morning(browser.new_page(), skimarxiv_address)
    other.open()
    other.ready()
    other.press(TENSE.paper.id, "like")
    other.kept()
    other.page.evaluate("localStorage.setItem('cosmodesk-skimarxiv', '\"broken\"')")
    other.reload()
    other.ready()
    assert not other.page.locator(f"{LIST} .sk-do-like.sk-on").count()
    other.page.close()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_phone_never_scrolls_sideways(
    browser: Browser, skimarxiv_address: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    other = Morning(context.new_page(), skimarxiv_address)
    other.open()
    other.ready()
    page = other.page
    for part in ("h3", ".sk-do-like", ".sk-do-dislike", ".sk-do-save"):
        box = page.locator(f"{LIST} {part}").first.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 844, part  # the first screen
    assert not page.locator("#sk-search").is_visible()
    page.click(".sk-do-bar")
    assert page.locator("#sk-search").is_visible()
    page.click(".sk-do-bar")
    for summary in page.locator(f"{LIST} summary").all()[:4]:
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    other.press(HOSTILE.paper.id, "read")
    page.wait_for_selector("#sk-panel .sk-paper")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#sk-panel").bounding_box()
    assert box is not None and box["width"] <= 390 and box["height"] >= 800
    page.click("#sk-close")
    for tab in ("Saved", "Settings", "About"):
        other.tab_to(tab)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert other.faults == []
    context.close()


def test_the_feed_was_asked_once_for_all_of_them(feed: FeedServer, visit: Morning) -> None:
    assert len([path for path in feed.paths if path.startswith("/atom")]) == 1
