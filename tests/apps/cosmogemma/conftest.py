"""The app served with the real model and a library of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from apps.shared.assistant import models
from core.literature.library.library import Library
from tests.apps.cosmogemma.fixture import ENERGY, HOSTILE, MATHS
from tests.apps.served import served
from tests.apps.visit import Visit


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library of a first start, and two papers more."""
    library = Library.open(tmp_path_factory.mktemp("cosmogemma") / "library.sqlite")
    library.add([MATHS, HOSTILE])
    return library


@pytest.fixture(scope="session")
def papers_alone(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Papers without the passages, which would be quoted: here the model writes."""
    library = Library.open(tmp_path_factory.mktemp("papers") / "library.sqlite", primer=False)
    library.add([MATHS, HOSTILE, ENERGY])
    return library


@pytest.fixture(scope="session")
def cosmogemma_address(papers: Library) -> Iterator[str]:
    """Address of the running app, with a slash at its end; its model is the shipped one."""
    from apps.cosmogemma.app import build
    from core.literature.assistant.cosmogemma import CosmoGemma

    before, models._holder = models._holder, models.Holder(lambda: CosmoGemma.load(library=papers))
    with served(build) as address:
        yield address
    models._holder = before


@pytest.fixture
def speaking(papers_alone: Library) -> Callable[[Any], AbstractContextManager[None]]:
    """Let another backend speak of the papers, for as long as a block lasts."""
    from core.literature.assistant.cosmogemma import CosmoGemma

    @contextmanager
    def other(backend: Any) -> Iterator[None]:
        before, models._holder = models._holder, models.Holder()
        models._holder.model = CosmoGemma(papers_alone, backend)
        try:
            yield
        finally:
            models._holder = before

    return other


@pytest.fixture
def opened(browser: Browser, cosmogemma_address: str) -> Iterator[Callable[..., Visit]]:
    """Open pages of the app; at the end none of them may have had a fault."""
    pages: list[Visit] = []

    def open_(query: str = "?tab=ask") -> Visit:
        visit = Visit(browser.new_page(viewport={"width": 1280, "height": 900}),
                      cosmogemma_address)
        pages.append(visit)
        visit.open(query)
        return visit

    yield open_
    for visit in pages:
        assert visit.faults == []
        visit.page.close()
