"""A visit to CosmoGemma in Chromium, with the real model: the way a person goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from apps.cosmogemma.examples import QUESTIONS as EXAMPLES
from apps.cosmogemma.examples import QUIZZES
from apps.shared.assistant import turns
from tests.apps.cosmogemma.fixture import (
    HOSTILE_QUESTION,
    MATHS_QUESTION,
    NASTY,
    Scripted,
)
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

BOX = "#cg-ask-box textarea"
SLOW = " ".join(f"word{i}" for i in range(400))
ANSWERS = "#cg-chat [data-testid=bot]"
QUESTIONS = "#cg-chat [data-testid=user]"
WATCH = """
() => {
  window.seen = new Set();
  const look = () => { const all = document.querySelectorAll('#cg-chat [data-testid=bot]');
    if (all.length) window.seen.add(all[all.length - 1].innerText); };
  window.watcher = new MutationObserver(look);
  window.watcher.observe(document.querySelector('#cg-chat'),
                         {childList: true, subtree: true, characterData: true});
}
"""


class Talk(Visit):
    """A visit to the page "Ask"."""

    def ask(self, question: str, wait: bool = True) -> None:
        asked = self.page.locator(QUESTIONS).count()
        self.page.fill(BOX, question)
        self.page.locator(BOX).press("Enter")
        self.page.locator(QUESTIONS).nth(asked).wait_for()  # with it comes the stop button
        if wait:
            self.page.locator(ANSWERS).nth(asked).wait_for()  # the older answer is none to this
            self.answered()

    def answered(self) -> None:
        self.page.wait_for_selector("#cg-ask-box .submit-button")

    def answer(self) -> str:
        return self.page.locator(ANSWERS).last.inner_text()

    def press(self, name: str, nth: int = -1) -> None:
        self.page.locator(f"#cg-chat button[aria-label='{name}']").nth(nth).click()

    def note(self, kind: str, words: str, of: str = "ask") -> None:
        self.page.wait_for_function(
            "([at, words]) => document.querySelector(at)?.innerText.includes(words)",
            arg=[f"#cg-{of}-note .cd-{kind}", words],
        )


@pytest.fixture(scope="module")
def visit(browser: Browser, cosmogemma_address: str) -> Iterator[Talk]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Talk(context.new_page(), cosmogemma_address)
    visit.open()
    yield visit
    assert visit.faults == []


def test_the_first_view_offers_examples_and_opens_the_model(visit: Talk) -> None:
    assert visit.page.locator("#cg-chat .example").count() == len(EXAMPLES)
    assert "Gemma Terms of Use" in visit.page.inner_text(".gradio-container")
    visit.page.wait_for_function(
        "document.querySelector('#cg-status').innerText.includes('texts in the library')")


def test_an_example_is_answered_at_one_click_beside_its_sources(visit: Talk) -> None:
    visit.page.locator("#cg-chat .example").first.click()
    visit.wait_for_link("q=What+is+the+Hubble")
    visit.page.locator(f"{ANSWERS} blockquote").first.wait_for()
    visit.page.locator("#cg-sources .cg-source").first.wait_for()
    assert visit.page.locator(ANSWERS).count() == 1
    assert "From the built-in library" in visit.page.inner_text("#cg-sources")


def test_an_answer_streams_and_its_mathematics_is_drawn(visit: Talk) -> None:
    visit.page.evaluate(WATCH)
    visit.ask(MATHS_QUESTION)
    assert visit.page.evaluate("window.seen.size") >= 3
    assert "27.5" in visit.answer() and "[1]" in visit.answer()
    assert visit.page.locator(f"{ANSWERS} .katex").count()
    marked = visit.page.locator("#cg-sources details[open] mark")
    assert "27.5" in marked.first.inner_text() and marked.locator(".katex").count()
    assert "a<b" in visit.page.locator("#cg-sources .cg-text").first.inner_text().replace(" ", "")
    assert visit.page.get_attribute("#cg-sources .cg-where a", "href") == (
        "https://arxiv.org/abs/2401.00001")


def test_a_multiple_choice_prompt_in_the_chat_gets_a_letter_and_bars(visit: Talk) -> None:
    visit.page.click("#cg-ask-new")
    visit.page.locator("#cg-chat .example").last.click()
    visit.page.wait_for_selector("#cg-sources .cg-bars")
    visit.answered()
    assert visit.answer().strip()[0] in "ABCD"
    assert visit.page.locator("#cg-sources .cg-bars li").count() == 4


def test_what_is_empty_or_too_long_is_one_sentence_and_nothing_is_lost(visit: Talk) -> None:
    before = visit.page.inner_text("#cg-chat")
    visit.page.fill(BOX, "   ")
    visit.page.locator(BOX).press("Enter")
    visit.note("error", "no question yet")
    visit.page.fill(BOX, "x" * 4500)
    visit.page.locator(BOX).press("Enter")
    visit.note("error", "4,500 characters")
    assert len(visit.page.input_value(BOX)) == 4500
    assert visit.page.inner_text("#cg-chat") == before


def test_off_topic_is_refused_without_sources(visit: Talk) -> None:
    visit.ask("How do I bake a chocolate cake?")
    expect(visit.page.locator("#cg-chat")).to_contain_text("outside what I am made for")
    assert "outside what I am made for" in visit.answer()
    assert "not looked up" in visit.page.inner_text("#cg-sources")


def test_stop_retry_edit_copy_export_and_a_new_conversation(
    visit: Talk, speaking: Callable, tmp_path: Path
) -> None:
    page = visit.page
    page.click("#cg-ask-new")
    page.wait_for_selector("#cg-chat .example")
    with speaking(Scripted(SLOW, pause=0.2)):
        visit.ask("What are cosmic voids?", wait=False)
        page.wait_for_function(
            "document.querySelector('#cg-chat [data-testid=bot]')?.innerText.includes('word2')")
        page.click("#cg-ask-box .stop-button")
        visit.answered()
        assert "Stopped here." in visit.answer() and "word399" not in visit.answer()
    with speaking(Scripted("Voids are empty.")):
        visit.press("Retry")
        visit.wait_for_link("temperature=0.7")
        assert "Voids are empty." in visit.answer() and "Another try" in visit.answer()
        visit.ask("And superclusters?")
        visit.press("Edit", nth=0)
        page.locator("#cg-chat textarea").first.fill("How large are cosmic voids?")
        visit.press("Submit")
        visit.wait_for_link("q=How+large")
        assert page.locator(QUESTIONS).all_inner_texts() == ["How large are cosmic voids?"]
    visit.press("Copy message")
    page.wait_for_function("navigator.clipboard.readText().then(t => t.includes('Voids are'))")
    page.wait_for_selector("#cg-ask-export:not([disabled])")
    with page.expect_download() as caught:
        page.click("#cg-ask-export")
    caught.value.save_as(tmp_path / "talk.md")
    text = (tmp_path / "talk.md").read_text()
    assert "## How large are cosmic voids?" in text and "Voids are empty." in text
    page.click("#cg-ask-new")
    page.wait_for_selector("#cg-chat .example")
    assert "q" not in visit.query() and page.locator(ANSWERS).count() == 0


def test_the_link_asks_the_same_of_somebody_else(visit: Talk, browser: Browser) -> None:
    page = browser.new_page()
    other = Talk(page, visit.address)
    page.goto(f"{visit.address}?tab=ask&q=What+is+the+Hubble+tension%3F&sources=no&length=48&seed=3"
              "&temperature=9")
    page.wait_for_selector("#cg-note .cd-warning")
    assert "temperature = 9" in page.inner_text("#cg-note")
    page.wait_for_selector(ANSWERS)
    page.locator(ANSWERS).last.filter(has_text="from memory").wait_for()
    other.wait_for_link("temperature=0")
    assert "from memory" in page.inner_text("#cg-sources")
    assert page.locator(QUESTIONS).inner_text() == "What is the Hubble tension?"
    assert other.query()["length"] == "48" and other.faults == []
    page.close()


def test_nothing_that_the_model_or_a_paper_says_acts(
    visit: Talk, browser: Browser, speaking: Callable
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    other = Talk(page, visit.address)
    with speaking(Scripted(NASTY.replace("\n", " "))):
        other.open()
        other.ask(f"{HOSTILE_QUESTION} {NASTY}"[:1500])
        page.wait_for_selector("#cg-sources .cg-source")
        for opened in page.locator("#cg-sources .cg-source > summary").all():
            if opened.evaluate("e => !e.parentElement.open"):
                opened.click()
        page.wait_for_timeout(1500)
        shown = page.evaluate("""() => [...document.querySelectorAll(
          '#cg-chat [data-testid=user], #cg-chat [data-testid=bot], #cg-sources')].map(e =>
          [...e.querySelectorAll('img, video, iframe, form, script, style, object, embed, ' +
            'input, [onload], [onerror], [style*=fixed], a')].map(x => x.outerHTML.slice(0, 90))
        ).flat().filter(x => !x.includes('href="https://arxiv.org/abs/'))""")
        assert shown == []
        assert page.title() != "taken" and "evil.example" in page.inner_text("#cg-chat")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert page.evaluate("""() => [...document.querySelectorAll('#cg-chat *, #cg-sources *')]
          .filter(e => getComputedStyle(e).position === 'fixed').length""") == 0
    assert other.faults == []  # no request left for anywhere else, and nothing ran
    page.close()


@pytest.mark.slow
def test_two_visitors_at_once_are_both_answered(visit: Talk, browser: Browser) -> None:
    others = [Talk(browser.new_page(), visit.address) for _ in range(2)]
    for other in others:
        other.open()
        other.page.evaluate(WATCH)
    others[0].ask(MATHS_QUESTION, wait=False)
    others[1].ask("What is the cosmic microwave background?", wait=False)
    for other in others:
        other.answered()
        assert other.page.evaluate("window.seen.size") >= 3 and other.faults == []
        other.page.close()


def test_closing_the_page_frees_the_place(
    visit: Talk, browser: Browser, speaking: Callable
) -> None:
    other = Talk(browser.new_page(), visit.address)
    with speaking(Scripted(SLOW, pause=0.5)):  # minutes, if nobody stops it
        other.open()
        other.ask("What are cosmic voids?", wait=False)
        assert turns._running
        other.page.close()
        ended = time.monotonic() + 100
        while turns._running and time.monotonic() < ended:
            time.sleep(0.2)
        assert not turns._running


@pytest.mark.slow
def test_the_multiple_choice_page_answers_every_form(visit: Talk) -> None:
    page = visit.page
    page.get_by_role("tab", name="Multiple choice", exact=True).click()
    visit.wait_for_link("tab=quiz")
    for number, word in ((1, "first+stars"), (2, "tidal+field"), (3, "acoustic+peaks")):
        page.click(f"#cg-quiz-example-{number}")
        visit.wait_for_link(word)
        assert page.locator("#cg-quiz-view .cg-best").count() == 1
    page.fill("#cg-quiz-text textarea", "What is dark energy?")
    page.click("#cg-quiz-button")
    visit.note("error", "No options were found", "quiz")


def test_brainstorming_gives_three_ideas_with_their_papers(visit: Talk) -> None:
    page = visit.page
    page.get_by_role("tab", name="Brainstorm", exact=True).click()
    visit.wait_for_link("tab=brainstorm")
    page.click("#cg-storm-example-1")
    visit.wait_for_link("topic=21")
    ideas = page.locator("#cg-storm-view .cg-idea")
    expect(ideas).to_have_count(3)
    assert len({idea.locator("h3").inner_text() for idea in ideas.all()}) == 3
    for idea in ideas.all():
        assert idea.locator("dt").count() == 6 and idea.locator("li a").count() >= 1
    page.fill("#cg-storm-topic textarea", " ")
    page.click("#cg-storm-button")
    visit.note("error", "no topic yet", "storm")


def test_the_library_answers_in_quotations_and_offers_what_comes_next(visit: Talk) -> None:
    page = visit.page
    page.get_by_role("tab", name="Ask", exact=True).click()
    page.click("#cg-ask-new")
    page.wait_for_selector("#cg-chat .example")
    visit.ask("Is the Universe flat?")
    assert page.locator(f"{ANSWERS} strong").first.inner_text() == "Yes."
    quoted = page.locator(f"{ANSWERS} blockquote").first.inner_text()
    assert page.locator("#cg-sources details[open] mark").first.inner_text()[:20] in quoted
    page.locator("#cg-chat button", has_text="More").first.click()
    page.wait_for_function("document.querySelectorAll('#cg-chat [data-testid=user]').length === 2")
    visit.answered()
    assert len(page.locator(f"{ANSWERS} blockquote").last.inner_text()) > 100


def test_a_number_shows_the_code_that_gives_it(visit: Talk) -> None:
    visit.ask("What is the comoving distance to z = 2?")
    visit.page.locator(ANSWERS).last.filter(has_text="Mpc").wait_for()
    visit.page.locator(f"{ANSWERS} pre", has_text="astropy").last.wait_for()


def test_the_library_can_be_read_and_searched(visit: Talk) -> None:
    page = visit.page
    page.get_by_role("tab", name="Library", exact=True).click()
    page.locator("#cg-library-view .cg-source").first.wait_for()
    page.fill("#cg-library-search input, #cg-library-search textarea", "Silk damping")
    page.keyboard.press("Enter")
    visit.wait_for_link("search=Silk")
    page.locator("#cg-library-view .cg-source[open]", has_text="Silk").first.wait_for()
    page.fill("#cg-library-search input, #cg-library-search textarea", "qwrtz plmnk")
    page.keyboard.press("Enter")
    page.locator("#cg-library-view", has_text="No passage bears on these words").wait_for()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_phone_never_scrolls_sideways(visit: Talk, browser: Browser, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    pages = {"light": (("ask&q=What+is+the+Hubble+tension%3F", "#cg-sources .cg-source"),
                       ("about", "#cg-measured")),
             "dark": ((f"quiz&q={quote(QUIZZES[0].text)}", ".cg-bars"),
                      ("brainstorm&topic=voids", ".cg-idea"))}
    for query, ready in pages[scheme]:
        other = Visit(context.new_page(), visit.address)
        other.page.goto(f"{visit.address}?tab={query}")
        other.page.locator(f"{ready} >> visible=true").first.wait_for()
        assert other.page.evaluate("document.documentElement.scrollWidth") <= 390, query
        assert other.page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        if query.startswith("ask"):  # the sources come under the answer, above the box
            tops = [other.page.locator(at).bounding_box()["y"]  # type: ignore[index]
                    for at in ("#cg-chat", "#cg-sources")]
            assert tops[0] < tops[1]
        assert other.faults == []
        other.page.close()
    context.close()
