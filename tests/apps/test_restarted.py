"""A page that stands open while its server is started anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.apps.started import started
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser


@pytest.mark.slow
@pytest.mark.parametrize(("module", "path"), [
    ("apps.hi_maps", "/"), pytest.param("apps", "/hi-maps/", marks=pytest.mark.slow),
])
def test_a_page_says_that_its_server_is_gone_and_goes_on_with_the_next(
    browser: Browser, tmp_path: Path, module: str, path: str
) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    with started(tmp_path, module) as first:
        port = int(first.address.rpartition(":")[2])
        first.wait_for(path)
        page.goto(f"{first.address}{path}?tab=about")
        page.get_by_role("tab", name="About", selected=True).wait_for()
        before = page.evaluate("window.gradio_config.app_id")
        first.end()
    page.get_by_text("The server does not answer").wait_for()
    with started(tmp_path, module, port=port):
        page.wait_for_function("before => (window.gradio_config?.app_id ?? before) !== before",
                               arg=before)
        page.get_by_role("tab", name="Compare", exact=True).click()
        page.wait_for_selector("#hi-compare-view .cd-plot")
        assert page.get_by_text("The server does not answer").count() == 0
    page.close()
