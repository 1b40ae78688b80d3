"""Nothing is answered unasked, nothing typed is lost, and the last press wins: in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route

from apps.cosmogemma.examples import QUIZZES
from tests.apps.cosmogemma.fixture import Scripted
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

CHAT, QUIZ, STORM = "#cg-ask-box textarea", "#cg-quiz-text textarea", "#cg-storm-topic textarea"
ANSWERED = "#cg-ask-box .submit-button"
OLDER, NEWER = "What are cosmic voids?", "What is dark energy?"
WATCH = """
() => {
  window.seen = [];
  const last = at => [...document.querySelectorAll(at)].pop()?.innerText ?? "";
  const look = () => window.seen.push([
    last("#cg-chat [data-testid=user]"), last("#cg-chat [data-testid=bot]")]);
  new MutationObserver(look).observe(document.querySelector("#cg-chat"),
                                     {childList: true, subtree: true, characterData: true});
}
"""


class Echo(Scripted):
    """Says the end of what it was given, again and again, so that an answer names its question."""

    def __init__(self, pause: float = 0.05, times: int = 60) -> None:
        super().__init__("", pause)
        self.times = times
        self.asked: list[str] = []
        self.weighing = threading.Event()
        self.weighing.set()

    def stream(self, prompt: str, **named: Any) -> Iterator[str]:
        self.asked.append(prompt)
        about = "energy" if "energy" in prompt.rpartition("Question:")[2] else "voids"
        self.text = " ".join([f"{about}-answer"] * self.times)
        yield from super().stream(prompt, **named)

    def log_likelihoods(self, prompt: str, continuations: Any) -> Any:
        self.asked.append(prompt)
        if "tidal field" in prompt:
            self.weighing.wait(60)
        return super().log_likelihoods(prompt, continuations)


@contextmanager
def held_back(page: Page) -> Iterator[None]:
    """What the page sends to the server, held back within the block: a slow connection."""
    held: list[Route] = []
    slow = True

    def hold(route: Route) -> None:
        if slow:
            held.append(route)
        else:
            route.continue_()

    page.route("**/queue/join*", hold)
    yield
    slow = False
    for route in held:
        route.continue_()


@pytest.mark.parametrize("tab", [
    "ask", *(pytest.param(tab, marks=pytest.mark.slow) for tab in ("quiz", "brainstorm")),
])
def test_a_page_that_is_opened_answers_nothing(
    opened: Callable[..., Visit], speaking: Callable, tab: str
) -> None:
    with speaking(echo := Echo()):
        page = opened(f"?tab={tab}").page
        for name in ("Multiple choice", "Brainstorm", "Ask"):
            page.get_by_role("tab", name=name, exact=True).click()
            page.wait_for_timeout(700)
        assert echo.asked == []
        assert not page.locator(".cg-bars, .cg-idea, #cg-chat [data-testid=bot]").count()
        assert page.input_value(QUIZ) == page.input_value(STORM) == ""


@pytest.mark.parametrize(("tab", "title", "box"), [
    ("ask", "Ask", CHAT),
    pytest.param("brainstorm", "Brainstorm", STORM, marks=pytest.mark.slow),
    pytest.param("quiz", "Multiple choice", QUIZ, marks=pytest.mark.slow),
])
@pytest.mark.parametrize("asks", [
    pytest.param("", id="plain", marks=pytest.mark.slow),
    pytest.param("&q=What+is+reionization%3F&topic=reionization", id="link with a question"),
])
def test_what_is_typed_at_once_stays(
    browser: Browser, cosmogemma_address: str, speaking: Callable, tab: str, title: str, box: str,
    asks: str,
) -> None:
    with speaking(echo := Echo()):
        visit = Visit(browser.new_page(), cosmogemma_address)
        page = visit.page
        with held_back(page):
            page.goto(f"{cosmogemma_address}?tab={tab}{asks}")
            page.get_by_role("tab", name=title, exact=True).click()
            page.fill(box, "my own words")
        visit.wait_for_link(f"tab={tab}")
        page.wait_for_timeout(1500)
        assert page.input_value(box) == "my own words" and echo.asked == []
        page.close()


@pytest.mark.parametrize(
    ("tab", "name", "words", "shown"),
    [("ask", "q", OLDER, "#cg-chat [data-testid=bot]"),
     ("quiz", "q", QUIZZES[0].text, "#cg-quiz-view .cg-bars"),
     pytest.param("brainstorm", "topic", "weak lensing", "#cg-storm-view .cg-idea",
                  marks=pytest.mark.slow)],
)
def test_a_link_with_a_question_is_answered(
    opened: Callable[..., Visit], speaking: Callable, tab: str, name: str, words: str, shown: str
) -> None:
    with speaking(Echo(0.0, 5)):
        visit = opened(f"?tab={tab}&{name}={quote(words)}")
        visit.page.wait_for_selector(shown)
        visit.wait_for_link(f"{name}=")
        boxes = {"quiz": QUIZ, "brainstorm": STORM}
        assert tab not in boxes or visit.page.input_value(boxes[tab]) == words


def test_a_question_asked_during_an_answer_takes_its_place(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Echo()):
        page = opened("?tab=ask").page
        page.wait_for_selector("#cg-chat")
        page.evaluate(WATCH)
        page.fill(CHAT, OLDER)
        page.locator(CHAT).press("Enter")
        page.wait_for_function("document.querySelector('#cg-chat').innerText.includes('s-answer')")
        page.fill(CHAT, NEWER)
        page.locator(CHAT).press("Enter")
        page.fill(CHAT, "a third one, being typed")
        page.wait_for_function("location.search.includes('dark+energy')")
        page.wait_for_timeout(1500)  # for late words, if there were any
        seen = page.evaluate("window.seen")
        assert page.locator("#cg-chat [data-testid=user]").all_inner_texts() == [OLDER, NEWER]
        older, newer = page.locator("#cg-chat [data-testid=bot]").all_inner_texts()
        assert "Stopped here." in older and "energy" not in older
        assert "energy-answer" in newer
        assert [text for question, text in seen if question == NEWER and "voids-" in text] == []
        assert page.input_value(CHAT) == "a third one, being typed"
        assert not page.inner_text("#cg-ask-note").strip()


@pytest.mark.slow
def test_an_example_pressed_during_an_answer_takes_its_place(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(echo := Echo()):
        page = opened("?tab=quiz").page
        echo.weighing.clear()
        page.click("#cg-quiz-example-2")
        page.wait_for_function(
            "document.querySelector('#cg-quiz-view').innerText.includes('Comparing')")
        page.click("#cg-quiz-example-3")
        page.wait_for_function(
            f"document.querySelector('{QUIZ}').value.includes('acoustic')")
        page.wait_for_timeout(1500)
        echo.weighing.set()
        page.wait_for_selector("#cg-quiz-view .cg-bars")
        assert "acoustic" in page.inner_text("#cg-quiz-view")
        page.wait_for_timeout(1000)
        assert "acoustic" in page.inner_text("#cg-quiz-view")
        assert "acoustic" in page.evaluate("location.search")


@pytest.mark.slow
def test_a_topic_asked_during_another_takes_its_place_and_nothing_is_said_above(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Echo(0.05, 20)):
        page = opened("?tab=brainstorm").page
        page.click("#cg-storm-example-2")
        page.wait_for_selector("#cg-storm-view .cg-idea")
        page.fill(STORM, "21 cm cosmology")
        page.click("#cg-storm-button")
        page.wait_for_function("location.search.includes('topic=21+cm+cosmology')")
        assert page.locator("#cg-storm-view .cg-idea").count() == 3
        assert "being written" not in page.inner_text("#cg-storm-view")
        assert page.inner_text("#cg-storm-note").strip() == ""
        before = page.inner_text("#cg-storm-view")
        page.wait_for_timeout(1500)
        assert page.inner_text("#cg-storm-view") == before


def test_a_question_that_cannot_be_asked_goes_back_into_its_box(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Echo(0.0, 5)):
        page = opened("?tab=ask").page
        for _ in range(2):
            page.fill(CHAT, "x" * 4100)
            page.locator(CHAT).press("Enter")
            page.wait_for_selector("#cg-ask-note .cd-error")
            page.wait_for_function(f"document.querySelector('{CHAT}').value.length === 4100")
