"""The app over a library of its own and a feed on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.skimarxiv import list_updates
from apps.skimarxiv.service import SkimService, swap
from core.literature.arxiv import rate_limit
from core.literature.library.library import Library
from tests.apps.served import served
from tests.apps.skimarxiv.fixture import DAY, NOW, PAPERS
from tests.core.literature.arxiv.feed_server import FeedServer, feed_server

NewService = Callable[..., SkimService]


@pytest.fixture(scope="session")
def feed() -> Iterator[FeedServer]:
    """A feed on this machine, asked without the seconds that arXiv is given between requests."""
    with pytest.MonkeyPatch.context() as patch, feed_server(PAPERS, DAY) as server:
        patch.setattr(rate_limit, "SPACING", 0.0)
        patch.setattr(list_updates, "BREATH", 0.0)
        patch.setenv("COSMODESK_ARXIV_FEED", server.feed_address)
        patch.setenv("COSMODESK_ARXIV_API", server.api_address)
        yield server


@pytest.fixture
def new_service(
    feed: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewService]:
    """Put a service with an empty library in the place of the process's own."""
    before = swap(None)
    monkeypatch.setattr(rate_limit, "_next", 0.0)
    monkeypatch.setattr(feed, "paths", [])
    monkeypatch.setattr(feed, "mode", "feed")

    def make(name: str = "library", every: float = 600.0) -> SkimService:
        service = SkimService(
            Library.open(tmp_path / f"{name}.sqlite", primer=False), every, lambda: NOW
        )
        swap(service)
        return service

    yield make
    swap(before)


@pytest.fixture(scope="module")
def skimarxiv_address(feed: FeedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the running app, with a slash at its end; its library begins empty."""
    from apps.skimarxiv.app import build

    path = tmp_path_factory.mktemp("skimarxiv") / "library.sqlite"
    before = swap(SkimService(Library.open(path, primer=False), now=lambda: NOW))
    with served(build) as address:
        yield address
    swap(before)
