"""axe in a page of Chromium: what it finds that keeps people out."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["DESKTOP", "PHONE", "barriers", "settle", "too_wide"]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

_QUIET = 1500  # ms without a change in the page: what it draws is drawn

_STILL = """quiet => new Promise((done) => {
  const end = () => { watch.disconnect(); done(); };
  let timer = setTimeout(end, quiet);
  const again = () => { clearTimeout(timer); timer = setTimeout(end, quiet); };
  const clock = (record) => record.target.parentElement?.closest("[role=timer]");
  const watch = new MutationObserver((records) => { if (!records.every(clock)) again(); });
  watch.observe(document.body, {subtree: true, childList: true, attributes: true});
  setTimeout(end, 40 * quiet);
})"""

_axe = Axe()


def barriers(page: Page) -> list[str]:
    """The serious and critical violations, a line each: the rule, where, and what it says."""
    found = []
    for violation in _axe.run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            for node in violation["nodes"]:
                reasons = node["any"] or node["all"] or node["none"]
                said = reasons[0]["message"] if reasons else violation["help"]
                found.append(f"{violation['id']} {node['target']} {node['html'][:120]}: {said}")
    return found


def too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def settle(page: Page) -> None:
    """Until the page stands still."""
    page.wait_for_load_state()
    if page.query_selector(".gradio-container"):
        page.wait_for_selector("[role=tab][aria-selected=true]")
    page.evaluate(_STILL, _QUIET)
