"""Every download of every app is pressed in Chromium, and what it gives is read."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from apps.registry import APPS, AppEntry
from core.literature.arxiv.announcement import Batch
from tests.apps.cosmogemma.fixture import Scripted
from tests.apps.downloads.walk import AGAIN, FIRST, Walk
from tests.apps.served import served
from tests.apps.skimarxiv.fixture import DAY, NOW, PAPERS
from tests.apps.studio import served_studio

pytestmark = pytest.mark.browser


def each(slow: set[str]) -> pytest.MarkDecorator:
    """Every app, those named by their paths among the slow tests."""
    return pytest.mark.parametrize("app", [
        pytest.param(app, id=app.path[1:], marks=pytest.mark.slow if app.path in slow else [])
        for app in APPS
    ])


ANSWER = "Voids of the Quokka survey have a mean radius of 27.5 Mpc, as their catalogue says."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from apps.skimarxiv.service import skim_service

    folder = tmp_path_factory.mktemp("studio")
    with served_studio(folder, lambda _: Scripted(ANSWER)) as address:
        day = Batch(DAY, ("astro-ph.CO",), tuple(PAPERS), "feed", NOW)
        skim_service().announcements.record(day)
        yield address


def walk(browser: Browser, address: str, folder: Path, app: AppEntry) -> Walk:
    """At an open page of the app, where there is something to take away."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    visit = Walk(context.new_page(), address, folder)
    visit.open()
    FIRST.get(app.path, lambda _: None)(visit)
    return visit


@each(slow={"/hi-maps", "/reionization", "/cosmogemma", "/skimarxiv"})
def test_in_the_studio_now_with_other_results_and_after_back(
    browser: Browser, studio: str, tmp_path: Path, app: AppEntry
) -> None:
    visit = walk(browser, f"{studio}{app.path}/", tmp_path, app)
    files = visit.take_everything()
    change, others = AGAIN[app.path]
    change(visit)
    again = visit.take_everything()
    assert {name for name in others if again[name] == files[name]} == set()
    visit.leave_and_come_back(f"{studio}/")
    FIRST.get(app.path, lambda _: None)(visit)
    assert visit.take_everything().keys() == files.keys()
    visit.page.context.close()


@pytest.mark.slow
def test_where_a_proxy_shows_the_studio_under_a_path(browser: Browser, tmp_path: Path) -> None:
    with served_studio(tmp_path, lambda _: Scripted(ANSWER), under="/desk") as address:
        app = next(app for app in APPS if app.path == "/skimarxiv")
        visit = walk(browser, f"{address}{app.path}/", tmp_path, app)
        visit.take_everything()
        visit.page.context.close()


@pytest.mark.slow
@each(slow=set())
def test_in_the_app_alone(
    browser: Browser, studio: str, tmp_path: Path, app: AppEntry
) -> None:
    with served(importlib.import_module(app.module).build) as address:  # with the library beside it
        visit = walk(browser, address, tmp_path, app)
        visit.take_everything()
        assert visit.faults == []
        visit.page.context.close()
