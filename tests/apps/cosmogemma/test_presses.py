"""Second presses, early stops and questions as they were typed: in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.apps.cosmogemma.fixture import Scripted
from tests.apps.cosmogemma.test_last_press import held_back
from tests.apps.visit import Visit

pytestmark = pytest.mark.browser

CHAT, TOPIC = "#cg-ask-box textarea", "#cg-storm-topic textarea"
ASK, STOP = "#cg-ask-box .submit-button", "#cg-ask-box .stop-button"
USER, BOT = "#cg-chat [data-testid=user]", "#cg-chat [data-testid=bot]"
QUESTION = "What are cosmic voids?"
SHORT = "Voids are empty regions of space."


@pytest.mark.parametrize("way", [
    "double click", *(pytest.param(way, marks=pytest.mark.slow)
                      for way in ("click click", "Enter Enter")),
])
def test_a_second_press_is_none(
    opened: Callable[..., Visit], speaking: Callable, way: str
) -> None:
    with speaking(Scripted(SHORT, 0.3)):
        page = opened().page
        page.fill(CHAT, QUESTION)
        if way == "double click":
            page.dblclick(ASK)
        elif way == "Enter Enter":
            page.locator(CHAT).press("Enter")
            page.wait_for_timeout(60)
            page.locator(CHAT).press("Enter")
        else:
            box = page.locator(ASK).bounding_box()
            assert box is not None
            at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.mouse.click(*at)
            page.wait_for_timeout(120)
            page.mouse.click(*at)
        page.wait_for_function("location.search.includes('q=What+are')")
        assert page.locator(USER).all_inner_texts() == [QUESTION]
        answer = page.locator(BOT).last.inner_text()
        assert "empty regions of space" in answer and "Stopped" not in answer
        assert page.input_value(CHAT) == "" and not page.inner_text("#cg-ask-note").strip()


def test_a_question_stays_in_its_box_until_it_stands_in_the_chat(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Scripted(SHORT)):
        page = opened().page
        with held_back(page):
            page.fill(CHAT, QUESTION)
            page.locator(CHAT).press("Enter")
            page.wait_for_timeout(500)
            assert page.input_value(CHAT) == QUESTION
        page.locator(USER).wait_for()
        page.wait_for_function(f"document.querySelector('{CHAT}').value === ''")


def test_a_question_that_was_not_answered_is_back_after_a_reload(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Scripted(" ".join(["word"] * 200), 0.2)):
        visit = opened()
        page = visit.page
        page.fill(CHAT, QUESTION)
        page.locator(CHAT).press("Enter")
        page.wait_for_selector(STOP)
        page.locator(USER).wait_for()
        page.reload()
        visit.faults.clear()  # Gradio's own, of the stream that was cut
        page.wait_for_function(f"document.querySelector('{CHAT}')?.value === '{QUESTION}'")
        assert page.locator(STOP).count() == 0


@pytest.mark.parametrize("words", [
    "It cost $5 and then $6, what is dark energy?", "What is <b>dark</b> energy?",
    "What is [click](x) in *cosmology* and a_b_c?",
])
def test_a_question_is_shown_as_it_was_typed(
    opened: Callable[..., Visit], speaking: Callable, words: str
) -> None:
    with speaking(Scripted(SHORT)):
        page = opened().page
        page.fill(CHAT, words)
        page.locator(CHAT).press("Enter")
        page.locator(USER).wait_for()
        page.wait_for_selector(ASK)
        assert page.locator(USER).inner_text().strip() == words
        assert not page.locator(f"{USER} .katex, {USER} b, {USER} em").count()


def test_enter_asks_for_ideas_and_the_box_has_its_name(
    opened: Callable[..., Visit], speaking: Callable
) -> None:
    with speaking(Scripted("We test voids. We ask, and whether")):
        page = opened().page
        page.get_by_label("Your question", exact=True).wait_for()
        page.get_by_role("tab", name="Brainstorm", exact=True).click()
        page.fill(TOPIC, "weak lensing")
        page.locator(TOPIC).press("Enter")
        page.wait_for_function("location.search.includes('topic=weak')")
        page.locator("#cg-storm-view .cg-idea").nth(2).wait_for()
        assert page.locator("#cg-storm-view .cg-idea").count() == 3
        assert "and whether" not in page.inner_text("#cg-storm-view")
