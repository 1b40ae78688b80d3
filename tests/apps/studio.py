"""The studio as ``python -m apps`` serves it, in this process, over a library of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["served_studio"]

@contextmanager
def served_studio(
    folder: Path, backend: Callable[[Any], Any] | None = None, under: str = ""
) -> Iterator[str]:
    """The address of a running studio, without a slash at its end.

    Its library has the primer, a paper of 2024 and one day of the feed; arXiv cannot be reached.

    Args:
        folder: for its library.
        backend: makes what speaks for CosmoGemma; by default the shipped model.
        under: path at which a proxy shows the studio, such as "/desk".
    """
    import uvicorn

    from apps.registry import APPS
    from apps.shared.assistant import models
    from apps.site import build_site
    from apps.skimarxiv.service import SkimService, swap
    from core.literature.arxiv.announcement import Batch
    from core.literature.assistant.cosmogemma import CosmoGemma
    from core.literature.library.announcements import Announcements
    from core.literature.library.library import Library
    from tests.apps.cosmogemma.fixture import MATHS
    from tests.apps.skimarxiv.fixture import DAY, NOW
    from tests.apps.skimarxiv.fixture import MATHS as NEW

    library = Library.open(folder / "library.sqlite")
    library.add([MATHS])
    batch = Batch(DAY, ("astro-ph.CO",), (NEW,), "feed", NOW)
    Announcements(library).record(batch)
    holder = models.Holder(lambda: CosmoGemma.load(
        library=library, backend=backend(library) if backend else None
    ))
    with pytest.MonkeyPatch.context() as patch, socket.socket() as listener:
        patch.setenv("COSMODESK_CACHE", str(folder))
        patch.setenv("COSMODESK_ARXIV_FEED", "http://127.0.0.1:9/atom")
        patch.setenv("COSMODESK_ARXIV_API", "http://127.0.0.1:9/api/query")
        patch.setattr(models, "_holder", holder)
        before = swap(SkimService(library, now=lambda: NOW))
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        site = build_site(APPS, pictures=False)

        async def shown_under(scope: Any, receive: Any, send: Any) -> None:
            await site({**scope, "root_path": under}, receive, send)

        server = uvicorn.Server(uvicorn.Config(
            shown_under, log_level="warning", timeout_graceful_shutdown=1
        ))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.05)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}{under}"
        finally:
            server.should_exit = True
            thread.join(20)
            swap(before)
