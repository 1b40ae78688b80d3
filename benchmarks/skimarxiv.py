"""skimArxiv on a day of 100 papers: the list, the browser, the TL;DRs, and once more.

    python -m benchmarks.skimarxiv [--papers 100] [--no-browser]

A server on this machine plays the feed. The abstracts are the sample's, two to each, which makes
them as long as arXiv's. The last line is JSON, in seconds:

- ``list``: from the feed's answer to the page's whole HTML (read, kept, ranked, numbers, cards);
- ``screen``: from the feed's answer to all cards standing in Chromium, mathematics drawn;
- ``tldrs``: from the list to the last TL;DR; ``per_paper`` is the same by paper;
- ``again``: the same day once more from the library, TL;DRs and all, with interests;
- ``library``: ``again`` beside ``list`` and ``tldrs`` together, a ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from apps.skimarxiv.list_updates import ListQuery, show
from apps.skimarxiv.service import SkimService, swap
from core.literature.arxiv import rate_limit
from core.literature.arxiv.announcement import Announcement
from core.literature.library.library import Library
from core.literature.ranking.profile import Profile
from core.literature.skim.sample import sample_batch
from tests.core.literature.arxiv.feed_server import FeedServer, announcement, feed_server

DAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
QUERY = ListQuery(["astro-ph.CO"])


def papers(count: int) -> list[Announcement]:
    """Papers with abstracts as long as arXiv's."""
    sample = [item.paper for item in sample_batch().announcements]
    pairs = [(sample[i % len(sample)], sample[(7 * i + 3) % len(sample)]) for i in range(count)]
    return [
        announcement(i + 1, DAY, title=f"{a.title} ({i + 1})",
                     abstract=f"{a.abstract} {b.abstract}", authors=a.authors)
        for i, (a, b) in enumerate(pairs)
    ]


@contextmanager
def new_service(server: FeedServer) -> Iterator[SkimService]:
    """A service with an empty library that reads this feed."""
    os.environ["COSMODESK_ARXIV_FEED"] = server.feed_address
    os.environ["COSMODESK_ARXIV_API"] = server.api_address
    rate_limit.SPACING = 0.0
    with tempfile.TemporaryDirectory() as folder:
        service = SkimService(
            Library.open(Path(folder) / "library.sqlite", primer=False), now=lambda: NOW
        )
        before = swap(service)
        try:
            yield service
        finally:
            swap(before)


def steps(query: ListQuery, profile: Profile) -> Iterator[tuple[float, dict[str, object]]]:
    """What the page gets, and when."""
    for step in show(query, profile.to_json(), "benchmark"):
        yield time.monotonic(), step


def on_the_server(server: FeedServer, count: int) -> dict[str, float]:
    """Seconds of everything but the browser."""
    with new_service(server) as service:
        service.warm()
        if service._warming is not None:
            service._warming.join()
        listed = last = 0.0
        for at, step in steps(QUERY, Profile()):
            if not listed and str(step.get("list")).count("<article") == count:
                listed = at
            if "sk-tell" in str(step.get("tldrs")):
                last = at
        start = time.monotonic()
        query = ListQuery(["astro-ph.CO"], day=DAY.isoformat())
        at, step = next(steps(query, Profile(interests="weak lensing peak counts")))
        if "sk-wait" in str(step.get("list")):
            raise RuntimeError("a TL;DR was not kept")
        found = {"list": listed - server.times[0], "tldrs": last - listed, "again": at - start}
    found["per_paper"] = found["tldrs"] / count
    found["library"] = found["again"] / (found["list"] + found["tldrs"])
    return found


def in_the_browser(server: FeedServer, count: int) -> float:
    """Seconds from the feed's answer to all cards on the screen."""
    from playwright.sync_api import sync_playwright

    from apps.shared.server.launch import launch
    from apps.skimarxiv.app import build

    server.times.clear()
    started = time.monotonic(), time.time()
    with new_service(server) as service, sync_playwright() as p:
        demo = build()
        _, address, _ = launch(demo, port=7989, prevent_thread_lock=True)
        browser = p.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(
            "new MutationObserver(() => { if (!window.stood && document.querySelectorAll("
            f"'.sk-card').length === {count}) requestAnimationFrame(() => {{ "
            "window.stood ||= Date.now() / 1000; }); }).observe("
            "document, {childList: true, subtree: true});"
        )
        page.goto(address)
        stood = page.wait_for_function("window.stood", timeout=120_000).json_value()
        browser.close()
        demo.close()
        with service._preparing:  # what was being computed for the page that is gone
            pass
    answered = started[1] + (server.times[0] - started[0])
    return float(stood) - answered


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100)
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args()
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")
    with feed_server(papers(given.papers), DAY) as server:
        found = on_the_server(server, given.papers)
        if not given.no_browser and shutil.which("chromium"):
            found["screen"] = in_the_browser(server, given.papers)
    length = sum(len(item.paper.abstract) for item in papers(given.papers)) / given.papers
    print(f"{given.papers} papers of {length:.0f} characters each, on {os.cpu_count()} cores")
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))


if __name__ == "__main__":
    main()
