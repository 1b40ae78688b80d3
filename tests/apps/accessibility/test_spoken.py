"""What a screen reader is told, on every page and in every state: words, no keys and no TeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.apps.accessibility.axe import DESKTOP, settle
from tests.apps.accessibility.test_axe_everywhere import ADDRESSES
from tests.apps.cosmogemma.fixture import MATHS_QUESTION, Scripted
from tests.apps.studio import served_studio
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser

ANSWER = r"They are $R_v = 27.5 \pm 0.3\,h^{-1}$ Mpc wide, with $\Omega_m^2 < \frac{1}{2}$ [1]."

# what cannot be drawn is shown, and said, as it was written
AS_WRITTEN = ("\\notamacro{x} < \\frac{1}{2}", "\\sun-like")
WRONG = re.compile(
    r"\\[A-Za-z]+|[_^]\{|\$[A-Za-z\\({]|\[object|\bundefined\b|\bNaN\b|\bnull\b"
    r"|\b(?:common|status|chatbot|upload_text|file|image|slider|number|errors|blocks|label)\.[a-z_]+\b"
)
LISTEN = """
window.heard = [];
new MutationObserver(() => {
  for (const one of document.querySelectorAll("[aria-live], [role=status], [role=alert]")) {
    const said = one.cloneNode(true);
    said.querySelectorAll("math, .katex-html, script, style").forEach((part) => part.remove());
    const words = said.textContent.trim();
    if (words && !window.heard.includes(words)) window.heard.push(words);
  }
}).observe(document, {subtree: true, childList: true, characterData: true});
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_studio(tmp_path_factory.mktemp("studio"), lambda _: Scripted(ANSWER)) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.set_default_timeout(WAIT)
    page.add_init_script(LISTEN)
    yield page
    page.close()


def said(page: Page) -> list[str]:
    """Names, descriptions and values in the accessibility tree, and what live regions said."""
    session = page.context.new_cdp_session(page)
    found: list[str] = page.evaluate("window.heard")
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if not node.get("ignored"):
            parts = [node.get(key, {}) for key in ("name", "description", "value")]
            parts += [one["value"] for one in node.get("properties", [])]
            found += [str(part["value"]) for part in parts if part.get("value")]
    session.detach()
    found.append(page.title())
    found += page.eval_on_selector_all("[title], [alt]", "all => all.map(e => e.title || e.alt)")
    return found


def wrong(page: Page) -> list[str]:
    texts = said(page)
    for written in AS_WRITTEN:
        texts = [text.replace(written, "") for text in texts]
    return sorted({text[:200] for text in texts if WRONG.search(text)})


@pytest.mark.parametrize("address", [
    "/", "/skimarxiv/?tab=today",
    *(pytest.param(address, marks=pytest.mark.slow) for address in (
        "/hi-maps/?tab=infer", f"/cosmogemma/?tab=ask&q={MATHS_QUESTION}", *ADDRESSES)),
])  # fmt: skip
def test_every_page_says_words_while_it_loads_and_after(
    page: Page, studio: str, address: str
) -> None:
    page.goto(studio + address)
    page.wait_for_selector("h1")
    loading = wrong(page)
    settle(page)
    assert loading == [] and wrong(page) == []


def test_the_end_of_work_is_said_in_a_word(page: Page, studio: str) -> None:
    page.goto(f"{studio}/reionization/?tab=fraction")
    page.wait_for_selector("#re-fraction-view .cd-plot")
    page.wait_for_function("window.heard.includes('Done')")
    assert "Loading" in said(page)


@pytest.mark.slow
def test_an_error_is_said_in_words(page: Page, studio: str, tmp_path: Path) -> None:
    page.goto(f"{studio}/hi-maps/?tab=infer&source=file")
    page.wait_for_selector("#hi-infer-file input[type=file]", state="attached")
    np.save(tmp_path / "x.npy", np.zeros((3, 3, 3, 3)))
    page.set_input_files("#hi-infer-file input[type=file]", tmp_path / "x.npy")
    page.wait_for_selector("#hi-infer-note .cd-error")
    settle(page)
    assert wrong(page) == []


@pytest.mark.slow
def test_a_formula_is_heard_as_words_in_an_answer_and_in_a_heading(
    page: Page, studio: str
) -> None:
    page.goto(f"{studio}/cosmogemma/?tab=ask&q={MATHS_QUESTION}")
    page.wait_for_function("document.querySelector('#cg-chat [data-testid=bot] .mfrac')")
    settle(page)
    heard = said(page)
    assert "R v equals 27.5 plus or minus 0.3 h to the power minus 1" in heard
    assert "Omega m squared less than 1 over 2" in heard
    assert "Answer" in heard and "Your question" in heard
    page.goto(f"{studio}/skimarxiv/?tab=today")
    page.wait_for_selector("#sk-list h3 .katex")
    settle(page)
    assert any("voids at 0 less than z less than 2 with M sun and" in text for text in said(page))
